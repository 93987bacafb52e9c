"""A simulated customer by rules: knows the instruction, tells it in a way of their own, answers what is asked and looks at what is proposed.

Nothing of the task's expected actions and outputs, and nothing of the shop's data, reaches this code.
"""

import random
import re
from typing import Literal

from evals.tau.goals import Wanted, about, of_kind
from evals.tau.instruction import Goal, Persona, persona_of
from evals.tau.listening import Heard, Said, Topic, asks_leave, fitting, question, refuses, topics
from evals.tau.proposals import amiss, wanted_options
from evals.tau.voice import Voice, sentences

Manner = Literal["everything", "goal", "piecemeal"]
PATIENCE = 30  # turns
_SAID_AGAIN = 3  # times that a goal is told in full before it is given up
_STORY = 4  # statements that are told in one go
_LAST_CHANCE = re.compile(r"\bonly once\b.*\b(?:missing|everything|anything)\b", re.IGNORECASE)
_CORRECTED = 3
_QUIET = ("shy", "insecure", "dependent", "cautious", "sad")
_FULL = ("organized", "logical", "direct", "busy", "impatient", "confident")


class RuleCustomer:
    """One customer with one instruction; another seed talks differently of the same."""

    def __init__(self, instruction: str, seed: int) -> None:
        self._rng = random.Random(f"{instruction}-{seed}")
        self.persona = persona_of(instruction)
        self._voice = Voice(self.persona, self._rng)
        self.manner = _manner(self.persona, self._rng)
        self._identity_first = self._rng.random() < 0.4
        self._wanted = [Wanted(goal) for goal in self.persona.goals]
        self._conditions = list(self.persona.conditions)
        self._turns = self._identified = self._persons = 0
        self._last = ""

    def speak(self, heard: Heard | None) -> Said | None:
        """The next message, the first for None; None when all is settled, a person takes over or patience ends."""
        if heard is None:
            return self._say(self._opening())
        if heard.handed or self._turns >= PATIENCE:
            return None
        text = self._decide(heard) if heard.offered else self._react(heard)
        return self._say(text) if text else None

    def fates(self) -> dict[str, str]:
        """What became of each goal as the customer sees it."""
        return {one.goal.words: one.fate for one in self._wanted}

    def _say(self, text: str) -> Said:
        self._turns += 1
        return Said(text.strip())

    @property
    def _current(self) -> Wanted | None:
        return next((one for one in self._wanted if one.fate == "open"), None)

    def _opening(self) -> str:
        parts = [self._voice.choose("greet" if len(self.persona.traits) > 2 else "greet_short")]
        if self._identity_first:
            parts.append(self._identity(frozenset()))
        if self.manner == "everything":
            parts += [self._tell(one) for one in self._wanted]
        elif self._current:
            parts.append(self._first_of(self._current))
        return sentences(*parts) or self._voice.choose("greet")

    def _first_of(self, wanted: Wanted) -> str:
        """A goal as it is brought up: its kind only, or all of it."""
        if self.manner == "piecemeal" and wanted.goal.kind != "other" and not wanted.hinted:
            wanted.hinted = True
            return self._voice.say("hint", wanted.goal.kind)
        return self._tell(wanted)

    def _tell(self, wanted: Wanted) -> str:
        wanted.told += 1
        if wanted.goal.kind == "other":
            return sentences(wanted.goal.words, *self._story(wanted))
        return self._voice.say("full", wanted.goal.kind, goal=wanted.goal)

    def _story(self, wanted: Wanted) -> list[str]:
        """What follows in the telling and was not said yet: a story is told in one go."""
        place = self._wanted.index(wanted)
        following = [
            one for one in self._wanted[place + 1 : place + _STORY] if one.goal.kind == "other" and not one.told
        ]
        for one in following:
            one.told += 1
        return [one.goal.words for one in following]

    def _identity(self, asked: frozenset[str]) -> str:
        """Who they are, as far as the instruction tells; what is asked for besides they do not have."""
        self._identified += 1
        who = self.persona
        told = []
        if who.zip:
            told.append(self._voice.of_person("name_zip"))
        if who.email:
            told.append(self._voice.of_person("email" if who.zip or self._rng.random() < 0.5 else "name_email"))
        if "email" in asked and not who.email:
            told.append(self._voice.say("no_email"))
        if "zip" in asked and not who.zip and self._identified > 1:
            told.append(self._voice.say("no_zip"))
        polite = self._voice.choose("sure") if asked else ""
        return sentences(polite, *told) if told else self._voice.say("forgotten")

    def _decide(self, heard: Heard) -> str:
        """A yes to what was asked for; else what is wrong with it."""
        wanted = of_kind(self._wanted, heard.offered.kind, heard.offered.order_id) if heard.offered else None
        if wanted is None:
            return self._voice.say("leave")
        wrong = amiss(wanted.goal, heard)
        unsaid = next((one for one in self._wanted if one is not wanted and one.fate == "open" and not one.told), None)
        if wrong is None and unsaid is not None and _LAST_CHANCE.search(heard.text):
            return sentences(self._voice.choose("next"), self._tell(unsaid))
        if wrong is None:
            wanted.fate = "agreed"
            return self._voice.say("agree")
        wanted.corrected += 1
        if wanted.corrected > _CORRECTED:
            wanted.fate = "given up"
            return self._voice.say("leave")
        return self._voice.say("wrong", wrong, goal=wanted.goal)

    def _react(self, heard: Heard) -> str:
        """An answer to what was asked, the next goal, or the end."""
        asked, wanted = topics(heard), about(self._wanted, heard)
        if "identity" in asked and "more" not in asked:
            return self._identity(_named(heard.text))
        if wanted is None:
            return "" if self._last == "done" else self._finish()
        if refuses(heard) and wanted.told and not _details(asked):
            return self._refused(wanted, asked)
        if asks_leave(heard) and wanted.goal.kind.split("_")[0] in question(heard).casefold():
            return self._voice.say("agree")
        if "more" in asked or (not heard.choices and not asked):
            return self._bring_up(self._current or wanted)
        if "person" in asked and not _details(asked):
            return self._person(wanted)
        answers = [self._answer(topic, wanted.goal, heard) for topic in _details(asked)]
        told = sentences(*dict.fromkeys(answers))
        if told and told != self._last:
            self._last = told
            return told
        return self._again(wanted)

    def _finish(self) -> str:
        self._last = "done"
        return self._voice.say("done")

    def _bring_up(self, wanted: Wanted) -> str:
        if wanted.told >= _SAID_AGAIN:
            return self._give_up(wanted)
        started = any(one.told or one.hinted for one in self._wanted if one is not wanted)
        return sentences(self._voice.choose("next") if started else "", self._first_of(wanted))

    def _again(self, wanted: Wanted) -> str:
        if wanted.told >= _SAID_AGAIN:
            return self._give_up(wanted)
        return self._tell(wanted)

    def _give_up(self, wanted: Wanted) -> str:
        wanted.fate = "given up"
        following = self._current
        return self._bring_up(following) if following else self._finish()

    def _refused(self, wanted: Wanted, asked: tuple[Topic, ...]) -> str:
        """What was wanted in that case, else the next goal, else goodbye."""
        if self._conditions:
            return self._conditions.pop(0)
        wanted.fate = "refused"
        return self._goes_on("person" in asked)

    def _goes_on(self, declines: bool) -> str:
        """The next goal or goodbye, where a person was offered after a word of thanks."""
        following = self._current
        declined = self._voice.say("no_person") if declines else ""
        return sentences(declined, self._first_of(following) if following else self._finish())

    def _person(self, wanted: Wanted) -> str:
        """Once they would rather sort it out here; then other things come first, and for the last a person is welcome."""
        self._persons += 1
        if self._persons == 1 and wanted.told < _SAID_AGAIN:
            return sentences(self._voice.say("no_person"), self._tell(wanted))
        if sum(one.fate == "open" for one in self._wanted) > 1:
            wanted.fate = "given up"
            return self._goes_on(declines=True)
        return self._voice.say("person")

    def _answer(self, topic: Topic, goal: Goal, heard: Heard) -> str:
        """What the instruction has to say to a question; empty where it has nothing."""
        if goal.kind == "other":
            return goal.words if goal.words != self._last else ""
        asked = question(heard).casefold()
        named = [one for one in goal.things if one.name.casefold() in asked]
        things = named if topic in ("offer", "items") and named else list(goal.things)
        if topic == "offer" and len(things) == 1 and things[0].to:
            pressed = fitting(heard.choices, wanted_options(things[0]))
            if pressed and self._rng.random() < 0.5:
                return pressed
        if topic == "method" and goal.method:
            return self._voice.say("answer", "method_id" if self._last else "method", goal=goal)
        known = {
            "order": goal.order_ids, "items": goal.things, "reason": goal.reason, "address": goal.address,
            "offer": [one for one in things if one.to is not None],
        }.get(topic)  # fmt: skip
        return self._voice.say("answer", topic, goal=goal, things=things) if known else ""


def _named(text: str) -> frozenset[str]:
    """Which of e-mail and postcode a question names."""
    words = text.casefold().replace("-", "")
    found = {"email": "email" in words, "zip": "zip" in words or "postcode" in words}
    return frozenset(name for name, there in found.items() if there)


def _details(asked: tuple[Topic, ...]) -> tuple[Topic, ...]:
    return tuple(topic for topic in asked if topic not in ("identity", "more", "person"))


def _manner(persona: Persona, rng: random.Random) -> Manner:
    """How much is said at once, by what they are like and by chance."""
    quiet, full = (sum(trait in traits for trait in persona.traits) for traits in (_QUIET, _FULL))
    weights = (1 + full, 4 + full, 3 + 2 * quiet)
    manners: tuple[Manner, ...] = ("everything", "goal", "piecemeal")
    return rng.choices(manners, weights)[0]

"""The memory's part in a turn: answers what is asked of it, learns from what is said, and joins searches.

Only for the shopper whose id came with the message, and only once that shopper has agreed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from assistant.context import Context, Understanding
from assistant.memory.learning import chosen, told
from assistant.memory.using import Conversation, join
from assistant.memory.wording import all_of, asks_consent, bought_before, joining, list_of, offered
from assistant.phrases import say
from assistant.reading import remembering
from assistant.reading.vocabulary import Vocabulary
from assistant.record import OpenTurn
from assistant.record.memory import ID_CHARS, Fact, Memory
from assistant.replies import Answer
from assistant.respond import Moment, Said, said
from assistant.types import Need, QueuedEvent, Slate, Turn, Utterance
from catalog import Catalog, Constraint, Locale

Note = tuple[Constraint | None, str]
_Word = TypeVar("_Word", Said, Said | QueuedEvent)


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the memory makes of a turn: `answer` where it was spoken to, else the message as understood with what joined.

    `likes` break ties in ranking; `notes` are said once, each of a wish as long as the search keeps it, and so is what
    of the shelf was `bought` before; `offer` is a quick reply.
    """

    understood: Understanding
    answer: Answer | None = None
    likes: tuple[Constraint, ...] = ()
    notes: tuple[Note, ...] = ()
    offer: str | None = None
    bought: tuple[Fact, ...] = ()
    before: str = ""

    def beside(self, answer: Answer) -> Answer:
        """`answer` with what the memory has to say in it, after its first sentence."""
        told = (text for wish, text in self.notes if wish is None or wish in answer.need.constraints)
        owned = {str(fact.constraint.value): fact for fact in self.bought}
        again = ((owned[one.product.id], one.product.title) for one in answer.slate.items if one.product.id in owned)
        known = (bought_before(fact, title, self.understood.locale) for fact, title in again)
        notes = tuple(text for text in (*told, *known) if text not in self.before)
        offers = (self.offer,) if self.offer and answer.slate.items else ()
        if notes:
            answer = replace(answer, say=_noting(answer.say, notes), plainly=_noting(answer.plainly, notes))
        return replace(answer, quick_replies=(*offers, *answer.quick_replies))


class Recall:
    """Recalls over one catalogue and its vocabulary."""

    def __init__(self, memory: Memory, catalog: Catalog, vocabulary: Vocabulary) -> None:
        self._memory = memory
        self._catalog = catalog
        self._vocabulary = vocabulary

    def recall(
        self,
        utterance: Utterance,
        history: Sequence[Turn],
        understood: Understanding,
        context: Context,
        opened: OpenTurn,
    ) -> Recalled:
        """What the memory says, learns and adds; what it was told is committed."""
        spoken = _Spoken(utterance, tuple(history), understood, context, opened)
        if utterance.need is None:
            answer = self._answer(spoken)
            if answer is not None:
                heard = Understanding("memory", answer.need, understood.locale, message=understood.message)
                return Recalled(heard, answer)
        if not self._agreed(utterance.shopper_id):
            return Recalled(understood)
        facts = self._learn(spoken)
        notes: tuple[Note, ...] = ((None, self._learnt(facts, spoken)),) if facts else ()
        if understood.intent != "search" or utterance.need is not None:
            return Recalled(understood, notes=notes)
        return self._joined(spoken, notes)

    def _joined(self, spoken: "_Spoken", notes: tuple[Note, ...]) -> Recalled:
        understood = spoken.understood
        facts = self._memory.facts(spoken.utterance.shopper_id)
        needs = tuple(turn.need for turn in spoken.history)
        talk = Conversation(needs, (*(turn.message for turn in spoken.history), spoken.utterance.message))
        joined = join(understood.need, facts, talk, self._catalog)
        if joined.used:
            self._memory.use([fact.id for fact in joined.used])
        new = joined.need.constraints[len(joined.need.constraints) - len(joined.used) :]
        used = ((wish, joining(fact, understood.locale)) for wish, fact in zip(new, joined.used, strict=True))
        budget, currency = joined.budget, self._vocabulary.currency
        offer = offered(budget, currency, understood.locale) if budget else None
        owned = tuple(fact for fact in facts if fact.kind == "bought")
        said_before = " ".join(turn.reply.text for turn in spoken.history)
        heard = replace(understood, need=joined.need)
        return Recalled(heard, None, joined.likes, (*notes, *used), offer, owned, said_before)

    # What is asked of the memory

    def _answer(self, spoken: "_Spoken") -> Answer | None:
        """The answer to what was asked of the memory, or None where nothing was."""
        message, last = spoken.utterance.message, spoken.history[-1] if spoken.history else None
        if last and asks_consent(last.reply, last.locale):
            agrees = remembering.agrees(message)
            if agrees is not None:
                return self._agree(spoken, last) if agrees else _answered(spoken, say("memory_refused", spoken.locale))
        asked = remembering.asked(message)
        if asked == "list":
            return self._list(spoken)
        if asked == "stop":
            return self._stop(spoken)
        if asked == "forget":
            return self._forget(spoken)
        if asked == "remember" and not spoken.searches:
            return self._remember(spoken)
        if not spoken.searches and spoken.context.need == Need() and self._agreed(spoken.utterance.shopper_id):
            return self._remember(spoken) if remembering.statements(message, self._vocabulary) else None
        return None

    def _remember(self, spoken: "_Spoken") -> Answer:
        statements = remembering.statements(spoken.utterance.message, self._vocabulary)
        if not statements:
            another = remembering.for_another(spoken.utterance.message)
            return _answered(spoken, say("memory_own" if another else "memory_what", spoken.locale))
        if not self._agreed(spoken.utterance.shopper_id):
            return self._ask(spoken, say("memory_ask", spoken.locale))
        facts = self._keep(spoken, told(statements, self._catalog, spoken.opened.turn_id, spoken.opened.session_id))
        return _answered(spoken, self._learnt(facts, spoken) if facts else say("memory_known", spoken.locale))

    def _agree(self, spoken: "_Spoken", last: Turn) -> Answer:
        shopper_id = spoken.utterance.shopper_id
        if shopper_id is None or len(shopper_id) < ID_CHARS:
            return _answered(spoken, say("memory_cannot", spoken.locale))
        self._memory.decide(shopper_id, True)
        statements = remembering.statements(last.message, self._vocabulary)
        facts = self._keep(spoken, told(statements, self._catalog, last.id, last.session_id))
        text = [self._learnt(facts, spoken)] if facts else []
        return _answered(spoken, say("memory_agreed", spoken.locale), *text)

    def _list(self, spoken: "_Spoken") -> Answer:
        if not self._agreed(spoken.utterance.shopper_id):
            return self._ask(spoken, say("memory_off", spoken.locale))
        facts = [fact for fact in self._memory.facts(spoken.utterance.shopper_id) if fact.certain]
        if not facts:
            return _answered(spoken, say("memory_empty", spoken.locale))
        listed = all_of(facts, self._catalog, self._vocabulary.currency, spoken.locale)
        return _answered(spoken, say("memory_list", spoken.locale, facts=listed), say("memory_way", spoken.locale))

    def _stop(self, spoken: "_Spoken") -> Answer:
        shopper_id = spoken.utterance.shopper_id
        if shopper_id is not None and self._agreed(shopper_id):
            self._memory.decide(shopper_id, False)
        return _answered(spoken, say("memory_stopped", spoken.locale))

    def _forget(self, spoken: "_Spoken") -> Answer | None:
        """Everything, the kinds that are named, or what is said again; None where none of it is remembered."""
        shopper_id, message = spoken.utterance.shopper_id, spoken.utterance.message
        everything = remembering.forgets_everything(message)
        if shopper_id is None or not self._agreed(shopper_id):
            return _answered(spoken, say("memory_nothing", spoken.locale)) if everything else None
        if everything:
            self._memory.erase(shopper_id)
            return _answered(spoken, say("memory_erased", spoken.locale))
        kinds = remembering.forgotten_kinds(message)
        repeated = {one.constraint for one in remembering.statements(message, self._vocabulary)}
        facts = [f for f in self._memory.facts(shopper_id) if f.kind in kinds or f.constraint in repeated]
        if not facts:
            return None
        self._memory.forget(shopper_id, [fact.id for fact in facts])
        gone = list_of(facts, self._catalog, self._vocabulary.currency, spoken.locale)
        answer = _answered(spoken, say("memory_forgotten", spoken.locale, facts=gone))
        return replace(answer, need=_without(answer.need, facts))

    def _ask(self, spoken: "_Spoken", text: str) -> Answer:
        ways = (say("q_agree", spoken.locale), say("q_refuse", spoken.locale))
        return replace(_answered(spoken, text), quick_replies=ways)

    # What is learnt

    def _learn(self, spoken: "_Spoken") -> list[Fact]:
        """What this turn makes certain by its own words; what was only chosen is kept without a word."""
        turn_id, session_id = spoken.opened.turn_id, spoken.opened.session_id
        utterance, understood = spoken.utterance, spoken.understood
        stated = () if utterance.need else remembering.statements(utterance.message, self._vocabulary)
        facts = self._keep(spoken, told(stated, self._catalog, turn_id, session_id))
        if understood.intent == "search" and understood.anchor is None:
            before, message = spoken.context.need, utterance.message
            self._keep(spoken, chosen(before, understood.need, message, self._catalog, turn_id, session_id))
        return facts

    def _keep(self, spoken: "_Spoken", facts: Iterator[Fact]) -> list[Fact]:
        shopper_id = spoken.utterance.shopper_id or ""
        return [fact for fact in facts if self._memory.keep(shopper_id, fact)]

    def _learnt(self, facts: list[Fact], spoken: "_Spoken") -> str:
        listed = list_of(facts, self._catalog, self._vocabulary.currency, spoken.locale)
        return say("memory_learnt", spoken.locale, facts=listed)

    def _agreed(self, shopper_id: str | None) -> bool:
        consent = self._memory.consent(shopper_id)
        return consent is not None and consent.agreed


@dataclass(frozen=True, slots=True)
class _Spoken:
    """One message with all that it stands in."""

    utterance: Utterance
    history: tuple[Turn, ...]
    understood: Understanding
    context: Context
    opened: OpenTurn

    @property
    def locale(self) -> Locale:
        return self.understood.locale

    @property
    def searches(self) -> bool:
        """Whether the message looks for a kind of product, whatever else it says."""
        need, before = self.understood.need, self.context.need
        new = [c for c in need.constraints if c.field == "type" and c not in before.constraints]
        return self.understood.intent == "search" and (bool(new) or need.category not in (None, before.category))


def _without(need: Need, facts: Sequence[Fact]) -> Need:
    """`need` without the wishes that were there only because they were remembered."""
    gone = {(f.constraint.field, f.constraint.op, f.constraint.value) for f in facts}
    kept = tuple(c for c in need.constraints if c.remembered is None or (c.field, c.op, c.value) not in gone)
    return replace(need, constraints=kept)


def _answered(spoken: _Spoken, *texts: str) -> Answer:
    def speak(moment: Moment) -> Iterator[Said]:
        yield from (said(text) for text in texts)

    return Answer("chat", spoken.context.need, Slate(), speak, speak)


def _noting(speech: Callable[[Moment], Iterator[_Word]], notes: tuple[str, ...]) -> Callable[[Moment], Iterator[_Word]]:
    def speak(moment: Moment) -> Iterator[_Word]:
        first = True
        for one in speech(moment):
            yield one
            if first and isinstance(one, Said):
                yield from (said(note) for note in notes)
                first = False

    return speak

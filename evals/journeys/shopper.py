"""A simulated shopper: one product in mind, a way of talking and a patience; he looks at the shelf and says what is amiss."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from assistant import Turn, Utterance
from assistant.parts import Parts
from evals.journeys.checks import Goal, violations
from evals.journeys.phrasing import Voice
from evals.journeys.play import SEED, heard
from evals.journeys.shops import DEMO, SAMPLED, Item, Shop, Split, qualities, says
from evals.journeys.sought import Fact, Sought, sought, told_of

Persona = Literal["terse", "chatty", "piecemeal", "corrects", "mixed"]
PERSONAS: tuple[Persona, ...] = ("terse", "chatty", "piecemeal", "corrects", "mixed")
COUNTS = {
    ("en", "retail_demo_store"): 50, ("en", SAMPLED): 20, ("en", DEMO): 50, ("zh", "litemall_zh"): 50, ("zh", DEMO): 50,
}  # fmt: skip
_PATIENCE = (5, 8)  # turns
_PRESSES = {"terse": 0.7, "chatty": 0.2, "piecemeal": 0.4, "corrects": 0.3, "mixed": 0.3}  # a quick reply that is true
_HESITATES = 0.35
_TALK = {
    "en": "Hi! Maybe you can help me out here, I've been looking all week. ",
    "zh": "你好呀，逛了好久都没挑到满意的，帮帮我吧。",
}
_UP_TO = re.compile(r"(?:under|up to|below|at most)\D*(\d[\d,.]*)|(\d[\d,.]*)\s*\D{0,4}(?:以内|以下)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who comes and what for: `sought` is known to nobody."""

    id: str
    source: str
    language: str
    persona: Persona
    sought: Sought
    patience: int


@dataclass(frozen=True, slots=True)
class Visit:
    """How a dialogue went. `repeats` are questions asked though they had been answered; `handoffs` nobody asked for."""

    shopper: Shopper
    messages: tuple[str, ...]
    kinds: tuple[str, ...]
    success: bool
    exact: bool
    turns: int
    questions: int
    repeats: int
    pressed: int
    handoffs: int
    broken: tuple[str, ...]
    timings_ms: tuple[dict[str, float], ...] = ()


@dataclass
class _Talk:
    """Where the talk stands: what has been asked for, which facts are left, and what is counted."""

    shopper: Shopper
    voice: Voice
    rng: random.Random
    stated: Goal
    left: list[Fact]
    questions: int = 0
    repeats: int = 0
    pressed: int = 0
    restated: bool = False
    asked: set[str] = field(default_factory=set)


def shoppers(split: Split, shops: dict[str, Shop]) -> Iterator[Shopper]:
    """All shoppers of a split."""
    for (language, source), count in COUNTS.items():
        for number in range(count if source in shops else 0):
            id = f"{split}-{language}-{source}-shopper-{number}"
            rng = random.Random(f"{SEED}-{id}")
            persona = PERSONAS[number % len(PERSONAS)]
            mixed = persona == "mixed" and source == DEMO and language == "en"
            found = sought(shops[source], split, language, rng)
            yield Shopper(id, source, "mix" if mixed else language, persona, found, rng.randint(*_PATIENCE))


def visit(shopper: Shopper, shop: Shop, split: Split, parts: Parts) -> Visit:
    """One dialogue, until the product or its equal is on the shelf or patience ends."""
    rng = random.Random(f"{SEED}-{shopper.id}-talk")
    voice = Voice(shopper.language, split, shop.currency, rng)
    talk = _Talk(shopper, voice, rng, Goal(), ["kind", *shopper.sought.facts()])
    session, turns, broken, shelf, met = None, [], [], list[Item](), list[Item]()
    while len(turns) < shopper.patience and not met:
        message = _reacted(talk, turns[-1], shelf) if turns else _opening(talk)
        turn = heard(parts, Utterance(message, session_id=session))
        session, shelf = turn.session_id, [shop.by_id[id] for id in turn.slate.ids() if id in shop.by_id]
        turns.append(turn)
        met = _met(turn, shelf, shop, shopper.sought)
        broken += violations(turn, talk.stated if turn.reply.kind == "recommend" else None, shop)
    return Visit(
        shopper,
        tuple(turn.message for turn in turns),
        tuple(turn.reply.kind for turn in turns),
        bool(met),
        any(item.id == shopper.sought.item.id for item in met),
        len(turns),
        talk.questions,
        talk.repeats + (0 if met else _asks_again(talk, turns[-1])),
        talk.pressed,
        sum(turn.reply.kind == "handoff" for turn in turns),
        tuple(broken),
        tuple(turn.timings_ms for turn in turns),
    )


def _met(turn: Turn, shelf: Sequence[Item], shop: Shop, found: Sought) -> list[Item]:
    """What of the shelf, or of an answer about a product by its name, is what was looked for."""
    told = [shop.by_id[line.product_id] for line in turn.evidence if line.product_id in shop.by_id]
    shown = {"recommend": shelf, "answer": [*told, *shelf], "compare": shelf}.get(turn.reply.kind, ())
    return [item for item in shown if found.met_by(item)]


def _opening(talk: _Talk) -> str:
    """A department or the kind; by the persona the limit too, or a wrong one."""
    goal, persona = talk.shopper.sought.goal, talk.shopper.persona
    small_talk = _TALK["zh" if talk.shopper.language == "zh" else "en"] if persona == "chatty" else ""
    if talk.shopper.sought.department:
        return small_talk + talk.voice.say("vague", department=talk.shopper.sought.department)
    talk.left.remove("kind")
    talk.stated = replace(talk.stated, kind=goal.kind)
    if persona in ("terse", "piecemeal") or goal.low:
        return talk.voice.say("open", kind=goal.kind)
    if persona == "corrects":
        wrong = max(int((goal.high or 2) / 2), 1)
        talk.stated = replace(talk.stated, high=wrong)
        return talk.voice.say("open_limit", kind=goal.kind, limit=wrong)
    talk.left.remove("limit")
    talk.stated = replace(talk.stated, high=goal.high)
    return small_talk + talk.voice.say("open_limit", kind=goal.kind, limit=goal.high)


def _reacted(talk: _Talk, turn: Turn, shelf: Sequence[Item]) -> str:
    """What is said next: an answer, a correction, a quick reply that is true, what is most amiss, or the wish for others."""
    talk.repeats += _asks_again(talk, turn)
    if "limit" in talk.left and (talk.stated.high or talk.shopper.sought.item.price) < talk.shopper.sought.item.price:
        return _tell(talk, "limit", act="correct_limit")
    answer = _answer(talk, turn)
    if answer:
        return answer
    if talk.rng.random() < _PRESSES[talk.shopper.persona]:
        pressed = next((one for one in turn.reply.quick_replies if _is_true(talk, one)), None)
        if pressed:
            talk.pressed += 1
            return _said(talk, pressed)
    if not talk.left:
        return _nothing_new(talk, turn)
    if "kind" in talk.left:
        return _tell(talk, "kind")
    if shelf and talk.shopper.persona == "piecemeal" and talk.rng.random() < _HESITATES:
        return talk.voice.say("others")
    if shelf and "limit" in talk.left and not talk.stated.below and not talk.shopper.sought.goal.low:
        if min(item.price for item in shelf) > (talk.shopper.sought.goal.high or 0):
            talk.stated = replace(talk.stated, below=shelf[0].price)
            return talk.voice.say("cheaper")
    talk.rng.shuffle(talk.left)
    return _tell(talk, max(talk.left, key=lambda fact: sum(talk.shopper.sought.lacks(item, fact) for item in shelf)))


def _asks_again(talk: _Talk, turn: Turn) -> int:
    """Whether the turn asks what has been told: the kind, the price, a colour or material, or what was answered."""
    if turn.question is None:
        return int(turn.reply.kind == "clarify" and "kind" not in talk.left)
    told = {field for fact, field in (("kind", "category"), ("limit", "price")) if fact not in talk.left}
    told |= {f"attributes.{quality.sort}" for quality in talk.stated.wanted}
    return int(turn.question.field in told | talk.asked)


def _answer(talk: _Talk, turn: Turn) -> str | None:
    """The answer to a question by what the product is: the option that is true of it, or that it does not matter."""
    if turn.question is None or turn.question.field == "product":
        return None
    talk.questions += 1
    talk.asked.add(turn.question.field)
    if turn.question.field == "price":
        return _tell(talk, "limit")
    options = turn.question.options
    true = next((one.label for one in options if one.meant and _names(talk.shopper.sought.item, one.label)), None)
    return _said(talk, true or next((one.label for one in options if not one.meant), options[-1].label))


def _names(item: Item, label: str) -> bool:
    return all(
        says(told_of(item), word.removesuffix("s")) for word in re.findall(r"[a-z]+|[\u4e00-\u9fff]+", label.casefold())
    )


def _is_true(talk: _Talk, reply: str) -> bool:
    """Whether a quick reply is a wish that the product meets and that has not been told: a limit, a colour, a material."""
    limit, found = _UP_TO.search(reply), talk.shopper.sought
    if limit:
        amount = float((limit[1] or limit[2]).replace(",", "").rstrip("."))
        return "limit" in talk.left and amount >= found.item.price
    named = [quality for quality in qualities() if any(says(reply.casefold(), form) for form in quality.says)]
    return bool(named) and all(q in found.goal.wanted and q not in talk.stated.wanted for q in named)


def _said(talk: _Talk, label: str) -> str:
    """A label as the message; what it says of the facts is told by it."""
    if "want" in talk.left and any(
        says(label.casefold(), form) for q in talk.shopper.sought.goal.wanted for form in q.says
    ):
        talk.left.remove("want")
        talk.stated = replace(talk.stated, wanted=talk.shopper.sought.goal.wanted)
    return label


def _tell(talk: _Talk, fact: Fact, *, act: str = "") -> str:
    """One fact in words; it has been told from now on."""
    found = talk.shopper.sought
    if fact in talk.left:
        talk.left.remove(fact)
    goal = found.goal
    if fact == "kind":
        limit = goal.high if "limit" not in talk.left else None  # said again: of another kind it would not be meant
        talk.stated = Goal(goal.kind, high=limit)
        return talk.voice.say("open_limit" if limit else "open", kind=goal.kind, limit=limit)
    if fact == "limit":
        talk.stated = replace(talk.stated, low=goal.low, high=goal.high, below=None)
        if goal.low:
            return talk.voice.say("range", low=goal.low, high=goal.high)
        return talk.voice.say(act or "limit", limit=goal.high)
    if fact == "want":
        talk.stated = replace(talk.stated, wanted=goal.wanted)
        return talk.voice.say("want", word=goal.wanted[0])
    if fact == "exclude":
        talk.stated = replace(talk.stated, refused=goal.refused)
        return talk.voice.say("exclude", word=goal.refused[0])
    return (
        talk.voice.say("brand", brand=found.brand) if fact == "brand" else talk.voice.say("recall", recalled=found.word)
    )


def _nothing_new(talk: _Talk, turn: Turn) -> str:
    """All is told: it is said over once where nothing was found, else the next ones are asked for."""
    goal = talk.shopper.sought.goal
    if turn.reply.kind == "recommend" or talk.restated:
        return talk.voice.say("others")
    talk.restated = True
    if goal.wanted:
        return talk.voice.say("open_all", kind=goal.kind, word=goal.wanted[0], limit=goal.high)
    return talk.voice.say("open_limit", kind=goal.kind, limit=goal.high)

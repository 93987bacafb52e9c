"""A simulated shopper: a goal of his own, taken from a product, a way of talking and a patience; driven by code and a seed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from app import Parts
from assistant import Turn, Utterance
from evals.journeys.checks import Goal, fits, violations
from evals.journeys.phrasing import Voice
from evals.journeys.play import SEED, heard
from evals.journeys.shops import DEMO, SAMPLED, Item, Quality, Shop, Split, qualities

Persona = Literal["terse", "chatty", "piecemeal", "corrects", "mixed"]
PERSONAS: tuple[Persona, ...] = ("terse", "chatty", "piecemeal", "corrects", "mixed")
COUNTS = {
    ("en", "retail_demo_store"): 50, ("en", SAMPLED): 20, ("en", DEMO): 50, ("zh", "litemall_zh"): 50, ("zh", DEMO): 50,
}  # fmt: skip
_PATIENCE = (5, 8)  # turns
_TALK = {
    "en": "Hi! Maybe you can help me out here, I've been looking all week. ",
    "zh": "你好呀，逛了好久都没挑到满意的，帮帮我吧。",
}


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who comes and what for. `goal` is known to nobody; a product that meets it is what would be bought."""

    id: str
    source: str
    language: str
    persona: Persona
    goal: Goal
    patience: int


@dataclass(frozen=True, slots=True)
class Visit:
    """How a dialogue went. `repeats` are questions asked though they had been answered; `handoffs` nobody asked for."""

    shopper: Shopper
    messages: tuple[str, ...]
    success: bool
    turns: int
    repeats: int
    handoffs: int
    broken: tuple[str, ...]
    timings_ms: tuple[dict[str, float], ...] = ()


def shoppers(split: Split, shops: dict[str, Shop]) -> Iterator[Shopper]:
    """All shoppers of a split."""
    for (language, source), count in COUNTS.items():
        for number in range(count if source in shops else 0):
            id = f"{split}-{language}-{source}-shopper-{number}"
            rng = random.Random(f"{SEED}-{id}")
            persona = PERSONAS[number % len(PERSONAS)]
            goal = _goal(shops[source], split, language, rng)
            mixed = persona == "mixed" and source == DEMO and language == "en"
            yield Shopper(id, source, "mix" if mixed else language, persona, goal, rng.randint(*_PATIENCE))


def _goal(shop: Shop, split: Split, language: str, rng: random.Random) -> Goal:
    """The kind of a product, a limit a little above its price, something it is, and something it is not but others are."""
    kind = rng.choice(shop.kinds(split, language))
    kin = [item for item in shop.of(kind) if item.is_kind(kind, surely=True)]
    item = rng.choice(kin)
    wanted = [q for q in qualities() if item.states(q)]
    refused = [q for q in qualities() if not item.may_be(q) and any(other.surely_is(q) for other in kin)]
    return Goal(
        kind,
        high=int(item.price * rng.uniform(1.02, 1.3)) + 1,
        wanted=tuple(rng.sample(wanted, 1)) if wanted and rng.random() < 0.6 else (),
        refused=tuple(rng.sample(refused, 1)) if refused and rng.random() < 0.5 else (),
    )


def visit(shopper: Shopper, shop: Shop, split: Split, parts: Parts) -> Visit:
    """One dialogue, until something fits or patience ends."""
    rng = random.Random(f"{SEED}-{shopper.id}-talk")
    voice = Voice(shopper.language, split, shop.currency, rng)
    session, turns, broken, repeats, handoffs = None, [], [], 0, 0
    for message, stated in _talk(shopper, voice, rng):
        turn = heard(parts, Utterance(message, session_id=session))
        session = turn.session_id
        turns.append(turn)
        broken += violations(turn, stated if turn.reply.kind == "recommend" else None, shop)
        repeats += turn.reply.kind == "clarify"  # the kind has been named in the first message
        handoffs += turn.reply.kind == "handoff"
        if _satisfied(turn, shopper.goal, shop) or len(turns) == shopper.patience:
            break
    messages = tuple(turn.message for turn in turns)
    success = bool(turns) and _satisfied(turns[-1], shopper.goal, shop)
    return Visit(
        shopper, messages, success, len(turns), repeats, handoffs, tuple(broken), tuple(t.timings_ms for t in turns)
    )


def _satisfied(turn: Turn, goal: Goal, shop: Shop) -> bool:
    shown: Sequence[Item] = [shop.by_id[id] for id in turn.slate.ids() if id in shop.by_id]
    return turn.reply.kind == "recommend" and any(fits(item, goal) for item in shown)


def _talk(shopper: Shopper, voice: Voice, rng: random.Random) -> Iterator[tuple[str, Goal]]:
    """What is said, one message after the other, and what has been asked for by then."""
    goal, kind = shopper.goal, shopper.goal.kind
    if kind is None or goal.high is None:
        return
    word: Quality | None = goal.wanted[0] if goal.wanted else None
    left = ["limit", *(["want"] if word else []), *(["exclude"] if goal.refused else [])]
    stated = Goal(kind)
    if shopper.persona == "chatty" or shopper.persona == "mixed":
        left.remove("limit")
        stated = replace(stated, high=goal.high)
        opening = voice.say("open_limit", kind=kind, limit=goal.high)
        yield (
            (_TALK["zh" if shopper.language == "zh" else "en"] if shopper.persona == "chatty" else "") + opening,
            stated,
        )
    elif shopper.persona == "corrects":
        left.remove("limit")
        wrong = max(int(goal.high / 2), 1)
        yield voice.say("open_limit", kind=kind, limit=wrong), replace(stated, high=wrong)
        stated = replace(stated, high=goal.high)
        yield voice.say("correct_limit", limit=goal.high), stated
    else:
        yield voice.say("open", kind=kind), stated
    rng.shuffle(left)
    for wish in left:
        stated = _with(stated, wish, goal)
        refused = goal.refused[0] if goal.refused else None
        yield voice.say(wish, limit=goal.high, word=word if wish == "want" else refused), stated
    while True:
        yield voice.say("others"), stated


def _with(stated: Goal, wish: str, goal: Goal) -> Goal:
    if wish == "limit":
        return replace(stated, high=goal.high)
    return replace(stated, wanted=goal.wanted) if wish == "want" else replace(stated, refused=goal.refused)

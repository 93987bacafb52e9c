"""Journeys as plans of acts, played through the assistant turn by turn; each turn is checked against the stage it is on."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant import DoneEvent, Need, Turn, Utterance
from assistant.parts import Parts
from evals.journeys.asides import ASIDES
from evals.journeys.checks import failures, spelt, strange_prices, violations
from evals.journeys.phrasing import Voice
from evals.journeys.shops import DEMO, SAMPLED, Shop, Split
from evals.journeys.stage import Act, Stage, Step
from evals.journeys.wishes import WISHES

SEED = 20261125
_LEAST = 3
ACTS: dict[str, Act] = WISHES | ASIDES
PLANS = (
    "open limit exclude ask thanks others",
    "open_limit correct_limit others compare ask_cheaper_of_two why",
    "open_all release_word cheaper ask_name ask_it",
    "greeting open want policy limit ask_cheapest thanks",
    "gift correct_person ask others",
    "typo range ask_dearest thanks others",
    "open_limit ask topic_change limit compare topic_back ask",
    "absent open exclude ask",
    "too_low correct_limit ask",
    "sold_out open limit ask",
    "open beyond ask ask_it",
    "open ambiguous ask_cheapest ask_look",
    "open size measure ask",
    "greeting open limit want ask policy release_limit exclude cheaper compare why thanks",
    "gift_kind correct_person ask limit",
    "open_limit exclude release_limit others ask_name why",
    "open range exclude compare policy others",
    "open_all ask_look want correct_limit thanks ask_cheapest",
    "gift_kind exclude cheaper ask",
)
_GENDERED = ("retail_demo_store", DEMO)
_ONLY = {"gift": _GENDERED, "gift_kind": _GENDERED, "sold_out": (SAMPLED, DEMO), "size": (DEMO,)}
COUNTS = {
    ("en", "retail_demo_store"): 24, ("en", SAMPLED): 12, ("en", DEMO): 24, ("zh", "litemall_zh"): 28, ("zh", DEMO): 28,
    ("mix", DEMO): 6, ("mix", "retail_demo_store"): 4,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Journey:
    """One conversation to be held: a seed gives it its products and its words."""

    id: str
    source: str
    language: str
    split: Split
    plan: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Played:
    """One turn as it went; `failed` is what does not hold, `broken` what the shelf shows against the goal."""

    act: str
    message: str
    kind: str
    need: str
    slate: tuple[str, ...]
    text: str
    failed: tuple[str, ...]
    broken: tuple[str, ...]
    timings_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A journey and its turns; right where every turn is."""

    journey: Journey
    turns: tuple[Played, ...]

    @property
    def right(self) -> bool:
        return not any(turn.failed for turn in self.turns)


def journeys(split: Split) -> Iterator[Journey]:
    """All journeys of a split, the plans taken in turn."""
    for (language, source), count in COUNTS.items():
        plans = [plan for plan in PLANS if all(source in where for act, where in _ONLY.items() if act in plan.split())]
        for number in range(count):
            yield Journey(
                f"{split}-{language}-{source}-{number}",
                source,
                language,
                split,
                tuple(plans[number % len(plans)].split()),
            )


def stage_of(journey: Journey, shop: Shop) -> Stage:
    """The empty scene of a journey."""
    rng = random.Random(f"{SEED}-{journey.id}")
    voice = Voice(journey.language, journey.split, shop.currency, rng)
    return Stage(shop, journey.split, journey.language, rng, voice)


def steps(journey: Journey, stage: Stage) -> Iterator[Step]:
    """The steps of a journey as the scene allows them; one that would be too short asks on."""
    count = 0
    for place, act in enumerate((*journey.plan, "others", "ask", "thanks")):
        step = ACTS[act](stage) if place < len(journey.plan) or count < _LEAST else None
        if step:
            count += 1
            yield step


def play(journey: Journey, shop: Shop, parts: Parts) -> Outcome:
    """Hold one conversation with the assistant."""
    stage, session, before = stage_of(journey, shop), None, Need()
    played: list[Played] = []
    said: list[str] = []
    for step in steps(journey, stage):
        turn = heard(parts, Utterance(step.message, session_id=session))
        failed = failures(turn, step.expect, step.goal, before, shop)
        broken = violations(turn, step.goal if turn.reply.kind == "recommend" else None, shop)
        said.append(step.message)
        broken += [f"price {price}" for price in _strange(turn, stage, said)]
        played.append(as_played(step.act, turn, failed, broken))
        session, before = turn.session_id, turn.need
        follow(stage, step, turn)
    return Outcome(journey, tuple(played))


def _strange(turn: Turn, stage: Stage, said: list[str]) -> list[str]:
    """Prices that are no product's in view; of the shop's rules, which have amounts of their own, none are judged."""
    told = [line.product_id or "" for line in turn.evidence]
    seen = [stage.shop.by_id[id] for id in (*turn.slate.ids(), *told) if id in stage.shop.by_id]
    limits = [f"{c.value / 100:g}" for c in turn.need.constraints if c.field == "price" and isinstance(c.value, int)]
    return (
        strange_prices(turn.reply.text, [*seen, *stage.shelf], [*said, *limits]) if turn.reply.kind != "service" else []
    )


def as_played(act: str, turn: Turn, failed: list[str], broken: list[str]) -> Played:
    """A turn as it is kept."""
    return Played(
        act,
        turn.message,
        turn.reply.kind,
        spelt(turn.need),
        turn.slate.ids(),
        turn.reply.text,
        tuple(failed),
        tuple(broken),
        turn.timings_ms,
    )


def follow(stage: Stage, step: Step, turn: Turn) -> None:
    """The scene after a turn: what was asked for stays asked for unless nothing fits it, as the shopper was told."""
    if not (step.act == "cheaper" and turn.reply.kind == "no_match"):
        stage.goal = step.goal
    shown = tuple(stage.shop.by_id[id] for id in turn.slate.ids() if id in stage.shop.by_id)
    if shown:
        stage.shelf, stage.focus = shown, None
    else:
        stage.focus = step.spoken_of or stage.focus


def heard(parts: Parts, utterance: Utterance) -> Turn:
    """One turn through the assistant, to its end."""
    for event in parts.assistant.reply(utterance):
        if isinstance(event, DoneEvent):
            return event.turn
    raise RuntimeError("the turn ended without a reply")

"""Does the watch over shifts keep its word? Simulated streams: false alarms where nothing changes, and planted shifts found.

The baseline tests every measure by itself at the same level, as a dashboard without regard to how much it looks at would.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from assistant.insight.drift import Tally
from assistant.insight.drift.reading import WAITS_MS
from assistant.insight.drift.statistics import FALSE_ALARMS, compared
from assistant.insight.intervals import wilson

TOPICS: Mapping[str, float] = {f"thing {n}": 1 / (n + 1) for n in range(12)}
KINDS: Mapping[str, float] = {"recommend": 0.7, "answer": 0.35, "no_match": 0.12, "handoff": 0.04, "chat": 0.1}
VOLUMES = (100, 400, 1_600)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class World:
    """What conversations are drawn from; `wait` is the logarithm of the median first sentence in milliseconds."""

    zh: float = 0.3
    failures: float = 0.02
    no_match: float = 0.12
    wait: float = 6.5
    good: float = 0.5
    topics: Mapping[str, float] | None = None


PLANTED: Mapping[str, tuple[str, World]] = {
    "Chinese from 30 to 40 %": ("languages", World(zh=0.4)),
    "failures from 2 to 5 %": ("failures", World(failures=0.05)),
    "nothing fits from 12 to 18 %": ("kind:no_match", World(no_match=0.18)),
    "first sentences 35 % later": ("waits", World(wait=6.8)),
    "best ratings from 50 to 30 %": ("satisfaction", World(good=0.3)),
    "a topic from 4 to 14 %": ("topics", World(topics={**TOPICS, "thing 7": 0.5})),
}
"""The measure that each planted shift is of, and the world that it makes."""


def stream(rng: np.random.Generator, conversations: int, world: World | None = None) -> Tally:
    """So many conversations, each drawn by itself."""
    world = world or World()
    topics = world.topics or TOPICS
    shares = np.array(list(topics.values()))
    waits = np.digitize(rng.lognormal(world.wait, 0.6, conversations), WAITS_MS, right=True)
    others = np.array([0.1, 0.14, 0.2, 0.56]) * (1 - world.good)
    stars = rng.multinomial(rng.binomial(conversations, 0.2), [*others, world.good])
    chinese = int(rng.binomial(conversations, world.zh))
    kinds = {**KINDS, "no_match": world.no_match}
    had = {f"kind:{kind}": int(rng.binomial(conversations, share)) for kind, share in kinds.items()}
    had |= {
        "failures": int(rng.binomial(conversations, world.failures)),
        "handoffs": int(rng.binomial(conversations, 0.03)),
    }
    drawn = rng.multinomial(conversations, shares / shares.sum()).tolist()
    spread = {
        "languages": {"en": conversations - chinese, "zh": chinese},
        "topics": dict(zip(topics, drawn, strict=True)),
        "waits": _bands(np.bincount(waits, minlength=len(WAITS_MS) + 1)),
        "satisfaction": _bands(stars),
        "scores": _bands(rng.multinomial(conversations, np.full(10, 0.1))),
    }
    return Tally(conversations, spread, had)


def found(before: Tally, now: Tally) -> frozenset[str]:
    """The measures of which a shift is told."""
    return frozenset(shift.measure for shift in compared(before, now)[0] if shift.found)


def run(*, streams: int = 1_000, progress: Progress, seed: int = 20261128) -> dict[str, Any]:
    """Compare so many pairs of streams of each kind and volume, with nothing changed and with each planted shift."""
    rng, started = np.random.default_rng(seed), time.monotonic()
    nothing, planted = [], []
    for volume in VOLUMES:
        nothing.append(_nothing(rng, volume, streams))
        progress(f"nothing changed, {volume}", streams, streams)
        for name, (measure, world) in PLANTED.items():
            finds = [found(stream(rng, volume), stream(rng, volume, world)) for _ in range(streams // 4)]
            hits = sum(measure in one for one in finds)
            wrong = float(np.mean([len(one - {measure}) / max(len(one), 1) for one in finds]))
            planted.append({"planted": name, "conversations": volume, "n": len(finds), "found": hits, "wrong": wrong})
            progress(f"{name}, {volume}", len(finds), len(finds))
    minutes = round((time.monotonic() - started) / 60, 1)
    return {"minutes": minutes, "stated": FALSE_ALARMS, "nothing": nothing, "planted": planted, "seed": seed}


def _nothing(rng: np.random.Generator, volume: int, streams: int) -> dict[str, Any]:
    """False alarms where nothing changed: ours, and those of testing every measure by itself."""
    ours = plain = 0
    for _ in range(streams):
        shifts, _few = compared(stream(rng, volume), stream(rng, volume))
        ours += any(shift.found for shift in shifts)
        plain += any(shift.p <= FALSE_ALARMS for shift in shifts)
    return {"conversations": volume, "n": streams, "alarms": ours, "each_by_itself": plain}


def table(report: Mapping[str, Any]) -> str:
    """The report as Markdown."""
    lines = [
        "| nothing changed, conversations a period | comparisons | with any alarm | each measure by itself |",
        "|---|---|---|---|",
    ]
    for one in report["nothing"]:
        lines.append(
            f"| {one['conversations']:,} | {one['n']} | {_rate(one['alarms'], one['n'])} | {_rate(one['each_by_itself'], one['n'])} |"
        )
    lines += ["", "| planted | conversations a period | found | wrong beside it (mean share) |", "|---|---|---|---|"]
    for one in report["planted"]:
        lines.append(
            f"| {one['planted']} | {one['conversations']:,} | {_rate(one['found'], one['n'])} | {one['wrong']:.1%} |"
        )
    return "\n".join(lines)


def _rate(count: int, n: int) -> str:
    interval = wilson(count, n)
    return f"{count / n:.1%} ({interval.low:.1%}–{interval.high:.1%})" if interval else "–"


def margin(rounds: int) -> float:
    """How far above the stated rate as many rounds may come by chance, at about 99.5 %."""
    return 2.6 * sqrt(FALSE_ALARMS * (1 - FALSE_ALARMS) / rounds)


def _bands(counts: Any) -> dict[str, int]:
    return {f"{n:02}": int(count) for n, count in enumerate(counts)}

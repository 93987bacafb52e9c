"""Interleaving against splitting: how many simulated conversations until the better of two rankings is known."""

from datetime import UTC, datetime
from math import log
from typing import Any

import numpy as np

from assistant.insight.experiments.bounds import Numbers, compared, moments_of, narrowed
from assistant.insight.experiments.interleaving import deciding, evidence, interval, size_of_draft
from assistant.insight.experiments.sizes import Baseline
from assistant.interleave import interleaved
from assistant.record.outcomes import Counted, Member
from assistant.types import Slate, SlateItem
from catalog import Product
from evals.metrics import proportion

_POOL, _SHOWN, _CANDIDATES = 20_000, 4, 12
_EXAMINED = np.array([0.9, 0.65, 0.45, 0.35])  # how likely each position is looked at
_NOISE = {"first": 0.30, "better": 0.15}
_MOST, _STEP, _REPEATS = 20_000, 200, 300
_ALPHA, _DAYS, _MANY = 0.05, 28, 400_000


def compare_with_split(chance: np.random.Generator) -> dict[str, Any]:
    """Repeated draws from one pool of conversations, for two rankings that differ and for two that do not."""
    found = {}
    alone, team = _conversations(chance, tuple(_NOISE.values()))
    same = np.vstack([team, team[:, ::-1]])  # every conversation once with either name: no difference at all
    for name, apart, picked in (("", alone, team), (", no difference", alone[:, [0, 0]], same)):
        found[f"split on click-through{name}"] = _told(_split_until(apart, chance) for _ in range(_REPEATS))
        found[f"interleaved{name}"] = _told(_drafted_until(picked, chance) for _ in range(_REPEATS))
    return found


def _conversations(chance: np.random.Generator, noises: tuple[float, ...]) -> tuple[Numbers, Numbers]:
    """Clicks of the same shoppers under each ranking alone, and on an interleaved shelf by whose pick it was."""
    items = [SlateItem(Product(str(place), f"Product {place}", 100), 0.0) for place in range(_CANDIDATES)]
    alone, team = np.zeros((_POOL, 2)), np.zeros((_POOL, 2))
    for number in range(_POOL):
        appeal = chance.beta(1.2, 6.0, size=_CANDIDATES)
        orders = [np.argsort(-(appeal + chance.normal(0, noise, _CANDIDATES)))[:_SHOWN] for noise in noises]
        for side, order in enumerate(orders):
            alone[number, side] = (chance.random(_SHOWN) < _EXAMINED * appeal[order]).sum()
        slates = [Slate(tuple(items[place] for place in order)) for order in orders]
        shelf = interleaved(slates, ("0", "1"), _SHOWN, _Coin(chance)).items
        clicked = chance.random(len(shelf)) < _EXAMINED[: len(shelf)] * appeal[[int(i.product.id) for i in shelf]]
        for item, click in zip(shelf, clicked, strict=True):
            team[number, int(item.team or 0)] += click
    return alone, team


def planned_power(experiments: int, chance: np.random.Generator) -> dict[str, Any]:
    """How often the better of two rankings is found by as many shoppers as are planned, looked at for 28 days.

    The plan knows what an owner's would: clicks under the usual ranking alone, and how large a preference is to be found,
    which is the true one here.
    """
    found = {}
    for noises in ((0.30, 0.15), (0.25, 0.20)):
        alone, team = _conversations(chance, noises)
        for visits in (1.0, 2.0):
            preferred = _preferred(team, visits, chance)
            past = _shoppers(alone[:, :1], 20_000, visits, chance)[:, 0]
            for power in (0.8, 0.9):
                units = _units_planned(past, preferred - 0.5, power)
                name = f"noise {noises[0]} and {noises[1]}, {visits:g} visits, {power:.0%} planned"
                hits = [_finds(team, units, visits, chance) for _ in range(experiments)]
                found[name] = {"preferred": preferred, "units": units, "power": proportion(hits)}
    return found


def _preferred(team: Numbers, visits: float, chance: np.random.Generator) -> float:
    """The share of those with a preference that prefer the second ranking: of the pool itself, or of very many shoppers."""
    won = lost = 0
    for drawn in [team] if visits == 1 else (_shoppers(team, _MANY, visits, chance) for _ in range(10)):
        won += int((drawn[:, 1] > drawn[:, 0]).sum())
        lost += int((drawn[:, 1] < drawn[:, 0]).sum())
    return won / (won + lost)


def _shoppers(conversations: Numbers, count: int, visits: float, chance: np.random.Generator) -> Numbers:
    """The clicks of so many shoppers over all their conversations, as many of these on average."""
    times = chance.geometric(1 / visits, size=count)
    drawn = conversations[chance.integers(len(conversations), size=int(times.sum()))]
    return np.add.reduceat(drawn, np.r_[0, times.cumsum()[:-1]])


def _units_planned(past: Numbers, effect: float, power: float) -> int:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    members = [Member(str(number), str(number), "", at) for number in range(len(past))]
    clicks = [Counted(str(number), "2026-11-01", float(count), 0.0) for number, count in enumerate(past) if count]
    usual = Baseline(0.0, 0.0, 0.0)
    size = size_of_draft(usual, effect, deciding(members, clicks), alpha=_ALPHA, power=power, share=1.0)
    if size is None:
        raise ValueError("nobody clicks: there is nothing to plan with")
    return size.units


def _finds(team: Numbers, units: int, visits: float, chance: np.random.Generator) -> bool:
    """Whether the second ranking is found better at the end of one of the days."""
    drawn = _shoppers(team, units, visits, chance)
    looks = np.linspace(0, units, _DAYS + 1).astype(int)[1:] - 1
    won, lost = ((drawn[:, side] > drawn[:, 1 - side]).cumsum()[looks] for side in (1, 0))
    return any(w > n and evidence(int(w), int(w + n), 0.5) >= -log(_ALPHA) for w, n in zip(won, lost, strict=True))


class _Coin:
    """The part of a random generator that interleaving asks for, without a seed for every conversation."""

    def __init__(self, chance: np.random.Generator) -> None:
        self._chance = chance

    def sample(self, population: Any, k: int) -> list[int]:
        return [0, 1] if self._chance.random() < 0.5 else [1, 0]


def _split_until(alone: Numbers, chance: np.random.Generator) -> tuple[int, bool] | None:
    """After how many conversations of both arms together, and whether for the better; None where never."""
    looks = np.arange(_STEP, _MOST + 1, _STEP) // 2
    arms = []
    for side in range(2):
        clicks = alone[chance.integers(_POOL, size=_MOST // 2), side]
        y, yy, some = clicks.cumsum(), (clicks**2).cumsum(), (clicks > 0).cumsum()
        one = moments_of(clicks[:1], np.full(1, float(_SHOWN)))
        n = looks * float(_SHOWN)
        arms.append(
            type(one)(
                looks * 1.0, y[looks - 1], n, yy[looks - 1], y[looks - 1] * _SHOWN, n * _SHOWN, some[looks - 1] * 1.0
            )
        )
    band = narrowed(compared(arms[0], arms[1], _MOST / 4, _ALPHA))
    crossed = np.flatnonzero((band.low > 0) | (band.high < 0))
    return (int(2 * looks[crossed[0]]), bool(band.low[crossed[0]] > 0)) if len(crossed) else None


def _drafted_until(team: Numbers, chance: np.random.Generator) -> tuple[int, bool] | None:
    drawn = team[chance.integers(len(team), size=_MOST)]
    won, lost = (drawn[:, 1] > drawn[:, 0]).cumsum(), (drawn[:, 1] < drawn[:, 0]).cumsum()
    for look in range(_STEP, _MOST + 1, _STEP):
        ahead, decided = int(won[look - 1]), int(won[look - 1] + lost[look - 1])
        low, high = interval(ahead, decided, _ALPHA) if decided else (0.0, 1.0)
        if low > 0.5 or high < 0.5:
            return look, low > 0.5
    return None


def _told(runs: Any) -> dict[str, Any]:
    found = list(runs)
    lengths = [one[0] if one else _MOST for one in found]
    median = int(np.median(lengths))
    return {
        "median": f"{median:,}" if median < _MOST else f"over {_MOST:,}",
        "right": proportion([bool(one and one[1]) for one in found]),
        "wrong": proportion([bool(one and not one[1]) for one in found]),
    }

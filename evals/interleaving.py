"""Interleaving against splitting: how many simulated conversations until the better of two rankings is known."""

from typing import Any

import numpy as np

from assistant.insight.experiments.bounds import Numbers, compared, moments_of, narrowed
from assistant.insight.experiments.interleaving import interval
from assistant.interleave import interleaved
from assistant.types import Slate, SlateItem
from catalog import Product
from evals.metrics import proportion

_POOL, _SHOWN, _CANDIDATES = 20_000, 4, 12
_EXAMINED = np.array([0.9, 0.65, 0.45, 0.35])  # how likely each position is looked at
_NOISE = {"first": 0.30, "better": 0.15}
_MOST, _STEP, _REPEATS = 20_000, 200, 300
_ALPHA = 0.05


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

"""How many units it takes to see a difference, for the sequential interval that decides and for one look at the end."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, sqrt
from statistics import NormalDist

import numpy as np

from assistant.insight.experiments.bounds import Numbers, tuned, widening

_GRID = 401
_LOOKS = 60  # that are reckoned with at most: more change nothing that counts
_USUAL_LOOKS = 28
_PAID_GROWS = (
    1.75  # 1 where more shoppers pay, 2 where each pays more: nearer to what takes more, so that power is reached
)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is usual: the figure, its spread from unit to unit, and how much comes in a day.

    `spread` is the standard deviation of the linearised figure of one unit: of a plain share sqrt(p(1-p)). `n_a_unit` is how
    much of what the figure is out of a unit brings, as products shown or ratings given.
    """

    figure: float
    spread: float
    units_a_day: float
    conversations_a_unit: float = 1.0
    n_a_unit: float = 1.0


@dataclass(frozen=True, slots=True)
class Size:
    """What an experiment takes. `fixed_units` would do for a single look at the end; `days` is None without traffic."""

    units: int
    conversations: int
    days: int | None
    fixed_units: int
    looks: int


def size_of(
    baseline: Baseline, effect: float, weights: tuple[float, ...], *, alpha: float, power: float,
    share: float = 1.0, is_share: bool = False,
) -> Size:  # fmt: skip
    """The units of all arms until a difference of `effect` between the first and the weakest other arm is found.

    With `power`, the interval being looked at daily until then. Raises ValueError where nothing could be found.
    """
    if not effect or baseline.spread <= 0:
        raise ValueError("effect: there is nothing to find")
    total = sum(weights)
    first, other = weights[0] / total, min(weights[1:]) / total
    level = alpha / (len(weights) - 1)
    spread2 = baseline.spread**2
    per_unit = spread2 / first + spread2 * _grown(baseline, effect, is_share) / other
    looks, units = _USUAL_LOOKS, 0
    for _ in range(3):  # how often one looks depends on how long it takes
        units = ceil(drift(level, power, looks) ** 2 * per_unit / effect**2)
        days = ceil(units / (baseline.units_a_day * share)) if baseline.units_a_day * share > 0 else None
        looks = min(max(days, 1), _LOOKS) if days is not None else _USUAL_LOOKS
    normal = NormalDist()
    fixed = (normal.inv_cdf(1 - level / 2) + normal.inv_cdf(power)) ** 2 * per_unit / effect**2
    return Size(units, ceil(units * baseline.conversations_a_unit), days, ceil(fixed), looks)


def _grown(baseline: Baseline, effect: float, is_share: bool) -> float:
    """How many times its variance is where the figure has moved by the effect.

    Of a share: every unit does the rarer of both, doing it or not, so many times as often. Its variance has a part that is
    chance alone, figure / n, which grows as often, and the rest, which grows with the square; for a plain share that is
    p(1-p). Of what is paid, where nobody can know whether more pay or each pays more: in between, nearer to the latter.
    """
    figure, moved = baseline.figure, baseline.figure + effect
    if not is_share:
        return float((moved / figure) ** _PAID_GROWS) if figure > 0 and moved > 0 else 1.0
    if figure > 0.5:
        figure, moved = 1 - figure, 1 - moved
    if figure <= 0 or moved < 0:
        return 1.0
    times, alone, spread2 = moved / figure, figure / baseline.n_a_unit, baseline.spread**2
    return max((alone * times + (spread2 - alone) * times**2) / spread2, 0.0)


@lru_cache(maxsize=256)
def drift(alpha: float, power: float, looks: int) -> float:
    """How many standard errors of the last look the true difference has to be, for `power` over equal looks."""
    return least(lambda shift: found(shift, alpha, looks), power, 10.0)


def least(reached: Callable[[float], float], power: float, most: float) -> float:
    """The least number with which so much power is reached."""
    low, high = 0.0, most
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if reached(middle) < power else (low, middle)
    return high


def found(shift: float, alpha: float, looks: int, time: float | None = None, noise: float = 1.0) -> float:
    """How probably a difference of `shift` standard errors of the last look is found on its side at one of the looks.

    `time` is rho² times the units of the last look, that for which the interval is narrowest there if it is left out; `noise`
    is how many times as large the standard error really is. By the recursion of Armitage, McPherson & Rowe (1969, JRSS A 132)
    over a Brownian motion with drift.
    """
    times = np.arange(1, looks + 1) / looks
    bounds = widening(times, tuned(1.0, alpha) if time is None else time, alpha) * np.sqrt(times)
    grid = np.linspace(-float(bounds.max()), float(bounds.max()), _GRID)
    step = grid[1] - grid[0]
    spread = noise * sqrt(1 / looks)

    def over(bound: float, start: Numbers) -> Numbers:
        return np.asarray(_above((bound - start - shift / looks) / spread))

    density = np.zeros(_GRID)
    density[_GRID // 2] = 1 / step
    kernel = np.exp(-0.5 * ((grid[None, :] - grid[:, None] - shift / looks) / spread) ** 2)
    kernel /= spread * sqrt(2 * np.pi)
    crossed = 0.0
    for bound in bounds:
        crossed += float((density * over(float(bound), grid)).sum() * step)
        density = density @ kernel * step
        inside = (bound - np.abs(grid)) / step + 0.5  # of the cell that the bound cuts a part is left
        density *= np.clip(inside, 0.0, 1.0)
    return crossed


_NORMAL = NormalDist()
_POINTS = np.linspace(-9.0, 9.0, 3601)
_TAIL = np.array([1 - _NORMAL.cdf(float(point)) for point in _POINTS])


def _above(z: Numbers) -> Numbers:
    """The upper tail of the normal distribution, from a table."""
    return np.asarray(np.interp(z, _POINTS, _TAIL))

"""Means with their 95 % intervals. A case that crashed or has no score is counted apart, never as a zero."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_Z = 1.959964


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `n` scored cases with its 95 % interval; `unscored` cases had nothing to score."""

    n: int
    mean: float
    low: float
    high: float
    unscored: int = 0

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}] n={self.n}" if self.n else "– n=0"


def proportion(scores: Sequence[bool | None]) -> Estimate:
    """The share of true scores with Wilson's interval (Wilson 1927, "Probable inference", JASA 22)."""
    scored = [bool(score) for score in scores if score is not None]
    n, unscored = len(scored), len(scores) - len(scored)
    if n == 0:
        return Estimate(0, math.nan, math.nan, math.nan, unscored)
    p, z2 = sum(scored) / n, _Z * _Z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return Estimate(n, p, max(centre - half, 0.0), min(centre + half, 1.0), unscored)


def mean(scores: Sequence[float | None]) -> Estimate:
    """The mean with the normal interval of its standard error."""
    scored = [float(score) for score in scores if score is not None]
    n, unscored = len(scored), len(scores) - len(scored)
    if n == 0:
        return Estimate(0, math.nan, math.nan, math.nan, unscored)
    m = sum(scored) / n
    spread = math.sqrt(sum((x - m) ** 2 for x in scored) / (n - 1)) if n > 1 else 0.0
    half = _Z * spread / math.sqrt(n)
    return Estimate(n, m, m - half, m + half, unscored)


def quantile(values: Sequence[float], q: float) -> float:
    """The q-quantile by linear interpolation; nan where there are no values."""
    ordered = sorted(values)
    if not ordered:
        return math.nan
    place = q * (len(ordered) - 1)
    low, high = math.floor(place), math.ceil(place)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)

"""Means with their 95 % intervals. A case that crashed or has no score is counted apart, never as a zero."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

_SEED = 20261124
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


def bootstrap(scores: Sequence[float | None], groups: Sequence[str], resamples: int = 1000) -> Estimate:
    """The mean with its percentile interval (Efron 1979), whole groups drawn: cases of one group are not independent.

    Differences of two systems on the same cases are scores too. The draws are the same for the same groups.
    """
    scored = [(float(score), group) for score, group in zip(scores, groups, strict=True) if score is not None]
    n, unscored = len(scored), len(scores) - len(scored)
    if n == 0:
        return Estimate(0, math.nan, math.nan, math.nan, unscored)
    place = {group: number for number, group in enumerate(dict.fromkeys(group for _, group in scored))}
    sums, counts = np.zeros(len(place)), np.zeros(len(place))
    for score, group in scored:
        sums[place[group]] += score
        counts[place[group]] += 1
    drawn = np.random.default_rng(_SEED).integers(len(place), size=(resamples, len(place)))
    low, high = np.percentile(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1), [2.5, 97.5])
    return Estimate(n, math.fsum(score for score, _ in scored) / n, float(low), float(high), unscored)


def quantile(values: Sequence[float], q: float) -> float:
    """The q-quantile by linear interpolation; nan where there are no values."""
    ordered = sorted(values)
    if not ordered:
        return math.nan
    place = q * (len(ordered) - 1)
    low, high = math.floor(place), math.ceil(place)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def side_by_side(summary: Mapping[str, Mapping[str, str]], title: str = "") -> str:
    """Measures of several systems as a Markdown table, one column for each system."""
    names = list(dict.fromkeys(name for measures in summary.values() for name in measures))
    lines = [f"| {title} ".replace("  ", " ") + "| " + " | ".join(summary) + " |", "|---" * (len(summary) + 1) + "|"]
    lines += [
        f"| {name} | " + " | ".join(measures.get(name, "–") for measures in summary.values()) + " |" for name in names
    ]
    return "\n".join(lines)

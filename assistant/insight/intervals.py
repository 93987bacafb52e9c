"""Intervals of 95 % for shares and means, from counts alone; nothing counted has none."""

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054  # of the normal distribution, for 95 %


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true value lies, with 95 % confidence."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `n`; `value` is their ratio, None (and no interval) where `n` is 0."""

    count: int
    n: int
    value: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of `n` values, None where there are none; its interval needs two of them."""

    n: int
    value: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Difference:
    """How much a share or mean is above another; None where either is missing. `sure` where the interval leaves out 0."""

    value: float | None
    interval: Interval | None

    @property
    def sure(self) -> bool:
        """Whether the difference is more than chance, at 95 %."""
        return self.interval is not None and (self.interval.low > 0 or self.interval.high < 0)


def wilson(count: float, n: float) -> Interval | None:
    """Wilson's interval of a share (Wilson 1927, "Probable inference", JASA 22); `n` may be an effective number."""
    if n <= 0:
        return None
    share = count / n
    spread = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    middle, scale = share + Z * Z / (2 * n), 1 + Z * Z / n
    low = 0.0 if count <= 0 else max(0.0, (middle - spread) / scale)
    high = 1.0 if count >= n else min(1.0, (middle + spread) / scale)
    return Interval(low, high)


def share(count: int, n: int) -> Share:
    """`count` of `n` with Wilson's interval."""
    return Share(count, n, count / n if n else None, wilson(count, n))


def mean(n: int, total: float, squares: float) -> Mean:
    """The mean of `n` values from their sum and the sum of their squares, with the normal interval."""
    if n == 0:
        return Mean(0, None, None)
    value = total / n
    if n == 1:
        return Mean(1, value, None)
    variance = max(0.0, (squares - total * value) / (n - 1))
    margin = Z * sqrt(variance / n)
    return Mean(n, value, Interval(value - margin, value + margin))


def difference_of_shares(now: Share, before: Share) -> Difference:
    """`now` - `before` with Newcombe's interval from Wilson's (Newcombe 1998, Statistics in Medicine 17, method 10)."""
    if now.value is None or before.value is None or now.interval is None or before.interval is None:
        return Difference(None, None)
    apart = now.value - before.value
    below = sqrt((now.value - now.interval.low) ** 2 + (before.interval.high - before.value) ** 2)
    above = sqrt((now.interval.high - now.value) ** 2 + (before.value - before.interval.low) ** 2)
    return Difference(apart, Interval(max(-1.0, apart - below), min(1.0, apart + above)))


def difference_of_means(now: Mean, before: Mean) -> Difference:
    """`now` - `before` with the normal interval for independent samples."""
    if now.value is None or before.value is None:
        return Difference(None, None)
    apart = now.value - before.value
    if now.interval is None or before.interval is None:
        return Difference(apart, None)
    margin = sqrt((now.interval.high - now.value) ** 2 + (before.interval.high - before.value) ** 2)
    return Difference(apart, Interval(apart - margin, apart + margin))

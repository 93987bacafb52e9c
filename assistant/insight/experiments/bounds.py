"""Intervals that hold at every look at once, so that peeking is allowed; and how large a share of units it takes.

Knows sums over units, not what was counted. A unit is a shopper: what one does in several conversations hangs together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

LEAST_UNITS = 30  # of an arm, before its mean is taken to be about normal
LEAST_TELLING = 5  # that are to be expected of an arm, before its interval is told: all alike but fewer say nothing
_BORROWED = 10.0  # of how many telling units the spread of both arms counts in that of one


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums over the units of an arm of y (what is counted) and n (out of how much), a number for each look.

    `varied` counts the units whose y is not 0. A mean over units is the case n = 1.
    """

    units: Numbers
    y: Numbers
    n: Numbers
    yy: Numbers
    yn: Numbers
    nn: Numbers
    varied: Numbers

    def ratio(self) -> Numbers:
        """Sum of y over sum of n; nan where there is nothing."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.y / self.n)

    def variance(self) -> Numbers:
        """The variance of the ratio: linearised, by the delta method (Deng et al. 2018, KDD, "Applying the delta method")."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = self.y / self.n
            spread = (self.yy - 2 * ratio * self.yn + ratio**2 * self.nn) / (self.units - 1)
            return np.asarray(np.maximum(spread, 0.0) * self.units / self.n**2)

    def telling(self) -> Numbers:
        """How often the rarer of both happened: units with something, or of a share what is left to all, where that is less."""
        left = self.n - self.y
        return np.where(left >= 0, np.minimum(self.varied, left), self.varied)

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(*(getattr(self, name) + getattr(other, name) for name in Moments.__dataclass_fields__))


@dataclass(frozen=True, slots=True)
class Band:
    """A difference with its interval, a number for each look; nan where there is too little to tell."""

    difference: Numbers
    low: Numbers
    high: Numbers


def moments_of(y: Numbers, n: Numbers) -> Moments:
    """The sums over the last axis: one row of units for each look, or a single row."""

    def total(values: Numbers) -> Numbers:
        return np.asarray(values.sum(axis=-1), dtype=np.float64)

    units = np.full(np.shape(total(y)), float(y.shape[-1]))
    return Moments(units, total(y), total(n), total(y * y), total(y * n), total(n * n), total((y != 0) * 1.0))


def tuned(planned: float, alpha: float) -> float:
    """rho², with which the interval is narrowest after `planned` units (Waudby-Smith et al. 2021, appendix B.2)."""
    level = -2 * np.log(alpha)
    return float((level + np.log(level) + 1) / max(planned, 1.0))


def widening(units: Numbers, rho2: float, alpha: float, *, one_sided: bool = False) -> Numbers:
    """By how many standard errors the interval reaches from the mean after so many units.

    The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2021), "Time-uniform central limit
    theory and asymptotic confidence sequences", theorem 2.2; one-sided proposition B.1: Robbins' normal mixture.
    """
    time = np.asarray(units, dtype=np.float64) * rho2
    root = np.sqrt(time + 1)
    inside = np.log1p(root / (2 * alpha)) if one_sided else np.log(root / alpha)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.sqrt(2 * (time + 1) / time * inside))


def compared(control: Moments, treated: Moments, planned: float, alpha: float, *, one_sided: bool = False) -> Band:
    """Treated less control at every look. `planned` units of both together are where the interval is narrowest.

    Of a randomised experiment: the paper's section 3, each arm's mean being its own best guess. One-sided, the lower end
    is the bound, and the upper one the bound of the other side; each holds by itself.
    """
    both = control + treated
    units = both.units
    error = np.sqrt(_settled(control, both) + _settled(treated, both))
    wide = widening(units, tuned(planned, 2 * alpha if one_sided else alpha), alpha, one_sided=one_sided) * error
    enough = (np.minimum(control.units, treated.units) >= LEAST_UNITS) & (error > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        enough &= both.telling() * np.minimum(control.n, treated.n) / both.n >= LEAST_TELLING
    difference = treated.ratio() - control.ratio()
    wide = np.where(enough, wide, np.nan)
    return Band(difference, difference - wide, difference + wide)


def _settled(arm: Moments, both: Moments) -> Numbers:
    """The variance of an arm's ratio, that few units do not make too small: some of the spread of both arms is mixed in.

    An arm in which hardly anything happened would else pass for one that is exactly known, as with a small weight. As Agresti &
    Caffo (2000, American Statistician 54) add successes and failures to two proportions; of many units nothing is left of it.
    """
    own, known = np.nan_to_num(arm.variance() * arm.units), arm.telling()
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((known * own + _BORROWED * both.variance() * both.units) / (known + _BORROWED) / arm.units)


def narrowed(band: Band) -> Band:
    """What all looks so far say together: the intersection of their intervals, which holds as each of them does."""
    low = np.fmax.accumulate(np.where(np.isnan(band.low), -np.inf, band.low))
    high = np.fmin.accumulate(np.where(np.isnan(band.high), np.inf, band.high))
    told = np.isfinite(low)
    return Band(band.difference, np.where(told, low, np.nan), np.where(told, high, np.nan))

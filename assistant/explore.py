"""Chance between nearly equal products, so that the log can later say what another order would have done.

Every place is drawn from what is left, in proportion to exp(score / temperature): Plackett–Luce (Plackett 1975, JRSS C 24).
Knows scores only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
_STEP = 0.1
_WIDEST = 15.0  # e-folds between neighbours: more of them are never drawn before the other either


@dataclass(frozen=True, slots=True)
class Drawn:
    """Which of the scored stands next on the shelf, and the probability that it stands at just this position."""

    place: int
    propensity: float


def drawn(scores: Sequence[float], size: int, temperature: float, chance: Random) -> list[Drawn]:
    """`size` places of `scores` in the order they are shown. One that stands higher for another reason than its score,
    such as variety, is worth as much as the best below it.
    """
    if not scores:
        return []
    weights = _weights(scores, temperature)
    race = [chance.expovariate(1.0) / weight for weight in weights]  # the order of arrival is a Plackett–Luce draw
    order = sorted(range(len(race)), key=lambda place: race[place])[:size]
    probable = propensities(weights, min(size, len(scores)))
    return [Drawn(place, float(probable[place, position])) for position, place in enumerate(order)]


def _weights(scores: Sequence[float], temperature: float) -> Matrix:
    falling = np.maximum.accumulate(np.asarray(scores, dtype=np.float64)[::-1])[::-1]
    gaps = np.minimum(-np.diff(falling, prepend=falling[0]) / temperature, _WIDEST)
    return np.asarray(np.exp(-gaps.cumsum()))


def propensities(weights: Matrix, size: int) -> Matrix:
    """The probability of each to stand at each of `size` positions: exact, not the product along the one order drawn.

    In the race of exponential arrivals with these rates, one that arrives at time t stands behind as many as have arrived
    by then: a Poisson-binomial count, integrated over t on a logarithmic grid.
    """
    low, high = -np.log(weights.sum()) - 16.0, -np.log(weights.min()) + 4.0
    log_time = np.arange(low, high, _STEP)
    time = np.exp(log_time)
    arrived = -np.expm1(-np.outer(time, weights))
    found = np.zeros((len(weights), size))
    for one, rate in enumerate(weights):
        ahead = np.zeros((len(time), size))
        ahead[:, 0] = 1.0
        for other in range(len(weights)):
            if other != one:
                there = arrived[:, other, None]
                ahead[:, 1:] = ahead[:, 1:] * (1 - there) + ahead[:, :-1] * there
                ahead[:, :1] *= 1 - there
        arrives = rate * time * np.exp(-rate * time)
        found[one] = (arrives[:, None] * ahead).sum(axis=0) * _STEP
    return np.asarray(np.clip(found, 0.0, 1.0))

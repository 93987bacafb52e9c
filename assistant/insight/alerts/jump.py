"""How surprising a count is after its own past: the chance of as many hits or more, or as few or fewer, were all as it was.

Each past block (an hour or a day) is taken as binomial with a rate of its own, drawn from one beta distribution, since days
differ by more than chance. Its mean and spread are not known but believed by what the blocks say, so a short or restless
past makes nothing surprising. This is the posterior predictive of the beta-binomial model (Gelman et al., Bayesian Data
Analysis, 3rd ed., ch. 5), summed over a grid.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrc, gammaln

Array = NDArray[np.float64]

_SPREADS = np.geomspace(1e-5, 0.3, 30)  # how much blocks differ: their correlation within; each decade is as likely
_MEANS = 31
_REACH = 5.0  # standard errors on either side within which the mean is looked for
_LOGITS = np.linspace(-15.0, 7.0, 1761)  # of the rate in the window
_LOG_P = -np.logaddexp(0, -_LOGITS)
_LOG_Q = -np.logaddexp(0, _LOGITS)
_P = np.exp(_LOG_P)


@dataclass(frozen=True, slots=True)
class Window:
    """What was counted lately: `hits` of `trials`, over `blocks` blocks of the past's length."""

    trials: int
    hits: int
    blocks: int = 1


def surprise(past_trials: Sequence[int], past_hits: Sequence[int], window: Window) -> float:
    """The chance of `window.hits` or more among its trials, were its rate like those of the past; 1 without a past.

    Blocks without trials say nothing. ValueError where hits outnumber trials.
    """
    rates = _rates_after(past_trials, past_hits, window)
    if rates is None or window.hits == 0:
        return 1.0
    return float(min(1.0, rates @ bdtrc(window.hits - 1, window.trials, _P)))


def surprise_of_few(past_trials: Sequence[int], past_hits: Sequence[int], window: Window) -> float:
    """The same for `window.hits` or fewer."""
    rates = _rates_after(past_trials, past_hits, window)
    return 1.0 if rates is None else float(min(1.0, rates @ bdtr(window.hits, window.trials, _P)))


def _rates_after(past_trials: Sequence[int], past_hits: Sequence[int], window: Window) -> Array | None:
    """The weight of each rate of the grid in the window; None without a past."""
    n, x = np.asarray(past_trials, dtype=float), np.asarray(past_hits, dtype=float)
    if np.any(x > n) or np.any(x < 0) or not 0 <= window.hits <= window.trials:
        raise ValueError("there must be at most as many hits as trials")
    n, x = n[n > 0], x[n > 0]
    if not len(n):
        return None
    means, spreads, belief = _believed(n, x)
    return _rates(means, spreads / window.blocks, belief)


def _believed(n: Array, x: Array) -> tuple[Array, Array, Array]:
    """Means and spreads of the rate, flattened, and how far each pair of them is to be believed."""
    middle = (x.sum() + 0.5) / (n.sum() + 1)
    rough = _roughness(n, x, middle)
    error = np.sqrt(rough / (n.sum() * middle * (1 - middle)))
    logits = np.log(middle / (1 - middle)) + np.linspace(-_REACH, _REACH, _MEANS) * max(error, 1e-3)
    means, spreads = (grid.ravel() for grid in np.meshgrid(1 / (1 + np.exp(-logits)), _SPREADS, indexing="ij"))
    size = (1 - spreads) / spreads
    a, b = (means * size)[:, None], ((1 - means) * size)[:, None]
    likely = _log_beta(a + x, b + n - x).sum(axis=1) - len(n) * _log_beta(a, b)[:, 0]
    belief = np.exp(likely - likely.max())
    return means, spreads, belief / belief.sum()


def _roughness(n: Array, x: Array, middle: float) -> float:
    """How many times more the blocks differ than by chance alone, at least once."""
    if len(n) < 2:
        return 4.0
    chance = n * middle * (1 - middle)
    return float(max(1.0, ((x - n * middle) ** 2 / chance).sum() / (len(n) - 1)))


def _rates(means: Array, spreads: Array, belief: Array) -> Array:
    """The weight of each rate of the grid in the window."""
    kept = belief > belief.max() * 1e-9
    size = (1 - spreads[kept]) / spreads[kept]
    a, b = (means[kept] * size)[:, None], ((1 - means[kept]) * size)[:, None]
    density = np.exp(a * _LOG_P + b * _LOG_Q - _log_beta(a, b))
    density /= density.sum(axis=1, keepdims=True)
    found: Array = belief[kept] @ density
    return found


def _log_beta(a: Array, b: Array) -> Array:
    found: Array = gammaln(a) + gammaln(b) - gammaln(a + b)
    return found

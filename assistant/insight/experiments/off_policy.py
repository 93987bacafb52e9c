"""What another way of showing would have brought, from what was shown by chance and how probable that was.

Rows are one product at one position each. `target` is the probability with which the other way puts this product there, so
the figure is a mean per position shown (item-position model: Li et al. 2018, KDD, "Offline evaluation of ranking policies").
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from assistant.insight.experiments.bounds import Numbers

_FOLDS = 5
_SMALL_EFFECTIVE = 50.0
Rows = NDArray[np.int64]
Predict = Callable[[Numbers], Numbers]


@dataclass(frozen=True)
class Logged:
    """What was shown: the reward of each row, its probability under the log's policy and under the other, and its unit.

    Rows of a unit (a turn, a shopper) hang together, and the intervals say so.
    """

    reward: Numbers
    propensity: Numbers
    target: Numbers
    unit: Rows

    def __post_init__(self) -> None:
        if not len(self.reward):
            raise ValueError("nothing was logged")
        if not (self.propensity > 0).all():
            raise ValueError("what was shown must have been possible: a propensity is 0")

    @property
    def weights(self) -> Numbers:
        return np.asarray(self.target / self.propensity)


@dataclass(frozen=True, slots=True)
class Value:
    """An estimate with its interval. `effective` is how many rows of the other way itself would tell as much."""

    mean: float
    low: float
    high: float
    effective: float

    @property
    def thin(self) -> bool:
        """Whether too little of the log is like the other way to rely on it."""
        return self.effective < _SMALL_EFFECTIVE


def on_policy(reward: Numbers, unit: Rows, confidence: float = 0.95) -> Value:
    """The plain mean of what was shown."""
    return _value(reward, np.ones_like(reward), unit, float(len(reward)), confidence)


def ips(log: Logged, confidence: float = 0.95) -> Value:
    """Inverse propensity scoring (Horvitz & Thompson 1952): unbiased, and wide where the two ways differ much."""
    return _value(log.weights * log.reward, np.ones_like(log.reward), log.unit, _effective(log), confidence)


def snips(log: Logged, confidence: float = 0.95) -> Value:
    """The same over the sum of weights (Swaminathan & Joachims 2015, NeurIPS): a little biased, and narrower."""
    return _value(log.weights * log.reward, log.weights, log.unit, _effective(log), confidence)


def doubly_robust(log: Logged, predicted: Numbers, expected: Numbers, confidence: float = 0.95) -> Value:
    """A model of the reward, corrected by what it missed (Dudík, Langford & Li 2011, ICML); right if either is.

    `predicted` is the model's reward of what was shown, `expected` that of what the other way would show in its place.
    """
    terms = expected + log.weights * (log.reward - predicted)
    return _value(terms, np.ones_like(terms), log.unit, _effective(log), confidence)


def cross_fitted(features: Numbers, reward: Numbers, unit: Rows) -> tuple[Rows, list[Predict]]:
    """Logistic models of a reward of 0 or 1, each fitted without one fold of units: the fold of each row, and the models.

    Every row is predicted by the model that has not seen its unit (Chernozhukov et al. 2018, Econometrics Journal 21).
    """
    from sklearn.linear_model import LogisticRegression

    fold = np.asarray(unit % _FOLDS, dtype=np.int64)
    models: list[Predict] = []
    for left_out in range(_FOLDS):
        known = fold != left_out
        if len(set(reward[known])) < 2:
            models.append(_constant(float(reward[known].mean()) if known.any() else 0.0))
            continue
        model = LogisticRegression(C=0.1, max_iter=500).fit(features[known], reward[known])
        models.append(lambda rows, model=model: np.asarray(model.predict_proba(rows)[:, 1]))  # type: ignore[misc]
    return fold, models


def by_fold(fold: Rows, models: Sequence[Predict], features: Numbers) -> Numbers:
    """The predicted reward of rows, each by the model of its own fold."""
    found = np.zeros(len(features))
    for number, model in enumerate(models):
        here = fold == number
        if here.any():
            found[here] = model(features[here])
    return found


def _constant(value: float) -> Predict:
    return lambda rows: np.full(len(rows), value)


def _value(terms: Numbers, weights: Numbers, unit: Rows, effective: float, confidence: float) -> Value:
    """The ratio of two sums, with the interval of its linearised sums by unit."""
    total = float(weights.sum())
    if total <= 0:
        return Value(float("nan"), float("nan"), float("nan"), 0.0)
    mean = float(terms.sum()) / total
    _, place = np.unique(unit, return_inverse=True)
    left = np.bincount(place, terms - mean * weights)
    count = len(left)
    error = float(np.sqrt((left**2).sum() * count / max(count - 1, 1))) / total
    half = NormalDist().inv_cdf(0.5 + confidence / 2) * error
    return Value(mean, mean - half, mean + half, effective)


def _effective(log: Logged) -> float:
    squares = float((log.weights**2).sum())
    return float(log.weights.sum()) ** 2 / squares if squares else 0.0

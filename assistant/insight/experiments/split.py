"""Whether units were split as planned. A split that is not means that something lost or favoured some: trust no figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log

from scipy.special import gammaincc

LEVEL = 0.01
_CONCENTRATION = 1000.0  # how near to the plan a faulty split is expected: a share off by one or two points


@dataclass(frozen=True, slots=True)
class Period:
    """How many units met each arm while the split was planned to be `weights`, in batches in the order they came."""

    weights: tuple[float, ...]
    batches: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class SplitCheck:
    """`p` holds however often one looks; `chi_square_p` only for a single look. `counts` and `expected` are by arm."""

    counts: tuple[int, ...]
    expected: tuple[float, ...]
    p: float
    chi_square_p: float

    @property
    def as_planned(self) -> bool:
        return self.p >= LEVEL


def split_check(periods: Sequence[Period]) -> SplitCheck:
    """The multinomial mixture test of Lindon & Malek (2022, NeurIPS), "Anytime-valid inference for multinomial count data".

    Its e-values of periods with different weights multiply. The p-value is one over the largest that was ever reached.
    """
    arms = len(periods[0].weights)
    counts, expected = [0] * arms, [0.0] * arms
    before, largest = 0.0, 0.0
    for period in periods:
        shares = [weight / sum(period.weights) for weight in period.weights]
        here, now = [0] * arms, 0.0
        for batch in period.batches:
            here = [one + more for one, more in zip(here, batch, strict=True)]
            now = log_evidence(here, shares)
            largest = max(largest, before + now)
        before += now
        counts = [one + more for one, more in zip(counts, here, strict=True)]
        expected = [one + sum(here) * share for one, share in zip(expected, shares, strict=True)]
    p = min(1.0, exp(-min(largest, 700.0)))
    return SplitCheck(tuple(counts), tuple(expected), p, _chi_square_p(counts, expected))


def _chi_square_p(counts: Sequence[int], expected: Sequence[float]) -> float:
    """The p-value of Pearson's test (Pearson 1900), for one look at the end."""
    if not sum(counts):
        return 1.0
    distance = sum((one - due) ** 2 / due for one, due in zip(counts, expected, strict=True))
    return float(gammaincc((len(counts) - 1) / 2, distance / 2))


def log_evidence(counts: Sequence[int], shares: Sequence[float], concentration: float = _CONCENTRATION) -> float:
    """Logarithm of the Bayes factor of a Dirichlet mixture around `shares` against exactly these."""
    total = sum(counts)
    found = lgamma(concentration) - lgamma(total + concentration)
    for count, share in zip(counts, shares, strict=True):
        prior = concentration * share
        found += lgamma(count + prior) - lgamma(prior) - count * log(share)
    return found

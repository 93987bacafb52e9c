"""How good a ranking is, given the gain of every product that answers: measured over the first ten places."""

import math
from collections.abc import Mapping, Sequence

DEPTH = 10


def ndcg(ranked: Sequence[str], gains: Mapping[str, float], depth: int = DEPTH) -> float:
    """Discounted gain over that of the best order (Järvelin & Kekäläinen 2002, ACM TOIS 20); gains are not exponentiated."""
    best = _discounted(sorted(gains.values(), reverse=True)[:depth])
    return _discounted([gains.get(id, 0.0) for id in ranked[:depth]]) / best if best else 0.0


def recall(ranked: Sequence[str], gains: Mapping[str, float], depth: int = DEPTH) -> float:
    """The share of the products of gain 1 that stand among the first `depth`, of as many as can stand there."""
    right = {id for id, gain in gains.items() if gain >= 1}
    return len(right.intersection(ranked[:depth])) / min(depth, len(right)) if right else 0.0


def reciprocal_rank(ranked: Sequence[str], gains: Mapping[str, float], depth: int = DEPTH) -> float:
    """One over the place of the first product of gain 1; 0 where none stands among the first `depth`."""
    return next((1 / place for place, id in enumerate(ranked[:depth], 1) if gains.get(id, 0.0) >= 1), 0.0)


def _discounted(gains: Sequence[float]) -> float:
    return math.fsum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))

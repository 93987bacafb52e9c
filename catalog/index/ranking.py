"""The best of many scores, without sorting them all."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]

_SAMPLE = 64  # every so many scores one is looked at to guess where the best begin


def highest(scores: NDArray[Any], limit: int, above: float) -> Rows:
    """The places of the `limit` highest of the scores over `above`, best first, the lower place first among equals.

    Where scores are many, a sample tells how high one must be to come in question.
    """
    floor = above
    if len(scores) > 50 * limit:
        sample = scores[::_SAMPLE]
        wanted = min(2 * limit // _SAMPLE + 8, len(sample) - 1)
        floor = max(np.partition(sample, -wanted)[-wanted].item(), above)
    rows = np.flatnonzero(scores > floor)
    if floor > above and len(rows) < limit:
        rows = np.flatnonzero(scores > above)
    return rows[np.argsort(-scores[rows], kind="stable")[:limit]]


def nearest_rows(
    owners: NDArray[np.int32], cosines: NDArray[np.float32], limit: int
) -> tuple[Rows, NDArray[np.float32]]:
    """Of passages with their owners the best `limit` owners and their highest cosines, best first."""
    order = np.lexsort((owners, -cosines))
    rows, first = np.unique(owners[order], return_index=True)
    best = np.argsort(first, kind="stable")[:limit]
    return rows[best].astype(np.int64), cosines[order][first[best]]

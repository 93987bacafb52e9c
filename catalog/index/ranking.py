"""The best of many scores, without sorting them all."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]

_SAMPLE = 4096  # scores, at least, that are looked at to guess where the best begin


def highest(scores: NDArray[Any], limit: int, above: float, allowed: NDArray[np.bool_] | None = None) -> Rows:
    """The places of the `limit` highest of the allowed scores over `above`, best first, the lower place first of equals.

    Where scores are many, a sample tells how high one must be to come in question.
    """

    def over(floor: float) -> Rows:
        found = scores > floor
        return np.flatnonzero(found if allowed is None else found & allowed)

    floor = above
    if len(scores) > 50 * limit:
        step = max(len(scores) // _SAMPLE, 1)
        sample = scores[::step] if allowed is None else scores[::step][allowed[::step]]
        wanted = 2 * limit // step + 8
        if wanted < len(sample):
            floor = max(np.partition(sample, -wanted)[-wanted].item(), above)
    rows = over(floor)
    if floor > above and len(rows) < limit:
        rows = over(above)
    return rows[np.argsort(-scores[rows], kind="stable")[:limit]]


def nearest_rows(
    owners: NDArray[np.int32], cosines: NDArray[np.float32], limit: int
) -> tuple[Rows, NDArray[np.float32]]:
    """Of passages with their owners the best `limit` owners and their highest cosines, best first."""
    order = np.lexsort((owners, -cosines))
    rows, first = np.unique(owners[order], return_index=True)
    best = np.argsort(first, kind="stable")[:limit]
    return rows[best].astype(np.int64), cosines[order][first[best]]

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


def dots(matrix: NDArray[np.float32], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """The product of each row of `matrix` with `vector`, in this thread.

    BLAS would wake one thread for every core, and these spin for longer than a search takes: torch's product of bytes took
    40 ms beside them and 21 without.
    """
    found: NDArray[np.float32] = np.einsum("ij,j->i", matrix, vector)
    return found


def nearest_rows(
    owners: NDArray[np.int32], cosines: NDArray[np.float32], limit: int
) -> tuple[Rows, NDArray[np.float32]]:
    """Of passages with their owners the best `limit` owners and their highest cosines, best first."""
    order = np.lexsort((owners, -cosines))
    rows, first = np.unique(owners[order], return_index=True)
    best = np.argsort(first, kind="stable")[:limit]
    return rows[best].astype(np.int64), cosines[order][first[best]]

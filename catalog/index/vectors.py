"""The vectors of an index in a file, and the exact nearest of any chosen rows.

Many rows are first looked through in their leading principal components, 128 numbers instead of 384; the best of them
are then compared exactly. With 64 a tenth of the nearest ten of 250,000 was missed, with 128 none.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Rows = NDArray[np.int64]

_SKETCH = 128
_FIT = 20_000  # vectors from which the components are computed
_PIECE = 50_000
_FEW = 4_000  # passages that are compared exactly without a look at the components
_MANY = 0.25  # share of passages from which on all are looked through, which costs less than picking some
_KEPT = 8  # times as many are compared exactly as are asked for, and at least `_FEW` / 4


class VectorsWriter:
    """Takes the vectors of rows in ascending order; one row may have several."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO = path.with_suffix(".f32").open("wb")
        self._owners: list[int] = []
        self._dimensions = 0

    def add(self, row: int, vectors: Sequence[Matrix]) -> None:
        for vector in vectors:
            self._file.write(np.ascontiguousarray(vector, dtype="<f4").tobytes())
            self._owners.append(row)
            self._dimensions = len(vector)

    def finish(self) -> None:
        """Close the file and sketch what it holds."""
        self._file.close()
        np.save(self._path.with_suffix(".owners.npy"), np.asarray(self._owners, dtype=np.int32))
        matrix = _matrix(self._path, len(self._owners))
        components = _components(matrix)
        sketch = np.lib.format.open_memmap(
            self._path.with_suffix(".sketch.npy"), "w+", np.float32, (len(matrix), components.shape[1])
        )
        for start in range(0, len(matrix), _PIECE):
            sketch[start : start + _PIECE] = matrix[start : start + _PIECE] @ components
        sketch.flush()
        np.save(self._path.with_suffix(".components.npy"), components)


class Vectors:
    """The vectors that a writer left at `path`, mapped into memory."""

    def __init__(self, path: Path) -> None:
        self.owners: NDArray[np.int32] = np.load(path.with_suffix(".owners.npy"))
        self.matrix = _matrix(path, len(self.owners))
        self._sketch: Matrix = np.load(path.with_suffix(".sketch.npy"), mmap_mode="r").view(np.ndarray)
        self._components = np.load(path.with_suffix(".components.npy"))
        self._alone = bool(np.array_equal(self.owners, np.arange(len(self.owners))))

    def nearest(self, vector: Matrix, allowed: NDArray[np.bool_] | None, limit: int) -> tuple[Rows, Matrix]:
        """The `limit` allowed rows nearest to a unit vector, and the cosines of their nearest passages, best first."""
        passages = self._passages(allowed)
        if not len(passages):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        if len(passages) > _FEW:
            near = self._sketched(passages, vector @ self._components)
            kept = min(max(_KEPT * limit, _FEW // 4), len(passages) - 1)
            passages = passages[np.argpartition(near, -kept)[-kept:]]
        cosines = self.matrix[passages] @ vector
        return nearest_rows(self.owners[passages], cosines, limit)

    def of_row(self, row: int) -> Matrix:
        """The vectors of one row, shape (passages, dimensions)."""
        start, end = np.searchsorted(self.owners, [row, row + 1])
        return self.matrix[start:end]

    def cosines(self, rows: Rows, vector: Matrix) -> Matrix:
        """The cosine of the nearest passage of each of `rows`, shape (len(rows),)."""
        starts, ends = np.searchsorted(self.owners, rows), np.searchsorted(self.owners, rows + 1)
        best = self.matrix[starts] @ vector if len(rows) else np.zeros(0, dtype=np.float32)
        for more in range(1, int((ends - starts).max(initial=1))):
            held = np.flatnonzero(starts + more < ends)
            best[held] = np.maximum(best[held], self.matrix[starts[held] + more] @ vector)
        return best

    def _passages(self, allowed: NDArray[np.bool_] | None) -> Rows:
        if allowed is None:
            return np.arange(len(self.owners))
        return np.flatnonzero(allowed if self._alone else allowed[self.owners])

    def _sketched(self, passages: Rows, vector: Matrix) -> Matrix:
        """The sketched cosines of some passages."""
        if len(passages) < _MANY * len(self.owners):
            return self._sketch[passages] @ vector
        near = self._sketch @ vector
        return near if len(passages) == len(near) else near[passages]


def nearest_rows(owners: NDArray[np.int32], cosines: Matrix, limit: int) -> tuple[Rows, Matrix]:
    """Of passages with their owners the best `limit` owners and their highest cosines, best first."""
    order = np.lexsort((owners, -cosines))
    rows, first = np.unique(owners[order], return_index=True)
    best = np.argsort(first, kind="stable")[:limit]
    return rows[best].astype(np.int64), cosines[order][first[best]]


def _matrix(path: Path, count: int) -> Matrix:
    file = path.with_suffix(".f32")
    if not count:
        return np.zeros((0, 1), dtype=np.float32)
    mapped = np.memmap(file, dtype="<f4", mode="r", shape=(count, file.stat().st_size // 4 // count))
    matrix: Matrix = mapped.view(np.ndarray)
    return matrix


def _components(matrix: Matrix) -> Matrix:
    """The directions in which the vectors differ most, as columns; without taking out the mean, whose part is the same
    for all vectors of a query.
    """
    some = np.asarray(matrix[:: max(1, len(matrix) // _FIT)], dtype=np.float32)
    _, directions = np.linalg.eigh(some.T @ some)
    return np.ascontiguousarray(directions[:, ::-1][:, :_SKETCH].astype(np.float32))

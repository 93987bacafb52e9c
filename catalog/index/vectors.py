"""The vectors of an index in a file, and the nearest of any chosen rows.

A few are compared exactly; of many, those that come first in a sketch of them.
"""

import mmap
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from catalog.index.ranking import dots, nearest_rows
from catalog.index.sketch import Sketch, write_sketch

Matrix = NDArray[np.float32]
Rows = NDArray[np.int64]

_FEW = 2_000  # passages that are compared exactly without a look at the sketch
_KEPT, _LEAST = 3, 500  # times as many are compared exactly as are asked for, and so many at least


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
        write_sketch(self._path.with_name(f"{self._path.name}.sketch"), _matrix(self._path, len(self._owners)))


class Vectors:
    """The vectors that a writer left at `path`, mapped into memory."""

    def __init__(self, path: Path) -> None:
        self.owners: NDArray[np.int32] = np.load(path.with_suffix(".owners.npy"))
        self.matrix = _matrix(path, len(self.owners))
        self._sketch = Sketch(path.with_name(f"{path.name}.sketch"))
        self._alone = bool(np.array_equal(self.owners, np.arange(len(self.owners))))

    def nearest(self, vector: Matrix, allowed: NDArray[np.bool_] | None, limit: int) -> tuple[Rows, Matrix]:
        """The `limit` allowed rows nearest to a unit vector, and the cosines of their nearest passages, best first."""
        held = allowed if allowed is None or self._alone else allowed[self.owners]
        count = len(self.owners) if held is None else int(np.count_nonzero(held))
        if count <= _FEW:
            passages = np.arange(count) if held is None else np.flatnonzero(held)
        else:
            passages = self._sketch.nearest(vector, held, max(_KEPT * limit, _LEAST))
        if not len(passages):
            return passages, np.zeros(0, dtype=np.float32)
        cosines = dots(self.matrix.take(passages, axis=0), vector)
        if self._alone:
            best = np.lexsort((passages, -cosines))[:limit]
            return passages[best], cosines[best]
        return nearest_rows(self.owners[passages], cosines, limit)

    def of_row(self, row: int) -> Matrix:
        """The vectors of one row, shape (passages, dimensions)."""
        start, end = np.searchsorted(self.owners, np.asarray([row, row + 1], dtype=self.owners.dtype))
        return self.matrix[start:end]

    def cosines(self, rows: Rows, vector: Matrix) -> Matrix:
        """The cosine of the nearest passage of each of `rows`, shape (len(rows),)."""
        if not len(rows):
            return np.zeros(0, dtype=np.float32)
        if self._alone:
            return dots(self.matrix.take(rows, axis=0), vector)
        wanted = rows.astype(self.owners.dtype)  # of another type, all owners would be converted each time
        starts, ends = np.searchsorted(self.owners, wanted), np.searchsorted(self.owners, wanted + 1)
        best = dots(self.matrix.take(starts, axis=0), vector)
        for more in range(1, int((ends - starts).max(initial=1))):
            held = np.flatnonzero(starts + more < ends)
            best[held] = np.maximum(best[held], dots(self.matrix.take(starts[held] + more, axis=0), vector))
        return best


def _matrix(path: Path, count: int) -> Matrix:
    file = path.with_suffix(".f32")
    if not count:
        return np.zeros((0, 1), dtype=np.float32)
    mapped = np.memmap(file, dtype="<f4", mode="r", shape=(count, file.stat().st_size // 4 // count))
    if hasattr(mmap, "MADV_WILLNEED"):  # rows are read here and there: from a cold disk a search took half a second
        mapped._mmap.madvise(mmap.MADV_WILLNEED)  # type: ignore[attr-defined]
    matrix: Matrix = mapped.view(np.ndarray)
    return matrix

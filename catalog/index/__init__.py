"""What search reads, made from the tables and rebuilt from them at will: a snapshot in files, and Chroma beside it."""

import math
import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalog.embed import Embedder
from catalog.errors import StaleIndexError
from catalog.index.chroma import Passages
from catalog.index.ranking import nearest_rows
from catalog.index.snapshot import Indexed, Snapshot, being_written, folder_of, snapshot, sweep
from catalog.index.vectors import Matrix
from catalog.progress import Progress
from catalog.staging import chunks
from catalog.tables import CatalogTables
from catalog.vectors import VectorTable

__all__ = ["CatalogIndex", "Snapshot"]

Rows = NDArray[np.int64]

_COMMON = 0.2  # share of rows from which on Chroma is asked and what is not allowed is left out of its answer
_MARGIN = 1.5
_LEAST, _MOST = 600, 3000  # passages that Chroma is asked for
_SURE = 100_000  # passages up to which HNSW's recall was at least 0.99; at 250,000 it was 0.98
_TRIES = 5


class CatalogIndex:
    """Keeps the snapshots in `home`/index and the vectors in `home`/chroma or on the Chroma server at `url`.

    With `alone=False` Chroma stays closed: another process may be serving, and search goes through the snapshot only.
    Raises CatalogError where the Chroma folder is taken, StaleIndexError where Chroma cannot be opened.
    """

    def __init__(self, embedder: Embedder, home: Path, *, url: str | None = None, alone: bool = True) -> None:
        self._embedder = embedder
        self._home = home
        self._query = lru_cache(maxsize=256)(embedder.query)  # one turn may search several times for one wish
        self.chroma = (
            Passages(embedder.name, folder=None if url else home / "chroma", url=url) if alone or url else None
        )

    def close(self) -> None:
        """Let go of Chroma; snapshots that are open stay readable."""
        if self.chroma:
            self.chroma.close()

    @property
    def embedder(self) -> Embedder:
        return self._embedder

    def query(self, text: str) -> Matrix:
        """The unit vector of a query, remembered for a while."""
        return self._query(text)

    def open(self, tables: CatalogTables, progress: Progress | None = None) -> Snapshot:
        """The snapshot of the catalogue as it is published now; what is missing is embedded and written first."""
        for _ in range(_TRIES):
            version = tables.version()
            folder = folder_of(self._home / "index", self._embedder.name, version)
            self._complete(tables, progress)
            opened = snapshot(folder, lambda: self._indexed(tables, progress))
            if opened.version == version:
                break
        else:
            raise StaleIndexError("the catalogue changes faster than it can be indexed: wait for the imports to end")
        if self.chroma:
            self.chroma.sync(version, opened.texts(), opened.passages(), progress)
        sweep(folder)
        return opened

    def current(self, tables: CatalogTables) -> Snapshot | None:
        """The snapshot of the catalogue as it is published now, where there is one."""
        folder = folder_of(self._home / "index", self._embedder.name, tables.version())
        return Snapshot(folder) if (folder / "rows.json").exists() else None

    def being_written(self) -> bool:
        """Whether another process, an import most likely, is writing a snapshot."""
        return being_written(self._home / "index")

    def clear(self) -> None:
        """Drop all snapshots and what is in Chroma; `open` makes them anew."""
        shutil.rmtree(self._home / "index", ignore_errors=True)
        if self.chroma:
            self.chroma.clear()

    def nearest(
        self, opened: Snapshot, vector: Matrix, allowed: NDArray[np.bool_] | None, limit: int
    ) -> tuple[Rows, Matrix]:
        """The `limit` allowed rows of a snapshot nearest to a unit vector, and their cosines, best first.

        Where many rows are allowed Chroma's HNSW answers and the rest is left out; where few are, the snapshot is looked
        through, since recall of HNSW and the speed of Chroma's `where` both fall with the share that is allowed, and
        recall falls with the size of the catalogue too.
        """
        share = 1.0 if allowed is None else np.count_nonzero(allowed) / max(len(allowed), 1)
        few = 0 < len(opened.vectors.owners) <= _SURE
        if self.chroma and self.chroma.version == opened.version and few and share >= _COMMON:
            found = self._through_chroma(self.chroma, opened, vector, allowed, limit, share)
            if len(found[0]) == limit:
                return found
        return opened.vectors.nearest(vector, allowed, limit)

    def _through_chroma(
        self,
        chroma: Passages,
        opened: Snapshot,
        vector: Matrix,
        allowed: NDArray[np.bool_] | None,
        limit: int,
        share: float,
    ) -> tuple[Rows, Matrix]:
        languages = len(opened.vectors.owners) / max(len(opened), 1)
        wanted = max(_LEAST, math.ceil(limit * languages / share * _MARGIN))
        if wanted > _MOST:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        keys, distances = chroma.nearest(vector, wanted)
        owners = np.asarray([opened.row.get(key.rpartition("@")[0], -1) for key in keys], dtype=np.int32)
        near = 1 - np.asarray(distances, dtype=np.float32)
        held = owners >= 0
        if allowed is not None:
            held &= allowed[owners]
        return nearest_rows(owners[held], near[held], limit)

    def _complete(self, tables: CatalogTables, progress: Progress | None) -> None:
        """Embed what the published catalogue lacks, as after a change of the embedder."""
        vectors = VectorTable(tables, self._embedder)
        total, done = vectors.missing(), 0
        if total:
            for listings in chunks(list(vectors.without())):
                done += vectors.embed(list(tables.fetch(listings).values()))
                if progress:
                    progress("passages embedded", done, total)

    def _indexed(self, tables: CatalogTables, progress: Progress | None) -> Iterator[Indexed]:
        vectors = VectorTable(tables, self._embedder)
        total, done = len(tables), 0
        for chunk in chunks(tables.listings()):
            found = vectors.of_listings([listing for listing, _ in chunk])
            for listing, product in chunk:
                yield Indexed(listing, product, found.get(listing, ()))
            done += len(chunk)
            if progress:
                progress("products indexed", done, total)

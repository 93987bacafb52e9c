"""The collection in Chroma: which passages of the whole catalogue are near a query.

One process at a time may open a folder, so whoever has it open holds a lock on it. The collection says of which version
of the catalogue it is, and answers for no other.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.errors import FolderTaken, StaleIndexError
from catalog.lock import FolderLock
from catalog.progress import Progress

Matrix = NDArray[np.float32]

_BATCH = 4000  # Chroma takes 5,461 at most


class Passages:
    """The vectors of passages in a Chroma folder (`folder` given), a Chroma server (`url` given) or memory.

    Raises CatalogError where the folder is taken, StaleIndexError where Chroma cannot be opened.
    """

    def __init__(self, name: str, *, folder: Path | None = None, url: str | None = None) -> None:
        if folder and not url:
            _make(folder)
        self._lock = _lock(folder) if folder and not url else None
        try:
            self._client = _client(folder, url)
            self._collection = _collection(self._client, name)
        except StaleIndexError:
            self._unlock()
            raise
        self.version = str((self._collection.metadata or {}).get("version", ""))

    def close(self) -> None:
        """Let go of Chroma and of the folder."""
        self.version = ""
        self._client.close()
        self._unlock()

    def sync(
        self, version: str, wanted: Mapping[str, str], vectors: Iterator[tuple[str, Matrix]], progress: Progress | None
    ) -> None:
        """Bring the collection to `version`: `wanted` maps every passage to the digest of its text, `vectors` gives all.

        While it is on its way the collection answers for no version.
        """
        if self.version == version and self._collection.count() == len(wanted):
            return
        self._say("")
        known = self.known()
        gone = [key for key in known if key not in wanted]
        for start in range(0, len(gone), _BATCH):
            self._collection.delete(ids=gone[start : start + _BATCH])
        todo = sum(known.get(key) != text for key, text in wanted.items())
        done = 0
        for batch in _batches((key, v) for key, v in vectors if known.get(key) != wanted[key]):
            keys = [key for key, _ in batch]
            self._collection.upsert(
                ids=keys, embeddings=[v for _, v in batch], metadatas=[{"text": wanted[key]} for key in keys]
            )
            done += len(batch)
            if progress:
                progress("vectors put into Chroma", done, todo)
        self._say(version)

    def known(self) -> dict[str, str]:
        """Every passage that the collection holds, with the digest of its text."""
        known: dict[str, str] = {}
        for page in self._pages(["metadatas"]):
            texts = (metadata.get("text", "") for metadata in page["metadatas"])
            known.update(zip(page["ids"], texts, strict=True))
        return known

    def vectors(self) -> Iterator[tuple[str, Matrix]]:
        """Every passage with its vector."""
        for page in self._pages(["embeddings"]):
            yield from zip(page["ids"], page["embeddings"], strict=True)

    def nearest(self, vector: Matrix, limit: int) -> tuple[Sequence[str], Sequence[float]]:
        """The `limit` passages nearest to a unit vector by HNSW, and their cosine distances."""
        found = self._collection.query(query_embeddings=[vector], n_results=limit, include=["distances"])
        return found["ids"][0], found["distances"][0]

    def clear(self) -> None:
        """Drop everything, to be filled anew by `sync`."""
        name = self._collection.name
        self._client.delete_collection(name)
        self._collection = _named(self._client, name)
        self.version = ""

    def _say(self, version: str) -> None:
        self.version = ""
        self._collection.modify(metadata={"version": version})
        self.version = version

    def _pages(self, include: list[str]) -> Iterable[Any]:
        for offset in range(0, self._collection.count(), _BATCH):
            yield self._collection.get(include=include, limit=_BATCH, offset=offset)

    def _unlock(self) -> None:
        if self._lock:
            self._lock.close()


def _batches(pairs: Iterator[tuple[str, Matrix]]) -> Iterator[list[tuple[str, Matrix]]]:
    batch: list[tuple[str, Matrix]] = []
    for pair in pairs:
        batch.append(pair)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _lock(folder: Path) -> FolderLock:
    try:
        return FolderLock(folder)
    except FolderTaken as error:
        way = f"serve it with `chroma run --path {folder}` and set AISLE_CHROMA_URL for both"
        raise FolderTaken(f"the index in {error}: stop that one, or {way}") from error


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StaleIndexError(f"the index needs the folder {folder}, which cannot be made: {error.strerror}") from error


def _client(folder: Path | None, url: str | None) -> Any:
    import chromadb
    from chromadb.config import Settings
    from chromadb.errors import ChromaError

    quiet = Settings(anonymized_telemetry=False)
    try:
        if url:
            parts = re.fullmatch(r"(https?)://([^:/]+)(?::(\d+))?/?", url)
            if not parts:
                raise StaleIndexError(f"AISLE_CHROMA_URL is {url!r}: http://HOST:PORT is expected")
            return chromadb.HttpClient(
                host=parts[2], port=int(parts[3] or 8000), ssl=parts[1] == "https", settings=quiet
            )
        if folder:
            return chromadb.PersistentClient(path=str(folder), settings=quiet)
        return chromadb.EphemeralClient(settings=quiet)
    except (ChromaError, ValueError, OSError) as error:
        if url:
            raise StaleIndexError(f"no Chroma server answers at {url}: start one, or unset AISLE_CHROMA_URL") from error
        raise StaleIndexError(
            f"the index in {folder} cannot be opened ({error}): move the folder away, it is rebuilt from the tables"
        ) from error


def _collection(client: Any, name: str) -> Any:
    return _named(client, "passages-" + re.sub(r"[^a-zA-Z0-9._-]+", "-", name).strip("-.")[-100:])


def _named(client: Any, name: str) -> Any:
    configuration = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 400}}
    return client.get_or_create_collection(name, embedding_function=None, configuration=configuration)

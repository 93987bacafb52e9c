"""Two views of the tables for search: vectors in Chroma (dense) and BM25 in memory (lexical).

Both are rebuilt from the tables at will.
"""

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.embed import Embedder
from catalog.errors import StaleIndexError
from catalog.lock import FolderLock
from catalog.product import Product
from catalog.progress import Progress
from catalog.tables import content_hash
from catalog.tokens import tokens

Scores = NDArray[np.float32]
Rows = NDArray[np.int64]

_EMBED_BATCH = 64
_READ_BATCH = 5000
_FIELD_WEIGHTS = {"title": 3, "category": 2, "brand": 2, "attributes": 1, "description": 1}
_PASSAGE_CHARS = 700


class DenseIndex:
    """Passage vectors in a Chroma collection, one per product and language, kept in step with the tables.

    Chroma allows one process per folder, so an index in a folder holds a lock on it until `close`.
    Raises CatalogError where the folder is taken, StaleIndexError where Chroma cannot be opened.
    """

    def __init__(self, embedder: Embedder, *, folder: Path | None = None, url: str | None = None) -> None:
        self._embedder = embedder
        self._query = lru_cache(maxsize=256)(embedder.query)  # one turn may search several times for one wish
        if folder and not url:
            _make(folder)
        self._lock = FolderLock(folder) if folder and not url else None
        try:
            self._client = _client(folder, url)
            self._collection = _collection(self._client, embedder.name)
        except StaleIndexError:
            self._unlock()
            raise
        self._matrix = np.zeros((0, 0), dtype=np.float32)
        self._owner: Rows = np.zeros(0, dtype=np.int64)
        self._rows: dict[str, int] = {}

    def close(self) -> None:
        """Let go of Chroma and of the folder; what was loaded stays readable under a filter."""
        self._client.close()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock:
            self._lock.close()

    def sync(self, products: Sequence[Product], progress: Progress | None = None) -> int:
        """Embed what is new or changed, delete what is gone, and return how many passages were embedded.

        Each batch is durable: an interrupted run continues where it stopped.
        """
        wanted = {f"{view.id}@{view.locale}": passage(view) for p in products for view in _views(p)}
        hashes = {key: hashlib.sha256(text.encode()).hexdigest() for key, text in wanted.items()}
        known = self._known()
        gone = [key for key in known if key not in wanted]
        for start in range(0, len(gone), _READ_BATCH):
            self._collection.delete(ids=gone[start : start + _READ_BATCH])
        todo = [key for key in wanted if known.get(key) != hashes[key]]
        for start in range(0, len(todo), _EMBED_BATCH):
            batch = todo[start : start + _EMBED_BATCH]
            vectors = self._embedder.passages([wanted[key] for key in batch])
            metadatas = [{"product": key.rpartition("@")[0], "hash": hashes[key]} for key in batch]
            self._collection.upsert(ids=batch, embeddings=vectors, metadatas=metadatas)
            if progress:
                progress(start + len(batch), len(todo))
        return len(todo)

    def load(self, products: Sequence[Product]) -> None:
        """Read the vectors of `products` from Chroma. Raises StaleIndexError where some are missing."""
        self._rows = {p.id: row for row, p in enumerate(products)}
        vectors, owners = [], []
        for page in self._pages(["embeddings", "metadatas"]):
            for vector, metadata in zip(page["embeddings"], page["metadatas"], strict=True):
                row = self._rows.get(metadata["product"])
                if row is not None:
                    vectors.append(vector)
                    owners.append(row)
        if len(set(owners)) < len(products):
            missing = len(products) - len(set(owners))
            raise StaleIndexError(
                f"{missing} of {len(products)} products are not indexed: run `python -m catalog rebuild`"
            )
        self._matrix = np.asarray(vectors, dtype=np.float32)
        self._owner = np.asarray(owners, dtype=np.int64)

    def nearest(self, text: str, allowed: NDArray[np.bool_] | None, limit: int) -> tuple[Rows, Scores]:
        """The `limit` allowed rows nearest to `text` and their cosine similarities, best first.

        Without a filter Chroma's HNSW answers; under one, the survivors are searched exactly, since recall of HNSW and
        the speed of Chroma's `where` both fall with selectivity.
        """
        vector = self._query(text)
        if allowed is None:
            found = self._collection.query(
                query_embeddings=[vector], n_results=2 * limit, include=["metadatas", "distances"]
            )
            pairs = zip(found["metadatas"][0], found["distances"][0], strict=True)
            best: dict[int, float] = {}
            for metadata, distance in pairs:
                row = self._rows.get(metadata["product"])
                if row is not None:
                    best[row] = max(best.get(row, -1.0), 1.0 - float(distance))
            rows = np.fromiter(best, dtype=np.int64, count=len(best))
            scores = np.fromiter(best.values(), dtype=np.float32, count=len(best))
        else:
            passages = np.flatnonzero(allowed[self._owner])
            similarity = self._matrix[passages] @ vector
            per_row = np.full(len(self._rows), -np.inf, dtype=np.float32)
            np.maximum.at(per_row, self._owner[passages], similarity)
            rows = np.flatnonzero(np.isfinite(per_row))
            scores = per_row[rows]
        order = np.argsort(-scores, kind="stable")[:limit]
        return rows[order], scores[order]

    def query(self, text: str) -> Scores:
        """The unit vector of a query, remembered for a while."""
        return self._query(text)

    def vectors(self, texts: Sequence[str]) -> Scores:
        """Unit vectors of texts that are no listings, one row each; kept in Chroma, so that each is embedded once."""
        kept = _collection(self._client, f"texts-{self._embedder.name}")
        ids = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        known = set(kept.get(ids=list(dict.fromkeys(ids)), include=[])["ids"]) if ids else set()
        todo = {id: text for id, text in zip(ids, texts, strict=True) if id not in known}
        if todo:
            kept.upsert(ids=list(todo), embeddings=self._embedder.passages(list(todo.values())))
        if not ids:
            return np.zeros((0, 0), dtype=np.float32)
        found = kept.get(ids=list(dict.fromkeys(ids)), include=["embeddings"])
        by_id = dict(zip(found["ids"], found["embeddings"], strict=True))
        return np.asarray([by_id[id] for id in ids], dtype=np.float32)

    def _known(self) -> dict[str, str]:
        known: dict[str, str] = {}
        for page in self._pages(["metadatas"]):
            known.update((key, metadata["hash"]) for key, metadata in zip(page["ids"], page["metadatas"], strict=True))
        return known

    def _pages(self, include: list[str]) -> Iterable[Any]:
        for offset in range(0, self._collection.count(), _READ_BATCH):
            yield self._collection.get(include=include, limit=_READ_BATCH, offset=offset)


class LexicalIndex:
    """BM25 over stemmed English and segmented Chinese words of all fields and languages, titles counting most."""

    def __init__(self, products: Iterable[Product]) -> None:
        import bm25s

        documents = [_document(product) for product in products]
        self._frequency = Counter(token for document in documents for token in set(document))
        self._bm25 = bm25s.BM25()
        self._size = len(documents)
        if documents:
            self._bm25.index([document or ["\0"] for document in documents], show_progress=False)

    def scores(self, text: str) -> Scores:
        """The BM25 score of every row, zeros where no word is shared."""
        query = [token for token in tokens(text) if token in self._frequency]
        if not query:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(query), dtype=np.float32)

    def rarity(self, token: str) -> float:
        """The inverse document frequency of a stemmed word: 0 in every listing, highest for one that none holds."""
        return math.log((1 + self._size) / (1 + self._frequency[token]))

    def knows(self, token: str) -> bool:
        """Whether any listing holds this stemmed word."""
        return token in self._frequency


def passage(product: Product) -> str:
    """The text of a listing as it is embedded: what it is first, details after."""
    facts = "; ".join(f"{name}: {value}" for name, value in product.attributes.items())
    parts = (product.title, product.category, product.brand, product.description, facts)
    return ". ".join(part for part in parts if part)[:_PASSAGE_CHARS]


def version(embedder: Embedder, products: Sequence[Product]) -> str:
    """Names the index in the record: embedder, number of products and a digest of their contents."""
    digest = hashlib.sha256("".join(sorted(content_hash(p) for p in products)).encode()).hexdigest()
    return f"{embedder.name}+bm25:{len(products)}:{digest[:12]}"


def _views(product: Product) -> list[Product]:
    return [product.localised(locale) for locale in product.locales()]


def _document(product: Product) -> list[str]:
    found: list[str] = []
    for view in _views(product):
        for name, weight in _FIELD_WEIGHTS.items():
            value = getattr(view, name)
            text = " ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
            found.extend(tokens(text) * weight)
    return found


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
    label = "products-" + re.sub(r"[^a-zA-Z0-9._-]+", "-", name).strip("-.")[-100:]
    configuration = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 400}}
    return client.get_or_create_collection(label, embedding_function=None, configuration=configuration)

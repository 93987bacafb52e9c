"""Vectors of texts, each computed once and kept in the catalogue's database."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from catalog.embed import Embedder
from catalog.passages import digest, passages
from catalog.product import Product
from catalog.tables import CatalogTables, Entry, Passage, Vector, insert_missing

Matrix = NDArray[np.float32]

_BATCH = 500


class VectorTable:
    """The vectors of one embedder. What is computed is committed batch by batch: interrupted work is not lost."""

    def __init__(self, tables: CatalogTables, embedder: Embedder) -> None:
        self._engine = tables.engine
        self._embedder = embedder

    @property
    def embedder(self) -> Embedder:
        return self._embedder

    def embed(self, products: Sequence[Product]) -> int:
        """Embed those passages of `products` that have no vector yet, and return how many."""
        texts = {digest(text): text for product in products for _, text in passages(product)}
        return self._keep(texts, "passage")

    def of_texts(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of texts that are no listings, shape (len(texts), dimensions)."""
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        keys = [digest(text) for text in texts]
        self._keep(dict(zip(keys, texts, strict=True)), "text")
        found = self._read(keys, "text")
        return np.stack([found[key] for key in keys])

    def of_listings(self, listings: Sequence[str]) -> dict[str, list[tuple[str, str, Matrix]]]:
        """For each listing its languages, the digests of their passages and their vectors, in the order of languages."""
        joined = select(Passage.listing, Passage.locale, Passage.text, Vector.vector).join(
            Vector,
            (Vector.text == Passage.text) & (Vector.embedder == self._embedder.name) & (Vector.use == "passage"),
        )
        found: dict[str, list[tuple[str, str, Matrix]]] = {}
        with Session(self._engine) as session:
            rows = session.execute(joined.where(Passage.listing.in_(listings)).order_by(Passage.locale))
            for listing, locale, text, vector in rows:
                found.setdefault(listing, []).append((locale, text, np.frombuffer(vector, dtype="<f4")))
        return found

    def missing(self) -> int:
        """How many passages of the published catalogue have no vector of this embedder."""
        with Session(self._engine) as session:
            return session.scalar(select(func.count(func.distinct(Passage.text))).where(*self._unmet())) or 0

    def without(self) -> Iterator[str]:
        """The listings of the published catalogue that miss a vector."""
        with Session(self._engine) as session:
            yield from session.scalars(select(Passage.listing).where(*self._unmet()).distinct())

    def forget(self) -> None:
        """Drop all vectors of this embedder; the next use computes them anew."""
        with Session(self._engine) as session, session.begin():
            session.execute(delete(Vector).where(Vector.embedder == self._embedder.name))

    def _unmet(self) -> tuple[ColumnElement[bool], ...]:
        mine = (Vector.text == Passage.text) & (Vector.embedder == self._embedder.name) & (Vector.use == "passage")
        published = select(Entry.id).where(Entry.listing == Passage.listing).exists()
        return published, ~select(Vector.text).where(mine).exists()

    def _keep(self, texts: Mapping[str, str], use: str) -> int:
        known = self._known(list(texts), use)
        todo = {key: text for key, text in texts.items() if key not in known}
        if todo:
            vectors = np.asarray(self._embedder.passages(list(todo.values())), dtype="<f4")
            rows = [
                {"text": key, "embedder": self._embedder.name, "use": use, "vector": vector.tobytes()}
                for key, vector in zip(todo, vectors, strict=True)
            ]
            with Session(self._engine) as session, session.begin():
                session.execute(insert_missing(Vector, self._engine.dialect.name), rows)
        return len(todo)

    def _known(self, keys: Sequence[str], use: str) -> set[str]:
        query = select(Vector.text).where(Vector.embedder == self._embedder.name, Vector.use == use)
        with Session(self._engine) as session:
            return {
                key
                for start in range(0, len(keys), _BATCH)
                for key in session.scalars(query.where(Vector.text.in_(keys[start : start + _BATCH])))
            }

    def _read(self, keys: Sequence[str], use: str) -> dict[str, Matrix]:
        query = select(Vector.text, Vector.vector).where(Vector.embedder == self._embedder.name, Vector.use == use)
        found: dict[str, Matrix] = {}
        with Session(self._engine) as session:
            for start in range(0, len(keys), _BATCH):
                rows = session.execute(query.where(Vector.text.in_(keys[start : start + _BATCH])))
                found.update((key, np.frombuffer(vector, dtype="<f4")) for key, vector in rows)
        return found

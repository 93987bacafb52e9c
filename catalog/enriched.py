"""What a model found in listings, kept beside the catalogue: it was asked for once and costs too much to be found again.

A finding is of one state of a listing; once the listing changes it no longer counts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import JSON, String, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from catalog.product import Extracted, Product
from catalog.staging import chunks, store
from catalog.tables import CatalogTables, content_hash


class _Base(DeclarativeBase):
    pass


class _EnrichedRow(_Base):
    __tablename__ = "enriched"

    product_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    extracted: Mapped[list[dict[str, Any]]] = mapped_column(JSON())


class Enriched:
    """Reads and writes what a model found, in the database of the catalogue."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        _Base.metadata.create_all(engine)

    def keep(self, product_id: str, content_hash: str, extracted: Iterable[Extracted]) -> None:
        """Store what was found in one state of a listing, in place of what was found in an earlier one."""
        with Session(self._engine) as session, session.begin():
            rows = [asdict(found) for found in extracted]
            session.merge(_EnrichedRow(product_id=product_id, content_hash=content_hash, extracted=rows))

    def missing(self, products: Iterable[Product]) -> Iterator[Product]:
        """The products whose listing, as it stands, no model has read; without what a model found in it."""
        for chunk in chunks(products):
            read = self._read(chunk)
            for product in map(by_rules, chunk):
                if read.get(product.id, ("",))[0] != content_hash(product):
                    yield product

    def joined(self, products: Sequence[Product]) -> list[Product]:
        """Each product with what was found in its listing as it stands."""
        read = self._read(products)
        return [self._joined(by_rules(product), *read.get(product.id, ("", []))) for product in products]

    def publish(self, tables: CatalogTables) -> int:
        """Make what was found part of the catalogue, and return how many products gained by it."""
        return store(tables, (p for chunk in chunks(tables.products()) for p in self.joined(chunk)), replace=False)

    def _joined(self, product: Product, digest: str, rows: list[dict[str, Any]]) -> Product:
        if not rows or digest != content_hash(product):
            return product
        return replace(product, extracted=(*product.extracted, *(Extracted(**row) for row in rows)))

    def _read(self, products: Sequence[Product]) -> dict[str, tuple[str, list[dict[str, Any]]]]:
        query = select(_EnrichedRow).where(_EnrichedRow.product_id.in_([product.id for product in products]))
        with Session(self._engine) as session:
            return {row.product_id: (row.content_hash, row.extracted) for row in session.scalars(query)}


def by_rules(product: Product) -> Product:
    """The product without what a model found in it: what a feed brings."""
    return replace(product, extracted=tuple(found for found in product.extracted if found.by == "rules"))

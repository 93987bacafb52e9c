"""What a model found in listings, kept beside the catalogue: it was asked for once and costs too much to be found again.

A finding is of one state of a listing; once the listing changes it no longer counts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import JSON, String, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from catalog.product import Extracted, Product
from catalog.tables import content_hash


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
        """The products whose listing, as it stands, no model has read."""
        read = self._read()
        return (product for product in products if read.get(product.id, ("",))[0] != content_hash(product))

    def joined(self, products: Iterable[Product]) -> Iterator[Product]:
        """Each product with what was found in its listing as it stands."""
        read = self._read()
        for product in products:
            digest, rows = read.get(product.id, ("", []))
            if rows and digest == content_hash(product):
                found = (Extracted(**row) for row in rows)
                product = replace(product, extracted=(*product.extracted, *found))
            yield product

    def _read(self) -> dict[str, tuple[str, list[dict[str, Any]]]]:
        with Session(self._engine) as session:
            return {row.product_id: (row.content_hash, row.extracted) for row in session.scalars(select(_EnrichedRow))}

"""The catalogue in SQL: the truth that the index is built from. One row a product, in the order of the feed."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, String, create_engine, delete, event, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from catalog.feeds import to_product, to_row
from catalog.product import Product


class _Base(DeclarativeBase):
    pass


class _ProductRow(_Base):
    __tablename__ = "products"

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    position: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    row: Mapped[dict[str, Any]] = mapped_column(JSON().with_variant(JSONB, "postgresql"))


def content_hash(product: Product) -> str:
    """A digest of everything the listing says; equal when and only when nothing changed."""
    text = json.dumps(to_row(product), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class CatalogTables:
    """Reads and writes the products of one database (SQLite or PostgreSQL, chosen by the URL)."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        _Base.metadata.create_all(self.engine)

    def __len__(self) -> int:
        with Session(self.engine) as session:
            return session.scalar(select(func.count()).select_from(_ProductRow)) or 0

    def products(self) -> Iterator[Product]:
        """All products in feed order."""
        with Session(self.engine) as session:
            for (row,) in session.execute(select(_ProductRow.row).order_by(_ProductRow.position)).yield_per(500):
                yield to_product(row)

    def hashes(self) -> dict[str, str]:
        """The content hash of every product by id."""
        with Session(self.engine) as session:
            return {
                row.id: row.content_hash for row in session.execute(select(_ProductRow.id, _ProductRow.content_hash))
            }

    def store(self, products: Iterable[Product], *, replace: bool) -> int:
        """Insert or update `products` in one transaction and return how many changed.

        With `replace`, whatever is not among them is removed.
        """
        known, kept, changed = self.hashes(), set[str](), 0
        with Session(self.engine) as session, session.begin():
            start = (session.scalar(select(func.max(_ProductRow.position))) or 0) + 1
            for position, product in enumerate(products, start=start):
                kept.add(product.id)
                digest = content_hash(product)
                if known.get(product.id) == digest:
                    continue
                changed += 1
                session.merge(_ProductRow(id=product.id, position=position, content_hash=digest, row=to_row(product)))
                if changed % 500 == 0:
                    session.flush()
                    session.expunge_all()
            gone = known.keys() - kept if replace else set()
            for batch in _batches(sorted(gone), 500):
                session.execute(delete(_ProductRow).where(_ProductRow.id.in_(batch)))
        return changed + len(gone)


def _batches(ids: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA busy_timeout=10000")

    return engine

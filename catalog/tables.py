"""The catalogue in SQL: the truth that the index is built from. One row a product, in the order of the feed."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, String, create_engine, delete, event, func, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from catalog.errors import CatalogError
from catalog.feeds import to_product, to_row
from catalog.product import Product

_BATCH = 500


class _Base(DeclarativeBase):
    pass


class _ProductRow(_Base):
    __tablename__ = "products"

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    position: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    row: Mapped[dict[str, Any]] = mapped_column(JSON().with_variant(JSONB, "postgresql"))


@dataclass(frozen=True, slots=True)
class _Place:
    content_hash: str
    position: int


def content_hash(product: Product) -> str:
    """A digest of everything the listing says; equal when and only when nothing changed."""
    text = json.dumps(to_row(product), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class CatalogTables:
    """Reads and writes the products of one database (SQLite or PostgreSQL, chosen by the URL).

    Raises CatalogError where it cannot be opened.
    """

    def __init__(self, url: str) -> None:
        try:
            self.engine = _engine(url)
            _Base.metadata.create_all(self.engine)
        except (SQLAlchemyError, ImportError, OSError) as error:
            reason = str(error).partition("\n")[0]
            place = _without_password(url)
            raise CatalogError(
                f"the database at {place} cannot be opened ({reason}): check AISLE_CATALOG_URL"
            ) from error

    def __len__(self) -> int:
        with Session(self.engine) as session:
            return session.scalar(select(func.count()).select_from(_ProductRow)) or 0

    def products(self) -> Iterator[Product]:
        """All products in feed order."""
        with Session(self.engine) as session:
            for (row,) in session.execute(select(_ProductRow.row).order_by(_ProductRow.position)).yield_per(500):
                yield to_product(row)

    def store(self, products: Iterable[Product], *, replace: bool) -> int:
        """Insert or update `products` in one transaction and return how many changed.

        New products come after the known ones. With `replace`, whatever is not among `products` is removed, and their
        order becomes that of the catalogue.
        """
        kept: dict[str, None] = {}
        changed = 0
        with Session(self.engine) as session, session.begin():
            known = self._known(session)
            after = max((place.position for place in known.values()), default=0)
            for number, product in enumerate(products, start=1):
                kept[product.id] = None
                digest, place = content_hash(product), known.get(product.id)
                if place and place.content_hash == digest:
                    continue
                changed += 1
                position = place.position if place else after + number
                session.merge(_ProductRow(id=product.id, position=position, content_hash=digest, row=to_row(product)))
                if changed % _BATCH == 0:
                    session.flush()
                    session.expunge_all()
            session.flush()
            gone = sorted(known.keys() - kept) if replace else []
            for start in range(0, len(gone), _BATCH):
                session.execute(delete(_ProductRow).where(_ProductRow.id.in_(gone[start : start + _BATCH])))
            if replace and kept:
                places = [{"id": id, "position": position} for position, id in enumerate(kept, start=1)]
                session.execute(update(_ProductRow), places)
        return changed + len(gone)

    def _known(self, session: Session) -> dict[str, _Place]:
        found = session.execute(select(_ProductRow.id, _ProductRow.content_hash, _ProductRow.position))
        return {id: _Place(digest, position) for id, digest, position in found}


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


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "an address that is no SQLAlchemy URL"

"""The catalogue in SQL: the truth that the index is built from.

Listings are kept under a digest of what they say and never change; the catalogue is the list of which product is which
listing, and only `Staging.publish` changes that list, in one transaction. Readers therefore see the old catalogue or
the new one, and an import that dies on the way has changed nothing.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Insert, LargeBinary, String, create_engine, event, func, inspect, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from catalog.attributes.extract import VERSION as RULES
from catalog.errors import CatalogError
from catalog.feeds import to_product, to_row
from catalog.passages import digest
from catalog.product import Product

_BATCH = 500
_Row = JSON().with_variant(postgresql.JSONB, "postgresql")


class Base(DeclarativeBase):
    """The tables of one catalogue database."""


class Listing(Base):
    """What a product says, under the digest of it. `retired` is the publication that dropped it."""

    __tablename__ = "listings"
    digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    row: Mapped[dict[str, Any]] = mapped_column(_Row)
    retired: Mapped[int | None] = mapped_column(index=True)


class Entry(Base):
    """Which listing a product is now, and its place in the catalogue."""

    __tablename__ = "entries"
    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    position: Mapped[int] = mapped_column(index=True)
    listing: Mapped[str] = mapped_column(String(32), index=True)


class Passage(Base):
    """The digest of what is embedded of a listing in one language."""

    __tablename__ = "passages"
    listing: Mapped[str] = mapped_column(String(32), primary_key=True)
    locale: Mapped[str] = mapped_column(String(8), primary_key=True)
    text: Mapped[str] = mapped_column(String(32), index=True)


class Vector(Base):
    """The vector of a text (little-endian float32). `use` tells passages, which go with their listings, from others."""

    __tablename__ = "vectors"
    text: Mapped[str] = mapped_column(String(32), primary_key=True)
    embedder: Mapped[str] = mapped_column(String(200), primary_key=True)
    use: Mapped[str] = mapped_column(String(8), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class Publication(Base):
    """Each time the catalogue changed; the newest row is the state of now."""

    __tablename__ = "publications"
    number: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(32))


def content_hash(product: Product) -> str:
    """A digest of everything the listing says; equal when and only when nothing changed.

    What rules find in its prose follows from that and from the rules, so that only their version counts.
    """
    row = to_row(replace(product, extracted=tuple(found for found in product.extracted if found.by != "rules")))
    return digest(json.dumps([RULES, row], ensure_ascii=False, sort_keys=True))


class CatalogTables:
    """Reads the products of one database (SQLite or PostgreSQL, chosen by the URL).

    Raises CatalogError where it cannot be opened.
    """

    def __init__(self, url: str) -> None:
        try:
            self.engine = _engine(url)
            Base.metadata.create_all(self.engine)
        except (SQLAlchemyError, ImportError, OSError) as error:
            reason = str(error).partition("\n")[0]
            place = _without_password(url)
            raise CatalogError(
                f"the database at {place} cannot be opened ({reason}): check AISLE_CATALOG_URL"
            ) from error

    def __len__(self) -> int:
        with Session(self.engine) as session:
            return session.scalar(select(func.count()).select_from(Entry)) or 0

    def version(self) -> str:
        """The digest of the published catalogue; it changes with every change and only then."""
        newest = select(Publication.digest).order_by(Publication.number.desc()).limit(1)
        with Session(self.engine) as session:
            return session.scalar(newest) or digest_of(iter(()))

    def listings(self) -> Iterator[tuple[str, Product]]:
        """The digest and the product of every entry in the catalogue's order, as of one moment."""
        query = select(Listing.digest, Listing.row).join(Entry, Entry.listing == Listing.digest)
        with Session(self.engine) as session:
            for key, row in session.execute(query.order_by(Entry.position, Entry.id)).yield_per(_BATCH):
                yield key, to_product(row)

    def products(self) -> Iterator[Product]:
        """All products in the catalogue's order."""
        return (product for _, product in self.listings())

    def fetch(self, digests: Sequence[str]) -> dict[str, Product]:
        """The products of listings by their digests; a listing stays for as long as a reader may need it."""
        found: dict[str, Product] = {}
        with Session(self.engine) as session:
            for start in range(0, len(digests), _BATCH):
                some = digests[start : start + _BATCH]
                rows = session.execute(select(Listing.digest, Listing.row).where(Listing.digest.in_(some)))
                found.update((key, to_product(row)) for key, row in rows)
        return found

    def holds_old_rows(self) -> bool:
        """Whether a table of Aisle 0.1 waits to be taken over."""
        return inspect(self.engine).has_table("products")

    def old_rows(self) -> Iterator[Product]:
        """The products of a table of Aisle 0.1, in its order."""
        with Session(self.engine) as session:
            for (row,) in session.execute(text("SELECT row FROM products ORDER BY position")):
                yield to_product(json.loads(row) if isinstance(row, str) else row)

    def drop_old_rows(self) -> None:
        """Forget the table of Aisle 0.1, once its products are published."""
        with self.engine.begin() as connection:
            connection.execute(text("DROP TABLE products"))


def insert_missing(table: type[Base], dialect: str) -> Insert:
    """An insert that leaves alone the rows that another process has put there meanwhile."""
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def digest_of(entries: Iterator[tuple[str, str]]) -> str:
    """The version that a catalogue has whose entries (id, listing) stand in this order."""
    total = hashlib.sha256()
    for id, listing in entries:
        total.update(f"{id}\0{listing}\n".encode())
    return total.hexdigest()[:32]


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

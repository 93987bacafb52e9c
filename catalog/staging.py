"""An import on its way into the tables: listings as they come, and the catalogue in one transaction at the end."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from catalog.attributes.extract import extracted
from catalog.feeds import to_row
from catalog.passages import digest, passages
from catalog.product import Product
from catalog.tables import (
    CatalogTables,
    Entry,
    Listing,
    Passage,
    Publication,
    Vector,
    content_hash,
    digest_of,
    insert_missing,
)

_CHUNK = 512
_T = TypeVar("_T")


class Staging:
    """What one import has brought so far. Its own list is a temporary table, gone with the connection however it ends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        own = MetaData()
        self._staged = Table(
            "staged", own, Column("id", String(200), primary_key=True), Column("number", Integer),
            Column("listing", String(32)), prefixes=["TEMPORARY"],
        )  # fmt: skip
        self._spared = Table("spared", own, Column("id", String(200), primary_key=True), prefixes=["TEMPORARY"])
        own.create_all(connection)
        connection.commit()
        self.count = 0

    def add(self, products: Sequence[Product]) -> None:
        """Keep the listings of some products; durable at once, so that an interrupted import finds them again."""
        rows = {content_hash(product): product for product in products}
        known = set(self._connection.scalars(select(Listing.digest).where(Listing.digest.in_(rows))))
        new = {key: product for key, product in rows.items() if key not in known}
        if new:
            kept = [{"digest": key, "row": to_row(_told(product)), "retired": None} for key, product in new.items()]
            said = [
                {"listing": key, "locale": locale, "text": digest(text)}
                for key, product in new.items()
                for locale, text in passages(product)
            ]
            dialect = self._connection.dialect.name
            self._connection.execute(insert_missing(Listing, dialect), kept)
            self._connection.execute(insert_missing(Passage, dialect), said)
        staged = [
            {"id": product.id, "number": number, "listing": key}
            for number, (key, product) in enumerate(rows.items(), start=self.count)
        ]
        self._connection.execute(insert(self._staged), staged)
        self._connection.commit()
        self.count += len(products)

    def spare(self, ids: Iterable[str]) -> None:
        """Products that stay as they are although the feed brings no good row of them."""
        kept = set(self._connection.scalars(select(self._spared.c.id)))
        rows = [{"id": id} for id in dict.fromkeys(ids) if id not in kept]
        if rows:
            self._connection.execute(insert(self._spared), rows)
            self._connection.commit()

    def leaving(self) -> int:
        """How many products of the catalogue the import does not bring and does not spare."""
        return self._connection.scalar(select(func.count()).select_from(Entry).where(*self._gone())) or 0

    def publish(self, *, replace: bool) -> int:
        """Make what was staged the catalogue and return how many products are new, changed or gone.

        New products come after the known ones. With `replace`, whatever was not staged or spared leaves, and the order
        becomes that of the import.
        """
        connection, staged = self._connection, self._staged
        connection.commit()
        with connection.begin():
            same = select(Entry.id).where(Entry.id == staged.c.id, Entry.listing == staged.c.listing).exists()
            changed = connection.scalar(select(func.count()).select_from(staged).where(~same)) or 0
            if replace:
                changed += connection.execute(delete(Entry).where(*self._gone())).rowcount
            mine = staged.c.id == Entry.id
            place = select(staged.c.number).where(mine).scalar_subquery()
            listing = select(staged.c.listing).where(mine).scalar_subquery()
            known = select(staged.c.id).where(mine).exists()
            values = {Entry.listing: listing, Entry.position: place} if replace else {Entry.listing: listing}
            connection.execute(update(Entry).where(known).values(values))
            after = 0 if replace else (connection.scalar(select(func.max(Entry.position))) or 0) + 1
            new = select(staged.c.id, staged.c.number + after, staged.c.listing)
            new = new.where(~select(Entry.id).where(mine).exists())
            connection.execute(insert(Entry).from_select(["id", "position", "listing"], new))
            if changed:
                self._publication()
        return changed

    def _gone(self) -> tuple[ColumnElement[bool], ...]:
        """The conditions under which an entry is neither staged nor spared."""
        return tuple(~select(t.c.id).where(t.c.id == Entry.id).exists() for t in (self._staged, self._spared))

    def _publication(self) -> None:
        """Number the new state; what the state before the last held and none since is swept out."""
        connection = self._connection
        number = (connection.scalar(select(func.max(Publication.number))) or 0) + 1
        entries = select(Entry.id, Entry.listing).order_by(Entry.position, Entry.id)
        version = digest_of((id, listing) for id, listing in connection.execute(entries).yield_per(_CHUNK))
        connection.execute(insert(Publication).values(number=number, digest=version))
        current = select(Entry.id).where(Entry.listing == Listing.digest).exists()
        connection.execute(update(Listing).where(current, Listing.retired.is_not(None)).values(retired=None))
        connection.execute(update(Listing).where(~current, Listing.retired.is_(None)).values(retired=number))
        connection.execute(delete(Listing).where(Listing.retired < number))
        connection.execute(
            delete(Passage).where(~select(Listing.digest).where(Listing.digest == Passage.listing).exists())
        )
        used = select(Passage.text).where(Passage.text == Vector.text).exists()
        connection.execute(delete(Vector).where(Vector.use == "passage", ~used))


def _told(product: Product) -> Product:
    """The product with what rules find in its prose, beside what a model has found."""
    found = (one for one in product.extracted if one.by != "rules")
    return replace(product, extracted=(*extracted(product), *found))


@contextmanager
def staging(tables: CatalogTables) -> Iterator[Staging]:
    """An import into `tables`; nothing of the catalogue changes before `publish`."""
    with tables.engine.connect() as connection:
        stage = Staging(connection)
        try:
            yield stage
        finally:
            connection.rollback()
            for name in ("staged", "spared"):
                connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
            connection.commit()


def store(tables: CatalogTables, products: Iterable[Product], *, replace: bool) -> int:
    """Bring in products at once and return how many changed."""
    with staging(tables) as stage:
        for chunk in chunks(products):
            stage.add(chunk)
        return stage.publish(replace=replace)


def chunks(items: Iterable[_T], size: int = _CHUNK) -> Iterator[list[_T]]:
    """`items` in lists of `size`, read only as far as they are asked for."""
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk

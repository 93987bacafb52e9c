"""The products behind the rows of a snapshot, read from the tables when asked for; those read last are kept."""

from collections.abc import Callable, Sequence
from threading import Lock

from catalog.errors import StaleIndexError
from catalog.product import Product
from catalog.tables import CatalogTables

KEPT = 50_000  # products


class Shelf:
    """Products by row. What a row says never changes: its listing is kept under the digest of its content."""

    def __init__(self, tables: CatalogTables, listings: Sequence[str]) -> None:
        self._tables = tables
        self._listings = listings
        self._kept: dict[int, Product] = {}
        self._lock = Lock()

    def get(self, rows: Sequence[int]) -> list[Product]:
        """The products of `rows`, in that order. Raises StaleIndexError where one has been swept out of the tables."""
        found = {row: product for row in rows if (product := self._kept.get(row)) is not None}
        missing = [row for row in rows if row not in found]
        if missing:
            read = self._tables.fetch([self._listings[row] for row in missing])
            try:
                new = {row: read[self._listings[row]] for row in missing}
            except KeyError as error:
                raise StaleIndexError("the catalogue has changed since it was opened: open it again") from error
            found.update(new)
            with self._lock:
                self._kept.update(new)
                for row in list(self._kept)[: max(len(self._kept) - KEPT, 0)]:
                    del self._kept[row]
        return [found[row] for row in rows]


class Told:
    """A shelf whose products are given out as `by` makes them, each made once."""

    def __init__(self, shelf: "Shelf | Told", by: Callable[[Product], Product]) -> None:
        self._shelf = shelf
        self._by = by
        self._made: dict[int, Product] = {}

    def get(self, rows: Sequence[int]) -> list[Product]:
        """The products of `rows`, in that order. Raises StaleIndexError as the shelf does."""
        told = []
        for row, product in zip(rows, self._shelf.get(rows), strict=True):
            made = self._made.get(row)
            if made is None:
                made = self._by(product)
                if len(self._made) >= KEPT:
                    self._made.clear()
                self._made[row] = made
            told.append(made)
        return told

"""The products behind the rows of a snapshot, read from its files when asked for; those read last are kept."""

from collections.abc import Sequence
from threading import Lock

from catalog.index.listings import Listings
from catalog.product import Product

KEPT = 50_000  # products


class Shelf:
    """Products by row. What a row says never changes."""

    def __init__(self, listings: Listings) -> None:
        self._listings = listings
        self._kept: dict[int, Product] = {}
        self._lock = Lock()

    def get(self, rows: Sequence[int]) -> list[Product]:
        """The products of `rows`, in that order."""
        found = {row: product for row in rows if (product := self._kept.get(row)) is not None}
        missing = [row for row in rows if row not in found]
        if missing:
            new = dict(zip(missing, self._listings.get(missing), strict=True))
            found.update(new)
            with self._lock:
                self._kept.update(new)
                for row in list(self._kept)[: max(len(self._kept) - KEPT, 0)]:
                    del self._kept[row]
        return [found[row] for row in rows]

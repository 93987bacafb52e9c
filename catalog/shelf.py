"""The products behind the rows of a snapshot, read from its files when asked for; those read last are kept."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock

from catalog.index.listings import Listings
from catalog.product import Product

KEPT = 50_000  # products


class Shelf:
    """Products by row. What a row says never changes."""

    def __init__(self, listings: Listings) -> None:
        self._listings = listings
        self._kept: OrderedDict[int, Product] = OrderedDict()  # a dict looks for its first among all that were deleted
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
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        return [found[row] for row in rows]


class Told:
    """A shelf whose products are given out as `by` makes them, each made once."""

    def __init__(self, shelf: "Shelf | Told", by: Callable[[Product], Product]) -> None:
        self._shelf = shelf
        self._by = by
        self._made: dict[int, Product] = {}

    def get(self, rows: Sequence[int]) -> list[Product]:
        """The products of `rows`, in that order."""
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

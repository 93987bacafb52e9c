"""A feed into the tables and the index: validated row by row, unchanged products skipped, rejects reported."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog.embed import Embedder
from catalog.errors import FeedError
from catalog.feeds import Format, Mapped, Reject, detect, read_feed
from catalog.index import DenseIndex, LexicalIndex, version
from catalog.product import Policy, Product
from catalog.progress import Progress
from catalog.search import Catalog
from catalog.tables import CatalogTables

_KEPT_REJECTS = 1000


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: rows read, products that are new or changed or gone, passages embedded, rows left out.

    Of the rows left out the first thousand are kept; `rejected` counts all.
    """

    read: int
    changed: int
    embedded: int
    rejects: tuple[Reject, ...]
    rejected: int
    format: Format


def import_feed(
    feed: Path,
    tables: CatalogTables,
    dense: DenseIndex,
    *,
    format: Format | None = None,
    mapped: Mapped | None = None,
    currency: str = "USD",
    replace: bool = False,
    on_reject: Callable[[Reject], None] | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring `feed` into the tables, then the index in step with the tables; without `format` it is told from the feed.

    `currency` is meant by a Shopify export or a table that names none.

    Raises FeedError where the feed cannot be read or holds no good row; then nothing has changed.
    """
    rejects: list[Reject] = []
    read = rejected = 0
    convention = format or detect(feed, mapped)

    def good() -> Iterator[Product]:
        nonlocal read, rejected
        for row in read_feed(feed, convention, mapped, currency):
            if isinstance(row, Reject):
                rejected += 1
                if rejected <= _KEPT_REJECTS:
                    rejects.append(row)
                if on_reject:
                    on_reject(row)
            else:
                read += 1
                yield row
        if read == 0:
            raise FeedError(f"{feed} holds no usable product ({rejected} rows rejected): nothing was changed")

    changed = tables.store(good(), replace=replace)
    embedded = dense.sync(list(tables.products()), progress)
    return ImportReport(read + rejected, changed, embedded, tuple(rejects), rejected, convention)


def open_catalog(
    tables: CatalogTables,
    dense: DenseIndex,
    embedder: Embedder,
    *,
    policies: tuple[Policy, ...] = (),
    progress: Progress | None = None,
) -> Catalog:
    """The catalogue that the tables hold, its index brought into step first."""
    products = list(tables.products())
    dense.sync(products, progress)
    dense.load(products)
    return Catalog(products, dense, LexicalIndex(products), version=version(embedder, products), policies=policies)

"""A feed into the tables and the index: validated row by row, unchanged products skipped, rejects reported."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog.embed import Embedder
from catalog.errors import FeedError
from catalog.feeds import Reject, read_jsonl
from catalog.index import DenseIndex, LexicalIndex, version
from catalog.product import Policy, Product
from catalog.progress import Progress
from catalog.search import Catalog
from catalog.tables import CatalogTables


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: rows read, products that are new or changed or gone, passages embedded, rows left out."""

    read: int
    changed: int
    embedded: int
    rejects: tuple[Reject, ...]


def import_feed(
    feed: Path,
    tables: CatalogTables,
    dense: DenseIndex,
    *,
    replace: bool = False,
    on_reject: Callable[[Reject], None] | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring `feed` (a JSONL file, or a folder of them) into the tables, then the index in step with the tables.

    Raises FeedError where the feed cannot be read or holds no good row; then nothing has changed.
    """
    rejects: list[Reject] = []
    read = 0

    def good() -> Iterator[Product]:
        nonlocal read
        for row in read_jsonl(feed):
            if isinstance(row, Reject):
                rejects.append(row)
                if on_reject:
                    on_reject(row)
            else:
                read += 1
                yield row
        if read == 0:
            raise FeedError(f"{feed} holds no usable product ({len(rejects)} rows rejected): nothing was changed")

    changed = tables.store(good(), replace=replace)
    embedded = dense.sync(list(tables.products()), progress)
    return ImportReport(read + len(rejects), changed, embedded, tuple(rejects))


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

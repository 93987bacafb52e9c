"""A feed into the tables and the index: validated row by row, unchanged products skipped, rejects reported."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog.enriched import Enriched
from catalog.errors import FeedError
from catalog.feeds import Format, Mapped, Reject, detect, metered, read_feed
from catalog.index import CatalogIndex
from catalog.product import Policy, Product
from catalog.progress import Progress
from catalog.rerank import Reranker
from catalog.search import Catalog
from catalog.staging import Staging, chunks, staging, store
from catalog.tables import CatalogTables
from catalog.vectors import VectorTable

_KEPT_REJECTS = 1000
_SWEEPING = 0.5  # share of a catalogue, and at least so many products, that may not leave without being asked for
_A_FEW = 20


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
    index: CatalogIndex,
    *,
    format: Format | None = None,
    mapped: Mapped | None = None,
    currency: str = "USD",
    replace: bool = False,
    sweeping: bool = False,
    on_reject: Callable[[Reject], None] | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring `feed` into the tables, then the index in step with the tables; without `format` it is told from the feed.

    Listings and vectors are kept as they come, so that an interrupted import goes on where it stopped; the catalogue
    itself changes at the end and at once. `currency` is meant by a Shopify export or a table that names none. With
    `replace`, products that the feed does not hold leave, those excepted of which it holds only rows that were rejected.

    Raises FeedError where the feed cannot be read, holds no good row, or would remove most of the catalogue without
    `sweeping`; then nothing has changed.
    """
    take_over(tables)
    convention = format or detect(feed, mapped)
    rows = _Rows(read_feed(feed, convention, mapped, currency), on_reject)
    vectors, enriched = VectorTable(tables, index.embedder), Enriched(tables.engine)
    embedded = 0
    with metered(feed) as meter, staging(tables) as stage:
        for chunk in chunks(rows.good()):
            stage.add(enriched.joined(chunk))
            embedded += vectors.embed(chunk)
            stage.spare(rows.spared())
            if progress:
                progress("rows", rows.read, round(rows.read / max(meter.share(), 1e-9)))
        if not stage.count:
            raise FeedError(f"{feed} holds no usable product ({rows.rejected} rows rejected): nothing was changed")
        stage.spare(rows.spared())
        if replace and not sweeping:
            _keep_most(stage, tables, feed)
        changed = stage.publish(replace=replace)
    index.open(tables, progress)
    return ImportReport(rows.read, changed, embedded, tuple(rows.rejects), rows.rejected, convention)


def open_catalog(
    tables: CatalogTables,
    index: CatalogIndex,
    *,
    policies: tuple[Policy, ...] = (),
    reranker: Reranker | None = None,
    progress: Progress | None = None,
) -> Catalog:
    """The catalogue that the tables hold, its index brought into step first."""
    take_over(tables)
    return Catalog(index.open(tables, progress), index, tables, policies=policies, reranker=reranker)


def take_over(tables: CatalogTables) -> None:
    """Publish the products of a database of Aisle 0.1 in the tables of today."""
    if tables.holds_old_rows():
        store(tables, tables.old_rows(), replace=False)
        tables.drop_old_rows()


class _Rows:
    """The rows of a feed, told apart and counted."""

    def __init__(self, rows: Iterator[Product | Reject], on_reject: Callable[[Reject], None] | None) -> None:
        self._rows = rows
        self._on_reject = on_reject
        self.read = self.rejected = 0
        self.rejects: list[Reject] = []
        self._spared: list[str] = []

    def good(self) -> Iterator[Product]:
        for row in self._rows:
            self.read += 1
            if isinstance(row, Reject):
                self._reject(row)
            else:
                yield row

    def spared(self) -> list[str]:
        """The products of rows rejected since the last call."""
        spared, self._spared = self._spared, []
        return spared

    def _reject(self, reject: Reject) -> None:
        self.rejected += 1
        if reject.product_id and not reject.withdrawn:
            self._spared.append(reject.product_id)
        if self.rejected <= _KEPT_REJECTS:
            self.rejects.append(reject)
        if self._on_reject:
            self._on_reject(reject)


def _keep_most(stage: Staging, tables: CatalogTables, feed: Path) -> None:
    leaving, total = stage.leaving(), len(tables)
    if leaving > _A_FEW and leaving > _SWEEPING * total:
        raise FeedError(
            f"{feed} holds {stage.count} products, and {leaving} of the {total} in the catalogue would leave: nothing was"
            " changed; say --sweep as well where that is meant"
        )

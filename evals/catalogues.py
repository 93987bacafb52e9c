"""Public data as catalogues, brought in as a shop would bring in its feed; each has a folder, so that it is indexed once."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from catalog import Catalog, CatalogIndex, CatalogTables, Embedder, import_feed, open_catalog, shown_progress
from evals.converters import write_rows


def bring_in(rows: Iterable[dict[str, Any]], home: Path, embedder: Embedder) -> CatalogTables:
    """Make `rows` all that the catalogue in the folder `home` holds, and index what of them is new."""
    feed = write_rows(rows, home / "feed.jsonl")
    tables = CatalogTables(f"sqlite:///{home / 'catalog.db'}")
    index = CatalogIndex(embedder, home)
    try:
        with shown_progress(f"evals: indexing {home.name}") as progress:
            import_feed(feed, tables, index, replace=True, progress=progress)
    finally:
        index.close()
    return tables


@contextmanager
def opened(rows: Iterable[dict[str, Any]], home: Path, embedder: Embedder) -> Iterator[Catalog]:
    """The catalogue that `rows` make, kept in the folder `home` and let go of at the end."""
    tables = bring_in(rows, home, embedder)
    index = CatalogIndex(embedder, home)
    try:
        yield open_catalog(tables, index)
    finally:
        index.close()

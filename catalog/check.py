"""Proves that tables and index agree: the same products in the same order, what columns say of them, and every vector."""

from collections.abc import Iterator

import numpy as np

from catalog.index import CatalogIndex, Snapshot
from catalog.index.chroma import Passages
from catalog.passages import digest, passages
from catalog.product import Product
from catalog.progress import Progress
from catalog.staging import chunks
from catalog.tables import CatalogTables, content_hash
from catalog.vectors import VectorTable

_SHOWN = 20
_SAME = 1e-3  # Chroma gives back vectors that it has made unit vectors of itself


def check(tables: CatalogTables, index: CatalogIndex, progress: Progress | None = None) -> list[str]:
    """What does not agree, a line each, the first few of them; nothing is changed."""
    found: list[str] = []
    for fault in _faults(tables, index, progress):
        found.append(fault)
        if len(found) == _SHOWN:
            break
    return found


def _faults(tables: CatalogTables, index: CatalogIndex, progress: Progress | None) -> Iterator[str]:
    missing = VectorTable(tables, index.embedder).missing()
    if missing:
        yield f"{missing} passages have no vector of {index.embedder.name}"
    opened = index.current(tables)
    if opened is None:
        yield f"there is no index of the catalogue's version {tables.version()}"
        return
    if opened.version != tables.version():
        yield f"the index says version {opened.version}, the tables {tables.version()}"
    yield from _rows(tables, index, opened, progress)
    if index.chroma:
        yield from _chroma(index.chroma, opened)


def _rows(tables: CatalogTables, index: CatalogIndex, opened: Snapshot, progress: Progress | None) -> Iterator[str]:
    vectors = VectorTable(tables, index.embedder)
    row = 0
    for chunk in chunks(tables.listings()):
        kept = vectors.of_listings([listing for listing, _ in chunk])
        for listing, product in chunk:
            if listing != content_hash(product):
                yield f"{product.id}: the table's row is not what its digest says"
            if row >= len(opened) or opened.ids[row] != product.id or opened.listings[row] != listing:
                yield f"{product.id}: row {row} of the index is another product or another version of it"
                return
            yield from _one(opened, row, product, [vector for _, _, vector in kept.get(listing, ())])
            row += 1
        if progress:
            progress("products", row, len(opened))
    if row != len(opened):
        yield f"the index holds {len(opened)} products, the tables {row}"


def _one(opened: Snapshot, row: int, product: Product, vectors: list[np.ndarray]) -> Iterator[str]:
    columns = opened.columns
    told = (int(columns.price[row]), bool(columns.in_stock[row]))
    if told != (product.price_minor, product.in_stock):
        yield f"{product.id}: the index says price and stock {told}, the table {product.price_minor, product.in_stock}"
    if content_hash(opened.products.get([row])[0]) != opened.listings[row]:
        yield f"{product.id}: the product in the index is not what its digest says"
    mine = opened.vectors.of_row(row)
    texts = [digest(text) for _, text in sorted(passages(product))]
    if len(mine) != len(texts):
        yield f"{product.id}: {len(mine)} vectors for {len(texts)} languages"
    elif not np.array_equal(mine, np.stack(vectors)):
        yield f"{product.id}: the vectors of the index are not those of the table"


def _chroma(chroma: Passages, opened: Snapshot) -> Iterator[str]:
    wanted, known = opened.texts(), chroma.known()
    if chroma.version != opened.version:
        yield f"Chroma holds version {chroma.version or '(unfinished)'}, the index {opened.version}"
    for key in sorted(wanted.keys() ^ known.keys()):
        yield f"{key}: only in {'the index' if key in wanted else 'Chroma'}"
    for key in wanted.keys() & known.keys():
        if wanted[key] != known[key]:
            yield f"{key}: Chroma holds the vector of another text"
    own = dict(zip(wanted, range(len(wanted)), strict=True))
    for key, vector in chroma.vectors():
        if key in own and float(np.abs(np.asarray(vector) - opened.vectors.matrix[own[key]]).max()) > _SAME:
            yield f"{key}: the vector in Chroma is not that of the index"

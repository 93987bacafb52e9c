"""A small shop, and an embedder without a model that plugs into the real seam."""

import json
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from catalog import Catalog, CatalogIndex, CatalogTables, Product, open_catalog, store, to_product, tokens
from catalog.embed import Vectors

DEMO = Path(__file__).parents[2] / "catalog" / "demo"


class WordEmbedder:
    """Texts that share words are near: each word has a fixed random direction, a text is their sum."""

    def __init__(self, name: str = "words", *, dimensions: int = 32, fail_at_batch: int | None = None) -> None:
        self.name = name
        self.embedded: list[str] = []
        self.batches = 0
        self._dimensions = dimensions
        self._fail_at_batch = fail_at_batch

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.batches += 1
        if self.batches == self._fail_at_batch:
            raise KeyboardInterrupt
        self.embedded.extend(texts)
        return np.stack([self._vector(text) for text in texts])

    def query(self, text: str) -> Vectors:
        return self._vector(text)

    def _vector(self, text: str) -> Vectors:
        seeds = [zlib.crc32(word.encode()) for word in tokens(text)] or [0]
        total = np.sum([np.random.default_rng(seed).standard_normal(self._dimensions) for seed in seeds], axis=0)
        return np.asarray(total / np.linalg.norm(total), dtype=np.float32)


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def index(embedder: WordEmbedder, tmp_path: Path) -> Iterator[CatalogIndex]:
    index = CatalogIndex(embedder, tmp_path)
    yield index
    index.close()


@pytest.fixture
def tables(tmp_path: Path) -> CatalogTables:
    return CatalogTables(f"sqlite:///{tmp_path / 'catalog.db'}")


def product(id: str = "p1", **fields: Any) -> Product:
    """A product as a feed would bring it; only what a test is about needs to be said."""
    return to_product({"id": id, "title": f"Thing {id}", "price": "10.00", **fields})


def write_feed(path: Path, rows: Sequence[Mapping[str, Any] | str]) -> Path:
    """A JSONL file of rows; a row given as text stands as it is."""
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def catalog_of(products: Sequence[Product], index: CatalogIndex) -> Catalog:
    """A catalogue of `products`, indexed."""
    tables = CatalogTables(f"sqlite:///{tempfile.mkdtemp()}/catalog.db")
    store(tables, products, replace=True)
    return open_catalog(tables, index)


def demo_rows() -> list[dict[str, Any]]:
    """The rows of the demo shop in the order of its files."""
    files = sorted((DEMO / "products").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines() if line]


@pytest.fixture(scope="session")
def demo_products() -> tuple[Product, ...]:
    return tuple(to_product(row) for row in demo_rows())

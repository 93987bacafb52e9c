"""Public catalogues through the packaged embedder: imported whole, and found again.

They lie where the evaluations and the real conversations look for them, so that they are embedded once.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog import (
    Catalog,
    CatalogIndex,
    CatalogTables,
    Constraint,
    import_feed,
    load_embedder,
    open_catalog,
    satisfies,
)
from evals.converters import write_feed

DATA = Path(os.environ.get("AISLE_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
HOME = Path(os.environ.get("AISLE_TEST_HOME", "var")).resolve()
COUNTS = {"retail_demo_store": 2465, "litemall_zh": 239}

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def shops() -> Iterator[dict[str, Catalog]]:
    missing = [name for name in COUNTS if not (DATA / name).is_dir()]
    if missing:
        pytest.skip(
            f"no {' and no '.join(missing)} under {DATA}: set AISLE_TEST_DATA to the folder of public data sets"
        )
    embedder = load_embedder("packaged")
    opened: dict[str, Catalog] = {}
    indexes = []
    for name, count in COUNTS.items():
        home = HOME / "evals" / name
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        indexes.append(CatalogIndex(embedder, home))
        tables = CatalogTables(f"sqlite:///{home / 'catalog.db'}")
        report = import_feed(write_feed(name, DATA, home / "feed.jsonl"), tables, indexes[-1])
        assert (report.read, report.changed, report.rejects) == (count, count, ())
        opened[name] = open_catalog(tables, indexes[-1])
    yield opened
    for index in indexes:
        index.close()


def test_the_whole_feed_is_in_the_catalogue(shops: dict[str, Catalog]) -> None:
    assert {name: len(shop) for name, shop in shops.items()} == COUNTS


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("retail_demo_store", "a bag for my camera", "camera"),
        ("retail_demo_store", "comfortable running sneakers", "sneaker"),
        ("retail_demo_store", "something to cook pasta in", "cook"),
        ("litemall_zh", "睡觉用的枕头", "枕"),
        ("litemall_zh", "出差用的拉杆箱", "箱"),
        ("litemall_zh", "炒菜的锅", "锅"),
    ],
)
def test_what_is_asked_for_comes_first(shops: dict[str, Catalog], name: str, text: str, word: str) -> None:
    found = [f"{hit.product.title} {hit.product.description}".casefold() for hit in shops[name].search(text, limit=5)]
    assert sum(word in listing for listing in found) >= 3, found


def test_an_english_query_reaches_chinese_listings(shops: dict[str, Catalog]) -> None:
    assert any("枕" in hit.product.title for hit in shops["litemall_zh"].search("a pillow to sleep on", limit=5))


@pytest.mark.parametrize(("name", "text"), [("retail_demo_store", "a gift"), ("litemall_zh", "礼物")])
def test_a_price_limit_and_stock_are_never_overridden(shops: dict[str, Catalog], name: str, text: str) -> None:
    shop = shops[name]
    limits = (Constraint("price", "le", 4000), Constraint("in_stock", "eq", True))
    hits = shop.search(text, limits, limit=50)
    assert len(hits) == min(50, len(shop.matching(limits)))
    assert all(satisfies(hit.product, limits) for hit in hits)
    assert len(shop.matching(limits)) == sum(p.price_minor <= 4000 and p.in_stock for p in shop)

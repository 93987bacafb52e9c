"""The index as a whole: in step with the tables whatever happened to it."""

from pathlib import Path

import numpy as np
import pytest

from catalog import CatalogError, CatalogIndex, CatalogTables, FolderTaken, StaleIndexError, open_catalog, store
from catalog.lock import FolderLock
from catalog.passages import passage
from catalog.vectors import VectorTable
from tests.catalog.conftest import WordEmbedder, product

PRODUCTS = [
    product("kettle", title="Electric kettle", translations={"zh": {"title": "电热水壶"}}),
    product("mug", title="Stoneware mug"),
    product("lamp", title="Desk lamp", brand="Luma"),
]


def test_each_language_of_a_product_is_embedded_once(
    tables: CatalogTables, index: CatalogIndex, embedder: WordEmbedder
) -> None:
    store(tables, PRODUCTS, replace=True)
    opened = index.open(tables)
    assert len(opened.vectors.matrix) == 4
    assert "电热水壶" in embedder.embedded
    embedder.embedded.clear()
    index.open(tables)
    assert embedder.embedded == []


def test_only_what_reads_differently_is_embedded_again(
    tables: CatalogTables, index: CatalogIndex, embedder: WordEmbedder
) -> None:
    store(tables, PRODUCTS, replace=True)
    index.open(tables)
    embedder.embedded.clear()
    kettle = product(
        "kettle", title="Electric kettle", price="99.00", quantity=0, translations={"zh": {"title": "电热水壶"}}
    )
    store(tables, [kettle, product("mug", title="Porcelain mug"), PRODUCTS[2]], replace=True)
    index.open(tables)
    assert embedder.embedded == ["Porcelain mug"]


def test_what_is_gone_is_no_longer_found(tables: CatalogTables, index: CatalogIndex) -> None:
    store(tables, PRODUCTS, replace=True)
    index.open(tables)
    store(tables, PRODUCTS[1:], replace=True)
    shop = open_catalog(tables, index)
    assert sorted(hit.product.id for hit in shop.search("electric kettle")) == ["lamp", "mug"]
    assert index.chroma is not None
    assert sorted(index.chroma.known()) == ["lamp@en", "mug@en"]


def test_an_interrupted_run_continues_where_it_stopped(tables: CatalogTables, tmp_path: Path) -> None:
    many = [product(f"p{n}", title=f"Thing number {n}") for n in range(1100)]
    store(tables, many, replace=True)
    first = CatalogIndex(WordEmbedder(fail_at_batch=2), tmp_path)
    with pytest.raises(KeyboardInterrupt):
        first.open(tables)
    first.close()
    embedder = WordEmbedder()
    second = CatalogIndex(embedder, tmp_path)
    missing = VectorTable(tables, embedder).missing()
    assert 0 < missing < 1100
    seen: list[tuple[str, int, int]] = []
    second.open(tables, lambda *step: seen.append(step))
    assert len(embedder.embedded) == missing
    assert ("passages embedded", missing, missing) in seen
    assert {passage(p) for p in many} >= set(embedder.embedded)
    second.close()


def test_the_index_survives_its_process(tables: CatalogTables, tmp_path: Path) -> None:
    store(tables, PRODUCTS, replace=True)
    first = CatalogIndex(WordEmbedder(), tmp_path)
    first.open(tables)
    first.close()
    embedder = WordEmbedder()
    second = CatalogIndex(embedder, tmp_path)
    shop = open_catalog(tables, second)
    assert embedder.embedded == []
    assert shop.search("desk lamp", limit=1)[0].product.id == "lamp"
    second.close()


def test_another_embedder_has_vectors_of_its_own(tables: CatalogTables, tmp_path: Path) -> None:
    store(tables, PRODUCTS, replace=True)
    first = CatalogIndex(WordEmbedder(), tmp_path)
    first.open(tables)
    first.close()
    other = WordEmbedder("other/model", dimensions=8)
    second = CatalogIndex(other, tmp_path)
    assert second.open(tables).vectors.matrix.shape == (4, 8)
    assert len(other.embedded) == 4
    second.close()


def test_a_folder_serves_one_index_at_a_time(tmp_path: Path, index: CatalogIndex) -> None:
    with pytest.raises(FolderTaken, match="only one at a time"):
        CatalogIndex(WordEmbedder(), tmp_path)
    index.close()
    CatalogIndex(WordEmbedder(), tmp_path).close()


def test_beside_a_served_shop_the_same_is_found_without_chroma(
    tables: CatalogTables, index: CatalogIndex, tmp_path: Path
) -> None:
    store(tables, [product(f"p{n}", title=f"word{n} word{n % 7} thing") for n in range(300)], replace=True)
    served = open_catalog(tables, index)
    beside = open_catalog(tables, CatalogIndex(WordEmbedder(), tmp_path, alone=False))
    for text in ("word3 word5", "thing", "word299"):
        assert [h.product.id for h in beside.search(text)] == [h.product.id for h in served.search(text)]


def test_a_folder_that_is_no_index_is_named_and_left_free(tmp_path: Path) -> None:
    (tmp_path / "chroma").mkdir()
    (tmp_path / "chroma" / "chroma.sqlite3").write_text("not a database " * 100)
    with pytest.raises(StaleIndexError, match="cannot be opened .*move the folder away"):
        CatalogIndex(WordEmbedder(), tmp_path)
    FolderLock(tmp_path / "chroma").close()
    (tmp_path / "file").write_text("")
    with pytest.raises(StaleIndexError, match="cannot be made"):
        CatalogIndex(WordEmbedder(), tmp_path / "file")


@pytest.mark.parametrize(
    ("url", "reason"),
    [("http://127.0.0.1:1", "no Chroma server answers"), ("localhost:8000", "http://HOST:PORT is expected")],
)
def test_a_server_that_does_not_answer_is_named(url: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(StaleIndexError, match=reason) as caught:
        CatalogIndex(WordEmbedder(), tmp_path, url=url)
    assert url in str(caught.value)


@pytest.mark.parametrize("share", [1.0, 0.5, 0.1])
def test_the_nearest_are_those_of_an_exhaustive_search(
    share: float, tables: CatalogTables, index: CatalogIndex, embedder: WordEmbedder
) -> None:
    many = [product(f"p{n}", title=f"word{n} word{n % 7} thing") for n in range(300)]
    store(tables, many, replace=True)
    opened = index.open(tables)
    allowed = np.random.default_rng(5).random(300) < share
    wanted = embedder.query("word3 word5")
    rows, scores = index.nearest(opened, wanted, allowed, 10)
    cosines = {row: float(embedder.query(passage(many[row])) @ wanted) for row in np.flatnonzero(allowed).tolist()}
    assert list(rows) == sorted(cosines, key=lambda row: -cosines[row])[:10]
    assert list(scores) == pytest.approx([cosines[int(row)] for row in rows], abs=1e-5)


def test_an_empty_catalogue_is_indexed_too(tables: CatalogTables, index: CatalogIndex) -> None:
    opened = index.open(tables)
    assert len(opened) == 0
    assert len(index.nearest(opened, index.query("lamp"), None, 5)[0]) == 0


def test_texts_that_are_no_listings_are_never_found_as_products(
    tables: CatalogTables, index: CatalogIndex, embedder: WordEmbedder
) -> None:
    store(tables, PRODUCTS, replace=True)
    vectors = VectorTable(tables, embedder)
    vectors.of_texts(["desk lamp"])
    assert len(index.open(tables).vectors.matrix) == 4
    store(tables, PRODUCTS[:1], replace=True)
    embedder.embedded.clear()
    vectors.of_texts(["desk lamp"])
    assert embedder.embedded == []


def test_older_snapshots_and_what_dead_builders_left_are_swept(
    tables: CatalogTables, index: CatalogIndex, tmp_path: Path
) -> None:
    (tmp_path / "index" / ".building-999999999-x").mkdir(parents=True)
    for price in ("1", "2", "3", "4"):
        store(tables, [product("mug", price=price)], replace=True)
        index.open(tables)
    assert len(list((tmp_path / "index").iterdir())) == 2


def test_a_catalogue_that_changes_while_it_is_indexed_is_indexed_as_it_is_at_last(
    tables: CatalogTables, tmp_path: Path
) -> None:
    store(tables, PRODUCTS, replace=True)

    class Meddler(WordEmbedder):
        def passages(self, texts):  # type: ignore[no-untyped-def]
            if not self.embedded:
                store(tables, [product("late", title="Late comer")], replace=False)
            return super().passages(texts)

    index = CatalogIndex(Meddler(), tmp_path)
    shop = open_catalog(tables, index)
    assert [p.id for p in shop] == ["kettle", "mug", "lamp", "late"]
    index.close()


def test_a_catalogue_that_never_rests_is_an_error_that_says_so(tables: CatalogTables, tmp_path: Path) -> None:
    class Restless(WordEmbedder):
        def passages(self, texts):  # type: ignore[no-untyped-def]
            store(tables, [product(f"p{self.batches}")], replace=False)
            return super().passages(texts)

    store(tables, PRODUCTS, replace=True)
    with pytest.raises(CatalogError, match="changes faster"):
        CatalogIndex(Restless(), tmp_path).open(tables)

from pathlib import Path

import numpy as np
import pytest

from catalog import CatalogError, DenseIndex, LexicalIndex, StaleIndexError
from catalog.index import passage, version
from catalog.lock import FolderLock
from tests.catalog.conftest import WordEmbedder, product

PRODUCTS = [
    product("kettle", title="Electric kettle", translations={"zh": {"title": "电热水壶"}}),
    product("mug", title="Stoneware mug"),
    product("lamp", title="Desk lamp", brand="Luma"),
]


def test_each_language_of_a_product_is_embedded_once(dense: DenseIndex, embedder: WordEmbedder) -> None:
    assert dense.sync(PRODUCTS) == 4
    assert "电热水壶" in embedder.embedded
    assert dense.sync(PRODUCTS) == 0


def test_only_what_reads_differently_is_embedded_again(dense: DenseIndex, embedder: WordEmbedder) -> None:
    dense.sync(PRODUCTS)
    embedder.embedded.clear()
    changed = [
        product(
            "kettle", title="Electric kettle", price="99.00", quantity=0, translations={"zh": {"title": "电热水壶"}}
        ),
        product("mug", title="Porcelain mug"),
        PRODUCTS[2],
    ]
    assert dense.sync(changed) == 1
    assert embedder.embedded == ["Porcelain mug"]


def test_what_is_gone_is_no_longer_found(dense: DenseIndex) -> None:
    dense.sync(PRODUCTS)
    assert dense.sync(PRODUCTS[1:]) == 0
    dense.load(PRODUCTS[1:])
    rows, _ = dense.nearest("electric kettle", None, 10)
    assert sorted(rows) == [0, 1]


def test_an_interrupted_run_continues_where_it_stopped(tmp_path: Path) -> None:
    many = [product(f"p{n}", title=f"Thing number {n}") for n in range(150)]
    first = DenseIndex(WordEmbedder(fail_at_batch=2), folder=tmp_path)
    with pytest.raises(KeyboardInterrupt):
        first.sync(many)
    first.close()
    embedder = WordEmbedder()
    second = DenseIndex(embedder, folder=tmp_path)
    with pytest.raises(StaleIndexError, match="86 of 150 products are not indexed: run `python -m catalog rebuild`"):
        second.load(many)
    seen: list[tuple[int, int]] = []
    assert second.sync(many, lambda done, total: seen.append((done, total))) == 86
    assert seen == [(64, 86), (86, 86)]
    assert set(embedder.embedded) == {passage(p) for p in many[64:]}
    second.load(many)
    second.close()


def test_the_index_survives_its_process(tmp_path: Path) -> None:
    first = DenseIndex(WordEmbedder(), folder=tmp_path)
    first.sync(PRODUCTS)
    first.close()
    second = DenseIndex(WordEmbedder(), folder=tmp_path)
    assert second.sync(PRODUCTS) == 0
    second.load(PRODUCTS)
    rows, scores = second.nearest("desk lamp", None, 1)
    assert (list(rows), scores[0]) == ([2], pytest.approx(1, abs=0.3))
    second.close()


def test_another_embedder_has_vectors_of_its_own(tmp_path: Path) -> None:
    first = DenseIndex(WordEmbedder(), folder=tmp_path)
    first.sync(PRODUCTS)
    first.close()
    second = DenseIndex(WordEmbedder("other/model", dimensions=8), folder=tmp_path)
    assert second.sync(PRODUCTS) == 4
    second.close()


def test_a_folder_serves_one_index_at_a_time(tmp_path: Path, dense: DenseIndex) -> None:
    with pytest.raises(CatalogError, match="only one at a time"):
        DenseIndex(WordEmbedder(), folder=tmp_path / "chroma")
    dense.close()
    DenseIndex(WordEmbedder(), folder=tmp_path / "chroma").close()


def test_a_folder_that_is_no_index_is_named_and_left_free(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_text("not a database " * 100)
    with pytest.raises(StaleIndexError, match="cannot be opened .*move the folder away"):
        DenseIndex(WordEmbedder(), folder=tmp_path)
    FolderLock(tmp_path).close()
    (tmp_path / "file").write_text("")
    with pytest.raises(StaleIndexError, match="cannot be made"):
        DenseIndex(WordEmbedder(), folder=tmp_path / "file")


@pytest.mark.parametrize(
    ("url", "reason"),
    [("http://127.0.0.1:1", "no Chroma server answers"), ("localhost:8000", "http://HOST:PORT is expected")],
)
def test_a_server_that_does_not_answer_is_named(url: str, reason: str) -> None:
    with pytest.raises(StaleIndexError, match=reason) as caught:
        DenseIndex(WordEmbedder(), url=url)
    assert url in str(caught.value)


def test_nearest_under_a_filter_is_exact(dense: DenseIndex, embedder: WordEmbedder) -> None:
    many = [product(f"p{n}", title=f"word{n} word{n % 7} thing") for n in range(120)]
    dense.sync(many)
    dense.load(many)
    allowed = np.arange(120) % 3 == 0
    rows, scores = dense.nearest("word3 word5", allowed, 10)
    wanted = embedder.query("word3 word5")
    cosines = {row: float(embedder.query(many[row].title) @ wanted) for row in range(0, 120, 3)}
    assert list(rows) == sorted(cosines, key=lambda row: -cosines[row])[:10]
    assert list(scores) == pytest.approx([cosines[int(row)] for row in rows], abs=1e-5)


def test_an_empty_index_finds_nothing(dense: DenseIndex) -> None:
    assert dense.sync([]) == 0
    dense.load([])
    assert len(dense.nearest("lamp", None, 5)[0]) == 0
    assert dense.vectors([]).size == 0
    assert list(LexicalIndex([]).scores("lamp")) == []


def test_the_product_of_a_text_and_a_query_is_their_cosine(dense: DenseIndex) -> None:
    same, other = dense.vectors(["mug red", "lamp"]) @ dense.query("red mug")
    assert same == pytest.approx(1)
    assert other < 0.9


def test_a_text_is_embedded_once_however_often_it_is_asked_for(tmp_path: Path) -> None:
    first = DenseIndex(WordEmbedder(), folder=tmp_path)
    before = first.vectors(["red mug", "lamp", "red mug"])
    first.close()
    embedder = WordEmbedder()
    second = DenseIndex(embedder, folder=tmp_path)
    after = second.vectors(["lamp", "red mug", "blue mug"])
    assert embedder.embedded == ["blue mug"]
    assert np.allclose(after[:2], before[1:])
    second.close()


def test_texts_that_are_no_listings_are_never_found_as_products(dense: DenseIndex) -> None:
    dense.sync(PRODUCTS)
    dense.vectors(["desk lamp"])
    assert dense.sync(PRODUCTS) == 0
    dense.load(PRODUCTS)
    assert len(dense.nearest("desk lamp", None, 10)[0]) == len(PRODUCTS)


def test_words_are_looked_up_in_every_field_and_language() -> None:
    lexical = LexicalIndex(PRODUCTS)
    assert np.flatnonzero(lexical.scores("kettles")).tolist() == [0]
    assert np.flatnonzero(lexical.scores("水壶")).tolist() == [0]
    assert np.flatnonzero(lexical.scores("luma")).tolist() == [2]
    assert not lexical.scores("bicycle").any()
    assert lexical.knows("kettl")
    assert not lexical.knows("bicycl")


def test_a_title_counts_more_than_a_description() -> None:
    both = [product("a", title="Tray", description="for a mug"), product("b", title="Mug", description="for a tray")]
    first, second = LexicalIndex(both).scores("mug")
    assert second > first > 0


def test_a_passage_says_what_it_is_first_and_has_an_end() -> None:
    item = product(title="Mug", category="Kitchen", brand="B", description="x" * 900, attributes={"Color": "Red"})
    assert passage(item).startswith("Mug. Kitchen. B. xxx")
    assert len(passage(item)) == 700


def test_the_version_changes_with_the_contents() -> None:
    embedder = WordEmbedder()
    one = version(embedder, PRODUCTS)
    assert one == version(embedder, PRODUCTS[::-1])
    assert one.startswith("words+bm25:3:")
    assert one != version(embedder, [*PRODUCTS[:2], product("lamp", title="Desk lamp", brand="Luma", price="11.00")])

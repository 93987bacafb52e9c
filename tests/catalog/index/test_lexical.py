from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from catalog import Product, tokens
from catalog.index import postings
from catalog.index.lexical import LexicalIndex, LexicalWriter
from catalog.index.postings import Postings, PostingsWriter
from tests.catalog.conftest import product

PRODUCTS = [
    product("kettle", title="Electric kettle", translations={"zh": {"title": "电热水壶"}}),
    product("mug", title="Stoneware mug"),
    product("lamp", title="Desk lamp", brand="Luma"),
]


def _index(folder: Path, products: Sequence[Product]) -> LexicalIndex:
    writer = LexicalWriter(folder / "words")
    for row, item in enumerate(products):
        writer.add(row, item)
    writer.finish()
    return LexicalIndex(folder / "words")


def _scores(lexical: LexicalIndex, text: str) -> np.ndarray:
    return lexical.scores(Counter(tokens(text)).items())


def test_words_are_looked_up_in_every_field_and_language(tmp_path: Path) -> None:
    lexical = _index(tmp_path, PRODUCTS)
    assert np.flatnonzero(_scores(lexical, "kettles")).tolist() == [0]
    assert np.flatnonzero(_scores(lexical, "水壶")).tolist() == [0]
    assert np.flatnonzero(_scores(lexical, "luma")).tolist() == [2]
    assert not _scores(lexical, "bicycle").any()
    assert lexical.knows("kettl")
    assert not lexical.knows("bicycl")
    assert lexical.rarity("bicycl") > lexical.rarity("kettl")


def test_a_title_counts_more_than_a_description(tmp_path: Path) -> None:
    both = [product("a", title="Tray", description="for a mug"), product("b", title="Mug", description="for a tray")]
    first, second = _scores(_index(tmp_path, both), "mug")
    assert second > first > 0


def test_scores_are_those_of_the_published_formula(tmp_path: Path) -> None:
    items = [product("a", title="red mug"), product("b", title="red red red lamp"), product("c", title="pan")]
    scores = _scores(_index(tmp_path, items), "red")
    lengths, counts = np.array([6, 12, 3]), np.array([3, 9, 0])
    idf = np.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    wanted = idf * counts / (counts + 1.5 * (1 - 0.75 + 0.75 * lengths / lengths.mean()))
    assert scores.tolist() == pytest.approx(wanted.tolist(), rel=1e-5)


def test_no_listing_has_no_words(tmp_path: Path) -> None:
    assert list(_scores(_index(tmp_path, []), "lamp")) == []


def test_postings_written_in_pieces_come_back_by_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "_PIECE", 7)
    rng = np.random.default_rng(3)
    rows = [{f"t{token}": float(token) for token in rng.integers(0, 20, 5)} for _ in range(60)]
    writer = PostingsWriter(tmp_path / "p")
    for row, held in enumerate(rows):
        writer.add(row, held)
    writer.finish()
    opened = Postings(tmp_path / "p")
    assert set(opened) == {token for held in rows for token in held}
    for token in opened:
        found, values = opened.rows(token)
        assert found.tolist() == [row for row, held in enumerate(rows) if token in held]
        assert set(values.tolist()) == {float(token[1:])}
        assert opened[token] == len(found)
    assert "none" not in opened


@pytest.mark.parametrize("only", [[], [0], [2], [0, 2], [0, 1, 2]])
def test_some_rows_score_as_they_do_among_all(tmp_path: Path, only: list[int]) -> None:
    lexical = _index(tmp_path, PRODUCTS)
    terms = list(Counter(tokens("electric desk kettle lamp luma")).items())
    assert lexical.scores(terms, np.array(only, dtype=np.int64)).tolist() == lexical.scores(terms)[only].tolist()

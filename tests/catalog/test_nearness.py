"""Lines near to a question in meaning."""

import pytest

from catalog.nearness import Nearness
from tests.fakes import WordEmbedder


class Counting(WordEmbedder):
    def __init__(self):
        self.embedded = []

    def passages(self, texts):
        self.embedded += texts
        return super().passages(texts)


def test_a_line_that_says_the_same_is_nearest_and_order_is_kept():
    embedder = Counting()
    other, same = Nearness(embedder, embedder.query).of("short cord", ["heavy base", "short cord"])
    assert same == pytest.approx(1.0)
    assert other < same


def test_a_line_is_embedded_once():
    embedder = Counting()
    near = Nearness(embedder, embedder.query)
    near.of("a", ["one", "two", "one"])
    near.of("b", ["two", "three"])
    assert embedder.embedded == ["one", "two", "three"]


def test_no_lines_have_no_cosines():
    assert Nearness(WordEmbedder(), WordEmbedder().query).of("a", []) == []


def test_only_so_many_lines_are_kept(monkeypatch):
    monkeypatch.setattr("catalog.nearness._KEPT", 2)
    embedder = Counting()
    near = Nearness(embedder, embedder.query)
    assert len(near.of("a", ["one", "two", "three"])) == 3
    near.of("a", ["one"])
    assert embedder.embedded.count("one") == 2

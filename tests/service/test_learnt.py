"""The models of service texts: learnt from examples, kept where they were learnt, and what is shipped fits its examples."""

import numpy as np
import pytest

from assistant import sense
from assistant.service.learnt import lessons, load_learnt
from assistant.service.promises import sensed
from catalog import load_embedder
from tests.fakes import WordEmbedder

EXAMPLES = {
    "claim": ["money sent back", "order cancelled today", "refund sent"],
    "none": ["hello there", "which lamp", "hello lamp"],
}


@pytest.fixture
def words(monkeypatch):
    monkeypatch.setattr(sense, "examples", lambda _: EXAMPLES)
    return WordEmbedder()


def test_a_text_is_of_the_class_whose_examples_it_is_like(words, tmp_path):
    model = load_learnt("claims", words.name, words.passages, tmp_path)
    says = sensed(model, words.passages)
    assert says("the refund was sent back") > 0.5 > says("hello, which lamp?")
    assert model.shares(words.passages(["refund", "hello"])).sum(axis=1) == pytest.approx([1, 1])


def test_what_was_learnt_is_kept_and_other_examples_are_learnt_anew(words, tmp_path, monkeypatch):
    load_learnt("claims", words.name, words.passages, tmp_path)

    def known(texts):
        raise AssertionError("learnt again")

    assert load_learnt("claims", words.name, known, tmp_path).names == ("claim", "none")
    monkeypatch.setattr(sense, "examples", lambda _: EXAMPLES | {"third": ["blue", "red"]})
    assert load_learnt("claims", words.name, words.passages, tmp_path).names == ("claim", "none", "third")


@pytest.mark.parametrize("name", ["topics", "claims"])
def test_what_is_shipped_was_learnt_from_the_examples_as_they_are(name):
    with np.load(lessons(name).shipped) as held:
        assert str(held["digest"]) == sense._digest(load_embedder("packaged").name, lessons(name))
        assert set(held["names"]) == set(sense.examples(lessons(name)))


@pytest.mark.parametrize("name", ["topics", "claims"])
def test_every_class_has_examples_in_both_languages_and_none_twice(name):
    every = [example for several in sense.examples(lessons(name)).values() for example in several]
    assert len(every) == len(set(every))
    for several in sense.examples(lessons(name)).values():
        assert any(one.isascii() for one in several) and not all(one.isascii() for one in several)

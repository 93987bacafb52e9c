"""The sense of acts: learnt from examples, kept where it was learnt, and the one that is shipped fits its examples."""

import numpy as np
import pytest

from assistant import sense
from assistant.sense import ACTS, COMMANDS, KINDS, load_sense
from catalog import load_embedder
from tests.fakes import WordEmbedder

EXAMPLES = {
    "thanks": ["thanks a lot", "many thanks", "cheers mate", "cheers"],
    "others": ["show other ones", "other ones please", "any others", "others please"],
    "limit": ["under fifty", "fifty at most", "fifty tops", "under fifty please"],
}


@pytest.fixture
def words(monkeypatch):
    monkeypatch.setattr(sense, "examples", lambda _: EXAMPLES)
    return WordEmbedder()


def test_a_message_is_of_the_act_whose_examples_it_is_like(words, tmp_path):
    learnt = load_sense(words.name, words.passages, words.passages, tmp_path)
    told = learnt.of("cheers, many thanks")
    assert told.act == "thanks"
    assert told.probability > 0.5 > told.second_probability


def test_what_means_the_same_is_told_apart_by_its_wording(monkeypatch, tmp_path):
    said = {
        "want": ["only blue", "只要蓝色的", "red ones"],
        "exclude": ["anything but blue", "蓝色的别给我看", "but red"],
    }
    monkeypatch.setattr(sense, "examples", lambda _: said)

    def alike(texts):
        return np.ones((len(texts), 4), dtype=np.float32) / 2

    learnt = load_sense("alike", alike, alike, tmp_path)
    assert learnt.of("绿色的别给我看").act == "exclude"
    assert learnt.of("only green").act == "want"


def test_how_likely_an_act_is_can_be_asked(words, tmp_path):
    learnt = load_sense(words.name, words.passages, words.passages, tmp_path)
    assert learnt.likelihood("cheers", "thanks") > 0.5 > learnt.likelihood("cheers", "limit")


def test_what_other_examples_are_of_is_another_act():
    told = sense.examples(COMMANDS)
    assert set(sense.examples(ACTS)["thanks"]) <= set(told["other"])
    assert not set(told["orders"]) & set(told["other"])


@pytest.mark.parametrize("message", ["", "👍", "\ud800", "x" * 5000])
def test_any_message_has_an_act(words, tmp_path, message):
    learnt = load_sense(words.name, words.passages, lambda texts: words.passages(texts), tmp_path)
    assert 0 < learnt.of(message).probability <= 1


def test_what_was_learnt_for_another_embedder_is_kept_and_not_learnt_again(words, tmp_path):
    load_sense(words.name, words.passages, words.passages, tmp_path)

    def known(texts):
        raise AssertionError("learnt again")

    assert load_sense(words.name, words.passages, known, tmp_path).of("others").act == "others"


def test_other_examples_or_another_embedder_are_learnt_anew(words, tmp_path, monkeypatch):
    load_sense(words.name, words.passages, words.passages, tmp_path)
    monkeypatch.setattr(sense, "examples", lambda _: EXAMPLES | {"greeting": ["hello", "hi there"]})
    assert load_sense(words.name, words.passages, words.passages, tmp_path).of("hello").act == "greeting"


@pytest.mark.parametrize("lessons", [ACTS, COMMANDS, KINDS], ids=["acts", "commands", "kinds"])
def test_every_act_has_many_examples_in_both_languages(lessons):
    for act, examples in sense.examples(lessons).items():
        assert len(examples) == len(set(examples)) >= 25, act
        assert any(one.isascii() for one in examples) and not all(one.isascii() for one in examples), act


@pytest.mark.parametrize("lessons", [ACTS, COMMANDS, KINDS], ids=["acts", "commands", "kinds"])
def test_what_is_shipped_was_learnt_from_the_examples_as_they_are(lessons):
    with np.load(lessons.shipped) as held:
        assert str(held["digest"]) == sense._digest(load_embedder("packaged").name, lessons)
        assert set(held["names"]) == set(sense.examples(lessons))

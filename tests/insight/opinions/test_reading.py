"""Opinions out of texts: what is judged, of which aspect, and what of a chat is no opinion at all."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from assistant import sense
from assistant.insight.opinions.aspects import OVERALL, aspect_ids, aspect_name, aspects_in
from assistant.insight.opinions.lexicon import tally
from assistant.insight.opinions.reading import Reader, Text, clauses_of, combined
from assistant.insight.opinions.sentiment import LESSONS, _named, load_sentiment, side_of
from assistant.service.private import Masker
from catalog import has_cjk, load_embedder

AT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def reader():
    packaged = load_embedder("packaged")
    sentiment = load_sentiment(packaged.name, packaged.passages, packaged.passages, Path("/nowhere"))
    return Reader(sentiment, Masker().mask)


def read(reader, words, source="comment", lean=0.0):
    (found,) = reader.read([Text(source, "1", words, AT, "en", "shopper", lean=lean)])
    return {one.aspect: side_of(one.polarity) for one in found}


@pytest.mark.parametrize(
    ("words", "aspects"),
    [
        ("The battery is dead after an hour.", {"battery": -1}),
        ("Delivery was quick and the parcel was well wrapped.", {"delivery": 1}),
        ("Your customer service is rude.", {"service": -1}),
        ("客服态度很好", {"service": 1}),
        ("电池用半天就没电了，太失望", {"battery": -1}),
        ("I love it!", {OVERALL: 1}),
        ("太糟糕了", {OVERALL: -1}),
        ("I ordered it on Monday.", {}),
    ],
)
def test_a_comment_says_something_of_the_aspects_it_names(reader, words, aspects):
    found = read(reader, words)
    assert {aspect: found.get(aspect) for aspect in aspects} == aspects
    assert bool(found) == bool(aspects)


def test_two_sides_of_one_sentence_are_kept_apart(reader):
    found = read(reader, "The sound is wonderful but the battery is terrible.")
    assert found["noise"] == 1 and found["battery"] == -1
    found = read(reader, "做工很好，但是价格太贵了。")
    assert found["quality"] == 1 and found["price"] == -1


@pytest.mark.parametrize(
    "words",
    [
        "I want a good quality lamp",
        "something quiet, not too expensive",
        "is the battery any good?",
        "想要一个质量好的台灯",
        "有没有便宜又好用的",
        "没有更便宜的吗",
        "show me the best one",
        "blue",
    ],
)
def test_a_wish_in_a_chat_is_no_opinion(reader, words):
    assert read(reader, words, "chat") == {}


@pytest.mark.parametrize(
    ("words", "side"),
    [
        ("This chat is useless, it does not understand me.", -1),
        ("The lamp I bought broke after two days.", -1),
        ("你推荐的都不对，太差了", -1),
        ("thanks, that answer was really helpful", 1),
    ],
)
def test_an_opinion_in_a_chat_is_read(reader, words, side):
    found = read(reader, words, "chat")
    assert found and set(found.values()) == {side}


def test_what_is_private_is_not_quoted(reader):
    text = Text(
        "comment", "1", "Terrible service, write to ann@example.com about order 4711-2288.", AT, "en", "shopper"
    )
    ((first, *_),) = reader.read([text])
    assert "ann@" not in first.quote and "4711" not in first.quote and "[email]" in first.quote


def test_the_stars_of_a_review_lean_on_what_its_words_leave_open(reader):
    def polarity(lean):
        ((opinion,),) = reader.read([Text("review", "1", "The sound is there.", AT, "en", "shopper", lean=lean)])
        assert opinion.aspect == "noise"
        return opinion.polarity

    assert polarity(1.0) - polarity(0.0) == pytest.approx(0.3)
    assert polarity(0.0) - polarity(-1.0) == pytest.approx(0.3)


def test_nothing_written_holds_no_opinion(reader):
    assert reader.read([]) == []
    assert reader.read(
        [Text("comment", "1", " ", AT, "en", "shopper"), Text("comment", "2", "!!!", AT, "en", "shopper")]
    ) == [
        [],
        [],
    ]


@pytest.mark.parametrize(
    ("clause", "good", "bad"),
    [
        ("not bad at all", 1, 0),
        ("It isn't comfortable", 0, 1),
        ("不好看", 0, 1),
        ("一点也不差", 1, 0),
        ("sturdy and beautiful", 2, 0),
        ("the box has four sides", 0, 0),
    ],
)
def test_a_denied_word_counts_for_the_other_side(clause, good, bad):
    told = tally(clause)
    assert (told.good, told.bad) == (good, bad)


def test_clauses_end_where_a_sentence_turns():
    assert clauses_of("It is warm but it sheds") == ["It is warm", "it sheds"]
    assert clauses_of("很漂亮 就是有点薄，会透") == ["很漂亮", "有点薄", "会透"]
    assert clauses_of("ok") == ["ok"]


def test_what_leans_counts_more_than_what_does_not():
    assert combined([]) == 0
    assert combined([0.8, 0.0]) == pytest.approx(0.8)
    assert combined([0.8, -0.8]) == 0


def test_every_aspect_has_a_name_in_both_languages_and_is_found_by_it():
    for id in aspect_ids():
        assert not has_cjk(aspect_name(id, "en")) and has_cjk(aspect_name(id, "zh"))
    assert aspect_name("gone", "en") == "gone"
    assert "delivery" in aspects_in("the parcels came late")
    assert aspects_in("nothing of the kind") == ()


def test_what_is_shipped_was_learnt_from_the_examples_and_words_as_they_are():
    with np.load(LESSONS.shipped) as held:
        assert str(held["digest"]) == sense._digest(_named(load_embedder("packaged").name), LESSONS)


def test_each_class_has_many_examples_in_both_languages():
    for name, examples in sense.examples(LESSONS).items():
        assert len(examples) == len(set(examples)) >= 90, name
        assert sum(map(has_cjk, examples)) >= 40 <= sum(not has_cjk(one) for one in examples), name

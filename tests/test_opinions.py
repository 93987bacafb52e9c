"""What reviewers say of one aspect: counted by code, both sides, in both languages."""

import threading
from dataclasses import replace

import pytest

from assistant import opinions
from assistant.respond import Moment
from assistant.types import Need
from catalog import Review
from tests.shop import OAK, STEEL

REVIEWS = (
    Review(5, "So quiet that I forget it is on."),
    Review(4, "Good, but it is rather noisy at night."),
    Review(2, "The noise drives me mad."),
    Review(5, "Not loud at all. Arrived quickly."),
    Review(3, "There is some noise."),
    Review(4, "Lovely colour."),
)
FAN = replace(OAK, reviews=REVIEWS, translations=())
ZH = replace(
    OAK,
    locale="zh",
    reviews=(
        Review(5, "很安静，喜欢。"),
        Review(2, "太吵了。"),
        Review(4, "声音不大，但是续航太短。"),
        Review(5, "很漂亮。"),
    ),
    translations=(),
)


def moment(locale="en"):
    return Moment("", Need(), locale, "USD", 1e9, threading.Event())


def said_of(question, product, locale="en"):
    aspect = opinions.aspect_asked(question)
    assert aspect is not None
    return list(opinions.about_aspect(aspect, product, moment(locale)))


def test_reviews_that_mention_an_aspect_are_counted_with_both_sides():
    said = said_of("what do people say about the noise?", FAN)
    assert [one.claim.text for one in said] == [
        "5 of 6 reviews mention noise: 2 in praise, 2 to complain.",
        "In praise: “So quiet that I forget it is on.”",
        "A complaint: “Good, but it is rather noisy at night.”",
    ]
    assert [line.id for line in said[0].evidence] == [f"oak:review.{n}" for n in (1, 4, 2, 3, 5)]


def test_a_chinese_question_counts_chinese_reviews():
    said = said_of("评价怎么说噪音", ZH, "zh")
    assert said[0].claim.text == "4 条评价中有 3 条提到噪音：2 条说好，1 条抱怨。"


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("what do people say about the noise?", "noise"),
        ("Does anyone complain about the battery?", "the battery"),
        ("评价怎么说续航", "the battery"),
        ("大家怎么评价做工？", "quality"),
        ("What do reviewers say about the strap?", "“strap”"),
        ("what do reviews say?", None),
        ("What do reviewers say about it?", None),
        ("What do reviewers say about the first one?", None),
        ("评价怎么样？", None),
        ("is it any good?", None),
    ],
)
def test_a_question_about_reviews_names_an_aspect_or_none(question, name):
    aspect = opinions.aspect_asked(question)
    assert (aspect.en if aspect else None) == name


def test_an_aspect_that_no_table_knows_is_counted_by_its_word():
    product = replace(FAN, reviews=(Review(5, "The strap is great."), Review(1, "The strap tore.")))
    said = said_of("what do people say about the strap?", product)
    assert said[0].claim.text == "2 of 2 reviews mention “strap”: 1 in praise, 1 to complain."


def test_what_no_review_mentions_is_said_so():
    (said,) = said_of("what do people say about the battery?", FAN)
    assert said.claim.text == "Of 6 written reviews none mentions the battery."
    assert said.evidence == ()


def test_without_reviews_there_is_nothing_to_count():
    (said,) = said_of("what do people say about the noise?", STEEL)
    assert said.claim.text == "Harbor Steel Lamp has no written reviews yet."


def test_a_summary_names_what_is_spoken_of_most():
    spoken = [one.claim.text for one in opinions.review_summary(FAN, moment())]
    assert "5 of 6 reviews mention noise: 2 in praise, 2 to complain." in spoken
    assert not any("colour" in text for text in spoken if "mention" in text)


@pytest.mark.parametrize(
    ("text", "rating", "side"),
    [
        ("Not quiet.", 5, "bad"),
        ("It is not noisy.", 2, "good"),
        ("Loud, but I love the colour.", 5, "bad"),
        ("The sound is there.", 5, "good"),
        ("The sound is there.", 1, "bad"),
        ("The sound is there.", 3, "neither"),
        ("一点也不吵。", 3, "good"),
        ("不安静。", 5, "bad"),
    ],
)
def test_the_words_of_the_clause_decide_and_else_the_stars(text, rating, side):
    noise = opinions.aspect_asked("reviews about noise")
    count = opinions.counted(noise, replace(FAN, reviews=(Review(rating, text),)))
    assert len(getattr(count, side)) == len(count.lines) == 1


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("what do people say about the light of the first one?", "the light"),
        ("what do people say about the strap of the first one?", "“strap”"),
    ],
)
def test_which_product_is_meant_is_no_part_of_the_aspect(question, name):
    assert opinions.aspect_asked(question).en == name


def test_a_denied_fault_is_praise_in_whatever_form_the_word_stands():
    light = opinions.aspect_asked("reviews about the light")
    count = opinions.counted(light, replace(FAN, reviews=(Review(3, "There is no flickering on calls."),)))
    assert len(count.good) == 1

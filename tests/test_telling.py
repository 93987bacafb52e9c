"""Which lines speak of what is asked."""

from dataclasses import replace

import pytest

from assistant.telling import asked_of, telling
from tests.shop import OAK, PLASTIC


def told(question, product, catalog):
    return telling(question, product, asked_of(question, product), catalog)


@pytest.mark.parametrize(
    ("question", "attributes", "field"),
    [
        ("第一款的续航时间有多长？", {"续航": "8 小时", "长度": "20 cm"}, "attributes.续航"),
        ("How long does the battery run?", {"Battery life": "8 h", "Length": "20 cm"}, "attributes.Battery life"),
        ("多长？", {"续航": "8 小时", "长度": "20 cm"}, "attributes.长度"),
    ],
)
def test_a_measure_word_asks_for_a_size_only_where_nothing_says_of_what(question, attributes, field):
    asked = asked_of(question, replace(OAK, attributes=attributes, translations=()))
    assert [line.field for line in asked.lines] == [field]


def test_an_attribute_under_a_longer_name_answers_and_that_of_the_parcel_does_not():
    product = replace(
        OAK, attributes={"Item package weight": "2 kg", "Net item weight": "1 kg", "Item weight": "800 g"}
    )
    assert [line.quote for line in asked_of("How much does it weigh?", product).lines] == ["Item weight: 800 g"]
    parcel = replace(OAK, attributes={"Item package weight": "2 kg"})
    assert asked_of("How much does it weigh?", parcel).lines == ()


def test_a_line_with_all_that_is_asked_is_sure(catalog):
    found = told("Is the cord short?", OAK, catalog)
    assert (found.sure, found.lines[0].quote) == (True, "The cord is short.")


def test_a_line_with_some_of_it_is_one_of_a_few_that_may_answer(catalog):
    found = told("Is the cord red?", OAK, catalog)
    assert not found.sure
    assert 1 < len(found.lines) <= 3
    assert found.lines[0].quote == "The cord is short."


@pytest.mark.parametrize("question", ["Is it waterproof?", "Who designed it?", "Can my dog chew it?"])
def test_what_no_line_speaks_of_has_no_lines(catalog, question):
    assert told(question, OAK, catalog).lines == ()


def test_a_listing_without_lines_tells_nothing(catalog):
    bare = replace(PLASTIC, attributes={}, description="")
    assert told("Is it loud?", bare, catalog).lines == ()


def test_of_a_very_long_listing_the_lines_that_share_words_are_compared(catalog):
    long = replace(OAK, description=" ".join(f"Sentence {n} of it." for n in range(80)) + " The plug is Swiss.")
    found = told("Is the plug Swiss?", long, catalog)
    assert (found.sure, found.lines[0].quote) == (True, "The plug is Swiss.")

"""One name for what is wanted, whatever it is called."""

import pytest

from assistant.lacking import no_rule, nothing_beyond, unanswered, unstated, wish_key
from assistant.types import Need
from assistant.wanted import OTHER, attribute_key, attribute_label, band, key_of, label_of, names_of
from catalog import Constraint
from tests.shop import OAK


def test_a_thing_goes_by_one_name_in_both_languages_and_any_number():
    assert key_of("hats") == key_of("Hat") == key_of("帽子") == "hat"
    assert key_of("washing machines") == key_of("洗衣机")
    assert label_of("hat", "beanie", "zh") == "帽子"


def test_what_no_lexicon_knows_goes_by_its_stems_and_is_called_as_it_was():
    assert key_of("Zorgulators") == key_of("zorgulator")
    assert label_of(key_of("zorgulators"), "zorgulators", "zh") == "zorgulators"
    assert names_of("zorgul", "zorgulators") == ("zorgulators",)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(20, (10, 20)), (20.01, (20, 50)), (0.4, (0.2, 0.5)), (1_000, (500, 1_000)), (7, (5, 10)), (0, (0, 0))],
)
def test_limits_fall_into_round_bands(amount, expected):
    assert band(amount) == expected


@pytest.mark.parametrize(
    ("field", "op", "value", "key"),
    [
        ("price", "lt", 1_800, "price<=20"),
        ("price", "ge", 30_000, "price>=200"),
        ("rating", "ge", 4.5, "rating>=2"),
        ("attributes.Color", "contains", ("crimson", "red"), "Color=red"),
        ("attributes.颜色", "contains", ("红色",), "Color=red"),
        ("attributes.Size", "contains", ("46",), "Size=46"),
        ("attributes.Weight", "le", "900 g", "Weight<=1000g"),
        ("brand", "eq", "Nodd", "brand=nodd"),
    ],
)
def test_wishes_for_the_same_have_one_key(field, op, value, key):
    assert wish_key(Constraint(field, op, value), "USD") == key


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("How long does the battery last?", "Battery life"),
        ("续航多久？", "Battery life"),
        ("What voltage does it need?", "Voltage"),
        ("额定电压是多少？", "Voltage"),
        ("Does it have a zipper?", "zipper"),
        ("它有拉链吗？", "zipper"),
        ("Does the first one come with a lid?", "lid"),
        ("第一款的保质期多久？", "保质期"),
        ("Who makes it?", "Brand"),
        ("And?", OTHER),
    ],
)
def test_a_question_is_filed_under_what_it_asks_for(question, key):
    locale = "en" if question.isascii() else "zh"
    gap = unanswered(question, OAK.localised(locale))
    assert (gap.kind, gap.key, gap.product_id) == ("unanswered", key, "oak")


def test_attributes_are_called_in_the_pages_language():
    assert attribute_label("Battery life", "zh") == "续航"
    assert attribute_label("Voltage", "zh") in ("电压", "额定电压")
    assert attribute_label("Voltage", "en") == "Voltage"
    assert attribute_key("产地") == attribute_key("Origin") == "Origin"


def test_features_and_rules_are_filed_too():
    assert unstated("zippers", "Bags").key == "zipper"
    assert no_rule("how long does delivery take?").key == "rules: delivery_time"
    assert no_rule("do you sponsor concerts?").key == "rules"


def test_something_cheaper_than_the_cheapest_misses_by_what_it_costs_more():
    wished = Need(constraints=(Constraint("price", "lt", 4_500),))
    gap = nothing_beyond(OAK, wished, Need())
    assert gap is not None
    assert (gap.kind, gap.product_id, gap.missed_minor) == ("nothing_fits", "oak", 0)
    assert nothing_beyond(OAK, Need(), Need()) is None

"""What is said of the products on the shelf together: two side by side, which to take, why one is there."""

import threading
from dataclasses import replace

import pytest

from assistant import comparing
from assistant.differences import differences
from assistant.rank import shelf
from assistant.respond import Moment
from assistant.types import Need
from catalog import Constraint
from tests.shop import ARC, GLASS, OAK, PLASTIC, ROBIN, STEEL

LAMP_UNDER_50 = Need(
    "a lamp with a warm light",
    None,
    (Constraint("type", "contains", ("lamp",), "inferred"), Constraint("price", "lt", 5_000)),
)


def moment(locale="en", need=Need()):
    return Moment("", need, locale, "USD", 1e9, threading.Event())


def texts(said):
    return [one.claim.text for one in said]


def cited(said):
    return [[line.id for line in one.evidence] for one in said]


def compared(*products, locale="en", need=Need()):
    views = [product.localised(locale) for product in products]
    return list(comparing.compare(views, differences(views, need, locale).rows, moment(locale, need)))


def advised(*products, locale="en", need=Need()):
    return comparing.advise(products, need, locale)


def test_two_products_are_compared_by_price_and_rating_and_told_in_what_else_they_differ():
    said = compared(OAK, STEEL)
    assert texts(said) == [
        "Alder Desk Lamp costs $45, Harbor Steel Lamp costs $39: the second is $6 cheaper.",
        "Rated 4.6 of 5 for the first, 4.2 for the second.",
        "They also differ in: Material, Weight, Color.",
    ]
    assert all({line.product_id for line in one.evidence} == {"oak", "steel"} for one in said[:2])


def test_a_comparison_keeps_the_order_of_the_shelf_whichever_is_cheaper():
    said = compared(STEEL, OAK)
    assert texts(said)[:2] == [
        "Harbor Steel Lamp costs $39, Alder Desk Lamp costs $45: the first is $6 cheaper.",
        "Rated 4.2 of 5 for the first, 4.6 for the second.",
    ]
    assert cited(said)[0] == ["steel:price", "oak:price"]


def test_a_comparison_in_chinese_uses_the_chinese_names():
    assert texts(compared(OAK, STEEL, locale="zh")) == [
        "桤木台灯 $45，海港钢制台灯 $39：第二款便宜 $6。",
        "评分：第一款 4.6，第二款 4.2（满分 5 分）。",
        "它们在这些方面也不同：材质、重量、颜色。",
    ]


def test_products_at_one_price_are_said_to_cost_the_same():
    first, *_ = texts(compared(OAK, replace(STEEL, price_minor=4_500)))
    assert first == "Alder Desk Lamp and Harbor Steel Lamp both cost $45."


def test_of_more_than_two_the_range_of_prices_is_told_and_no_rating_where_one_has_none():
    assert texts(compared(OAK, STEEL, PLASTIC))[:2] == [
        "They cost from $15 (Pebble Night Lamp) to $45 (Alder Desk Lamp).",
        "They also differ in: Material, Color, Weight.",
    ]


def test_where_no_attribute_differs_both_listings_speak_for_themselves():
    said = compared(replace(PLASTIC, attributes={}), replace(ARC, attributes={}))
    assert texts(said)[1:] == [
        "Pebble Night Lamp: A round night lamp for a child's room.",
        "Tern Arc Lamp: A tall lamp that reaches over a sofa.",
    ]
    assert cited(said)[1:] == [["plastic:description.1"], ["arc:description.1"]]


@pytest.mark.parametrize(
    ("products", "need", "expected"),
    [
        ((OAK, STEEL), Need(), "I would take Harbor Steel Lamp for its price ($39) or Alder Desk Lamp for its rating (4.6 of 5)."),
        ((OAK, replace(STEEL, rating=4.9)), Need(), "I would take Harbor Steel Lamp: it is both the cheapest at $39 and the best rated at 4.9 of 5."),
        ((OAK, PLASTIC), Need(), "I would let the price decide: Pebble Night Lamp costs least at $15."),
        ((OAK, replace(STEEL, price_minor=4_500)), Need(), "I would let the rating decide: Alder Desk Lamp is rated best at 4.6 of 5."),
        ((PLASTIC, replace(ARC, price_minor=1_500)), Need(), "By price and rating none of these is the better choice."),
        ((OAK, ARC), LAMP_UNDER_50, "For what you asked I would take Alder Desk Lamp: it alone meets all of it (lamp, under $50, in stock)."),
        ((ARC, GLASS), LAMP_UNDER_50, "None of these meets all that you asked for (lamp, under $50, in stock)."),
        ((OAK, STEEL), Need("a lamp for the workshop"), "I would take Harbor Steel Lamp: of these, its listing alone speaks of what you asked for (workshop)."),
        ((OAK, GLASS), Need(), "For what you asked I would take Alder Desk Lamp: it alone meets all of it (in stock)."),
    ],
)  # fmt: skip
def test_the_advice_is_made_from_what_differs_for_the_need(products, need, expected):
    assert advised(*products, need=need).claim.text == expected


def test_the_advice_cites_what_it_rests_on():
    assert cited([advised(OAK, STEEL)]) == [["steel:price", "oak:rating"]]
    assert cited([advised(OAK, STEEL, need=Need("a lamp for the workshop"))]) == [["steel:description.1"]]


def test_the_advice_in_chinese_uses_the_chinese_names():
    said = advised(OAK, STEEL, locale="zh")
    assert said.claim.text == "看重价格选海港钢制台灯（$39），看重评价选桤木台灯（4.6 分）。"


def test_the_pick_is_the_first_with_its_own_words_its_rating_and_what_speaks_against_it():
    said = list(comparing.pick(shelf([OAK, STEEL, PLASTIC], "en", LAMP_UNDER_50).items, moment()))
    assert texts(said) == [
        "I would start with Alder Desk Lamp at $45: of these, its listing is closest to your wish.",
        "A small lamp with a warm light.",
        "It is also the best rated of these: 4.6 of 5 in 120 ratings.",
        "Mind this, though: a reviewer writes “The cord ends two steps before the wall.”",
    ]
    assert cited(said) == [["oak:price"], ["oak:description.1"], ["oak:rating"], ["oak:review.3"]]


def test_where_another_is_better_rated_the_pick_says_so():
    said = list(comparing.pick(shelf([STEEL, OAK], "en", LAMP_UNDER_50).items, moment()))
    assert "The best rated of these is Alder Desk Lamp: 4.6 of 5 in 120 ratings." in texts(said)
    assert not any("also the best rated" in text for text in texts(said))


@pytest.mark.parametrize(
    "shown",
    [[OAK, PLASTIC], [PLASTIC, ARC], [OAK, replace(STEEL, rating=4.6)], [OAK]],
    ids=["one", "none", "tie", "alone"],
)
def test_nothing_is_best_rated_among_unrated_or_equally_rated_products(shown):
    assert not any("best rated" in text for text in texts(comparing.pick(shelf(shown, "en").items, moment())))


def test_a_pick_in_chinese_is_in_chinese_words():
    said = texts(comparing.pick(shelf([STEEL, OAK], "zh", LAMP_UNDER_50).items, moment("zh")))
    assert said == [
        "我会先看海港钢制台灯（$39）：这几款里，它的商品页最贴近您的要求。",
        "适合工作间的重型台灯。",
        "评分最高的是桤木台灯：120 条评分，平均 4.6 分。",
    ]


def test_why_a_product_is_there_names_what_was_asked_its_own_words_and_what_speaks_against_it():
    (item,) = shelf([OAK], "en", LAMP_UNDER_50).items
    said = list(comparing.why(item, moment(need=LAMP_UNDER_50)))
    assert texts(said) == [
        "Alder Desk Lamp is here because it meets what you asked for: lamp, under $50.",
        "A small lamp with a warm light.",
        "Mind this, though: a reviewer writes “The cord ends two steps before the wall.”",
    ]
    assert cited(said) == [["oak:price"], ["oak:description.1"], ["oak:review.3"]]


def test_where_nothing_must_hold_a_product_is_there_for_being_close():
    (item,) = shelf([ARC], "en").items
    assert texts(comparing.why(item, moment())) == [
        "Tern Arc Lamp is here because its listing is close to what you describe.",
        "A tall lamp that reaches over a sofa.",
    ]


@pytest.mark.parametrize(
    ("order", "locale", "expected", "id"),
    [
        ("cheapest", "en", "Harbor Steel Lamp is the cheapest of these at $39.", "steel:price"),
        ("dearest", "en", "Robin Kettle is the most expensive of these at $52.", "robin:price"),
        ("best rated", "en", "The best rated of these is Robin Kettle: 4.8 of 5 in 300 ratings.", "robin:rating"),
        ("cheapest", "zh", "最便宜的是海港钢制台灯，$39。", "steel:price"),
        ("dearest", "zh", "最贵的是知更鸟电水壶，$52。", "robin:price"),
        ("best rated", "zh", "评分最高的是知更鸟电水壶：300 条评分，平均 4.8 分。", "robin:rating"),
    ],
)
def test_which_is_the_most_of_its_kind_is_said_by_code_with_its_line(order, locale, expected, id):
    shown = [product.localised(locale) for product in (OAK, ROBIN, STEEL)]
    said = list(comparing.superlative(order, shown, moment(locale)))
    assert texts(said) == [expected]
    assert cited(said) == [[id]]


@pytest.mark.parametrize(
    ("locale", "expected"), [("en", "None of these has a rating yet."), ("zh", "这几款都还没有评分。")]
)
def test_where_none_is_rated_that_is_said(locale, expected):
    assert texts(comparing.superlative("best rated", [PLASTIC, ARC], moment(locale))) == [expected]


def test_the_best_rated_is_the_one_with_the_highest_rating_as_it_is_for_a_pick():
    few = replace(STEEL, rating=4.9, rating_count=2)
    (said,) = comparing.superlative("best rated", [OAK, few], moment())
    assert "is Harbor Steel Lamp: 4.9" in said.claim.text


@pytest.mark.parametrize("order", ["cheapest", "dearest"])
def test_at_one_price_none_is_called_the_cheapest_or_the_dearest(order):
    (said,) = comparing.superlative(order, [OAK, replace(STEEL, price_minor=OAK.price_minor)], moment())
    assert said.claim.text.startswith("None of these")


def test_a_product_alone_on_the_shelf_is_not_compared_with_others():
    first, *_ = texts(comparing.pick(shelf([OAK], "en").items, moment()))
    assert first == "Alder Desk Lamp at $45 is the only one on the shelf."


@pytest.mark.parametrize(
    ("side", "title", "quote"),
    [("less", "Alder Desk Lamp", "Weight: 800 g"), ("more", "Harbor Steel Lamp", "Weight: 1.4 kg")],
)
def test_the_least_and_the_most_of_a_measure_are_told_by_the_listings(side, title, quote):
    said = list(comparing.extreme("Weight", side, [OAK, STEEL], moment()))
    assert texts(said) == [f"Going by the listings it is {title}: {quote}."]
    assert [line.quote for line in said[0].evidence] == [quote]


def test_of_a_measure_that_some_listings_do_not_state_it_is_said_which():
    bare = replace(PLASTIC, attributes={})
    assert texts(comparing.extreme("Weight", "less", [STEEL, bare], moment()))[1:] == [
        "The listing of Pebble Night Lamp does not say."
    ]
    assert texts(comparing.extreme("Weight", "less", [bare], moment("zh"))) == ["这几款的商品信息都没有写明。"]


def test_products_that_share_the_least_are_told_together():
    (said,) = comparing.extreme("Weight", "less", [OAK, replace(OAK, id="b", title="Birch Lamp")], moment())
    assert "Alder Desk Lamp, Birch Lamp" in said.claim.text

"""Turns made by hand, right and wrong, and what they score."""

import pytest

from evals.cases import Step, Want
from evals.scorers import score


def row(title, price, style, quantity=3, description="", **attributes):
    return {
        "title": title,
        "price": str(price),
        "category": "home",
        "description": description,
        "quantity": quantity,
        "attributes": {"Style": style, **attributes},
    }


ROWS = {
    "oak": row("Alder Desk Lamp", "45.00", "lamp", description="A warm lamp of oak."),
    "leather": row("Tanner Lamp", "30.00", "lamp", description="A lamp with a leather shade."),
    "dear": row("Tern Arc Lamp", "99.50", "lamp"),
    "kettle": row("Robin Kettle", "20.00", "kettle", quantity=0),
    "灯": {
        "title": "桤木台灯",
        "price": "299",
        "category": ["家居", "灯具"],
        "description": "橡木底座。",
        "attributes": {"材质": "橡木"},
        "reviews": [{"rating": 5, "text": "光线柔和"}],
    },
}
WANT = Want("lamp", 50)
SEARCH = Step("a lamp under $50", WANT)


def searched(slate, text="", want=WANT):
    return score(Step("a lamp under $50", want), want, text, slate, (), ROWS)


def told(text, shown=("oak",), message="hm"):
    return score(Step(message), None, text, (), shown, ROWS)


def asked(what, text, shown=("oak",)):
    return score(Step("?", asks=what), None, text, (), shown, ROWS)


def test_a_slate_that_holds_to_the_wish_has_no_violation():
    found = searched(("oak", "leather"))
    assert (found.violations, found.precision, found.empty) == (0, 1.0, False)


def test_a_product_over_the_limit_is_a_violation():
    found = searched(("oak", "dear"))
    assert (found.violations, found.precision) == (1, 0.5)


def test_a_refused_product_is_a_violation():
    assert searched(("leather",), want=Want("lamp", 50, ("leather",))).violations == 1


def test_another_kind_is_no_violation_but_imprecise():
    found = searched(("oak", "kettle"))
    assert (found.violations, found.precision) == (0, 0.5)


def test_an_invented_product_on_the_slate_is_a_violation():
    assert searched(("oak", "made-up")).violations == 1


def test_an_empty_slate_is_counted_and_has_no_precision():
    found = searched(())
    assert (found.empty, found.precision, found.violations) == (True, None, 0)


@pytest.mark.parametrize(
    "text",
    ["The Alder Desk Lamp costs $45.", "It is $45.00.", "45 dollars.", "It leaves you $5 of your $50.", "No price."],
)
def test_a_price_of_a_product_in_view_or_of_the_shopper_is_right(text):
    assert told(text, message="under $50").off_prices == ()


@pytest.mark.parametrize(
    ("text", "wrong"), [("It costs $44.", ("44",)), ("$1,299 only", ("1,299",)), ("只要 39 元", ("39",))]
)
def test_a_wrong_price_counts(text, wrong):
    assert told(text).off_prices == wrong


def test_a_price_of_a_product_out_of_view_counts_unless_it_is_named():
    assert told("It costs $99.50.").off_prices == ("99.50",)
    assert told("The Tern Arc Lamp costs $99.50.").off_prices == ()


def test_an_invented_name_counts():
    assert told("I suggest the Zephyr Glow Lamp.").off_names == ("Zephyr Glow Lamp",)
    assert told("I suggest the Tern Arc Lamp.").off_names == ("Tern Arc Lamp",)


def test_names_in_view_or_said_by_the_shopper_are_known():
    assert told("The Alder Desk Lamp is warm.").off_names == ()
    assert told("We have no Zephyr Glow here.", message="a Zephyr Glow please").off_names == ()


@pytest.mark.parametrize(
    ("what", "text", "fact"),
    [
        ("price", "It is $45.", True),
        ("price", "It is $54.", False),
        ("price", "The listing does not say.", False),
        ("Style", "The listing says – Style: lamp.", True),
        ("Style", "It is modern.", False),
        ("stock", "In stock.", True),
        ("stock", "Sold out.", False),
        ("stock", "It is not in stock.", False),
    ],
)
def test_a_fact_of_the_listing_must_be_told_as_it_is(what, text, fact):
    assert asked(what, text).fact is fact


def test_a_sold_out_product_must_be_called_so():
    assert asked("stock", "Sold out.", ("kettle",)).fact is True
    assert asked("stock", "In stock.", ("kettle",)).fact is False


def test_a_chinese_fact_is_found_whatever_its_punctuation():
    assert asked("材质", "桤木台灯的商品页写明：材质：橡木。", ("灯",)).fact is True
    assert asked("材质", "材质是松木。", ("灯",)).fact is False


@pytest.mark.parametrize(
    ("text", "abstained"),
    [
        ("The listing of Alder Desk Lamp does not say.", True),
        ("I don't know.", True),
        ("商品页没有说明这一点。", True),
        ("It lasts 8 hours.", False),
        ("Yes!", False),
    ],
)
def test_what_is_not_in_the_listing_must_be_declined(text, abstained):
    assert asked("absent:battery", text).abstained is abstained


def test_what_the_listing_says_after_all_is_left_unscored():
    found = asked("absent:oak", "The listing does not say.")
    assert (found.fact, found.abstained) == (None, None)
    assert asked("absent:柔和", "有。", ("灯",)).abstained is None


def test_a_question_about_an_attribute_that_the_row_lacks_is_left_unscored():
    assert asked("产地", "浙江。", ("灯",)).fact is None


def test_a_question_about_nothing_on_the_shelf_is_left_unscored():
    found = asked("price", "It is $45.", ())
    assert (found.fact, found.abstained) == (None, None)

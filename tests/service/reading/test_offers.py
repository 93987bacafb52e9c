"""Which variant is meant by "the same in red", "a bigger one", "the cheapest but not black" and the like."""

from dataclasses import replace

import pytest

from assistant.service.reading import offer_meant
from tests.service.reading import things

JACKET = things.MIDDLE.lines[1]
TEAPOT = things.MIDDLE.lines[0]


def meant(wanted, line=JACKET, offers=None):
    choice = offer_meant(wanted, line, things.jackets() if offers is None else offers, locale="en")
    return choice.offer.item_id if choice.offer else None


def teapot(wanted):
    return meant(wanted, TEAPOT, things.teapots())


@pytest.mark.parametrize(
    ("wanted", "item"),
    [
        ("size L", "j2"),
        ("a large one", "j2"),
        ("large, and red please", "j3"),
        ("the next size up", "j2"),
        ("one size smaller, without the hood", "j5"),
        ("red without a hood", "j4"),
        ("red but keep the hood", "j3"),
        ("大一码的", "j2"),
        ("换成红色 L", "j3"),
    ],
)
def test_named_options_change_and_the_others_stay(wanted, item):
    assert meant(wanted) == item


@pytest.mark.parametrize(
    ("wanted", "item"),
    [
        ("a bigger one", "t2"),
        ("a smaller one", "t4"),
        ("the largest, in black", "t3"),
        ("1200 ml, same colour", "t2"),
        ("at least 1 litre, cream", "t2"),
        ("a black one with the same capacity", "t5"),
        ("更大的", "t2"),
        ("黑色的，容量不变", "t5"),
    ],
)
def test_amounts_are_compared_whatever_their_unit(wanted, item):
    assert teapot(wanted) == item


@pytest.mark.parametrize(
    ("wanted", "item"),
    [
        ("the cheapest one", "j5"),
        ("the cheapest with a hood", "j1"),
        ("cheapest large", "j3"),
        ("the most expensive one", "j2"),
        ("anything but navy, in L", "j3"),
        ("最便宜的", "j5"),
        ("最贵的", "j2"),
    ],
)
def test_price_decides_where_it_is_asked_for_and_sold_out_ones_never_count(wanted, item):
    assert meant(wanted) == item


@pytest.mark.parametrize(
    ("wanted", "item"),
    [
        ("XL; if there is none, then L", "j2"),
        ("I prefer XL over L", "j2"),
        ("XL > L > S", "j2"),
        ("L, ideally in green but I don't mind", "j2"),
        ("size L, and I don't care about the colour", "j2"),
        ("最好是XL，没有的话就L", "j2"),
    ],
)
def test_second_choices_hold_where_the_first_cannot_be_had(wanted, item):
    assert meant(wanted) == item


def test_what_no_offer_has_is_told_with_the_nearest_offers():
    choice = offer_meant("a purple one", JACKET, things.jackets(), locale="en")
    assert choice.offer is None
    assert choice.unmet == ("colour: purple",)
    assert choice.candidates[0].item_id == "j1"


def test_everything_else_the_same_is_a_demand():
    choice = offer_meant("red, everything else the same", JACKET, things.jackets(), locale="en")
    assert choice.offer is None
    assert set(choice.unmet) & {"size: M", "hood: yes"}


def test_a_forced_change_of_what_was_not_mentioned_is_told():
    choice = offer_meant("size S", JACKET, things.jackets(), locale="en")
    assert choice.offer.item_id == "j5"
    assert choice.changed == ("hood",)


def test_offers_that_fit_alike_are_all_candidates():
    black = things.teapots()[2]
    twins = [black, replace(black, item_id="t9", options={"capacity": "1.2 litres", "colour": "red"})]
    choice = offer_meant("1.2 litres, any colour", TEAPOT, twins, locale="en")
    assert choice.offer is None
    assert {one.item_id for one in choice.candidates} == {"t3", "t9"}


def test_a_limit_of_price_holds():
    assert teapot("a black one under $55") == "t5"
    assert teapot("1.2 litres for less than $60") == "t3"


def test_nothing_demanded_means_the_very_same_item():
    same = offer_meant("the same one", JACKET, things.jackets(), locale="en")
    assert same.offer.item_id == "j1"
    vague = offer_meant("hmm well", JACKET, things.jackets(), locale="en")
    assert vague.understood is False


def test_no_offers_at_all_is_no_choice():
    assert offer_meant("red", JACKET, [], locale="en").offer is None

"""Which order is meant: by number, turn, state, contents, place or day."""

from datetime import UTC, datetime

import pytest

from assistant.service.reading import hear, order_meant
from tests.service.reading import things

SHOP = r"LL-\d{5}"


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("LL-10002", ["LL-10002"]),
        ("my last order", ["LL-10003"]),
        ("the very first order", ["LL-10001"]),
        ("the pending one", ["LL-10003"]),
        ("the order that was delivered", ["LL-10002"]),
        ("the one with the teapot", ["LL-10002"]),
        ("the order with the mug and the jacket", ["LL-10002"]),
        ("the order that went to Bergen Falls", ["LL-10002"]),
        ("the order from March 17", ["LL-10002"]),
        ("the order I placed in December", ["LL-10001"]),
        ("all my orders", ["LL-10003", "LL-10002", "LL-10001"]),
        ("最近的订单", ["LL-10003"]),
        ("有茶壶的那个订单", ["LL-10002"]),
        ("3月17日的订单", ["LL-10002"]),
    ],
)
def test_an_order_is_found_by_what_is_said_of_it(said, ids):
    assert [one.id for one in order_meant(said, things.ORDERS)] == ids


def test_an_order_with_what_none_holds_is_none():
    assert order_meant("the order with the trombone", things.ORDERS) == ()


def test_days_ago_count_from_now():
    now = datetime(2026, 5, 4, tzinfo=UTC)
    assert [one.id for one in order_meant("the one from yesterday", things.ORDERS, now=now)] == ["LL-10003"]


def test_a_wish_means_the_order_that_holds_its_things():
    wish = hear("I want to send back the teapot", "en", order_pattern=SHOP).wishes[0]
    assert [one.id for one in order_meant(wish, things.ORDERS)] == ["LL-10002"]


def test_a_number_that_is_not_theirs_means_no_order():
    wish = hear("cancel LL-99999", "en", order_pattern=SHOP).wishes[0]
    assert order_meant(wish, things.ORDERS) == ()

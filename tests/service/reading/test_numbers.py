"""Order numbers as people type them."""

import pytest

from assistant.service.reading import hear


def ids(text, shop=r"LL-\d{5}", asked=None):
    return hear(text, "en", asked=asked, order_pattern=shop).order_ids


@pytest.mark.parametrize(
    "text",
    ["LL-10002", "ll 10002", "order number LL10002 please", "order 10002", "订单号10002", "my order ll-10002里的东西"],
)
def test_a_number_is_read_however_it_is_spelt(text):
    assert ids(text) == ("LL-10002",)


def test_a_bare_number_counts_where_it_was_asked_for():
    assert ids("10002") == ()
    assert ids("10002", asked="order") == ("LL-10002",)


def test_prices_postcodes_and_longer_numbers_are_none():
    assert ids("it was $10002, I live in 97201, call 5551000255") == ()


def test_every_number_is_read_once_in_order():
    assert ids("LL-10003 and LL-10001, LL-10003 first") == ("LL-10003", "LL-10001")


def test_a_shop_of_another_pattern_reads_its_own():
    assert ids("q7-aa12 and Q7-ZZ99", shop=r"Q7-[A-Z]{2}\d{2}") == ("Q7-AA12", "Q7-ZZ99")
    assert ids("order #A4711", shop=None) == ("#A4711",)

"""Means of payment in words, and which of the customer's own they are."""

import pytest

from assistant.service.reading import method_meant
from assistant.service.reading.methods import method_in
from tests.service.reading import things


def meant(text, order=things.MIDDLE):
    said = method_in(text)
    return [one.id for one in method_meant(said, things.CUSTOMER, order)] if said else None


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("put it on my Visa", ["card_7001"]),
        ("my American Express card", ["card_7002"]),
        ("the card ending in 9008", ["card_7002"]),
        ("the one ending with 4412", ["card_7001"]),
        ("as store credit", ["voucher_9"]),
        ("to pay pal please", ["paypal_5"]),
        ("back to the original payment method", ["paypal_5"]),
        ("the same way I paid", ["paypal_5"]),
        ("use a different card", ["card_7001", "card_7002"]),
        ("not to paypal but to my amex", ["card_7002"]),
        ("from my visa to my gift card", ["voucher_9"]),
        ("via card_7002", ["card_7002"]),
        ("原路退回", ["paypal_5"]),
        ("退到礼品卡", ["voucher_9"]),
        ("用尾号4412的信用卡", ["card_7001"]),
    ],
)
def test_the_own_means_is_found(text, ids):
    assert meant(text) == ids


def test_a_means_that_the_customer_has_not_is_none():
    assert meant("my mastercard") == []
    assert meant("退到支付宝") == []


def test_cards_that_pay_nothing_are_no_means():
    assert meant("a memory card and an SD card") is None
    assert meant("I like the colour") is None

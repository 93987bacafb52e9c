"""A translation that loses or invents a number, an order, an amount or a denial is none."""

import json

import pytest

from assistant.service.translate import faithful, translate
from assistant.writer import Writer
from tests.fakes import broken, scripted


def writer(*answers: str) -> Writer:
    return Writer(
        scripted([json.dumps({"translation": one}, ensure_ascii=False) for one in answers]), stall_timeout_s=5
    )


@pytest.mark.parametrize(
    ("text", "translation", "to"),
    [
        (
            "您的订单 LL-10447 还没有发货，运费是 4.90 美元。",
            "Your order LL-10447 has not left yet; delivery is $4.90.",
            "en",
        ),
        ("I ordered two mugs on May 3.", "我 5 月 3 日买了两个杯子。", "zh"),
        ("我等了三天", "I have been waiting for 3 days", "en"),
        ("Write to hello@lindenandlark.example", "请写信到 hello@lindenandlark.example", "zh"),
        ("Send the PDF invoice", "请发 PDF 发票", "zh"),
    ],
)
def test_what_holds_everything_is_faithful(text, translation, to):
    assert faithful(text, translation, to)


@pytest.mark.parametrize(
    ("text", "translation", "to"),
    [
        ("订单 LL-10447 还没有发货", "Order LL-10474 has not left", "en"),
        ("您的订单还没有发货", "Your order has left", "en"),
        ("运费 4.90 美元", "Delivery is $9.40", "en"),
        ("It costs $4.90", "要 4.90 元", "zh"),
        ("我等了三天", "I have been waiting for 5 days", "en"),
        ("I waited", "我等了 3 天", "zh"),
        ("Where is it?", "Where is it?", "zh"),
        ("在哪里？", "", "en"),
        ("Hi", "您好" * 60, "zh"),
    ],
)
def test_what_loses_or_invents_something_is_not(text, translation, to):
    assert not faithful(text, translation, to)


def test_a_products_title_has_to_stay():
    assert faithful("The Alder Desk Lamp broke", "Alder Desk Lamp 坏了", "zh", ["Alder Desk Lamp"])
    assert not faithful("The Alder Desk Lamp broke", "桤木台灯坏了", "zh", ["Alder Desk Lamp"])


def test_lines_are_translated_one_by_one_and_what_is_in_the_language_stays():
    made = translate("您好\n\nHello\n在哪里？", "en", writer("Good day", "Where is it?"))
    assert made == "Good day\n\nHello\nWhere is it?"


def test_one_unfaithful_line_is_no_translation():
    assert translate("您好\n三天", "en", writer("Good day", "five days 5")) is None


def test_a_model_that_fails_or_writes_no_json_is_no_translation():
    assert translate("您好", "en", Writer(scripted(broken), stall_timeout_s=5)) is None
    assert translate("您好", "en", Writer(scripted(["Good day"]), stall_timeout_s=5)) is None
    assert translate("  ", "en", writer()) is None
    assert translate("您好\n" * 30, "en", writer()) is None

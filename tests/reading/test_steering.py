"""Words that steer, told from words that wish for something."""

import pytest

from assistant.reading.answering import answer_to
from assistant.reading.steering import is_indifferent, variety_step, wants_different, wants_shown, wants_undo
from assistant.reading.whynot import asks_why_not, name_in
from assistant.types import Option, Question
from tests.shop import OAK, STEEL

COLOUR = Question("Which colour?", "attributes.Color", (Option("black", "In black"), Option("No preference", "")))
WHICH = Question(
    "Which?", "product", (Option(OAK.title, "oak"), Option(STEEL.title, "steel")), "how heavy is the lamp one?"
)


@pytest.mark.parametrize(
    "message",
    [
        "undo",
        "Undo that please",
        "go back",
        "go back to the previous ones",
        "previous",
        "撤销",
        "回到刚才",
        "上一步",
        "返回上一步",
    ],
)
def test_going_back_is_heard(message: str) -> None:
    assert wants_undo(message)


@pytest.mark.parametrize(
    "message",
    ["a backpack", "back pain cushion", "can I send it back?", "退回去要运费吗", "取消订单", "something for my back"],
)
def test_other_backs_are_no_undo(message: str) -> None:
    assert not wants_undo(message)


@pytest.mark.parametrize(
    ("message", "step"),
    [("more varied please", 1), ("a wider range", 1), ("多样一点", 1), ("closer to what I asked", -1), ("更贴近一点", -1), ("a variety pack of tea", 0), ("a lamp", 0)],
)  # fmt: skip
def test_variety_is_heard_with_its_direction(message: str, step: int) -> None:
    assert variety_step(message) == step


def test_something_different_and_no_preference_are_heard() -> None:
    assert (
        wants_different("show me something different")
        and wants_different("看看不一样的")
        and not wants_different("others")
    )
    assert not is_indifferent("any backpacks") and not is_indifferent("any lamps?")
    assert all(map(is_indifferent, ["doesn't matter", "no preference", "any colour is fine", "无所谓", "都可以"]))
    assert not any(map(is_indifferent, ["blue", "any lamp under $50", "it matters", "可以退货吗"]))


def test_only_a_quoted_name_asks_to_be_shown() -> None:
    assert wants_shown("Show me “Oak Lamp”") and wants_shown("看看“桤木台灯”") and not wants_shown("show me lamps")


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("why not the Lumo lamp?", "Lumo lamp"),
        ("why didn't you show me the Robin Kettle?", "Robin Kettle"), ("为什么没有推荐知更鸟电水壶？", "知更鸟电水壶"), ("why not that?", "")],
)  # fmt: skip
def test_why_not_is_heard_with_the_name_it_asks_about(message: str, name: str) -> None:
    assert asks_why_not(message) and name_in(message) == name


@pytest.mark.parametrize(
    "message", ["why is it so expensive?", "why can't I pay by card?", "why not something cheaper?", "为什么这么贵"]
)
def test_other_whys_are_not(message: str) -> None:
    assert not asks_why_not(message)


@pytest.mark.parametrize("message", ["black", "Black please", "in black", "the black one", "I'd like black"])
def test_a_bare_value_is_the_wish_that_was_asked_about(message: str) -> None:
    answered = answer_to(COLOUR, message, (OAK,))
    assert answered is not None and answered.message == "In black"


@pytest.mark.parametrize(
    ("message", "id"),
    [
        ("the second", "steel"),
        ("the harbor steel lamp", "steel"),
        ("第一款", "oak"),
        ("either", "oak"),
        ("the cheaper one", "steel"),
    ],
)
def test_a_bare_choice_is_the_product_that_was_asked_about(message: str, id: str) -> None:
    answered = answer_to(WHICH, message, (STEEL, OAK))
    assert answered is not None and (answered.message, answered.product) == (WHICH.about, id)


def test_what_says_something_else_answers_nothing() -> None:
    assert answer_to(COLOUR, "do you have kettles?", (OAK,)) is None
    assert answer_to(WHICH, "show me a kettle under $50 instead of these lamps please", (OAK, STEEL)) is None
    assert answer_to(None, "black", (OAK,)) is None

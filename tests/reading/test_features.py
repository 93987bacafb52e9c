import pytest

from assistant.reading.features import features
from tests import demo


def asked(message: str, *, refines: bool = False) -> tuple[str, ...]:
    return features(message, demo.vocabulary(), refines=refines)


@pytest.mark.parametrize(
    ("message", "feature"),
    [
        ("headphones with USB charging", "usb charging"), ("lamp with a dimmer, under $50", "dimmer"), ("dress with pockets", "pockets"),
        ("which has wireless charging", "wireless charging"), ("that is dishwasher safe", "dishwasher safe"),
        ("with a very good battery life", "battery life"), ("it should have a zipper", "zipper"), ("it must be dimmable", "dimmable"),
        ("a bottle with a straw for my son", "straw"), ("带盖子的杯子", "盖子"), ("能机洗的毯子", "机洗"), ("可折叠的桌子", "折叠"), ("带蓝牙功能的音箱", "蓝牙"),
    ],
)  # fmt: skip
def test_what_a_product_should_have_or_be_is_a_feature_in_the_words_of_the_message(message: str, feature: str) -> None:
    assert asked(message) == (feature,)


@pytest.mark.parametrize(
    ("message", "feature"),
    [
        ("waterproof", "waterproof"), ("machine washable.", "machine washable"), ("quiet", "quiet"), ("防水的", "防水"), ("要防水的", "防水"), ("最好防水的", "防水"),
    ],
)  # fmt: skip
def test_a_bare_quality_is_a_feature_only_where_it_adds_to_a_wish(message: str, feature: str) -> None:
    assert asked(message, refines=True) == (feature,)
    assert asked(message) == ()


@pytest.mark.parametrize(
    "message",
    [
        "with leather", "in black", "red", "Fennick", "with a lamp", "带台灯的", "有红色的吗", "皮革的", "for my dad", "Kitchen",
    ],
)  # fmt: skip
def test_what_is_a_value_a_kind_or_a_brand_of_the_catalogue_is_no_feature(message: str) -> None:
    assert asked(message, refines=True) == ()


@pytest.mark.parametrize(
    "message",
    [
        "with something nice", "something with more", "with a budget", "with 4", "has it", "", "?", "便宜的", "有便宜的吗", "有什么好的吗",
        "what would you take on a week in the mountains",
    ],
)  # fmt: skip
def test_what_says_nothing_of_the_product_is_no_feature(message: str) -> None:
    assert asked(message, refines=True) == ()


def test_a_feature_named_twice_is_one() -> None:
    assert asked("with USB charging and with usb charging") == ("usb charging",)


def test_several_features_stand_in_the_order_in_which_they_are_asked_for() -> None:
    assert asked("with noise cancelling, that has USB charging") == ("noise cancelling", "usb charging")


def test_a_quality_beside_a_feature_that_is_named_is_not_read_again() -> None:
    assert asked("with a dimmer", refines=True) == ("dimmer",)


@pytest.mark.parametrize(
    "message",
    [
        "toys with no small parts", "that is not waterproof", "不要有小零件的", "不能机洗的", "不带盖子的", "没有皮革的", "不防水的", "大一点的", "适合送人的",
    ],
)  # fmt: skip
def test_what_is_refused_or_merely_compared_is_no_feature(message: str) -> None:
    assert asked(message, refines=True) == ()

from itertools import product as pairs
from pathlib import Path
from string import Formatter

import pytest
import yaml

from assistant import phrases
from assistant.phrases import currency_name, describe, joined, money, say
from catalog import Constraint

FILES = [Path(phrases.__file__).parent / name for name in ("phrases.yaml", "service/phrases.yaml")]
TABLE = {name: forms for file in FILES for name, forms in yaml.safe_load(file.read_text(encoding="utf-8")).items()}
OPS = ("eq", "ne", "lt", "le", "gt", "ge", "in", "not_in", "contains", "not_contains")


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("name", TABLE)
def test_a_phrase_has_the_same_blanks_in_both_languages(name: str) -> None:
    assert set(TABLE[name]) == {"en", "zh"}
    assert blanks(TABLE[name]["en"]) == blanks(TABLE[name]["zh"])


def test_a_missing_phrase_or_value_raises() -> None:
    with pytest.raises(KeyError, match="no_such"):
        say("no_such", "en")
    with pytest.raises(KeyError, match="price"):
        say("field_price", "en")


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (4_990, "USD", "$49.90"), (29_900, "CNY", "¥299"), (1_200, "CHF", "12 CHF"), (1_250, "CHF", "12.50 CHF"), (123_456_700, "USD", "$1,234,567"),
        (3_000, "JPY", "¥3,000"), (5, "EUR", "€0.05"), (12_345, "KWD", "12.345 KWD"), (12_500, "KWD", "12.500 KWD"), (12_000, "BHD", "12 BHD"), (0, "USD", "$0"),
    ],
)  # fmt: skip
def test_money_is_written_as_shoppers_read_it(minor: int, currency: str, text: str) -> None:
    assert money(minor, currency, "en") == text


@pytest.mark.parametrize(
    ("constraint", "english", "chinese"),
    [
        (Constraint("price", "lt", 6_000), "under $60", "低于 $60"),
        (Constraint("price", "ge", 4_950), "from $49.50", "$49.50 起"),
        (Constraint("price", "ne", 6_000), "not $60", "不要$60"),
        (Constraint("rating", "ge", 4.0), "4 stars or more", "4 星以上"),
        (Constraint("in_stock", "eq", True), "in stock", "有货"),
        (Constraint("attributes.Color", "contains", ("black", "黑色", "黑")), "black", "黑色"),
        (Constraint("attributes.Color", "contains", ("red", "红色", "blue", "蓝色")), "red or blue", "红色或蓝色"),
        (Constraint("text", "not_contains", ("leather", "皮革", "真皮")), "not leather", "不要皮革"),
        (Constraint("brand", "ne", "Nodd"), "not Nodd", "不要Nodd"),
        (Constraint("brand", "in", ("Nodd", "Hearth")), "Nodd or Hearth", "Nodd或Hearth"),
        (Constraint("type", "contains", ("lamps", "lamp"), "inferred"), "lamps", "lamps"),
        (Constraint("type", "eq", ("sofa", "couch", "沙发"), "inferred"), "sofa", "sofa"),
        (Constraint("type", "not_contains", ("mug",)), "not mug", "不要mug"),
        (Constraint("attributes.Gender", "not_in", ("Men", "Boys")), "no men's items", "不要男款"),
        (Constraint("attributes.Gender", "not_in", ("Women", "Girls")), "no women's items", "不要女款"),
        (Constraint("attributes.Gender", "not_in", ("Unisex",)), "not Unisex", "不要Unisex"),
        (Constraint("attributes.Capacity", "ge", "1.5 l"), "Capacity at least 1.5 l", "容量至少 1.5 l"),
        (Constraint("attributes.Height", "le", "40 cm"), "Height up to 40 cm", "高度不超过 40 cm"),
    ],
)
def test_a_chip_says_its_constraint(constraint: Constraint, english: str, chinese: str) -> None:
    assert describe(constraint, "USD", "en") == english
    assert describe(constraint, "USD", "zh") == chinese


def test_any_constraint_can_be_said() -> None:
    fields = {
        "price": 500,
        "rating": 4.0,
        "in_stock": True,
        "brand": "Nodd",
        "type": ("mug",),
        "text": ("oak",),
        "attributes.X": "y",
        "id": "a",
    }
    for (field, value), op, locale in pairs(fields.items(), OPS, ("en", "zh")):
        assert describe(Constraint(field, op, value), "USD", locale)  # type: ignore[arg-type]


def test_a_list_is_joined_in_its_language() -> None:
    assert joined(["a", "b"], "en") == "a, b"
    assert joined(["甲", "乙"], "zh") == "甲、乙"


def test_a_currency_without_a_name_goes_by_its_code() -> None:
    assert currency_name("USD", "zh") == "美元"
    assert currency_name("CHF", "en") == "CHF"

import pytest

from assistant.reading import limits
from catalog import Constraint
from tests import demo


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("kettle at least 1.5 L", Constraint("attributes.Capacity", "ge", "1.5 l")),
        ("holds 1.5 litres or more", Constraint("attributes.Capacity", "ge", "1.5 l")),
        ("a suitcase lighter than 3kg", Constraint("attributes.Weight", "lt", "3 kg")),
        ("2公斤以内的行李箱", Constraint("attributes.Weight", "le", "2 公斤")),
        ("至少1.5升的电热水壶", Constraint("attributes.Capacity", "ge", "1.5 升")),
        ("a lamp no taller than 40 cm", Constraint("attributes.Height", "le", "40 cm")),
        ("高度不超过40厘米的台灯", Constraint("attributes.Height", "le", "40 厘米")),
        ("cable longer than 1.5 m", Constraint("attributes.Length", "gt", "1.5 m")),
        ("yoga mat thicker than 5 mm", Constraint("attributes.Thickness", "gt", "5 mm")),
        ("at least 400 lumens", Constraint("attributes.Brightness", "ge", "400 lm")),
        ("battery of more than 20 hours", Constraint("attributes.Battery life", "gt", "20 hour")),
        ("a shelf with a load capacity of at least 100 kg", Constraint("attributes.Load capacity", "ge", "100 kg")),
        ("power bank over 10000mAh", Constraint("attributes.Capacity", "gt", "10000 mah")),
    ],
)
def test_a_measure_is_of_the_attribute_that_the_words_speak_of(message: str, expected: Constraint) -> None:
    assert limits.read(message, demo.vocabulary()).constraints == (expected,)


@pytest.mark.parametrize(
    "message",
    [
        "desk under 120 cm",
        "a bottle of at least 20 oz",
        "ready in under 10 minutes",
        "toys for kids under 5",
        "more than 3 pockets",
    ],
)
def test_a_measure_of_who_knows_what_stays_in_the_words(message: str) -> None:
    found = limits.read(message, demo.vocabulary())
    assert found.constraints == () and found.cut_from(message) == message


def test_what_is_read_is_cut_out_and_the_rest_stands_where_it_stood() -> None:
    message = "a red lamp under $40 please"
    rest = limits.read(message, demo.vocabulary()).cut_from(message)
    assert len(rest) == len(message) and rest.split() == ["a", "red", "lamp", "please"]


def test_a_foreign_currency_is_noticed() -> None:
    assert limits.read("lamp under €50", demo.vocabulary()).foreign("USD") == "EUR"
    assert limits.read("lamp under $50", demo.vocabulary()).foreign("USD") is None

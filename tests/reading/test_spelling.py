import pytest

from assistant.reading.spelling import Spelt, spelt
from tests import demo


def right(message: str, **corrections: str) -> Spelt:
    return spelt(message, corrections, demo.vocabulary())


def test_a_mistyped_word_is_put_right_wherever_it_stands() -> None:
    found = right("Headphoens, blue headphoens", headphoens="headphones")
    assert found.message == "headphones, blue headphones"
    assert dict(found.corrected) == {"Headphoens": "headphones", "headphoens": "headphones"}


def test_without_corrections_the_message_stays_as_it_is() -> None:
    assert right("Ein  Satz") == Spelt("Ein  Satz")


@pytest.mark.parametrize("message", ["a navy lamp", "a mug from Fennoway", "lamps"])
def test_a_word_that_the_shop_knows_is_left_alone(message: str) -> None:
    found = right(message, navy="nave", fennoway="fence", lamps="lambs")
    assert found == Spelt(message)


def test_what_states_a_limit_is_left_alone() -> None:
    assert right("a lamp under 50 dolars", dolars="dollars").corrected == ()


def test_part_of_a_word_is_no_word() -> None:
    assert right("headphoensy", headphoens="headphones").corrected == ()


def test_words_beside_chinese_are_put_right_too() -> None:
    assert right("我要kettel", kettel="kettle").message == "我要kettle"

"""More or less of a measure than a product in view has."""

from dataclasses import replace

import pytest

from assistant.reading.relative import relative_to
from tests.shop import PLASTIC, STEEL


@pytest.mark.parametrize(
    ("message", "op"),
    [
        ("something lighter", "lt"), ("that's too heavy", "lt"), ("a bit heavy for me", "lt"), ("heavier, please", "gt"),
        ("更轻的有吗", "lt"), ("太重了", "lt"), ("有点沉", "lt"), ("有没有轻一点的", "lt"), ("再重一点的", "gt"),
    ],
)  # fmt: skip
def test_a_relative_wish_is_a_limit_by_what_the_listing_states(message: str, op: str) -> None:
    limit = relative_to(message, STEEL)
    assert limit is not None and (limit.field, limit.op, limit.value) == ("attributes.Weight", op, "1.4 kg")


@pytest.mark.parametrize(
    "message", ["not too heavy please", "不要太重", "轻便的", "太重要了", "in black", "is it light?"]
)
def test_other_words_set_no_limit(message: str) -> None:
    assert relative_to(message, STEEL) is None


def test_a_listing_that_is_silent_sets_no_limit() -> None:
    assert relative_to("something lighter", replace(PLASTIC, attributes={})) is None
    assert relative_to("a taller one", STEEL) is None

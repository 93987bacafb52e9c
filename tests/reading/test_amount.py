import re

import pytest

from assistant.reading.amount import NUMBER, amount


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("50", 50), ("1,200", 1200), ("49.99", 49.99), ("1.5k", 1500), ("fifty", 50), ("twenty-five", 25), ("two hundred", 200),
        ("a hundred and twenty", 120), ("two thousand five hundred", 2500), ("fifteen hundred", 1500), ("两百", 200), ("一百二", 120),
        ("一百零五", 105), ("十五", 15), ("三十五", 35), ("一千五", 1500), ("两千三百", 2300), ("一万二", 12000), ("2万", 20000),
        ("百", 100),
    ],
)  # fmt: skip
def test_an_amount_is_read_however_it_is_written(text: str, value: float) -> None:
    assert re.fullmatch(NUMBER, text, re.IGNORECASE)
    assert amount(text) == value


@pytest.mark.parametrize("message", ["不到万不得已不换", "万一不合适", "千金难买", "千万别拿"])
def test_a_turn_of_phrase_holds_no_number(message: str) -> None:
    assert re.search(NUMBER, message) is None


def test_a_word_that_only_begins_like_a_number_is_none() -> None:
    assert re.search(NUMBER, "tender onesie tenth", re.IGNORECASE) is None

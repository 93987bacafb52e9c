import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from catalog import Extracted, by_model
from tests.catalog.conftest import product

LAMP = product(
    title="Camp Lantern",
    description="Tips the scales at 310 g. Without leather straps. A spare cell (20 W) is sold separately. Glows in red.",
)


class Oracle:
    """Answers every question with the same findings and remembers what it was asked."""

    def __init__(self, *found: Mapping[str, Any]) -> None:
        self.answer = json.dumps({"found": found})
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    def __call__(self, prompt: str, schema: Mapping[str, Any]) -> str:
        self.asked.append((prompt, schema))
        return self.answer


def _kept(oracle: Any, item: Any = LAMP) -> tuple[Extracted, ...]:
    return next(by_model([item], oracle))[1]


def test_a_finding_that_stands_in_its_line_is_kept_with_it() -> None:
    found = _kept(Oracle({"name": "Weight", "line": 1, "value": "310 g"}))
    assert found == (Extracted("Weight", "310 g", "Tips the scales at 310 g.", "en", "model"),)


@pytest.mark.parametrize(
    "claim",
    [
        {"name": "Weight", "line": 1, "value": "300 g"}, {"name": "Weight", "line": 1, "value": "10 g"}, {"name": "Weight", "line": 9, "value": "310 g"},
        {"name": "Capacity", "line": 1, "value": "310 g"}, {"name": "Warranty", "line": 1, "value": "310 g"}, {"name": "Material", "line": 2, "value": "leather"},
        {"name": "Power", "line": 3, "value": "20 W"}, {"name": "Material", "line": 1, "value": "scales"}, {"name": "Weight", "line": 1, "value": ""},
        {"name": "Weight", "line": "2", "value": "310 g"}, {"name": "Weight"},
    ],
)  # fmt: skip
def test_a_finding_that_the_line_does_not_say_is_dropped(claim: Mapping[str, Any]) -> None:
    assert _kept(Oracle(claim)) == ()


@pytest.mark.parametrize("answer", ["", "none", "[]", '{"found": 3}', '{"found": [3]}', '{"other": []}'])
def test_an_answer_of_another_shape_finds_nothing(answer: str) -> None:
    assert _kept(lambda prompt, schema: answer) == ()


def test_what_the_shop_or_the_rules_give_is_not_asked_for() -> None:
    oracle = Oracle({"name": "Weight", "line": 1, "value": "310 g"})
    stated = product(title="Camp Lantern", description="Tips the scales at 310 g.", attributes={"Net weight": "300 g"})
    assert _kept(oracle, stated) == ()
    ruled = replace(LAMP, extracted=(Extracted("Color", "red", "Glows in red.", "en"),))
    _kept(oracle, ruled)
    names = [schema["properties"]["found"]["items"]["properties"]["name"]["enum"] for _, schema in oracle.asked]
    assert "Weight" not in names[0]
    assert "Color" not in names[1]


def test_a_listing_without_prose_is_not_asked_about() -> None:
    oracle = Oracle()
    assert _kept(oracle, product(title="Bare")) == ()
    assert oracle.asked == []


def test_only_what_a_line_may_tell_is_asked_for() -> None:
    oracle = Oracle()
    _kept(oracle)
    prompt, schema = oracle.asked[0]
    names = schema["properties"]["found"]["items"]["properties"]["name"]["enum"]
    assert set(names) == {"Weight", "Load capacity", "Color"}
    assert "Tips the scales at 310 g." in prompt
    assert "sold separately" not in prompt
    assert _kept(oracle, product(description="Plain and simple.")) == ()
    assert len(oracle.asked) == 1


@pytest.mark.parametrize(
    "line", ["Bends on a 22 cm gooseneck.", "Fits shelves of 22 cm.", "Unlike 22 cm ones it is handy."]
)
def test_a_finding_that_is_said_of_another_thing_is_dropped(line: str) -> None:
    claim = {"name": "Length", "line": 1, "value": "22 cm"}
    assert _kept(Oracle(claim), product(title="Clip Lamp", description=line)) == ()


def test_a_chinese_listing_is_read_in_its_own_words() -> None:
    oracle = Oracle({"name": "Weight", "line": 1, "value": "310克"})
    item = product(title="营灯", description="拿在手里只有310克。")
    assert _kept(oracle, item) == (Extracted("Weight", "310克", "拿在手里只有310克。", "zh", "model"),)

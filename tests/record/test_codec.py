import json

import pytest

from assistant.record import codec
from assistant.types import Cell, Comparison, Need, Option, Question, Row, Slate
from catalog import Constraint, Product, Translation
from tests.record.conversation import NEED, PRODUCTS, QUOTES, slate, turn


def through_json(value):
    return json.loads(json.dumps(value))


@pytest.mark.parametrize("value", ["", "x", "7", 0, 7, 7.0, 0.1, True, False, (), ("a",), ("a", "b")])
def test_a_constraint_keeps_its_value_and_the_type_of_it(value):
    need = Need("q", None, (Constraint("attributes.X", "eq", value),))
    back = codec.need_from_json(through_json(codec.need_to_json(need)))
    assert back == need
    assert type(back.constraints[0].value) is type(value)


def test_every_value_comes_back_as_it_went_in():
    assert codec.need_from_json(through_json(codec.need_to_json(NEED))) == NEED
    assert codec.need_from_json(through_json(codec.need_to_json(Need()))) == Need()
    for quote in QUOTES:
        assert codec.evidence_from_json(through_json(codec.evidence_to_json(quote))) == quote
    for claim in turn("t", "s").reply.claims:
        assert codec.claim_from_json(through_json(codec.claim_to_json(claim))) == claim
    for shelf in (slate("a", "b", "c"), Slate()):
        assert codec.slate_from_json(through_json(codec.slate_to_json(shelf)), PRODUCTS.get, "en") == shelf


def test_a_comparison_and_a_question_come_back_as_they_went_in():
    cells = (Cell("a", "900 g", ("e1",), True), Cell("b", None))
    table = Comparison(("a", "b"), (Row("Weight", "attributes.weight", cells),), "Take a.")
    assert codec.comparison_from_json(through_json(codec.comparison_to_json(table))) == table
    asked = Question("Which colour?", "attributes.Color", (Option("red", "In red"),), "a mug")
    assert codec.question_from_json(through_json(codec.question_to_json(asked))) == asked


def test_a_product_comes_back_in_the_language_it_was_shown_in():
    lamp = Product("a", "Lamp", 100, translations=(Translation("zh", "台灯"),))
    row = {"items": [{"product_id": "a", "score": 1, "reasons": [], "drawback": None}], "matching": 1, "evidence": []}
    assert codec.slate_from_json(row, {"a": lamp}.get, "zh").items[0].product.title == "台灯"

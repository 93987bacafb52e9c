"""What of a labelled request is in the need that was read: limits exactly, values as constraints or at least in the words."""

import json
import random

import pytest

from assistant import Need
from catalog import Constraint, Product
from evals.understanding import Goal, scored, shoppingbench, summary, webshop

GOAL = Goal(
    "g", "shoppingbench", "a red cotton dress under 95 pesos", "7", frozenset({("le", 95.0)}), ("red", "cotton")
)
RED = Constraint("attributes.color", "eq", "Red")
PRICE = Constraint("price", "lt", 9500)


def test_a_limit_is_right_whether_or_not_it_is_meant_itself():
    assert scored(GOAL, Need("dress", constraints=(PRICE,))).price_right
    assert scored(GOAL, Need("dress", constraints=(Constraint("price", "le", 9500),))).price_right


@pytest.mark.parametrize("price", [(), (Constraint("price", "gt", 9500),), (PRICE, Constraint("price", "ge", 100))])
def test_another_limit_a_missing_and_an_added_one_are_wrong(price):
    assert scored(GOAL, Need("dress", constraints=price)).price_right is False


def test_values_are_read_as_constraints_or_kept_in_the_query():
    found = scored(GOAL, Need("cotton dress", constraints=(RED, Constraint("brand", "eq", "Acme"))))
    assert (found.read, found.kept) == (("red",), ("cotton",))
    assert found.right == ("attributes.color eq Red",) and found.wrong == ("brand eq Acme",)


def test_a_refusal_is_neither_right_nor_wrong_and_a_title_speaks_for_a_constraint_as_labels_do():
    refused = Constraint("attributes.Gender", "not_in", ("Men", "Male"))
    wool = Constraint("attributes.Material", "contains", ("wool",))
    product = Product("7", "A wool dress", 1000, attributes={"color": "red"})
    found = scored(GOAL, Need("dress", constraints=(refused, wool)), None, product)
    assert found.wrong == () and len(found.right) == 1


def test_a_need_that_rules_out_the_wanted_product_is_told():
    product = Product("7", "Dress", 9400, attributes={"color": "Red"})
    assert scored(GOAL, Need("dress", constraints=(PRICE, RED)), None, product).allowed is True
    blue = Constraint("attributes.color", "eq", "Blue")
    assert scored(GOAL, Need("dress", constraints=(PRICE, blue)), None, product).allowed is False


def test_a_limit_can_be_worded_well_in_a_currency_that_is_not_known():
    found = scored(GOAL, Need("dress"), Need("dress", constraints=(PRICE,)))
    assert (found.price_right, found.price_right_in_dollars) == (False, True)


def test_the_kind_is_no_attribute_that_could_be_wrong():
    found = scored(GOAL, Need("", constraints=(Constraint("type", "contains", "dress"),)))
    assert found.right == found.wrong == ()


def test_searched_words_are_found_in_query_and_constraints():
    goal = Goal("w", "webshop", "i want a red dress please", words=frozenset({"red", "dress", "xl"}))
    assert scored(goal, Need("dress", constraints=(RED,))).words_kept == pytest.approx(2 / 3)


def test_recall_is_over_values_that_the_request_says():
    goal = Goal("g", "shoppingbench", "a red dress", "7", frozenset(), ("red", "suitable for all occasions"))
    found = summary([scored(goal, Need("dress", constraints=(RED,)))])
    assert found["attributes said: read as constraints (recall)"].n == 1
    assert found["attributes said: read as constraints (recall)"].mean == 1
    assert found["attribute constraints that are labelled (precision)"].mean == 1
    assert found["no price read where none is said"].mean == 1
    assert found["price limit exactly right"].n == 0


def test_labels_are_taken_from_the_file_without_their_measures(tmp_path):
    wanted = {
        "product_id": "7", "title": ["Dress"], "sku_options": [{"size": "int:l", "color": "Red"}],
        "attributes": [{"brand": ["acme"]}, {"material": ["default"]}], "price": [{"between": [10, 20]}],
    }  # fmt: skip
    for name, reward in (("product", wanted), ("shop", [wanted, {**wanted, "product_id": "8"}])):
        text = json.dumps({"query": "a dress", "reward": reward})
        (tmp_path / f"synthesize_{name}_test.jsonl").write_text(text, encoding="utf-8")
    rows, goals = shoppingbench(tmp_path)
    assert [row["id"] for row in rows] == ["7", "8"] and rows[0]["brand"] == "acme"
    assert goals[0].values == ("large", "red", "acme")
    assert goals[0].product_id == "7" and rows[0]["price"] == "15.00"
    assert goals[0].price == {("ge", 10.0), ("le", 20.0)}


def test_searches_that_people_typed_are_the_words_of_webshop(tmp_path):
    typed = {"i want a red dress": ["red dress"], "nothing typed": []}
    (tmp_path / "goal_query_map.json").write_text(json.dumps(typed), encoding="utf-8")
    (goal,) = webshop(tmp_path, random.Random(1))
    assert goal.text == "i want a red dress" and goal.words == {"red", "dress"}

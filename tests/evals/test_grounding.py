"""Sentences with planted errors are built from the rows by a seed, apart for dev and test."""

import random

from evals.amounts import rescaled, reunited
from evals.flips import flipped
from evals.grounding import Result, summary
from evals.planted import planted, split_of, wording
from tests.demo import products


def test_the_same_seed_plants_the_same_errors():
    first, again = (list(planted("demo", "dev", products(), 2, 1)) for _ in range(2))
    assert [one.text for one in first] == [one.text for one in again]
    assert {"price", "unit", "only", "count", "name", "negation"} <= {one.error for one in first}


def test_dev_and_test_share_no_product_and_no_wording():
    shelves = {split: list(planted("demo", split, products(), 2, 1)) for split in ("dev", "test")}
    for split, found in shelves.items():
        assert {split_of(product) for one in found for product in one.shelf} == {split}
    assert not set(wording("price", "en", "dev")) & set(wording("price", "en", "test"))


def test_amounts_change_their_unit_or_are_converted():
    assert reunited("It weighs 500 g.") == "It weighs 500 kg."
    assert rescaled("800 g", 1, convert=True) == "0.8 kg"
    assert rescaled("2 L", 2) == "4 L"


def test_a_sentence_is_denied_or_its_denial_undone():
    assert flipped("It is waterproof.") == "It is not waterproof."
    assert flipped("It is not waterproof.") == "It is waterproof."
    assert flipped("可以放进洗碗机。") == "不能放进洗碗机。"


def test_recall_counts_planted_errors_and_precision_what_is_flagged():
    def result(error, flagged):
        return Result("1", "demo", "en", "template", "price", error, "", flagged, "", False, 1.0)

    found = summary([result("price", True), result("price", False), result(None, True), result(None, False)])[
        "verifier"
    ]
    assert found["recall"].startswith("0.500")
    assert found["precision"].startswith("0.500")
    assert found["true let through"].startswith("0.500")


def test_shelves_hold_four_titles_of_one_category():
    from evals.planted import shelves

    for shelf in shelves(products(), 5, random.Random(3)):
        assert len({product.title for product in shelf}) == 4
        assert len({product.category for product in shelf}) == 1

"""Ranking measures on orders worked out by hand."""

import math

import pytest

from evals.ranking import ndcg, recall, reciprocal_rank

GAINS = {"a": 1.0, "b": 1.0, "c": 0.5}


def test_the_best_order_has_an_ndcg_of_one():
    assert ndcg(["a", "b", "c", "x"], GAINS) == pytest.approx(1.0)


def test_a_near_product_first_is_worth_its_gain():
    found = 0.5 + 1 / math.log2(3)
    best = 1 + 1 / math.log2(3) + 0.5 / 2
    assert ndcg(["c", "a"], GAINS) == pytest.approx(found / best)


def test_ndcg_looks_at_ten_places_and_at_the_best_ten_gains():
    assert ndcg(["x"] * 10 + ["a"], GAINS) == 0
    many = {str(n): 1.0 for n in range(40)}
    assert ndcg([str(n) for n in range(10)], many) == pytest.approx(1.0)


def test_recall_is_of_as_many_as_can_stand_in_ten_places():
    many = {str(n): 1.0 for n in range(40)}
    assert recall([str(n) for n in range(5)], many) == 0.5
    assert recall(["a", "x", "c"], GAINS) == 0.5  # a near product counts for nothing here


def test_the_reciprocal_rank_is_that_of_the_first_right_product():
    assert reciprocal_rank(["c", "x", "b", "a"], GAINS) == pytest.approx(1 / 3)
    assert reciprocal_rank(["x"] * 10 + ["a"], GAINS) == 0


@pytest.mark.parametrize("measure", [ndcg, recall, reciprocal_rank])
def test_nothing_found_and_nothing_to_find_are_zero(measure):
    assert measure([], GAINS) == 0
    assert measure(["a"], {}) == 0

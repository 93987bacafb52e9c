"""Every mode is asked every case, crashes stay in the count, and the gain of hybrid search is paired."""

import json
from dataclasses import asdict

import pytest

from catalog import Constraint, Hit
from evals import retrieval
from evals.retrieval import Result, summaries, table
from evals.retrieval_cases import Case
from tests.shop import PRODUCTS


def result(case, mode, ndcg, **fields):
    return Result("shop", mode, case, case, "dev", "hm", ("a",), ("A",), ndcg, ndcg, ndcg, **fields)


RESULTS = [
    result("1", "BM25", 0.2, violations=0),
    result("1", "hybrid", 0.6, violations=1),
    result("2", "BM25", 0.4),
    result("2", "hybrid", 0.4),
    result("3", "BM25", 0.9),
    Result("shop", "hybrid", "3", "3", "dev", "hm", (), (), failure="CatalogError: gone"),
]


def test_a_crash_is_counted_and_is_no_zero():
    hybrid = summaries(RESULTS)["shop"]["all"]["modes"]["hybrid"]
    assert (hybrid["ndcg"].n, hybrid["ndcg"].mean, hybrid["ndcg"].unscored) == (2, 0.5, 1)
    assert hybrid["failures"] == 1
    assert (hybrid["zero"].n, hybrid["zero"].unscored) == (2, 1)


def test_violations_are_over_the_cases_that_have_constraints():
    modes = summaries(RESULTS)["shop"]["all"]["modes"]
    assert (modes["hybrid"]["violating"].mean, modes["hybrid"]["violating"].n) == (1.0, 1)
    assert (modes["BM25"]["violating"].mean, modes["BM25"]["violating"].n) == (0.0, 1)


def test_the_gain_of_hybrid_is_over_the_cases_that_both_scored():
    gain = summaries(RESULTS)["shop"]["all"]["gains"]["BM25"]
    assert (gain.n, gain.mean) == (2, pytest.approx(0.2))


def test_the_table_has_a_row_a_mode_and_says_that_no_reranker_is_named():
    text = table({"summary": summaries(RESULTS), "reranker": None})
    assert "| shop | BM25 | 0.500" in text and "| shop | hybrid | 0.500" in text
    assert text.endswith("hybrid + rerank: no AISLE_RERANKER named")
    assert "no AISLE_RERANKER" not in table({"summary": summaries(RESULTS), "reranker": "some/model"})
    assert json.loads(json.dumps(summaries(RESULTS), default=asdict))["shop"]["dev"]["modes"]["BM25"]["ndcg"]["n"] == 3


class Backwards:
    """Puts last what came first."""

    name = "backwards"

    def scores(self, query, texts):
        import numpy as np

        return np.arange(len(texts), dtype=np.float32)


def test_each_mode_asks_the_catalogue_in_its_way(catalog):
    case = Case("1", "1", "shop", "en", PRODUCTS[0].title, {PRODUCTS[0].id: 1.0})
    searches = retrieval._searches(catalog, Backwards())
    assert list(searches) == ["BM25", "dense", "hybrid", "hybrid + rerank"]
    for mode in ("BM25", "dense", "hybrid"):
        assert retrieval._result("shop", mode, case, searches[mode]).rr == 1.0
    assert searches["hybrid + rerank"](case)[0].product.id != PRODUCTS[0].id
    assert "hybrid + rerank" not in retrieval._searches(catalog, None)


def test_limits_that_were_only_spoken_are_checked_too():
    case = Case("1", "1", "shop", "en", "hm", {}, spoken=(Constraint("price", "le", 0),))
    found = retrieval._result("shop", "BM25", case, lambda _: [Hit(PRODUCTS[0], 0, 0, 0)])
    assert (found.violations, found.ids) == (1, (PRODUCTS[0].id,))


def test_a_search_that_breaks_is_a_failure_of_its_case():
    def broken(case):
        raise RuntimeError("gone")

    found = retrieval._result("shop", "BM25", Case("1", "1", "shop", "en", "hm", {}), broken)
    assert (found.failure, found.ndcg, found.ids) == ("RuntimeError: gone", None, ())

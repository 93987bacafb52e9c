"""Means and intervals on cases worked out by hand."""

import math

import pytest

from evals.metrics import bootstrap, mean, proportion, quantile


def test_a_proportion_has_wilsons_interval():
    found = proportion([True] * 8 + [False] * 2)
    assert (found.n, found.mean, found.unscored) == (10, 0.8, 0)
    assert found.low == pytest.approx(0.4902, abs=1e-4)  # by the formula, with z = 1.96
    assert found.high == pytest.approx(0.9433, abs=1e-4)


@pytest.mark.parametrize(("scores", "low", "high"), [([True] * 10, 0.7225, 1.0), ([False] * 10, 0.0, 0.2775)])
def test_all_or_none_of_ten_still_has_an_interval_within_0_and_1(scores, low, high):
    found = proportion(scores)
    assert found.low == pytest.approx(low, abs=1e-4)
    assert found.high == pytest.approx(high, abs=1e-4)


def test_a_mean_has_the_interval_of_its_standard_error():
    found = mean([1.0, 2.0, 3.0, 4.0])
    assert (found.n, found.mean) == (4, 2.5)
    half = 1.959964 * math.sqrt(5 / 3) / 2
    assert found.low == pytest.approx(2.5 - half)
    assert found.high == pytest.approx(2.5 + half)


def test_equal_values_and_a_single_one_have_no_spread():
    assert (mean([0.7, 0.7]).low, mean([0.7, 0.7]).high) == (0.7, 0.7)
    assert (mean([2]).low, mean([2]).high) == (2, 2)


@pytest.mark.parametrize("measure", [mean, proportion])
def test_what_has_no_score_is_counted_apart_and_not_as_a_zero(measure):
    found = measure([True, None, None])
    assert (found.n, found.mean, found.unscored) == (1, 1.0, 2)


@pytest.mark.parametrize("measure", [mean, proportion])
@pytest.mark.parametrize(("scores", "unscored"), [([], 0), ([None, None], 2)])
def test_nothing_scored_has_no_mean(measure, scores, unscored):
    found = measure(scores)
    assert (found.n, found.unscored) == (0, unscored)
    assert math.isnan(found.mean) and math.isnan(found.low) and math.isnan(found.high)
    assert str(found) == "– n=0"


def test_an_estimate_reads_as_mean_interval_and_n():
    assert str(proportion([True, False])) == "0.500 [0.095, 0.905] n=2"


@pytest.mark.parametrize(
    ("values", "q", "expected"),
    [([4, 1, 3, 2], 0.5, 2.5), ([1, 2, 3, 4, 5], 0.95, 4.8), ([7], 0.95, 7), ([2, 2, 2], 0.5, 2), ([1, 9], 0, 1)],
)
def test_a_quantile_lies_between_neighbours(values, q, expected):
    assert quantile(values, q) == pytest.approx(expected)


def test_the_quantile_of_nothing_is_no_number():
    assert math.isnan(quantile([], 0.5))


def test_a_bootstrap_of_equal_scores_has_no_spread():
    found = bootstrap([0.5] * 8, list("abcdefgh"))
    assert (found.n, found.mean, found.low, found.high) == (8, 0.5, 0.5, 0.5)


def test_a_bootstrap_interval_is_near_the_normal_one_and_the_same_every_time():
    scores = [0.0, 1.0] * 50
    found, normal = bootstrap(scores, [str(n) for n in range(100)]), mean(scores)
    assert found.low == pytest.approx(normal.low, abs=0.03)
    assert found.high == pytest.approx(normal.high, abs=0.03)
    assert found == bootstrap(scores, [str(n) for n in range(100)])


def test_cases_of_one_group_are_drawn_together_so_that_the_interval_is_wider():
    scores = [0.0] * 50 + [1.0] * 50
    alone = bootstrap(scores, [str(n) for n in range(100)])
    together = bootstrap(scores, [str(n // 10) for n in range(100)])
    assert together.mean == alone.mean == 0.5
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_a_bootstrap_counts_the_unscored_apart():
    found = bootstrap([1.0, None, 0.0], ["a", "b", "c"])
    assert (found.n, found.mean, found.unscored) == (2, 0.5, 1)
    assert bootstrap([None], ["a"]).n == 0

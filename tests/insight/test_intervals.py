from statistics import mean as plain_mean
from statistics import stdev

import pytest

from assistant.insight.intervals import (
    Difference,
    Interval,
    Mean,
    Share,
    difference_of_means,
    difference_of_shares,
    mean,
    share,
    wilson,
)
from assistant.insight.measures import Counts, compared, measured


def near(interval, low, high, within=5e-5):
    return abs(interval.low - low) < within and abs(interval.high - high) < within


def test_wilson_gives_the_published_values():
    """Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3."""
    assert near(wilson(81, 263), 0.2553, 0.3662)
    assert near(wilson(15, 148), 0.0624, 0.1605)
    assert near(wilson(0, 20), 0.0, 0.1611)
    assert near(wilson(1, 29), 0.0061, 0.1718)


def test_a_share_of_everything_or_nothing_touches_its_end_exactly():
    assert wilson(0, 7).low == 0.0
    assert wilson(7, 7).high == 1.0
    assert 0 < wilson(7, 7).low < 1


def test_newcombes_difference_gives_the_published_values():
    """Newcombe 1998, Statistics in Medicine 17, 873-890, table II, method 10."""
    assert near(difference_of_shares(share(56, 70), share(48, 80)).interval, 0.0524, 0.3339)
    assert near(difference_of_shares(share(9, 10), share(3, 10)).interval, 0.1705, 0.8090)
    assert near(difference_of_shares(share(10, 10), share(0, 20)).interval, 0.6791, 1.0)
    assert near(difference_of_shares(share(10, 10), share(0, 10)).interval, 0.6075, 1.0)


def test_only_a_difference_whose_interval_leaves_out_nothing_is_sure():
    assert difference_of_shares(share(56, 70), share(48, 80)).sure
    assert not difference_of_shares(share(6, 10), share(5, 10)).sure
    assert not Difference(None, None).sure


def test_a_mean_is_that_of_its_values():
    values = [0.0, 0.25, 0.75, 1.0, 1.0]
    found = mean(5, sum(values), sum(value**2 for value in values))
    margin = 1.959964 * stdev(values) / 5**0.5
    assert found.value == pytest.approx(plain_mean(values))
    assert near(found.interval, found.value - margin, found.value + margin)
    assert mean(3, 3.0, 3.0).interval == Interval(1.0, 1.0)


def test_nothing_counted_has_no_interval():
    assert share(0, 0) == Share(0, 0, None, None)
    assert mean(0, 0, 0) == Mean(0, None, None)
    assert mean(1, 0.5, 0.25) == Mean(1, 0.5, None)
    assert wilson(0, 0) is None
    assert difference_of_shares(share(1, 2), share(0, 0)) == Difference(None, None)
    assert difference_of_means(mean(0, 0, 0), mean(2, 1, 1)) == Difference(None, None)
    assert difference_of_means(mean(1, 0.5, 0.25), mean(2, 1, 1)) == Difference(0.0, None)


def test_means_differ_by_the_root_of_both_margins_squares():
    this, that = Mean(9, 0.8, Interval(0.5, 1.1)), Mean(9, 0.4, Interval(0.0, 0.8))
    assert near(difference_of_means(this, that).interval, 0.4 - 0.5, 0.4 + 0.5)


def test_figures_follow_from_the_counts():
    counts = Counts(
        conversations=10, with_purchase=2, revenue_minor=5_000, rated=4, satisfied=3, score_micro=3_000_000,
        score_square_micro=2_500_000, impressions=40, clicks=4, thumbs_up=3, thumbs_down=1, nps_rated=4, promoters=3,
        detractors=1, turns=20, failed_turns=1, offered=8, answered=2,
    )  # fmt: skip
    found = measured(counts)
    assert (found.conversion.value, found.ctr.value, found.csat.value, found.response.value) == (0.2, 0.1, 0.75, 0.25)
    assert (found.revenue_minor_per_conversation, found.nps, found.score.value) == (500.0, 50.0, 0.75)
    assert (found.thumbs.value, found.failed.value) == (0.75, 0.05)
    nothing = measured(Counts())
    assert (nothing.csat.value, nothing.nps, nothing.revenue_minor_per_conversation) == (None, None, None)
    assert compared(found, nothing)["csat"] == Difference(None, None)
    assert set(compared(found, found)) >= {"csat", "score", "ctr", "conversion", "response"}

"""How surprising a count is: against cases worked out by other means, and as often as it says."""

import numpy as np
import pytest
from scipy.stats import betabinom, binom

from assistant.insight.alerts.jump import Window, surprise, surprise_of_few
from assistant.insight.alerts.jumps import Level, Wanted, jumped, watchable
from assistant.insight.alerts.watched import Series


def test_a_long_even_past_makes_it_a_binomial_tail():
    past = surprise([10_000] * 200, [300] * 200, Window(500, 30))
    assert past == pytest.approx(binom.sf(29, 500, 0.03), rel=0.1)


def test_a_restless_past_makes_it_a_beta_binomial_tail():
    rng = np.random.default_rng(1)
    a, b = 3.0, 97.0
    trials = np.full(600, 400)
    hits = rng.binomial(trials, rng.beta(a, b, 600))
    assert surprise(trials, hits, Window(400, 25)) == pytest.approx(betabinom.sf(24, 400, a, b), rel=0.3)


def test_more_hits_surprise_more_and_a_short_past_surprises_less():
    chances = [surprise([200] * 28, [6] * 28, Window(200, hits)) for hits in (3, 8, 14, 25)]
    assert chances == sorted(chances, reverse=True)
    assert surprise([200] * 3, [6] * 3, Window(200, 20)) > 10 * surprise([200] * 28, [6] * 28, Window(200, 20))


def test_without_hits_or_past_nothing_is_surprising():
    assert surprise([100] * 28, [3] * 28, Window(100, 0)) == 1
    assert surprise([], [], Window(10, 10)) == 1
    assert surprise([0, 0], [0, 0], Window(10, 10)) == 1


def test_few_hits_are_the_lower_tail_of_the_same():
    past = surprise_of_few([10_000] * 200, [300] * 200, Window(500, 4))
    assert past == pytest.approx(binom.cdf(4, 500, 0.03), rel=0.1)
    rng = np.random.default_rng(1)
    hits = rng.binomial(400, rng.beta(3.0, 97.0, 600))
    restless = surprise_of_few([400] * 600, hits, Window(400, 2))
    assert restless == pytest.approx(betabinom.cdf(2, 400, 3.0, 97.0), rel=0.3)
    assert surprise_of_few([], [], Window(10, 0)) == 1
    none = surprise_of_few([200] * 28, [20] * 28, Window(200, 0))
    assert 0 < none < 1e-6


def test_more_hits_than_trials_are_refused():
    with pytest.raises(ValueError, match="hits"):
        surprise([1], [2], Window(1, 1))
    with pytest.raises(ValueError, match="hits"):
        surprise([2], [1], Window(1, 2))


@pytest.mark.real  # a simulation of some seconds
@pytest.mark.parametrize("spread", [0.0005, 0.02])
def test_as_often_as_it_says(spread):
    rng = np.random.default_rng(7)
    a, b = (0.04 * (1 - spread) / spread, 0.96 * (1 - spread) / spread)
    chances = []
    for _ in range(250):
        trials = rng.poisson(300, 29) + 1
        hits = rng.binomial(trials, rng.beta(a, b, 29))
        chances.append(surprise(trials[:28], hits[:28], Window(int(trials[28]), int(hits[28]))))
    assert np.mean(np.asarray(chances) < 0.05) < 0.1
    assert np.mean(np.asarray(chances) < 0.5) > 0.3


def hours(rate, days=36, trials=20, last=None):
    counts = np.full(days * 24, trials)
    rng = np.random.default_rng(3)
    hits = rng.binomial(counts, rate)
    if last:
        hits[-24:] = rng.binomial(counts[-24:], last)
    return Series(counts, hits)


LEVEL = Level(4, {"hour": 0.2, "day": 0.5, "week": 0.3}, 20)
WANTED = Wanted(least=5, times=1.3)


def test_a_day_of_three_times_the_rate_is_a_jump():
    jump = jumped(hours(0.03, last=0.09), ("hour", "day", "week"), WANTED, LEVEL)
    assert jump.span == "day" and jump.times > 2 and jump.trials == 480 and jump.usual == pytest.approx(0.03, abs=0.005)


def test_what_is_as_usual_is_none():
    assert jumped(hours(0.03), ("hour", "day", "week"), WANTED, LEVEL) is None


def test_few_hits_or_a_small_rise_are_none_however_surprising():
    series = hours(0.03, last=0.09)
    assert jumped(series, ("day",), Wanted(least=1_000, times=1.3), LEVEL) is None
    assert jumped(series, ("day",), Wanted(least=5, times=10), LEVEL) is None


FALLS = Wanted(least=10, times=1.3, falls=True)


def test_a_day_of_a_third_of_the_rate_is_a_fall_and_no_jump():
    series = hours(0.15, last=0.05)
    fall = jumped(series, ("hour", "day", "week"), FALLS, LEVEL)
    assert fall.span == "day" and fall.times < 0.5 and fall.trials == 480
    assert jumped(series, ("hour", "day", "week"), WANTED, LEVEL) is None
    assert jumped(hours(0.05, last=0.15), ("hour", "day", "week"), FALLS, LEVEL) is None
    assert jumped(hours(0.15), ("hour", "day", "week"), FALLS, LEVEL) is None


def test_a_fall_of_what_was_rare_or_a_small_one_is_none_however_surprising():
    series = hours(0.15, last=0.05)
    assert jumped(series, ("day",), Wanted(least=1_000, times=1.3, falls=True), LEVEL) is None
    assert jumped(series, ("day",), Wanted(least=10, times=9, falls=True), LEVEL) is None


def test_nothing_at_all_where_much_was_usual_is_a_fall():
    series = hours(0.15)
    series.hits[-24:] = 0
    assert jumped(series, ("day",), FALLS, LEVEL).times == 0


def test_a_past_of_a_few_days_is_not_watched():
    assert not watchable(hours(0.03, days=6))
    assert not watchable(Series(np.zeros(900, dtype=np.int64), np.zeros(900, dtype=np.int64)))
    assert watchable(hours(0.03))
    assert jumped(hours(0.03, days=5, last=0.5), ("day",), WANTED, LEVEL) is None


def test_the_year_s_false_alarms_are_shared_out():
    looks = {"hour": 365.25 * 24, "day": 365.25, "week": 365.25}
    assert sum(LEVEL.of(span) * looks[span] * 20 for span in looks) == pytest.approx(4)
    assert Level(4, {"day": 1.0}, 0).of("day") == pytest.approx(4 / 365.25)
    assert LEVEL.of("hour") < LEVEL.of("day")

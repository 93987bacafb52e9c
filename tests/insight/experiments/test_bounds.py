"""Intervals that may be looked at every day: hand-computed cases, and what happens where nothing can be said."""

import numpy as np
import pytest

from assistant.insight.experiments.bounds import Moments, compared, moments_of, narrowed, tuned, widening


def arm(values, n=1.0, looks=None):
    """The sums of an arm after each of `looks` units."""
    y = np.asarray(values, dtype=float)
    n = np.broadcast_to(np.asarray(n, dtype=float), y.shape)
    looks = looks or [len(y)]
    sums = [moments_of(y[:look], n[:look]) for look in looks]
    return type(sums[0])(
        *(np.array([float(getattr(one, f)) for one in sums]) for f in type(sums[0]).__dataclass_fields__)
    )


def test_the_widening_is_the_papers_formula():
    found = widening(np.array([1_000.0]), 0.01, 0.05)[0]
    assert found == pytest.approx(np.sqrt(2 * 11 / 10 * np.log(np.sqrt(11) / 0.05)))


def test_an_interval_that_always_holds_is_wider_than_one_that_holds_once():
    units = np.array([100.0, 1_000.0, 10_000.0])
    assert (widening(units, tuned(1_000, 0.05), 0.05) > 1.96).all()


def test_the_interval_is_narrowest_for_its_width_about_where_it_is_tuned():
    planned = 5_000.0
    widths = {factor: widening(np.array([planned]), tuned(planned * factor, 0.05), 0.05)[0] for factor in (0.1, 1, 10)}
    assert widths[1] < widths[0.1] and widths[1] < widths[10]


def test_the_variance_of_a_mean_is_its_usual_one():
    values = np.array([0.0, 1.0, 4.0, 7.0])
    assert float(moments_of(values, np.ones(4)).variance()) == pytest.approx(values.var(ddof=1) / 4)


def test_a_unit_with_several_conversations_counts_once():
    once = moments_of(np.array([1.0, 0.0] * 50), np.ones(100))
    thrice = moments_of(np.array([3.0, 0.0] * 50), np.full(100, 3.0))
    assert float(thrice.ratio()) == float(once.ratio())
    assert float(thrice.variance()) == pytest.approx(float(once.variance()))


def test_too_few_units_or_none_that_differ_say_nothing():
    few = compared(arm([0, 1] * 10), arm([1, 0] * 10), 100, 0.05)
    alike = compared(arm([0.0] * 100), arm([0.0] * 100), 100, 0.05)
    rare = compared(arm([0.0] * 99 + [1]), arm([0.0] * 100), 100, 0.05)
    assert all(np.isnan(band.low[0]) for band in (few, alike, rare))


def test_all_looks_together_are_the_narrowest_of_them():
    rng = np.random.default_rng(1)
    looks = [100, 400, 1_600]
    band = compared(arm(rng.random(1_600), looks=looks), arm(rng.random(1_600) + 0.1, looks=looks), 3_200, 0.05)
    both = narrowed(band)
    assert (both.low == np.maximum.accumulate(band.low)).all()
    assert (both.high == np.minimum.accumulate(band.high)).all()
    assert both.low[-1] > 0


@pytest.mark.parametrize("one_sided", [False, True])
def test_looking_daily_at_nothing_raises_few_false_alarms(one_sided):
    rng = np.random.default_rng(2)
    looks, alarms = list(range(100, 2_001, 100)), 0
    for _ in range(200):
        first, second = (arm(rng.random(2_000) < 0.1, looks=looks) for _ in range(2))
        band = compared(first, second, 4_000, 0.05, one_sided=one_sided)
        alarms += bool((band.low > 0).any() or (not one_sided and (band.high < 0).any()))
    assert alarms <= 10


@pytest.mark.parametrize(("rate", "of_them"), [(0.15, 0.75), (1.0, 0.03)], ids=["satisfaction", "failed"])
@pytest.mark.parametrize("few", [3, 6, 15])
def test_a_small_arm_in_which_little_happens_raises_few_false_alarms(few, rate, of_them):
    """Of 30 units a day few meet the second arm, of which as few rate or fail."""
    rng, runs, days = np.random.default_rng(8), 2_000, 14

    def arm(a_day):
        n = rng.binomial(a_day, rate, (runs, days))
        y = rng.binomial(n, of_them)
        n, y = (one.cumsum(axis=1).astype(float) for one in (n, y))
        return Moments(np.broadcast_to(a_day * np.arange(1.0, days + 1), y.shape), y, n, y, y, n, y)

    band = compared(arm(30 - few), arm(few), 30.0 * days, 0.05)
    assert ((band.low > 0) | (band.high < 0)).any(axis=1).mean() < 0.02


def test_a_small_arm_that_lacks_what_few_pay_is_not_taken_to_be_surely_worse():
    """One of ten shoppers meets the second arm, and one of seven pays, a few of them very much."""
    rng, runs, days = np.random.default_rng(8), 1_000, 14

    def arm(a_day):
        y = (rng.random((runs, days, a_day)) < 0.15) * rng.lognormal(0.0, 1.0, (runs, days, a_day))
        sums = [one.sum(axis=2).cumsum(axis=1) for one in (y, y * y, (y > 0) * 1.0)]
        units = np.broadcast_to(a_day * np.arange(1.0, days + 1), sums[0].shape)
        return Moments(units, sums[0], units, sums[1], sums[0], units, sums[2])

    band = compared(arm(108), arm(12), 120.0 * days, 0.05)
    assert ((band.low > 0) | (band.high < 0)).any(axis=1).mean() < 0.02


def test_of_many_units_nothing_is_borrowed():
    rng = np.random.default_rng(9)
    first, second = arm(rng.random(40_000) < 0.1), arm(rng.random(40_000) < 0.3)
    band = compared(first, second, 80_000, 0.05)
    own = np.sqrt(first.variance() + second.variance())
    wide = widening(np.array([80_000.0]), tuned(80_000, 0.05), 0.05) * own
    assert float(band.high[0] - band.difference[0]) == pytest.approx(float(wide[0]), rel=0.001)

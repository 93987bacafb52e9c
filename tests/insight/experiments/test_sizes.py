"""How many units an experiment takes: monotone in what is asked, and enough for what was promised."""

import numpy as np
import pytest

from assistant.insight.experiments.bounds import Moments, compared, tuned, widening
from assistant.insight.experiments.sizes import Baseline, drift, found, size_of

SHOP = Baseline(0.05, (0.05 * 0.95) ** 0.5, units_a_day=500, conversations_a_unit=1.5)


def size(effect=0.02, weights=(1.0, 1.0), alpha=0.05, power=0.8, share=1.0, baseline=SHOP):
    return size_of(baseline, effect, weights, alpha=alpha, power=power, share=share, is_share=True)


def test_a_single_look_takes_what_every_textbook_says():
    grown = (1 + 1.05**1.75) / 2  # of two arms, one has a mean that is 5 % higher
    equal = size_of(Baseline(10.0, 2.0, 0.0), 0.5, (1.0, 1.0), alpha=0.05, power=0.8)
    assert equal.fixed_units == pytest.approx(2 * 2 * (1.959964 + 0.841621) ** 2 * 4 / 0.25 * grown, rel=0.001)


def test_to_be_allowed_to_look_takes_more():
    assert 1.4 < size().units / size().fixed_units < 2.2


def test_less_is_found_by_more():
    assert size(effect=0.01).units > 3 * size().units
    assert size(power=0.9).units > size().units
    assert size(alpha=0.01).units > size().units
    assert size(weights=(9.0, 1.0)).units > size().units
    assert size(weights=(1.0, 1.0, 1.0)).units > size().units


def test_days_follow_from_the_traffic_that_takes_part():
    assert size(share=0.25).days == pytest.approx(4 * size().days, abs=4)
    assert size(baseline=Baseline(0.05, 0.218, 0.0)).days is None
    assert size().conversations == pytest.approx(1.5 * size().units, abs=2)


def test_where_nothing_could_be_found_it_says_so():
    with pytest.raises(ValueError, match="effect"):
        size(effect=0)
    with pytest.raises(ValueError, match="effect"):
        size(baseline=Baseline(0.0, 0.0, 10))


def test_no_difference_is_hardly_ever_found_and_a_large_one_always():
    assert 2 * found(0.0, 0.05, 28) < 0.05
    assert found(8.0, 0.05, 28) > 0.999
    assert found(drift(0.05, 0.8, 28), 0.05, 28) == pytest.approx(0.8, abs=0.001)


def test_the_planned_power_is_reached_at_daily_looks():
    plan, rng, days, runs = size(), np.random.default_rng(3), 14, 600
    per_day = plan.units // 2 // days

    def arms(rate):
        y = rng.binomial(per_day, rate, size=(runs, days)).cumsum(axis=1).astype(float)
        n = np.broadcast_to(per_day * np.arange(1.0, days + 1), y.shape)
        return Moments(n, y, n, y, y, n, y)

    hit = (compared(arms(0.05), arms(0.07), plan.units, 0.05).low > 0).any(axis=1).mean()
    assert hit == pytest.approx(0.8, abs=0.05)


def test_what_is_reckoned_of_a_drift_is_what_happens():
    rng, looks = np.random.default_rng(4), 28
    times = np.arange(1, looks + 1) / looks
    bounds = widening(times, tuned(1.0, 0.05), 0.05) * np.sqrt(times)
    walks = rng.normal(3.7 / looks, looks**-0.5, (100_000, looks)).cumsum(axis=1)
    assert found(3.7, 0.05, looks) == pytest.approx((walks > bounds).any(axis=1).mean(), abs=0.005)


def of_shoppers(chance, shape, times):
    """A part rates, each once, and `times` as many are not satisfied: the sums of a day of y, n, y², y n and n²."""
    rated = chance.binomial(shape[2], 0.15, shape[:2])
    y = chance.binomial(rated, 1 - 0.3 * times)
    return y, rated, y, y, rated


def of_tastes(chance, shape, times):
    """Clicks of 12 products that each is shown; a few click much."""
    y = chance.binomial(12, np.minimum(chance.beta(0.5, 5.5, shape) * times, 1.0))
    shown = np.full(shape[:2], 12 * shape[2])
    return y.sum(2), shown, (y * y).sum(2), y.sum(2) * 12, shown * 12


@pytest.mark.parametrize("power", [0.8, 0.9])
@pytest.mark.parametrize(
    ("world", "figure", "spread2", "n", "times"),
    [
        (of_shoppers, 0.7, 0.7 * 0.3 / 0.15, 0.15, 0.7),
        (of_tastes, 1 / 12, (1 / 12) * (11 / 12) * (1 / 12 + (11 / 12) / 7), 12.0, 1.3),
    ],
    ids=["satisfaction", "click-through"],
)
def test_the_planned_power_is_reached_within_three_points(world, figure, spread2, n, times, power):
    """Simulated so often that chance has a share of less than one point: its standard error is 0.8 points at the most."""
    moved = 1 - 0.3 * times if figure > 0.5 else figure * times
    usual = Baseline(figure, spread2**0.5, 0.0, n_a_unit=n)
    size = size_of(usual, moved - figure, (1.0, 1.0), alpha=0.05, power=power, is_share=True)
    chance, days = np.random.default_rng(6), 28
    per_day = round(size.units / 2 / days)

    def arm(times):
        y, n, *squares = (np.cumsum(one, axis=1, dtype=float) for one in world(chance, (2_500, days, per_day), times))
        units = np.broadcast_to(per_day * np.arange(1.0, days + 1), y.shape)
        return Moments(units, y, n, *squares, varied=y)

    hit = (compared(arm(1.0), arm(times), 2.0 * per_day * days, 0.05).low > 0).any(axis=1).mean()
    assert hit == pytest.approx(power, abs=0.03)

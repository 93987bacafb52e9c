"""The simulation of alerts in small: what is planted is found, what is not is not, and its rates are exact."""

import numpy as np
import pytest

from evals import alerts
from evals.alerts import STREAMS, Result, summary, watched


@pytest.mark.real  # a simulation of some seconds
@pytest.mark.parametrize("kind", ["even", "weekly season", "busy"])
def test_three_times_as_many_is_found_within_two_days(kind):
    found = [watched(kind, 3.0, seed) for seed in range(3)]
    assert all(one.delay_hours is not None and one.delay_hours <= 48 for one in found)


@pytest.mark.real  # a simulation of some seconds
@pytest.mark.parametrize("kind", ["even", "clicks", "busy"])
def test_a_fall_to_a_quarter_is_found_within_a_week(kind):
    found = [watched(kind, 0.25, seed) for seed in range(3)]
    assert all(one.delay_hours is not None and one.delay_hours <= 7 * 24 for one in found)


def test_streams_without_a_jump_are_quiet(monkeypatch):
    monkeypatch.setattr(alerts, "WATCHED_DAYS", 40)
    still = [watched(kind, 1.0, seed) for kind in ("even", "restless") for seed in range(4)]
    assert (
        sum(one.false_alarms for one in still) <= 1 and sum(one.false_falls for one in still) <= 1
    )  # 0.2 a year and series are promised; this is 0.9 years


def test_the_same_seed_makes_the_same_stream():
    assert watched("even", 2.0, 5) == watched("even", 2.0, 5)


def test_a_stream_has_its_rate_and_its_jump():
    series = alerts._stream(np.random.default_rng(1), STREAMS["busy"], 2_000, 3.0, 1_000)
    before = series.hits[:1_000].sum() / series.trials[:1_000].sum()
    after = series.hits[1_000:].sum() / series.trials[1_000:].sum()
    assert before == pytest.approx(0.04, rel=0.1) and after == pytest.approx(0.12, rel=0.1)


def test_rates_and_delays_are_told_with_their_intervals():
    told = summary([
        Result("even", 1.0, 0, 1, 3_652, None, 20, None),
        Result("even", 2.0, 0, 0, 28, 30, 0, None),
        Result("even", 2.0, 1, 0, 28, None, 0, 24),
    ])  # fmt: skip
    assert told["false alarms a year"] == "0.10 [0.00, 0.56]"  # one in ten years: Garwood's interval is 0.025 to 5.57
    assert told["x2 found"].startswith("1 of 2, after 30 h")
    assert told["x3 found"] == told["x0.5 found"] == "0 of 0"

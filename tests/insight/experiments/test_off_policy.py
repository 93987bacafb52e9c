"""Estimates of what was not shown, against worlds whose truth is known."""

import numpy as np
import pytest

from assistant.insight.experiments.off_policy import Logged, by_fold, cross_fitted, doubly_robust, ips, on_policy, snips

ITEMS = 5
RATES = np.array([0.05, 0.1, 0.2, 0.3, 0.5])


def world(seed, rounds=4_000, target=None):
    rng = np.random.default_rng(seed)
    behaviour = np.array([0.35, 0.25, 0.2, 0.15, 0.05])
    target = np.array([0.1, 0.1, 0.2, 0.3, 0.3]) if target is None else target
    item = rng.choice(ITEMS, size=rounds, p=behaviour)
    click = (rng.random(rounds) < RATES[item]) * 1.0
    return item, Logged(click, behaviour[item], target[item], np.arange(rounds)), target


def test_what_is_as_logged_is_what_was_logged():
    item, log, _ = world(1)
    same = Logged(log.reward, log.propensity, log.propensity, log.unit)
    assert ips(same).mean == snips(same).mean == pytest.approx(log.reward.mean())
    assert ips(same).effective == pytest.approx(len(item))


def test_two_rows_are_weighted_by_hand():
    log = Logged(np.array([1.0, 0.0]), np.array([0.5, 0.25]), np.array([0.25, 0.5]), np.array([0, 1]))
    assert ips(log).mean == pytest.approx(0.25)
    assert snips(log).mean == pytest.approx(0.5 / 2.5)
    assert ips(log).effective == pytest.approx(2.5**2 / 4.25)


@pytest.mark.parametrize("estimator", ["ips", "snips", "doubly robust"])
@pytest.mark.real  # a simulation of some twenty seconds
def test_the_truth_is_mostly_within_the_interval(estimator):
    held = 0
    for seed in range(60):
        item, log, target = world(seed, 1_500)
        features = np.eye(ITEMS)
        fold, models = cross_fitted(features[item], log.reward, log.unit)
        expected = np.array([float(target @ model(features)) for model in models])[fold]
        robust = doubly_robust(log, by_fold(fold, models, features[item]), expected)
        value = {"ips": ips(log), "snips": snips(log), "doubly robust": robust}[estimator]
        held += value.low <= float(target @ RATES) <= value.high
    assert held >= 52


def test_what_is_hardly_ever_shown_is_said_to_be_thin():
    only_last = np.array([0.0, 0.0, 0.0, 0.0, 1.0])
    _, log, _ = world(2, 400, only_last)
    assert ips(log).thin
    assert not ips(world(2, 4_000)[1]).thin


def test_rows_of_one_shopper_make_the_interval_wider():
    _, log, _ = world(3)
    alone = Logged(log.reward, log.propensity, log.target, log.unit)
    doubled = Logged(*(np.repeat(one, 4) for one in (log.reward, log.propensity, log.target, log.unit)))
    apart = Logged(doubled.reward, doubled.propensity, doubled.target, np.arange(len(doubled.reward)))
    width = {name: (v.high - v.low) for name, v in (("a", ips(alone)), ("d", ips(doubled)), ("x", ips(apart)))}
    assert width["d"] == pytest.approx(width["a"], rel=0.01)
    assert width["x"] == pytest.approx(width["a"] / 2, rel=0.01)


def test_a_model_that_never_saw_a_click_predicts_none():
    fold, models = cross_fitted(np.eye(3)[[0, 1, 2, 0, 1]], np.zeros(5), np.arange(5))
    assert (by_fold(fold, models, np.eye(3)[[0, 1, 2, 0, 1]]) == 0).all()


def test_the_impossible_and_the_empty_are_refused():
    with pytest.raises(ValueError, match="propensity is 0"):
        Logged(np.ones(1), np.zeros(1), np.ones(1), np.zeros(1, dtype=int))
    with pytest.raises(ValueError, match="nothing was logged"):
        Logged(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0, dtype=int))


def test_a_plain_mean_has_its_usual_interval():
    reward = np.array([0.0, 1.0] * 50)
    value = on_policy(reward, np.arange(100))
    assert (value.mean, value.high - value.mean) == (0.5, pytest.approx(1.96 * reward.std(ddof=1) / 10, rel=1e-3))

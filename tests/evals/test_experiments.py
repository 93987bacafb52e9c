"""The simulations say what they should of worlds whose truth is known, at a size that is quick."""

import numpy as np
import pytest

from evals import experiments, interleaving, off_policy


def test_a_small_run_fills_its_tables(monkeypatch):
    monkeypatch.setattr(experiments, "WORLDS", experiments.WORLDS[:1])
    monkeypatch.setattr(interleaving, "_POOL", 200)
    monkeypatch.setattr(interleaving, "_REPEATS", 3)
    monkeypatch.setattr(interleaving, "_MOST", 800)
    monkeypatch.setattr(interleaving, "_MANY", 20_000)
    report = experiments.run(12)
    told = report["worlds"]["conversion of 3 %"]
    assert told["powers"][0.9].mean > told["false alarms"].mean
    planned = report["interleaving as planned"]
    assert all(one["preferred"] > 0.5 and one["units"] > 100 for one in planned.values())
    assert report["split"]["10 % of one arm lost"]["sequential"].mean > 0.8
    assert "| conversion of 3 % |" in experiments.table(report)


@pytest.mark.parametrize("world", experiments.WORLDS, ids=lambda world: world.name)
@pytest.mark.real
def test_an_effect_is_planted_as_large_as_it_says(world):
    chance = np.random.default_rng(1)
    before, after = (experiments._arm(world, chance, 60_000, lift).ratio()[-1] for lift in (0.0, world.lift))
    assert after / before - 1 == pytest.approx(world.lift, abs=0.35 * world.lift)


def test_estimates_of_a_simulated_policy_are_near_its_truth():
    truth, values = off_policy._world(np.random.default_rng(2), 1.0)
    assert set(values) == set(off_policy.ESTIMATORS)
    assert all(value.mean == pytest.approx(truth, rel=0.3) for value in values.values())

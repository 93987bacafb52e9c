"""The path from the assignment to the verdict claims nothing where nothing is, and what is planted where something is."""

import numpy as np
import pytest

from evals import no_difference
from evals.experiment_shop import Shop, Ways

TWO = no_difference.Design("2 arms", (1.0, 1.0), 60)


@pytest.fixture
def shop(tmp_path):
    made = Shop(tmp_path, np.random.default_rng(3))
    yield made
    made.close()


def kinds(told):
    return [one.result.verdict.kind for one in told]


def test_what_is_planted_is_claimed_and_nothing_else(shop):
    plan = no_difference.plan_of(TWO, "ctr", 5)
    same = shop.lived(plan, 5, TWO.a_day)
    assert not set(kinds(same)) & set(no_difference.ALARMS)
    assert same[-1].result.units == pytest.approx(5 * TWO.a_day, abs=60)
    liked = shop.lived(plan, 5, TWO.a_day, {"arm 1": Ways(clicked=0.25)})
    assert kinds(liked)[-1] == "better"
    bad = shop.lived(plan, 5, TWO.a_day, {"arm 1": Ways(clicked=0.25, satisfied=0.0, failed=0.25)})
    assert (kinds(bad)[-1], bad[-1].result.verdict.measure) == ("harm", "failed_turns")


def test_shoppers_come_back_to_the_arm_that_they_met(shop):
    told = shop.lived(no_difference.plan_of(TWO, "conversion", 4), 4, TWO.a_day)
    assert told[-1].a_unit > 1.1
    with shop.record.engine.connect() as connection:
        arms = connection.exec_driver_sql("select count(distinct arm) from exposures group by unit").scalars().all()
    assert set(arms) == {1} and len(arms) == told[-1].result.units


def test_a_small_run_fills_its_table(monkeypatch):
    monkeypatch.setattr(no_difference, "_DAYS", 2)
    report = no_difference.run(1)
    assert [len(lived) for lived in report["designs"].values()] == [1, 1, 1]
    assert "| 2 arms, 4 to 1 |" in no_difference.table(report)
    claimed = [{"metric": "ctr", "units": 9, "claimed": {"harm": "csat"}, "plain": False}, *report["designs"]["2 arms"]]
    assert no_difference.alarms(claimed).mean == 0.5

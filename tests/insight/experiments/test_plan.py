"""What may be planned, and who meets what by it."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assistant.insight.experiments.assign import assigned
from assistant.insight.experiments.plan import (
    OPERATIONAL,
    Arm,
    Experiment,
    Happened,
    Plan,
    checked,
    plan_data,
    plan_of,
    usual_guardrails,
)

CHOICES = {"ranker": ("standard", "well_rated"), "prompt": ("usual",)}
PLAN = Plan("More variety", "variety", (Arm("A", 0.0), Arm("B", 0.3)), "conversion", 0.01, 2_000, salt="salt")
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def test_a_plan_comes_back_from_its_data():
    assert plan_of(plan_data(PLAN)) == PLAN


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"arms": (Arm("A", 0.0),)}, "arms"),
        ({"arms": (Arm("A", 0.0), Arm("A", 0.3))}, "arms"),
        ({"arms": (Arm("A", 0.0), Arm("B:1", 0.3))}, "arms"),
        ({"arms": (Arm("A", 0.0), Arm("B", 0.0))}, "arms"),
        ({"arms": (Arm("A", 0.0), Arm("B", 1.3))}, "arms"),
        ({"arms": (Arm("A", 0.0), Arm("B", "much"))}, "arms"),
        ({"arms": (Arm("A", 0.0), Arm("B", 0.3, 0.0))}, "arms"),
        ({"varied": "ranker", "arms": (Arm("A", "standard"), Arm("B", "magic"))}, "arms"),
        ({"varied": "ranker", "arms": (Arm("A", "standard"), Arm("B", "rating=9"))}, "arms: a ranker is"),
        ({"varied": "ranker", "arms": (Arm("A", "standard"), Arm("B", "rating=0.1"))}, "arms: two of them"),
        ({"varied": "slate_size", "arms": (Arm("A", 4), Arm("B", 4.5))}, "arms"),
        ({"varied": "slate_size", "design": "interleaved", "arms": (Arm("A", 4), Arm("B", 6))}, "design"),
        ({"guardrails": ("joy",)}, "guardrails"),
        ({"guardrails": ("conversion",)}, "guardrails"),
        ({"guardrails": ("csat", "csat")}, "guardrails"),
        ({"design": "interleaved", "guardrails": ("no_match",)}, "guardrails"),
        ({"effect": 0.0}, "effect:"),
        ({"effect": 1.0}, "effect"),
        ({"alpha": 0.5}, "alpha"),
        ({"power": 0.2}, "power"),
        ({"share": 0.0}, "share"),
        ({"units": 0}, "units"),
    ],
)
def test_what_makes_no_sense_is_refused_by_the_name_of_its_field(change, field):
    with pytest.raises(ValueError, match=f"^{field}"):
        checked(replace(PLAN, **change), CHOICES)


def test_numbers_that_come_as_words_are_numbers():
    plan = checked(replace(PLAN, varied="slate_size", arms=(Arm(" A ", "4"), Arm("B", "6"))), CHOICES)
    assert [(arm.name, arm.value) for arm in plan.arms] == [("A", 4), ("B", 6)]


def test_what_usually_must_not_get_worse_is_all_that_does_not_decide():
    assert usual_guardrails("ctr") == (*OPERATIONAL, "conversion", "revenue", "csat")
    assert usual_guardrails("revenue") == (*OPERATIONAL, "conversion", "csat")
    assert usual_guardrails("ctr", "interleaved") == ()
    assert checked(replace(PLAN, guardrails=("revenue", "thumbs")), CHOICES).guardrails == ("revenue", "thumbs")


def test_the_state_is_what_was_done_last():
    def after(*kinds):
        return Experiment("e", PLAN, None, NOW, tuple(Happened(kind, {}, None, NOW) for kind in kinds)).state

    assert after() == "planned"
    assert after("started") == "running"
    assert after("started", "stopped") == "stopped"
    assert after("started", "stopped", "decided") == "decided"


def test_the_same_shopper_meets_the_same_arm():
    assert len({assigned(PLAN, PLAN.weights, "ann") for _ in range(5)}) == 1


def test_arms_are_met_in_proportion_to_their_weights():
    met = Counter(assigned(PLAN, (1.0, 3.0), f"shopper {n}") for n in range(4_000))
    assert met["B"] == pytest.approx(3_000, abs=120)


def test_a_larger_share_adds_shoppers_and_moves_none():
    shoppers = [f"shopper {n}" for n in range(2_000)]
    few = {one: assigned(replace(PLAN, share=0.3), PLAN.weights, one) for one in shoppers}
    more = {one: assigned(replace(PLAN, share=0.8), PLAN.weights, one) for one in shoppers}
    assert sum(arm is not None for arm in few.values()) == pytest.approx(600, abs=80)
    assert all(more[one] == arm for one, arm in few.items() if arm)


def test_two_experiments_split_independently():
    other = replace(PLAN, salt="another")
    met = Counter((assigned(PLAN, PLAN.weights, str(n)), assigned(other, other.weights, str(n))) for n in range(4_000))
    assert all(count == pytest.approx(1_000, abs=120) for count in met.values())
    assert len(met) == 4

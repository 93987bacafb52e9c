"""What may be concluded, in which order, and how it is said."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from assistant.insight.experiments.judging import periods_of, result_of
from assistant.insight.experiments.plan import Arm, Experiment, Happened, Plan
from assistant.insight.experiments.series import Cohort, baseline_of
from assistant.insight.experiments.words import rounded, told
from assistant.record.outcomes import Counted, Member

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
TODAY = date(2026, 11, 10)
PLAN = Plan(
    "Variety", "variety", (Arm("A", 0.0), Arm("B", 0.3)), "conversion", 0.04, 2_000, guardrails=("failed_turns",)
)


def happened(kind, at=START, **data):
    return Happened(kind, data, None, at)


def series_of(members, counted, arms, today):
    return Cohort(members, arms, today).series(counted)


def counted(session_id, at, y, n):
    return Counted(session_id, at.date().isoformat(), y, n)


EXPERIMENT = Experiment("e", PLAN, None, START, (happened("started"),))


def conversations(count, arms=("A", "B")):
    """So many, each of its own shopper, one arm after the other, over ten days."""
    return [
        Member(f"s{n}", f"u{n}", arms[n % len(arms)], START + timedelta(days=n * 10 // count, minutes=n % 600))
        for n in range(count)
    ]


def bought(members, rates):
    """Each conversation counts once; a share of each arm's buys, evenly."""
    rows, seen = [], {arm: 0 for arm in rates}
    for one in members:
        seen[one.arm] += 1
        buys = int(seen[one.arm] * rates[one.arm]) > int((seen[one.arm] - 1) * rates[one.arm])
        rows.append(counted(one.session_id, one.at, float(buys), 1.0))
    return rows


def judged(members, rates, failing=None, experiment=EXPERIMENT):
    names = [arm.name for arm in experiment.plan.arms]
    primary = series_of(members, bought(members, rates), names, TODAY)
    guards = {"failed_turns": series_of(members, bought(members, failing or dict.fromkeys(names, 0.05)), names, TODAY)}
    return result_of(experiment, members, primary, guards)


def test_nobody_yet_is_said():
    result = judged([], {"A": 0.1, "B": 0.1})
    assert (result.verdict.kind, result.units, result.split) == ("nothing", 0, None)


def test_a_clear_difference_is_better_and_may_stop():
    result = judged(conversations(4_000), {"A": 0.10, "B": 0.18})
    assert (result.verdict.kind, result.verdict.arm) == ("better", "B")
    assert result.verdict.low > 0
    assert result.verdict.difference == pytest.approx(0.08, abs=0.002)
    said = told(result.verdict, PLAN.effect, "USD")
    assert said["en"].startswith("B is better: conversion +8.0 points (")
    assert said["en"].endswith("You may stop.")
    assert said["zh"].startswith("B 更好：转化率 +8.0 个百分点")


def test_a_clear_difference_the_other_way_keeps_things_as_they_are():
    result = judged(conversations(4_000), {"A": 0.18, "B": 0.10})
    assert result.verdict.kind == "worse"
    assert "Keep things as they are" in told(result.verdict, PLAN.effect, "USD")["en"]


def test_too_little_says_how_much_more():
    result = judged(conversations(600), {"A": 0.10, "B": 0.12})
    assert (result.verdict.kind, result.verdict.more) == ("undecided", 1_400)
    assert told(result.verdict, PLAN.effect, "USD", 1.5)["en"] == "Not decided yet: about 2,100 more conversations."


def test_all_that_was_planned_without_a_difference_says_so():
    assert judged(conversations(2_000), {"A": 0.10, "B": 0.11}).verdict.kind == "spent"
    assert judged(conversations(20_000), {"A": 0.10, "B": 0.10}).verdict.kind == "same"


def test_a_wrong_split_comes_before_any_figure():
    members = conversations(4_000, ("A", "B", "B"))
    assert judged(members, {"A": 0.10, "B": 0.20}).verdict.kind == "split"


def test_harm_comes_before_gain():
    result = judged(conversations(4_000), {"A": 0.10, "B": 0.20}, {"A": 0.02, "B": 0.12})
    assert (result.verdict.kind, result.verdict.measure) == ("harm", "failed_turns")
    guarded = result.guardrails[0]
    assert guarded.harmed and guarded.harm == pytest.approx(0.10, abs=0.01)
    assert "failed turns got worse by 10.0 points" in told(result.verdict, PLAN.effect, "USD")["en"]


def test_money_that_is_lost_is_harm_however_many_click():
    plan = replace(PLAN, metric="ctr", guardrails=("failed_turns", "revenue"))
    experiment = replace(EXPERIMENT, plan=plan)
    members = conversations(4_000)
    clicks = series_of(members, bought(members, {"A": 0.10, "B": 0.20}), ["A", "B"], TODAY)

    def paid(rates):
        rows = [row._replace(y=row.y * 5_000) for row in bought(members, rates)]
        return series_of(members, rows, ["A", "B"], TODAY)

    lost = result_of(experiment, members, clicks, {"revenue": paid({"A": 0.20, "B": 0.10})})
    assert (lost.verdict.kind, lost.verdict.measure) == ("harm", "revenue")
    assert lost.guardrails[0].harm == pytest.approx(500, abs=10)
    said = told(lost.verdict, plan.effect, "USD")
    assert said["en"].startswith("B does harm: revenue a conversation got worse by $5, surely by more than $")
    won = result_of(experiment, members, clicks, {"revenue": paid({"A": 0.10, "B": 0.20})})
    assert won.verdict.kind == "better"
    assert won.guardrails[0].harm == pytest.approx(-500, abs=10)


def test_all_guardrails_share_the_false_alarms_allowed():
    members = conversations(4_000)
    failing = {"A": 0.10, "B": 0.135}
    alone = judged(members, {"A": 0.1, "B": 0.1}, failing)
    many = replace(EXPERIMENT, plan=replace(PLAN, guardrails=("failed_turns", "revenue", "csat", "thumbs")))
    among = judged(members, {"A": 0.1, "B": 0.1}, failing, many)
    assert among.guardrails[0].at_least < alone.guardrails[0].at_least


def test_an_effect_that_turns_round_is_not_decided_on():
    members = conversations(8_000)
    half = START + timedelta(days=5)
    rows = [
        *bought([m for m in members if m.at < half], {"A": 0.05, "B": 0.25}),
        *bought([m for m in members if m.at >= half], {"A": 0.55, "B": 0.02}),
    ]
    primary = series_of(members, rows, ["A", "B"], TODAY)
    assert result_of(EXPERIMENT, members, primary, {}).verdict.kind == "shifted"


def test_the_curve_has_a_point_for_every_day_and_never_widens():
    curve = judged(conversations(4_000), {"A": 0.10, "B": 0.18}).contrasts[0]
    assert [point.day for point in curve.points] == [date(2026, 11, day) for day in range(1, 11)]
    lows = [point.low for point in curve.points if point.low is not None]
    assert lows == sorted(lows)


def test_several_arms_are_each_held_against_the_first():
    plan = replace(PLAN, arms=(*PLAN.arms, Arm("C", 0.6)), units=6_000)
    result = judged(
        conversations(9_000, ("A", "B", "C")), {"A": 0.1, "B": 0.1, "C": 0.2}, experiment=replace(EXPERIMENT, plan=plan)
    )
    assert (result.verdict.kind, result.verdict.arm) == ("better", "C")
    assert [one.arm for one in result.contrasts] == ["B", "C"]


def test_new_weights_begin_a_new_period():
    changed = replace(
        EXPERIMENT, events=(*EXPERIMENT.events, happened("weights", START + timedelta(days=5), weights=[9.0, 1.0]))
    )
    first, second = periods_of(changed, conversations(1_000))
    assert (first.weights, second.weights) == ((1.0, 1.0), (9.0, 1.0))
    assert sum(map(sum, first.batches)) == pytest.approx(500, abs=10)


def test_a_unit_that_comes_back_stays_one_and_in_its_arm():
    members = [
        Member("s1", "ann", "A", START),
        Member("s2", "ann", "B", START + timedelta(days=1)),
        Member("s3", "bob", "B", START),
    ]
    told_of = [counted("s1", START, 1, 1), counted("s2", START + timedelta(days=1), 1, 1), counted("s3", START, 0, 1)]
    found = series_of(members, told_of, ["A", "B"], TODAY).arms
    assert (found["A"].units[-1], found["A"].y[-1], found["A"].yy[-1]) == (1, 2, 4)
    assert (found["B"].units[-1], found["B"].n[-1]) == (1, 1)
    assert list(found["A"].nn[:2]) == [1, 4]


def test_what_happened_before_the_meeting_counts_on_the_day_of_it():
    members = [Member("s", "u", "A", START + timedelta(days=1)), Member("t", "v", "A", START)]
    found = series_of(members, [counted("s", START - timedelta(days=3), 1, 1)], ["A"], TODAY).arms["A"]
    assert list(found.y[:3]) == [0, 1, 1]


def test_the_daily_sums_are_those_of_plain_arithmetic():
    rng = np.random.default_rng(5)
    members = [Member(f"s{n}", f"u{n % 40}", "A", START + timedelta(days=int(rng.integers(8)))) for n in range(90)]
    told_of = [
        counted(f"s{int(n)}", START + timedelta(days=int(rng.integers(9))), float(rng.integers(3)), 1.0)
        for n in rng.integers(90, size=300)
    ]
    found = series_of(members, told_of, ["A"], TODAY).arms["A"]
    unit = {one.session_id: one.unit for one in members}
    y = {}
    for row in told_of:
        y[unit[row.session_id]] = y.get(unit[row.session_id], 0.0) + row.y
    assert found.y[-1] == sum(y.values())
    assert found.yy[-1] == sum(value**2 for value in y.values())
    assert found.varied[-1] == sum(value != 0 for value in y.values())


def test_what_is_usual_is_told_by_unit():
    members = [Member(f"s{n}", f"u{n // 2}", "", START + timedelta(days=n // 10)) for n in range(40)]
    usual = baseline_of(members, bought([one._replace(arm="A") for one in members], {"A": 0.25}), 4)
    assert (usual.figure, usual.units_a_day, usual.conversations_a_unit) == (0.25, 5.0, 2.0)
    assert usual.spread > 0
    assert baseline_of([], [], 28).units_a_day == 0


def test_about_is_said_in_two_digits():
    assert [rounded(n) for n in (7, 31, 1_312, 98_765)] == [7, 31, 1_400, 99_000]

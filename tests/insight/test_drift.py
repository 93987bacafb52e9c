"""Shifts between two tallies: hand-computed measures, false alarms at the stated rate, planted shifts found."""

from math import log, sqrt

import numpy as np
import pytest

from assistant.insight.drift import Tally
from assistant.insight.drift.statistics import FALSE_ALARMS, LEAST, REST, compared, divergence, stability
from assistant.insight.drift.words import told
from evals.drift import PLANTED, found, margin, run, stream, table


def test_stability_and_divergence_are_as_computed_by_hand():
    psi = (0.7 - 0.8) * log(0.7 / 0.8) + (0.3 - 0.2) * log(0.3 / 0.2)
    assert stability([800_000, 200_000], [700_000, 300_000]) == pytest.approx(psi, rel=1e-3)
    assert divergence([1.0, 0.0], [0.0, 1.0]) == pytest.approx(1.0)
    assert divergence([0.25, 0.75], [0.25, 0.75]) == 0.0
    assert stability([10, 20], [10, 20]) == 0.0


def test_a_change_is_told_with_newcombes_interval_around_it():
    before, now = Tally(1000, {"languages": {"en": 800, "zh": 200}}), Tally(1000, {"languages": {"en": 700, "zh": 300}})
    (shift,), _ = compared(before, now)
    assert shift.found
    assert (shift.value, shift.before, shift.now) == ("en", 0.8, 0.7)
    assert shift.change.value == pytest.approx(-0.1)
    half = 1.96 * sqrt(0.8 * 0.2 / 1000 + 0.7 * 0.3 / 1000)
    assert shift.change.interval.low == pytest.approx(-0.1 - half, abs=2e-3)
    assert shift.change.interval.high == pytest.approx(-0.1 + half, abs=2e-3)
    assert (
        told(shift, "en")
        == "Conversations in English fell from 80.0% to 70.0% (a change between -13.7 and -6.2 points)."
    )
    assert told(shift, "zh") == "英语对话的占比从 80.0% 降至 70.0%（变化在 -13.7 到 -6.2 个百分点之间）。"


def test_too_few_conversations_are_not_compared():
    few = Tally(LEAST - 1, {"languages": {"en": 10, "zh": LEAST - 11}}, {"failures": 3})
    many = Tally(5000, {"languages": {"en": 5000}}, {"failures": 10})
    assert compared(few, many) == ((), ("languages", "failures"))
    assert compared(Tally(0), Tally(0)) == ((), ())


def test_rare_values_are_looked_at_together():
    rare = {f"odd {n}": 2 for n in range(20)}
    (shift,), _ = compared(Tally(140, {"topics": {"lamp": 100} | rare}), Tally(140, {"topics": {"lamp": 100} | rare}))
    assert {cell.value for cell in shift.cells} == {"lamp", REST}
    assert not shift.found


@pytest.mark.real  # a simulation of some seconds
def test_where_nothing_changes_anything_is_found_at_the_stated_rate_at_most():
    rng, rounds = np.random.default_rng(20261128), 400
    alarms = sum(bool(found(stream(rng, 800), stream(rng, 600))) for _ in range(rounds))
    assert alarms / rounds <= FALSE_ALARMS + margin(rounds)


@pytest.mark.real
def test_planted_shifts_of_a_stated_size_are_found_and_nothing_else_is_as_a_rule():
    rng, rounds = np.random.default_rng(7), 40
    wrong = []
    for measure, world in PLANTED.values():
        finds = [found(stream(rng, 1600), stream(rng, 1600, world)) for _ in range(rounds)]
        assert sum(measure in one for one in finds) >= 0.9 * rounds
        wrong += [len(one - {measure}) / max(len(one), 1) for one in finds]
    assert np.mean(wrong) <= FALSE_ALARMS + 2.6 * np.std(wrong) / sqrt(len(wrong))


def test_the_evaluation_tells_rates_of_both_kinds():
    report = run(streams=4, progress=lambda *told: None)
    assert [one["n"] for one in report["nothing"]] == [4, 4, 4]
    assert len(report["planted"]) == 3 * len(PLANTED)
    assert "| failures from 2 to 5 % | 1,600 |" in table(report)


def test_a_change_too_small_to_matter_is_no_shift_however_sure_it_is():
    before, now = Tally(2_000_000, {}, {"failures": 200_000}), Tally(2_000_000, {}, {"failures": 206_000})
    (shift,), _ = compared(before, now)
    assert shift.q < 1e-6
    assert not shift.found

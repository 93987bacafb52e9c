"""Which of two rankings shoppers prefer, by whose picks they clicked."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from assistant.insight.experiments.interleaving import deciding, draft_of, evidence, interval, size_of_draft
from assistant.insight.experiments.sizes import Baseline
from assistant.insight.experiments.words import drafted
from assistant.record.outcomes import Counted, Member, TeamClick

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def members(count, shopper=None):
    return [Member(f"s{n}", shopper or f"s{n}", "A", NOW) for n in range(count)]


def clicks(first, second):
    teams = ["A"] * first + ["B"] * second
    return [TeamClick(f"s{n}", NOW + timedelta(days=n % 5), team) for n, team in enumerate(teams)]


def test_a_clear_preference_is_found():
    draft = draft_of(["A", "B"], members(700), clicks(200, 400), 0.05)
    assert (draft.kind, draft.ahead, draft.wins, draft.ties) == ("better", "B", {"A": 200, "B": 400}, 100)
    assert draft.low > 0.5 and draft.p < 0.05


def test_an_even_one_is_not():
    draft = draft_of(["A", "B"], members(600), clicks(310, 290), 0.05)
    assert draft.kind == "undecided"
    assert draft.low < 0.5 < draft.high


def test_a_shopper_counts_once_and_a_tie_for_nobody():
    many = [TeamClick("s0", NOW, "A"), *[TeamClick("s1", NOW, "B")] * 9]
    assert draft_of(["A", "B"], members(2, "ann"), many, 0.05).wins == {"A": 0, "B": 1}
    even = [TeamClick("s0", NOW, "A"), TeamClick("s0", NOW, "B")]
    assert draft_of(["A", "B"], members(1), even, 0.05).kind == "nothing"


def test_a_click_of_nobody_who_met_it_is_none():
    assert draft_of(["A", "B"], members(1), [TeamClick("other", NOW, "A")], 0.05).kind == "nothing"


def test_the_interval_is_wider_than_one_that_holds_once():
    low, high = interval(60, 100, 0.05)
    assert low < 0.5 < 0.7 < high


def test_the_verdict_is_said_in_both_languages():
    told = drafted(draft_of(["A", "B"], members(700), clicks(200, 400), 0.05))
    assert told["en"].startswith("B ranks better: shoppers preferred its picks in 67% of the 600 conversations")
    assert "B 排得更好" in told["zh"]


def test_who_would_have_a_preference_is_told_by_how_often_they_click():
    times = {"s0": 0, "s1": 1, "s2": 2, "s3": 3, "s4": 4}
    clicked = [Counted(id, "2026-11-01", float(count), 9.0) for id, count in times.items() if count]
    assert deciding(members(5), clicked) == pytest.approx((0 + 1 + 1 / 2 + 1 + 5 / 8) / 5)
    assert deciding(members(5, "ann"), clicked) == pytest.approx(1 - 252 / 1024)  # one shopper with all ten
    assert deciding([], clicked) == 0.0


@pytest.mark.parametrize("power", [0.8, 0.9])
@pytest.mark.parametrize(("effect", "decided"), [(0.05, 0.3), (0.08, 0.6)])
def test_the_planned_power_of_a_preference_is_reached_within_three_points(effect, decided, power):
    size = size_of_draft(Baseline(0.08, 0.1, 0.0), effect, decided, alpha=0.05, power=power, share=1.0)
    assert size is not None and size.fixed_units < size.units
    chance, days = np.random.default_rng(7), 28
    daily = chance.binomial(round(size.units / days), decided, (4_000, days))
    won = chance.binomial(daily, 0.5 + effect).cumsum(axis=1)
    so_far = daily.cumsum(axis=1)
    least = np.zeros(so_far.max() + 1)  # of so many the wins that are enough
    enough = 0
    for count in range(1, len(least)):
        enough = max(enough, count // 2)
        while enough <= count and evidence(enough, count, 0.5) < -np.log(0.05):
            enough += 1
        least[count] = enough
    assert (won >= least[so_far]).any(axis=1).mean() == pytest.approx(power, abs=0.03)

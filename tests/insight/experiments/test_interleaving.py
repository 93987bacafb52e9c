"""Which of two rankings shoppers prefer, by whose picks they clicked."""

from datetime import UTC, datetime, timedelta

from assistant.insight.experiments.interleaving import draft_of, interval
from assistant.insight.experiments.words import drafted
from assistant.record.outcomes import Member, TeamClick

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

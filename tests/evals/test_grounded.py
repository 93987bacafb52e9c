"""How results are summed up: failures stay in the count, and measures that do not apply stay out."""

from evals.grounded import Result, summary, table
from evals.scorers import Score


def result(score, failure=None, **timings_ms):
    return Result("assistant", "c1", "shop", 1, "hm", "recommend", "", (), score, timings_ms, failure)


RESULTS = [
    result(Score(precision=1.0, empty=False, violations=2), slate=10.0, total=100.0),
    result(Score(empty=True, off_prices=("44",), off_names=("Zephyr Glow", "Moon Lamp")), slate=30.0, total=300.0),
    result(Score(fact=True), slate=20.0, total=200.0),
    result(Score(abstained=False), failure="ModelError: gone", slate=9_000.0, total=9_000.0),
]


def test_every_turn_is_counted_with_the_failed_ones_named():
    found = summary(RESULTS)
    assert found["turns"] == "4 (failures 1)"
    assert found["hard-constraint violations"] == "2"
    assert found["off-catalogue prices"] == "1"
    assert found["off-catalogue names"] == "2"


def test_each_share_is_over_the_turns_that_it_applies_to():
    found = summary(RESULTS)
    assert found["slate precision"] == "1.000 [1.000, 1.000] n=1"
    assert found["empty slates"].endswith("n=2")
    assert found["facts in the listing answered"].startswith("1.000") and found[
        "facts in the listing answered"
    ].endswith("n=1")
    assert found["facts not in the listing declined"].startswith("0.000")


def test_times_are_those_of_turns_that_did_not_fail():
    assert summary(RESULTS)["slate ms, median / p95"] == "20 / 29 (n=3)"


def test_nothing_played_is_no_crash():
    assert summary([])["turns"] == "0 (failures 0)"


def test_the_table_has_a_column_a_system_and_a_dash_where_one_has_no_number():
    text = table({"summary": {"assistant": {"turns": "4", "slate ms": "9"}, "plain prompt": {"turns": "2"}}})
    assert text.splitlines() == [
        "| | assistant | plain prompt |",
        "|---|---|---|",
        "| turns | 4 | 2 |",
        "| slate ms | 9 | – |",
    ]

"""Rankers by name and by weights of the shop's own, which are written in one way only."""

import pytest

from assistant.rankers import RANKERS, STANDARD, Weights, ranker_of, weights_of


def test_a_name_is_its_own():
    assert [ranker_of(name) for name in RANKERS] == list(RANKERS)
    assert weights_of("standard") == STANDARD


def test_own_weights_are_written_in_one_way():
    line = "coverage=1.1,rating=0.25,rating_open=0.04"
    assert {ranker_of(text) for text in (line, " rating = .25 , coverage=1.10", "coverage=1.1,rating=0.250001")} == {
        line
    }
    assert weights_of(line) == Weights(1.1, 0.25, 0.04)


def test_weights_that_a_name_has_go_by_it():
    assert ranker_of("coverage=0.3") == "meaning"
    assert ranker_of("rating=0.1") == "standard"


@pytest.mark.parametrize(
    "text",
    ["magic", "", "coverage", "coverage=", "coverage=much", "colour=1", "coverage=-0.1", "rating=3.1", "rating=nan",
     "rating=inf", "rating=1,rating=2", "rating=1,"],
)  # fmt: skip
def test_what_is_no_ranker_is_told_how_one_is_written(text):
    with pytest.raises(ValueError, match="weights from 0 to 3 as coverage=0.8,rating=0.1,rating_open=0.04; not"):
        ranker_of(text)

from datetime import date

import pytest

from assistant.insight.filters import Filters, filters_from

TODAY = date(2026, 11, 28)


def test_without_a_word_the_last_28_days_are_meant():
    found = filters_from({}, TODAY)
    assert (found.since, found.until, found.days, found.who) == (date(2026, 11, 1), TODAY, 28, "shopper")
    assert found.before() == Filters(date(2026, 10, 4), date(2026, 10, 31))


def test_filters_come_back_as_they_are_named_in_the_url():
    given = {
        "from": "2026-10-01", "to": "2026-10-31", "locale": "zh", "category": "Home > Lamps", "product": "灯", "model": "m",
        "prompt": "p", "ranker": "r", "arm": "exp:a:b", "who": "all", "position": "0",
    }  # fmt: skip
    found = filters_from(given, TODAY)
    assert found.named() == given
    assert filters_from(found.named(), date(2030, 1, 1)) == found
    assert found.before() == Filters(
        date(2026, 8, 31), date(2026, 9, 30), "zh", "Home > Lamps", "灯", "m", "p", "r", "exp:a:b", "all", 0
    )


def test_one_end_of_a_period_is_enough():
    assert filters_from({"from": "2026-11-20"}, TODAY) == Filters(date(2026, 11, 20), TODAY)
    assert filters_from({"to": "2026-03-01"}, TODAY) == Filters(date(2026, 2, 2), date(2026, 3, 1))
    assert filters_from({"from": "2027-01-01"}, TODAY) == Filters(date(2027, 1, 1), date(2027, 1, 1))


def test_empty_and_unknown_parameters_are_passed_over():
    assert filters_from({"locale": " ", "from": "", "page": "3", "who": ""}, TODAY) == filters_from({}, TODAY)


@pytest.mark.parametrize(
    "params, message",
    [
        ({"from": "yesterday"}, "^from: must be a day"),
        ({"to": "2026-02-30"}, "^to: must be a day"),
        ({"from": "0001-01-01"}, "^from: must be a day from 2000"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "^from: 2026-11-02 is after to: 2026-11-01"),
        ({"from": "2001-01-01", "to": "2026-11-01"}, "^from: a period has at most"),
        ({"who": "bots"}, "^who: must be shopper or all"),
        ({"arm": "a"}, "^arm: must be EXPERIMENT:ARM"),
        ({"position": "-1"}, "^position: must be a number from 0 to 1000"),
        ({"position": "first"}, "^position: must be a number"),
        ({"position": "1001"}, "^position: must be a number"),
        ({"arm": ":a"}, "^arm: must be"),
        ({"product": "x" * 301}, "^product: has 301 characters"),
    ],
)
def test_what_is_wrong_is_refused_by_its_name(params, message):
    with pytest.raises(ValueError, match=message):
        filters_from(params, TODAY)


def test_there_is_a_period_before_the_first_day_that_can_be_asked_for():
    assert filters_from({"from": "2000-01-01", "to": "2000-01-02"}, TODAY).before().until == date(1999, 12, 31)

"""Whether units were split as planned."""

import numpy as np
import pytest

from assistant.insight.experiments.split import Period, log_evidence, split_check

EVEN = (1.0, 1.0)


def days(first, second, count):
    return tuple((first, second) for _ in range(count))


def test_a_split_as_planned_is_trusted():
    check = split_check([Period(EVEN, days(101, 99, 30))])
    assert check.as_planned
    assert check.counts == (3030, 2970)
    assert check.expected == (3000, 3000)


def test_a_split_that_loses_a_tenth_of_one_arm_is_found():
    assert not split_check([Period(EVEN, days(100, 90, 60))]).as_planned


def test_once_found_it_stays_found():
    check = split_check([Period(EVEN, ((2_000, 1_000), *days(50, 150, 10)))])
    assert check.counts == (2_500, 2_500)
    assert check.chi_square_p == 1.0
    assert not check.as_planned


def test_each_period_is_held_to_its_own_weights():
    shifted = [Period(EVEN, days(100, 100, 20)), Period((9.0, 1.0), days(180, 20, 20))]
    assert split_check(shifted).as_planned
    assert not split_check([Period(EVEN, shifted[0].batches + shifted[1].batches)]).as_planned


def test_nobody_is_no_fault():
    check = split_check([Period((1.0, 2.0, 1.0), ())])
    assert (check.p, check.chi_square_p, check.counts) == (1.0, 1.0, (0, 0, 0))


def test_the_evidence_of_two_flips_is_worked_out_by_hand():
    # Beta(1, 1) after one of each: (1/2 * 1/3) / (1/2)^2
    assert log_evidence((1, 1), (0.5, 0.5), concentration=2.0) == pytest.approx(np.log((1 / 6) / 0.25))


def test_looking_daily_calls_a_right_split_faulty_hardly_ever():
    rng = np.random.default_rng(4)
    faulty = 0
    for _ in range(300):
        first = rng.binomial(200, 0.5, size=28)
        check = split_check([Period(EVEN, tuple((int(one), 200 - int(one)) for one in first))])
        faulty += not check.as_planned
    assert faulty <= 3

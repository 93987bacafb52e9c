"""Chance between nearly equal products, and how probable what it brought was."""

from collections import Counter
from itertools import permutations
from random import Random

import numpy as np
import pytest

from assistant.explore import drawn, propensities


def by_hand(weights, size):
    """Every order, with its probability, summed up."""
    found = np.zeros((len(weights), size))
    for order in permutations(range(len(weights)), size):
        probable, left = 1.0, list(weights)
        for place in order:
            probable *= weights[place] / sum(left)
            left.remove(weights[place])
        for position, place in enumerate(order):
            found[place, position] += probable
    return found


@pytest.mark.parametrize(
    "weights", [[1.0, 1.0], [1.0, 0.5, 0.2, 1e-3], [1.0, 1e-6, 1e-12], [3.0, 2.0, 2.0, 1.0, 0.1, 0.01]]
)
def test_propensities_are_exact(weights):
    size = min(3, len(weights))
    assert propensities(np.array(weights), size) == pytest.approx(by_hand(weights, size), abs=2e-6)


@pytest.mark.real
def test_what_is_drawn_is_as_probable_as_it_says():
    scores, chance = [1.0, 0.95, 0.9, 0.6], Random(6)
    seen = Counter()
    for _ in range(6_000):
        for position, one in enumerate(drawn(scores, 2, 0.1, chance)):
            seen[one.place, position, round(one.propensity, 6)] += 1
    for (_, _, propensity), count in seen.items():
        assert count / 6_000 == pytest.approx(propensity, abs=0.02)


def test_the_same_chance_draws_the_same():
    assert drawn([1.0, 0.9, 0.8], 3, 0.2, Random(7)) == drawn([1.0, 0.9, 0.8], 3, 0.2, Random(7))


def test_hardly_any_temperature_keeps_the_order():
    found = drawn([1.0, 0.9, 0.8], 3, 0.001, Random(8))
    assert [one.place for one in found] == [0, 1, 2]
    assert all(one.propensity > 0.999 for one in found)


def test_one_that_stands_higher_for_variety_is_worth_what_follows_it():
    first = Counter(drawn([0.5, 1.0, 1.0], 1, 0.05, Random(n))[0].place for n in range(600))
    assert first[0] == pytest.approx(200, abs=50)


def test_an_empty_shelf_stays_empty():
    assert drawn([], 4, 0.1, Random(9)) == []

import random

import pytest

from assistant.insight.intervals import wilson
from assistant.insight.nonresponse import ENOUGH, Stratum, corrected

GROUPS = {  # outcome, whether handed over, length, language: size of a thousand, satisfied
    ("bought", "not handed", "short", "en"): (100, 0.95),
    ("bought", "not handed", "long", "zh"): (50, 0.90),
    ("clicked", "not handed", "short", "en"): (250, 0.75),
    ("clicked", "not handed", "middling", "zh"): (100, 0.70),
    ("neither", "not handed", "short", "en"): (350, 0.50),
    ("neither", "not handed", "middling", "zh"): (100, 0.45),
    ("neither", "handed", "long", "en"): (50, 0.30),
}
TRUTH = sum(size * satisfied for size, satisfied in GROUPS.values()) / 1_000


def survey(rng, population, answering):
    """What comes back: each conversation's shopper is satisfied, and answers, by chance."""
    found = []
    for key, (size, satisfied) in GROUPS.items():
        size = size * population // 1_000
        answers = sum(rng.random() < answering(key) for _ in range(size))
        happy = sum(rng.random() < satisfied for _ in range(answers))
        found.append(Stratum(key, size, answers, happy, float(happy)))
    return found


def rounds(answering, population=4_000, times=300):
    rng = random.Random(5)
    for _ in range(times):
        found = survey(rng, population, answering)
        n, happy = sum(one.answered for one in found), sum(one.satisfied for one in found)
        yield corrected(found), happy, n


def more_of_buyers(key):
    return {"bought": 0.5, "clicked": 0.2, "neither": 0.07}[key[0]]


def test_most_of_a_planted_bias_is_removed_and_the_interval_holds():
    raw, mended, covered, raw_covered = [], [], 0, 0
    for found, happy, n in rounds(more_of_buyers):
        raw.append(happy / n - TRUTH)
        mended.append(found.share - TRUTH)
        covered += found.low <= TRUTH <= found.high
        raw_covered += wilson(happy, n).low <= TRUTH <= wilson(happy, n).high
    bias, left = sum(raw) / len(raw), sum(mended) / len(mended)
    assert bias > 0.08
    assert abs(left) < 0.1 * bias
    assert 0.92 <= covered / 300 <= 0.99
    assert raw_covered / 300 < 0.1


def test_where_there_is_no_bias_little_is_lost():
    raw, mended, covered = [], [], 0
    for found, happy, n in rounds(lambda key: 0.15):
        raw.append((happy / n - TRUTH) ** 2)
        mended.append((found.share - TRUTH) ** 2)
        covered += found.low <= TRUTH <= found.high
        assert 0.8 * n < found.effective_n <= n
    assert (sum(mended) / sum(raw)) ** 0.5 < 1.1
    assert 0.92 <= covered / 300 <= 0.99


def test_few_answers_are_joined_rather_than_blown_up():
    covered = 0
    for found, _, n in rounds(more_of_buyers, population=400):
        assert found.strata <= max(1, n // ENOUGH)
        assert found.effective_n <= n
        covered += found.low <= TRUTH <= found.high
    assert covered / 300 > 0.85  # what is joined is corrected less


def test_a_hand_computed_case():
    found = corrected([Stratum(("bought",), 100, 20, 18, 18.0), Stratum(("neither",), 300, 30, 15, 12.0)])
    assert found.share == pytest.approx(0.25 * 0.9 + 0.75 * 0.5)
    assert found.score == pytest.approx(0.25 * 0.9 + 0.75 * 0.4)
    assert (found.n, found.population, found.strata) == (50, 400, 2)
    assert found.effective_n == pytest.approx(1 / (0.25**2 / 20 + 0.75**2 / 30))
    assert found.low < found.share < found.high


def test_strata_without_answers_are_counted_with_those_most_like_them():
    found = corrected(
        [
            Stratum(("bought", "short"), 100, 50, 50, 50.0),
            Stratum(("bought", "long"), 100, 0, 0, 0.0),
            Stratum(("neither", "short"), 200, 20, 0, 0.0),
        ]
    )
    assert found.share == pytest.approx(0.5)
    assert found.strata == 2


def test_a_handful_of_answers_is_one_group():
    found = corrected([Stratum(("a",), 10, 2, 2, 2.0), Stratum(("b",), 90, 1, 0, 0.0)])
    assert (found.share, found.strata, found.n) == (pytest.approx(2 / 3), 1, 3)
    everyone = corrected([Stratum(("a",), 10, 3, 3, 3.0)])
    assert (everyone.share, everyone.high) == (1.0, 1.0)
    assert everyone.low < 0.5


def test_without_answers_there_is_nothing_to_correct():
    assert corrected([]).share is None
    assert corrected([Stratum(("a",), 10, 0, 0, 0.0)]).population == 10

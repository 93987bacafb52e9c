"""The best of many scores."""

import numpy as np
import pytest

from catalog.index.ranking import highest, nearest_rows


@pytest.mark.parametrize(("count", "limit"), [(30, 5), (50_000, 200), (50_000, 3)])
@pytest.mark.parametrize("held", [0.0, 0.0005, 0.3, 1.0])
@pytest.mark.parametrize("kind", [np.float32, np.int32])
def test_the_highest_are_those_of_a_full_sort(count: int, limit: int, held: float, kind: type) -> None:
    rng = np.random.default_rng(count)
    scores = np.where(rng.random(count) < held, rng.integers(1, 400, count), 0).astype(kind)
    wanted = [place for place in np.argsort(-scores, kind="stable") if scores[place] > 0][:limit]
    assert highest(scores, limit, 0).tolist() == wanted


@pytest.mark.parametrize("share", [0.6, 0.01, 0.0])
@pytest.mark.parametrize(("count", "limit"), [(300, 20), (50_000, 200), (50_000, 5)])
def test_only_allowed_scores_are_taken(count: int, limit: int, share: float) -> None:
    rng = np.random.default_rng(count)
    scores = rng.integers(1, 400, count).astype(np.int32)
    allowed = rng.random(count) < share
    wanted = [place for place in np.argsort(-scores, kind="stable") if allowed[place]][:limit]
    assert highest(scores, limit, 0, allowed).tolist() == wanted


def test_no_score_is_high_enough() -> None:
    assert highest(np.zeros(0, dtype=np.float32), 5, 0).tolist() == []
    assert highest(np.ones(9, dtype=np.float32), 5, 1).tolist() == []


def test_a_row_is_as_near_as_its_nearest_passage() -> None:
    owners = np.array([4, 2, 4, 9], dtype=np.int32)
    rows, cosines = nearest_rows(owners, np.array([0.1, 0.5, 0.7, 0.5], dtype=np.float32), 2)
    assert rows.tolist() == [4, 2]
    assert cosines.tolist() == pytest.approx([0.7, 0.5])

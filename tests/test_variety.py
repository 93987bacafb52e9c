"""Relevance against variety: how alike products are, and what maximal marginal relevance chooses."""

import numpy as np
import pytest

from assistant.variety import Likeness, diversified, likeness, moved
from catalog import Catalog
from tests.shop import ARC, OAK, ROBIN, STEEL

IDS = ("a", "b", "c")


def alike(matrix: list[list[float]], seen: tuple[str, ...] = ()) -> Likeness:
    return Likeness({id: place for place, id in enumerate("abcd"[: len(matrix)])}, np.asarray(matrix), seen)


TWINS = alike([[1, 1, 0], [1, 1, 0], [0, 0, 1]])


def test_without_variety_the_order_is_that_of_relevance() -> None:
    assert diversified(IDS, (3, 2, 1), 3, 0.0, TWINS) == ["a", "b", "c"]


def test_with_variety_what_is_like_the_first_waits() -> None:
    # of b: 0.4 * 0.5 - 0.6 * 1 = -0.4; of c: 0.4 * 0 - 0.6 * 0 = 0
    assert diversified(IDS, (3, 2, 1), 3, 0.6, TWINS) == ["a", "c", "b"]
    # of b: 0.9 * 0.5 - 0.1 * 1 = 0.35; of c: 0
    assert diversified(IDS, (3, 2, 1), 3, 0.1, TWINS) == ["a", "b", "c"]


def test_what_is_like_something_seen_waits_too() -> None:
    seen = alike([[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 0], [1, 0, 0, 1]], seen=("d",))
    assert diversified(IDS, (3, 2, 1), 2, 0.6, seen) == ["b", "c"]


def test_no_more_are_chosen_than_there_are_and_ties_keep_their_order() -> None:
    assert diversified(IDS, (1, 1, 1), 9, 0.5, alike([[1, 0, 0], [0, 1, 0], [0, 0, 1]])) == ["a", "b", "c"]
    assert diversified((), (), 4, 0.5, alike([])) == []


def test_products_of_one_category_and_brand_are_more_alike(catalog: Catalog) -> None:
    found = likeness((OAK, STEEL, ARC, ROBIN), catalog)
    oak = found.matrix[found.place["oak"]]
    assert oak[found.place["steel"]] > oak[found.place["arc"]] > oak[found.place["robin"]]
    assert np.allclose(found.matrix, found.matrix.T) and 0 <= found.matrix.min() <= found.matrix.max() <= 1.0001


def test_what_was_seen_is_among_what_likeness_is_measured_to(catalog: Catalog) -> None:
    found = likeness((OAK, STEEL), catalog, ("arc", "gone"))
    assert found.seen == ("arc",) and set(found.place) == {"oak", "steel", "arc"}


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        (0, 1, 0.3),
        (0.3, 1, 0.6),
        (0.6, 1, 0.6),
        (0.9, 1, 0.9),
        (0.6, -1, 0.3),
        (0, -1, 0),
        (0.2, 0, 0.2),
        (0.2, 1, 0.3),
    ],
)
def test_variety_moves_a_level_at_a_time(before: float, step: int, after: float) -> None:
    assert moved(before, step) == after

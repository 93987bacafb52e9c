"""Two rankings by turns on one shelf."""

from collections import Counter
from random import Random

from assistant.interleave import interleaved
from assistant.rank import shelf
from assistant.types import Slate
from catalog import Product

PRODUCTS = {id: Product(id, f"Lamp {id}", 100, description=f"Lamp {id} is bright.") for id in "abcdef"}


def slate(ids):
    return shelf([PRODUCTS[id] for id in ids], "en")


def teams(first, second, size=4, seed=1):
    found = interleaved([slate(first), slate(second)], ["A", "B"], size, Random(seed))
    return [(item.product.id, item.team) for item in found.items]


def test_each_picks_its_best_that_is_left_and_no_product_stands_twice():
    for seed in range(20):
        found = teams("abcd", "bade", seed=seed)
        assert len({id for id, _ in found}) == len(found) == 4
        assert Counter(team for _, team in found) == {"A": 2, "B": 2}


def test_a_coin_says_who_picks_first():
    firsts = Counter(teams("abcd", "efab", seed=seed)[0] for seed in range(200))
    assert set(firsts) == {("a", "A"), ("e", "B")}
    assert 70 < firsts["a", "A"] < 130


def test_where_one_has_nothing_left_the_other_goes_on():
    assert [id for id, _ in teams("ab", "abcdef")] in (["a", "b", "c", "d"], ["b", "a", "c", "d"])
    assert teams("", "") == []


def test_what_speaks_for_the_products_comes_with_them():
    found = interleaved([slate("abc"), slate("def")], ["A", "B"], 4, Random(2))
    cited = {id for item in found.items for reason in item.reasons for id in reason.evidence}
    assert cited <= {line.id for line in found.evidence}
    assert isinstance(found, Slate)

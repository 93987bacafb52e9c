"""Counts over a set of products: by category, brand, price band and attribute."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.constraint import measure
from catalog.index.columns import Columns

Rows = NDArray[np.int64]

_BANDS = 4
_VALUES = 12  # of a facet, the most frequent first
_ATTRIBUTES = 12
_SPREAD = 0.2  # share of the products that must state an attribute for it to be a facet


@dataclass(frozen=True, slots=True)
class Count:
    """How many products say `value`."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Band:
    """How many products cost from `low` to `high`, both included, in minor units."""

    low: int
    high: int
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What `total` products are and say, the most frequent first. A facet that does not tell them apart is left out."""

    total: int
    categories: tuple[Count, ...]
    brands: tuple[Count, ...]
    prices: tuple[Band, ...]
    attributes: tuple[tuple[str, tuple[Count, ...]], ...]


def facets(columns: Columns, rows: Rows) -> Facets:
    """The facets of some rows, which ascend."""
    among = columns.none()
    among[rows] = True
    attributes: list[tuple[int, str, tuple[Count, ...]]] = []
    for name in columns.attributes():
        counts = _counts(columns, name, among)
        stated = sum(count.count for count in counts)
        if len(counts) > 1 and stated >= _SPREAD * len(rows) and not any(_is_number(count.value) for count in counts):
            attributes.append((stated, name.partition(".")[2], counts[:_VALUES]))
    attributes.sort(key=lambda one: (-one[0], one[1]))
    return Facets(
        len(rows),
        _counts(columns, "home", among)[:_VALUES],
        _counts(columns, "brand", among)[:_VALUES],
        _bands(np.sort(columns.price[rows])),
        tuple((name, counts) for _, name, counts in attributes[:_ATTRIBUTES]),
    )


def _counts(columns: Columns, name: str, among: NDArray[np.bool_]) -> tuple[Count, ...]:
    column = columns.words(name)
    counts = np.bincount(column.codes[among[column.rows]], minlength=len(column.values))
    order = np.argsort(-counts, kind="stable")
    return tuple(
        Count(column.values[code], int(counts[code])) for code in order if counts[code] and column.values[code]
    )


def _bands(prices: NDArray[np.int64]) -> tuple[Band, ...]:
    """Bands of about equal size, their limits at round prices."""
    if not len(prices) or prices[0] == prices[-1]:
        return ()
    inner = {_round(int(np.quantile(prices, share / _BANDS))) for share in range(1, _BANDS)}
    edges = sorted(edge for edge in inner if prices[0] < edge < prices[-1])
    lows = [int(prices[0]), *(edge + 1 for edge in edges)]
    highs = [*edges, int(prices[-1])]
    counts = [int(((prices >= low) & (prices <= high)).sum()) for low, high in zip(lows, highs, strict=True)]
    return tuple(Band(low, high, n) for low, high, n in zip(lows, highs, counts, strict=True) if n)


def _round(price: int) -> int:
    """To one or two leading digits: 4,730 → 5,000."""
    unit: int = 10 ** max(len(str(price)) - 1, 0)
    half = unit // 2 or 1
    return max(round(price / half) * half, 1)


def _is_number(value: str) -> bool:
    found = measure(value)
    return found is not None and value[:1].isdigit()

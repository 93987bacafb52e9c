"""Counts over a set of products: by category, brand, price band and attribute."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.constraint import measure
from catalog.index.columns import Columns
from catalog.product import Locale, Product

Rows = NDArray[np.int64]

_BANDS = 4
_VALUES = 12  # of a facet, the most frequent first
_ATTRIBUTES = 12
_SPREAD = 0.2  # share of the products that must state an attribute for it to be a facet


@dataclass(frozen=True, slots=True)
class Count:
    """How many products say `value`, which a constraint takes; `label` is it in the language asked for."""

    value: str
    count: int
    label: str


@dataclass(frozen=True, slots=True)
class Band:
    """How many products cost from `low` to `high`, both included, in minor units."""

    low: int
    high: int
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """What products say of one attribute; `name` is what a constraint takes."""

    name: str
    label: str
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """What `total` products are and say, the most frequent first. A facet that does not tell them apart is left out."""

    total: int
    categories: tuple[Count, ...]
    brands: tuple[Count, ...]
    prices: tuple[Band, ...]
    attributes: tuple[Facet, ...]


def facets(columns: Columns, rows: Rows, product: Callable[[int], Product], locale: Locale) -> Facets:
    """The facets of some rows, which ascend; `product` reads one, for the labels."""
    among = columns.none()
    among[rows] = True
    attributes: list[tuple[int, Facet]] = []
    for name in columns.attributes():
        facet = _facet(columns, name, among, product, locale)
        stated = sum(count.count for count in facet.counts) if facet else 0
        if facet and len(facet.counts) > 1 and stated >= _SPREAD * len(rows):
            attributes.append((stated, facet))
    attributes.sort(key=lambda one: (-one[0], one[1].name))
    homes = [
        (value, count, _leaf(product(row).localised(locale).category))
        for value, count, row in _counts(columns, "home", among)[:_VALUES]
    ]
    return Facets(
        len(rows),
        tuple(Count(value, count, label) for value, count, label in homes),
        tuple(Count(value, count, value) for value, count, _ in _counts(columns, "brand", among)[:_VALUES]),
        _bands(np.sort(columns.price[rows])),
        tuple(facet for _, facet in attributes[:_ATTRIBUTES]),
    )


def _facet(
    columns: Columns, column: str, among: NDArray[np.bool_], product: Callable[[int], Product], locale: Locale
) -> Facet | None:
    found: list[Count] = []
    name = label = ""
    for value, count, row in _counts(columns, column, among)[: 2 * _VALUES]:
        one = product(row)
        pairs = [*one.attributes.items(), *(pair for v in one.variants for pair in v.options.items())]
        said = next((n for n, v in pairs if v == value and f"attributes.{n.casefold()}" == column), None)
        if said is None or _is_number(value):
            continue
        terms = next((t.terms for t in one.translations if t.locale == locale), {})
        name, label = said, terms.get(said, said)
        found.append(Count(value, count, terms.get(value, value)))
    return Facet(name, label, tuple(found[:_VALUES])) if name else None


def _leaf(category: str) -> str:
    return category.split(" > ")[-1]


def _counts(columns: Columns, name: str, among: NDArray[np.bool_]) -> list[tuple[str, int, int]]:
    column = columns.words(name)
    inside = among[column.rows]
    codes, rows = column.codes[inside], column.rows[inside]
    counts = np.bincount(codes, minlength=len(column.values))
    first = dict(zip(codes[::-1].tolist(), rows[::-1].tolist(), strict=True))
    order = np.argsort(-counts, kind="stable")
    return [(column.values[c], int(counts[c]), first[int(c)]) for c in order if counts[c] and column.values[c]]


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

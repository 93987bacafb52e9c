"""Counts over a set of products: by category, brand, price band and attribute."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from catalog.attributes.vocabulary import called
from catalog.index.columns import Columns
from catalog.product import Locale
from catalog.tokens import has_cjk

Rows = NDArray[np.int64]

_BANDS = 4
_VALUES = 12  # of a facet, the most frequent first
_ATTRIBUTES = 12
_SPREAD = 0.2  # share of the products that must say an attribute for it to be a facet


@dataclass(frozen=True, slots=True)
class Count:
    """How many products say `value`; `label` is what it is called in the language asked for."""

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
    """One attribute and what products say of it."""

    name: str
    label: str
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """What `total` products are and say, the most frequent first. An attribute that does not tell them apart is left out."""

    total: int
    categories: tuple[Count, ...] = ()
    brands: tuple[Count, ...] = ()
    prices: tuple[Band, ...] = ()
    attributes: tuple[Facet, ...] = ()


def facets(columns: Columns, rows: Rows, locale: Locale) -> Facets:
    """The facets of some rows, with labels in `locale` where listings or the vocabulary have them."""
    among = columns.none()
    among[rows] = True
    labels = columns.labels.get(locale, {})
    attributes: list[tuple[int, Facet]] = []
    for name in columns.facets():
        counts = _counts(columns, f"facet.{name}", among, {})
        stated = sum(count.count for count in counts)
        if len(counts) > 1 and stated >= _SPREAD * len(rows):
            said = tuple(Count(c.value, c.count, _label(name, c.value, locale, labels)) for c in counts[:_VALUES])
            attributes.append((stated, Facet(name, _label(name, name, locale, labels), said)))
    attributes.sort(key=lambda one: (-one[0], one[1].name))
    return Facets(
        len(rows),
        tuple(replace(c, label=c.label.split(" > ")[-1]) for c in _counts(columns, "home", among, labels)[:_VALUES]),
        _counts(columns, "brand", among, labels)[:_VALUES],
        _bands(np.sort(columns.price[rows])),
        tuple(facet for _, facet in attributes[:_ATTRIBUTES]),
    )


def _counts(columns: Columns, name: str, among: NDArray[np.bool_], labels: Mapping[str, str]) -> tuple[Count, ...]:
    column = columns.words(name)
    counts = np.bincount(column.codes[among[column.rows]], minlength=len(column.values))
    found = ((column.values[code], int(counts[code])) for code in np.argsort(-counts, kind="stable") if counts[code])
    return tuple(Count(value, count, labels.get(value, value)) for value, count in found if value)


def _label(name: str, value: str, locale: Locale, labels: Mapping[str, str]) -> str:
    """What a value is called: by the listings' own translations, else by the vocabulary."""
    if value in labels:
        return labels[value]
    return next((said for said in called(name, value) if has_cjk(said) == (locale == "zh")), value)


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
    """To the nearest half of its leading digit: 4,730 becomes 4,500, 380 becomes 400."""
    half: int = 10 ** max(len(str(price)) - 1, 0) // 2 or 1
    return max(round(price / half) * half, 1)

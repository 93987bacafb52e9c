"""What another order would have brought, before any shopper sees it: shelves drawn by chance, ranked again for their needs.

Knows the needs as they were understood, not the words; what a shopper asked not to see again, or is remembered to like, it
does not know, so it is an estimate of the ranking alone.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from assistant.insight.experiments.bounds import Numbers
from assistant.insight.experiments.off_policy import (
    Logged,
    Rows,
    Value,
    by_fold,
    cross_fitted,
    doubly_robust,
    ips,
    on_policy,
    snips,
)
from assistant.rank import Variety, rank
from assistant.rankers import weights_of
from assistant.record.shelves import DrawnShelf, Place
from assistant.retrieve import retrieve
from assistant.treatment import Ranking
from assistant.variety import likeness
from catalog import Catalog, Product

LEAST_SHELVES = 50
_POSITIONS = 6  # further down they are all alike
_BUDGET_S = 8.0

Why = Literal["told", "no_chance", "few", "gone", "unlike"]


@dataclass(frozen=True, slots=True)
class Estimates:
    """What was logged and what the other order would have brought, as clicks a product shown; or why that is not known."""

    why: Why
    shelves: int
    rows: int = 0
    logged: Value | None = None
    ips: Value | None = None
    snips: Value | None = None
    doubly_robust: Value | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """A product at a position as it was shown, and the one that the other order puts there."""

    unit: int
    place: Place
    shown: Product
    other: Product | None


def would_have(
    shelves: Sequence[DrawnShelf],
    ranking: Ranking,
    catalog: Catalog,
    monotonic: Callable[[], float] = time.monotonic,
) -> Estimates:
    """The estimates for a ranking from as many of these shelves as a few seconds are enough for."""
    if not shelves:
        return Estimates("no_chance", 0)
    if len(shelves) < LEAST_SHELVES:
        return Estimates("few", len(shelves))
    ends, rows, counted = monotonic() + _BUDGET_S, list[_Row](), 0
    for unit, shelf in enumerate(shelves):
        if monotonic() > ends:
            break
        counted += 1
        rows += _ranked_again(unit, shelf, ranking, catalog)
    if not rows:
        return Estimates("gone", counted)
    return _estimated(rows, counted)


def _ranked_again(unit: int, shelf: DrawnShelf, ranking: Ranking, catalog: Catalog) -> list[_Row]:
    found = retrieve(shelf.need, catalog)
    varying = Variety(ranking.variety or 0.0, partial(likeness, catalog=catalog))
    slate = rank(found, shelf.need, shelf.locale, len(shelf.places), varying, weights=weights_of(ranking.ranker))
    others = dict(enumerate((catalog.get(id) for id in slate.ids()), start=1))
    rows = []
    for place in shelf.places:
        shown = catalog.get(place.product_id)
        if shown is not None:
            rows.append(_Row(unit, place, shown, others.get(place.position)))
    return rows


def _estimated(rows: Sequence[_Row], shelves: int) -> Estimates:
    unit: Rows = np.array([row.unit for row in rows])
    reward = np.array([float(row.place.clicked) for row in rows])
    target = np.array([float(row.other is not None and row.other.id == row.shown.id) for row in rows])
    if not target.any():
        return Estimates("unlike", shelves, len(rows))
    log = Logged(reward, np.array([row.place.propensity for row in rows]), target, unit)
    shown = _features([(row.shown, row.place.position) for row in rows])
    other = _features([(row.other or row.shown, row.place.position) for row in rows])
    fold, models = cross_fitted(shown, reward, unit)
    predicted, expected = by_fold(fold, models, shown), by_fold(fold, models, other)
    robust = doubly_robust(log, predicted, expected)
    return Estimates("told", shelves, len(rows), on_policy(reward, unit), ips(log), snips(log), robust)


def _features(placed: Sequence[tuple[Product, int]]) -> Numbers:
    """Where a product stands, what it costs, and how it is rated."""
    positions = np.eye(_POSITIONS)[[min(position, _POSITIONS) - 1 for _, position in placed]]
    price = np.log1p([float(product.price_minor) for product, _ in placed])
    rating = np.array([(product.rating or 3.5) / 5 for product, _ in placed])
    return np.column_stack([positions, (price - price.mean()) / (price.std() or 1.0), rating])

"""Relevance against variety: which products to show together, so that they need not all be alike. Breaks no constraint."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog import Catalog, Product

LEVELS = (0.0, 0.3, 0.6)  # what the page's control offers: what fits best, some variety, much of it
_MEANING, _HOME, _BRAND = 0.6, 0.25, 0.15  # how much nearness in meaning, the category and the brand make two alike

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike products are, 0 to 1, by their ids; those of `seen` were shown before and are not to be shown."""

    place: dict[str, int]
    matrix: Matrix
    seen: tuple[str, ...] = ()


def moved(variety: float, step: int) -> float:
    """`variety` one level up or down, or as it is where there is none further."""
    if step > 0:
        return next((level for level in LEVELS if level > variety), variety)
    return next((level for level in reversed(LEVELS) if level < variety), variety) if step else variety


def likeness(products: Sequence[Product], catalog: Catalog, seen: Sequence[str] = ()) -> Likeness:
    """How alike these products are, to each other and to those `seen`: by their vectors, categories and brands."""
    known = [product for id in seen if (product := catalog.get(id)) is not None]
    every = list({product.id: product for product in (*products, *known)}.values())
    cosines = catalog.cosines([product.id for product in every]).astype(np.float64)
    apart = cosines[~np.eye(len(every), dtype=bool)]
    low, high = (float(apart.min()), float(apart.max())) if len(apart) else (0.0, 0.0)
    near = np.clip((cosines - low) / (high - low), 0.0, 1.0) if high > low else np.zeros_like(cosines)
    homes, brands = _same([p.category for p in every]), _same([p.brand for p in every])
    matrix = _MEANING * near + _HOME * homes + _BRAND * brands
    return Likeness({p.id: place for place, p in enumerate(every)}, matrix, tuple(p.id for p in known))


def _same(values: Sequence[str]) -> Matrix:
    told = np.asarray(values)
    same: Matrix = ((told[:, None] == told[None, :]) & (told != "")[None, :]).astype(np.float64)
    return same


def diversified(ids: Sequence[str], scores: Sequence[float], size: int, variety: float, alike: Likeness) -> list[str]:
    """`size` of `ids` by maximal marginal relevance, in the order in which they are chosen.

    Each time the product with the highest (1 - variety) * relevance - variety * likeness to its nearest among those
    chosen or seen (Carbonell & Goldstein 1998, SIGIR); relevance goes from 0 for the least score to 1 for the highest.
    """
    low, high = min(scores, default=0.0), max(scores, default=0.0)
    relevance = [(score - low) / (high - low) if high > low else 1.0 for score in scores]
    rows = [alike.place[id] for id in ids]
    nearest = np.zeros(len(ids))
    for id in alike.seen:
        nearest = np.maximum(nearest, alike.matrix[rows, alike.place[id]])
    chosen: list[int] = []
    for _ in range(min(size, len(ids))):
        left = [place for place in range(len(ids)) if place not in chosen]
        best = max(left, key=lambda place: (1 - variety) * relevance[place] - variety * nearest[place])
        chosen.append(best)
        nearest = np.maximum(nearest, alike.matrix[rows, rows[best]])
    return [ids[place] for place in chosen]

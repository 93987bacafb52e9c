"""Aisle's catalogue: products in, the right products out. Knows nothing of conversations."""

from catalog.constraint import Constraint, Op, Origin, holds, satisfies
from catalog.errors import CatalogError, FeedError, StaleIndexError
from catalog.product import Locale, Policy, Product, Review, Translation, Variant, minor_units

__all__ = [
    "CatalogError",
    "Constraint",
    "FeedError",
    "Locale",
    "Op",
    "Origin",
    "Policy",
    "Product",
    "Review",
    "StaleIndexError",
    "Translation",
    "Variant",
    "holds",
    "minor_units",
    "satisfies",
]

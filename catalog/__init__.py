"""Aisle's catalogue: products in, the right products out. Knows nothing of conversations."""

from catalog.check import check
from catalog.constraint import Constraint, Op, Origin, field_values, holds, measure, satisfies
from catalog.embed import Embedder, PackagedEmbedder, load_embedder
from catalog.errors import CatalogError, FeedError, FolderTaken, StaleIndexError
from catalog.facets import Band, Count, Facet, Facets
from catalog.feeds import FORMATS, Format, Mapped, Reject, RejectReport, load_mapping, to_product, to_row
from catalog.index import CatalogIndex
from catalog.ingest import ImportReport, import_feed, open_catalog
from catalog.lock import FolderLock
from catalog.policies import PolicyHit, load_policies
from catalog.product import Locale, Policy, Product, Review, Translation, Variant, minor_units
from catalog.progress import shown_progress
from catalog.query import thing_rows
from catalog.search import Catalog, Hit, Order
from catalog.staging import store
from catalog.tables import CatalogTables
from catalog.tokens import STOPWORDS, has_cjk, stem, tokens, words
from catalog.vectors import VectorTable
from catalog.watch import Watch
from catalog.wording import asserts, mentions

__all__ = [
    "FORMATS",
    "STOPWORDS",
    "Band",
    "Catalog",
    "CatalogIndex",
    "CatalogTables",
    "Count",
    "Embedder",
    "Facet",
    "Facets",
    "Hit",
    "ImportReport",
    "PackagedEmbedder",
    "PolicyHit",
    "Reject",
    "RejectReport",
    "asserts",
    "field_values",
    "has_cjk",
    "import_feed",
    "load_embedder",
    "load_mapping",
    "load_policies",
    "measure",
    "mentions",
    "open_catalog",
    "stem",
    "store",
    "thing_rows",
    "to_product",
    "to_row",
    "tokens",
    "words",
    "CatalogError",
    "Constraint",
    "FeedError",
    "FolderLock",
    "FolderTaken",
    "Format",
    "Locale",
    "Mapped",
    "Op",
    "Order",
    "Origin",
    "Policy",
    "Product",
    "Review",
    "StaleIndexError",
    "Translation",
    "Variant",
    "VectorTable",
    "Watch",
    "check",
    "holds",
    "minor_units",
    "satisfies",
    "shown_progress",
]

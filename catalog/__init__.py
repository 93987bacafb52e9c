"""Aisle's catalogue: products in, the right products out. Knows nothing of conversations."""

from catalog.constraint import Constraint, Op, Origin, field_values, holds, measure, satisfies
from catalog.embed import Embedder, PackagedEmbedder, load_embedder
from catalog.errors import CatalogError, FeedError, StaleIndexError
from catalog.feeds import FORMATS, Format, Mapped, Reject, RejectReport, load_mapping, to_product, to_row
from catalog.index import DenseIndex, LexicalIndex
from catalog.ingest import ImportReport, import_feed, open_catalog
from catalog.policies import PolicyHit, load_policies
from catalog.product import Locale, Policy, Product, Review, Translation, Variant, minor_units
from catalog.progress import shown_progress
from catalog.rerank import CrossEncoderReranker, Reranker, load_reranker, reranked
from catalog.search import Catalog, Hit
from catalog.tables import CatalogTables
from catalog.tokens import STOPWORDS, has_cjk, stem, tokens, words
from catalog.wording import asserts, mentions

__all__ = [
    "FORMATS",
    "STOPWORDS",
    "Catalog",
    "CatalogTables",
    "CrossEncoderReranker",
    "DenseIndex",
    "Embedder",
    "Hit",
    "ImportReport",
    "LexicalIndex",
    "PackagedEmbedder",
    "PolicyHit",
    "Reject",
    "RejectReport",
    "Reranker",
    "asserts",
    "field_values",
    "has_cjk",
    "import_feed",
    "load_embedder",
    "load_mapping",
    "load_policies",
    "load_reranker",
    "measure",
    "mentions",
    "open_catalog",
    "reranked",
    "stem",
    "to_product",
    "to_row",
    "tokens",
    "words",
    "CatalogError",
    "Constraint",
    "FeedError",
    "Format",
    "Locale",
    "Mapped",
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
    "shown_progress",
]

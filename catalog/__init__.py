"""Aisle's catalogue: products in, the right products out. Knows nothing of conversations."""

from catalog.attributes.by_model import by_model
from catalog.attributes.extract import extracted
from catalog.attributes.units import measure, measures
from catalog.attributes.vocabulary import canonical, normalised, same_name
from catalog.check import check
from catalog.constraint import Constraint, Op, Origin, field_values, holds, satisfies
from catalog.embed import Embedder, PackagedEmbedder, load_embedder
from catalog.enriched import Enriched
from catalog.errors import CatalogError, FeedError, FolderTaken, StaleIndexError
from catalog.facets import Band, Count, Facet, Facets
from catalog.feeds import FORMATS, Format, Mapped, Reject, RejectReport, load_mapping, to_product, to_row
from catalog.index import CatalogIndex
from catalog.ingest import ImportReport, import_feed, open_catalog, take_over
from catalog.lock import FolderLock
from catalog.passages import passages
from catalog.policies import PolicyHit, load_policies, written_at
from catalog.product import Extracted, Locale, Policy, Product, Review, Translation, Variant, decimals, minor_units
from catalog.progress import Progress, shown_progress
from catalog.query import named_row, thing_rows
from catalog.rerank import CrossEncoderReranker, Reranker, load_reranker, reranked
from catalog.search import Catalog, Hit, Order
from catalog.sentences import sentences
from catalog.staging import store
from catalog.tables import CatalogTables, content_hash
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
    "Enriched",
    "Extracted",
    "CrossEncoderReranker",
    "Embedder",
    "Facet",
    "Facets",
    "Hit",
    "ImportReport",
    "PackagedEmbedder",
    "PolicyHit",
    "Reject",
    "RejectReport",
    "Reranker",
    "asserts",
    "by_model",
    "canonical",
    "content_hash",
    "extracted",
    "decimals",
    "field_values",
    "has_cjk",
    "import_feed",
    "load_embedder",
    "load_mapping",
    "load_policies",
    "load_reranker",
    "measure",
    "measures",
    "named_row",
    "normalised",
    "mentions",
    "open_catalog",
    "reranked",
    "passages",
    "stem",
    "same_name",
    "store",
    "take_over",
    "thing_rows",
    "to_product",
    "to_row",
    "tokens",
    "words",
    "written_at",
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
    "Progress",
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
    "sentences",
    "shown_progress",
]

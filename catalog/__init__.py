"""Aisle's catalogue: products in, the right products out. Knows nothing of conversations."""

from catalog.attributes.by_model import by_model
from catalog.attributes.extract import extracted
from catalog.attributes.units import measure
from catalog.attributes.vocabulary import canonical, normalised
from catalog.constraint import Constraint, Op, Origin, field_values, holds, satisfies
from catalog.embed import Embedder, PackagedEmbedder, load_embedder
from catalog.enriched import Enriched
from catalog.errors import CatalogError, FeedError, StaleIndexError
from catalog.feeds import FORMATS, Format, Mapped, Reject, RejectReport, load_mapping, to_product, to_row
from catalog.index import DenseIndex, LexicalIndex
from catalog.ingest import ImportReport, import_feed, open_catalog
from catalog.policies import PolicyHit, load_policies
from catalog.product import Extracted, Locale, Policy, Product, Review, Translation, Variant, minor_units
from catalog.progress import shown_progress
from catalog.search import Catalog, Hit
from catalog.sentences import sentences
from catalog.tables import CatalogTables, content_hash
from catalog.tokens import STOPWORDS, has_cjk, stem, tokens, words
from catalog.wording import asserts, mentions

__all__ = [
    "FORMATS",
    "STOPWORDS",
    "Catalog",
    "CatalogTables",
    "DenseIndex",
    "Enriched",
    "Extracted",
    "Embedder",
    "Hit",
    "ImportReport",
    "LexicalIndex",
    "PackagedEmbedder",
    "PolicyHit",
    "Reject",
    "RejectReport",
    "asserts",
    "by_model",
    "canonical",
    "content_hash",
    "extracted",
    "field_values",
    "has_cjk",
    "import_feed",
    "load_embedder",
    "load_mapping",
    "load_policies",
    "measure",
    "normalised",
    "mentions",
    "open_catalog",
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
    "sentences",
    "shown_progress",
]

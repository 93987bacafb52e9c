"""What of a listing is embedded: one passage a language, named by the digest of its text."""

import hashlib
from collections.abc import Iterator

from catalog.product import Locale, Product

_PASSAGE_CHARS = 700


def passage(product: Product) -> str:
    """The text of a listing as it is embedded: what it is first, details after."""
    facts = "; ".join(f"{name}: {value}" for name, value in product.attributes.items())
    parts = (product.title, product.category, product.brand, product.description, facts)
    return ". ".join(part for part in parts if part)[:_PASSAGE_CHARS]


def passages(product: Product) -> Iterator[tuple[Locale, str]]:
    """The passage of each language that the listing is written in."""
    return ((locale, passage(product.localised(locale))) for locale in product.locales())


def digest(text: str) -> str:
    """128 bits of SHA-256 in hexadecimal: short enough to keep for every row, long enough never to meet twice."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]

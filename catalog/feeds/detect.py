"""Which convention a feed follows, told from its name, its shape and the names of its columns; and its reader.

JSONL is taken to be in USD where a row names no currency, whatever is asked for.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from catalog.errors import FeedError
from catalog.feeds.google import is_google, read_google
from catalog.feeds.jsonl import read_jsonl
from catalog.feeds.jsonld import read_jsonld
from catalog.feeds.opening import encoding_of, sample
from catalog.feeds.rejects import Reject
from catalog.feeds.separated import columns, plain_name
from catalog.feeds.shopify import is_shopify, read_shopify
from catalog.feeds.table import Mapped, read_table
from catalog.feeds.woocommerce import is_woocommerce, read_woocommerce
from catalog.product import Product

Format = Literal["jsonl", "shopify", "google", "woocommerce", "jsonld", "csv"]
FORMATS: tuple[Format, ...] = ("jsonl", "shopify", "google", "woocommerce", "jsonld", "csv")


def detect(path: Path, mapped: Mapped | None = None) -> Format:
    """The convention that the feed at `path` follows; with a mapping it is a table.

    Raises FeedError, which names the formats, where it follows none.
    """
    if mapped is not None:
        return "csv"
    if path.is_dir():
        return "jsonl" if any(path.glob("*.jsonl*")) or not any(path.glob("*.html")) else "jsonld"
    if path.name.removesuffix(".gz").endswith((".jsonl", ".ndjson")) or not path.exists():
        return "jsonl"
    begin = sample(path).decode(encoding_of(path), errors="replace").lstrip("\ufeff \t\r\n")
    if begin.startswith(("{", "[", "<")):
        return _marked(path, begin)
    header = columns(path)
    names = {plain_name(name) for name in header}
    if is_shopify(names):
        return "shopify"
    if is_woocommerce(names):
        return "woocommerce"
    if is_google(names):
        return "google"
    if {"id", "title", "price"} <= names:
        return "csv"
    raise _unknown(path, f"its first line is {', '.join(header)[:300]!r}")


def _marked(path: Path, begin: str) -> Format:
    """The convention of what is neither a table nor empty: JSON or XML."""
    if begin.startswith("<"):
        if re.search(r"<(\w+:)?(rss|feed|RDF)\b", begin[:4096]):
            return "google"
        if re.match(r"<(!doctype html|html)\b", begin, re.IGNORECASE) or "application/ld+json" in begin:
            return "jsonld"
    elif re.search(r'"@(type|context|graph)"\s*:', begin):
        return "jsonld"
    elif begin.startswith("{"):
        return "jsonl"
    raise _unknown(path, f"it begins with {begin[:60]!r}")


def read_feed(
    path: Path, format: Format, mapped: Mapped | None = None, currency: str = "USD"
) -> Iterator[Product | Reject]:
    """Every row of the feed at `path`, read by the convention `format`; `currency` is meant where the feed names none."""
    if format == "csv":
        return read_table(path, mapped or Mapped(currency=currency))
    if format == "shopify":
        return read_shopify(path, currency)
    if format == "woocommerce":
        return read_woocommerce(path, datetime.now(UTC), currency)
    if format == "jsonld":
        return read_jsonld(path, currency)
    if format == "google":
        return read_google(path, datetime.now(UTC), currency)
    return read_jsonl(path)


def _unknown(path: Path, seen: str) -> FeedError:
    return FeedError(
        f"{path} follows no convention that is read here ({seen}): name one with --format ({', '.join(FORMATS)}), "
        "or say which column is which with --mapping"
    )

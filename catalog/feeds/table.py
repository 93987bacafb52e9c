"""A plain table: columns named like Aisle's fields, or a mapping file that says which column is which.

A mapping is YAML: `title: Name`, `attributes.Color: Colour`, and if need be `currency: EUR`, `decimal: ","`,
`delimiter: ";"`. Reviews, variants and translations do not fit a table and are not read from one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from catalog.errors import FeedError
from catalog.feeds.amounts import Mark, amount, decimal_mark
from catalog.feeds.prose import bare, plain
from catalog.feeds.rejects import FieldError, Reject, reject
from catalog.feeds.row import Row, to_products
from catalog.feeds.separated import Record, columns, plain_name, records
from catalog.product import Product

FIELDS = (
    "id", "title", "description", "category", "brand", "price", "currency", "in_stock", "quantity", "images", "url",
    "rating", "rating_count", "locale",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mapped:
    """Which column each Aisle field comes from (by plain name), and how the table is written."""

    fields: Mapping[str, str] = field(default_factory=dict)
    currency: str = "USD"
    decimal: Mark | None = None
    delimiter: str | None = None


def load_mapping(path: Path) -> Mapped:
    """The mapping that the YAML file at `path` states.

    Raises FeedError where it is none, or names a field that there is not.
    """
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise FeedError(f"the mapping {path} cannot be read: {str(error).splitlines()[0]}") from error
    if not isinstance(said, dict) or not all(isinstance(part, str) for pair in said.items() for part in pair):
        raise FeedError(f"the mapping {path} must be lines of `field: column`, such as `title: Name`")
    fields = {name: column for name, column in said.items() if name not in ("currency", "decimal", "delimiter")}
    wrong = [n for n in fields if n not in FIELDS and not re.fullmatch(r"attributes\..+", n)]
    if wrong:
        raise FeedError(f"the mapping {path} names {wrong[0]!r}: give one of {', '.join(FIELDS)} or attributes.NAME")
    currency, decimal, delimiter = said.get("currency", "USD"), said.get("decimal"), said.get("delimiter")
    if not re.fullmatch(r"[A-Z]{3}", currency):  # no code, so the name of the column that holds it
        fields["currency"], currency = currency, "USD"
    if decimal not in (None, ".", ","):
        raise FeedError(f"the mapping {path}: decimal is {decimal!r}, but must be '.' or ','")
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise FeedError(f"the mapping {path}: delimiter is {delimiter!r}, but must be one character such as ';'")
    return Mapped({name: plain_name(c) for name, c in fields.items()}, currency, decimal, delimiter)


def read_table(path: Path, mapped: Mapped | None = None) -> Iterator[Product | Reject]:
    """Every row of a CSV or TSV file; columns that no field is made of are kept as attributes where nothing is mapped.

    Raises FeedError where it cannot be opened, or has no column for the id, title or price.
    """
    mapped = mapped or Mapped()
    header = columns(path, mapped.delimiter)
    fields = dict(mapped.fields) or _named_alike(header)
    present = {plain_name(name) for name in header}
    for name in ("id", "title", "price"):
        if fields.get(name) not in present:
            raise FeedError(
                f"{path} has no column for {name}: its columns are {', '.join(header)[:500]}; see --mapping"
            )
    for name, column in fields.items():
        if column not in present:
            raise FeedError(f"{path} has no column {column!r}, which the mapping gives for {name}")
    prices = (r.cells.get(fields["price"], "") for r in records(path, mapped.delimiter) if isinstance(r, Record))
    mark = mapped.decimal or decimal_mark(prices)
    found = records(path, mapped.delimiter, lambda cells: cells.get(fields["id"]))
    yield from to_products(_row(r, fields, mapped.currency, mark) for r in found)


def _named_alike(header: list[str]) -> dict[str, str]:
    """Fields from columns of their own names; every other column an attribute."""
    known = {plain_name(name): name for name in FIELDS}
    return {
        known.get(plain_name(name), f"attributes.{name.strip()}"): plain_name(name) for name in header if name.strip()
    }


def _row(record: Record | Reject, fields: Mapping[str, str], currency: str, mark: Mark | None) -> Row | Reject:
    if isinstance(record, Reject):
        return record
    said = {name: record.cells[column] for name, column in fields.items() if column in record.cells}
    try:
        return Row(record.source, record.line, _fields(said, currency, mark))
    except FieldError as error:
        return reject(record, error, said.get("id"))


def _fields(said: Mapping[str, str], currency: str, mark: Mark | None) -> dict[str, Any]:
    row: dict[str, Any] = {name: text for name, text in said.items() if name in FIELDS}
    row["attributes"] = {n.removeprefix("attributes."): bare(t) for n, t in said.items() if n not in FIELDS}
    if "price" in said:
        try:
            price = amount(said["price"], said.get("currency", currency).upper(), mark)
        except ValueError as error:
            raise FieldError("price", str(error)) from error
        row |= {"price": str(price.value), "currency": price.currency}
    if "title" in said:
        row["title"] = bare(said["title"])
    if "description" in said:
        row["description"] = plain(said["description"])
    if "images" in said:
        row["images"] = [image for image in re.split(r"[\s|]+|[,;]\s*(?=https?://|/)", said["images"]) if image]
    return row

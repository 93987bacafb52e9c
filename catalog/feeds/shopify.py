"""Shopify's product CSV export, in the older and the present names of its columns.

The export names no currency and no shop address: the currency is given by whoever imports, and products have no link.
Products that are not active and published are rejected. Markets' own prices, unit prices and collections are not read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from catalog.feeds.amounts import Amount, Mark, amount, decimal_mark
from catalog.feeds.grouping import grouped
from catalog.feeds.prose import bare, plain
from catalog.feeds.rejects import FieldError, NotOfferedError, Reject, reject
from catalog.feeds.row import Row, to_products
from catalog.feeds.separated import Record, columns, plain_name, records
from catalog.product import Product

_NAMES = {
    "handle": "url handle", "body (html)": "description", "published": "published on online store", "variant sku": "sku",
    "variant barcode": "barcode", "variant price": "price", "variant compare at price": "compare at price",
    "variant inventory tracker": "inventory tracker", "variant inventory qty": "inventory quantity",
    "variant inventory policy": "continue selling when out of stock", "variant grams": "weight value (grams)",
    "image src": "product image url", "variant image": "variant image url", "standardized product type": "product category",
    "custom product type": "type",
}  # fmt: skip
_GIVEN = {
    "google shopping / gender": "Gender", "google shopping / age group": "Age group", "google shopping / condition": "Condition",
    "google shopping / material": "Material", "tags": "Tags", "barcode": "GTIN",
}  # fmt: skip
_METAFIELD = re.compile(r"(?P<name>.+?) \((?:product\.)?metafields?\..+\)")
_SHOPIFY = {"title", "url handle", "price"}


def is_shopify(columns: set[str]) -> bool:
    """Whether a table with these plain column names is Shopify's."""
    names = {_NAMES.get(name, name) for name in columns}
    return names >= _SHOPIFY and bool(
        names & {"option1 name", "product image url", "inventory quantity", "sku", "vendor"}
    )


def read_shopify(path: Path, currency: str = "USD") -> Iterator[Product | Reject]:
    """Every product of the export with its variants; a variant that cannot be read is a Reject of its own."""
    mark = decimal_mark(r.cells.get("price", "") for r in _records(path) if isinstance(r, Record)) or "."
    yield from to_products(_rows(path, currency, mark))


def _records(path: Path) -> Iterator[Record | Reject]:
    """The feed's records under the present names; where the export has no column for it, what is counted is tracked."""
    names = {plain_name(name) for name in columns(path)}
    assumed = {} if names & {"inventory tracker", "variant inventory tracker"} else {"inventory tracker": "shopify"}
    for record in records(path, known=lambda cells: cells.get("handle") or cells.get("url handle")):
        if isinstance(record, Reject):
            yield record
        else:
            cells = {_NAMES.get(name, name): text for name, text in record.cells.items()}
            yield Record(record.source, record.line, assumed | cells)


def _rows(path: Path, currency: str, mark: Mark) -> Iterator[Row | Reject]:
    def keyed() -> Iterator[tuple[str, Record] | Reject]:
        for record in _records(path):
            if isinstance(record, Record) and "url handle" in record.cells:
                yield record.cells["url handle"], record
            elif isinstance(record, Record):
                yield Reject(record.source, record.line, "Handle", "is missing")
            else:
                yield record

    for group in grouped(keyed(), lambda cells: cells["url handle"]):
        if isinstance(group, Reject):
            yield group
        else:
            yield from _product(group, currency, mark)


def _product(group: Sequence[Record], currency: str, mark: Mark) -> Iterator[Row | Reject]:
    first = group[0]
    handle = first.cells["url handle"]
    if refusal := _not_offered(first.cells):
        yield reject(first, refusal, handle)
        return
    names = [first.cells.get(f"option{n} name", "") for n in (1, 2, 3)]
    offers: list[dict[str, Any]] = []
    bad = False
    for record in group:
        if _is_variant(record.cells):
            try:
                offers.append(_offer(record.cells, names, currency, mark))
            except FieldError as error:
                bad = True
                yield reject(record, error, handle)
    if offers:
        yield Row(first.source, first.line, _fields(group, offers))
    elif not bad:
        yield reject(first, FieldError("price", "is missing"), handle)


def _not_offered(cells: Mapping[str, str]) -> NotOfferedError | None:
    status = cells.get("status", "active").casefold()
    if status != "active":
        return NotOfferedError("Status", f"is {status}: only active products are offered")
    if cells.get("published on online store", "true").casefold() in ("false", "no", "0"):
        return NotOfferedError("Published", "is not published in the shop: only published products are offered")
    return None


def _is_variant(cells: Mapping[str, str]) -> bool:
    return any(name in cells for name in ("price", "sku", "option1 value"))


def _offer(cells: Mapping[str, str], names: Sequence[str], currency: str, mark: Mark) -> dict[str, Any]:
    """A variant as its Aisle row, and what else its record says that may hold for the product."""
    price = _amount(cells, "price", currency, mark)
    if price is None:
        raise FieldError("price", "is missing")
    before = _amount(cells, "compare at price", currency, mark)
    quantity, orderable = _stock(cells)
    options = {
        name: bare(cells[f"option{n} value"])
        for n, name in enumerate(names, 1)
        if name and f"option{n} value" in cells and cells[f"option{n} value"].casefold() != "default title"
    }
    reduced = before is not None and before.value > price.value
    return {
        "price": str(price.value), "quantity": quantity, "options": options, "sku": cells.get("sku", ""), "orderable": orderable,
        "before": f"{before.value} {before.currency}" if reduced and before else "", "grams": cells.get("weight value (grams)", ""),
        "currency": price.currency,
    }  # fmt: skip


def _amount(cells: Mapping[str, str], name: str, currency: str, mark: Mark) -> Amount | None:
    if name not in cells:
        return None
    try:
        return amount(cells[name], currency, mark)
    except ValueError as error:
        raise FieldError(name, str(error)) from error


def _stock(cells: Mapping[str, str]) -> tuple[int | None, bool]:
    """How many there are (None: not counted), and whether it is sold beyond that."""
    beyond = cells.get("continue selling when out of stock", "deny").casefold() in ("continue", "true", "yes")
    text = cells.get("inventory quantity")
    if text is None or "inventory tracker" not in cells:
        return None, False
    if not re.fullmatch(r"-?\d{1,12}(\.0+)?", text):
        raise FieldError("inventory quantity", f"a whole number is expected, not {text[:40]!r}")
    count = max(0, int(text.partition(".")[0]))  # oversold is none left
    return (None, True) if beyond and count == 0 else (count, False)


def _fields(group: Sequence[Record], offers: list[dict[str, Any]]) -> dict[str, Any]:
    cells, handle = group[0].cells, group[0].cells["url handle"]
    sold = [o for o in offers if o["quantity"] is None or o["quantity"] > 0] or offers
    shown = min(sold, key=lambda o: float(o["price"]))
    row: dict[str, Any] = {
        "id": handle, "title": bare(cells.get("title", "")), "description": plain(cells.get("description", "")),
        "category": cells.get("product category") or cells.get("type", ""), "brand": cells.get("vendor", ""),
        "price": shown["price"], "currency": shown["currency"], "attributes": _attributes(cells, offers, shown),
        "images": list(dict.fromkeys(r.cells["product image url"] for r in group if "product image url" in r.cells)),
    }  # fmt: skip
    if len(offers) == 1 and not offers[0]["options"]:
        return row | {"quantity": shown["quantity"], "in_stock": shown["quantity"] is None or shown["quantity"] > 0}
    skus = [o["sku"] for o in offers]
    unique = len(set(skus)) == len(skus) and all(skus)
    row["variants"] = [
        {"id": o["sku"] if unique else f"{handle}-{n}", **{name: o[name] for name in ("options", "price", "quantity")}}
        for n, o in enumerate(offers, 1)
    ]
    return row


def _attributes(cells: Mapping[str, str], offers: list[dict[str, Any]], shown: Mapping[str, Any]) -> dict[str, str]:
    said = {label: bare(cells[name]) for name, label in _GIVEN.items() if name in cells}
    said["GTIN"] = said.get("GTIN", "").lstrip("'")  # which keeps spreadsheets from rounding it
    if len(offers) > 1:
        said["GTIN"] = ""  # the code of one variant is not the product's
    for name, text in cells.items():
        if match := _METAFIELD.fullmatch(name):
            said[match["name"].capitalize()] = bare(text.replace("; ", ", "))
    if "product category" in cells and "type" in cells:
        said["Type"] = bare(cells["type"])
    grams = {offer["grams"] for offer in offers}
    if len(grams) == 1 and (weight := grams.pop()).strip("0."):
        said["Weight"] = f"{weight.removesuffix('.0')} g"
    if shown["before"]:
        said["Regular price"] = shown["before"]
    if all(offer["orderable"] for offer in offers):
        said["Availability"] = "On backorder"
    options = {name.casefold() for offer in offers for name in offer["options"]}
    return {name: text for name, text in said.items() if name.casefold() not in options}

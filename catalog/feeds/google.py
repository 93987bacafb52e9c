"""Google Merchant Center product data: text with tabs or commas, RSS 2.0 and Atom.

Rows of one item group are variants of one product. Shipping, tax, certificates and loyalty prices are not read; a
category that is only a number of Google's list is left out, since the list is not kept here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

from catalog.feeds.amounts import Amount, Mark, amount, decimal_mark
from catalog.feeds.dates import day
from catalog.feeds.grouping import grouped
from catalog.feeds.markup import items
from catalog.feeds.opening import sample
from catalog.feeds.prose import bare, plain
from catalog.feeds.rejects import FieldError, Reject, reject
from catalog.feeds.row import Row, to_products
from catalog.feeds.separated import Record, records
from catalog.product import Product

_OPTIONS = {
    "color": "Color", "size": "Size", "material": "Material", "pattern": "Pattern", "gender": "Gender", "age group": "Age group",
}  # fmt: skip
_GIVEN = {
    "condition": "Condition", "product highlight": "Highlights", "product length": "Length", "product width": "Width",
    "product height": "Height", "product weight": "Weight", "energy efficiency class": "Energy efficiency class",
}  # fmt: skip
_DETAIL = "product detail:"
_DETAILS = "product detail(section name:attribute name:attribute value)"
_CODES = {"gtin": "GTIN", "mpn": "MPN"}
_STOCK = {"in stock": True, "out of stock": False, "preorder": True, "backorder": True, "available for order": True}
_GOOGLE = {"id", "title", "price", "availability"}


def is_google(columns: set[str]) -> bool:
    """Whether a table with these plain column names is product data for Google."""
    return columns >= _GOOGLE and bool(columns & {"link", "image link"})


def read_google(path: Path, now: datetime, currency: str = "USD") -> Iterator[Product | Reject]:
    """Every product of the feed; prices that name no currency are in `currency`, sales count where they hold at `now`.

    Raises FeedError where XML is cut off or declares entities.
    """
    prices = (
        r.cells.get(name, "") for r in _records(path) if isinstance(r, Record) for name in ("price", "sale price")
    )
    mark = decimal_mark(prices) or "."
    yield from to_products(_rows(path, now, currency, mark))


def _records(path: Path) -> Iterator[Record | Reject]:
    begin = sample(path)[:400].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    yield from items(path) if begin.startswith(b"<") else records(path, known=_product_id)


def _product_id(cells: Mapping[str, str]) -> str | None:
    return cells.get("item group id") or cells.get("id")


def _rows(path: Path, now: datetime, currency: str, mark: Mark) -> Iterator[Row | Reject]:
    def keyed() -> Iterator[tuple[str, Record] | Reject]:
        for number, record in enumerate(_records(path)):
            if isinstance(record, Reject):
                yield record
            else:
                yield record.cells.get("item group id", f"\0{number}"), record

    for group in grouped(keyed(), _product_id):
        if isinstance(group, Reject):
            yield group
        else:
            yield from _product(group, now, currency, mark)


def _product(group: Sequence[Record], now: datetime, currency: str, mark: Mark) -> Iterator[Row | Reject]:
    offers: dict[str, tuple[Record, dict[str, Any]]] = {}
    for record in group:
        try:
            offer = _offer(record.cells, now, currency, mark)
            _same_currency(offer, offers)
        except FieldError as error:
            yield reject(record, error, _product_id(record.cells))
            continue
        if offer["id"] in offers:
            first = offers[offer["id"]][0]
            again = FieldError("id", f"{offer['id']!r} was already given at {first.source}:{first.line}")
            yield reject(record, again, _product_id(record.cells))
        else:
            offers[offer["id"]] = record, offer
    if offers:
        first = next(iter(offers.values()))[0]
        yield Row(
            first.source, first.line, _fields([r.cells for r, _ in offers.values()], [o for _, o in offers.values()])
        )


def _same_currency(offer: Mapping[str, Any], offers: Mapping[str, tuple[Record, Mapping[str, Any]]]) -> None:
    for _, other in offers.values():
        if other["currency"] != offer["currency"]:
            raise FieldError("price", f"is in {offer['currency']}, other variants in {other['currency']}")


def _offer(cells: Mapping[str, str], now: datetime, currency: str, mark: Mark) -> dict[str, Any]:
    """What one row says of price and stock."""
    for name in ("id", "title", "price", "availability"):
        if name not in cells:
            raise FieldError(name, "is missing")
    stock = re.sub(r"[\s_-]+", " ", cells["availability"]).casefold()
    if stock not in _STOCK:
        raise FieldError(
            "availability", f"in_stock, out_of_stock, preorder or backorder is expected, not {stock[:40]!r}"
        )
    price = regular = _amount(cells, "price", currency, mark)
    if "sale price" in cells and _holds(cells.get("sale price effective date", ""), now):
        price = _amount(cells, "sale price", regular.currency, mark)
        if price.currency != regular.currency:
            raise FieldError("sale price", f"is in {price.currency}, the price in {regular.currency}")
    before = f"{regular.value} {regular.currency}" if regular.value > price.value else ""
    return {
        "id": cells["id"], "price": str(price.value), "currency": price.currency, "in_stock": _STOCK[stock], "before": before,
        "availability": "" if stock in ("in stock", "out of stock") else stock.capitalize(),
        "from": day(cells.get("availability date")) or "",
    }  # fmt: skip


def _amount(cells: Mapping[str, str], name: str, currency: str, mark: Mark) -> Amount:
    try:
        return amount(cells[name], currency, mark)
    except ValueError as error:
        raise FieldError(name, str(error)) from error


def _holds(dates: str, now: datetime) -> bool:
    """Whether `now` is within `start/end`; without dates a sale always holds."""
    if not dates:
        return True
    try:
        start, end = (datetime.fromisoformat(text.strip()) for text in dates.split("/"))
    except ValueError as error:
        raise FieldError("sale price effective date", f"START/END is expected, not {dates[:80]!r}") from error
    start, end = (moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in (start, end))
    return start <= now <= end


def _fields(rows: Sequence[Mapping[str, str]], offers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    cells = rows[0]
    shown = min([o for o in offers if o["in_stock"]] or offers, key=lambda o: float(o["price"]))
    varying = {name: label for name, label in _OPTIONS.items() if len({row.get(name) for row in rows}) > 1}
    row: dict[str, Any] = {
        "id": _product_id(cells), "title": _title([bare(r["title"]) for r in rows]),
        "description": plain(cells.get("description", "")), "brand": bare(cells.get("brand", "")), "category": _category(cells),
        "price": shown["price"], "currency": shown["currency"], "in_stock": any(o["in_stock"] for o in offers),
        "url": cells.get("link"), "images": list(dict.fromkeys(image for r in rows for image in _images(r))),
        "attributes": _attributes(cells, shown, len(rows) == 1, varying),
    }  # fmt: skip
    if len(rows) > 1:
        row["variants"] = [
            {
                "id": offer["id"], "price": offer["price"], "quantity": None if offer["in_stock"] else 0,
                "options": {label: bare(said[name]) for name, label in varying.items() if name in said},
            }
            for said, offer in zip(rows, offers, strict=True)
        ]  # fmt: skip
    return row


def _title(titles: Sequence[str]) -> str:
    """The words that the titles of all variants begin with, where there are two or more; else the first title."""
    if len(set(titles)) == 1:
        return titles[0]
    shared = [
        words[0] for words in takewhile(lambda w: len(set(w)) == 1, zip(*(t.split() for t in titles), strict=False))
    ]
    while shared and not any(c.isalnum() for c in shared[-1]):
        shared.pop()
    return " ".join(shared).rstrip(" ,;:(/|-–—") if len(shared) > 1 else titles[0]


def _category(cells: Mapping[str, str]) -> str:
    """The shop's own path, else Google's where it is written out; of several the first."""
    said = cells.get("product type", "").split(",")[0].strip() or cells.get("google product category", "")
    return "" if said.isdigit() else bare(said)


def _images(cells: Mapping[str, str]) -> list[str]:
    return [
        i.strip()
        for i in [cells.get("image link", ""), *cells.get("additional image link", "").split(",")]
        if i.strip()
    ]


def _attributes(
    cells: Mapping[str, str], shown: Mapping[str, Any], alone: bool, varying: Mapping[str, str]
) -> dict[str, str]:
    labels = {**_OPTIONS, **_GIVEN, **(_CODES if alone else {})}  # the code of one variant is not the product's
    said = {label: bare(cells[name]) for name, label in labels.items() if name in cells and name not in varying}
    said |= _details(cells)
    return said | {
        "Regular price": shown["before"], "Availability": shown["availability"],
        "Available from": shown["from"] if shown["availability"] else "",
    }  # fmt: skip


def _details(cells: Mapping[str, str]) -> dict[str, str]:
    """Details by their names: elements of their own in XML, one cell of `section:name:value, ...` in text."""
    said = {bare(name.removeprefix(_DETAIL)): bare(text) for name, text in cells.items() if name.startswith(_DETAIL)}
    for detail in cells.get(_DETAILS, "").split(","):
        parts = [part.strip().strip('"') for part in detail.split(":", 2)]
        if len(parts) == 3 and parts[1]:
            said[bare(parts[1])] = bare(parts[2])
    return said

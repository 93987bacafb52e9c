"""WooCommerce's product CSV export, with its English column names.

The export names no currency and no shop address: the currency is given by whoever imports, and only external products
have a link. Grouped products have no price of their own and are rejected; their members are products too. Tax, shipping
classes, downloads and other plugins' columns are not read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from catalog.feeds.amounts import Amount, Mark, amount, decimal_mark
from catalog.feeds.grouping import grouped
from catalog.feeds.prose import bare, plain
from catalog.feeds.row import FieldError, Reject, Row, to_products
from catalog.feeds.separated import Record, records
from catalog.product import Product

_LIST = re.compile(r"(?<!\\),\s*")  # a comma within a value is written \,
_MEASURE = re.compile(r"(weight|length|width|height) \((\w+)\)")
_SOLD = frozenset(("simple", "variable", "variation", "external"))


def is_woocommerce(columns: set[str]) -> bool:
    """Whether a table with these plain column names is WooCommerce's."""
    return columns >= {"type", "sku", "name"} and bool(columns & {"regular price", "in stock?", "published"})


def read_woocommerce(path: Path, now: datetime, currency: str = "USD") -> Iterator[Product | Reject]:
    """Every product of the export with its variations; a sale price counts where it holds at `now`."""
    parents = {
        r.cells["sku"]: _own_key(r)
        for r in records(path)
        if isinstance(r, Record) and "variable" in _types(r.cells) and "sku" in r.cells
    }
    prices = (
        r.cells.get(n, "") for r in records(path) if isinstance(r, Record) for n in ("regular price", "sale price")
    )
    yield from to_products(_rows(path, now, currency, decimal_mark(prices), parents))


def _types(cells: Mapping[str, str]) -> set[str]:
    return {part.strip() for part in cells.get("type", "simple").casefold().split(",")}


def _own_key(record: Record) -> str:
    return f"id:{record.cells['id']}" if "id" in record.cells else f"line:{record.line}"


def _key(record: Record, parents: Mapping[str, str]) -> str:
    """What holds a product and its variations together; a parent is named by `id:NUMBER` or by its SKU."""
    if "variation" not in _types(record.cells):
        return _own_key(record) if "variable" in _types(record.cells) else f"line:{record.line}"
    parent = record.cells.get("parent", "")
    return parents.get(parent, parent) or f"line:{record.line}"


def _rows(
    path: Path, now: datetime, currency: str, mark: Mark | None, parents: Mapping[str, str]
) -> Iterator[Row | Reject]:
    def keyed() -> Iterator[tuple[str, Record] | Reject]:
        for record in records(path):
            if isinstance(record, Reject):
                yield record
            else:
                yield _key(record, parents), record

    for group in grouped(keyed()):
        if isinstance(group, Reject):
            yield group
        else:
            yield from _product(group, now, currency, mark)


def _product(group: Sequence[Record], now: datetime, currency: str, mark: Mark | None) -> Iterator[Row | Reject]:
    own = [record for record in group if "variation" not in _types(record.cells)]
    parent = own[0] if own else None
    for again in own[1:]:
        yield Reject(again.source, again.line, "id", f"was already given at {own[0].source}:{own[0].line}")
    refusal = _not_offered(parent.cells) if parent else FieldError("Parent", "is not among the products of this feed")
    if refusal or parent is None:
        for record in own[:1] or group:
            yield Reject(record.source, record.line, refusal.field if refusal else "", str(refusal))
        return
    variable = "variable" in _types(parent.cells)
    offers: list[dict[str, Any]] = []
    bad = False
    for record in [r for r in group if r not in own] if variable else [parent]:
        try:
            offers.append(_offer(record, parent, now, currency, mark))
        except FieldError as error:
            bad = True
            yield Reject(record.source, record.line, error.field, str(error))
    if offers:
        yield Row(parent.source, parent.line, _fields(parent.cells, offers, variable=variable))
    elif not bad:
        yield Reject(parent.source, parent.line, "Type", "is variable, but no variation of it is in this feed")


def _not_offered(cells: Mapping[str, str]) -> FieldError | None:
    if not _types(cells) & _SOLD:
        return FieldError("Type", f"is {cells['type'][:40]}: only simple, variable and external products have a price")
    if (published := cells.get("published", "1")) != "1":
        state = {"0": "private", "-1": "a draft"}.get(published, f"{published[:40]!r}")
        return FieldError("Published", f"is {state}: only published products are offered")
    if cells.get("visibility in catalog", "visible").casefold() == "hidden":
        return FieldError("Visibility in catalog", "is hidden: only what shoppers can find is offered")
    return None


def _offer(record: Record, parent: Record, now: datetime, currency: str, mark: Mark | None) -> dict[str, Any]:
    """A simple product or a variation: its price, stock and options."""
    cells = record.cells
    if record is not parent and (refusal := _not_offered({**cells, "type": "variation"})):
        raise refusal
    price = regular = _amount(cells, "regular price", currency, mark)
    if "sale price" in cells and _holds(cells, now):
        price = _amount(cells, "sale price", currency, mark)
    quantity, in_stock, backorder = _stock(cells, parent.cells)
    return {
        "id": cells.get("id") or cells.get("sku", ""), "price": str(price.value), "currency": price.currency, "quantity": quantity,
        "in_stock": in_stock, "backorder": backorder, "options": {} if record is parent else _attributes(cells),
        "before": f"{regular.value} {regular.currency}" if regular.value > price.value else "",
    }  # fmt: skip


def _amount(cells: Mapping[str, str], name: str, currency: str, mark: Mark | None) -> Amount:
    if name not in cells:
        raise FieldError(name, "is missing")
    try:
        return amount(cells[name], currency, mark)
    except ValueError as error:
        raise FieldError(name, str(error)) from error


def _holds(cells: Mapping[str, str], now: datetime) -> bool:
    """Whether `now` is on or between the days of the sale, where they are given."""
    try:
        start, end = (
            datetime.fromisoformat(cells[name]).date() if name in cells else None
            for name in ("date sale price starts", "date sale price ends")
        )
    except ValueError as error:
        raise FieldError("date sale price starts", f"days such as 2026-11-30 are expected ({error})") from error
    today = now.astimezone(UTC).date()
    return (start is None or start <= today) and (end is None or today <= end)


def _stock(cells: Mapping[str, str], parent: Mapping[str, str]) -> tuple[int | None, bool, bool]:
    """How many there are (None: not counted, or sold beyond that), whether it can be bought, whether on backorder."""
    stated = cells.get("in stock?", "1").casefold()
    text = cells.get("stock", "")
    if text == "parent":
        text = parent.get("stock", "")
    if text and not re.fullmatch(r"-?[0-9]{1,12}([.,]0+)?", text):
        raise FieldError("stock", f"a whole number is expected, not {text[:40]!r}")
    count = max(0, int(re.split("[.,]", text)[0])) if text else None
    beyond = cells.get("backorders allowed?", "0").casefold() in ("1", "notify")
    if stated == "backorder" or (beyond and count == 0):
        return None, True, True
    if stated in ("0", "no", "outofstock"):
        return 0, False, False
    return count, count != 0, False


def _attributes(cells: Mapping[str, str]) -> dict[str, str]:
    """The attributes of a row that shoppers may see."""
    found: dict[str, str] = {}
    for name, label in cells.items():
        number = re.fullmatch(r"attribute (\d+) name", name)
        if number and cells.get(f"attribute {number[1]} visible", "1") != "0":
            values = cells.get(f"attribute {number[1]} value(s)", "")
            found[bare(label)] = ", ".join(bare(value.replace("\\,", ",")) for value in _LIST.split(values))
    return found


def _fields(cells: Mapping[str, str], offers: list[dict[str, Any]], *, variable: bool) -> dict[str, Any]:
    shown = min([o for o in offers if o["in_stock"]] or offers, key=lambda o: float(o["price"]))
    categories = [bare(c.replace("\\,", ",")) for c in _LIST.split(cells.get("categories", "")) if c]
    texts = (cells.get(name, "").replace("\\n", "\n") for name in ("short description", "description"))
    options = {name for offer in offers for name in offer["options"]} if variable else set()
    said = {name: text for name, text in _attributes(cells).items() if name not in options}
    for name, text in cells.items():
        if match := _MEASURE.fullmatch(name):
            said[match[1].capitalize()] = f"{text} {match[2]}"
    said |= {
        "GTIN": "" if variable else cells.get("gtin, upc, ean, or isbn", ""), "Tags": bare(cells.get("tags", "")),
        "Regular price": shown["before"], "Also in": ", ".join(categories[1:]), "Availability": "On backorder" if shown["backorder"] else "",
    }  # fmt: skip
    row: dict[str, Any] = {
        "id": cells.get("id") or cells.get("sku", ""), "title": bare(cells.get("name", "")),
        "description": " ".join(filter(None, map(plain, texts))), "category": categories[0] if categories else "",
        "brand": bare(cells.get("brands", "")), "price": shown["price"], "currency": shown["currency"], "attributes": said,
        "in_stock": any(offer["in_stock"] for offer in offers), "url": cells.get("external url"),
        "images": [image.strip() for image in cells.get("images", "").split(",") if image.strip()],
    }  # fmt: skip
    if not variable:
        return row | {"quantity": shown["quantity"]}
    return row | {
        "variants": [{name: offer[name] for name in ("id", "options", "price", "quantity")} for offer in offers]
    }

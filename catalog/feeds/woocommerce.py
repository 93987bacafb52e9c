"""WooCommerce's product CSV export, with its column names in English or the language of the shop.

The export names no currency and no shop address: the currency is given by whoever imports, and only external products
have a link. Grouped products have no price of their own and are rejected; their members are products too. Tax, shipping
classes, downloads and other plugins' columns are not read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from catalog.feeds.amounts import Amount, Mark, amount, decimal_mark
from catalog.feeds.dates import day
from catalog.feeds.grouping import grouped
from catalog.feeds.prose import bare, plain
from catalog.feeds.rejects import FieldError, NotOfferedError, Reject, reject
from catalog.feeds.row import Row, to_products
from catalog.feeds.scratch import Places, scratch
from catalog.feeds.separated import Record, columns, plain_name, records
from catalog.feeds.woocommerce_headers import english
from catalog.product import Product, decimals

_LIST = re.compile(r"(?<!\\),\s*")  # a comma within a value is written \,
_MEASURE = re.compile(r"(weight|length|width|height) \((\S+)\)")
_ATTRIBUTE = re.compile(r"attribute (\d+) name")
_SHIELDED = re.compile(r"'[=+\-@\t\r]")  # what the export puts an apostrophe before, for spreadsheets
_SOLD = frozenset(("simple", "variable", "variation", "external"))


def is_woocommerce(columns: set[str]) -> bool:
    """Whether a table with these plain column names is WooCommerce's."""
    names = {english(name) for name in columns}
    return names >= {"type", "sku", "name"} and bool(names & {"regular price", "in stock", "published"})


def read_woocommerce(path: Path, now: datetime, currency: str = "USD") -> Iterator[Product | Reject]:
    """Every product of the export with its variations; a sale price counts where it holds at `now`."""
    with scratch() as disk:
        parents = Places(disk)
        mark = decimal_mark(_prices(path, parents))
        yield from to_products(_rows(path, now, currency, mark, parents))


def _prices(path: Path, parents: Places) -> Iterator[str]:
    """Every price of the export; on the way, the SKU of each variable product is noted in `parents`."""
    for record in _records(path):
        if isinstance(record, Record):
            if "sku" in record.cells and "variable" in _types(record.cells):
                parents.first(record.cells["sku"], _own_key(record))
            yield from (record.cells[name] for name in ("regular price", "sale price") if name in record.cells)


def _records(path: Path, parents: Places | None = None) -> Iterator[Record | Reject]:
    """The feed's records under the English names, without the apostrophes that the export shields formulas with."""
    names = {plain: english(plain) for plain in map(plain_name, columns(path))}

    def known(cells: Mapping[str, str]) -> str | None:
        return _product_id({names[name]: text for name, text in cells.items()}, parents)

    for record in records(path, known=known):
        if isinstance(record, Record):
            cells = {names[name]: text[1:] if _SHIELDED.match(text) else text for name, text in record.cells.items()}
            yield Record(record.source, record.line, cells)
        else:
            yield record


def _product_id(cells: Mapping[str, str], parents: Places | None = None) -> str | None:
    """The id of the product that a row is or belongs to."""
    if "variation" not in _types(cells):
        return cells.get("id") or cells.get("sku")
    parent = cells.get("parent", "")
    key = (parents.get(parent) if parents else None) or parent
    return key.removeprefix("id:") if key.startswith("id:") else None


def _types(cells: Mapping[str, str]) -> frozenset[str]:
    return _kinds(cells.get("type", "simple"))


@lru_cache(maxsize=64)
def _kinds(type: str) -> frozenset[str]:
    return frozenset(part.strip() for part in type.casefold().split(","))


def _own_key(record: Record) -> str:
    return f"id:{record.cells['id']}" if "id" in record.cells else f"line:{record.line}"


def _key(record: Record, parents: Places) -> str:
    """What holds a product and its variations together; a parent is named by `id:NUMBER` or by its SKU."""
    if "variation" not in _types(record.cells):
        return _own_key(record) if "variable" in _types(record.cells) else f"line:{record.line}"
    parent = record.cells.get("parent", "")
    return parents.get(parent) or parent or f"line:{record.line}"


def _rows(path: Path, now: datetime, currency: str, mark: Mark | None, parents: Places) -> Iterator[Row | Reject]:
    def keyed() -> Iterator[tuple[str, Record] | Reject]:
        for record in _records(path, parents):
            if isinstance(record, Reject):
                yield record
            else:
                yield _key(record, parents), record

    for group in grouped(keyed(), lambda cells: _product_id(cells, parents)):
        if isinstance(group, Reject):
            yield group
        else:
            yield from _product(group, now, currency, mark)


def _product(group: Sequence[Record], now: datetime, currency: str, mark: Mark | None) -> Iterator[Row | Reject]:
    own = [record for record in group if "variation" not in _types(record.cells)]
    if not own:
        lost = FieldError("Parent", "is not among the products of this feed")
        yield from (reject(record, lost, _product_id(record.cells)) for record in group)
        return
    parent, id = own[0], _product_id(own[0].cells)
    again = FieldError("id", f"was already given at {parent.source}:{parent.line}")
    yield from (reject(record, again, id) for record in own[1:])
    if refusal := _not_offered(parent.cells):
        yield reject(parent, refusal, id)
        return
    variable = "variable" in _types(parent.cells)
    offers: list[dict[str, Any]] = []
    bad = False
    for record in [r for r in group if r not in own] if variable else [parent]:
        try:
            offers.append(_offer(record, parent, now, currency, mark))
        except FieldError as error:
            bad = True
            yield reject(record, error, id)
    if offers:
        yield Row(parent.source, parent.line, _fields(parent.cells, offers, variable=variable))
    elif not bad:
        yield reject(parent, FieldError("Type", "is variable, but no variation of it is in this feed"), id)


def _not_offered(cells: Mapping[str, str]) -> NotOfferedError | None:
    if not _types(cells) & _SOLD:
        return NotOfferedError(
            "Type", f"is {cells['type'][:40]}: only simple, variable and external products have a price"
        )
    if (published := cells.get("published", "1")) != "1":
        state = {"0": "private", "-1": "a draft", "2": "waiting for review"}.get(published, f"{published[:40]!r}")
        return NotOfferedError("Published", f"is {state}: only published products are offered")
    if cells.get("visibility in catalog", "visible").casefold() == "hidden":
        return NotOfferedError("Visibility in catalog", "is hidden: only what shoppers can find is offered")
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
    if mark is None and decimals(currency) == 3:  # the export never sets thousands apart
        mark = "," if "," in cells[name] else "."
    try:
        return amount(cells[name], currency, mark)
    except ValueError as error:
        raise FieldError(name, str(error)) from error


def _holds(cells: Mapping[str, str], now: datetime) -> bool:
    """Whether `now` is on or between the days of the sale, where they are given."""
    today = now.astimezone(UTC).date().isoformat()
    start, end = (_day(cells, name) for name in ("date sale price starts", "date sale price ends"))
    return (start or today) <= today <= (end or today)


def _day(cells: Mapping[str, str], name: str) -> str | None:
    """A day of the sale; WooCommerce adds the time to it, and the hour has one digit or two."""
    found = day(cells.get(name))
    if found is None and name in cells:
        raise FieldError(name, f"a day such as 2026-11-30 is expected, not {cells[name][:40]!r}")
    return found


def _stock(cells: Mapping[str, str], parent: Mapping[str, str]) -> tuple[int | None, bool, bool]:
    """How many there are (None: not counted, or sold beyond that), whether it can be bought, whether on backorder."""
    stated = cells.get("in stock", "1").casefold()
    text = cells.get("stock", "")
    if text == "parent":
        text = parent.get("stock", "")
    if text and not re.fullmatch(r"-?[0-9]{1,12}([.,]0+)?", text):
        raise FieldError("stock", f"a whole number is expected, not {text[:40]!r}")
    count = max(0, int(re.split("[.,]", text)[0])) if text else None
    beyond = cells.get("backorders allowed", "0").casefold() in ("1", "notify")
    if stated == "backorder" or (beyond and count == 0):
        return None, True, True
    if stated in ("0", "no", "outofstock"):
        return 0, False, False
    return count, count != 0, False


def _attributes(cells: Mapping[str, str]) -> dict[str, str]:
    """The attributes of a row that shoppers may see."""
    found: dict[str, str] = {}
    for name, label in cells.items():
        number = _ATTRIBUTE.fullmatch(name)
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
        "GTIN": "" if variable else cells.get("gtin", ""), "Tags": bare(cells.get("tags", "")),
        "Regular price": shown["before"], "Also in": ", ".join(categories[1:]), "Availability": "On backorder" if shown["backorder"] else "",
    }  # fmt: skip
    row: dict[str, Any] = {
        "id": cells.get("id") or cells.get("sku", ""), "title": bare(cells.get("name", "")),
        "description": " ".join(filter(None, map(plain, texts))), "category": categories[0] if categories else "",
        "brand": bare(cells.get("brands", "")), "price": shown["price"], "currency": shown["currency"], "attributes": said,
        "in_stock": any(offer["in_stock"] for offer in offers), "url": cells.get("external url"),
        "images": [image.replace("\\,", ",") for image in _LIST.split(cells.get("images", "")) if image],
    }  # fmt: skip
    if not variable:
        return row | {"quantity": shown["quantity"]}
    return row | {
        "variants": [{name: offer[name] for name in ("id", "options", "price", "quantity")} for offer in offers]
    }

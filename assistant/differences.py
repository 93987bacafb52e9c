"""Products side by side: in which fields they differ, and what each listing says there. Code compares, measures as measures."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.evidence import attributes, description, fields
from assistant.phrases import attribute_name, money, say
from assistant.types import Cell, Evidence, Need, Row
from catalog import Locale, Product, canonical, measure

_ROWS = 8  # of attributes: more is not read
_FEW = 5  # up to which also those are compared that only one listing states
_CHARS = 120
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_NOT_COMPARED = frozenset({"model", "sku", "ean", "upc", "isbn"})  # they differ, and say nothing to choose by


@dataclass(frozen=True, slots=True)
class Differences:
    """The rows of a comparison and the lines that its cells rest on."""

    rows: tuple[Row, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """What a listing says of one field: the words and the line they stand in."""

    name: str
    text: str
    line: Evidence


def differences(products: Sequence[Product], need: Need, locale: Locale) -> Differences:
    """Price, rating, stock and then the attributes that differ: those the need speaks of first, then what most state."""
    told = [_attributes(product) for product in products]
    wanted = [_key(c.attribute) for c in need.constraints if c.attribute]
    keys = dict.fromkeys((*wanted, *(key for one in told for key in one)))
    differing = [key for key in keys if key not in _NOT_COMPARED and _differ([one.get(key) for one in told])]
    stated = {key: sum(key in one for one in told) for key in differing}
    ordered = sorted(differing, key=lambda key: (key not in wanted, -stated[key]))[:_ROWS]
    ordered = [k for place, k in enumerate(ordered) if k in wanted or stated[k] > 1 or place < _FEW]
    lines: dict[str, Evidence] = {}
    rows = [*_own_rows(products, locale, lines)]
    for key in ordered:
        name = next(one[key].name for one in told if key in one)
        pairs = zip(products, told, strict=True)
        rows.append(Row(name, f"attributes.{key}", tuple(_cell(p, one.get(key), lines) for p, one in pairs)))
    return Differences(tuple(rows), tuple(lines.values()))


def _own_rows(products: Sequence[Product], locale: Locale, lines: dict[str, Evidence]) -> Iterable[Row]:
    """Price, rating where any has one, and stock; the lowest price and the highest rating are marked as better."""
    for field, name in (("price", "row_price"), ("rating", "row_rating"), ("in_stock", "row_stock")):
        told = [_own(product, field, locale) for product in products]
        if any(told):
            better = _better(products, field)
            cells = (_cell(p, one, lines, better=p.id == better) for p, one in zip(products, told, strict=True))
            yield Row(say(name, locale), field, tuple(cells))


def _own(product: Product, field: str, locale: Locale) -> _Said | None:
    line = next((line for line in fields(product) if line.field == field), None)
    if line is None:
        return None
    text = line.quote
    if field == "price":
        text = money(product.price_minor, product.currency, locale)
    elif field == "rating" and product.rating is not None:
        counted = "cell_rating" if product.rating_count else "cell_rating_bare"
        text = say(counted, locale, rating=f"{product.rating:.1f}", count=product.rating_count)
    return _Said(field, text, line)


def _better(products: Sequence[Product], field: str) -> str | None:
    """The product that alone has the lowest price or the highest rating, where every product has one."""
    if field == "price" and len({p.currency for p in products}) == 1:
        values = {p.id: -p.price_minor for p in products}
    elif field == "rating" and all(p.rating is not None for p in products):
        values = {p.id: round(10 * (p.rating or 0)) for p in products}
    else:
        return None
    best = [id for id, value in values.items() if value == max(values.values())]
    return best[0] if len(best) == 1 else None


def _cell(product: Product, told: _Said | None, lines: dict[str, Evidence], *, better: bool = False) -> Cell:
    if told is None:
        return Cell(product.id, None)
    lines.setdefault(told.line.id, told.line)
    return Cell(product.id, told.text, (told.line.id,), better)


def _attributes(product: Product) -> Mapping[str, _Said]:
    """What a listing says by attribute: what it states, what variants offer, and what its prose was found to say."""
    found: dict[str, _Said] = {}
    offered: dict[str, dict[str, None]] = {}
    for variant in product.variants:
        for name, value in variant.options.items():
            offered.setdefault(name, {})[value] = None
    by_field = {line.field: line for line in attributes(product)}
    gap = say("comma", product.locale)
    for name, values in offered.items():
        found[_key(name)] = _Said(name, gap.join(values), by_field[f"options.{name}"])
    for name, value in product.attributes.items():
        found.setdefault(_key(name), _Said(name, value, by_field[f"attributes.{name}"]))
    by_quote = {line.quote: line for line in description(product)}
    for one in product.extracted:
        line = by_quote.get(one.sentence)
        if line and one.locale == product.locale:
            found.setdefault(_key(one.name), _Said(attribute_name(one.name, product.locale), one.value, line))
    return {key: said for key, said in found.items() if len(said.text) <= _CHARS}


def _key(name: str) -> str:
    return canonical(name) or name.casefold()


def _differ(told: Sequence[_Said | None]) -> bool:
    """Whether what is said of one attribute differs, silence being different from words."""
    return len({_value(one) for one in told}) > 1


def _value(said: _Said | None) -> object:
    """What is compared: an amount in its base unit where the whole text is one, else the words."""
    if said is None:
        return None
    amount = measure(said.text) if len(_NUMBER.findall(said.text)) == 1 else None
    if amount and amount[1]:
        return round(amount[0], 3), amount[1]
    return " ".join(said.text.casefold().split())

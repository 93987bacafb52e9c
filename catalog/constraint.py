"""Hard constraints: what a shopper said must hold, tested exactly against a product. No model and no index knows better."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from catalog.product import Product
from catalog.tokens import has_cjk, stem

Op = Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "not_in", "contains", "not_contains"]
Origin = Literal["said", "edited", "inferred"]
Value = str | int | float | bool | tuple[str, ...]

ATTRIBUTE_PREFIX = "attributes."
_IN_PROSE = frozenset({"Color", "Material"})  # where a listing has no such attribute, its title and description tell
_TYPE_NAMES = frozenset({"Style", "Type", "类型"})
_ALIASES = {
    "Color": ("color", "colour", "颜色"),
    "Material": ("material", "fabric", "材质", "面料", "材料", "fillings", "填充物"),
    "Gender": ("gender", "适用性别", "性别"),
    "Size": ("size", "尺码", "尺寸"),
}
_NUMBER_UNIT = re.compile(r"(-?\d+(?:[.,]\d+)?)\s*([a-zA-Zµ°%\u4e00-\u9fff]*)")
_LATIN_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Constraint:
    """`field` is price (minor units), rating, in_stock, category, brand, id, type (what the title, category
    or style attribute calls it), text (the whole listing) or attributes.NAME.
    """

    field: str
    op: Op
    value: Value
    origin: Origin = "said"

    @property
    def attribute(self) -> str | None:
        return self.field.removeprefix(ATTRIBUTE_PREFIX) if self.field.startswith(ATTRIBUTE_PREFIX) else None


def satisfies(product: Product, constraints: Iterable[Constraint]) -> bool:
    """Whether `product` meets every constraint. What the listing does not state cannot meet a positive constraint."""
    return all(holds(product, constraint) for constraint in constraints)


def holds(product: Product, constraint: Constraint) -> bool:
    """Whether `product` meets one constraint; negations hold unless some value of the field contradicts them."""
    op, wanted = constraint.op, constraint.value
    values = list(field_values(product, constraint.field))
    if op in ("lt", "le", "gt", "ge"):
        return any(_compare(value, op, wanted) for value in values)
    if op in ("ne", "not_in", "not_contains"):
        positive: Op = {"ne": "eq", "not_in": "in", "not_contains": "contains"}[op]  # type: ignore[assignment]
        return not any(_matches(value, positive, wanted) for value in values)
    return any(_matches(value, op, wanted) for value in values)


def field_values(product: Product, field: str) -> Iterator[str | int | float | bool]:
    """Every value the listing gives for `field`, in all its languages and over variants that are in stock."""
    if field == "price":
        yield product.price_minor
    elif field == "in_stock":
        yield product.in_stock
    elif field == "rating":
        if product.rating is not None:
            yield product.rating
    elif field == "brand":
        yield product.brand
    elif field == "id":
        yield product.id
    elif field == "category":
        for path in (product.category, *(t.category for t in product.translations)):
            yield path
            yield from path.split(" > ")
    elif field == "text":
        yield from _texts(product)
    elif field == "type":
        yield from _kinds(product)
    else:
        name = field.removeprefix(ATTRIBUTE_PREFIX)
        stated = list(_attribute_values(product, name))
        yield from stated or (_prose(product) if name in _IN_PROSE else ())


def _kinds(product: Product) -> Iterator[str]:
    for view in (product.localised(locale) for locale in product.locales()):
        yield view.title
        yield view.category
        yield from (value for name, value in view.attributes.items() if name in _TYPE_NAMES)


def _prose(product: Product) -> Iterator[str]:
    for view in (product.localised(locale) for locale in product.locales()):
        yield view.title
        yield view.description


def _attribute_values(product: Product, name: str) -> Iterator[str]:
    aliases = _ALIASES.get(name, (name.casefold(),))
    pairs = [*product.attributes.items()]
    pairs += [pair for v in product.variants if v.in_stock or not product.in_stock for pair in v.options.items()]
    for base_name, base_value in pairs:
        names = {base_name.casefold(), *(t.terms.get(base_name, "").casefold() for t in product.translations)}
        if names.intersection(aliases):
            yield base_value
            yield from (t.terms[base_value] for t in product.translations if base_value in t.terms)


def _texts(product: Product) -> Iterator[str]:
    yield from (product.title, product.description, product.category, product.brand)
    yield from (f"{name} {value}" for name, value in product.attributes.items())
    for translation in product.translations:
        yield from (translation.title, translation.description, translation.category)
        yield from translation.terms.values()


def _matches(value: str | int | float | bool, op: Op, wanted: Value) -> bool:
    if isinstance(wanted, tuple):
        return any(_matches(value, "contains" if op == "contains" else "eq", one) for one in wanted)
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value == wanted
    if op == "contains":
        return mentions(str(value), str(wanted))
    if isinstance(value, str) and isinstance(wanted, str):
        return value.casefold() == wanted.casefold()
    return value == wanted


def mentions(text: str, term: str) -> bool:
    """Whether `term` stands in `text` as whole words, in the singular or plural (Chinese, without spaces, anywhere)."""
    text, term = text.casefold(), term.casefold()
    if has_cjk(term):
        return term in text
    if term[:3] not in text:
        return False
    if " " in term or not term.isalpha():
        return re.search(rf"(?<![^\W_]){re.escape(term)}(?![^\W_])", text) is not None
    stemmed = stem(term)
    return any(stem(word) == stemmed for word in _LATIN_WORD.findall(text))


def _compare(value: str | int | float | bool, op: Op, wanted: Value) -> bool:
    left, right = measure(value), measure(wanted)
    if left is None or right is None or (left[1] and right[1] and left[1] != right[1]):
        return False
    a, b = left[0], right[0]
    return {"lt": a < b, "le": a <= b, "gt": a > b, "ge": a >= b}[op]


_UNITS: dict[str, tuple[float, str]] = {
    "kg": (1000, "g"), "千克": (1000, "g"), "公斤": (1000, "g"), "g": (1, "g"), "克": (1, "g"), "lb": (453.592, "g"),
    "lbs": (453.592, "g"), "oz": (28.3495, "g"), "斤": (500, "g"),
    "l": (1000, "ml"), "升": (1000, "ml"), "ml": (1, "ml"), "毫升": (1, "ml"), "cl": (10, "ml"),
    "m": (1000, "mm"), "米": (1000, "mm"), "cm": (10, "mm"), "厘米": (10, "mm"), "mm": (1, "mm"), "毫米": (1, "mm"),
    "in": (25.4, "mm"), "inch": (25.4, "mm"), "inches": (25.4, "mm"), "英寸": (25.4, "mm"), "ft": (304.8, "mm"),
    "w": (1, "w"), "瓦": (1, "w"), "kw": (1000, "w"), "db": (1, "db"), "分贝": (1, "db"),
    "h": (60, "min"), "hour": (60, "min"), "hours": (60, "min"), "小时": (60, "min"), "min": (1, "min"), "分钟": (1, "min"),
    "mah": (1, "mah"), "毫安时": (1, "mah"), "lm": (1, "lm"), "流明": (1, "lm"),
}  # fmt: skip


def measure(value: Value) -> tuple[float, str] | None:
    """The first number of `value` in a base unit, and that unit ("" where there is none): "1.2 L" is (1200, "ml")."""
    if isinstance(value, bool) or isinstance(value, tuple):
        return None
    if isinstance(value, int | float):
        return float(value), ""
    found = _NUMBER_UNIT.search(value)
    if not found:
        return None
    factor, unit = _UNITS.get(found[2].casefold(), (1, found[2].casefold()))
    return float(found[1].replace(",", ".")) * factor, unit

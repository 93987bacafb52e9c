"""Hard constraints: what a shopper said must hold, tested exactly against a product.

No model and no index knows better.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from catalog.product import Product, Variant
from catalog.tokens import has_cjk, stem

Op = Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "not_in", "contains", "not_contains"]
Origin = Literal["said", "edited", "inferred"]
Value = str | int | float | bool | tuple[str, ...]

ATTRIBUTE_PREFIX = "attributes."
_NEGATIVE: dict[Op, Op] = {"ne": "eq", "not_in": "in", "not_contains": "contains"}
_TYPE_NAMES = frozenset({"Style", "Type", "类型"})
_SAME_NAME = (
    frozenset({"color", "colour", "颜色"}),
    frozenset({"material", "fabric", "材质", "面料", "材料", "fillings", "填充物"}),
    frozenset({"gender", "适用性别", "性别"}),
    frozenset({"size", "尺码", "尺寸"}),
)
_IN_PROSE = _SAME_NAME[0] | _SAME_NAME[1]  # where a listing has no such attribute, its title and description tell
_NUMBER = r"(?:[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)"
_MEASURE = re.compile(rf"((?:(?<!\S)-)?{_NUMBER})(?:\s*[x×–~-]\s*{_NUMBER})*\s*([a-zA-Zµ°%\u4e00-\u9fff]*)")
_THOUSANDS = re.compile(r",(?=\d{3}(?:\D|$))")
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_\u3400-\u9fff]+(?:['’][^\W_\u3400-\u9fff]+)*")


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
    """Whether `product` meets every constraint. What the listing does not state cannot meet a positive constraint.

    What is asked of a variant's options and of the price must be met by one and the same variant that is in stock.
    """
    constraints = tuple(constraints)
    return all(holds(product, constraint) for constraint in constraints) and _in_one_variant(product, constraints)


def holds(product: Product, constraint: Constraint) -> bool:
    """Whether `product` meets one constraint; negations hold unless some value of the field contradicts them."""
    op, wanted = constraint.op, constraint.value
    values = field_values(product, constraint.field)
    if op in ("lt", "le", "gt", "ge"):
        return any(_compare(value, op, wanted) for value in values)
    if op in _NEGATIVE:
        return not any(_matches(value, _NEGATIVE[op], wanted) for value in values)
    return any(_matches(value, op, wanted) for value in values)


def _in_one_variant(product: Product, constraints: tuple[Constraint, ...]) -> bool:
    asked = [c for c in constraints if c.op not in _NEGATIVE and c.attribute and _is_option(product, c.attribute)]
    if asked:
        asked += [c for c in constraints if c.field == "price"]
    if len(asked) < 2:
        return True
    one_each = (replace(product, variants=(v,), price_minor=v.price_minor) for v in _offered(product))
    return any(all(holds(one, c) for c in asked) for one in one_each)


def field_values(product: Product, field: str) -> Iterator[str | int | float | bool]:
    """Every value the listing gives for `field`, in all its languages and over variants that are in stock."""
    if field == "category":
        for path in (product.category, *(t.category for t in product.translations)):
            yield path
            yield from path.split(" > ")
    elif field == "text":
        yield from _texts(product)
    elif field == "type":
        yield from _kinds(product)
    elif field in _PLAIN_FIELDS:
        value = _PLAIN_FIELDS[field](product)
        if value is not None:
            yield value
    else:
        name = field.removeprefix(ATTRIBUTE_PREFIX).casefold()
        stated = list(_attribute_values(product, name))
        yield from stated or (_prose(product) if name in _IN_PROSE else ())


_PLAIN_FIELDS: dict[str, Callable[[Product], str | int | float | bool | None]] = {
    "price": lambda product: product.price_minor,
    "in_stock": lambda product: product.in_stock,
    "rating": lambda product: product.rating,
    "brand": lambda product: product.brand,
    "id": lambda product: product.id,
}


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
    """What is stated under `name` or a word for the same thing; where variants have it, they alone count."""
    sources = [variant.options for variant in _offered(product)] if _is_option(product, name) else [product.attributes]
    for source in sources:
        for value in _named(product, source, name):
            yield value
            yield from (t.terms[value] for t in product.translations if value in t.terms)


def _offered(product: Product) -> Iterator[Variant]:
    """The variants that can be bought; of a sold-out product all of them, since none can."""
    return (variant for variant in product.variants if variant.in_stock or not product.in_stock)


def _is_option(product: Product, name: str) -> bool:
    return any(value for variant in product.variants for value in _named(product, variant.options, name))


def _named(product: Product, source: Mapping[str, str], name: str) -> Iterator[str]:
    name = name.casefold()
    wanted = next((same for same in _SAME_NAME if name in same), frozenset({name}))
    for base, value in source.items():
        if not wanted.isdisjoint((base.casefold(), *(t.terms.get(base, "").casefold() for t in product.translations))):
            yield value


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
    wanted = [stem(word) for word in _WORD.findall(term.replace("’", "'"))]
    if not wanted or wanted[0][:2] not in text:
        return False
    found = [stem(word) for word in _WORD.findall(text.replace("’", "'"))]
    return any(found[at : at + len(wanted)] == wanted for at in range(len(found) - len(wanted) + 1))


def _compare(value: str | int | float | bool, op: Op, wanted: Value) -> bool:
    left, right = measure(value), measure(wanted)
    if left is None or right is None or (left[1] != right[1] and (left[1] and right[1] or right[1] in _BASE_UNITS)):
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
    "h": (60, "min"), "hour": (60, "min"), "hours": (60, "min"), "小时": (60, "min"), "min": (1, "min"),
    "分钟": (1, "min"), "mah": (1, "mah"), "毫安时": (1, "mah"), "lm": (1, "lm"), "流明": (1, "lm"),
}  # fmt: skip


_BASE_UNITS = frozenset(unit for _, unit in _UNITS.values())


def measure(value: Value) -> tuple[float, str] | None:
    """The first number of `value` in a base unit, and that unit ("" where there is none): "1.2 L" is (1200, "ml").

    Numbers joined as in "183 x 66 cm" or "40-100 °C" share the unit behind the last.
    """
    if isinstance(value, bool) or isinstance(value, tuple):
        return None
    if isinstance(value, int | float):
        return float(value), ""
    found = _MEASURE.search(value)
    if not found:
        return None
    factor, unit = _UNITS.get(found[2].casefold(), (1, found[2].casefold()))
    return float(_THOUSANDS.sub("", found[1]).replace(",", ".")) * factor, unit

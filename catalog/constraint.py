"""Hard constraints: what a shopper said must hold, tested exactly against a product.

No model and no index knows better.
"""

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from catalog.attributes.units import BASE_UNITS, measure
from catalog.attributes.vocabulary import called, canonical, normalised, same_name
from catalog.product import Product, Translation, Variant
from catalog.tokens import words
from catalog.wording import asserts, mentions

Op = Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "not_in", "contains", "not_contains"]
Origin = Literal["said", "edited", "inferred"]
Value = str | int | float | bool | tuple[str, ...]

ATTRIBUTE_PREFIX = "attributes."
NEGATED: dict[Op, Op] = {"ne": "eq", "not_in": "in", "not_contains": "contains"}
_TYPE_NAMES = frozenset({"Style", "Type", "类型"})
_COLOR, _MATERIAL, GENDER_NAMES, SIZE_NAMES = (same_name(name) for name in ("Color", "Material", "Gender", "Size"))
ONLY_STATED = _COLOR | _MATERIAL | GENDER_NAMES  # a listing that states these is not searched for more of them
_FOR_ONE = (
    frozenset("men men's mens man's male 男 男士 男款".split()),
    frozenset("women women's womens ladies female 女 女士 女款".split()),
)
_SPAN = re.compile(r"(?<![\d.])(\d{1,2})\s*-\s*(\d{1,2})(?![\d.])")
_NAMING = frozenset({"type", "category", "brand"})  # an artificial tree is called a tree all the same
_EXTENT = re.compile(r"\d\s*[x×*]\s*\d")
_SEVERAL = re.compile(r"&|,|/| and |与|和|、")


@dataclass(frozen=True, slots=True)
class Constraint:
    """`field` is price (minor units), rating, in_stock, category, brand, id, type (what the title, category
    or style attribute calls it), text (the whole listing) or attributes.NAME. `remembered` is the day on which a wish
    was said that is not of this conversation; it makes no other constraint of it.
    """

    field: str
    op: Op
    value: Value
    origin: Origin = "said"
    remembered: date | None = dataclasses.field(default=None, compare=False)

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
    """Whether `product` meets one constraint; negations hold unless the field contradicts them.

    A refused option is no contradiction while the product is offered in another one.
    """
    op, wanted = constraint.op, constraint.value
    if op in ("lt", "le", "gt", "ge"):
        return any(compares(value, op, wanted) for value in _measurable(product, constraint))
    if op not in NEGATED:
        return any(matches(value, constraint.field, op, wanted) for value in _wishable(product, constraint.field, op))
    positive = NEGATED[op]

    def refused(one: Product) -> bool:
        values = _refusable(one, constraint.field, positive)
        return any(matches(value, constraint.field, positive, wanted) for value in values)

    if constraint.attribute and _is_option(product, constraint.attribute):
        return not all(refused(one) for one in _one_each(product))
    return not refused(product)


def _in_one_variant(product: Product, constraints: tuple[Constraint, ...]) -> bool:
    asked = [c for c in constraints if c.attribute and _is_option(product, c.attribute)]
    if asked:
        asked += [c for c in constraints if c.field == "price"]
    if len(asked) < 2:
        return True
    return any(all(holds(one, c) for c in asked) for one in _one_each(product))


def _one_each(product: Product) -> Iterator[Product]:
    """The product as each of the variants that can be bought."""
    return (replace(product, variants=(v,), price_minor=v.price_minor) for v in _offered(product))


def field_values(product: Product, field: str) -> Iterator[str | int | float | bool]:
    """Every value the listing gives for `field`, in all its languages and over variants that are in stock."""
    if field == "category":
        yield from category_names(product)
    elif field == "text":
        yield from _texts(product)
    elif field == "type":
        yield from _kinds(product)
    elif field in _PLAIN_FIELDS:
        value = _PLAIN_FIELDS[field](product)
        if value is not None:
            yield value
    else:
        yield from _told(product, field.removeprefix(ATTRIBUTE_PREFIX).casefold())


def category_names(product: Product) -> Iterator[str]:
    """The category's path and each part of it, in all languages."""
    for path in (product.category, *(t.category for t in product.translations)):
        yield path
        yield from path.split(" > ")


def _told(product: Product, name: str) -> Iterator[str]:
    """What a listing says of an attribute: what it states, what was extracted, else what its title and description say.

    Of other attributes than colour and material a listing may say more than it states ("Water resistance: 3000 mm").
    """
    stated = any(stated_values(product, name))
    told = list(attribute_values(product, name))
    if name in SIZE_NAMES:
        yield from sizes(told)
        return
    yield from told
    if name in GENDER_NAMES:
        bases = {base for value in told for base in normalised(name, value)}
        yield from called(name, *bases) if len(bases) == 1 else ()
        yield from () if stated else _gender(product)
    elif not stated or name not in _COLOR | _MATERIAL:
        yield from _prose(product)


def base_words(product: Product, name: str) -> Iterator[str]:
    """The base words of an attribute's values, in both languages: navy is blue, suede is leather."""
    for value in attribute_values(product, name):
        for base in normalised(name, value):
            yield from called(name, base)


def sizes(stated: Iterable[str]) -> Iterator[str]:
    """The sizes among what is stated, "EU 43-46" being four of them; how long and wide a thing is, is no size."""
    for value in stated:
        if not _EXTENT.search(value):
            yield value
            yield from (str(n) for a, b in _SPAN.findall(value) for n in range(int(a), int(b) + 1))


def _gender(product: Product) -> Iterator[str]:
    """The words of the titles that say for whom it is, unless they name both."""
    spoken = {word for view in _languages(product) for word in words(view.title)}
    if not all(spoken & gender for gender in _FOR_ONE):
        yield from spoken


def _measurable(product: Product, constraint: Constraint) -> Iterator[str | int | float | bool]:
    """What a limit is compared with: what is stated or was extracted, since any number may stand in prose."""
    if constraint.attribute:
        return attribute_values(product, constraint.attribute.casefold())
    return field_values(product, constraint.field)


def _wishable(product: Product, field: str, op: Op) -> Iterator[str | int | float | bool]:
    """What a wish is compared with: a base word stands for a value only where the wish is for a value that holds it."""
    yield from field_values(product, field)
    if op == "contains" and field.startswith(ATTRIBUTE_PREFIX):
        yield from base_words(product, field.removeprefix(ATTRIBUTE_PREFIX).casefold())


def _refusable(product: Product, field: str, op: Op) -> Iterator[str | int | float | bool]:
    """What a refusal looks at: "no wallets" leaves out no backpack for being filed under "Bags & Wallets"."""
    return _kinds(product, filed=False) if field == "type" else _wishable(product, field, op)


_PLAIN_FIELDS: dict[str, Callable[[Product], str | int | float | bool | None]] = {
    "price": lambda product: product.price_minor,
    "in_stock": lambda product: product.in_stock,
    "rating": lambda product: product.rating,
    "brand": lambda product: product.brand,
    "id": lambda product: product.id,
}


def _kinds(product: Product, *, filed: bool = True) -> Iterator[str]:
    """What a product is called; `filed` with those categories too that hold several kinds."""
    for view in _languages(product):
        yield view.title
        if filed or not _SEVERAL.search(view.category):
            yield view.category
    yield from _styles(product)


def kind_names(product: Product) -> Iterator[str]:
    """What a product is called, its titles apart."""
    yield from (view.category for view in _languages(product))
    yield from _styles(product)


def _styles(product: Product) -> Iterator[str]:
    for name, value in product.attributes.items():
        if name in _TYPE_NAMES:
            yield value
            yield from _translated(product, value)


def _prose(product: Product) -> Iterator[str]:
    for view in _languages(product):
        yield view.title
        yield view.description


def _languages(product: Product) -> tuple[Product | Translation, ...]:
    return (product, *product.translations)


def _translated(product: Product, value: str) -> Iterator[str]:
    return (t.terms[value] for t in product.translations if value in t.terms)


def attribute_values(product: Product, name: str) -> Iterator[str]:
    """What is stated under `name` or a word for the same thing, and what was extracted from prose, which states none."""
    yield from stated_values(product, name)
    known = canonical(name)
    yield from (found.value for found in product.extracted if found.name == known)


def stated_values(product: Product, name: str) -> Iterator[str]:
    """What the shop itself states under `name`; where variants have it, they alone count."""
    sources = [variant.options for variant in _offered(product)] if _is_option(product, name) else [product.attributes]
    for source in sources:
        for value in _named(product, source, name):
            yield value
            yield from _translated(product, value)


def _offered(product: Product) -> Iterator[Variant]:
    """The variants that can be bought; of a sold-out product all of them, since none can."""
    return (variant for variant in product.variants if variant.in_stock or not product.in_stock)


def _is_option(product: Product, name: str) -> bool:
    return any(value for variant in product.variants for value in _named(product, variant.options, name))


def _named(product: Product, source: Mapping[str, str], name: str) -> Iterator[str]:
    wanted = same_name(name)
    for base, value in source.items():
        if base.casefold() in wanted or any(t.terms.get(base, "").casefold() in wanted for t in product.translations):
            yield value


def _texts(product: Product) -> Iterator[str]:
    yield from (product.title, product.description, product.category, product.brand)
    yield from (f"{name} {value}" for name, value in product.attributes.items())
    for translation in product.translations:
        yield from (translation.title, translation.description, translation.category)
        yield from translation.terms.values()


def matches(value: str | int | float | bool, field: str, op: Op, wanted: Value) -> bool:
    """Whether one value of a field meets an eq, in or contains."""
    if isinstance(wanted, tuple):
        return any(matches(value, field, "contains" if op == "contains" else "eq", one) for one in wanted)
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value == wanted
    if op == "contains":
        return (mentions if field in _NAMING else asserts)(str(value), str(wanted))
    if isinstance(value, str) and isinstance(wanted, str):
        return value.casefold() == wanted.casefold()
    return value == wanted


def compares(value: str | int | float | bool, op: Op, wanted: Value) -> bool:
    """Whether one value lies on the asked side of a limit, in whatever units of the same kind both are given."""
    left, right = measure(value), measure(wanted)
    if left is None or right is None or (left[1] != right[1] and (left[1] and right[1] or right[1] in BASE_UNITS)):
        return False
    a, b = left[0], right[0]
    return {"lt": a < b, "le": a <= b, "gt": a > b, "ge": a >= b}[op]

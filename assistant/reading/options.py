"""Which variants of a product a message names: by colour, by size, by any option, in either language."""

from collections.abc import Iterable
from dataclasses import replace

from catalog import Constraint, Product, Variant, holds, mentions, tokens

_SIZES = (
    ("XS", "extra small", "特小号", "加小码"),
    ("S", "small", "小号", "小码"),
    ("M", "medium", "中号", "中码"),
    ("L", "large", "大号", "大码"),
    ("XL", "extra large", "加大号", "加大码", "特大号"),
)


def variants_meant(product: Product, message: str, need: Iterable[Constraint] = ()) -> tuple[Variant, ...]:
    """The variants that `message` leaves, and of an option that it does not name those that the need leaves.

    All of them where nothing is named. What the need asks for counts only where something in stock has it.
    """
    said = spoken(product, message)
    left = _with(product.variants, said)
    for constraint in need:
        narrowed = tuple(one for one in left if holds(replace(product, variants=(one,)), constraint))
        left = narrowed if any(one.in_stock for one in narrowed) else left
    return left


def spoken(product: Product, message: str) -> dict[str, frozenset[str]]:
    """The values of each option, in the product's own language, that a message may mean: "blue" means two blues."""
    found: dict[str, frozenset[str]] = {}
    for name, forms in _forms(product).items():
        whole = {value: _longest(message, said) for value, said in forms.items()}
        longest = max(whole.values(), default=0)
        values = {value for value, length in whole.items() if length and length == longest}
        values = values or _in_part(message, forms)
        if values:
            found[name] = frozenset(values)
    return found


def option_words(product: Product) -> frozenset[str]:
    """All that the options of a product may be called, for telling them from other words."""
    forms = (form for values in _forms(product).values() for said in values.values() for form in said)
    return frozenset(token for form in forms for token in tokens(form))


def _with(variants: tuple[Variant, ...], wanted: dict[str, frozenset[str]]) -> tuple[Variant, ...]:
    return tuple(v for v in variants if all(v.options.get(name) in values for name, values in wanted.items()))


def _forms(product: Product) -> dict[str, dict[str, tuple[str, ...]]]:
    """Option → value → what it may be called, names and values in the product's own language."""
    told = [product.localised(locale).variants for locale in product.locales()]
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for place, variant in enumerate(product.variants):
        for at, (name, value) in enumerate(variant.options.items()):
            said = [list(variants[place].options.values())[at] for variants in told]
            sizes = [form for row in _SIZES if value.casefold() in [one.casefold() for one in row] for form in row]
            found.setdefault(name, {})[value] = tuple(dict.fromkeys((value, *said, *sizes)))
    return found


def _longest(message: str, forms: Iterable[str]) -> int:
    return max((len(form) for form in forms if mentions(message, form)), default=0)


def _in_part(message: str, forms: dict[str, tuple[str, ...]]) -> set[str]:
    """Values of which the message holds a word that not every value has: "39" for "EU 39"."""
    words = {value: {token for form in said for token in tokens(form)} for value, said in forms.items()}
    shared = set.intersection(*words.values()) if len(words) > 1 else set()
    heard = set(tokens(message))
    held = {value: len(heard & (own - shared)) for value, own in words.items()}
    most = max(held.values(), default=0)
    return {value for value, count in held.items() if count and count == most}

"""What a listing's prose says of attributes that it does not state as such, found by rules; about half a millisecond each.

Precision comes far before recall: an amount without a word that says what it measures tells nothing.
"""

from collections.abc import Iterator

from catalog.attributes.clause import Said, own_words, sold_apart
from catalog.attributes.qualities import qualities
from catalog.attributes.quantities import quantities
from catalog.attributes.units import measure
from catalog.attributes.vocabulary import canonical
from catalog.product import Extracted, Product, Translation
from catalog.sentences import sentences

NAMES = (
    "Weight", "Dimensions", "Length", "Width", "Height", "Depth", "Diameter", "Thickness", "Capacity", "Power", "Voltage",
    "Battery capacity", "Battery life", "Noise", "Screen size", "Storage capacity", "Load capacity", "Water resistance",
    "Material", "Color", "Gender", "Age", "Care", "Pieces",
)  # fmt: skip
VERSION = 1  # of the rules; with another, listings are read anew at their next import
_SEVERAL = frozenset({"Material", "Color", "Care"})
_TELLING_UNITS = {"Power": "w", "Battery capacity": "mah", "Noise": "db", "Capacity": "ml"}


def extracted(product: Product) -> tuple[Extracted, ...]:
    """What titles and descriptions say, in each language; where one says two things of an amount, neither counts."""
    known = stated_names(product)
    found: list[Extracted] = []
    views: tuple[Product | Translation, ...] = (product, *product.translations)
    for view in views:
        own = own_words(view.title)
        in_view = dict.fromkeys(one for said in _said(view, own) for one in _told(said) if one.name not in known)
        found += _agreed(list(in_view))
    return tuple(found)


def stated_names(product: Product) -> frozenset[str]:
    """The attributes that a product states itself, as this project calls them, or by a unit that only they have."""
    pairs = [*product.attributes.items(), *(pair for v in product.variants for pair in v.options.items())]
    names = {canonical(name) for name, _ in pairs}
    units = {measured[1] for _, value in pairs if (measured := measure(value))}
    return frozenset({name for name in names if name} | {n for n, unit in _TELLING_UNITS.items() if unit in units})


def _said(view: Product | Translation, own: frozenset[str]) -> Iterator[Said]:
    yield Said(view.title, view.locale, own, title=True)
    for sentence in sentences(view.description):
        if not sentence.startswith("#") and sentence != view.title and not sold_apart(sentence):  # a heading names
            yield Said(sentence, view.locale, own)


def _told(said: Said) -> Iterator[Extracted]:
    for name, value in (*quantities(said), *qualities(said)):
        yield Extracted(name, value, said.text, said.locale)


def _agreed(found: list[Extracted]) -> Iterator[Extracted]:
    """Of each attribute the first that was said; nothing of an amount that is given differently elsewhere."""
    by_name: dict[str, list[Extracted]] = {}
    for one in found:
        by_name.setdefault(one.name, []).append(one)
    for name, said in by_name.items():
        if name in _SEVERAL:
            first: dict[str, Extracted] = {}
            for one in said:
                first.setdefault(one.value.casefold(), one)
            yield from first.values()
        elif len({measure(one.value) or one.value.casefold() for one in said}) == 1:
            yield said[0]

"""Which of the shown products a message points at: by ordinal, by name, by colour, by price, or as "it"."""

import re
from collections.abc import Sequence

from catalog import STOPWORDS, Product, has_cjk, mentions, tokens

_ORDINALS_EN = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4, "5th": 4,
    "last": -1,
}  # fmt: skip
_ORDINALS_ZH = {"一": 0, "1": 0, "二": 1, "2": 1, "两": 1, "三": 2, "3": 2, "四": 3, "4": 3, "五": 4, "5": 4}
_ORDINAL_EN = re.compile(
    r"\b(?:the |number |no\.? ?|#)?(first|1st|second|2nd|third|3rd|fourth|4th|fifth|5th|last)\b", re.IGNORECASE
)
_NUMBERED = re.compile(r"(?:\b(?:number|no\.?|option|item)\s*|#)([1-9])\b", re.IGNORECASE)
_ORDINAL_ZH = re.compile(r"第([一二两三四五1-5])(?:个|款|件|种|双|条|只|盏|把|张|套)?|(最后)(?:一)?(?:个|款|件)")
_CHEAPEST = re.compile(r"\b(?:the )?cheap(?:est|er) (?:one|of)|最便宜的(?:那|这)?(?:个|款|件)?", re.IGNORECASE)
_DEAREST = re.compile(
    r"\b(?:the )?(?:most expensive|dear(?:est|er)|pricier) (?:one|of)|最贵的(?:那|这)?(?:个|款|件)?", re.IGNORECASE
)
_IT = re.compile(
    r"\b(?:it|its|it's|this|that|this one|that one|they|them)\b|(?<!其)它|这个|这款|那个|那款|这件|那件|这双|那双|这种",
    re.IGNORECASE,
)
_BOTH = re.compile(r"\b(?:both|the two|these two|first two|them all)\b|这两|前两|两个|两款|它们", re.IGNORECASE)
_ONE = re.compile(r"\bthe ([a-z]+(?: [a-z]+)?) one\b|(\S{1,4}?)(?:的)?(?:那|这)(?:个|款|件|双)", re.IGNORECASE)


def points_at_it(message: str) -> bool:
    """Whether the message speaks of something already in view without naming it."""
    return _IT.search(message) is not None


def resolve(message: str, shown: Sequence[Product], focus: str | None) -> tuple[str, ...]:
    """The ids of the shown products that `message` points at, in the order of the shelf's mention; () if none.

    `shown` is in shelf order, in the shopper's language; `focus` is the product last spoken of.
    """
    if not shown:
        return ()
    for found in (
        _by_name(message, shown),
        _by_ordinal(message, shown),
        _by_price(message, shown),
        _by_look(message, shown),
    ):
        if found:
            return found
    if _BOTH.search(message) and len(shown) >= 2:
        return tuple(product.id for product in shown[:2])
    if _IT.search(message):
        known = {product.id for product in shown}
        return (focus if focus in known else shown[0].id,) if focus else (shown[0].id,)
    return ()


def _by_ordinal(message: str, shown: Sequence[Product]) -> tuple[str, ...]:
    places = [_ORDINALS_EN[m[1].casefold()] for m in _ORDINAL_EN.finditer(message)]
    places += [int(m[1]) - 1 for m in _NUMBERED.finditer(message)]
    places += [-1 if m[2] else _ORDINALS_ZH[m[1]] for m in _ORDINAL_ZH.finditer(message)]
    return tuple(dict.fromkeys(shown[place].id for place in places if place < len(shown)))


def _by_price(message: str, shown: Sequence[Product]) -> tuple[str, ...]:
    if _CHEAPEST.search(message):
        return (min(shown, key=lambda p: p.price_minor).id,)
    if _DEAREST.search(message):
        return (max(shown, key=lambda p: p.price_minor).id,)
    return ()


def _by_name(message: str, shown: Sequence[Product]) -> tuple[str, ...]:
    """Products named in full, else the ones that alone hold a telling part of the message."""
    folded = message.casefold()
    whole = sorted((folded.find(p.title.casefold()), p.id) for p in shown if p.title.casefold() in folded)
    if whole:
        return tuple(id for _, id in whole)
    spoken = {token for token in tokens(message) if len(token) > 2 or has_cjk(token)}
    overlap = {p.id: len(spoken & _names(p, shown)) for p in shown}
    best = max(overlap.values())
    winners = tuple(id for id, count in overlap.items() if count == best)
    return winners if best >= 2 and len(winners) == 1 or best >= 1 and _distinct(winners, overlap) else ()


def _distinct(winners: tuple[str, ...], overlap: dict[str, int]) -> bool:
    return len(winners) == 1 and sum(1 for count in overlap.values() if count) == 1


def _names(product: Product, shown: Sequence[Product]) -> set[str]:
    """The words of a title and brand that not every shown product shares."""
    others = [set(tokens(f"{p.title} {p.brand}")) for p in shown if p.id != product.id]
    shared = set.intersection(*others) if others else set()
    return set(tokens(f"{product.title} {product.brand}")) - shared


def _by_look(message: str, shown: Sequence[Product]) -> tuple[str, ...]:
    match = _ONE.search(message)
    look = (match[1] or match[2] or "").strip() if match else ""
    if not look or look.casefold() in STOPWORDS or look in "这那":
        return ()
    found = [p.id for p in shown if mentions(f"{p.title} {' '.join(p.attributes.values())} {p.description}", look)]
    return (found[0],) if len(found) == 1 else ()

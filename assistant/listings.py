"""Listings as the assistant reads them: what gives orders in one, or is not the shop's to promise, is never spoken.

The listing itself stays as it is: search, limits and the shop's own pages read that one.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

from assistant.markup import links
from assistant.reading.orders import addresses_assistant, worded
from assistant.reading.seen import seen
from catalog import Product, Review, Translation, sentences

_BREAKS = (  # between the parts of a title, the plainer ones first
    re.compile(r"\s+[-–—|/]\s|\s*[|(（\[【<{]|[.!?](?:\s|$)|[。！？]"),
    re.compile(r"\s*[:：;；,，]\s*"),
)
_PARAGRAPH = re.compile(r"\n\s*\n")


def spoken_listing(product: Product) -> Product:
    """`product` with only those lines that may be quoted; the same object where that is all of them."""
    texts = (product.title, product.brand, product.description, *_pairs(product.attributes))
    translations = tuple(_translation(one) for one in product.translations)
    reviews = _reviews(product.reviews)
    options = [text for variant in product.variants for text in _pairs(variant.options)]
    if all(map(_ordinary, (*texts, *options))):
        same = reviews == product.reviews and translations == product.translations
        return product if same else replace(product, reviews=reviews, translations=translations)
    wary = any(map(addresses_assistant, (*texts, *options)))
    return replace(
        product,
        title=_title(product.title, product.category),
        brand=product.brand if _ordinary(product.brand) else "",
        description=_prose(product.description, wary),
        attributes=_named(product.attributes, wary),
        reviews=reviews,
        variants=tuple(replace(variant, options=_named(variant.options, wary)) for variant in product.variants),
        translations=translations,
    )


def _translation(one: Translation) -> Translation:
    reviews = _reviews(one.reviews)
    texts = (one.title, one.description, *one.terms.values())
    if all(map(_ordinary, texts)):
        return one if reviews == one.reviews else replace(one, reviews=reviews)
    wary = any(map(addresses_assistant, texts))
    title, description = _title(one.title, one.category), _prose(one.description, wary)
    return replace(one, title=title, description=description, terms=_named(one.terms, wary), reviews=reviews)


def _pairs(named: Mapping[str, str]) -> Iterable[str]:
    return (f"{name}: {value}" for name, value in named.items())


def _ordinary(text: str) -> bool:
    """Whether nothing in a text has to be looked at more closely; a whole text at once, since nearly all are so."""
    return not (links(text) or worded(seen(text), "offers") or addresses_assistant(text))


def _title(title: str, category: str) -> str:
    """What of a title comes before an order; its category where that is nothing."""
    if _ordinary(title):
        return title
    for breaks in _BREAKS:
        kept = ""
        for end in [*(found.start() for found in breaks.finditer(title)), len(title)]:
            if not _ordinary(title[:end]):
                break
            kept = title[:end]
        if kept.strip():
            return seen(kept).strip()
    return category.split(" > ")[-1]


def _prose(text: str, wary: bool) -> str:
    """The sentences that may be quoted. After an order the rest of its paragraph is not believed either."""
    paragraphs = (_lines(sentences(paragraph), wary) for paragraph in _PARAGRAPH.split(text))
    return "\n\n".join(line for lines in paragraphs for line in lines)


def _lines(lines: list[str], wary: bool) -> list[str]:
    """A paragraph up to where it begins to give orders, the rest of it left out even where each part sounds harmless."""
    if addresses_assistant(" ".join(lines)):
        first = next((n for n in range(len(lines)) if addresses_assistant(" ".join(lines[: n + 1]))), len(lines))
        lines = lines[:first]
    return [line for line in lines if _quotable(line, wary)]


def _quotable(line: str, wary: bool) -> bool:
    return _ordinary(line) and not (wary and worded(seen(line), "claims"))


def _named(named: Mapping[str, str], wary: bool) -> dict[str, str]:
    return {name: value for name, value in named.items() if _quotable(f"{name}: {value}", wary)}


def _reviews(reviews: tuple[Review, ...]) -> tuple[Review, ...]:
    """The reviews written for shoppers; one that gives orders tells nothing that could be trusted."""
    fits = partial(
        filter, lambda review: not (addresses_assistant(f"{review.title}. {review.text}") or links(review.text))
    )
    kept = tuple(fits(reviews))
    return reviews if len(kept) == len(reviews) else kept

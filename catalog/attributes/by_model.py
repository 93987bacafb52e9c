"""What a language model finds in listings that rules did not, each held to its sentence. Which model it is, it does not know."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from catalog.attributes.clause import Said, goes_on, own_words, plainly, sold_apart
from catalog.attributes.extract import NAMES, stated_names
from catalog.attributes.quantities import units
from catalog.attributes.units import measures
from catalog.attributes.vocabulary import base_words
from catalog.product import Extracted, Product
from catalog.sentences import sentences
from catalog.wording import denied

Ask = Callable[[str, Mapping[str, Any]], str]

_MOST_LINES = 24
_MOST_FOUND = 12
_MOST_VALUE = 60
_VOCABULARY = frozenset({"Material", "Color", "Gender"})  # whose values the vocabulary must know
_SHAPES = {
    "Age": re.compile(r"\d.*(?:year|month|yr|\+|up|-|–)|\d.*(?:岁|个月)", re.IGNORECASE),
    "Care": re.compile(r"wash|clean|rinse|wipe|iron|洗|擦|熨", re.IGNORECASE),
    "Pieces": re.compile(
        r"(?:\d|\b(?:two|three|four|five|six|eight|ten|twelve))[\s-]*(?:pieces?|pcs?|packs?|items?|parts?|pairs?|sets?)\b"
        r"|\b(?:set|pack|box) of\b|[\d两三四五六七八九十]\s?[件片块个只支条双套]",
        re.IGNORECASE,
    ),
    "Water resistance": re.compile(r"\bIP\w?\d|\d\s?mm|water|splash|rain|防水|防泼|防雨", re.IGNORECASE),
}


def by_model(products: Iterable[Product], ask: Ask) -> Iterator[tuple[Product, tuple[Extracted, ...]]]:
    """Each product with what `ask(prompt, schema)` finds in its listing; one question each, of its base language.

    Only what a line may tell is asked for. A finding is kept only where its value stands in its line and is of the
    attribute's kind, the line denies nothing of it and speaks of no other thing, and neither the shop nor the rules give
    that attribute. An answer that is no JSON finds nothing.
    """
    for product in products:
        yield product, tuple(dict.fromkeys(_found(product, ask)))


def _found(product: Product, ask: Ask) -> Iterator[Extracted]:
    known = stated_names(product) | {found.name for found in product.extracted}
    lines = [line for line in sentences(product.description) if not sold_apart(line)][:_MOST_LINES]
    wanted = tuple(name for name in NAMES if name not in known and any(_is_of(name, line) for line in lines))
    if not wanted:
        return
    numbered = "\n".join(f"{number}. {line}" for number, line in enumerate((product.title, *lines)))
    answer = ask(_prompt().format(names=", ".join(wanted), lines=numbered), _schema(wanted, len(lines)))
    own = own_words(product.title)
    for name, number, value in _read(answer):
        if name in wanted and 1 <= number <= len(lines):
            line = lines[number - 1]
            if _stands(name, value, Said(line, product.locale, own)):
                yield Extracted(name, value, line, product.locale, "model")


@cache
def _prompt() -> str:
    return (Path(__file__).parent / "ask.md").read_text(encoding="utf-8").strip()


def _schema(wanted: tuple[str, ...], count: int) -> dict[str, Any]:
    finding = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "enum": list(wanted)},
            "line": {"type": "integer", "enum": list(range(1, count + 1))},
            "value": {"type": "string", "maxLength": _MOST_VALUE},
        },
        "required": ["name", "line", "value"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"found": {"type": "array", "items": finding, "maxItems": _MOST_FOUND}},
        "required": ["found"],
        "additionalProperties": False,
    }


def _read(answer: str) -> Iterator[tuple[str, int, str]]:
    """The findings of an answer; whatever has another shape is left out."""
    try:
        rows = json.loads(answer)["found"]
    except (ValueError, KeyError, TypeError):
        return
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict):
            name, number, value = row.get("name"), row.get("line"), row.get("value")
            if isinstance(name, str) and isinstance(number, int) and isinstance(value, str):
                yield name, number, value.strip()


def _stands(name: str, value: str, said: Said) -> bool:
    """Whether a line says `value` in whole words, plainly, and an attribute of that name can have it."""
    folded = said.text.casefold()
    place = re.search(rf"(?<![a-z0-9.,]){re.escape(value.casefold())}(?![a-z0-9])", folded) if value else None
    if place is None or not _is_of(name, value) or denied(folded, place.start(), place.end()):
        return False
    return plainly(said, place.start()) and (name not in units() or goes_on(said, place.end()))


def _is_of(name: str, text: str) -> bool:
    """Whether `text` holds what can be a value of an attribute of that name."""
    if name in _VOCABULARY:
        return any(True for _ in base_words(name, text))
    if name in _SHAPES:
        return _SHAPES[name].search(text) is not None
    return any(found.unit == units()[name] for found in measures(text))

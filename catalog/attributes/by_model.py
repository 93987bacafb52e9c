"""What a language model finds in listings that rules did not, each held to its sentence. Which model it is, it does not know."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from catalog.attributes.clause import sold_apart
from catalog.attributes.extract import NAMES, stated_names
from catalog.attributes.quantities import units
from catalog.attributes.units import measures
from catalog.attributes.vocabulary import base_words
from catalog.product import Extracted, Locale, Product
from catalog.sentences import sentences
from catalog.wording import denied

Ask = Callable[[str, Mapping[str, Any]], str]

_MOST_LINES = 24
_MOST_FOUND = 12
_MOST_VALUE = 60
_WORDED = frozenset({"Material", "Color", "Gender"})  # the vocabulary must know a value of these


def by_model(products: Iterable[Product], ask: Ask) -> Iterator[tuple[Product, tuple[Extracted, ...]]]:
    """Each product with what `ask(prompt, schema)` finds in its listing, one question for each of its languages.

    A finding is kept only where its value stands in its line and is of the attribute's kind, the line denies nothing of
    it and speaks of nothing sold apart, and neither the shop nor the rules give that attribute. An answer that is no JSON
    finds nothing.
    """
    for product in products:
        known = stated_names(product) | {found.name for found in product.extracted}
        wanted = tuple(name for name in NAMES if name not in known)
        views = [product, *(product.localised(t.locale) for t in product.translations)]
        found = [one for view in views for one in _found(view.title, view.description, view.locale, wanted, ask)]
        yield product, tuple(replace(one, by="model") for one in dict.fromkeys(found))


def _found(title: str, description: str, locale: Locale, wanted: tuple[str, ...], ask: Ask) -> Iterator[Extracted]:
    lines = [title, *sentences(description)][:_MOST_LINES]
    if not wanted or len(lines) < 2:
        return
    numbered = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
    answer = ask(_prompt().format(names=", ".join(wanted), lines=numbered), _schema(wanted, len(lines)))
    for name, number, value in _read(answer):
        if name in wanted and 1 <= number <= len(lines) and _stands(name, value, lines[number - 1]):
            yield Extracted(name, value, lines[number - 1], locale)


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


def _stands(name: str, value: str, line: str) -> bool:
    """Whether `line` says `value` in whole words, undenied, and an attribute of that name can have it."""
    folded = line.casefold()
    place = re.search(rf"(?<![a-z0-9.,]){re.escape(value.casefold())}(?![a-z0-9])", folded) if value else None
    if place is None or sold_apart(line) or denied(folded, place.start(), place.end()):
        return False
    if name in _WORDED:
        return any(True for _ in base_words(name, value))
    unit = units().get(name)
    return unit is None or any(found.unit == unit for found in measures(value))

"""How values are spelt: other words for them, units, and patterns that find them in a text."""

import re
from functools import cache

from assistant.reading.vocabulary import lexicon
from assistant.service.reading.words import table
from catalog import has_cjk

_PIECE = re.compile(r"\d+(?:\.\d+)?|[a-z]+(?:'s)?|[\u4e00-\u9fff]+|%|\+", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def spelt(value: str) -> str:
    """A value as a pattern: its words and numbers, however they are joined and whichever way a unit is written."""
    pieces = _PIECE.findall(value)
    parts = [
        _unit(piece) if place and _NUMBER.fullmatch(pieces[place - 1]) else re.escape(piece)
        for place, piece in enumerate(pieces)
    ]
    joined = r"[\s/+-]*".join(part for part in parts if part != r"\+")
    return joined or re.escape(value)


def synonyms(value: str) -> tuple[str, ...]:
    """Other words for a value, in both languages."""
    return _synonyms().get(spaced(value), ())


@cache
def units() -> dict[str, tuple[str, ...]]:
    """Every word for a unit, with all words for the same."""
    return {word: tuple(row) for row in table("values")["units"] for word in row}


def _unit(piece: str) -> str:
    row = units().get(piece.casefold())
    if not row:
        return re.escape(piece)
    return "(?:" + "|".join(sorted((re.escape(word) for word in row), key=len, reverse=True)) + ")"


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    rows = [tuple(spaced(form) for form in row) for row in table("values")["same"]]
    rows += [tuple(form.casefold() for form in term.forms) for term in lexicon().values()]
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        for form in row:
            found[form] = tuple(dict.fromkeys((*found.get(form, ()), *row)))
    return {form: tuple(one for one in of if one != form and len(one) + has_cjk(one) > 1) for form, of in found.items()}


def spaced(value: str) -> str:
    """A value in lower case, its hyphens spaces."""
    return " ".join(re.split(r"[\s/-]+", value.casefold())).strip()


def bounded(form: str) -> str:
    """A word or phrase as a pattern that is no part of a longer word; its own plural and hyphens allowed."""
    if has_cjk(form):
        return re.escape(form)
    return edged(r"[\s-]*".join(re.escape(word) for word in re.split(r"[\s-]+", form)) + r"(?:s|es)?")


def edged(way: str) -> str:
    """A pattern that is no part of a longer word or number."""
    return rf"(?<![A-Za-z0-9_.]){way}(?![A-Za-z0-9_]|[.]\d)" if not has_cjk(way[:1]) else way

"""The order of an option's values, and the words that ask for more or less of it. Knows nothing of what is wanted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.service.reading.forms import synonyms
from assistant.service.reading.values import Options, named
from assistant.service.reading.words import table
from catalog import has_cjk, measure

_BEST = re.compile(r"(?:est|most|least|maximum|max|minimum|min)$|最", re.IGNORECASE)
_ROOTS = {
    "bright": "brightness",
    "difficult": "difficulty",
    "big": "size",
    "thick": "thickness",
    "tall": "height",
    "long": "length",
}
_NEAR = 3  # words between a comparing word and the option it is about
_THAN = re.compile(r"\s*than\b", re.IGNORECASE)
_DENIED = re.compile(r"(?:\bnot?|n't|\bany|不要|不)\s*(?:\w+\s+)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Comparison:
    """More (+1) or less (-1) of an option; `most` asks for the end of what there is."""

    option: str
    way: int
    most: bool
    start: int
    end: int


@lru_cache(maxsize=1024)
def rank(option: str, value: str, values: tuple[str, ...]) -> float | None:
    """Where a value stands among all of its option; None where they have no order."""
    scale = _scale(option, values)
    return scale.get(value) if scale else None


def comparisons(text: str, options: Options) -> Iterator[Comparison]:
    """Every comparing word of a text that is about an option whose values have an order."""
    ordered = [(name, values) for name, values in options if _scale(name, values)]
    seen: list[int] = []
    for match in _words().finditer(text):
        if _DENIED.search(text[: match.start()]) or any(abs(match.start() - other) < 2 for other in seen):
            continue
        word = match[0].casefold()
        found = _beside(text, match, word, ordered) or _hinted(word, ordered)
        if found:
            option, way = found
            seen.append(match.start())
            yield Comparison(option, way, _BEST.search(word) is not None, match.start(), match.end())


def _beside(
    text: str, match: re.Match[str], word: str, ordered: list[tuple[str, tuple[str, ...]]]
) -> tuple[str, int] | None:
    """The option that is named right behind (or, in Chinese, before) a word for more or less of anything."""
    way = _any_way(word)
    if way is None or _THAN.match(text, match.end()):
        return None
    after = re.match(rf"\s*(?:[\w'-]+\s+){{0,{_NEAR - 1}}}[\w'-]+", text[match.end() :])
    near = re.split(r"[,.;，。；]|\b(?:and|but|or|with)\b", after[0])[0] if after else ""
    if has_cjk(word):
        near = text[max(0, match.start() - 4) : match.start()] + near
    for name, _ in ordered:
        if named(name).search(near) or any(
            part in near.casefold() for part in name.casefold().split() if len(part) > 3
        ):
            return name, way
    return None


def _hinted(word: str, ordered: list[tuple[str, tuple[str, ...]]]) -> tuple[str, int] | None:
    """The option that a word such as "bigger" mostly is about, of those that there are."""
    for hints, way in _hints().get(word, ()):
        for hint in hints:
            for name, _ in ordered:
                if hint in name.casefold():
                    return name, way
    return None


@lru_cache(maxsize=512)
def _scale(option: str, values: tuple[str, ...]) -> dict[str, float] | None:
    """The place of every value, by a scale that holds them all or by the numbers they state."""
    plain = {value: value.casefold() for value in values}
    for scale in table("values")["scales"]:
        places = {value: _place(said, scale) for value, said in plain.items()}
        if len(values) > 1 and all(place is not None for place in places.values()):
            return {value: float(place) for value, place in places.items() if place is not None}
    amounts = {value: measure(value) for value in values}
    units = {amount[1] for amount in amounts.values() if amount}
    if len(values) > 1 and all(amounts.values()) and len(units) == 1:
        return {value: amount[0] for value, amount in amounts.items() if amount}
    numbers = {value: re.findall(r"\d+(?:\.\d+)?", value) for value in values}
    if len(values) > 1 and all(len(found) >= 1 for found in numbers.values()):
        letters = {re.sub(r"[\d.\s]+", "", value) for value in values}
        return {value: float(found[0]) for value, found in numbers.items()} if len(letters) == 1 else None
    return None


def _place(said: str, scale: list[str]) -> int | None:
    if said in scale:
        return scale.index(said)
    return next((place for place, one in enumerate(scale) if one in synonyms(said)), None)


def _any_way(word: str) -> int | None:
    lists = table("values")
    return 1 if word in lists["any_more"] else -1 if word in lists["any_less"] else None


@cache
def _hints() -> dict[str, tuple[tuple[tuple[str, ...], int], ...]]:
    """Comparing word → the options it may be about, the likeliest first, and its way."""
    found: dict[str, tuple[tuple[tuple[str, ...], int], ...]] = {}
    for name, way in (("more", 1), ("less", -1)):
        for spoken, hints in table("values")[name]:
            for word in spoken.split():
                found[word] = (*found.get(word, ()), (tuple(hints.split()), way))
    for root, hint in _ROOTS.items():
        for word, way in (("less", -1), ("least", -1), ("more", 1), ("most", 1)):
            found[f"{word} {root}"] = (((hint,), way),)
    return found


@cache
def _words() -> re.Pattern[str]:
    lists = table("values")
    forms = {*_hints(), *lists["any_more"], *lists["any_less"]}
    english = "|".join(sorted((re.escape(form) for form in forms if not has_cjk(form)), key=len, reverse=True))
    chinese = "|".join(sorted((form for form in forms if has_cjk(form)), key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{english})(?![\w-])|{chinese}", re.IGNORECASE)

"""How far a value reaches: "at least", "or more", "bigger", "the largest". Knows nothing of what else is wanted."""

import re
from collections.abc import Mapping

from assistant.service.reading.scales import rank
from assistant.service.reading.words import pattern
from catalog import measure


def reached(sentence: str, option: str, value: str, start: int, end: int, values: tuple[str, ...]) -> tuple[str, ...]:
    """The value that stands at a place, or all that "at least", "or more" and the like reach from it."""
    place = rank(option, value, values)
    way = _way(sentence, start, end)
    if place is None or not way:
        return (value,)
    return tuple(one for one in values if way * (rank(option, one, values) or 0) >= way * place)


def beyond(option: str, values: tuple[str, ...], now: str | None, way: int, *, most: bool) -> dict[str, int]:
    """The values more (+1) or less (-1) than the one there is now; with `most` all of them, the farthest first."""
    places = {value: place for value in values if (place := rank(option, value, values)) is not None}
    ordered = sorted(places, key=lambda value: way * places[value])
    if most:
        return {value: place for place, value in enumerate(reversed(ordered))}
    if now is None or now not in places:
        return {}
    return {value: 0 for value in ordered if way * places[value] > way * places[now]}


def amounts_meant(sentence: str, amount: float, start: int, end: int, values: tuple[str, ...]) -> Mapping[str, int]:
    """For an amount that no value equals: the values beyond it where that is said, else its own words, which no offer has."""
    way = _way(sentence, start, end)
    amounts = {value: found[0] for value in values if (found := measure(value))}
    fits = {value: 0 for value, one in amounts.items() if way and way * one >= way * amount}
    return fits or {sentence[start:end].strip(): 0}


def _way(sentence: str, start: int, end: int) -> int:
    """+1 where a place means itself and more, -1 for less, 0 for just itself."""
    behind, ahead = sentence[:start], sentence[end:]
    for lead, follow, way in (("at_least", "or_more", 1), ("at_most", "or_less", -1)):
        led = re.search(rf"(?:{pattern('wants', lead).pattern})\s*$", behind, re.IGNORECASE)
        if led or pattern("wants", follow).match(ahead):
            return way
    return 0

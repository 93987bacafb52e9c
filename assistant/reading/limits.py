"""The limits of a message as constraints on this catalogue: prices, ratings and measures of attributes that it states."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.reading.price import Bound, bounds, measures, price_constraints, rating_constraints
from assistant.reading.vocabulary import Vocabulary, table
from catalog import Constraint, has_cjk

_USUAL = {"g": "Weight", "ml": "Capacity", "w": "Power", "db": "Noise", "lm": "Brightness"}
_VAGUE_NAMES = frozenset({"size", "max", "life"})


@dataclass(frozen=True, slots=True)
class Limits:
    """`constraints` that were stated, and the `spans` of the message that state them."""

    constraints: tuple[Constraint, ...]
    spans: tuple[tuple[int, int], ...]
    currencies: frozenset[str]

    def cut_from(self, message: str) -> str:
        """The message with blanks in the place of the limits, so that all else stands where it stood."""
        for start, end in self.spans:
            message = f"{message[:start]}{' ' * (end - start)}{message[end:]}"
        return message

    def foreign(self, currency: str) -> str | None:
        """A currency that was named and is not the shop's."""
        return next((named for named in sorted(self.currencies) if named != currency), None)


def read(message: str, vocabulary: Vocabulary) -> Limits:
    """The limits that `message` states and that this catalogue can tell; the others stay in the message."""
    constraints: list[Constraint] = []
    spans: list[tuple[int, int]] = []
    currencies: set[str] = set()
    for bound in bounds(message):
        found = list(_constraints(bound, message, vocabulary))
        constraints += found
        if found:
            spans.append(bound.span)
            currencies.add(bound.currency)
    return Limits(tuple(dict.fromkeys(constraints)), tuple(dict.fromkeys(spans)), frozenset(currencies - {""}))


def _constraints(bound: Bound, message: str, vocabulary: Vocabulary) -> Iterator[Constraint]:
    one = (bound,)
    yield from price_constraints(one, vocabulary.currency, lambda noun: vocabulary.type_of(noun) is not None)
    yield from rating_constraints(one)
    for measured, base in measures(one):
        name = _attribute(measured, base, message, vocabulary)
        if name:
            yield Constraint(f"attributes.{name}", measured.op, f"{measured.number:g} {measured.unit}")


def _attribute(bound: Bound, base: str, message: str, vocabulary: Vocabulary) -> str | None:
    """Which attribute a measure is of: one that is named, one that the words speak of, or the unit's usual one."""
    names = vocabulary.units.get(base, {})
    spoken = set(re.findall(r"[a-z]+", message.casefold()))
    for name, forms in names.items():
        if any(_is_spoken(form, message, spoken) for form in forms):
            return name
    for name, words in table("measures").items():
        if name in names and any(word in message if has_cjk(word) else word in spoken for word in words):
            return str(name)
    usual = _USUAL.get(base)
    return usual if usual in names and bound.unit != "oz" else next(iter(names), None) if base == "mah" else None


def _is_spoken(name: str, message: str, spoken: set[str]) -> bool:
    """Whether the message says the name of an attribute, of several words the telling one."""
    if has_cjk(name):
        return name in message
    return bool((set(re.findall(r"[a-z]+", name.casefold())[:1]) - _VAGUE_NAMES) & spoken)

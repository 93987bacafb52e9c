"""How a simulated customer says things: phrasings chosen by a seed, with orders, items, options and methods put in."""

import random
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from evals.tau.instruction import Goal, Persona, Thing

_KINDS = ("credit_card", "gift_card", "paypal")
_CASUAL = ("messy", "busy", "impatient")
_CASUAL_SHARE = 0.25


@cache
def phrases() -> dict[str, Any]:
    """The table of phrasings."""
    return dict(yaml.safe_load((Path(__file__).parent / "phrases.yaml").read_text(encoding="utf-8")))


def method_kind(id: str) -> str:
    """The kind of a payment method by its id, as the customer reads it; empty for an unknown one."""
    return next((kind for kind in _KINDS if id.startswith(kind)), "")


def address_words(address: Mapping[str, str]) -> str:
    """An address in one line."""
    parts = [address.get(name, "") for name in ("address1", "address2", "city")]
    place = f"{address.get('state', '')} {address.get('zip', '')}".strip()
    return ", ".join(part for part in (*parts, place, address.get("country", "")) if part)


class Voice:
    """One customer's way of talking."""

    def __init__(self, persona: Persona, rng: random.Random) -> None:
        self._persona, self._rng = persona, rng
        self._casual = any(trait in _CASUAL for trait in persona.traits) or rng.random() < _CASUAL_SHARE
        self._commas = rng.random() < 0.5
        self._bare_order = rng.random() < 0.3
        self._used: dict[tuple[str, ...], set[int]] = {}

    def say(self, *path: str, goal: Goal | None = None, things: Sequence[Thing] | None = None) -> str:
        """One phrasing of what `path` names in the table; the slots of `goal` are put in, of its items only `things`."""
        slots = self._slots(goal, goal.things if things is None else things) if goal else {}
        slots |= {name.capitalize(): text[:1].upper() + text[1:] for name, text in slots.items()}
        return self._typed(self.choose(*path).format(**slots))

    def of_person(self, *path: str) -> str:
        """One phrasing in which the customer's own name, postcode or e-mail stand."""
        who = self._persona
        text = self.choose(*path).format(first=who.first_name, last=who.last_name, zip=who.zip, email=who.email)
        return self._typed(text)

    def choose(self, *path: str) -> str:
        """One phrasing as it stands; none is said again before the others were."""
        table: Any = phrases()
        for name in path:
            table = table[name]
        used = self._used.setdefault(path, set())
        if len(used) >= len(table):
            used.clear()
        place = self._rng.choice([n for n in range(len(table)) if n not in used])
        used.add(place)
        return str(table[place])

    def joined(self, parts: Sequence[str]) -> str:
        """Several things in a row."""
        if len(parts) < 2:
            return "".join(parts)
        return ", ".join(parts) if self._commas and len(parts) > 2 else ", ".join(parts[:-1]) + f" and {parts[-1]}"

    def thing(self, thing: Thing, exact: bool | None = None) -> str:
        """An item by its name, with its options if `exact` or by chance."""
        name = thing.name.lower() if self._casual else thing.name
        with_options = self._rng.random() < 0.5 if exact is None else exact
        return f"{name} ({options_words(thing.options)})" if thing.options and with_options else name

    def to(self, thing: Thing) -> str:
        """What is wanted for an item."""
        if not thing.to:
            return self.choose("as_it_is")
        return self.choose("to").format(options=options_words(thing.to))

    def method(self, id: str) -> str:
        """A payment method: by its kind, by the id that the customer knows, or both."""
        kind = method_kind(id)
        return self.choose("method", kind).format(id=id) if kind else id

    def _slots(self, goal: Goal, things: Sequence[Thing]) -> dict[str, str]:
        order = goal.order_ids[0] if goal.order_ids else "my order"
        swaps = [self.choose("swap").format(thing=self.thing(one), to=self.to(one)) for one in things]
        same = self.choose("same").format(same_as=f"order {goal.same_as}") if goal.same_as else ""
        return {
            "order": order.removeprefix("#") if self._bare_order else order,
            "reason": self.reason(goal.reason),
            "address": address_words(goal.address or {}),
            "same": same,
            "method": self.method(goal.method),
            "id": goal.method,
            "swaps": self.joined(swaps),
            "things": self.joined([f"the {self.thing(one)}" for one in things]),
            "items": self.joined([self.thing(one, exact=True) for one in things]),
        }

    def reason(self, reason: str) -> str:
        """Why, in words of one's own where the table has some."""
        return self.choose("reason", reason) if reason in phrases()["reason"] else reason

    def _typed(self, text: str) -> str:
        """As it is typed: some write without capitals and full stops."""
        if not self._casual or self._rng.random() < 0.4:
            return text
        first = text[:1].lower() if text[:2].strip() not in ("I", "I'") else text[:1]
        return (first + text[1:]).removesuffix(".")


def sentences(*parts: str) -> str:
    """Parts of a message one after the other, each with an end."""
    said = [part.strip() for part in parts if part.strip()]
    return " ".join(part if part.endswith((".", "!", "?", ":")) else f"{part}." for part in said[:-1]) + (
        f" {said[-1]}" if len(said) > 1 else "".join(said)
    )


def options_words(options: Mapping[str, str]) -> str:
    """Options as one says them: a plain word by itself, a number or a yes with its name."""
    return ", ".join(_option(name, value) for name, value in options.items())


def _option(name: str, value: str) -> str:
    if value.casefold() == "yes":
        return name
    if value.casefold() in ("no", "none"):
        return f"not {name}" if name == "waterproof" else f"no {name}"
    return f"{name} {value}" if value[:1].isdigit() or len(value) < 3 else value

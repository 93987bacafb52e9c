"""A task's instruction taken apart into what its customer knows: who they are, what they are like, what they want and when.

The synthetic instructions have their details in braces, which become parts of a goal; of any other sentence its words
are kept, in the first person. Sees the instruction only.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

GoalKind = Literal[
    "cancel",
    "change_address",
    "change_payment",
    "change_items",
    "exchange",
    "return",
    "change_customer_address",
    "other",
]
_SENTENCE = re.compile(r"(?:[^.!?;{}]|\{[^}]*\}|[.!?;](?=[^\s]))+[.!?;]*")
_ORDER = r"(?P<order>#W\d+)"
_THING = re.compile(r"([^{};]+?)\s*(\{[^}]*\})?(?:\s+to\s+(\{[^}]*\}))?\s*;")
_SHAPES: tuple[tuple[GoalKind, re.Pattern[str]], ...] = (
    ("cancel", re.compile(rf"Cancel order {_ORDER} because (?P<reason>[\w ]+)\.")),
    ("change_address", re.compile(rf"For {_ORDER}, change address to (?P<address>\{{[^}}]*\}})(?: \(same as (?P<same>[^)]*)\))?\.")),
    ("change_payment", re.compile(rf"For {_ORDER}, change payment to (?P<method>\w+)\.")),
    ("change_items", re.compile(rf"For {_ORDER}, modify (?P<things>(?:[^{{}};.#]+ \{{[^}}]*\}} to \{{[^}}]*\}}; )+)via (?P<method>\w+)\.")),
    ("exchange", re.compile(rf"For {_ORDER}, exchange (?P<things>(?:[^{{}};.#]+ \{{[^}}]*\}} to \{{[^}}]*\}}; )+)via (?P<method>\w+)\.")),
    ("return", re.compile(rf"Return {_ORDER} via (?P<method>\w+): (?P<things>(?:[^{{}};.#:]+(?: \{{[^}}]*\}})?; ?)+)")),
    ("change_customer_address", re.compile(r"(?:For your account, )?[Cc]hange (?:your )?user address to (?P<address>\{[^}]*\})(?: \(same as (?P<same>[^)]*)\))?\.")),
)  # fmt: skip
_NAME = re.compile(r"(?:[Yy]our name is|[Yy]ou are|[Yy]ou're|[Nn]ame:) ([A-Z][\w'-]+) ([A-Z][\w'-]+)")
_ZIP = re.compile(r"\b(?:zip(?:\s*code)?|postcode|postal code|in|at|from|living in)(?: is| of|:)?\s+(\d{5})\b", re.I)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TRAITS = re.compile(r"^You are (?:an? )?[a-z][a-z-]+(?:(?:,? and |, ?| )[a-z][a-z-]+)*\.?$")
_CONDITION = re.compile(r"^(?:if|otherwise|unless|when|only if|in case|should)\b", re.I)
_MANNER = re.compile(
    r"^(?:you are|you're|you)\b.*\b(?:personality|talkative|polite|rude|angry|mood|style|words|brief|emotional)\b", re.I
)
_UNKNOWN = re.compile(
    r"(?:do not|don't|cannot|can't|not) (?:remember|recall|know|have)[^.]*?\b(e-?mail|zip|order|user id)", re.I
)
_FIRST: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.I if lower else 0), by)
    for pattern, by, lower in (
        (r"\byou are\b", "I am", True), (r"\byou're\b", "I'm", True), (r"\byou were\b", "I was", True),
        (r"\byou've\b", "I've", True), (r"\byou'd\b", "I'd", True), (r"\byou'll\b", "I'll", True),
        (r"\byourself\b", "myself", True), (r"\byours\b", "mine", True), (r"\byour\b", "my", True),
        (r"\b(to|for|with|from|of|by|at|on|about|tell|give|let|send|charge|refund) you\b", r"\1 me", True),
        (r"\byou\b", "I", True),
        (r"\b(?:the )?(?:customer service )?agent\b", "you", True),
    )
)  # fmt: skip
_WANTS = re.compile(r"^(?:i|my|please|we|they|it|the|there|also,? i)\b", re.I)


@dataclass(frozen=True, slots=True)
class Thing:
    """An item that a goal is about: its name and options, and those of what is wanted for it."""

    name: str
    options: Mapping[str, str] = field(default_factory=dict)
    to: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """One thing wanted. Of a sentence in plain words only `words` and the order numbers in it are known."""

    kind: GoalKind
    words: str
    order_ids: tuple[str, ...] = ()
    things: tuple[Thing, ...] = ()
    method: str = ""
    reason: str = ""
    address: Mapping[str, str] | None = None
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class Persona:
    """All that a simulated customer knows."""

    first_name: str = ""
    last_name: str = ""
    zip: str = ""
    email: str = ""
    traits: tuple[str, ...] = ()
    goals: tuple[Goal, ...] = ()
    conditions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def persona_of(instruction: str) -> Persona:
    """The instruction taken apart."""
    goals, rest = _shaped(" ".join(instruction.split()))
    name, zip_code, email = _NAME.search(rest), _ZIP.search(rest), _EMAIL.search(rest)
    traits: tuple[str, ...] = ()
    plain, conditions = [], []
    for sentence in _sentences(rest):
        if _TRAITS.match(sentence):
            traits += tuple(re.findall(r"[a-z-]+", sentence.removeprefix("You are ")))
        elif _CONDITION.match(sentence):
            conditions.append(first_person(sentence))
        elif not _about_self(sentence):
            plain.append(Goal("other", _as_wish(sentence), tuple(re.findall(r"#?W\d{5,}", sentence))))
    unknown = tuple(word.casefold().replace("-", "") for word in _UNKNOWN.findall(rest))
    first, last = (name[1], name[2]) if name else ("", "")
    return Persona(
        first, last, zip_code[1] if zip_code else "", email[0] if email else "", traits, (*goals, *plain),
        tuple(conditions), unknown,
    )  # fmt: skip


def first_person(sentence: str) -> str:
    """A sentence to somebody as that person's own: "you want your money" is "I want my money"."""
    for pattern, by in _FIRST:
        sentence = pattern.sub(by, sentence)
    return sentence[:1].upper() + sentence[1:]


def _shaped(text: str) -> tuple[tuple[Goal, ...], str]:
    """The goals whose shape is known, in their order, and the text without them."""
    found: list[tuple[int, int, Goal]] = []
    for kind, shape in _SHAPES:
        found += [(hit.start(), hit.end(), _goal(kind, hit)) for hit in shape.finditer(text)]
    found.sort(key=lambda one: one[0])
    rest, place = "", 0
    for start, end, _ in found:
        rest, place = rest + text[place:start], end
    return tuple(goal for *_, goal in found), rest + text[place:]


def _goal(kind: GoalKind, hit: re.Match[str]) -> Goal:
    parts = {name: text for name, text in hit.groupdict().items() if text}
    address = _dict(parts["address"]) if "address" in parts else None
    return Goal(
        kind,
        hit[0].strip(),
        (parts["order"],) if "order" in parts else (),
        tuple(_things(parts.get("things", ""))),
        parts.get("method", ""),
        parts.get("reason", ""),
        {name: value for name, value in address.items() if name not in ("order_id", "user_id")} if address else None,
        parts.get("same", ""),
    )


def _things(text: str) -> Iterator[Thing]:
    for name, options, to in _THING.findall(text if text.rstrip().endswith(";") else f"{text};"):
        yield Thing(name.strip(), _dict(options) if options else {}, _dict(to) if to else None)


def _dict(text: str) -> dict[str, str]:
    found: dict[str, Any] = ast.literal_eval(text)
    return {str(name): str(value) for name, value in found.items()}


def _sentences(text: str) -> list[str]:
    return [one.strip() for one in _SENTENCE.findall(text) if re.search(r"\w", one)]


def _about_self(sentence: str) -> bool:
    """Whether a sentence says only who the customer is, how they talk or what they have forgotten."""
    bare = _EMAIL.sub("", sentence)
    named = _NAME.search(bare) and not re.search(
        r"\b(?:want|would like|wish|need|return|exchange|cancel)\b", bare, re.I
    )
    told = re.match(r"your (?:e-?mail|zip(?: ?code)?|name|user id)\b", sentence, re.I)
    return bool(named or told or _MANNER.match(sentence) or _UNKNOWN.search(sentence))


def _as_wish(sentence: str) -> str:
    """A sentence as the customer's own; an order to them becomes a wish."""
    own = first_person(sentence)
    if _WANTS.match(own) or not re.match(r"[A-Z][a-z]+\b", own):
        return own
    return f"I'd like to {own[0].lower()}{own[1:]}"

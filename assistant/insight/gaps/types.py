"""What the gaps are handed out as."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from catalog import Locale

List = Literal["not_carried", "nothing_fits", "out_of_stock", "unanswered", "attributes"]
"""The kinds of gaps, and the attributes asked for that listings lack, over all products."""
State = Literal["open", "filled", "gone"]
"""Whether the catalogue still lacks it, has it now, or no longer has the product that it was about."""

LISTS: tuple[List, ...] = ("not_carried", "nothing_fits", "out_of_stock", "unanswered", "attributes")
Named = Mapping[Locale, str]


@dataclass(frozen=True, slots=True)
class Example:
    """A turn in which it was wanted; `said` are the shopper's words, masked."""

    session_id: str
    turn_id: str
    at: datetime
    said: str


@dataclass(frozen=True, slots=True)
class Nearest:
    """The product that came nearest in the newest example: `missed_minor` is its price's distance from the limit,
    `states` what its listing has instead.
    """

    product_id: str
    title: Named
    missed_minor: int | None
    states: str


@dataclass(frozen=True, slots=True)
class Part:
    """How many conversations wanted it of one kind of thing."""

    name: Named
    conversations: int


@dataclass(frozen=True, slots=True)
class Lacking:
    """Of `of` products that were looked at, `lacking` do not state an attribute."""

    lacking: int
    of: int


@dataclass(frozen=True, slots=True)
class Item:
    """One thing wanted, first and last in conversations of those days. `before` counts the conversations of the period before, `days` those of each day of this one.

    `parts` are the kinds of thing it was wanted of; `asked` are the products it was asked about, `category` those of the
    category that most of them are of, or a part of these where they are many.
    """

    key: str
    name: Named
    conversations: int
    turns: int
    before: int
    days: tuple[int, ...]
    first: str
    last: str
    state: State
    examples: tuple[Example, ...]
    product_id: str | None = None
    product: Named | None = None
    nearest: Nearest | None = None
    parts: tuple[Part, ...] = ()
    asked: Lacking | None = None
    category: Lacking | None = None
    category_name: Named | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One list, most wanted first: `items` of `total` things, wanted in `conversations`."""

    list: List
    items: tuple[Item, ...]
    total: int
    conversations: int


@dataclass(frozen=True, slots=True)
class Report:
    """All lists. `conversations` are those in which anything was missing; `currency` is the shop's."""

    lists: tuple[Listed, ...]
    conversations: int
    currency: str

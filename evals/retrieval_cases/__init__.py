"""Cases for retrieval: a request, what may come back, and what ought to. Built from data sets by rules, never stored."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from catalog import Constraint, Locale

Split = Literal["dev", "test"]


@dataclass(frozen=True, slots=True)
class Case:
    """One request over the catalogue `source`, with the gain of every product that answers it: 1, or less for a near one.

    `constraints` go to the search; `spoken` are meant too, but stand in the text alone. Cases of one `group` are the same
    wish in other words.
    """

    id: str
    group: str
    source: str
    locale: Locale
    text: str
    gains: Mapping[str, float]
    constraints: tuple[Constraint, ...] = ()
    spoken: tuple[Constraint, ...] = ()

    @property
    def split(self) -> Split:
        return split_of(self.group)


def split_of(group: str) -> Split:
    """Half of all groups are for development; the others are never looked at case by case."""
    return "dev" if hashlib.sha256(group.encode()).digest()[0] % 2 == 0 else "test"

"""What shifts are counted from and handed out as."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from assistant.insight.intervals import Difference
from catalog import Locale

Size = Literal["small", "medium", "large"]
Span = Literal["period", "week"]


@dataclass(frozen=True, slots=True)
class Tally:
    """Conversations of a period, counted by what they are like.

    `spread` holds for each measure how many conversations have each of its values, of which each has one at most; `had`
    in how many something was so at least once, of all `conversations`.
    """

    conversations: int
    spread: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    had: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cell:
    """The share of conversations that have a value, in both periods."""

    value: str
    before: float
    now: float


@dataclass(frozen=True, slots=True)
class Shift:
    """One measure in two periods; `value` is what moved most, `cells` all values, the most moved first.

    `psi` is the population stability index, `divergence` Jensen and Shannon's in bits, `p` the chance of so much by
    chance alone, and `q` the same with regard to all that was looked at. `found` where it is taken for a shift.
    """

    measure: str
    value: str
    before: float
    now: float
    n_before: int
    n_now: int
    change: Difference
    psi: float
    divergence: float
    p: float
    q: float
    size: Size
    found: bool
    cells: tuple[Cell, ...]
    words: Mapping[Locale, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A period beside the one of the same length before it: every measure that could be compared, the surest first.

    `too_few` are the measures of which there was too little in one of them.
    """

    span: Span
    since: date
    until: date
    before_since: date
    before_until: date
    conversations: int
    conversations_before: int
    shifts: tuple[Shift, ...]
    too_few: tuple[str, ...]

"""What the figures are handed out as: an overview, lines of a breakdown, the conversations behind a figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assistant.insight.filters import Filters
from assistant.insight.intervals import Difference
from assistant.insight.measures import Measures

By = Literal["day", "locale", "category", "product", "position", "model", "prompt", "ranker", "arm"]
Measure = Literal[
    "conversations", "slate", "impression", "view", "click", "cart", "purchase", "dwell", "offered", "answered",
    "rated", "satisfied", "dissatisfied", "agent_rated", "agent_dissatisfied", "promoter", "detractor", "thumbs_up",
    "thumbs_down", "no_match", "failed", "handoff",
]  # fmt: skip
"""What conversations can be asked for by: those in which it was so at least once."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of a period beside those of the period before; `kept_at` is when the figures last learnt of news.

    `behind` conversations have news that the figures do not know yet. `currency` is what the shop is paid in, "" where
    nothing with a price was shown.
    """

    filters: Filters
    now: Measures
    before: Measures
    changes: Mapping[str, Difference]
    currency: str
    kept_at: datetime | None
    behind: int


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one value of a dimension; NONE where it is empty."""

    value: str
    measures: Measures


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Lines of a dimension, `total` of them in all, from `offset` on.

    Days and positions are in their order, other values by their conversations, products by impressions, the most first.
    """

    by: By
    lines: tuple[Line, ...]
    total: int
    offset: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation behind a figure. `score` is 0 to 1, `first_message` what it began with, `kinds` its replies'."""

    session_id: str
    started_at: datetime
    locale: str
    who: str
    category: str
    first_message: str
    kinds: tuple[str, ...]
    turns: int
    score: float | None
    clicks: int
    carts: int
    purchases: int
    revenue_minor: int


@dataclass(frozen=True, slots=True)
class Conversations:
    """One page of conversations, newest first; `after` is what to ask the next page with, None on the last."""

    rows: tuple[Conversation, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What filters can be set to: only values that occur in the period, the most frequent first; positions in order."""

    locales: tuple[str, ...]
    categories: tuple[str, ...]
    models: tuple[str, ...]
    prompts: tuple[str, ...]
    rankers: tuple[str, ...]
    arms: tuple[str, ...]
    products: tuple[str, ...]
    positions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reasons:
    """How many thumbs down gave each reason, the most given first, of `total` that gave any."""

    total: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Corrected:
    """Satisfaction as it would be had everybody answered who might have, by post-stratification; None without answers.

    `n` answered of `population` conversations; the weights leave as much certainty as `effective_n` answers would.
    `strata` is in how many groups the answers were weighted.
    """

    n: int
    population: int
    effective_n: float
    share: float | None
    low: float | None
    high: float | None
    score: float | None
    strata: int

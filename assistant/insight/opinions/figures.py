"""Figures of opinions: how many praise and how many complain, by aspect, product and day, and the words behind them.

An opinion counts on the day on which it was said, for its language and its product. What only conversations have (category,
model, prompt, ranker, arm, position) leaves those of conversations that began in the period and have it, and no reviews.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Engine, Float, case, func, literal, select

from assistant.insight.behind import page_of
from assistant.insight.filters import Filters
from assistant.insight.intervals import Difference, Share, difference_of_shares, share
from assistant.insight.opinions.sentiment import ZONE
from assistant.insight.reading import each_day, generation, matching, snapshot
from assistant.insight.views import Conversations
from assistant.record.figure_tables import FactsRow
from assistant.record.insight_tables import OpinionRow

Side = Literal["negative", "positive", "neutral"]
_O = OpinionRow
_BAD, _GOOD = _O.polarity <= literal(-ZONE, Float), _O.polarity >= literal(ZONE, Float)
_SIDES: dict[Side, ColumnElement[bool]] = {"negative": _BAD, "positive": _GOOD, "neutral": ~_BAD & ~_GOOD}
_OF_CONVERSATIONS = ("category", "model", "prompt", "ranker", "arm", "position")
_NOTHING = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Sides:
    """`n` opinions, and which share of them complains and praises; the others do neither."""

    n: int
    negative: Share
    positive: Share


@dataclass(frozen=True, slots=True)
class Opined:
    """What is thought of one aspect or product, now and in the period before; `change` is that of complaints."""

    value: str
    now: Sides
    before: Sides
    change: Difference


@dataclass(frozen=True, slots=True)
class Day:
    """The opinions of one day."""

    day: str
    sides: Sides


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence with an opinion in it; `session_id` is the conversation it is from, if any."""

    id: int
    source: str
    aspect: str
    polarity: float
    words: str
    locale: str
    product_id: str | None
    session_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Quotes:
    """One page of quotes, the newest first, of `total`."""

    lines: tuple[Quote, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Which opinions beside the filters: of an aspect, a side, a source; None for any."""

    aspect: str | None = None
    side: Side | None = None
    source: str | None = None


class OpinionFigures:
    """Reads the opinions of a record."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def total(self, filters: Filters, asked: Asked | None = None) -> Opined:
        """All opinions."""
        with snapshot(self._engine) as connection:
            now, before = (_sides(_count(connection, one, asked)) for one in (filters, filters.before()))
        return Opined("", now, before, difference_of_shares(now.negative, before.negative))

    def by_aspect(self, filters: Filters, asked: Asked | None = None) -> tuple[Opined, ...]:
        """Each aspect that is spoken of, the most complained of first."""
        return self._by(_O.aspect, filters, asked)

    def by_product(self, filters: Filters, asked: Asked | None = None, limit: int | None = 20) -> tuple[Opined, ...]:
        """Products that opinions are known to be about, the most complained of first; all of them without a limit."""
        return self._by(_O.product_id, filters, asked)[:limit]

    def series(self, filters: Filters, asked: Asked | None = None) -> tuple[Day, ...]:
        """Each day of the period."""
        with snapshot(self._engine) as connection:
            found = _by(connection, _O.day, filters, asked)
        return tuple(Day(day, _sides(found.get(day, _NOTHING))) for day in (d.isoformat() for d in each_day(filters)))

    def quotes(self, filters: Filters, asked: Asked | None = None, *, limit: int = 20, offset: int = 0) -> Quotes:
        """The sentences behind a figure."""
        with snapshot(self._engine) as connection:
            where = _conditions(connection, filters, asked)
            total = connection.scalar(select(func.count()).select_from(_O).where(*where)) or 0
            found = select(_O).where(*where).order_by(_O.day.desc(), _O.at.desc(), _O.id.desc())
            rows = connection.execute(found.limit(limit).offset(offset)).all()
        return Quotes(tuple(_quote(row) for row in rows), total)

    def conversations(self, filters: Filters, asked: Asked | None, after: str | None, limit: int) -> Conversations:
        """One page of the conversations in which such opinions were said; ValueError for a wrong `after`."""
        with snapshot(self._engine) as connection:
            said = select(_O.session_id).where(*_conditions(connection, filters, asked), _O.session_id.is_not(None))
            facts = select(FactsRow).where(FactsRow.generation == generation(connection))
            return page_of(connection, facts.where(FactsRow.session_id.in_(said)), after, limit)

    def of_none(self, filters: Filters, asked: Asked | None = None) -> int:
        """How many opinions belong to no conversation: those of reviews."""
        with snapshot(self._engine) as connection:
            where = (*_conditions(connection, filters, asked), _O.session_id.is_(None))
            return connection.scalar(select(func.count()).select_from(_O).where(*where)) or 0

    def _by(self, column: Any, filters: Filters, asked: Asked | None) -> tuple[Opined, ...]:
        with snapshot(self._engine) as connection:
            now, before = (_by(connection, column, one, asked) for one in (filters, filters.before()))
        lines = [_opined(value, now[value], before.get(value, _NOTHING)) for value in now]
        return tuple(sorted(lines, key=lambda line: (-line.now.negative.count, -line.now.n, line.value)))


def _opined(value: str, now: Sequence[int], before: Sequence[int]) -> Opined:
    mine, earlier = _sides(now), _sides(before)
    return Opined(value, mine, earlier, difference_of_shares(mine.negative, earlier.negative))


def _sides(counted: Sequence[int]) -> Sides:
    n, negative, positive = counted
    return Sides(n, share(negative, n), share(positive, n))


def _count(connection: Connection, filters: Filters, asked: Asked | None) -> tuple[int, int, int]:
    row = connection.execute(select(*_sums()).where(*_conditions(connection, filters, asked))).one()
    return (row.n, row.negative or 0, row.positive or 0)


def _by(connection: Connection, column: Any, filters: Filters, asked: Asked | None) -> dict[str, tuple[int, int, int]]:
    where = (*_conditions(connection, filters, asked), column.is_not(None))
    rows = connection.execute(select(column.label("value"), *_sums()).where(*where).group_by(column))
    return {row.value: (row.n, row.negative, row.positive) for row in rows}


def _sums() -> tuple[ColumnElement[int], ...]:
    return (
        func.count().label("n"),
        func.sum(case((_BAD, 1), else_=0)).label("negative"),
        func.sum(case((_GOOD, 1), else_=0)).label("positive"),
    )


def _conditions(connection: Connection, filters: Filters, asked: Asked | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [_O.day.between(filters.since.isoformat(), filters.until.isoformat())]
    asked = asked or Asked()
    equal = {
        _O.who: filters.who if filters.who != "all" else None,
        _O.aspect: asked.aspect,
        _O.source: asked.source,
        _O.product_id: filters.product,
        _O.locale: filters.locale,
    }
    found += [column == value for column, value in equal.items() if value]
    if asked.side is not None:
        found.append(_SIDES[asked.side])
    if any(getattr(filters, name) is not None for name in _OF_CONVERSATIONS):
        whole = replace(filters, product=None, locale=None)
        own = select(FactsRow.id).where(FactsRow.session_id == _O.session_id)  # opinions are fewer than conversations
        found.append(matching(whole, generation(connection), own, each=True).exists())
    return found


def _quote(row: Any) -> Quote:
    return Quote(
        row.id, row.source, row.aspect, row.polarity, row.quote, row.locale, row.product_id, row.session_id, row.at
    )

"""Hourly counts of what alerts watch, kept in the record so that a check reads little; all of it can be counted anew.

What is counted lately is counted again, since a turn may end after its hour. What takes time to come, a click or a purchase,
is given the same time everywhere, so that the last hours are not short of it: their series end so much earlier. Complaints
are not kept: opinions are read later than they are said, and are few.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    and_,
    case,
    delete,
    exists,
    extract,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from assistant.insight.opinions.sentiment import ZONE
from assistant.record.database import writing
from assistant.record.insight_tables import OfferRow, OpinionRow, WatchedRow
from assistant.record.ratings import last_thumb
from assistant.record.tables import (
    DeskEventRow,
    EventRow,
    ImpressionRow,
    RatingRow,
    ReplyRow,
    SessionRow,
    TicketRow,
    TurnRow,
)

HISTORY = timedelta(days=36)  # a week, the four weeks before it, and a day to spare
TALKS = "talks"  # sessions in which something was said: the trials of complaints
_LAGS = {"clicked": timedelta(hours=1), "bought": timedelta(hours=24)}
_AGAIN = timedelta(hours=3) + max(_LAGS.values())
_CHUNK = timedelta(days=1)
_PEOPLE = ("person", "complaint", "service", "approval", "safety")
_SEARCHES = ("recommend", "no_match")
_LOW = 0.25
_T, _R = TurnRow, RatingRow

_TO_PEOPLE = exists().where(DeskEventRow.turn_id == _T.id)  # what is said to people of the shop is not answered by us
_SHOWN = exists().where(ImpressionRow.turn_id == _T.id)
_OF_TURNS: Mapping[str, ColumnElement[bool]] = {
    "failed": or_(ReplyRow.failure.is_not(None), and_(ReplyRow.turn_id.is_(None), ~_TO_PEOPLE)),
    "no_match": ReplyRow.kind == "no_match",
    "zero_results": and_(ReplyRow.kind.in_(_SEARCHES), ~_SHOWN),
    "handoff": exists().where(TicketRow.turn_id == _T.id, TicketRow.kind.in_(_PEOPLE)),
}
_OF_RATINGS: Mapping[str, ColumnElement[bool]] = {"low_rating": _R.score <= _LOW, "thumbs_down": _R.value == "down"}
_RATED: Mapping[str, ColumnElement[bool]] = {
    "low_rating": and_(_R.score.is_not(None), or_(_R.subject.is_(None), _R.subject != "agent")),
    "thumbs_down": last_thumb(),
}
"""Which turns and ratings are hits, and of which ratings."""

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Series:
    """Counts of consecutive hours, the oldest first."""

    trials: Counts
    hits: Counts


class Hours:
    """The hourly counts of a record."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def count(self) -> None:
        """Count the hours that have begun since the last time, and the last ones again."""
        now = hour_of(self._clock())
        with self._engine.connect() as connection:
            last = connection.scalar(select(func.max(WatchedRow.hour)))
        since = max(moment_of(last) - _AGAIN, now - HISTORY) if last else now - HISTORY
        while since <= now:
            until = min(since + _CHUNK, now + timedelta(hours=1))
            self._count(since, until)
            since = until

    def series(self, name: str, until: datetime) -> Series:
        """The counts of the hours before `until`, as many as are remembered; of what takes time, so much earlier."""
        until -= lag_of(name)
        start = until - HISTORY
        found = select(WatchedRow.hour, WatchedRow.trials, WatchedRow.hits)
        found = found.where(WatchedRow.series == name, WatchedRow.hour.between(name_of(start), name_of(until)))
        with self._engine.connect() as connection:
            rows = connection.execute(found).all()
        return _series(start, until, ((row.hour, row.trials, row.hits) for row in rows))

    def complaints(self, by: str, until: datetime) -> Mapping[str, Series]:
        """For each aspect or product the conversations with a complaint about it, of all; by hours."""
        start, column = until - HISTORY, OpinionRow.aspect if by == "aspect" else OpinionRow.product_id
        talks = self.series(TALKS, until)
        with self._engine.connect() as connection:
            hour = hour_in(connection, OpinionRow.at)
            found = (
                select(
                    column.label("about"),
                    hour.label("hour"),
                    func.count(OpinionRow.session_id.distinct()).label("hits"),
                )
                .where(
                    OpinionRow.day.between(start.date().isoformat(), until.date().isoformat()),
                    OpinionRow.who == "shopper",
                )
                .where(OpinionRow.source != "review", OpinionRow.polarity <= -ZONE, column.is_not(None))
                .group_by(column, hour)
            )
            rows = connection.execute(found).all()
        about: dict[str, list[tuple[str, int, int]]] = {}
        for row in rows:
            about.setdefault(row.about, []).append((row.hour, 0, row.hits))
        return {name: _among(talks, _series(start, until, iter(some)).hits) for name, some in about.items()}

    def _count(self, since: datetime, until: datetime) -> None:
        with self._engine.connect() as connection:  # what takes long is read while others may write
            rows = [row for found in _counted(connection, since, until) for row in _rows(connection, found)]
        with writing(self._engine).begin() as connection:
            kept = WatchedRow.hour >= name_of(since), WatchedRow.hour < name_of(until)
            connection.execute(delete(WatchedRow).where(*kept))
            connection.execute(delete(WatchedRow).where(WatchedRow.hour < name_of(self._clock() - HISTORY)))
            rows.append({"hour": name_of(until - timedelta(hours=1)), "series": "", "trials": 0, "hits": 0})
            connection.execute(insert(WatchedRow), rows)


def lag_of(name: str) -> timedelta:
    """How long is waited for the hits of a series."""
    return _LAGS.get(name, timedelta(0))


def sessions(watched: str, since: datetime, until: datetime) -> Select[Any]:
    """The conversations of a series' hits from `since` to `until`, without complaints; a rating may belong to none.

    Of a series that falls they are those without a hit.
    """
    if watched in _OF_TURNS:
        found = select(_T.session_id).outerjoin(ReplyRow, ReplyRow.turn_id == _T.id)
        return found.where(_T.started_at >= since, _T.started_at < until, _OF_TURNS[watched])
    if watched in _LAGS:
        return _without(watched, since, until)
    of = func.coalesce(_T.session_id, OfferRow.session_id)
    found = (
        select(of).select_from(_R).outerjoin(_T, _T.id == _R.turn_id).outerjoin(OfferRow, OfferRow.id == _R.offer_id)
    )
    return found.where(_R.at >= since, _R.at < until, of.is_not(None), _RATED[watched], _OF_RATINGS[watched])


def _without(watched: str, since: datetime, until: datetime) -> Select[Any]:
    """The conversations of that time in which nothing was clicked on a shelf, or nothing was bought until now."""
    own = aliased(_T)
    done = select(EventRow.turn_id).join(own, own.id == EventRow.turn_id).where(EventRow.mark.is_(None))
    found = select(_T.session_id)
    if watched == "clicked":
        clicked = done.where(own.id == _T.id, EventRow.kind == "click").exists()
        return found.where(_T.started_at >= since, _T.started_at < until, _SHOWN, ~clicked)
    bought = done.where(own.session_id == SessionRow.id, EventRow.kind == "purchase").exists()
    began = found.join(SessionRow, SessionRow.id == _T.session_id)
    return began.where(SessionRow.started_at >= since, SessionRow.started_at < until, ~bought)


def hour_of(moment: datetime) -> datetime:
    """The hour, in UTC, in which a moment lies."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def name_of(moment: datetime) -> str:
    """An hour as it is kept: 2026-11-28T09."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H")


def moment_of(name: str) -> datetime:
    """The hour of that name."""
    return datetime.strptime(name, "%Y-%m-%dT%H").replace(tzinfo=UTC)


def hour_in(connection: Connection, column: Any) -> ColumnElement[str]:
    """The hour of a moment in the database."""
    if connection.dialect.name == "postgresql":
        return func.to_char(func.timezone("UTC", column), 'YYYY-MM-DD"T"HH24')
    return func.strftime("%Y-%m-%dT%H", column)


def _seconds(connection: Connection, since: Any, until: Any) -> ColumnElement[Any]:
    """How long it is from one moment to another, in the database."""
    if connection.dialect.name == "postgresql":
        return extract("epoch", until - since)
    return (func.julianday(until) - func.julianday(since)) * 86_400


def _series(start: datetime, until: datetime, rows: Iterator[tuple[str, int, int]]) -> Series:
    hours = int((until - start) / timedelta(hours=1))
    trials, hits = np.zeros(hours, dtype=np.int64), np.zeros(hours, dtype=np.int64)
    for name, n, x in rows:
        place = int((moment_of(name) - start) / timedelta(hours=1))
        if 0 <= place < hours:
            trials[place], hits[place] = n, x
    return Series(trials, np.minimum(hits, trials) if trials.any() else hits)


def _among(talks: Series, hits: Counts) -> Series:
    return Series(np.maximum(talks.trials, hits), hits)


def _rows(connection: Connection, found: tuple[str, Select[Any]]) -> Iterator[dict[str, Any]]:
    name, counted = found
    for row in connection.execute(counted):
        yield {"hour": row.hour, "series": name, "trials": row.trials, "hits": min(row.hits or 0, row.trials)}


def _counted(connection: Connection, since: datetime, until: datetime) -> Iterator[tuple[str, Select[Any]]]:
    """What each series counts, by hours."""
    said = hour_in(connection, _T.started_at)
    turns = (
        select(said.label("hour"))
        .select_from(_T)
        .join(SessionRow, SessionRow.id == _T.session_id)
        .where(_T.started_at >= since, _T.started_at < until, SessionRow.mark.is_(None))
        .group_by(said)
    )
    answered = turns.outerjoin(ReplyRow, ReplyRow.turn_id == _T.id)
    searched = answered.where(ReplyRow.kind.in_(_SEARCHES))
    handed = func.count(case((_OF_TURNS["handoff"], _T.session_id)).distinct())
    yield "failed", answered.add_columns(*_of(_OF_TURNS["failed"]))
    yield "no_match", answered.add_columns(*_of(_OF_TURNS["no_match"]))
    yield "zero_results", searched.add_columns(*_of(_OF_TURNS["zero_results"]))
    yield "handoff", turns.add_columns(_talks("trials"), handed.label("hits"))
    yield TALKS, turns.add_columns(_talks("trials"), _talks("hits"))
    yield "clicked", turns.where(_SHOWN).add_columns(*_of(_done(connection, "click", _T.started_at)))
    yield from _bought(connection, since, until)
    yield from _rated(connection, since, until)


def _bought(connection: Connection, since: datetime, until: datetime) -> Iterator[tuple[str, Select[Any]]]:
    began = hour_in(connection, SessionRow.started_at)
    talks = (
        select(began.label("hour"))
        .where(SessionRow.started_at >= since, SessionRow.started_at < until, SessionRow.mark.is_(None))
        .where(exists().where(_T.session_id == SessionRow.id))
        .group_by(began)
    )
    yield "bought", talks.add_columns(*_of(_done(connection, "purchase", SessionRow.started_at)))


def _done(connection: Connection, kind: str, since: Any) -> ColumnElement[bool]:
    """Whether a shopper did so in time: by the turn from its start, by any turn of a conversation from the conversation's."""
    lag = _LAGS["clicked" if kind == "click" else "bought"]
    so = EventRow.kind == kind, EventRow.mark.is_(None), _seconds(connection, since, EventRow.at) <= lag.total_seconds()
    if kind == "click":
        return exists().where(EventRow.turn_id == _T.id, *so)
    mine = aliased(_T)
    return exists().where(EventRow.turn_id == mine.id, mine.session_id == SessionRow.id, *so)


def _rated(connection: Connection, since: datetime, until: datetime) -> Iterator[tuple[str, Select[Any]]]:
    rated = hour_in(connection, _R.at)
    ratings = (
        select(rated.label("hour"))
        .select_from(_R)
        .outerjoin(_T, _T.id == _R.turn_id)
        .outerjoin(SessionRow, SessionRow.id == _T.session_id)
        .where(_R.at >= since, _R.at < until, SessionRow.mark.is_(None))
        .group_by(rated)
    )
    for name, hit in _OF_RATINGS.items():
        yield name, ratings.where(_RATED[name]).add_columns(*_of(hit))


def _of(hit: ColumnElement[bool]) -> Sequence[ColumnElement[int]]:
    return func.count().label("trials"), func.sum(case((hit, 1), else_=0)).label("hits")


def _talks(label: str) -> ColumnElement[int]:
    return func.count(_T.session_id.distinct()).label(label)

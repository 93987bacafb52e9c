"""What came of conversations, as rows to be summed: for those that met an experiment, or for all of a period.

A measure is a row of y out of n at a moment; docs/experiments.md says of what. Knows no statistics. Visits that are marked
as a bot's or the shop's own count for nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Engine,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from assistant.record.insight_tables import ExposureRow, OfferRow
from assistant.record.ratings import last_thumb
from assistant.record.tables import (
    EventRow,
    ImpressionRow,
    RatingRow,
    ReplyRow,
    SessionRow,
    TicketRow,
    TurnRow,
)

_TO_PEOPLE = ("person", "complaint", "service", "approval", "safety")
_SATISFIED = 0.75

Members = Select[str, str, str, datetime]
"""Conversation, unit, arm and the moment from which it counts."""


@dataclass(frozen=True, slots=True)
class Member:
    """A conversation that is counted, from a moment on; `unit` is its shopper, else itself."""

    session_id: str
    unit: str
    arm: str
    at: datetime


class Counted(NamedTuple):
    """So much of so much, in a conversation on a day (UTC, YYYY-MM-DD)."""

    session_id: str
    day: str
    y: float
    n: float


@dataclass(frozen=True, slots=True)
class TeamClick:
    """A click on a product that one of two interleaved rankings had picked."""

    session_id: str
    at: datetime
    team: str


class Outcomes:
    """Reads what came of conversations from one record; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def engine(self) -> Engine:
        """The database that is read."""
        return self._engine

    def met(self, experiment_id: str) -> list[Member]:
        """The conversations that met an experiment, in the order they did."""
        return self._members(_met(experiment_id))

    def since(self, moment: datetime) -> list[Member]:
        """The conversations that began since then and were shown something."""
        return self._members(_since(moment))

    def counted(
        self, measure: str, *, experiment_id: str | None = None, since: datetime | None = None
    ) -> list[Counted]:
        """The rows of a measure, of the conversations that met an experiment or of those that began `since` then."""
        scope = _met(experiment_id) if experiment_id is not None else _since(since)
        session_id, at, y, n = union_all(*MEASURES[measure](scope.subquery())).subquery().c
        day = self._day(at)
        query = select(session_id, day, func.sum(y), func.sum(n)).where(at.is_not(None)).group_by(session_id, day)
        with self._engine.connect() as connection:
            return [Counted(id, on, float(y or 0), float(n or 0)) for id, on, y, n in connection.execute(query).all()]

    def _day(self, moment: ColumnElement[Any]) -> ColumnElement[str]:
        if self._engine.dialect.name == "postgresql":
            return func.to_char(func.timezone("UTC", moment), "YYYY-MM-DD")
        return func.substr(cast(moment, Text), 1, 10)

    def team_clicks(self, experiment_id: str) -> list[TeamClick]:
        """The clicks of an interleaved experiment, each product of a turn once."""
        members = _met(experiment_id).subquery()
        query = (
            select(TurnRow.session_id, func.min(EventRow.at), ImpressionRow.team)
            .select_from(members)
            .join(TurnRow, TurnRow.session_id == members.c.session_id)
            .join(ImpressionRow, ImpressionRow.turn_id == TurnRow.id)
            .join(EventRow, _of_impression("click"))
            .where(ImpressionRow.team.is_not(None))
            .group_by(TurnRow.session_id, ImpressionRow.id, ImpressionRow.team)
        )
        with Session(self._engine) as session:
            return [TeamClick(id, at, team) for id, at, team in session.execute(query) if team is not None]

    def _members(self, scope: Members) -> list[Member]:
        with Session(self._engine) as session:
            return [Member(*row) for row in session.execute(scope.order_by("at", "session_id"))]


def _met(experiment_id: str) -> Members:
    return (
        select(ExposureRow.session_id, ExposureRow.unit, ExposureRow.arm, ExposureRow.at.label("at"))
        .join(SessionRow, SessionRow.id == ExposureRow.session_id)
        .where(ExposureRow.experiment_id == experiment_id, SessionRow.mark.is_(None))
    )


def _since(moment: datetime | None) -> Members:
    shown = select(TurnRow.id).join(ImpressionRow, ImpressionRow.turn_id == TurnRow.id)
    return select(
        SessionRow.id.label("session_id"),
        func.coalesce(SessionRow.shopper_id, SessionRow.id).label("unit"),
        literal("").label("arm"),
        SessionRow.started_at.label("at"),
    ).where(
        SessionRow.mark.is_(None),
        SessionRow.started_at >= moment,
        shown.where(TurnRow.session_id == SessionRow.id).exists(),
    )


def _of_impression(kind: str) -> Any:
    return and_(
        EventRow.turn_id == ImpressionRow.turn_id, EventRow.product_id == ImpressionRow.product_id,
        EventRow.kind == kind, EventRow.mark.is_(None),
    )  # fmt: skip


def _conversations(members: Subquery) -> Select[Any]:
    return select(members.c.session_id, members.c.at, literal(0), literal(1))


def _with_event(members: Subquery, kind: str) -> Select[Any]:
    """Conversations in which something was done at least once, when it was first."""
    return (
        select(members.c.session_id, func.min(EventRow.at), literal(1), literal(0))
        .join(TurnRow, TurnRow.session_id == members.c.session_id)
        .join(EventRow, EventRow.turn_id == TurnRow.id)
        .where(EventRow.kind == kind, EventRow.mark.is_(None))
        .group_by(members.c.session_id)
    )


def _ctr(members: Subquery) -> list[Select[Any]]:
    shown = (
        select(members.c.session_id, func.min(ImpressionRow.shown_at), literal(0), func.count())
        .join(TurnRow, TurnRow.session_id == members.c.session_id)
        .join(ImpressionRow, ImpressionRow.turn_id == TurnRow.id)
        .group_by(members.c.session_id, TurnRow.id)
    )
    clicked = (
        select(members.c.session_id, func.min(EventRow.at), literal(1), literal(0))
        .join(TurnRow, TurnRow.session_id == members.c.session_id)
        .join(ImpressionRow, ImpressionRow.turn_id == TurnRow.id)
        .join(EventRow, _of_impression("click"))
        .group_by(members.c.session_id, ImpressionRow.id)
    )
    return [shown, clicked]


def _revenue(members: Subquery) -> list[Select[Any]]:
    priced = func.coalesce(EventRow.amount_minor, func.coalesce(EventRow.quantity, 1) * ImpressionRow.price_minor)
    paid = (
        select(members.c.session_id, EventRow.at, priced, literal(0))
        .join(TurnRow, TurnRow.session_id == members.c.session_id)
        .join(EventRow, EventRow.turn_id == TurnRow.id)
        .outerjoin(
            ImpressionRow,
            and_(ImpressionRow.turn_id == EventRow.turn_id, ImpressionRow.product_id == EventRow.product_id),
        )
        .where(EventRow.kind == "purchase", EventRow.mark.is_(None))
    )
    return [_conversations(members), paid]


def _csat(members: Subquery) -> list[Select[Any]]:
    """The last rating of each conversation that is not of an agent: satisfied from 4 of 5 stars on."""
    where = func.coalesce(TurnRow.session_id, OfferRow.session_id)
    ranked = (
        select(
            where.label("session_id"), RatingRow.at, RatingRow.score,
            func.row_number().over(partition_by=where, order_by=(RatingRow.at.desc(), RatingRow.id.desc())).label("back"),
        )
        .select_from(RatingRow)
        .outerjoin(TurnRow, TurnRow.id == RatingRow.turn_id)
        .outerjoin(OfferRow, OfferRow.id == RatingRow.offer_id)
        .join(members, members.c.session_id == where)
        .where(RatingRow.score.is_not(None), RatingRow.kind != "thumb", func.coalesce(RatingRow.subject, "") != "agent")
    ).subquery()  # fmt: skip
    satisfied = case((ranked.c.score >= _SATISFIED, 1), else_=0)
    return [select(ranked.c.session_id, ranked.c.at, satisfied, literal(1)).where(ranked.c.back == 1)]


def _thumbs(members: Subquery) -> list[Select[Any]]:
    up = case((RatingRow.value == "up", 1), else_=0)
    return [
        select(members.c.session_id, RatingRow.at, up, literal(1))
        .join(TurnRow, TurnRow.session_id == members.c.session_id)
        .join(RatingRow, RatingRow.turn_id == TurnRow.id)
        .where(last_thumb())
    ]


def _turns(members: Subquery, y: Any) -> Select[Any]:
    return (
        select(members.c.session_id, TurnRow.started_at, y, literal(1))
        .join(TurnRow, TurnRow.session_id == members.c.session_id)
        .outerjoin(ReplyRow, ReplyRow.turn_id == TurnRow.id)
    )


def _failed_turns(members: Subquery) -> list[Select[Any]]:
    """Those with a failure, or that were never answered though the conversation went on."""
    later = aliased(TurnRow)
    went_on = exists().where(later.session_id == TurnRow.session_id, later.number > TurnRow.number)
    went_wrong = or_(ReplyRow.failure.is_not(None), and_(ReplyRow.turn_id.is_(None), went_on))
    return [_turns(members, case((went_wrong, 1), else_=0))]


def _no_match(members: Subquery) -> list[Select[Any]]:
    return [_turns(members, case((ReplyRow.kind == "no_match", 1), else_=0))]


def _first_sentence(members: Subquery) -> list[Select[Any]]:
    waited = ReplyRow.timings_ms["first_sentence"].as_float()
    return [_turns(members, waited).where(waited.is_not(None))]


def _handoffs(members: Subquery) -> list[Select[Any]]:
    handed = (
        select(members.c.session_id, func.min(TicketRow.created_at), literal(1), literal(0))
        .join(TicketRow, TicketRow.session_id == members.c.session_id)
        .where(TicketRow.kind.in_(_TO_PEOPLE))
        .group_by(members.c.session_id)
    )
    return [_conversations(members), handed]


MEASURES: dict[str, Callable[[Subquery], Sequence[Select[Any]]]] = {
    "ctr": _ctr,
    "conversion": lambda members: [_conversations(members), _with_event(members, "purchase")],
    "cart_rate": lambda members: [_conversations(members), _with_event(members, "cart")],
    "revenue": _revenue,
    "csat": _csat,
    "thumbs": _thumbs,
    "failed_turns": _failed_turns,
    "handoffs": _handoffs,
    "no_match": _no_match,
    "first_sentence_ms": _first_sentence,
}

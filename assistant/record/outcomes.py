"""What came of conversations, as rows to be summed: for those that met an experiment, or for all of a period.

A measure is a row of y out of n at a moment; docs/experiments.md says of what. Knows no statistics. Visits that are marked
as a bot's or the shop's own count for nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    Engine,
    Select,
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


class Member(NamedTuple):
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
        return self.each_counted((measure,), experiment_id=experiment_id, since=since)[measure]

    def each_counted(
        self, measures: Iterable[str], *, experiment_id: str | None = None, since: datetime | None = None
    ) -> dict[str, list[Counted]]:
        """The rows of several measures. The database looks up the conversations' turns once for all of them."""
        of = _Talks.of(_met(experiment_id) if experiment_id is not None else _since(since))
        wanted = tuple(dict.fromkeys(measures))
        conversations = select(of.members.c.session_id, self._day(of.members.c.at))
        with self._engine.connect() as connection:
            each = [Counted(id, on, 0.0, 1.0) for id, on in connection.execute(conversations).all()]
            found = {measure: each.copy() if measure in OF_CONVERSATIONS else [] for measure in wanted}
            if wanted:
                query = union_all(*(self._counts(measure, of) for measure in wanted))
                for measure, id, on, y, n in connection.execute(query).all():
                    found[measure].append(Counted(id, on, float(y or 0), float(n or 0)))
        return found

    def _counts(self, measure: str, of: "_Talks") -> Select[Any]:
        session_id, at, y, n = union_all(*MEASURES[measure](of)).subquery(measure).c
        day = self._day(at)
        sums = select(literal(measure), session_id, day, func.sum(y), func.sum(n))
        return sums.where(at.is_not(None)).group_by(session_id, day)

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


@dataclass(frozen=True, slots=True)
class _Talks:
    """The conversations that are counted, their turns, these with what was replied to each, and what was put in a cart
    or bought from them.

    A turn is asked for in a way for which no index of conversations helps: SQLite would go through the turns of all
    others too.
    """

    members: CTE
    turns: CTE
    replies: CTE
    deeds: CTE

    @classmethod
    def of(cls, scope: Members) -> "_Talks":
        members = scope.cte("members")
        turns = (
            select(TurnRow.session_id, TurnRow.id, TurnRow.number, TurnRow.started_at)
            .join(members, TurnRow.session_id == func.coalesce(members.c.session_id, ""))
            .cte("member_turns")
        )
        waited = ReplyRow.timings_ms["first_sentence"].as_float()
        said = (ReplyRow.turn_id.label("answered"), ReplyRow.kind, ReplyRow.failure, waited.label("waited_ms"))
        replies = select(turns, *said).outerjoin(ReplyRow, ReplyRow.turn_id == turns.c.id).cte("member_replies")
        done = (
            EventRow.turn_id,
            EventRow.product_id,
            EventRow.kind,
            EventRow.at,
            EventRow.quantity,
            EventRow.amount_minor,
        )
        deeds = select(turns.c.session_id, *done).join(turns, turns.c.id == EventRow.turn_id)
        deeds = deeds.where(EventRow.kind.in_(("cart", "purchase")), EventRow.mark.is_(None))
        return cls(members, turns, replies, deeds.cte("member_deeds"))


def _of_impression(kind: str) -> Any:
    return and_(
        EventRow.turn_id == ImpressionRow.turn_id, EventRow.product_id == ImpressionRow.product_id,
        EventRow.kind == kind, EventRow.mark.is_(None),
    )  # fmt: skip


def _did(of: _Talks, kind: str) -> list[Select[Any]]:
    """Conversations in which something was done at least once, when it was first."""
    deed = of.deeds.c
    first = select(deed.session_id, func.min(deed.at), literal(1), literal(0)).where(deed.kind == kind)
    return [first.group_by(deed.session_id)]


def _ctr(of: _Talks) -> list[Select[Any]]:
    shown = (
        select(of.turns.c.session_id, func.min(ImpressionRow.shown_at), literal(0), func.count())
        .join(ImpressionRow, ImpressionRow.turn_id == of.turns.c.id)
        .group_by(of.turns.c.session_id, of.turns.c.id)
    )
    clicked = (
        select(of.turns.c.session_id, func.min(EventRow.at), literal(1), literal(0))
        .join(ImpressionRow, ImpressionRow.turn_id == of.turns.c.id)
        .join(EventRow, _of_impression("click"))
        .group_by(of.turns.c.session_id, ImpressionRow.id)
    )
    return [shown, clicked]


def _revenue(of: _Talks) -> list[Select[Any]]:
    deed = of.deeds.c
    shown = and_(ImpressionRow.turn_id == deed.turn_id, ImpressionRow.product_id == deed.product_id)
    priced = func.coalesce(deed.amount_minor, func.coalesce(deed.quantity, 1) * ImpressionRow.price_minor)
    paid = select(deed.session_id, deed.at, priced, literal(0)).outerjoin(ImpressionRow, shown)
    return [paid.where(deed.kind == "purchase")]


def _csat(of: _Talks) -> list[Select[Any]]:
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
        .join(of.members, of.members.c.session_id == where)
        .where(RatingRow.score.is_not(None), RatingRow.kind != "thumb", func.coalesce(RatingRow.subject, "") != "agent")
    ).subquery()  # fmt: skip
    satisfied = case((ranked.c.score >= _SATISFIED, 1), else_=0)
    return [select(ranked.c.session_id, ranked.c.at, satisfied, literal(1)).where(ranked.c.back == 1)]


def _thumbs(of: _Talks) -> list[Select[Any]]:
    up = case((RatingRow.value == "up", 1), else_=0)
    return [
        select(of.turns.c.session_id, RatingRow.at, up, literal(1))
        .join(RatingRow, RatingRow.turn_id == of.turns.c.id)
        .where(last_thumb())
    ]


def _of_turns(of: _Talks, y: Any) -> Select[Any]:
    return select(of.replies.c.session_id, of.replies.c.started_at, y, literal(1))


def _failed_turns(of: _Talks) -> list[Select[Any]]:
    """Those with a failure, or that were never answered though the conversation went on."""
    turn, later = of.replies.c, aliased(TurnRow)
    went_on = exists().where(later.session_id == turn.session_id, later.number > turn.number)
    went_wrong = or_(turn.failure.is_not(None), and_(turn.answered.is_(None), went_on))
    return [_of_turns(of, case((went_wrong, 1), else_=0))]


def _no_match(of: _Talks) -> list[Select[Any]]:
    return [_of_turns(of, case((of.replies.c.kind == "no_match", 1), else_=0))]


def _first_sentence(of: _Talks) -> list[Select[Any]]:
    waited = of.replies.c.waited_ms
    return [_of_turns(of, waited).where(waited.is_not(None))]


def _handoffs(of: _Talks) -> list[Select[Any]]:
    handed = (
        select(of.members.c.session_id, func.min(TicketRow.created_at), literal(1), literal(0))
        .join(TicketRow, TicketRow.session_id == of.members.c.session_id)
        .where(TicketRow.kind.in_(_TO_PEOPLE))
        .group_by(of.members.c.session_id)
    )
    return [handed]


OF_CONVERSATIONS = frozenset({"conversion", "cart_rate", "revenue", "handoffs"})
"""Measures of which n is every conversation, when it was met; what these add below is y."""
MEASURES: dict[str, Callable[[_Talks], Sequence[Select[Any]]]] = {
    "ctr": _ctr,
    "conversion": lambda of: _did(of, "purchase"),
    "cart_rate": lambda of: _did(of, "cart"),
    "revenue": _revenue,
    "csat": _csat,
    "thumbs": _thumbs,
    "failed_turns": _failed_turns,
    "handoffs": _handoffs,
    "no_match": _no_match,
    "first_sentence_ms": _first_sentence,
}

"""What the desk reads: tickets as they stand, counts, what was not seen yet, and the log from an event on."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, and_, func, or_, select
from sqlalchemy.orm import Session

from assistant.record.desk.types import PEOPLE, Counts, DeskEvent, DeskEventKind, TicketState, TurnTimes, Wanted
from assistant.record.tables import DeskEventRow, LookRow, ReplyRow, TicketStateRow, TurnRow

_EVENTS = cast(Table, DeskEventRow.__table__)
_STATES = cast(Table, TicketStateRow.__table__)
_HELD = ("claimed", "snoozed")


def tickets(session: Session, wanted: Wanted) -> tuple[TicketState, ...]:
    """Tickets that are wanted: the most urgent first, of those the one whose shopper waits the longest."""
    found = select(_STATES).where(*_conditions(wanted)).limit(wanted.limit)
    since = func.coalesce(_STATES.c.waiting_since, _STATES.c.last_at, _STATES.c.created_at)
    if wanted.statuses == ("closed",):
        found = found.order_by(_STATES.c.closed_at.desc(), _STATES.c.ticket_id)
    else:
        waits = _STATES.c.waiting_since.is_(None)
        found = found.order_by(_STATES.c.priority.desc(), waits, since, _STATES.c.ticket_id)
    return tuple(TicketState(**row._mapping) for row in session.execute(found))


def queue(session: Session) -> tuple[TicketState, ...]:
    """The conversations that wait for a person of the shop and that nobody has, the next one first."""
    waits = _STATES.c.status == "open", _STATES.c.reason.in_(PEOPLE)
    order = _STATES.c.priority.desc(), _STATES.c.created_at, _STATES.c.ticket_id
    return tuple(TicketState(**row._mapping) for row in session.execute(select(_STATES).where(*waits).order_by(*order)))


def states(session: Session, ticket_ids: Collection[str]) -> dict[str, TicketState]:
    """How some tickets stand, by their ids."""
    found = session.execute(select(_STATES).where(_STATES.c.ticket_id.in_(ticket_ids)))
    return {row.ticket_id: TicketState(**row._mapping) for row in found}


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [_STATES.c.status.in_(wanted.statuses)]
    if wanted.held_by:
        conditions.append(_STATES.c.agent_id == wanted.held_by)
    if wanted.reason:
        conditions.append(_STATES.c.reason == wanted.reason)
    if wanted.language:
        conditions.append(_STATES.c.language == wanted.language)
    if text := wanted.text.strip().lower():
        columns = (_STATES.c.line, _STATES.c.last_text, _STATES.c.email, _STATES.c.ticket_id)
        conditions.append(or_(*(func.lower(column).contains(text, autoescape=True) for column in columns)))
    return conditions


def counts(session: Session, agent_id: str) -> Counts:
    """How many tickets stand how, and how many of them an agent has."""
    by_status = select(_STATES.c.status, func.count()).group_by(_STATES.c.status)
    found = {status: count for status, count in session.execute(by_status).all()}
    mine = select(func.count()).where(_STATES.c.agent_id == agent_id, _STATES.c.status.in_(_HELD))
    return Counts(mine=session.scalar(mine) or 0, **found)


def unread(session: Session, agent_id: str, ticket_ids: Collection[str]) -> dict[str, int]:
    """How many messages of others each of the tickets has since an agent looked last; those without are left out."""
    look = and_(LookRow.ticket_id == DeskEventRow.ticket_id, LookRow.agent_id == agent_id)
    found = (
        select(DeskEventRow.ticket_id, func.count())
        .outerjoin(LookRow, look)
        .where(DeskEventRow.ticket_id.in_(ticket_ids), DeskEventRow.kind == "message")
        .where(func.coalesce(DeskEventRow.agent_id, "") != agent_id)
        .where(DeskEventRow.id > func.coalesce(LookRow.event_id, 0))
        .group_by(DeskEventRow.ticket_id)
    )
    return {id: count for id, count in session.execute(found).all()}


def last_event(session: Session) -> int:
    """The newest event's id; 0 where there is none."""
    return session.scalar(select(func.max(_EVENTS.c.id))) or 0


def events(
    session: Session, after: int, limit: int, session_id: str | None, kinds: Sequence[DeskEventKind]
) -> tuple[DeskEvent, ...]:
    """Events after an id in their order, of one session or of all, and of some kinds or of all."""
    found = select(_EVENTS).where(_EVENTS.c.id > after).order_by(_EVENTS.c.id).limit(limit)
    if session_id is not None:
        found = found.where(_EVENTS.c.session_id == session_id)
    if kinds:
        found = found.where(_EVENTS.c.kind.in_(kinds))
    return tuple(DeskEvent(**row._mapping) for row in session.execute(found))


def event_of(session: Session, key: str) -> DeskEvent | None:
    """The event that was sent under a key."""
    row = session.execute(select(_EVENTS).where(_EVENTS.c.key == key)).first()
    return DeskEvent(**row._mapping) if row else None


def answers_after(session: Session, session_id: str, agent_id: str, seen: int) -> tuple[DeskEvent, ...]:
    """What agents other than this one wrote to the shopper after the event that was seen last."""
    found = (
        select(_EVENTS)
        .where(_EVENTS.c.session_id == session_id, _EVENTS.c.id > seen)
        .where(_EVENTS.c.kind == "message", _EVENTS.c.author == "agent", _EVENTS.c.agent_id != agent_id)
        .order_by(_EVENTS.c.id)
    )
    return tuple(DeskEvent(**row._mapping) for row in session.execute(found))


def turn_times(session: Session, session_id: str) -> dict[str, TurnTimes]:
    """When each turn of a session was said and answered."""
    found = (
        select(TurnRow.id, TurnRow.started_at, ReplyRow.finished_at)
        .outerjoin(ReplyRow, ReplyRow.turn_id == TurnRow.id)
        .where(TurnRow.session_id == session_id)
    )
    return {id: TurnTimes(started_at, finished_at) for id, started_at, finished_at in session.execute(found)}


def asleep_until(session: Session, now: datetime) -> tuple[TicketState, ...]:
    """The tickets whose time to sleep is over."""
    found = select(_STATES).where(_STATES.c.status == "snoozed", _STATES.c.snoozed_until <= now)
    return tuple(TicketState(**row._mapping) for row in session.execute(found))

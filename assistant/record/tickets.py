"""Tickets in the record: what shoppers left for the people of the shop. How they are answered is the desk's log."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.errors import UnknownId
from assistant.record.desk import log
from assistant.record.desk.types import PEOPLE
from assistant.record.tables import DeskEventRow, TicketRow, TicketStateRow, TurnRow
from assistant.types import Handoff, TicketDraft, TicketKind

OPEN = "open"
_LEFT = ("asked", "reopened", "message")


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket as the shop reads it."""

    id: str
    session_id: str
    turn_id: str
    product_id: str | None
    kind: TicketKind
    question: str
    email: str | None
    locale: str
    status: str
    created_at: datetime


def opened(session: Session, turn_id: str, draft: TicketDraft, now: datetime) -> Handoff:
    """The ticket of a turn, open at the desk. Raises UnknownId.

    Asked the same again in a session, it is the one that is there; of conversations with people there is one a session.
    """
    turn = session.get(TurnRow, turn_id)
    if turn is None:
        raise UnknownId("turn", turn_id)
    if draft.follows is not None:
        draft = _following(session, draft, draft.follows)
    if draft.kind in PEOPLE and (standing := log.ask_again(session, turn, draft, now)):
        return standing
    alike = select(TicketRow).where(
        TicketRow.session_id == turn.session_id, TicketRow.kind == draft.kind, TicketRow.product_id == draft.product_id
    )
    rows = session.scalars(alike.order_by(TicketRow.created_at, TicketRow.id))
    before = [row for row in rows if row.question == draft.question and draft.kind not in PEOPLE]
    same = next((row for row in before if row.email == draft.email), None)
    if same is not None:
        log.reopen_same(session, before[0].id, turn, draft, now)
        return _handoff(same)
    row = TicketRow(
        id=uuid4().hex, session_id=turn.session_id, turn_id=turn_id, product_id=draft.product_id, kind=draft.kind,
        question=draft.question, email=draft.email, locale=turn.locale, status=OPEN, created_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    if not before:
        log.open_state(session, row.id, turn, draft, now)
    elif draft.email:
        log.address(session, before[0].id, turn, draft.email, now)
    return _handoff(row)


def _following(session: Session, draft: TicketDraft, id: str) -> TicketDraft:
    """The draft with what the ticket that it follows was about."""
    row = session.get(TicketRow, id)
    if row is None:
        raise UnknownId("ticket", id)
    return replace(draft, kind=_kind(row.kind), question=row.question, product_id=row.product_id)


def handoffs(session: Session, turns: Sequence[str]) -> dict[str, Handoff]:
    """The last ticket of each of `turns` that has one, or that a person of the shop had taken over."""
    rows = session.scalars(select(TicketRow).where(TicketRow.turn_id.in_(turns)).order_by(TicketRow.created_at))
    again = (
        select(DeskEventRow, TicketStateRow)
        .join(TicketStateRow, TicketStateRow.ticket_id == DeskEventRow.ticket_id)
        .where(DeskEventRow.turn_id.in_(turns), DeskEventRow.author == "shopper", DeskEventRow.kind.in_(_LEFT))
        .order_by(DeskEventRow.id)
    )
    asked = (_left(event, state) for event, state in session.execute(again))
    return {row.turn_id: _handoff(row) for row in rows} | {turn_id: one for turn_id, one in asked if one}


def listed(session: Session, *, status: str | None = OPEN) -> list[Ticket]:
    """Tickets, oldest first; of those that ask the same in one session the last. Open is what is not closed."""
    rows = session.execute(
        select(TicketRow, TicketStateRow)
        .outerjoin(TicketStateRow, TicketStateRow.ticket_id == TicketRow.id)
        .order_by(TicketRow.created_at, TicketRow.id)
    )
    last: dict[tuple[str | None, ...], Ticket] = {}
    for row, state in rows:
        same = (row.session_id, row.kind, row.product_id, row.question)
        stands = state.status if state else last[same].status if same in last else row.status
        email = row.email or (state.email if state else None)
        last[same] = _ticket(row, email, "closed" if stands == "closed" else OPEN)
    found = (one for one in last.values() if status is None or one.status == status)
    return sorted(found, key=lambda one: (one.created_at, one.id))


def _left(event: DeskEventRow, state: TicketStateRow) -> tuple[str, Handoff | None]:
    """What a turn left to the people of the shop, by what it wrote to their log."""
    if event.kind == "message":
        agent = event.data.get("agent", "")
        live = (
            Handoff(state.ticket_id, _kind(state.reason), state.line, True, agent) if event.data.get("live") else None
        )
        return str(event.turn_id), live
    return str(event.turn_id), Handoff(state.ticket_id, _kind(event.data["reason"]), event.data["line"])


def _ticket(row: TicketRow, email: str | None, status: str) -> Ticket:
    return Ticket(
        row.id, row.session_id, row.turn_id, row.product_id, _kind(row.kind), row.question, email, row.locale,
        status, row.created_at,
    )  # fmt: skip


def _handoff(row: TicketRow) -> Handoff:
    return Handoff(row.id, _kind(row.kind), row.question)


def _kind(kind: str) -> TicketKind:
    return cast(TicketKind, kind)

"""Tickets in the record: what shoppers left for the people of the shop. Knows nothing of how they are answered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.errors import UnknownId
from assistant.record.tables import TicketRow, TurnRow
from assistant.types import Handoff, TicketDraft, TicketKind

OPEN = "open"


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
    """The ticket of a turn; asked the same again in a session, it is the one that is there. Raises UnknownId."""
    turn = session.get(TurnRow, turn_id)
    if turn is None:
        raise UnknownId("turn", turn_id)
    if draft.follows is not None:
        draft = _following(session, draft, draft.follows)
    same = select(TicketRow).where(
        TicketRow.session_id == turn.session_id,
        TicketRow.kind == draft.kind,
        TicketRow.product_id == draft.product_id,
        TicketRow.email == draft.email,
    )
    row = next((row for row in session.scalars(same) if row.question == draft.question), None)
    if row is None:
        row = TicketRow(
            id=uuid4().hex, session_id=turn.session_id, turn_id=turn_id, product_id=draft.product_id, kind=draft.kind,
            question=draft.question, email=draft.email, locale=turn.locale, status=OPEN, created_at=now,
        )  # fmt: skip
        session.add(row)
    return _handoff(row)


def _following(session: Session, draft: TicketDraft, id: str) -> TicketDraft:
    """The draft with what the ticket that it follows was about."""
    row = session.get(TicketRow, id)
    if row is None:
        raise UnknownId("ticket", id)
    return replace(draft, kind=_kind(row.kind), question=row.question, product_id=row.product_id)


def handoffs(session: Session, turns: Sequence[str]) -> dict[str, Handoff]:
    """The last ticket of each of `turns` that has one."""
    rows = session.scalars(select(TicketRow).where(TicketRow.turn_id.in_(turns)).order_by(TicketRow.created_at))
    return {row.turn_id: _handoff(row) for row in rows}


def listed(session: Session, *, status: str | None = OPEN) -> list[Ticket]:
    """Tickets, oldest first; of those that ask the same in one session the last."""
    wanted = select(TicketRow).order_by(TicketRow.created_at, TicketRow.id)
    rows = session.scalars(wanted if status is None else wanted.where(TicketRow.status == status))
    last = {(row.session_id, row.kind, row.product_id, row.question): row for row in rows}
    return [_ticket(row) for row in sorted(last.values(), key=lambda row: (row.created_at, row.id))]


def _ticket(row: TicketRow) -> Ticket:
    return Ticket(
        row.id, row.session_id, row.turn_id, row.product_id, _kind(row.kind), row.question, row.email, row.locale,
        row.status, row.created_at,
    )  # fmt: skip


def _handoff(row: TicketRow) -> Handoff:
    return Handoff(row.id, _kind(row.kind), row.question)


def _kind(kind: str) -> TicketKind:
    return "stock" if kind == "stock" else "question"

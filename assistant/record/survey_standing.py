"""What the record says of a conversation when it is asked whether to ask the shopper something."""

from datetime import datetime
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assistant.errors import UnknownId
from assistant.record.desk import log
from assistant.record.desk.types import TicketState
from assistant.record.insight_tables import OfferRow
from assistant.record.tables import CartChangeRow, DeskEventRow, ReplyRow, SessionRow, TurnRow
from assistant.surveys.deciding import Last, Standing
from assistant.surveys.form import Subject
from catalog import Locale


def standing_of(session: Session, session_id: str, shopper_id: str | None) -> Standing | None:
    """How a session stands; None where nothing has been said in it. Raises UnknownId.

    `shopper_id` is the shopper's where the session does not know it.
    """
    row = session.get(SessionRow, session_id)
    if row is None:
        raise UnknownId("session", session_id)
    last = last_of(session, session_id)
    if last is None:
        return None
    states = log.states_of(session, session_id)
    closed = closed_by_people(session, states)
    return Standing(
        last,
        session.scalar(select(func.count()).where(TurnRow.session_id == session_id)) or 0,
        row.mark,
        log.conversation(states) is not None,
        closed is not None,
        closed.agent_id if closed else None,
        _cart_since(session, session_id),
        frozenset(
            cast(Subject, one)
            for one in session.scalars(select(OfferRow.subject).where(OfferRow.session_id == session_id))
        ),
        _lately(session, session_id, shopper_id or row.shopper_id),
    )


def last_of(session: Session, session_id: str) -> Last | None:
    """The last turn of a session."""
    newest = (
        select(TurnRow, ReplyRow)
        .outerjoin(ReplyRow, ReplyRow.turn_id == TurnRow.id)
        .where(TurnRow.session_id == session_id)
        .order_by(TurnRow.number.desc())
        .limit(1)
    )
    found = session.execute(newest).first()
    if found is None:
        return None
    turn, reply = found._tuple()
    last = Last(turn.id, turn.message, cast(Locale, turn.locale), turn.started_at)
    if reply is None:
        return last
    return Last(
        last.turn_id, last.message, last.locale, last.started_at, reply.finished_at, reply.kind, reply.text,
        _asks_back(reply),
    )  # fmt: skip


def closed_by_people(session: Session, states: tuple[TicketState, ...]) -> TicketState | None:
    """The newest ticket of a session that people of the shop have answered and closed."""
    for state in states:
        wrote = select(DeskEventRow.id).where(
            DeskEventRow.ticket_id == state.ticket_id, DeskEventRow.kind == "message", DeskEventRow.author == "agent"
        )
        if state.status == "closed" and session.scalar(wrote.limit(1)) is not None:
            return state
    return None


def _asks_back(reply: ReplyRow) -> bool:
    """Whether a reply waits for an answer that matters more than how it was liked."""
    form = reply.service.get("form") if reply.service else None
    decides = reply.kind in ("service", "chat") and bool(reply.quick_replies)
    return bool(reply.question or form or decides or reply.kind == "clarify")


def _cart_since(session: Session, session_id: str) -> datetime | None:
    """When something was first put in the cart in this conversation; one that was brought along is older than it."""
    first = select(TurnRow.started_at).where(TurnRow.session_id == session_id).order_by(TurnRow.number).limit(1)
    put_in = CartChangeRow.session_id == session_id, CartChangeRow.kind == "set"
    later = CartChangeRow.at >= first.scalar_subquery()
    return session.scalar(select(CartChangeRow.at).where(*put_in, later).order_by(CartChangeRow.id).limit(1))


def _lately(session: Session, session_id: str, shopper_id: str | None) -> dict[Subject, datetime]:
    """When the shopper was last asked in other conversations, by whom it was about."""
    if not shopper_id:
        return {}
    found = (
        select(OfferRow.subject, OfferRow.at)
        .where(OfferRow.shopper_id == shopper_id, OfferRow.session_id != session_id)
        .order_by(OfferRow.at)
    )
    return {cast(Subject, subject): at for subject, at in session.execute(found)}

"""The desk's log within a transaction: one event more, and how its ticket stands then, or neither.

Invariants: events are appended one transaction after the other, so that whoever has seen an id has seen all before it;
`ticket_states` is the fold of the events, and is written only by whoever knows the last of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, insert, select, text, update
from sqlalchemy.orm import Session

from assistant.errors import UnknownId
from assistant.record.desk.fold import fold
from assistant.record.desk.types import PEOPLE, Author, DeskEvent, DeskEventKind, TicketChanged, TicketState
from assistant.record.tables import AgentRow, DeskEventRow, TicketStateRow, TurnRow
from assistant.types import Handoff, TicketDraft, TicketKind

REOPENS_WITHIN = timedelta(hours=24)
_LOCK = 0x6169736C65 + 1  # any constant: it names the advisory lock that whoever appends takes
_EVENTS = cast(Table, DeskEventRow.__table__)
_STATES = cast(Table, TicketStateRow.__table__)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be appended to a ticket's events."""

    kind: DeskEventKind
    author: Author
    agent_id: str | None = None
    turn_id: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None


def lock(session: Session) -> None:
    """Let nobody else append until this transaction ends (SQLite has one writer anyway)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def state_of(session: Session, ticket_id: str) -> TicketState:
    """How a ticket stands. Raises UnknownId."""
    row = session.execute(select(_STATES).where(_STATES.c.ticket_id == ticket_id)).first()
    if row is None:
        raise UnknownId("ticket", ticket_id)
    return TicketState(**row._mapping)


def states_of(session: Session, session_id: str) -> tuple[TicketState, ...]:
    """How the tickets of a session stand, the one with the newest event first."""
    found = select(_STATES).where(_STATES.c.session_id == session_id).order_by(_STATES.c.last_event_id.desc())
    return tuple(TicketState(**row._mapping) for row in session.execute(found))


def append(session: Session, before: TicketState, entry: Entry, now: datetime) -> tuple[DeskEvent, TicketState]:
    """One event more of a ticket that stands as `before`, which was read after `lock`."""
    event = _insert(session, before.ticket_id, before.session_id, entry, now)
    after = fold(before, event)
    same = _STATES.c.ticket_id == before.ticket_id, _STATES.c.last_event_id == before.last_event_id
    if session.scalar(update(_STATES).where(*same).values(asdict(after)).returning(_STATES.c.ticket_id)) is None:
        raise TicketChanged(state_of(session, before.ticket_id), "has been changed meanwhile")
    return event, after


def open_state(session: Session, ticket_id: str, turn: TurnRow, draft: TicketDraft, now: datetime) -> None:
    """The first event of a ticket that a turn has just made."""
    lock(session)
    event = _insert(session, ticket_id, turn.session_id, _entry("opened", turn, draft), now)
    session.execute(insert(_STATES).values(asdict(fold(None, event))))


def ask_again(session: Session, turn: TurnRow, draft: TicketDraft, now: datetime) -> Handoff | None:
    """The session's ticket for a conversation with people, asked for once more; None where there is none to go on with.

    One that was closed within a day is opened again.
    """
    lock(session)
    mine = [state for state in states_of(session, turn.session_id) if state.reason in PEOPLE]
    since = now - REOPENS_WITHIN
    standing = next((one for one in mine if one.status != "closed"), None)
    standing = standing or next((one for one in mine if one.closed_at and one.closed_at > since), None)
    if standing is None:
        return None
    _, after = append(session, standing, _entry(_again(standing), turn, draft), now)
    return Handoff(after.ticket_id, draft.kind, draft.question)


def reopen_same(session: Session, ticket_id: str, turn: TurnRow, draft: TicketDraft, now: datetime) -> None:
    """A question that is asked again in the same words: where its ticket is closed it is opened again."""
    lock(session)
    state = state_of(session, ticket_id)
    if state.status == "closed":
        append(session, state, _entry("reopened", turn, draft), now)


def address(session: Session, ticket_id: str, turn: TurnRow, email: str, now: datetime) -> None:
    """The e-mail address that the shopper left for a ticket."""
    lock(session)
    append(session, state_of(session, ticket_id), Entry("addressed", "shopper", None, turn.id, {"email": email}), now)


def heard(session: Session, session_id: str, turn_id: str, message: str, now: datetime) -> tuple[bool, Handoff | None]:
    """What the shopper said in a turn, as a message to the people of the shop where one has the session or is to.

    Whether it was written, and the hand-off where a person has the conversation and the assistant is to keep silent.
    """
    if not any(state.status != "closed" for state in states_of(session, session_id)):
        return False, None
    lock(session)  # whoever takes or gives back the ticket has done so, or will know of this message
    state = conversation(states_of(session, session_id))
    if state is None:
        return False, None
    name = name_of(session, state.agent_id) if state.live else ""
    said = {"text": message, "live": state.live, "agent": name}
    append(session, state, Entry("message", "shopper", None, turn_id, said), now)
    return True, Handoff(
        state.ticket_id, cast(TicketKind, state.reason), state.line, True, name
    ) if state.live else None


def conversation(states: Sequence[TicketState]) -> TicketState | None:
    """The ticket that what a shopper says belongs to: the one that a person has, else the one that waits for a person."""
    standing = [state for state in states if state.status != "closed"]
    live = next((state for state in standing if state.live), None)
    return live or next((state for state in standing if state.reason in PEOPLE), None)


def rated(session: Session, turn_id: str, kind: str, value: str, now: datetime) -> bool:
    """A rating in a session that people of the shop were asked in; whether it is one."""
    session_id = session.scalar(select(TurnRow.session_id).where(TurnRow.id == turn_id)) or ""
    if not states_of(session, session_id):
        return False
    lock(session)
    state = states_of(session, session_id)[0]
    append(session, state, Entry("rated", "shopper", None, turn_id, {"kind": kind, "value": value}), now)
    return True


def name_of(session: Session, agent_id: str | None) -> str:
    """What an agent is called; "" for nobody."""
    return session.scalar(select(AgentRow.name).where(AgentRow.id == agent_id)) or ""


def last_turn(session: Session, session_id: str) -> str | None:
    """The newest turn of a session: an agent's words stand after it."""
    found = select(TurnRow.id).where(TurnRow.session_id == session_id).order_by(TurnRow.number.desc()).limit(1)
    return session.scalar(found)


def _again(state: TicketState) -> DeskEventKind:
    return "reopened" if state.status == "closed" else "asked"


def _entry(kind: DeskEventKind, turn: TurnRow, draft: TicketDraft) -> Entry:
    said = {
        "reason": draft.kind,
        "line": draft.question,
        "language": turn.locale,
        "mood": float(draft.summary.get("mood", 0.0)),
        "priority": draft.priority,
        "email": draft.email,
        "summary": dict(draft.summary),
    }
    return Entry(kind, "system" if kind == "opened" else "shopper", None, turn.id, said)


def _insert(session: Session, ticket_id: str, session_id: str, entry: Entry, now: datetime) -> DeskEvent:
    row = asdict(entry) | {"ticket_id": ticket_id, "session_id": session_id, "at": now}
    id = session.scalar(insert(_EVENTS).values(row).returning(_EVENTS.c.id))
    return DeskEvent(id=int(id or 0), **row)

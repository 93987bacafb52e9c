"""Whose hands a ticket is in: taken, given, put away, ended. Each change says which version of the ticket it is made on.

TicketChanged where the ticket is another version by now, NotAllowed where it is not the agent's to change, UnknownId
where there is no such ticket or agent.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from assistant.errors import NotAllowed, UnknownId
from assistant.record.agents import Agent, must_lead
from assistant.record.desk.log import Entry, append, last_turn, name_of, state_of
from assistant.record.desk.types import CloseReason, DeskEventKind, TicketChanged, TicketState
from assistant.record.desk.writing import LogWriter
from assistant.record.tables import AgentRow

_Check = Callable[[Session, TicketState], None]


class Hands:
    """Changes of hands; safe to share between threads."""

    def __init__(self, log: LogWriter) -> None:
        self._log = log

    def claim(self, agent: Agent, ticket_id: str, version: int) -> TicketState:
        """Take a ticket that nobody has; one that the agent has already stays as it is, or wakes."""

        def free(session: Session, state: TicketState) -> None:
            if state.agent_id not in (None, agent.id):
                raise TicketChanged(state, f"is {name_of(session, state.agent_id)}'s")

        return self._change(agent, ticket_id, version, "claimed", {"to": agent.id}, free)

    def release(self, agent: Agent, ticket_id: str, version: int) -> TicketState:
        """Put a ticket back for anybody."""
        return self._change(agent, ticket_id, version, "released", {}, _held(agent))

    def assign(self, agent: Agent, ticket_id: str, version: int, to: str) -> TicketState:
        """Give a ticket, whosever it is, to somebody: for leads."""
        must_lead(agent)
        return self._change(agent, ticket_id, version, "assigned", {"to": to}, _anybodys)

    def transfer(self, agent: Agent, ticket_id: str, version: int, to: str, note: str = "") -> TicketState:
        """Give one's own ticket to somebody, with a note for them."""
        return self._change(agent, ticket_id, version, "transferred", {"to": to, "text": note}, _held(agent))

    def snooze(self, agent: Agent, ticket_id: str, version: int, until: datetime) -> TicketState:
        """Put a ticket of one's own, or nobody's, away until then or until the shopper writes. ValueError for the past."""
        if until <= self._log.clock():
            raise ValueError("until must be still to come")
        return self._change(agent, ticket_id, version, "snoozed", {"until": until.isoformat()}, _own(agent))

    def close(self, agent: Agent, ticket_id: str, version: int, reason: CloseReason, note: str = "") -> TicketState:
        """End a ticket of one's own, or nobody's; the assistant answers again."""
        return self._change(agent, ticket_id, version, "closed", {"reason": reason, "note": note}, _own(agent))

    def hand_back(self, agent: Agent, ticket_id: str, version: int) -> TicketState:
        """End a ticket by giving the conversation back to the assistant."""
        return self._change(agent, ticket_id, version, "handed_back", {}, _held(agent))

    def reopen(self, agent: Agent, ticket_id: str, version: int) -> TicketState:
        """Open a closed ticket again for anybody, or wake one that was put away."""
        with self._log.appending() as session:
            state = _known(session, ticket_id, version)
            if state.status not in ("closed", "snoozed"):
                raise TicketChanged(state, "is open")
            kind: DeskEventKind = "woken" if state.status == "snoozed" else "reopened"
            return self._append(session, agent, state, kind, {})

    def _change(
        self, agent: Agent, ticket_id: str, version: int, kind: DeskEventKind, data: Mapping[str, Any], check: _Check
    ) -> TicketState:
        with self._log.appending() as session:
            state = state_of(session, ticket_id)
            if kind == "claimed" and state.status == "claimed" and state.agent_id == agent.id:
                return state
            if state.status == "closed":
                raise TicketChanged(state, "is closed")
            check(session, state)
            _known(session, ticket_id, version)
            said = {**data, "to_name": _receiver(session, data["to"])} if "to" in data else data
            return self._append(session, agent, state, kind, said)

    def _append(
        self, session: Session, agent: Agent, state: TicketState, kind: DeskEventKind, data: Mapping[str, Any]
    ) -> TicketState:
        said = {**data, "name": agent.name}
        entry = Entry(kind, "agent", agent.id, last_turn(session, state.session_id), said)
        return append(session, state, entry, self._log.clock())[1]


def require_own(session: Session, agent: Agent, state: TicketState) -> None:
    """NotAllowed where the ticket is not the agent's, but for leads."""
    if state.agent_id != agent.id and not agent.leads:
        owner = name_of(session, state.agent_id)
        raise NotAllowed(f"this ticket is {owner}'s" if owner else "claim the ticket first")


def _known(session: Session, ticket_id: str, version: int) -> TicketState:
    """The ticket, where it is still the version that is known of it."""
    state = state_of(session, ticket_id)
    if state.version != version:
        raise TicketChanged(state, "has been changed meanwhile")
    return state


def _own(agent: Agent) -> _Check:
    """One's own ticket, or nobody's."""

    def check(session: Session, state: TicketState) -> None:
        if state.agent_id is not None:
            require_own(session, agent, state)

    return check


def _held(agent: Agent) -> _Check:
    """One's own ticket, or for a lead anybody's, but not nobody's."""

    def check(session: Session, state: TicketState) -> None:
        require_own(session, agent, state)
        if state.agent_id is None:
            raise TicketChanged(state, "is nobody's")

    return check


def _anybodys(session: Session, state: TicketState) -> None:
    """Any ticket that is not closed."""


def _receiver(session: Session, agent_id: str) -> str:
    row = session.get(AgentRow, agent_id)
    if row is None or not row.active:
        raise UnknownId("agent", agent_id)
    return row.name

"""The desk over one record's database: what is asked of people of the shop, and what they say to it.

Every write first looks at who asks and at how the ticket stands, in the transaction that writes. Of what is sent twice
under one key there is one, and no two agents answer one shopper unseen.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assistant.errors import UnknownId
from assistant.record.agents import Agent, must_lead
from assistant.record.desk import figures, reading
from assistant.record.desk.hands import Hands, require_own
from assistant.record.desk.log import Entry, append, conversation, last_turn, state_of, states_of
from assistant.record.desk.mails import Mails
from assistant.record.desk.types import (
    Counts,
    DeskEvent,
    DeskEventKind,
    DraftOutcome,
    Figures,
    Macro,
    TicketChanged,
    TicketState,
    TurnTimes,
    Unseen,
    Wanted,
    Written,
)
from assistant.record.desk.writing import LogWriter, Signal
from assistant.record.tables import LookRow, MacrosRow, SessionRow

PAGE = 500  # events read at once


class Desk:
    """Tickets and what is said about them; safe to share between threads.

    `hands` changes whose they are, `mails` are what is written to shoppers who have left.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
        self._log = LogWriter(engine, clock)
        self.hands = Hands(self._log)
        self.mails = Mails(self._log)

    @property
    def signal(self) -> Signal:
        """What tells in this process that the log has grown."""
        return self._log.signal

    def now(self) -> datetime:
        """What time it is at the desk."""
        return self._log.clock()

    def ticket(self, ticket_id: str) -> TicketState:
        """How a ticket stands. Raises UnknownId."""
        with Session(self._engine) as session:
            return state_of(session, ticket_id)

    def tickets(self, wanted: Wanted) -> tuple[TicketState, ...]:
        """Tickets that are wanted: the most urgent first, of those the one whose shopper waits the longest."""
        with Session(self._engine) as session:
            return reading.tickets(session, wanted)

    def states(self, ticket_ids: Collection[str]) -> dict[str, TicketState]:
        """How some tickets stand; those that do not exist are left out."""
        with Session(self._engine) as session:
            return reading.states(session, ticket_ids)

    def conversation(self, session_id: str) -> TicketState | None:
        """The ticket that what a shopper says belongs to; None where it is the assistant's. Raises UnknownId."""
        with Session(self._engine) as session:
            if session.get(SessionRow, session_id) is None:
                raise UnknownId("session", session_id)
            return conversation(states_of(session, session_id))

    def latest(self, session_id: str) -> TicketState | None:
        """The ticket that a session's deeds belong to: its conversation, else the one with the newest event."""
        with Session(self._engine) as session:
            states = states_of(session, session_id)
            return conversation(states) or next(iter(states), None)

    def queue(self) -> tuple[TicketState, ...]:
        """The conversations that wait for a person of the shop and that nobody has, the next one first."""
        with Session(self._engine) as session:
            return reading.queue(session)

    def counts(self, agent: Agent) -> Counts:
        """How many tickets stand how."""
        with Session(self._engine) as session:
            return reading.counts(session, agent.id)

    def unread(self, agent: Agent, ticket_ids: Collection[str]) -> dict[str, int]:
        """How many messages of others the agent has not seen of each of the tickets; those without are left out."""
        with Session(self._engine) as session:
            return reading.unread(session, agent.id, ticket_ids)

    def last_event(self) -> int:
        """The newest event's id; 0 where there is none."""
        with Session(self._engine) as session:
            return reading.last_event(session)

    def events(
        self, after: int, *, limit: int = PAGE, session_id: str | None = None, kinds: Sequence[DeskEventKind] = ()
    ) -> tuple[DeskEvent, ...]:
        """Events after an id in their order, of one session or of all, and of some kinds or of all."""
        with Session(self._engine) as session:
            return reading.events(session, after, limit, session_id, kinds)

    def turn_times(self, session_id: str) -> dict[str, TurnTimes]:
        """When each turn of a session was said and answered."""
        with Session(self._engine) as session:
            return reading.turn_times(session, session_id)

    def figures(self, days: int) -> Figures:
        """The service of the last so many days."""
        with Session(self._engine) as session:
            return figures.figures(session, self._log.clock() - timedelta(days=days))

    def say(self, agent: Agent, ticket_id: str, text: str, key: str, seen: int, *, anyway: bool = False) -> Written:
        """Write to the shopper, and take the ticket where nobody has it.

        Unseen where another agent wrote after the event `seen`, unless it is to be said `anyway`; NotAllowed where the
        ticket is another's, but for leads; TicketChanged where it is closed.
        """
        key, now = _key(agent, ticket_id, "message", key), self._log.clock()
        with self._log.appending() as session:
            if sent := reading.event_of(session, key):
                return Written(sent, new=False)
            state = state_of(session, ticket_id)
            unseen = reading.answers_after(session, state.session_id, agent.id, seen)
            if unseen and not anyway:
                raise Unseen(unseen)
            if state.status == "closed":
                raise TicketChanged(state, "is closed: open it again first")
            turn_id = last_turn(session, state.session_id)
            if state.agent_id is None:
                taken = {"to": agent.id, "to_name": agent.name, "name": agent.name}
                _, state = append(session, state, Entry("claimed", "agent", agent.id, turn_id, taken), now)
            require_own(session, agent, state)
            entry = Entry("message", "agent", agent.id, turn_id, {"text": text, "name": agent.name}, key)
            return Written(append(session, state, entry, now)[0])

    def note(self, agent: Agent, ticket_id: str, text: str, key: str) -> Written:
        """Write something beside a ticket that only people of the shop read."""
        said, key = {"text": text, "name": agent.name}, _key(agent, ticket_id, "note", key)
        return self._once(Entry("note", "agent", agent.id, None, said, key), ticket_id)

    def draft(self, agent: Agent, ticket_id: str, draft_id: str, outcome: DraftOutcome, text: str) -> Written:
        """What came of a drafted answer: that it was shown, and what was made of it."""
        said = {"draft_id": draft_id, "outcome": outcome, "text": text}
        key = _key(agent, ticket_id, "draft", f"{draft_id}/{outcome}")
        return self._once(Entry("draft", "agent", agent.id, None, said, key), ticket_id)

    def deed(self, agent: Agent, ticket_id: str, kind: DeskEventKind, data: Mapping[str, Any]) -> Written:
        """That something was proposed, decided or done; `data` names it as `proposal_id`."""
        key = f"{ticket_id}/{kind}/{data['proposal_id']}"
        return self._once(Entry(kind, "agent", agent.id, None, data, key), ticket_id)

    def owned(self, agent: Agent, ticket_id: str) -> TicketState:
        """The ticket, where the agent may act on it; NotAllowed where it is another's or nobody's, but for leads."""
        with Session(self._engine) as session:
            state = state_of(session, ticket_id)
            require_own(session, agent, state)
            return state

    def look(self, agent: Agent, ticket_id: str, event_id: int) -> None:
        """Keep up to which event the agent has looked at a ticket. Raises UnknownId."""
        with Session(self._engine) as session:
            state_of(session, ticket_id)
            row = session.get(LookRow, (agent.id, ticket_id))
            if row is not None and row.event_id >= event_id:
                return
        looked = self._insert(LookRow).values(agent_id=agent.id, ticket_id=ticket_id, event_id=event_id)
        newer = {"event_id": looked.excluded.event_id}
        with self._log.beside() as session:
            session.execute(looked.on_conflict_do_update(index_elements=["agent_id", "ticket_id"], set_=newer))

    def wake(self) -> int:
        """Wake the tickets whose time to sleep is over, and say how many."""
        now = self._log.clock()
        with Session(self._engine) as session:
            if not reading.asleep_until(session, now):
                return 0
        with self._log.appending() as session:
            due = reading.asleep_until(session, now)
            for state in due:
                append(session, state, Entry("woken", "system"), now)
        return len(due)

    def macros(self) -> tuple[Macro, ...]:
        """The texts that agents have at hand."""
        with Session(self._engine) as session:
            row = session.scalar(select(MacrosRow).order_by(MacrosRow.id.desc()).limit(1))
            return tuple(Macro(one["name"], one["text"]) for one in row.texts) if row else ()

    def keep_macros(self, agent: Agent, macros: Sequence[Macro]) -> None:
        """Commit the texts that agents have at hand, all of them: for leads."""
        must_lead(agent)
        texts = [{"name": one.name, "text": one.text} for one in macros]
        with self._log.beside() as session:
            session.add(MacrosRow(agent_id=agent.id, texts=texts, at=self._log.clock()))

    def _once(self, entry: Entry, ticket_id: str) -> Written:
        with self._log.appending() as session:
            if entry.key and (sent := reading.event_of(session, entry.key)):
                return Written(sent, new=False)
            return Written(append(session, state_of(session, ticket_id), entry, self._log.clock())[0])


def _key(agent: Agent, ticket_id: str, kind: DeskEventKind, key: str) -> str:
    """The sender's key, which is theirs alone."""
    return f"{agent.id}/{ticket_id}/{kind}/{key}"

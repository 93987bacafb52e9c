"""What people of the shop wrote to shoppers who have left, on its way to their mailboxes: due, taken, sent, given up.

The desk's log is read from where it was read last. Whoever sends a mail has it for some minutes, so that two processes do
not both send it; one that dies leaves it to the next. What the shopper's page has shown is not mailed. That a ticket was
closed is a reason to mail too, for the shopper may be asked how it went.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assistant.errors import UnknownId
from assistant.record.desk import reading
from assistant.record.desk.log import Entry, append, state_of
from assistant.record.desk.types import DeskEvent, DeskEventKind, TicketState
from assistant.record.desk.writing import LogWriter
from assistant.record.insight_tables import MarkRow
from assistant.record.tables import DeskEventRow, MailRow, SessionRow, ShownRow, TurnRow
from assistant.sending import TAKEN_FOR

SOON = timedelta(minutes=2)  # after the last word: several go in one mail, and whoever only reloads the page gets none
STALE = timedelta(days=7)  # what is older is not mailed any more, should mails have been off for so long
_MARK = "mails"
_PAGE = 500  # events read at once
_NO_SERVICE = ("spam", "duplicate")  # reasons to close a ticket after which nobody is asked how it went
_EVENTS = cast(Table, DeskEventRow.__table__)


@dataclass(frozen=True, slots=True)
class Mail:
    """What is to be mailed about a ticket that has an e-mail address: messages in their order, that it was closed, or both.

    `since` is when it was first tried, or the last of it came in. `closed_id` is the event that closed the ticket, where
    the shopper had left by then and no mail has asked yet how it went.
    """

    ticket: TicketState
    messages: tuple[DeskEvent, ...]
    attempts: int
    since: datetime
    closed_id: int | None = None

    @property
    def last_id(self) -> int:
        """The last event's id, by which the mail is known."""
        return max([self.closed_id or 0, *(one.id for one in self.messages)])


class Mails:
    """The mails of one record; safe to share between threads and processes."""

    def __init__(self, log: LogWriter) -> None:
        self._log = log
        self._insert = postgresql.insert if log.engine.dialect.name == "postgresql" else sqlite.insert

    def shown(self, session_id: str, event_id: int) -> None:
        """Keep up to which event the shopper's page has shown what people of the shop wrote. Raises UnknownId."""
        with Session(self._log.engine) as session:
            if session.get(SessionRow, session_id) is None:
                raise UnknownId("session", session_id)
            event_id = min(event_id, reading.last_event(session))
            row = session.get(ShownRow, session_id)
            if row is not None and row.event_id >= event_id:
                return
        shown = self._insert(ShownRow).values(session_id=session_id, event_id=event_id)
        newer = {"event_id": shown.excluded.event_id}
        with self._log.beside() as session:
            session.execute(shown.on_conflict_do_update(index_elements=["session_id"], set_=newer))

    def stop(self, ticket_id: str) -> None:
        """Mail no more about the conversation of a ticket. Raises UnknownId."""
        with self._log.appending() as session:
            state = state_of(session, ticket_id)
            if not _stopped(session, state.session_id):
                append(session, state, Entry("mail_stopped", "shopper"), self._log.clock())

    def stopped(self, session_id: str) -> bool:
        """Whether the shopper wants no more mails about a conversation."""
        with Session(self._log.engine) as session:
            return _stopped(session, session_id)

    def gather(self) -> None:
        """Put what was written since the last time to what waits; the first time only note where the log ends."""
        with Session(self._log.engine) as session:
            mark = session.get(MarkRow, _MARK)
            if mark is not None and mark.mark["event"] >= reading.last_event(session):
                return
        with self._log.beside() as session:
            mark = self._marked(session)
            news = reading.events(session, mark.mark["event"], _PAGE, None, ())
            for event in news:
                if event.kind in ("message", "closed") and event.author == "agent":
                    self._put(session, event)
            if news:
                mark.mark, mark.at = {"event": news[-1].id}, self._log.clock()

    def take(self) -> Mail | None:
        """The next mail that is due, taken so that nobody else sends it now; None where none is."""
        due = select(MailRow).order_by(MailRow.next_at, MailRow.ticket_id).limit(1)
        while True:
            now = self._log.clock()
            wanted = due.where(MailRow.next_at <= now)
            with Session(self._log.engine) as session:
                if session.scalar(wanted) is None:
                    return None
            with self._log.beside() as session:
                row = session.scalar(wanted.with_for_update(skip_locked=True))
                if row is None:
                    return None
                mail = _to_mail(session, state_of(session, row.ticket_id), row)
                if mail is not None:
                    row.since = row.since if row.attempts else now
                    row.attempts, row.next_at = row.attempts + 1, now + TAKEN_FOR
                    return replace(mail, attempts=row.attempts, since=row.since)
                session.delete(row)  # all of it was seen, or no mail is wanted

    def sent(self, mail: Mail, *, asks: bool = False) -> None:
        """Note that a mail has gone out; one that `asks` how it went is the only one of its conversation."""
        asked = {"asks": True} if asks else {}
        self._over(mail, "mailed", {"email": mail.ticket.email, "messages": len(mail.messages), **asked})

    def dropped(self, mail: Mail) -> None:
        """Let go of a mail that has nothing to say."""
        with self._log.beside() as session:
            self._off(session, mail)

    def given_up(self, mail: Mail, error: str) -> None:
        """Note that a mail did not go out and is not tried any more."""
        self._over(mail, "mail_failed", {"email": mail.ticket.email, "error": error})

    def late(self, mail: Mail, error: str, again: datetime) -> None:
        """Note that a mail did not go out, and when it is tried again; people of the shop are told of the first time."""
        with self._log.appending() as session:
            row = session.get(MailRow, mail.ticket.ticket_id, with_for_update=True)
            if row is not None and row.first_id <= mail.last_id:
                row.next_at = again
            if mail.attempts == 1:
                self._tell(session, mail, "mail_late", {"email": mail.ticket.email, "error": error})

    def _marked(self, session: Session) -> MarkRow:
        """How far the log was read; nobody else reads on until this transaction ends."""
        at_end = {"event": reading.last_event(session)}
        made = self._insert(MarkRow).values(name=_MARK, mark=at_end, at=self._log.clock())
        session.execute(made.on_conflict_do_nothing())
        return session.get_one(MarkRow, _MARK, with_for_update=True)

    def _put(self, session: Session, event: DeskEvent) -> None:
        now = self._log.clock()
        if now - event.at > STALE or state_of(session, event.ticket_id).email is None:
            return
        row = session.get(MailRow, event.ticket_id, with_for_update=True)
        if row is None:
            row = MailRow(ticket_id=event.ticket_id, first_id=event.id, attempts=0)
            session.add(row)
        if row.attempts == 0:
            row.next_at = event.at + SOON
        row.last_id, row.since = event.id, now

    def _over(self, mail: Mail, kind: DeskEventKind, data: Mapping[str, Any]) -> None:
        """The end of a mail; what was written meanwhile waits for the next."""
        with self._log.appending() as session:
            self._off(session, mail)
            self._tell(session, mail, kind, data)

    def _off(self, session: Session, mail: Mail) -> None:
        row = session.get(MailRow, mail.ticket.ticket_id, with_for_update=True)
        if row is not None and row.last_id <= mail.last_id:
            session.delete(row)
        elif row is not None and row.first_id <= mail.last_id:
            row.first_id, row.attempts, row.next_at = mail.last_id + 1, 0, self._log.clock() + SOON

    def _tell(self, session: Session, mail: Mail, kind: DeskEventKind, data: Mapping[str, Any]) -> None:
        """An event of the ticket, once of each kind for a mail, however often it went out."""
        ticket_id = mail.ticket.ticket_id
        key = f"{ticket_id}/{kind}/{mail.last_id}"
        if reading.event_of(session, key) is None:
            entry = Entry(kind, "system", data=data, key=key)
            append(session, state_of(session, ticket_id), entry, self._log.clock())


def _stopped(session: Session, session_id: str) -> bool:
    found = select(_EVENTS.c.id).where(_EVENTS.c.session_id == session_id, _EVENTS.c.kind == "mail_stopped")
    return session.scalar(found.limit(1)) is not None


def _to_mail(session: Session, state: TicketState, row: MailRow) -> Mail | None:
    """What the shopper has not seen, where there is an address and mails are wanted; None where that is nothing."""
    if state.email is None or _stopped(session, state.session_id):
        return None
    shown = session.get(ShownRow, state.session_id)
    found = (
        select(_EVENTS)
        .where(_EVENTS.c.ticket_id == state.ticket_id, _EVENTS.c.author == "agent")
        .where(_EVENTS.c.kind.in_(("message", "closed")))
        .where(_EVENTS.c.id.between(max(row.first_id, shown.event_id + 1 if shown else 0), row.last_id))
        .order_by(_EVENTS.c.id)
    )
    events = [DeskEvent(**event._mapping) for event in session.execute(found)]
    messages = tuple(one for one in events if one.kind == "message")
    closing = next((one for one in reversed(events) if one.kind == "closed"), None)
    closed_id = closing.id if closing and _may_ask(session, state, closing) else None
    return Mail(state, messages, row.attempts, row.since, closed_id) if messages or closed_id else None


def _may_ask(session: Session, state: TicketState, closing: DeskEvent) -> bool:
    """Whether a mail may ask how it went: the shopper has not written since, and none has asked before."""
    if state.status != "closed" or state.closed_for in _NO_SERVICE:
        return False
    later = select(TurnRow.id).where(TurnRow.session_id == state.session_id, TurnRow.started_at > closing.at)
    mailed = select(_EVENTS.c.data).where(_EVENTS.c.session_id == state.session_id, _EVENTS.c.kind == "mailed")
    return session.scalar(later.limit(1)) is None and not any("asks" in data for data in session.scalars(mailed))

"""Conversations that people of the shop closed as resolved → cases that answer the next one. Read from the desk's log."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, cast

from assistant.record.desk.desk import Desk
from assistant.record.desk.types import DeskEventKind
from assistant.service.past import Case
from assistant.service.private import known_of
from assistant.service.types import Customer
from catalog import Locale

_ALL = 1_000_000  # events: more are learnt from at the next question


class Event(Protocol):
    """A line of the desk's log."""

    @property
    def id(self) -> int: ...
    @property
    def ticket_id(self) -> str: ...
    @property
    def session_id(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...
    @property
    def at(self) -> datetime: ...


class Ticket(Protocol):
    """What is wanted in a ticket, in a line, and in which language."""

    @property
    def line(self) -> str: ...
    @property
    def language(self) -> str: ...


Events = Callable[[int, str | None, str], Sequence[Event]]
"""Events after an id, of a session or of all, of one kind, in their order."""


class Closed:
    """Gives each resolved conversation once, as a case, whenever it is asked what is new."""

    def __init__(
        self, events: Events, ticket: Callable[[str], Ticket], customer: Callable[[str], Customer | None]
    ) -> None:
        self._events = events
        self._ticket = ticket
        self._customer = customer
        self._seen = 0
        self._looking = threading.Lock()

    def __call__(self) -> list[Case]:
        """The cases since it was last asked."""
        with self._looking:
            fresh = self._events(self._seen, None, "closed")
            self._seen = fresh[-1].id if fresh else self._seen
        return [case for event in fresh if (case := self._case(event)) is not None]

    def _case(self, event: Event) -> Case | None:
        if event.data.get("reason") != "resolved":
            return None
        messages = self._events(0, event.session_id, "message")
        answers = [one for one in messages if one.author == "agent" and one.id < event.id]
        if not answers:
            return None
        ticket = self._ticket(event.ticket_id)
        known = known_of(self._customer(event.session_id))
        text = str(answers[-1].data.get("text", ""))
        return Case(event.ticket_id, ticket.line, text, cast(Locale, ticket.language), event.at, known)


def closed_of(desk: Desk, customer: Callable[[str], Customer | None]) -> Closed:
    """The resolved conversations of a record's desk."""

    def events(after: int, session_id: str | None, kind: str) -> Sequence[Event]:
        return desk.events(after, session_id=session_id, kinds=(cast(DeskEventKind, kind),), limit=_ALL)

    return Closed(events, desk.ticket, customer)

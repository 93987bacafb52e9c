"""The words of the desk, as immutable values: an event of its log, how a ticket stands by them, what is looked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from assistant.errors import Conflict

Status = Literal["open", "claimed", "snoozed", "closed"]
Author = Literal["shopper", "assistant", "agent", "system"]
DeskEventKind = Literal[
    "opened",
    "asked",  # the shopper asked for people of the shop again, while the ticket is open
    "addressed",  # the shopper left an e-mail address
    "claimed",
    "assigned",
    "transferred",
    "released",
    "snoozed",
    "woken",
    "closed",
    "reopened",
    "handed_back",
    "message",
    "note",
    "draft",
    "proposed",
    "waiting",
    "approved",
    "declined",
    "done",
    "undone",
    "rated",
    "mailed",  # what was written to the shopper went out by e-mail
    "mail_late",  # it did not yet, and is tried again
    "mail_failed",  # it did not, and is not tried any more
    "mail_stopped",  # the shopper wants no more e-mail about the conversation
]
CloseReason = Literal["resolved", "no_answer", "spam", "duplicate", "other"]
DraftOutcome = Literal["shown", "accepted", "edited", "discarded"]

PEOPLE = ("person", "complaint", "service", "approval", "safety")
"""The reasons of tickets that are conversations with people of the shop; of these a session has one at a time."""

TOLD: tuple[DeskEventKind, ...] = ("message", "claimed", "assigned", "transferred", "released", "handed_back", "closed")
"""What a shopper is told of; never notes, drafts or deeds."""


@dataclass(frozen=True, slots=True)
class DeskEvent:
    """One line of the desk's log. `turn_id` names the turn that it came with or after, `agent_id` who did it."""

    id: int
    session_id: str
    ticket_id: str
    kind: DeskEventKind
    author: Author
    agent_id: str | None
    turn_id: str | None
    data: Mapping[str, Any]
    key: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class TicketState:
    """How a ticket stands. `version` counts changes of hands; `waiting_since` is set while the shopper waits for a word.

    `agent_id` is who has it or had it last; `line` is what is wanted, in one line; `mood` is -1 to 1, `priority` 0 to 3.
    """

    ticket_id: str
    session_id: str
    status: Status
    agent_id: str | None
    version: int
    reason: str
    line: str
    language: str
    mood: float
    priority: int
    email: str | None
    summary: Mapping[str, Any]
    created_at: datetime
    waiting_since: datetime | None
    snoozed_until: datetime | None
    closed_at: datetime | None
    closed_for: str | None
    last_author: str | None
    last_text: str | None
    last_at: datetime | None
    last_event_id: int

    @property
    def live(self) -> bool:
        """Whether a person has the conversation, so that the assistant does not speak."""
        return self.agent_id is not None and self.status in ("claimed", "snoozed")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets are looked for; `held_by` is an agent's id, `text` stands in what is wanted, said last or the address."""

    statuses: tuple[Status, ...] = ("open", "claimed", "snoozed")
    held_by: str | None = None
    reason: str | None = None
    language: str | None = None
    text: str = ""
    limit: int = 200


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tickets stand how; `mine` are those that an agent has."""

    open: int = 0
    claimed: int = 0
    mine: int = 0
    snoozed: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class TurnTimes:
    """When a turn was said, and when it was answered."""

    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Written:
    """An event that was written; not `new` where the same had been sent before."""

    event: DeskEvent
    new: bool = True


@dataclass(frozen=True, slots=True)
class Macro:
    """A text that agents have at hand."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Middle:
    """The median of so many durations; None of none."""

    median_s: float | None = None
    n: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """How many tickets there were, how many still wait, and how long they took."""

    n: int
    backlog: int
    first_response: Middle
    resolution: Middle


@dataclass(frozen=True, slots=True)
class Figures:
    """The service of a time: of the tickets opened in it, and of the drafts shown in it.

    `reopen_rate` is the share of those once closed that were opened again; None where none was closed.
    """

    whole: Share
    reopen_rate: float | None
    drafts: Mapping[str, int] = field(default_factory=dict)
    by_language: Mapping[str, Share] = field(default_factory=dict)
    by_reason: Mapping[str, Share] = field(default_factory=dict)


class TicketChanged(Conflict):
    """A ticket is no longer as its agent saw it; `state` is how it stands."""

    def __init__(self, state: TicketState, why: str) -> None:
        super().__init__(f"this ticket {why}")
        self.state = state


class Unseen(Conflict):
    """Another agent wrote to the shopper meanwhile; `events` are what was not seen."""

    def __init__(self, events: tuple[DeskEvent, ...]) -> None:
        super().__init__("somebody else of the shop has answered meanwhile")
        self.events = events

"""How a ticket stands, as the fold of its events. Pure: knows no database, no clock and no roles."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from assistant.record.desk.types import DeskEvent, TicketState

_URGENCY = ("stock", "question", "service", "approval", "complaint", "person")  # the later reason takes the place


def fold(before: TicketState | None, event: DeskEvent) -> TicketState:
    """The state after `event`. The first event of a ticket opens it; ValueError for another one."""
    if event.kind == "opened":
        return _opened(event)
    if before is None:
        raise ValueError(f"ticket {event.ticket_id!r} was never opened")
    change = _CHANGES.get(event.kind)
    after = change(before, event) if change else before
    version = before.version + (_hands(before) != _hands(after))
    return replace(after, version=version, last_event_id=event.id)


def _hands(state: TicketState) -> tuple[object, ...]:
    return state.status, state.agent_id, state.snoozed_until


def _opened(event: DeskEvent) -> TicketState:
    said = event.data
    return TicketState(
        ticket_id=event.ticket_id, session_id=event.session_id, status="open", agent_id=None, version=1,
        reason=said["reason"], line=said["line"], language=said["language"], mood=said["mood"],
        priority=said["priority"], email=said["email"], summary=said["summary"], created_at=event.at,
        waiting_since=event.at, snoozed_until=None, closed_at=None, closed_for=None, last_author=None, last_text=None,
        last_at=None, last_event_id=event.id,
    )  # fmt: skip


def _asked(before: TicketState, event: DeskEvent) -> TicketState:
    """Asked again: the more urgent reason and priority hold, the newer mood and summary."""
    said = event.data
    more = _URGENCY.index(said["reason"]) > _URGENCY.index(before.reason)
    return replace(
        _woken(before, event),
        reason=said["reason"] if more else before.reason,
        line=said["line"] or before.line,
        mood=said["mood"],
        priority=max(before.priority, said["priority"]),
        email=said["email"] or before.email,
        summary={**before.summary, **said["summary"]},
        waiting_since=before.waiting_since or event.at,
    )


def _reopened(before: TicketState, event: DeskEvent) -> TicketState:
    again = replace(before, status="open", agent_id=None, closed_at=None, closed_for=None, snoozed_until=None)
    if event.author == "agent":
        return again
    return _asked(again, event)


def _addressed(before: TicketState, event: DeskEvent) -> TicketState:
    return replace(before, email=event.data["email"])


def _taken(before: TicketState, event: DeskEvent) -> TicketState:
    return replace(before, status="claimed", agent_id=event.data["to"], snoozed_until=None)


def _released(before: TicketState, event: DeskEvent) -> TicketState:
    return replace(before, status="open", agent_id=None, snoozed_until=None)


def _snoozed(before: TicketState, event: DeskEvent) -> TicketState:
    return replace(before, status="snoozed", snoozed_until=datetime.fromisoformat(event.data["until"]))


def _woken(before: TicketState, event: DeskEvent) -> TicketState:
    if before.status != "snoozed":
        return before
    return replace(before, status="claimed" if before.agent_id else "open", snoozed_until=None)


def _closed(before: TicketState, event: DeskEvent) -> TicketState:
    why = event.data.get("reason", event.kind)
    return replace(before, status="closed", closed_at=event.at, closed_for=why, waiting_since=None, snoozed_until=None)


def _message(before: TicketState, event: DeskEvent) -> TicketState:
    last: dict[str, Any] = {"last_author": event.author, "last_text": event.data["text"], "last_at": event.at}
    if event.author == "agent":
        return replace(before, waiting_since=None, **last)
    return replace(_woken(before, event), waiting_since=before.waiting_since or event.at, **last)


_CHANGES: dict[str, Callable[[TicketState, DeskEvent], TicketState]] = {
    "asked": _asked,
    "reopened": _reopened,
    "addressed": _addressed,
    "claimed": _taken,
    "assigned": _taken,
    "transferred": _taken,
    "released": _released,
    "snoozed": _snoozed,
    "woken": _woken,
    "closed": _closed,
    "handed_back": _closed,
    "message": _message,
}

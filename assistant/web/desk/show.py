"""Tickets and their conversations as the desk's JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from assistant.record.agents import Agent
from assistant.record.desk.types import DeskEvent, Figures, Share, TicketState, TurnTimes
from assistant.types import Turn
from assistant.web.desk.parts import Json, Names
from assistant.web.wire import show_product
from catalog import Locale

_UNSPOKEN = ("draft",)  # kinds that are no part of a conversation
_TEXTS = {
    "closed": "reason", "opened": "line", "asked": "line", "reopened": "line", "addressed": "email", "mailed": "email",
    "mail_late": "error", "mail_failed": "error",
}  # fmt: skip


def show_agent(agent: Agent) -> Json:
    """An agent, without anything that lets one in."""
    return {
        "id": agent.id, "name": agent.name, "email": agent.email, "role": agent.role, "locale": agent.locale,
        "active": agent.active, "created_at": moment(agent.created_at),
    }  # fmt: skip


def show_ticket(state: TicketState, names: Names, unread: int = 0) -> Json:
    """A ticket as the queue shows it; `unread` is for who asks."""
    last = {"author": state.last_author, "text": state.last_text, "at": moment(state.last_at)}
    return {
        "id": state.ticket_id,
        "session_id": state.session_id,
        "reason": state.reason,
        "line": state.line,
        "language": state.language,
        "mood": state.mood,
        "priority": state.priority,
        "status": state.status,
        "agent": named(state.agent_id, names),
        "created_at": moment(state.created_at),
        "waiting_since": moment(state.waiting_since),
        "unread": unread,
        "snoozed_until": moment(state.snoozed_until),
        "closed_at": moment(state.closed_at),
        "close_reason": state.closed_for,
        "email": state.email,
        "version": state.version,
        "last": last if state.last_author else None,
        "last_event": state.last_event_id,
    }


def show_item(event: DeskEvent, names: Names) -> Json:
    """An event as a line of the conversation."""
    data = event.data
    text = data.get(_TEXTS.get(event.kind, "text")) or ""
    if event.kind == "rated":
        text = f"{data['kind']} {data['value']}"
    return {
        "id": event.id,
        "kind": event.kind,
        "author": event.author,
        "agent_id": event.agent_id,
        "name": data.get("name") or names.get(event.agent_id or ""),
        "text": text or " ".join(data.get("says", ())),
        "at": moment(event.at),
        "turn_id": event.turn_id,
        "to": data.get("to_name", ""),
        "note": data.get("note", ""),
        "asks": ("too" if data["messages"] else "only") if data.get("asks") else None,
    }


def show_news(event: DeskEvent, names: Names) -> Json:
    """An event as all desks are told of it."""
    told = {
        "ticket_id": event.ticket_id, "session_id": event.session_id, "kind": event.kind, "author": event.author,
        "agent_id": event.agent_id, "line": event.data.get("line", ""), "at": moment(event.at),
    }  # fmt: skip
    return told | {"id": event.id, "item": show_item(event, names)}


def show_conversation(
    turns: Sequence[Turn],
    events: Iterable[DeskEvent],
    times: Mapping[str, TurnTimes],
    names: Names,
    locale: Locale,
) -> list[Json]:
    """The turns of a session and the events of its tickets in one order of time; what was said twice stands once."""
    spoken = [event for event in events if event.kind not in _UNSPOKEN]
    heard = {event.turn_id for event in spoken if event.kind == "message" and event.author == "shopper"}
    items = [(event.at, 1, show_item(event, names)) for event in spoken]
    for turn in turns:
        at = times[turn.id]
        if turn.id not in heard:
            items.append((at.started_at, 0, _said(turn, at.started_at)))
        if turn.reply.text or turn.slate.items:
            items.append((at.finished_at or at.started_at, 2, _replied(turn, at.finished_at or at.started_at, locale)))
    return [item for _, _, item in sorted(items, key=lambda one: one[:2])]


def _said(turn: Turn, at: datetime) -> Json:
    return _item(turn, "shopper", turn.message, at)


def _replied(turn: Turn, at: datetime, locale: Locale) -> Json:
    products = [show_product(item.product.localised(locale)) for item in turn.slate.items]
    claims = [{"text": c.text, "status": c.status, "evidence": list(c.evidence)} for c in turn.reply.claims]
    return _item(turn, "assistant", turn.reply.text, at) | {"products": products, "claims": claims}


def _item(turn: Turn, author: str, text: str, at: datetime) -> Json:
    return {
        "id": turn.id, "kind": "message", "author": author, "agent_id": None, "name": None, "text": text,
        "at": moment(at), "turn_id": turn.id, "language": turn.locale,
    }  # fmt: skip


def show_figures(figures: Figures) -> Json:
    """The service's figures."""
    return {
        **_share(figures.whole),
        "reopen_rate": figures.reopen_rate,
        "draft": dict(figures.drafts),
        "by_language": {name: _share(share) for name, share in figures.by_language.items()},
        "by_reason": {name: _share(share) for name, share in figures.by_reason.items()},
    }


def _share(share: Share) -> Json:
    return {
        "n": share.n,
        "backlog": share.backlog,
        "first_response": asdict(share.first_response),
        "resolution": asdict(share.resolution),
    }


def named(agent_id: str | None, names: Names) -> Json | None:
    """An agent by id and name."""
    return {"id": agent_id, "name": names.get(agent_id, "")} if agent_id else None


def moment(at: datetime | None) -> Any:
    """A moment as JSON has it."""
    return at.isoformat() if at else None

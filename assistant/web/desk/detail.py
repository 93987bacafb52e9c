"""All that stands beside a conversation: what is wanted, who it is, their orders, what answers rest on, what helped before.

A part that fails is left out and logged: an agent can always read and answer.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TypeVar

from assistant.record.agents import Agent
from assistant.record.desk.types import TicketState
from assistant.service import Customer
from assistant.types import Turn
from assistant.web.carts import cart_now
from assistant.web.desk.books import show_customer, show_order, show_proposal, show_reasons
from assistant.web.desk.office import Office
from assistant.web.desk.parts import Json, Names, Serves
from assistant.web.desk.show import show_conversation, show_ticket
from assistant.web.wire import show_evidence, show_need
from catalog import Locale

_RESTS_ON = 3  # turns whose evidence is shown
_SIMILAR = 3
_EVENTS = 2_000  # of one session that are shown
_log = logging.getLogger(__name__)
T = TypeVar("T")


def detail(office: Office, agent: Agent, state: TicketState, locale: Locale) -> Json:
    """A ticket with everything that helps to answer it, in the agent's language."""
    desk, names = office.parts.desk, office.names()
    turns = office.shop.assistant.turns(state.session_id)
    events = desk.events(0, limit=_EVENTS, session_id=state.session_id)
    times = desk.turn_times(state.session_id)
    unread = desk.unread(agent, [state.ticket_id])
    return {
        **show_ticket(state, names, unread.get(state.ticket_id, 0)),
        "last_event": events[-1].id if events else 0,
        "mail": _mail(office, state),
        "conversation": show_conversation(turns, events, times, names, locale),
        "summary": _or(dict(state.summary), lambda: _summary(office, state, turns, locale)),
        **_needed(office, state, turns, locale),
        **_or(_NOBODY, lambda: _served(office, state, names, locale)),
        "similar": _or(_NONE, lambda: _similar(office, state, turns)),
        "macros": [asdict(one) for one in desk.macros()],
    }


def _or(otherwise: T, look: Callable[[], T]) -> T:
    try:
        return look()
    except Exception:
        _log.exception("a part of a ticket could not be shown")
        return otherwise


def _summary(office: Office, state: TicketState, turns: Sequence[Turn], locale: Locale) -> Json:
    """The conversation in short in the agent's language; without that what the ticket came with."""
    given = {name: said for name, said in state.summary.items() if said}
    if office.parts.summarise is None:
        return {"wanted": state.line} | given
    made = office.parts.summarise(turns, locale)
    checked = [{"text": one.text, "source": one.source} for one in made.checked]
    return given | {"wanted": made.wanted, "tried": list(made.tried), "checked": checked, "mood_why": made.why}


def _mail(office: Office, state: TicketState) -> str:
    """Whether what is written to a shopper who has left goes out by e-mail: on, off, or stopped by the shopper."""
    stopped = office.parts.desk.mails.stopped(state.session_id)
    return "stopped" if stopped else "on" if office.parts.mailed else "off"


def _needed(office: Office, state: TicketState, turns: Sequence[Turn], locale: Locale) -> Json:
    """What the shopper looks for, what is in the cart, and what the last answers rested on."""
    shop = office.shop
    lines = {one.id: one for turn in turns[-_RESTS_ON:] for one in (*turn.slate.evidence, *turn.evidence)}
    return {
        "need": show_need(turns[-1].need, shop.currency()) if turns else None,
        "cart": _or(None, lambda: cart_now(shop, state.session_id, locale)),
        "evidence": [show_evidence(one) for one in lines.values()],
    }


_NONE: list[Json] = []
_NOBODY: Json = {"customer": None, "orders": [], "proposals": [], "reasons": {}}


def _served(office: Office, state: TicketState, names: Names, locale: Locale) -> Json:
    """Who the shopper proved to be, what they ordered, and what is proposed to be done about it."""
    service = office.parts.service
    if service is None:
        return _NOBODY
    customer = service.proved(state.session_id)
    proposals = [one for one in service.proposals(state.session_id) if one.state != "expired"]
    now = office.parts.desk.now()
    return {
        "customer": show_customer(customer, service.rules.currency) if customer else None,
        "orders": _orders(service, customer, locale) if customer else [],
        "proposals": [show_proposal(one, service, names, locale, now, state.ticket_id) for one in proposals],
        "reasons": show_reasons(service.rules, locale),
    }


def _orders(service: Serves, customer: Customer, locale: Locale) -> list[Json]:
    return [show_order(one, customer, service.rules, locale) for one in service.orders(customer.id)]


def _similar(office: Office, state: TicketState, turns: Sequence[Turn]) -> list[Json]:
    """Questions like this one that were answered before, in the shopper's language."""
    past = office.parts.past
    if past is None:
        return []
    question = state.line or (turns[-1].message if turns else "")
    found = past.best(question, "zh" if state.language == "zh" else "en", _SIMILAR)
    return [{"question": one.question, "answer": one.answer, "score": one.score, "source": one.source} for one in found]

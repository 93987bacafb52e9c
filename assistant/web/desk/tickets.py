"""The queue, a ticket with everything beside it, and whose hands it is in."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from assistant.record.agents import Agent
from assistant.record.desk.types import Status, TicketState, Wanted
from assistant.web.desk.detail import detail
from assistant.web.desk.forms import CloseForm, GiveForm, SeenForm, SnoozeForm, VersionForm
from assistant.web.desk.office import Office
from assistant.web.desk.parts import Json
from assistant.web.desk.show import show_figures, show_ticket
from assistant.web.desk.signed import language
from assistant.web.wire import Id

_STATUSES = ("open", "claimed", "snoozed", "closed")
_Filter = Annotated[str, Query(max_length=100)]


def ticket_routes(router: APIRouter, office: Office) -> None:
    """Routes of tickets."""
    _reading(router, office)
    _taking(router, office)
    _ending(router, office)


def _reading(router: APIRouter, office: Office) -> None:
    desk = office.parts.desk
    Signed = Annotated[Agent, Depends(office.who)]

    @router.get("/tickets", summary="The queue: tickets, the most urgent first, and how many stand how")
    def tickets(
        agent: Signed,
        response: Response,
        status: _Filter = "open,claimed",
        mine: bool = False,
        reason: _Filter = "",
        language: _Filter = "",
        q: _Filter = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 200,
    ) -> Json:
        response.headers["Cache-Control"] = "no-store"
        desk.wake()
        last_event = desk.last_event()  # before the tickets: what comes after it may be in them, and is told again
        asked = tuple(cast(Status, one) for one in _STATUSES if one in status.split(","))
        found = desk.tickets(Wanted(asked, agent.id if mine else None, reason or None, language or None, q, limit))
        unread = desk.unread(agent, [one.ticket_id for one in found])
        names, counts = office.names(), desk.counts(agent)
        return {
            "tickets": [show_ticket(one, names, unread.get(one.ticket_id, 0)) for one in found],
            "counts": {name: getattr(counts, name) for name in ("open", "claimed", "mine", "snoozed", "closed")},
            "last_event": last_event,
        }

    @router.get("/tickets/{ticket_id}", summary="One ticket with its conversation and everything that helps to answer")
    def ticket(ticket_id: Id, agent: Signed, request: Request, response: Response) -> Json:
        response.headers["Cache-Control"] = "no-store"
        told = detail(office, agent, desk.ticket(ticket_id), language(request, agent))
        office.presence.look(agent, ticket_id)
        desk.look(agent, ticket_id, told["last_event"])
        return told

    @router.post("/tickets/{ticket_id}/seen", status_code=204, summary="Say up to which event one has looked")
    def seen(ticket_id: Id, body: SeenForm, agent: Signed) -> None:
        desk.look(agent, ticket_id, min(body.event_id, desk.ticket(ticket_id).last_event_id))

    @router.get("/figures", summary="How soon, how long, how much waits, what came of drafts")
    def figures(agent: Signed, days: Annotated[int, Query(ge=1, le=366)] = 30) -> Json:
        return show_figures(desk.figures(days))


def _taking(router: APIRouter, office: Office) -> None:
    hands = office.parts.desk.hands
    Signed = Annotated[Agent, Depends(office.who)]

    @router.post("/tickets/{ticket_id}/claim", summary="Take a ticket that nobody has")
    def claim(ticket_id: Id, body: VersionForm, agent: Signed) -> Json:
        return _shown(office, agent, hands.claim(agent, ticket_id, body.version))

    @router.post("/tickets/{ticket_id}/release", summary="Put a ticket back for anybody")
    def release(ticket_id: Id, body: VersionForm, agent: Signed) -> Json:
        return _shown(office, agent, hands.release(agent, ticket_id, body.version))

    @router.post("/tickets/{ticket_id}/assign", summary="Give anybody's ticket to somebody: for leads")
    def assign(ticket_id: Id, body: GiveForm, agent: Signed) -> Json:
        return _shown(office, agent, hands.assign(agent, ticket_id, body.version, body.agent_id))

    @router.post("/tickets/{ticket_id}/transfer", summary="Give one's own ticket to somebody, with a note")
    def transfer(ticket_id: Id, body: GiveForm, agent: Signed) -> Json:
        return _shown(office, agent, hands.transfer(agent, ticket_id, body.version, body.agent_id, body.note))


def _ending(router: APIRouter, office: Office) -> None:
    hands = office.parts.desk.hands
    Signed = Annotated[Agent, Depends(office.who)]

    @router.post("/tickets/{ticket_id}/snooze", summary="Put a ticket away until then, or until the shopper writes")
    def snooze(ticket_id: Id, body: SnoozeForm, agent: Signed) -> Json:
        if body.until <= office.parts.desk.now():
            raise HTTPException(422, "until must be still to come")
        return _shown(office, agent, hands.snooze(agent, ticket_id, body.version, body.until))

    @router.post("/tickets/{ticket_id}/close", summary="End a ticket; the assistant answers again")
    def close(ticket_id: Id, body: CloseForm, agent: Signed) -> Json:
        return _shown(office, agent, hands.close(agent, ticket_id, body.version, body.reason, body.note))

    @router.post("/tickets/{ticket_id}/reopen", summary="Open a closed ticket again, or wake one that was put away")
    def reopen(ticket_id: Id, body: VersionForm, agent: Signed) -> Json:
        return _shown(office, agent, hands.reopen(agent, ticket_id, body.version))

    @router.post("/tickets/{ticket_id}/hand-back", summary="End a ticket by giving the conversation to the assistant")
    def hand_back(ticket_id: Id, body: VersionForm, agent: Signed) -> Json:
        return _shown(office, agent, hands.hand_back(agent, ticket_id, body.version))


def _shown(office: Office, agent: Agent, state: TicketState) -> Json:
    unread = office.parts.desk.unread(agent, [state.ticket_id])
    return show_ticket(state, office.names(), unread.get(state.ticket_id, 0))

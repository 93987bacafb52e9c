"""What agents do to orders: the same gates as the assistant's, the consequences first, each role up to its limit."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request

from assistant.record.agents import Agent, must_lead
from assistant.record.desk.types import DeskEventKind, TicketState
from assistant.service import Proposal, Refused
from assistant.web.desk.books import show_offer, show_proposal
from assistant.web.desk.forms import DeclineForm, DeedForm
from assistant.web.desk.office import Office, missing
from assistant.web.desk.parts import Json, Serves
from assistant.web.desk.signed import language
from assistant.web.wire import Id
from catalog import Locale

_TOLD: dict[str, DeskEventKind] = {
    "proposed": "proposed", "waiting": "waiting", "done": "done", "declined": "declined", "undone": "undone",
}  # fmt: skip


def deed_routes(router: APIRouter, office: Office) -> None:
    """Routes of deeds."""
    _proposing(router, office)
    _deciding(router, office)


def _proposing(router: APIRouter, office: Office) -> None:
    Signed = Annotated[Agent, Depends(office.who)]

    @router.post("/tickets/{ticket_id}/deeds", status_code=201, summary="See exactly what something would do")
    def propose(ticket_id: Id, body: DeedForm, agent: Signed, request: Request) -> Json:
        service, state = _service(office), office.parts.desk.owned(agent, ticket_id)
        request.state.deed = body.kind
        customer = service.proved(state.session_id)
        if customer is None:
            raise HTTPException(409, "the shopper has not said who they are")
        currency = service.rules.currency
        if body.order_id is not None:
            currency = service.order(customer.id, body.order_id).currency
        proposal = service.propose(state.session_id, customer.id, body.deed(currency), agent.id)
        return _recorded(office, agent, proposal, state, request)

    @router.get("/offers/{product_id:path}", summary="What a product can be had as now")
    def offers(product_id: Id, agent: Signed) -> Json:
        service = _service(office)
        return {"offers": [show_offer(one, service.rules.currency) for one in service.offers(product_id)]}

    @router.get("/approvals", summary="What waits for somebody's approval, oldest first")
    def approvals(agent: Signed, request: Request) -> Json:
        service = office.parts.service
        waiting = service.waiting() if service else ()
        locale = language(request, agent)
        return {"proposals": [_shown(office, one, _ticket(office, one), locale) for one in waiting]}


def _deciding(router: APIRouter, office: Office) -> None:
    Signed = Annotated[Agent, Depends(office.who)]

    @router.post(
        "/proposals/{proposal_id}/confirm", summary="Do what an agent proposed, or let it wait where it is too much"
    )
    def confirm(proposal_id: Id, agent: Signed, request: Request) -> Json:
        case = _mine(office, agent, proposal_id)
        return _recorded(office, agent, _agreed(case, agent), case.state, request)

    @router.post("/proposals/{proposal_id}/approve", summary="Let happen what waits, up to one's limit")
    def approve(proposal_id: Id, agent: Signed, request: Request) -> Json:
        case = _mine(office, agent, proposal_id)
        done = _agreed(case, agent)
        return _recorded(office, agent, done, case.state, request, approved=done.state == "done")

    @router.post("/proposals/{proposal_id}/decline", summary="Refuse what was proposed or waits")
    def decline(proposal_id: Id, body: DeclineForm, agent: Signed, request: Request) -> Json:
        case = _mine(office, agent, proposal_id)
        return _recorded(office, agent, case.service.decline(proposal_id, agent.id, body.why), case.state, request)

    @router.post("/proposals/{proposal_id}/undo", summary="Take back what was done, as long as the rules allow")
    def undo(proposal_id: Id, agent: Signed, request: Request) -> Json:
        case = _mine(office, agent, proposal_id)
        return _recorded(office, agent, case.service.undo(proposal_id, agent.id), case.state, request)


def _service(office: Office) -> Serves:
    if office.parts.service is None:
        raise missing("service of orders")
    return office.parts.service


@dataclass(frozen=True, slots=True)
class _Case:
    """A proposal, and the ticket that it belongs to."""

    service: Serves
    proposal: Proposal
    state: TicketState | None


def _mine(office: Office, agent: Agent, proposal_id: str) -> _Case:
    """A proposal that the agent may decide on: of a ticket that they have, or for leads any."""
    service = _service(office)
    proposal = service.proposal(proposal_id)
    if proposal is None:
        raise Refused("not_found")
    state = _ticket(office, proposal)
    if state is not None:
        office.parts.desk.owned(agent, state.ticket_id)
    else:
        must_lead(agent)
    return _Case(service, proposal, state)


def _agreed(case: _Case, agent: Agent) -> Proposal:
    """What an agent agrees to: done, or waiting for somebody whose limit the owner has set higher."""
    return case.service.approve(case.proposal.id, agent.id, case.service.rules.limit(agent.role))


def _ticket(office: Office, proposal: Proposal) -> TicketState | None:
    """The ticket of the session that a proposal was made in; None where there is none."""
    if proposal.session_id is None:
        return None
    return office.parts.desk.latest(proposal.session_id)


def _recorded(
    office: Office,
    agent: Agent,
    proposal: Proposal,
    state: TicketState | None,
    request: Request,
    *,
    approved: bool = False,
) -> Json:
    """The proposal as it stands now, told to the log of its ticket."""
    shown = _shown(office, proposal, state, language(request, agent))
    if state is not None:
        told = {"proposal_id": proposal.id, "deed": proposal.deed.kind, "says": shown["says"], "name": agent.name}
        if approved:
            office.parts.desk.deed(agent, state.ticket_id, "approved", told)
        if kind := _TOLD.get(proposal.state):
            office.parts.desk.deed(agent, state.ticket_id, kind, told)
    return shown


def _shown(office: Office, proposal: Proposal, state: TicketState | None, locale: Locale) -> Json:
    service, ticket_id = _service(office), state.ticket_id if state else None
    return show_proposal(proposal, service, office.names(), locale, office.parts.desk.now(), ticket_id)

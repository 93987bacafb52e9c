"""An agent asks the shopper of a ticket how it went: in the open chat, else by a link that the agent passes on."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from assistant.record.agents import Agent
from assistant.web.desk.office import Office, missing
from assistant.web.desk.parts import Json
from assistant.web.desk.relay import Passing
from assistant.web.rate_page import link_to
from assistant.web.survey import show_offer
from assistant.web.wire import Id


def survey_routes(router: APIRouter, office: Office) -> None:
    """The route by which a rating is asked for."""
    Signed = Annotated[Agent, Depends(office.who)]

    @router.post("/tickets/{ticket_id}/survey", status_code=201, summary="Ask the shopper how it went")
    def ask(ticket_id: Id, agent: Signed, response: Response) -> Json:
        response.headers["Cache-Control"] = "no-store"
        state = office.parts.desk.owned(agent, ticket_id)
        surveys = office.shop.surveys
        if surveys is None:
            raise missing("survey")
        offer = surveys.ask(state.session_id, "desk")
        there = office.relay.listening(state.session_id) > 0
        if there:
            told = {"ticket_id": ticket_id, **show_offer(offer)}
            office.relay.tell(Passing("survey", told, state.session_id, to_desk=False))
        return {
            "sent": there,
            "link": link_to(offer, office.shop.settings.public_url),
            "email": state.email,
            "language": offer.locale,
            "subject": offer.subject,
            "expires_at": offer.expires_at.isoformat(),
        }

"""The desk's routes put together: all under /api/v1/desk, and beside them the line on which shoppers hear of people."""

from fastapi import APIRouter, FastAPI

from assistant.web.desk.deeds import deed_routes
from assistant.web.desk.events import event_routes
from assistant.web.desk.faq import faq_routes
from assistant.web.desk.faults import desk_faults
from assistant.web.desk.office import Office, Presence
from assistant.web.desk.parts import DeskParts
from assistant.web.desk.people import people_routes
from assistant.web.desk.relay import Relay
from assistant.web.desk.signed import agent_of
from assistant.web.desk.surveys import survey_routes
from assistant.web.desk.talk import talk_routes
from assistant.web.desk.tickets import ticket_routes
from assistant.web.live import live_routes, moved
from assistant.web.shop import Shop


def mount_desk(app: FastAPI, shop: Shop, parts: DeskParts) -> None:
    """Serve the desk's routes, and the line on which shoppers hear of people of the shop."""
    relay = Relay(parts.desk, moved(parts))
    office = Office(shop, parts, agent_of(parts.agents), relay, Presence(relay.tell))
    router = APIRouter(prefix="/api/v1/desk")
    for routes in (people_routes, ticket_routes, talk_routes, deed_routes, survey_routes, faq_routes, event_routes):
        routes(router, office)
    app.router.routes += router.routes + live_routes(office).routes
    desk_faults(app, parts.agents)

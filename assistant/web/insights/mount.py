"""The owner's routes put together, all under /api/v1/insights. A reading first takes in what has just happened."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request, Response

from assistant.record.agents import Agent
from assistant.web.desk.show import show_agent
from assistant.web.insights.alerts import alert_routes
from assistant.web.insights.conversations import conversation_routes
from assistant.web.insights.drift import drift_routes
from assistant.web.insights.experiments import experiment_routes
from assistant.web.insights.export import export_routes
from assistant.web.insights.gaps import gap_routes
from assistant.web.insights.opinions import opinion_routes
from assistant.web.insights.overview import overview_routes
from assistant.web.insights.parts import Bureau, InsightParts, Json, owner_of
from assistant.web.insights.report import report_routes
from assistant.web.insights.surveys import survey_routes
from assistant.web.shop import Shop

CATCH_UP_S = 0.5  # that a reading waits at most for what has just happened

Routes = Callable[[APIRouter, Bureau], None]
ROUTES: tuple[Routes, ...] = (
    overview_routes,
    conversation_routes,
    export_routes,
    report_routes,
    experiment_routes,
    gap_routes,
    drift_routes,
    survey_routes,
    opinion_routes,
    alert_routes,
)


def mount_insights(app: FastAPI, shop: Shop, parts: InsightParts) -> None:
    """Serve the owner's routes."""
    bureau = Bureau(shop, parts, owner_of(parts.record))

    def fresh(request: Request, response: Response, agent: Annotated[Agent, Depends(bureau.who)]) -> None:
        response.headers["Cache-Control"] = "no-store"
        if request.method == "GET":
            parts.keeper.catch_up(CATCH_UP_S)

    router = APIRouter(prefix="/api/v1/insights", dependencies=[Depends(fresh)])

    @router.get("/me", summary="The owner who is signed in, the shop, and today's date as the figures count it")
    def me(agent: Annotated[Agent, Depends(bureau.who)]) -> Json:
        named = {"name": shop.settings.shop_name, "currency": shop.currency()}
        return {"agent": show_agent(agent), "shop": named, "today": parts.clock().date().isoformat()}

    for routes in ROUTES:
        routes(router, bureau)
    app.router.routes += router.routes

"""What the owner's page is given, and what all its routes share. A part that is missing answers 503 and says which."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fastapi import HTTPException, Request

from assistant.insight.alerts.making import Alarm
from assistant.insight.drift import Drift
from assistant.insight.experiments.lab import Lab
from assistant.insight.figures import Figures
from assistant.insight.filters import Filters, filters_from
from assistant.insight.gaps import Gaps
from assistant.insight.keeper import Keeper
from assistant.insight.opinions.figures import OpinionFigures
from assistant.record import Record
from assistant.record.agents import Agent
from assistant.web.desk.signed import Who, agent_of
from catalog import Locale

if TYPE_CHECKING:
    from assistant.web.shop import Shop

Json = dict[str, Any]


@dataclass
class InsightParts:
    """The parts of the owner's page."""

    record: Record
    figures: Figures
    keeper: Keeper
    clock: Callable[[], datetime]
    gaps: Gaps | None = None
    drift: Drift | None = None
    experiments: Lab | None = None
    opinions: OpinionFigures | None = None
    alerts: Alarm | None = None


@dataclass(frozen=True)
class Bureau:
    """One owner's page as its routes use it. `who` lets owners through: 401 not signed in, 403 any other role."""

    shop: "Shop"
    parts: InsightParts
    who: Who

    def filters(self, request: Request) -> Filters:
        """What the address asks for; 422 names the field that makes no sense."""
        try:
            return filters_from(request.query_params, self.parts.clock().date())
        except ValueError as error:
            raise HTTPException(422, str(error)) from error

    def title(self, product_id: str, locale: Locale) -> str:
        """A product's name in the page's language; its id where the catalogue no longer has it."""
        product = self.shop.catalog.get(product_id)
        return product.localised(locale).title if product else product_id


def owner_of(record: Record) -> Who:
    """Finds the owner of a request; 401 where nobody is signed in, 403 for any other role or another page."""
    signed_in = agent_of(record.agents)

    async def who(request: Request) -> Agent:
        agent = await signed_in(request)
        if agent.role != "owner":
            raise HTTPException(403, "this is for the shop's owner")
        return agent

    return who


def missing(what: str) -> HTTPException:
    """503 for a part that this shop is without."""
    return HTTPException(503, f"this shop has no {what}", {"Retry-After": "3600"})


def one_of(field: str, given: str, known: Sequence[str]) -> Any:
    """What is given, where it is known; 422 that names the field where it is not."""
    if given not in known:
        raise HTTPException(422, f"{field}: must be one of {', '.join(known)}, not {given[:40]!r}")
    return given


def page_language(request: Request) -> Locale:
    """The language that the page asks in; a link to a file says it in its address."""
    asked = request.query_params.get("lang") or request.headers.get("accept-language", "")
    return "zh" if asked.strip().lower().startswith("zh") else "en"

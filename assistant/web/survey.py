"""How shoppers are asked whether they are satisfied, and how they answer: the chat's routes and those of a link."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field

from assistant.errors import Conflict, UnknownId
from assistant.record.surveys import BadAnswer, Offer
from assistant.surveys import Form
from assistant.surveys.deciding import What
from assistant.web.marks import mark_of
from assistant.web.shop import Asks, Shop
from assistant.web.wire import Comment, Id

Json = dict[str, Any]
Token = Annotated[Id, Path(description="the secret that the offer's link ends in")]


class AnswerIn(BaseModel):
    """A value on the scale of the question, a comment, or both."""

    model_config = ConfigDict(extra="ignore")

    value: Annotated[int, Field(strict=True, ge=0, le=100)] | None = None
    comment: Comment | None = None
    source: Literal["chat", "link"] = "chat"


def survey_routes(shop: Shop) -> APIRouter:
    """All routes under /api/v1/surveys."""
    router = APIRouter(prefix="/api/v1/surveys")
    _asks(router, shop)
    _answers(router, shop)
    return router


def _asks(router: APIRouter, shop: Shop) -> None:
    @router.get("/due", summary="Whether to ask the shopper now; what is given is recorded as asked, and given once")
    def due(
        session_id: Annotated[Id, Query()],
        response: Response,
        trigger: Annotated[What, Query(description="what has happened in the conversation")] = "turn",
        shopper_id: Annotated[Id | None, Query()] = None,
    ) -> Json:
        response.headers["Cache-Control"] = "no-store"
        if shop.surveys is None:
            return {"offer": None, "why": "off", "again_s": None}
        found = shop.surveys.due(session_id, trigger, shopper_id)
        again_s = None if found.again is None else found.again.total_seconds()
        offer = _put(shop.surveys, found.offer) if found.offer else None
        return {"offer": offer, "why": found.why, "again_s": again_s}

    @router.get("/open", summary="What the shopper was asked in a conversation and has neither answered nor declined")
    def still_open(session_id: Annotated[Id, Query()], response: Response) -> Json:
        response.headers["Cache-Control"] = "no-store"
        surveys = shop.surveys
        if surveys is None:
            return {"offers": []}
        offers = [_put(surveys, one) | {"at": one.at.isoformat()} for one in surveys.unanswered(session_id)]
        return {"offers": offers}


def _answers(router: APIRouter, shop: Shop) -> None:
    @router.post("/{offer_id}/answer", status_code=201, summary="Answer, or add a comment; the last answer counts")
    def answer(offer_id: Token, body: AnswerIn, request: Request) -> Json:
        surveys = asking(shop, offer_id)
        if _by_another(shop, request, surveys.offer(offer_id)):
            return {"recorded": False}
        comment = body.comment.strip() if body.comment else None
        try:
            surveys.answer(offer_id, body.value, comment, body.source)
        except BadAnswer as error:
            fault = {"loc": ("body", error.field), "msg": str(error), "type": "value_error"}
            raise RequestValidationError([fault]) from error
        except Conflict as error:
            raise HTTPException(429, str(error), {"Retry-After": "86400"}) from error
        return {"recorded": True}

    @router.post("/{offer_id}/skip", status_code=201, summary="Rather not answer")
    def skip(offer_id: Token, request: Request) -> Json:
        surveys = asking(shop, offer_id)
        if _by_another(shop, request, surveys.offer(offer_id)):
            return {"recorded": False}
        surveys.skip(offer_id)
        return {"recorded": True}


def asking(shop: Shop, offer_id: str) -> Asks:
    """The shop's surveys; UnknownId where it has none."""
    if shop.surveys is None:
        raise UnknownId("survey", offer_id)
    return shop.surveys


def _by_another(shop: Shop, request: Request, offer: Offer) -> bool:
    """Whether a bot, or somebody of the shop, answers what a shopper was asked: it would count as the shopper's answer."""
    return not offer.marked and mark_of(shop, request) is not None


def _put(surveys: Asks, offer: Offer) -> Json:
    """An offer for the chat, and for how many days whoever was asked is left alone."""
    return show_offer(offer) | {"quiet_days": surveys.rules.again_after.days}


def show_offer(offer: Offer) -> Json:
    """An offer as its card is drawn from; both languages, since the page may change its own."""
    return {"id": offer.id, "subject": offer.subject, "agent": offer.agent, "turn_id": offer.turn_id} | show_form(
        offer.form
    )


def show_form(form: Form) -> Json:
    """A form's scale and words."""
    told = form.to_json()
    return {name: told[name] for name in ("scale", "question", "comment", "thanks")}

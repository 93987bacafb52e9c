"""The routes by which a shopper sees, allows and deletes what is remembered. The id is the key: none is ever listed."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, StringConstraints

from assistant.errors import UnknownId
from assistant.memory import learnt, named
from assistant.record.memory import ID_CHARS, Consent, Fact
from assistant.web.shop import Shop
from assistant.web.wire import Id, show_constraint
from catalog import Locale

Key = Annotated[Id, Path(description="the random id that the shopper's browser keeps")]
NewKey = Annotated[str, StringConstraints(min_length=ID_CHARS, max_length=200, pattern=r"^[A-Za-z0-9._~-]+$")]
_LOCALES: tuple[Locale, ...] = ("en", "zh")


class ConsentIn(BaseModel):
    """Whether the shopper agrees to be remembered."""

    agreed: bool


def shopper_routes(shop: Shop) -> APIRouter:
    """All routes under /api/v1/shoppers."""
    router = APIRouter(prefix="/api/v1/shoppers/{shopper_id}")
    _reading(router, shop)
    _erasing(router, shop)
    return router


def _reading(router: APIRouter, shop: Shop) -> None:
    @router.get("/memory", summary="All that is remembered of a shopper, and whether the shopper agreed")
    def memory(shopper_id: Key, response: Response) -> dict[str, Any]:
        response.headers["Cache-Control"] = "no-store"
        consent = shop.record.memory.consent(shopper_id)
        if consent is None:
            raise UnknownId("shopper", shopper_id)
        return _show(consent, shop.record.memory.facts(shopper_id), shop)

    @router.put("/consent", summary="Agree to be remembered, or withdraw, which deletes all that is remembered")
    def consent(shopper_id: Annotated[NewKey, Path()], body: ConsentIn, response: Response) -> dict[str, Any]:
        response.headers["Cache-Control"] = "no-store"
        memory = shop.record.memory
        if not body.agreed and memory.consent(shopper_id) is None:
            raise UnknownId("shopper", shopper_id)
        return _show(memory.decide(shopper_id, body.agreed), memory.facts(shopper_id), shop)


def _erasing(router: APIRouter, shop: Shop) -> None:
    @router.delete("/facts/{fact_id}", status_code=204, summary="Delete one thing that is remembered")
    def forget(shopper_id: Key, fact_id: Id) -> None:
        if not shop.record.memory.forget(shopper_id, [fact_id]):
            raise UnknownId("fact", fact_id)

    @router.delete("/memory", status_code=204, summary="Delete all that is remembered, the consent too")
    def erase(shopper_id: Key) -> None:
        shop.record.memory.erase(shopper_id)


def _show(consent: Consent, facts: tuple[Fact, ...], shop: Shop) -> dict[str, Any]:
    shown = [_show_fact(fact, shop) for fact in facts]
    return {"agreed": consent.agreed, "since": consent.at.isoformat(), "facts": shown}


def _show_fact(fact: Fact, shop: Shop) -> dict[str, Any]:
    currency = shop.currency()
    wish = show_constraint(fact.constraint, currency)
    return {
        "id": fact.id,
        "kind": fact.kind,
        "field": wish["field"],
        "op": wish["op"],
        "value": wish["value"],
        "about": fact.about or None,
        "certain": fact.certain,
        "label": {locale: named(fact, shop.catalog, currency, locale) for locale in _LOCALES},
        "source": {locale: learnt(fact, locale) for locale in _LOCALES},
        "words": fact.words,
        "turn_id": fact.turn_id,
        "learnt_at": _moment(fact.at),
        "used_at": _moment(fact.used_at),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None

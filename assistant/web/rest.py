"""The contract's REST routes: JSON in, JSON or events out. Every answer is 2xx, 404, 413, 422, 429 or 503."""

import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator
from functools import partial
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from assistant.record.events import BadDeed
from assistant.types import DoneEvent, Event, TicketDraft, Utterance
from assistant.web.carts import cart_now
from assistant.web.deeds import check_token, deed_routes, invalid
from assistant.web.events import Named, Telling
from assistant.web.marks import mark_of
from assistant.web.shop import Shop
from assistant.web.stream import follow
from assistant.web.wire import (
    ChatIn,
    FeedbackIn,
    Id,
    Language,
    QuestionIn,
    Term,
    Text,
    read_need,
    show_facets,
    show_listing,
    show_product,
    show_turn,
)
from catalog import Constraint, Hit, Locale, Product, minor_units

Money = Annotated[float, Query(ge=0, le=1e9, allow_inf_nan=False)]
Limit = Annotated[int, Query(ge=1, le=50)]


def routes(shop: Shop, limiter: anyio.CapacityLimiter) -> APIRouter:
    """All routes under /api/v1."""
    router = APIRouter(prefix="/api/v1")
    _conversation(router, shop, limiter)
    _opinions(router, shop)
    deed_routes(router, shop)
    _products(router, shop)
    _neighbours(router, shop)
    return router


def utterance(body: ChatIn, currency: str, mark: str | None) -> Utterance:
    """What the shopper said, or who is marked as none, as the assistant takes it."""
    locale: Locale | None = "zh" if body.locale == "zh" else "en" if body.locale else None
    need = read_need(body.need, currency) if body.need else None
    return Utterance(body.message, body.session_id, body.shopper_id, locale, need, body.variety, mark)


def _conversation(router: APIRouter, shop: Shop, limiter: anyio.CapacityLimiter) -> None:
    @router.post("/chat", summary="Say something and get a whole turn, as JSON or as events")
    async def chat(body: ChatIn, request: Request) -> Response:
        _need_ready(shop)
        currency = shop.currency()
        mark = await run_in_threadpool(mark_of, shop, request)
        turn = follow(shop.assistant.reply(utterance(body, currency, mark)), limiter)
        telling = Telling(currency, partial(cart_now, shop), shop.tokens.of)
        if "text/event-stream" in request.headers.get("accept", ""):
            first = await _first(turn)
            return StreamingResponse(
                _lines(first, turn, telling),
                media_type="text/event-stream",
                headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
            )
        async with contextlib.aclosing(turn):
            async for event in turn:
                if isinstance(event, DoneEvent):
                    return JSONResponse(telling.tell(event).data)
        raise HTTPException(503, "the turn ended early: try again", {"Retry-After": "2"})

    @router.get("/sessions/{session_id}", summary="The turns of a conversation so far")
    def session(session_id: Id) -> dict[str, Any]:
        _need_ready(shop)
        currency = shop.currency()
        turns = [show_turn(turn, currency, shop.tokens.of(turn.id)) for turn in shop.assistant.turns(session_id)]
        if turns:
            turns[-1]["cart"] = cart_now(shop, session_id, turns[-1]["locale"])
        return {"session_id": session_id, "turns": turns}


async def _first(turn: AsyncGenerator[Event | None]) -> Event | None:
    """The first event, so that a busy server or an unknown session still has a status code of its own."""
    async for event in turn:
        if event is not None:
            return event
    raise HTTPException(503, "the turn ended early: try again", {"Retry-After": "2"})


async def _lines(first: Event | None, turn: AsyncGenerator[Event | None], telling: Telling) -> AsyncIterator[str]:
    """Server-sent events; a comment line now and then keeps proxies from hanging up."""
    async with contextlib.aclosing(turn):
        if first:
            yield _line(telling.tell(first))
        async for event in turn:
            yield _line(telling.tell(event)) if event else ": still here\n\n"


def _line(named: Named) -> str:
    return f"event: {named.name}\ndata: {json.dumps(named.data)}\n\n"


def _opinions(router: APIRouter, shop: Shop) -> None:
    @router.post("/feedback", status_code=201, summary="Say how a turn was liked")
    def feedback(body: FeedbackIn, request: Request) -> dict[str, bool]:
        try:
            check_token(shop, body.token, body.turn_id)
        except BadDeed as error:
            raise invalid(error) from error
        mark = mark_of(shop, request)
        return {"recorded": shop.record.rate(body.turn_id, body.kind, body.value, tuple(body.reasons), mark)}

    @router.post("/questions", status_code=201, summary="Leave a question for the people of the shop")
    def question(body: QuestionIn) -> dict[str, str]:
        if body.product_id is not None:
            _known(shop, body.product_id)
        draft = TicketDraft("question", body.question, body.product_id, body.email)
        return {"ticket_id": shop.record.open_ticket(body.turn_id, draft).ticket_id}


def _products(router: APIRouter, shop: Shop) -> None:
    @router.get("/products/{product_id:path}", summary="One product's listing")
    def product(product_id: Id, locale: Language = "en") -> dict[str, Any]:
        return show_listing(_known(shop, product_id).localised(_locale(locale)))

    @router.get(
        "/search", summary="Products for a text under hard constraints, best first, and how they could be narrowed"
    )
    def search(
        q: Annotated[Text, Query(max_length=400)] = "",
        category: Term | None = None,
        price_min: Money | None = None,
        price_max: Money | None = None,
        in_stock: bool | None = None,
        limit: Limit = 10,
        locale: Language = "en",
    ) -> dict[str, Any]:
        currency, language, catalog = shop.currency(), _locale(locale), shop.catalog
        units = minor_units(currency)
        wanted = {
            ("category", "eq"): category,
            ("price", "ge"): None if price_min is None else round(price_min * units),
            ("price", "le"): None if price_max is None else round(price_max * units),
            ("in_stock", "eq"): in_stock,
        }
        constraints = [Constraint(f, op, value) for (f, op), value in wanted.items() if value is not None]  # type: ignore[arg-type]
        facets = catalog.facets(constraints, locale=language, text=q)
        return {
            "results": [_show_hit(hit, language) for hit in catalog.search(q, constraints, limit)],
            "matching": facets.total,
            "facets": show_facets(facets, currency),
            "corrected": catalog.corrections(q),
        }


def _neighbours(router: APIRouter, shop: Shop) -> None:
    @router.get("/similar/{product_id:path}", summary="The products most like one of the catalogue, best first")
    def similar(
        product_id: Id, limit: Limit = 10, in_stock: bool | None = None, locale: Language = "en"
    ) -> dict[str, Any]:
        _known(shop, product_id)
        constraints = [] if in_stock is None else [Constraint("in_stock", "eq", in_stock)]
        hits = shop.catalog.similar(product_id, constraints, limit)
        return {"results": [_show_hit(hit, _locale(locale)) for hit in hits]}

    @router.get(
        "/also-bought/{product_id:path}", summary="What several shoppers put in the cart together with a product"
    )
    def also_bought(product_id: Id, limit: Limit = 10, locale: Language = "en") -> dict[str, Any]:
        _known(shop, product_id)
        language = _locale(locale)
        together = [(shop.catalog.get(id), count) for id, count in shop.record.bought_with(product_id, limit)]
        return {"results": [{**show_product(p.localised(language)), "sessions": n} for p, n in together if p]}


def _known(shop: Shop, product_id: str) -> Product:
    """The product of that id; 404 where there is none."""
    found = shop.catalog.get(product_id)
    if found is None:
        raise HTTPException(404, f"no such product: {product_id!r}")
    return found


def _locale(language: str) -> Locale:
    return "zh" if language == "zh" else "en"


def _show_hit(hit: Hit, locale: Locale) -> dict[str, Any]:
    return {**show_product(hit.product.localised(locale)), "score": round(hit.score, 4)}


def _need_ready(shop: Shop) -> None:
    if not shop.ready():
        raise HTTPException(503, "the shop is still opening: try again", {"Retry-After": "3"})

"""The routes by which pages and programs tell what shoppers did: one event, many, and what was really seen."""

import logging
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from assistant.errors import UnknownId
from assistant.memory import bought
from assistant.record.events import BadDeed, Deed, Mark, Receipt
from assistant.web.marks import mark_of
from assistant.web.shop import Shop
from assistant.web.told import EventIn, EventsIn, ViewsIn

_log = logging.getLogger(__name__)


def deed_routes(router: APIRouter, shop: Shop) -> None:
    """Events and views, under the router's prefix."""

    @router.post("/events", status_code=201, summary="Say what the shopper did with a product")
    def event(body: EventIn, request: Request) -> dict[str, bool]:
        try:
            deed = _deed(shop, body, mark_of(shop, request), _source(request))
            outcome = shop.record.happened(deed)
        except BadDeed as error:
            raise invalid(error) from error
        if outcome == "recorded":
            _remember(shop, body)
        return {"recorded": True}

    @router.post(
        "/events/batch", status_code=201, summary="Say up to 200 things that shoppers did, each answered apart"
    )
    def events(body: EventsIn, request: Request) -> dict[str, Any]:
        receipts = _recorded(shop, body, mark_of(shop, request), _source(request))
        return {"results": [_show(receipt) for receipt in receipts]}

    @router.post("/views", status_code=201, summary="Say which products of a turn the shopper really saw")
    def views(body: ViewsIn, request: Request) -> dict[str, int]:
        try:
            check_token(shop, body.token, body.turn_id)
        except BadDeed as error:
            raise invalid(error) from error
        if mark_of(shop, request) is not None:
            return {"recorded": 0}  # nobody's eyes that figures are about
        return {"recorded": shop.record.seen(body.turn_id, [(one.product_id, one.visible_ms) for one in body.products])}


def _recorded(shop: Shop, body: EventsIn, mark: Mark | None, source: str) -> list[Receipt]:
    """What became of each event: what can be read of them is committed together."""
    receipts: dict[int, Receipt] = {}
    read: dict[int, tuple[EventIn, Deed]] = {}
    for place, raw in enumerate(body.events):
        try:
            said = EventIn.model_validate(raw)
            read[place] = said, _deed(shop, said, mark, source)
        except ValidationError as error:
            receipts[place] = Receipt("rejected", _unreadable(error))
        except (BadDeed, UnknownId) as error:
            receipts[place] = Receipt("rejected", error)
    told = shop.record.events([deed for _, deed in read.values()])
    for (place, (said, _)), receipt in zip(read.items(), told, strict=True):
        receipts[place] = receipt
        if receipt.outcome == "recorded":
            _remember(shop, said)
    return [receipts[place] for place in range(len(body.events))]


def _deed(shop: Shop, said: EventIn, mark: Mark | None, source: str) -> Deed:
    """What is to be recorded. Raises UnknownId for the product, BadDeed for the token and the currency."""
    check_token(shop, said.token, said.turn_id)
    product = shop.catalog.get(said.product_id)
    if product is None:
        raise UnknownId("product", said.product_id)
    return said.deed(product, mark, source=source)


def check_token(shop: Shop, token: str | None, turn_id: str) -> None:
    """BadDeed for a wrong token, and for none where the shop wants one."""
    if token is None and not shop.settings.signed_events:
        return
    if token is None:
        raise BadDeed("token", "this shop takes the turn's token only")
    if not shop.tokens.holds(token, turn_id):
        raise BadDeed("token", "is not the token of this turn")


def _remember(shop: Shop, said: EventIn) -> None:
    """A purchase is remembered where the shopper agreed; it is recorded in any case."""
    if said.kind != "purchase":
        return
    product = shop.catalog.get(said.product_id)
    try:
        if product is not None:
            bought(shop.record.memory, said.shopper_id, said.turn_id, product)
    except Exception:
        _log.exception("a purchase was recorded and not remembered")


def _source(request: Request) -> str:
    """Who tells: the chat's own page, a page of the shop, or a program."""
    origin = request.headers.get("origin")
    if origin is None:
        return "rest"
    own = (request.headers.get("host"), request.headers.get("x-forwarded-host"))
    return "page" if urlsplit(origin).netloc in own else "shop"


def _unreadable(error: ValidationError) -> BadDeed:
    first = error.errors()[0]
    return BadDeed(".".join(str(part) for part in first["loc"]), first["msg"])


def invalid(error: BadDeed) -> RequestValidationError:
    """The fault as a 422 that names its field."""
    return RequestValidationError([{"loc": ("body", error.field), "msg": str(error), "type": "value_error"}])


def _show(receipt: Receipt) -> dict[str, str]:
    if receipt.fault is None:
        return {"outcome": receipt.outcome}
    field = f"{receipt.fault.kind}_id" if isinstance(receipt.fault, UnknownId) else receipt.fault.field
    return {
        "outcome": receipt.outcome,
        "field": field,
        "detail": str(receipt.fault).encode("utf-8", "replace").decode(),
    }

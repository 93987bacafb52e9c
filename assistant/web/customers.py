"""The routes by which the shop's own sign-in holds in the chat: its server's word, for one session. No password is asked."""

import hashlib
import hmac
import time
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from assistant.service import Customer, SomebodyElse
from assistant.web.customer_token import BadToken, customer_of
from assistant.web.shop import KnowsCustomers, Shop
from assistant.web.wire import Id

Json = dict[str, Any]
Token = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
_KEY_CHARS = 32


class CustomerIn(BaseModel):
    """The shop's token, or a session in which the same shopper is known already."""

    model_config = ConfigDict(extra="ignore")

    token: Annotated[Token | None, Field(description="a JSON Web Token of the shop's server: HS256, sub, exp")] = None
    from_session: Annotated[Id | None, Field(description="a session whose customer goes on here")] = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "CustomerIn":
        if (self.token is None) == (self.from_session is None):
            raise ValueError("token or from_session is needed, one of them")
        return self


def customer_routes(shop: Shop) -> APIRouter:
    """Signing in and out under /api/v1/sessions."""
    router = APIRouter(prefix="/api/v1/sessions/{session_id}/customer")

    @router.post("", summary="Sign in whom the shop's own server vouches for")
    def sign_in(session_id: Id, body: CustomerIn, response: Response) -> Json:
        response.headers["Cache-Control"] = "no-store"
        service = _service(shop)
        if not shop.settings.customer_secret:
            raise HTTPException(404, "this shop's sign-in is not known here: AISLE_CUSTOMER_SECRET is not set")
        _require_session(shop, session_id)
        try:
            customer = _vouched(shop, service, session_id, body)
        except SomebodyElse as error:
            raise HTTPException(409, "this conversation is another customer's: begin a new one") from error
        return show_customer(shop, customer)

    @router.delete("", status_code=204, summary="Sign out: nobody is known in the session any more")
    def sign_out(session_id: Id) -> None:
        service = _service(shop)
        _require_session(shop, session_id)
        service.sign_out(session_id)

    return router


def show_customer(shop: Shop, customer: Customer) -> Json:
    """What the page may know of a customer: a first name, and a key that tells customers of one browser apart."""
    secret = shop.settings.customer_secret.encode()
    key = hmac.new(secret, b"aisle.customer:" + customer.id.encode(), hashlib.sha256).hexdigest()
    return {"first_name": customer.first_name, "key": key[:_KEY_CHARS]}


def known_in(shop: Shop, session_id: str) -> Json | None:
    """The customer who is known in a session, where the shop's sign-in is."""
    if shop.service is None or not shop.settings.customer_secret:
        return None
    customer = shop.service.customer(session_id)
    return None if customer is None else show_customer(shop, customer)


def _vouched(shop: Shop, service: KnowsCustomers, session_id: str, body: CustomerIn) -> Customer:
    """The customer who is signed in now; 401 where nobody is."""
    if body.token is None:
        customer = service.go_on(session_id, body.from_session or "")
        if customer is None:
            raise HTTPException(401, "from_session: nobody is known there")
        return customer
    try:
        id = customer_of(body.token, shop.settings.customer_secret, time.time())
    except BadToken as error:
        raise HTTPException(401, str(error)) from error
    customer = service.sign_in(session_id, id)
    if customer is None:
        raise HTTPException(401, "sub: the shop's books have no such customer")
    return customer


def _service(shop: Shop) -> KnowsCustomers:
    if shop.service is None:
        raise HTTPException(404, "this shop has no books of customers here: its rules of service are missing")
    return shop.service


def _require_session(shop: Shop, session_id: str) -> None:
    """UnknownId where there is no such session."""
    shop.record.cart_changes(session_id)

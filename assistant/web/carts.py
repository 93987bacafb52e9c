"""A session's cart over REST: seen, changed, and handed to the shop's checkout once everything was checked again."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field

from assistant.cart import (
    MOST,
    Cart,
    CartChange,
    CheckedLine,
    check,
    checked,
    lines_of,
    put,
    removal,
    step,
    whole_units,
)
from assistant.phrases import money, say
from assistant.web.marks import mark_of
from assistant.web.shop import Shop
from assistant.web.wire import Id, Language, tidy
from catalog import Locale, Product, Variant

Json = dict[str, Any]


class CartIn(BaseModel):
    """A new cart, for a session in which nothing has been said yet; `from_session` is one whose cart it takes over."""

    model_config = ConfigDict(extra="ignore")

    locale: Language = "en"
    shopper_id: Id | None = None
    from_session: Id | None = None


class LineIn(BaseModel):
    """How many of a product are wanted; `variant` is the id of its size or colour, needed where it has several."""

    model_config = ConfigDict(extra="ignore")

    product_id: Id
    variant: Id | None = None
    quantity: Annotated[int, Field(strict=True, ge=1, le=MOST)]


class CheckoutIn(BaseModel):
    """`accept` takes over what has changed since it was put in."""

    model_config = ConfigDict(extra="ignore")

    accept: bool = False


def cart_routes(shop: Shop) -> APIRouter:
    """All routes under /api/v1/carts."""
    router = APIRouter(prefix="/api/v1/carts")

    @router.post("", status_code=201, summary="A session with a cart, before anything is said")
    def begin(body: CartIn, request: Request) -> Json:
        taken = shop.record.cart_changes(body.from_session) if body.from_session else ()
        session_id = shop.record.open_session(_locale(body.locale), body.shopper_id, mark_of(shop, request))
        if lines := lines_of(taken):
            cart = check(lines, shop.catalog.get)
            shop.record.change_cart(session_id, [step(one, one.line.quantity) for one in cart.lines])
        return {"session_id": session_id, **cart_now(shop, session_id, _locale(body.locale))}

    @router.get("/{session_id}", summary="What is in the cart, checked against the catalogue of this moment")
    def see(session_id: Id, locale: Language = "en") -> Json:
        return cart_now(shop, session_id, _locale(locale))

    @router.put("/{session_id}/lines", summary="Put so many of a product in the cart, in place of how many there were")
    def put_line(session_id: Id, body: LineIn, locale: Language = "en") -> Json:
        shop.record.change_cart(session_id, [_change(shop, session_id, body)])
        return cart_now(shop, session_id, _locale(locale))

    @router.delete("/{session_id}/lines/{line_id}", summary="Take a line out of the cart")
    def delete_line(session_id: Id, line_id: Id, locale: Language = "en") -> Json:
        line = _cart(shop, session_id).line(line_id)
        if line is None:
            raise HTTPException(404, f"no such line: {line_id!r}")
        shop.record.change_cart(session_id, [removal(line.line.product_id, line.line.variant_id)])
        return cart_now(shop, session_id, _locale(locale))

    @router.post(
        "/{session_id}/checkout",
        summary="Check every price and stock level again; changes are told, and taken over with `accept`",
    )
    def check_out(session_id: Id, body: CheckoutIn | None = None, locale: Language = "en") -> Json:
        return _checked_out(shop, session_id, accept=body is not None and body.accept, locale=_locale(locale))

    return router


def cart_now(shop: Shop, session_id: str, locale: Locale) -> Json:
    """The cart of a session as the contract gives it. Raises UnknownId."""
    cart = _cart(shop, session_id)
    return {
        "lines": [_show_line(one, locale) for one in cart.lines],
        "total": _total(cart),
        "currency": cart.currency or shop.currency(),
        "checkout_url": cart.url(shop.settings.checkout_url),
    }


def _cart(shop: Shop, session_id: str) -> Cart:
    return check(lines_of(shop.record.cart_changes(session_id)), shop.catalog.get)


def _checked_out(shop: Shop, session_id: str, *, accept: bool, locale: Locale) -> Json:
    before = _cart(shop, session_id)
    differences = before.differences()
    changes = [
        {
            "line_id": one.checked.line.id,
            "field": one.field,
            "before": _amount(one.before, one.field, one.checked),
            "now": _amount(one.now, one.field, one.checked),
        }
        for one in differences
    ]
    accepting = before.accepting() if accept else ()
    if accepting:
        shop.record.change_cart(session_id, accepting)
    cart = check(lines_of([*_standing(before), *accepting]), shop.catalog.get)
    return {
        "lines": [_show_line(one, locale) for one in cart.lines],
        "changes": changes,
        "accepted": accept or not changes,
        "total": _total(cart),
        "currency": cart.currency or shop.currency(),
        "url": cart.url(shop.settings.checkout_url),
    }


def _standing(cart: Cart) -> list[CartChange]:
    return [step(one, one.line.quantity) for one in cart.lines]


def _change(shop: Shop, session_id: str, body: LineIn) -> CartChange:
    """The change that a body asks for; 404 for what does not exist, 422 for what cannot be had."""
    product = shop.catalog.get(body.product_id)
    if product is None:
        raise HTTPException(404, f"no such product: {body.product_id!r}")
    line = checked(product, _variant(product, body.variant))
    if line.left is not None and body.quantity > line.left:
        raise _invalid("quantity", f"there are only {line.left} of it" if line.left else "it is sold out")
    held = _cart(shop, session_id).line(line.line.id)
    return step(held, body.quantity) if held else put(line, body.quantity)


def _variant(product: Product, id: str | None) -> Variant | None:
    if id is None and len(product.variants) > 1:
        known = ", ".join(one.id for one in product.variants)
        raise _invalid("variant", f"say which one: {known}")
    if id is None:
        return product.variants[0] if product.variants else None
    found = next((one for one in product.variants if one.id == id), None)
    if found is None:
        raise HTTPException(404, f"no such variant of {product.id!r}: {id!r}")
    return found


def _invalid(field: str, why: str) -> RequestValidationError:
    return RequestValidationError([{"loc": ("body", field), "msg": why, "type": "value_error"}])


def _show_line(one: CheckedLine, locale: Locale) -> Json:
    """A line as the contract gives it; what a page needs beyond the contract comes after it."""
    line, currency = one.line, one.line.currency
    product = one.product.localised(locale) if one.product else None
    own = next((v for v in product.variants if v.id == line.variant_id), None) if product else None
    return {
        "line_id": line.id,
        "product_id": line.product_id,
        "variant": line.variant_id,
        "title": product.title if product else say("cart_unknown", locale),
        "quantity": line.quantity,
        "price": tidy(whole_units(one.price_minor, currency)),
        "currency": currency,
        "available": one.orderable == line.quantity,
        "note": _note(one, locale),
        "options": dict(own.options) if own else {},
        "left": one.left,
        "orderable": one.orderable,
        "url": product.url if product else None,
        "image_url": product.images[0] if product and product.images else None,
    }


def _note(one: CheckedLine, locale: Locale) -> str | None:
    """What the shopper should know of a line, in words."""
    if one.state == "same":
        return None
    price = money(one.line.price_minor, one.line.currency, locale)
    return say(f"note_{one.state}", locale, left=one.left, price=price)


def _total(cart: Cart) -> float | int | None:
    total = cart.total_minor
    return total if not total else tidy(whole_units(total, cart.currency or ""))


def _amount(value: int, field: str, one: CheckedLine) -> float | int:
    return tidy(whole_units(value, one.line.currency)) if field == "price" else value


def _locale(language: str) -> Locale:
    return "zh" if language == "zh" else "en"

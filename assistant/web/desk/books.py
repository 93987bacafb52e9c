"""Customers, their orders and what is proposed to be done to them, as the desk's JSON. Money is in whole units there."""

from datetime import datetime
from typing import get_args

from assistant.cart import whole_units
from assistant.service import Address, Customer, Line, Offer, Order, PaymentMethod, Proposal, Refused, Rules
from assistant.service.types import DeedKind
from assistant.service.wording import consequences, method_words, reason_words
from assistant.web.desk.parts import Json, Names, Serves
from assistant.web.desk.show import moment
from assistant.web.wire import tidy
from catalog import Locale

ASSISTANT = "assistant"
_KINDS: tuple[DeedKind, ...] = get_args(DeedKind)


def show_customer(customer: Customer, currency: str) -> Json:
    """A customer as agents see them."""
    return {
        "id": customer.id,
        "name": customer.name,
        "email": customer.email,
        "address": customer.address.in_one_line(),
        "address_parts": _parts(customer.address),
        "methods": [_method(one, currency) for one in customer.methods],
    }


def show_order(order: Order, customer: Customer, rules: Rules, locale: Locale) -> Json:
    """An order with what its state lets be tried; whether it may be done is told when it is proposed."""
    paid = customer.method(order.paid_with or "")
    refunded = sum(one.amount_minor for one in order.payments if one.kind == "refund")
    return {
        "id": order.id,
        "state": order.state,
        "currency": order.currency,
        "total": _units(order.total_minor, order.currency),
        "lines": [_line(one, order.currency) for one in order.lines],
        "placed_at": moment(order.placed_at),
        "delivered_at": moment(order.delivered_at),
        "address": order.address.in_one_line(),
        "address_parts": _parts(order.address),
        "tracking": [number for parcel in order.parcels for number in parcel.tracking],
        "paid": method_words(paid, locale, order.paid_with or "") if order.paid_with else "",
        "refunded": _units(refunded, order.currency),
        "payments": [
            {
                "kind": one.kind,
                "method_id": one.method_id,
                "amount": _units(one.amount_minor, order.currency),
                "at": moment(one.at),
            }
            for one in order.payments
        ],
        "note": order.note,
        "can": [kind for kind in _KINDS if order.state in rules.states(kind)],
    }


def show_reasons(rules: Rules, locale: Locale) -> Json:
    """For each kind of deed that needs one, the reasons that may be given."""
    given = {kind: rules.reasons(kind) for kind in _KINDS}
    return {
        kind: [{"value": one, "words": reason_words(one, locale)} for one in reasons]
        for kind, reasons in given.items()
        if reasons
    }


def show_offer(offer: Offer, currency: str) -> Json:
    """What a product can be had as."""
    return {
        "item_id": offer.item_id,
        "product_id": offer.product_id,
        "title": offer.title,
        "price": _units(offer.price_minor, currency),
        "currency": currency,
        "options": dict(offer.options),
        "available": offer.available,
    }


def show_proposal(
    proposal: Proposal, service: Serves, names: Names, locale: Locale, now: datetime, ticket_id: str | None
) -> Json:
    """A proposal with its exact consequences in words."""
    customer = service.customer_by_id(proposal.customer_id)
    order = _order(proposal, service)
    currency = order.currency if order else service.rules.currency
    amount = proposal.deed.amount_minor
    undo_until = proposal.undo_until if proposal.state == "done" else None
    return {
        "id": proposal.id,
        "state": proposal.state,
        "kind": proposal.deed.kind,
        "order_id": proposal.deed.order_id,
        "session_id": proposal.session_id,
        "ticket_id": ticket_id,
        "says": consequences(proposal, customer, order, locale) if customer else [],
        "amount": _units(proposal.refunded_minor if amount is None else amount, currency),
        "currency": currency,
        "why_waiting": proposal.why_waiting,
        "note": proposal.note,
        "by": _by(proposal.proposed_by, names),
        "decided_by": _by(proposal.decided_by, names) if proposal.decided_by in names else None,
        "decided_at": moment(proposal.decided_at),
        "created_at": moment(proposal.created_at),
        "customer": {"id": customer.id, "name": customer.name} if customer else None,
        "undoable": undo_until is not None and undo_until > now,
    }


def _order(proposal: Proposal, service: Serves) -> Order | None:
    if proposal.deed.order_id is None:
        return None
    try:
        return service.order(proposal.customer_id, proposal.deed.order_id)
    except Refused:
        return None


def _by(id: str | None, names: Names) -> str | Json:
    return {"id": id, "name": names[id]} if id is not None and id in names else ASSISTANT


def _line(line: Line, currency: str) -> Json:
    return {
        "number": line.number,
        "item_id": line.item_id,
        "product_id": line.product_id,
        "title": line.title,
        "price": _units(line.price_minor, currency),
        "quantity": line.quantity,
        "options": dict(line.options),
        "state": line.state,
    }


def _method(method: PaymentMethod, currency: str) -> Json:
    balance = None if method.balance_minor is None else _units(method.balance_minor, currency)
    return {
        "id": method.id, "kind": method.kind, "brand": method.brand, "last_four": method.last_four, "balance": balance,
        "currency": currency,
    }  # fmt: skip


def _parts(address: Address) -> Json:
    return {
        "line1": address.line1, "line2": address.line2, "city": address.city, "region": address.region,
        "country": address.country, "postcode": address.postcode,
    }  # fmt: skip


def _units(minor: int, currency: str) -> float | int:
    return tidy(whole_units(minor, currency))

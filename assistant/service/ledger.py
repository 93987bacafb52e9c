"""What was paid for an order, what went back and what is promised: the arithmetic that no deed may get round.

Invariant: what was refunded and what is promised together never exceed what was paid.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from assistant.service.types import Customer, Order, Payment, Refused


@dataclass(frozen=True, slots=True)
class Share:
    """A part of an amount, by one method."""

    method_id: str
    amount_minor: int


def net_paid(order: Order) -> dict[str, int]:
    """What was paid by each method less what went back by it, in the order of the first payments."""
    found: dict[str, int] = {}
    for one in order.payments:
        sign = 1 if one.kind == "payment" else -1
        found[one.method_id] = found.get(one.method_id, 0) + sign * one.amount_minor
    return found


def originals(order: Order) -> dict[str, int]:
    """The methods that an order is paid with as it stands, and how much of it by each."""
    return {id: amount for id, amount in net_paid(order).items() if amount > 0}


def promised(order: Order) -> int:
    """What is going to be refunded for goods that are on their way back."""
    return sum(max(line.promised_minor, 0) for line in order.lines)


def left(order: Order) -> int:
    """What can still be refunded."""
    return max(sum(net_paid(order).values()) - promised(order), 0)


def spread(amount_minor: int, order: Order, first: str) -> tuple[Share, ...]:
    """An amount over the methods that the order was paid with, by none more than came by it, beginning with `first`."""
    ways = originals(order)
    ids = [first, *(id for id in ways if id != first)] if first in ways else list(ways)
    shares: list[Share] = []
    for id in ids:
        part = min(ways[id], amount_minor)
        if part > 0:
            shares.append(Share(id, part))
            amount_minor -= part
    return tuple(shares)


def paid(order: Order, kind: str, share: Share, now: datetime) -> Order:
    """The order with a payment or a refund added."""
    payment = Payment("payment" if kind == "charge" else "refund", share.amount_minor, share.method_id, now)
    return replace(order, payments=(*order.payments, payment))


def require_balance(customer: Customer, share: Share) -> None:
    """Refused where a gift card holds less than it is to pay."""
    method = customer.method(share.method_id)
    if method is not None and method.balance_minor is not None and method.balance_minor < share.amount_minor:
        raise Refused("balance", method=method.id, amount=str(share.amount_minor))


def moved(customer: Customer, method_id: str, amount_minor: int) -> Customer:
    """The customer with an amount put onto a gift card, or taken off it below 0; other methods hold nothing."""
    if amount_minor < 0:
        require_balance(customer, Share(method_id, -amount_minor))
    methods = tuple(
        replace(one, balance_minor=one.balance_minor + amount_minor)
        if one.id == method_id and one.balance_minor is not None
        else one
        for one in customer.methods
    )
    return replace(customer, methods=methods)

"""Customers, orders and proposals as rows, and back."""

from collections.abc import Iterable
from typing import Any, cast

from assistant.service import codec
from assistant.service.spelling import code_key, words_key
from assistant.service.store import Trace
from assistant.service.tables import (
    CustomerRow,
    LineRow,
    MethodRow,
    OrderRow,
    ParcelRow,
    PaymentRow,
    ProposalRow,
)
from assistant.service.types import (
    Address,
    Customer,
    Line,
    LineState,
    MethodKind,
    Order,
    OrderState,
    Parcel,
    Payment,
    PaymentMethod,
    Proposal,
    ProposalState,
)

Row = dict[str, Any]


def of_customer(customer: Customer) -> Row:
    """A customer's row without the methods."""
    return {
        "id": customer.id,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "email": customer.email,
        "address": _of_address(customer.address),
        "first_key": words_key(customer.first_name),
        "last_key": words_key(customer.last_name),
        "email_key": words_key(customer.email),
        "postcode_key": code_key(customer.address.postcode),
    }


def of_methods(customer: Customer) -> list[Row]:
    """The rows of a customer's methods."""
    return [
        {
            "customer_id": customer.id,
            "id": one.id,
            "position": position,
            "kind": one.kind,
            "brand": one.brand,
            "last_four": one.last_four,
            "balance_minor": one.balance_minor,
        }
        for position, one in enumerate(customer.methods)
    ]


def to_customer(row: CustomerRow, methods: Iterable[MethodRow]) -> Customer:
    """A customer from its rows."""
    return Customer(
        row.id,
        row.first_name,
        row.last_name,
        row.email,
        Address(**row.address),
        tuple(
            PaymentMethod(one.id, cast(MethodKind, one.kind), one.brand, one.last_four, one.balance_minor)
            for one in methods
        ),
    )


def of_order(order: Order) -> Row:
    """An order's row without what it holds."""
    return {
        "id": order.id,
        "key": code_key(order.id),
        "customer_id": order.customer_id,
        "state": order.state,
        "address": _of_address(order.address),
        "currency": order.currency,
        "placed_at": order.placed_at,
        "delivered_at": order.delivered_at,
        "note": order.note,
        "reason": order.reason,
        "refund_method_id": order.refund_method_id,
    }


def of_lines(order: Order) -> list[Row]:
    """The rows of an order's lines."""
    return [
        {
            "order_id": order.id,
            "number": one.number,
            "item_id": one.item_id,
            "product_id": one.product_id,
            "title": one.title,
            "price_minor": one.price_minor,
            "quantity": one.quantity,
            "options": dict(one.options),
            "state": one.state,
            "swapped_for": one.swapped_for,
            "promised_minor": one.promised_minor,
        }
        for one in order.lines
    ]


def of_parcels(order: Order) -> list[Row]:
    """The rows of an order's parcels."""
    return [
        {
            "order_id": order.id,
            "number": number,
            "tracking": list(one.tracking),
            "item_ids": list(one.item_ids),
            "carrier": one.carrier,
            "delivered_at": one.delivered_at,
        }
        for number, one in enumerate(order.parcels, start=1)
    ]


def of_payments(order: Order) -> list[Row]:
    """The rows of an order's payments."""
    return [
        {
            "order_id": order.id,
            "number": number,
            "kind": one.kind,
            "amount_minor": one.amount_minor,
            "method_id": one.method_id,
            "at": one.at,
        }
        for number, one in enumerate(order.payments, start=1)
    ]


def to_order(
    row: OrderRow, lines: Iterable[LineRow], parcels: Iterable[ParcelRow], payments: Iterable[PaymentRow]
) -> Order:
    """An order from its rows."""
    return Order(
        id=row.id,
        customer_id=row.customer_id,
        state=cast(OrderState, row.state),
        address=Address(**row.address),
        currency=row.currency,
        lines=tuple(_line(one) for one in lines),
        parcels=tuple(
            Parcel(tuple(one.tracking), tuple(one.item_ids), one.carrier, one.delivered_at) for one in parcels
        ),
        payments=tuple(
            Payment("refund" if one.kind == "refund" else "payment", one.amount_minor, one.method_id, one.at)
            for one in payments
        ),
        placed_at=row.placed_at,
        delivered_at=row.delivered_at,
        note=row.note,
        reason=row.reason,
        refund_method_id=row.refund_method_id,
    )


def of_proposal(proposal: Proposal) -> Row:
    """A proposal's row without the trace."""
    row = {name: getattr(proposal, name) for name in Proposal.__slots__}
    return row | {"deed": codec.to_json(proposal.deed), "effects": codec.to_json(proposal.effects)}


def to_proposal(row: ProposalRow) -> Proposal:
    """A proposal from its row."""
    values = {name: getattr(row, name) for name in Proposal.__slots__}
    values["deed"] = codec.deed_from(row.deed)
    values["effects"] = codec.effects_from(row.effects)
    values["state"] = cast(ProposalState, row.state)
    return Proposal(**values)


def of_trace(trace: Trace) -> Row:
    """A trace as JSON."""
    found = {name: getattr(trace, name) for name in Trace.__slots__}
    return {name: None if one is None else codec.to_json(one) for name, one in found.items()}


def to_trace(kept: Row) -> Trace:
    """A trace from its JSON."""
    before, after = kept["order_before"], kept["order_after"]
    return Trace(
        codec.customer_from(kept["customer_before"]),
        codec.customer_from(kept["customer_after"]),
        None if before is None else codec.order_from(before),
        None if after is None else codec.order_from(after),
    )


def _of_address(address: Address) -> Row:
    return {name: getattr(address, name) for name in Address.__slots__}


def _line(row: LineRow) -> Line:
    return Line(
        number=row.number,
        item_id=row.item_id,
        product_id=row.product_id,
        title=row.title,
        price_minor=row.price_minor,
        quantity=row.quantity,
        options=dict(row.options),
        state=cast(LineState, row.state),
        swapped_for=row.swapped_for,
        promised_minor=row.promised_minor,
    )

"""What of a shop's state is compared: each order and each customer in one shape, whether it comes from our tables or from the reference.

A swap of an item for itself leaves the item where it is; that it was asked for is in the order's state only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from assistant.service.types import Address, Customer, Order
from evals.tau.data import STATES, address_of, cents

Moved = tuple[str, int, str]  # payment or refund, cents, method


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order as far as a task can change it; lists of items and of money in a fixed order."""

    state: str
    address: Address
    items: tuple[str, ...]
    sent_back: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    method: str | None = None
    reason: str = ""
    money: tuple[Moved, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerView:
    """One customer as far as a task can change them: the address and what gift cards hold."""

    address: Address
    balances: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """A whole shop, or what has changed of it, by the ids of orders and customers."""

    orders: Mapping[str, OrderView] = field(default_factory=dict)
    customers: Mapping[str, CustomerView] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not what it should be."""

    id: str
    part: str
    expected: str
    found: str


def of_raw_order(row: Mapping[str, Any]) -> OrderView:
    """The view of an order of the files or of the reference."""
    swaps = zip(row.get("exchange_items", []), row.get("exchange_new_items", []), strict=True)
    real = [(old, new) for old, new in swaps if old != new]
    method = row.get("return_payment_method_id") or row.get("exchange_payment_method_id")
    money = [(p["transaction_type"], cents(p["amount"]), p["payment_method_id"]) for p in row["payment_history"]]
    return OrderView(
        STATES[row["status"]],
        address_of(row["address"]),
        tuple(sorted(item["item_id"] for item in row["items"])),
        tuple(sorted([*row.get("return_items", []), *(old for old, _ in real)])),
        tuple(sorted(new for _, new in real)),
        method,
        row.get("cancel_reason", ""),
        _moved(money),
    )


def of_raw_customer(row: Mapping[str, Any]) -> CustomerView:
    """The view of a customer of the files or of the reference."""
    methods = row["payment_methods"].values()
    balances = ((one["id"], cents(one["balance"])) for one in methods if "balance" in one)
    return CustomerView(address_of(row["address"]), tuple(sorted(balances)))


def of_order(order: Order) -> OrderView:
    """The view of an order of our tables."""
    asked = [line for line in order.lines if line.state in ("return_requested", "exchange_requested")]
    sent = [line for line in asked if line.swapped_for != line.item_id]
    return OrderView(
        order.state,
        order.address,
        tuple(sorted(line.item_id for line in order.lines for _ in range(line.quantity))),
        tuple(sorted(line.item_id for line in sent)),
        tuple(sorted(line.swapped_for for line in sent if line.swapped_for)),
        order.refund_method_id if asked else None,
        order.reason.replace("_", " ") if order.state == "cancelled" else "",
        _moved((one.kind, one.amount_minor, one.method_id) for one in order.payments),
    )


def of_customer(customer: Customer) -> CustomerView:
    """The view of a customer of our tables."""
    balances = ((one.id, one.balance_minor) for one in customer.methods if one.balance_minor is not None)
    return CustomerView(customer.address, tuple(sorted(balances)))


def differences(expected: View, found: View, base: View) -> list[Difference]:
    """Where two states are not the same, each given by what changed from `base`."""
    return [
        *_of(base.orders, expected.orders, found.orders),
        *_of(base.customers, expected.customers, found.customers),
    ]


def _of(base: Mapping[str, Any], expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Difference]:
    for id in sorted({*expected, *found}):
        one, other = expected.get(id, base[id]), found.get(id, base[id])
        for part in fields(one):
            wanted, is_there = getattr(one, part.name), getattr(other, part.name)
            if wanted != is_there:
                yield Difference(id, part.name, str(wanted), str(is_there))


def _moved(money: Any) -> tuple[Moved, ...]:
    """Money in a fixed order; what is nothing did not move."""
    return tuple(sorted((kind, amount, method) for kind, amount, method in money if amount))

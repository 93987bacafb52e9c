"""The retail shop's customers, orders, offers and tasks as they lie in its folder, in the words of customer service.

Dollars become cents. Knows nothing of how a task is played.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from assistant.service.types import (
    Address,
    Customer,
    Line,
    MethodKind,
    Offer,
    Order,
    OrderState,
    Parcel,
    Payment,
    PaymentMethod,
)

TauSplit = Literal["train", "check", "dev"]
_TRAIN = 350  # tasks of the training file to develop with; those after them check
STATES: dict[str, OrderState] = {
    "pending": "pending",
    "processed": "processing",
    "delivered": "delivered",
    "cancelled": "cancelled",
    "pending (item modified)": "items_changed",
    "return requested": "return_requested",
    "exchange requested": "exchange_requested",
}
KINDS: dict[str, MethodKind] = {"credit_card": "card", "paypal": "paypal", "gift_card": "gift_card"}


@dataclass(frozen=True, slots=True)
class Action:
    """One tool call that a task expects."""

    name: str
    kwargs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """What a customer wants. They see the instruction only; the rest is for judging."""

    id: str
    user_id: str
    instruction: str
    actions: tuple[Action, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True)
class TauShop:
    """The shop's rows as they lie in its files."""

    users: Mapping[str, Any]
    raw_orders: Mapping[str, Any]
    products: Mapping[str, Any]

    @cached_property
    def customers(self) -> tuple[Customer, ...]:
        return tuple(customer_of(id, row) for id, row in self.users.items())

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        return tuple(order_of(row) for row in self.raw_orders.values())

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        return tuple(
            Offer(
                variant["item_id"],
                product["product_id"],
                product["name"],
                cents(variant["price"]),
                bool(variant["available"]),
                dict(variant["options"]),
            )
            for product in self.products.values()
            for variant in product["variants"].values()
        )


def load_shop(folder: Path) -> TauShop:
    """The shop in `folder`."""
    return TauShop(*(_read(folder / f"{name}.json") for name in ("users", "orders", "products")))


def load_tasks(folder: Path, split: TauSplit) -> list[Task]:
    """The tasks of a split, in the order of their file."""
    file = "tasks_dev" if split == "dev" else "tasks_train"
    rows = list(enumerate(_read(folder / f"{file}.json")))
    kept = {"train": rows[:_TRAIN], "check": rows[_TRAIN:], "dev": rows}[split]
    return [task_of(f"{file.removeprefix('tasks_')}-{number}", row) for number, row in kept]


def task_of(id: str, row: Mapping[str, Any]) -> Task:
    """One row of a file of tasks."""
    actions = tuple(Action(one["name"], one["kwargs"]) for one in row["actions"])
    return Task(id, row["user_id"], row["instruction"], actions, tuple(str(one) for one in row["outputs"]))


def cents(dollars: float) -> int:
    """An amount of the files in cents."""
    return round(float(dollars) * 100)


def address_of(row: Mapping[str, Any]) -> Address:
    """An address; `row` may hold other things beside it."""
    parts = (row.get(name, "") for name in ("address1", "address2", "city", "state", "country", "zip"))
    return Address(*(str(part) for part in parts))


def customer_of(id: str, row: Mapping[str, Any]) -> Customer:
    """One row of the users."""
    methods = tuple(
        PaymentMethod(
            one["id"],
            KINDS[one["source"]],
            one.get("brand", ""),
            one.get("last_four", ""),
            cents(one["balance"]) if "balance" in one else None,
        )
        for one in row["payment_methods"].values()
    )
    name = row["name"]
    return Customer(id, name["first_name"], name["last_name"], row["email"], address_of(row["address"]), methods)


def order_of(row: Mapping[str, Any]) -> Order:
    """One row of the orders, as it is before anything is done to it."""
    lines = tuple(
        Line(n, item["item_id"], item["product_id"], item["name"], cents(item["price"]), options=dict(item["options"]))
        for n, item in enumerate(row["items"], start=1)
    )
    parcels = tuple(Parcel(tuple(one["tracking_id"]), tuple(one["item_ids"])) for one in row["fulfillments"])
    payments = tuple(
        Payment(one["transaction_type"], cents(one["amount"]), one["payment_method_id"])
        for one in row["payment_history"]
    )
    return Order(
        row["order_id"],
        row["user_id"],
        STATES[row["status"]],
        address_of(row["address"]),
        lines=lines,
        parcels=parcels,
        payments=payments,
    )


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))

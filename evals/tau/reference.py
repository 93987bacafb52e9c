"""What the expected actions of a task make of the shop: the retail tools' changes of state, written anew from the policy.

Works on rows of the files and shares nothing with the service that is judged. An action that the policy does not allow
changes nothing and is named; so is one that swaps items for themselves only.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from evals.tau.data import Action, Task, TauShop
from evals.tau.views import View, of_raw_customer, of_raw_order

Row = dict[str, Any]
Fate = Literal["done", "no change", "against the policy"]
REASONS = ("no longer needed", "ordered by mistake")
READS = ("get_", "find_", "list_", "calculate", "think")
HANDOFF = "transfer_to_human_agents"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one expected action; `why` where it is not simply done."""

    action: Action
    fate: Fate
    why: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """The orders and customers that a task changes, as they should be in the end, and what became of its actions."""

    changed: View
    outcomes: tuple[Outcome, ...]
    handoff: bool = False

    @property
    def fair(self) -> bool:
        """Whether every expected action is one that the policy allows and that changes something."""
        return all(one.fate == "done" for one in self.outcomes)


class _Forbidden(Exception):
    """What the policy does not allow."""


def expected(task: Task, shop: TauShop) -> Expected:
    """The state that a task's actions lead to, from a fresh shop."""
    desk = ReferenceDesk(shop)
    writes = [one for one in task.actions if not one.name.startswith(READS) and one.name != HANDOFF]
    outcomes = tuple(desk.apply(action) for action in writes)
    return Expected(desk.changed(), outcomes, any(action.name == HANDOFF for action in task.actions))


class ReferenceDesk:
    """A shop whose rows are copied when they are first touched."""

    def __init__(self, shop: TauShop) -> None:
        self._shop = shop
        self._users: dict[str, Row] = {}
        self._orders: dict[str, Row] = {}

    def apply(self, action: Action) -> Outcome:
        """Do one action, if the policy allows it."""
        try:
            same = _TOOLS[action.name](self, **action.kwargs)
        except (_Forbidden, KeyError) as error:
            return Outcome(action, "against the policy", str(error))
        return Outcome(action, "no change" if same else "done", "nothing that was not so before" if same else "")

    def order(self, id: str, *states: str) -> Row:
        """An order, which must be in one of the states, if any is named."""
        if id not in self._orders:
            self._orders[id] = copy.deepcopy(self._shop.raw_orders[id])
        if states and self._orders[id]["status"] not in states:
            raise _Forbidden(f"the order is {self._orders[id]['status']}")
        return self._orders[id]

    def user(self, id: str) -> Row:
        if id not in self._users:
            self._users[id] = copy.deepcopy(self._shop.users[id])
        return self._users[id]

    def method(self, order: Row, id: str) -> Row:
        methods = self.user(order["user_id"])["payment_methods"]
        if id not in methods:
            raise _Forbidden("no such payment method")
        return dict(methods[id])

    def add(self, order: Row, id: str, amount: float) -> None:
        """Money onto a gift card, or off it; other methods hold none."""
        method = self.user(order["user_id"])["payment_methods"][id]
        if "balance" in method:
            method["balance"] = round(method["balance"] + amount, 2)

    def offer(self, item: Row, id: str) -> Row:
        """Another variant of an item's product, which must be available."""
        variants = self._shop.products[item["product_id"]]["variants"]
        if id not in variants or not variants[id]["available"]:
            raise _Forbidden(f"item {id} is not to be had")
        return dict(variants[id])

    def changed(self) -> View:
        orders = {id: of_raw_order(row) for id, row in self._orders.items()}
        users = {id: of_raw_customer(row) for id, row in self._users.items()}
        return View(orders, users)


def _items(order: Row, ids: Sequence[str]) -> list[Row]:
    """The items of an order with these ids, each taken once."""
    left, found = list(order["items"]), []
    for id in ids:
        item = next((one for one in left if one["item_id"] == id), None)
        if item is None:
            raise _Forbidden(f"item {id} is not in the order")
        left.remove(item)
        found.append(item)
    if not found:
        raise _Forbidden("no item")
    return found


def _cancel(desk: ReferenceDesk, order_id: str, reason: str) -> bool:
    order = desk.order(order_id, "pending")
    if reason not in REASONS:
        raise _Forbidden(f"the reason {reason!r}")
    for method_id, amount in _paid(order).items():
        _move(desk, order, "refund", amount, method_id)
    order["status"], order["cancel_reason"] = "cancelled", reason
    return False


def _paid(order: Row) -> dict[str, float]:
    """What was paid by each method less what went back by it, where anything is left."""
    paid: dict[str, float] = {}
    for one in order["payment_history"]:
        sign = 1 if one["transaction_type"] == "payment" else -1
        paid[one["payment_method_id"]] = paid.get(one["payment_method_id"], 0.0) + sign * one["amount"]
    return {id: round(amount, 2) for id, amount in paid.items() if round(amount, 2)}


def _move(desk: ReferenceDesk, order: Row, kind: str, amount: float, method_id: str) -> None:
    """A payment or a refund, written down and taken from or put onto a gift card."""
    order["payment_history"].append({"transaction_type": kind, "amount": amount, "payment_method_id": method_id})
    desk.add(order, method_id, amount if kind == "refund" else -amount)


def _change_address(desk: ReferenceDesk, order_id: str, **address: str) -> bool:
    order = desk.order(order_id, "pending")
    same = bool(order["address"] == address)
    order["address"] = address
    return same


def _change_payment(desk: ReferenceDesk, order_id: str, payment_method_id: str) -> bool:
    order = desk.order(order_id, "pending")
    method, paid = desk.method(order, payment_method_id), _paid(order)
    if set(paid) == {payment_method_id}:
        raise _Forbidden("the same payment method")
    before = {id: amount for id, amount in paid.items() if id != payment_method_id}
    total = round(sum(before.values()), 2)
    if method.get("balance", total) < total:
        raise _Forbidden("the gift card holds too little")
    _move(desk, order, "payment", total, payment_method_id)
    for id, amount in before.items():
        _move(desk, order, "refund", amount, id)
    return False


def _swapped(
    desk: ReferenceDesk, order: Row, item_ids: Sequence[str], new_item_ids: Sequence[str], method_id: str
) -> tuple[list[tuple[Row, Row]], float]:
    """The items with what is wanted for each, and what that costs more; the method must be able to pay it."""
    method = desk.method(order, method_id)
    if len(item_ids) != len(new_item_ids):
        raise _Forbidden("not as many new items as old ones")
    pairs = [(one, desk.offer(one, new)) for one, new in zip(_items(order, item_ids), new_item_ids, strict=True)]
    more = round(sum(new["price"] - old["price"] for old, new in pairs), 2)
    if method.get("balance", more) < more:
        raise _Forbidden("the gift card holds too little")
    return pairs, more


def _change_items(
    desk: ReferenceDesk, order_id: str, item_ids: Sequence[str], new_item_ids: Sequence[str], payment_method_id: str
) -> bool:
    order = desk.order(order_id, "pending")
    pairs, more = _swapped(desk, order, item_ids, new_item_ids, payment_method_id)
    same = all(old["item_id"] == new["item_id"] for old, new in pairs)
    _move(desk, order, "payment" if more > 0 else "refund", abs(more), payment_method_id)
    for old, new in pairs:
        old.update(item_id=new["item_id"], price=new["price"], options=new["options"])
    order["status"] = "pending (item modified)"
    return same


def _exchange(
    desk: ReferenceDesk, order_id: str, item_ids: Sequence[str], new_item_ids: Sequence[str], payment_method_id: str
) -> bool:
    order = desk.order(order_id, "delivered")
    _swapped(desk, order, item_ids, new_item_ids, payment_method_id)
    order["status"] = "exchange requested"
    order["exchange_items"], order["exchange_new_items"] = list(item_ids), list(new_item_ids)
    order["exchange_payment_method_id"] = payment_method_id
    return list(item_ids) == list(new_item_ids)


def _return(desk: ReferenceDesk, order_id: str, item_ids: Sequence[str], payment_method_id: str) -> bool:
    order = desk.order(order_id, "delivered")
    method = desk.method(order, payment_method_id)
    if method["source"] != "gift_card" and payment_method_id != order["payment_history"][0]["payment_method_id"]:
        raise _Forbidden("neither the original payment method nor a gift card")
    _items(order, item_ids)
    order["status"], order["return_items"] = "return requested", list(item_ids)
    order["return_payment_method_id"] = payment_method_id
    return False


def _change_customer_address(desk: ReferenceDesk, user_id: str, **address: str) -> bool:
    user = desk.user(user_id)
    same = bool(user["address"] == address)
    user["address"] = address
    return same


_TOOLS: Mapping[str, Callable[..., bool]] = {
    "cancel_pending_order": _cancel,
    "modify_pending_order_address": _change_address,
    "modify_pending_order_payment": _change_payment,
    "modify_pending_order_items": _change_items,
    "exchange_delivered_order_items": _exchange,
    "return_delivered_order_items": _return,
    "modify_user_address": _change_customer_address,
}

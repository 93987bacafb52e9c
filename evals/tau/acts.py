"""Expected actions and done deeds in one shape, so that they can be compared, and deeds as actions for the reference."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assistant.service.types import Address, Deed, DeedKind, Order
from evals.tau.data import Action, address_of

TOOLS: Mapping[str, DeedKind] = {
    "cancel_pending_order": "cancel",
    "modify_pending_order_address": "change_address",
    "modify_pending_order_payment": "change_payment",
    "modify_pending_order_items": "change_items",
    "return_delivered_order_items": "return",
    "exchange_delivered_order_items": "exchange",
    "modify_user_address": "change_customer_address",
}
Flaw = Literal["wrong item", "wrong variant", "wrong method", "wrong reason", "wrong address"]


@dataclass(frozen=True, slots=True)
class Act:
    """A write: what of which order, for what, with which method. Swaps of an item for itself are left out."""

    kind: DeedKind
    order_id: str | None = None
    items: tuple[str, ...] = ()
    swaps: tuple[tuple[str, str], ...] = ()
    method: str | None = None
    reason: str = ""
    address: Address | None = None

    def flaw(self, other: "Act") -> Flaw | None:
        """What of another act on the same order is not as in this one; None if it is the same."""
        found: Iterable[tuple[Flaw, bool]] = (
            ("wrong item", self.items == other.items and _olds(self) == _olds(other)),
            ("wrong variant", self.swaps == other.swaps),
            ("wrong method", self.method == other.method),
            ("wrong reason", self.reason == other.reason),
            ("wrong address", self.address == other.address),
        )
        return next((name for name, same in found if not same), None)


def _olds(act: Act) -> tuple[str, ...]:
    return tuple(old for old, _ in act.swaps)


def of_action(action: Action) -> Act:
    """An expected action."""
    kind, kwargs = TOOLS[action.name], action.kwargs
    swaps = zip(kwargs.get("item_ids", ()), kwargs.get("new_item_ids", ()), strict=False)
    return Act(
        kind,
        kwargs.get("order_id"),
        tuple(sorted(kwargs["item_ids"])) if kind == "return" else (),
        tuple(sorted((old, new) for old, new in swaps if old != new)),
        kwargs.get("payment_method_id"),
        kwargs.get("reason", ""),
        address_of(kwargs) if "address1" in kwargs else None,
    )


def of_deed(deed: Deed, orders: Mapping[str, Order]) -> Act:
    """A deed of the service; `orders` as they were before anything was done."""
    return of_action(to_action(deed, "", orders)) if deed.kind != "refund" else Act("refund", deed.order_id)


def to_action(deed: Deed, customer_id: str, orders: Mapping[str, Order]) -> Action:
    """A deed as the tool call that does the same."""
    name = next(tool for tool, kind in TOOLS.items() if kind == deed.kind)
    kwargs: dict[str, Any] = {"user_id": customer_id} if deed.order_id is None else {"order_id": deed.order_id}
    order = orders.get(deed.order_id or "")
    items = {line.number: line.item_id for line in order.lines} if order else {}
    if deed.kind in ("return", "exchange", "change_items"):
        numbers = [swap.line for swap in deed.swaps] or list(deed.lines)
        kwargs["item_ids"] = [items.get(number, "?") for number in numbers]
        kwargs["payment_method_id"] = deed.method_id or (order.paid_with if order else None)
    if deed.kind in ("exchange", "change_items"):
        kwargs["new_item_ids"] = [swap.item_id for swap in deed.swaps]
    if deed.kind == "change_payment":
        kwargs["payment_method_id"] = deed.method_id
    if deed.kind == "cancel":
        kwargs["reason"] = deed.reason.replace("_", " ")
    if deed.address is not None:
        kwargs |= _address(deed.address)
    return Action(name, kwargs)


def _address(address: Address) -> dict[str, str]:
    return {
        "address1": address.line1,
        "address2": address.line2,
        "city": address.city,
        "country": address.country,
        "state": address.region,
        "zip": address.postcode,
    }

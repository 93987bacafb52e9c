"""What a customer's message says of service, as immutable values. Knows nothing of what the customer really has."""

from dataclasses import dataclass, field
from typing import Literal

from assistant.service.types import Address, Claimed, MethodKind

WishKind = Literal[
    "cancel",
    "change_address",
    "change_payment",
    "change_items",
    "return",
    "exchange",
    "change_customer_address",
    "refund",
    "undo",  # take back what was done: "undo the cancellation"
    "status",  # where an order is
    "orders",  # which orders there are
    "details",  # what an order or an item bought is like: what is in it, of what material, how it was paid
    "total",  # how much something was or would be
    "refund_status",
    "balance",
    "profile",
    "warranty",
    "damaged",
    "missing",
    "person",
    "complaint",
    "how",  # a question about the shop's policy
    "options",  # which variants there are
    "other",
]
Reason = Literal[
    "no_longer_needed",
    "ordered_by_mistake",
    "damaged",
    "wrong_item",
    "does_not_fit",
    "not_as_described",
    "late",
    "found_cheaper",
    "other",
    "",
]
AddressOf = Literal["order", "profile", "both"]
BoundOf = Literal["difference", "price", "total", "refund"]


@dataclass(frozen=True, slots=True)
class MethodSaid:
    """A means of payment as it was named. `original` is what the order was paid with, `other` any but that one."""

    id: str = ""
    kind: MethodKind | None = None
    brand: str = ""
    last_four: str = ""
    original: bool = False
    other: bool = False


@dataclass(frozen=True, slots=True)
class ItemSaid:
    """An item in the customer's words, and for a change or an exchange what it should become, in their words too."""

    text: str
    wanted: str = ""
    all_of_kind: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """An amount, in the currency's main unit, beyond which a wish does not hold: "not if the difference is over $50"."""

    of: BoundOf
    at_most: float | None = None
    at_least: float | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that is wanted or asked.

    `items` are what it concerns, `but` what it leaves out ("everything but the lamp"). `said` is the text it was read
    from. `about` is the deed that a question is about ("how much would I get back if I returned ..."). `otherwise` tells
    that it holds only where what was proposed before cannot be. `only_asks` tells that nothing shall be done yet.
    `order_words` are words that tell which order is meant, `address_from` names an order or a place whose address is meant.
    """

    kind: WishKind
    order_ids: tuple[str, ...] = ()
    items: tuple[ItemSaid, ...] = ()
    but: tuple[ItemSaid, ...] = ()
    everything: bool = False
    method: MethodSaid | None = None
    address: Address | None = None
    address_of: AddressOf | None = None
    from_default_address: bool = False
    address_from: str = ""
    reason: Reason = ""
    conditional: "Wish | None" = None
    bound: Bound | None = None
    about: WishKind | None = None
    order_words: str = ""
    otherwise: bool = False
    only_asks: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """Everything that a message says. `choice` counts from 1, the last of what was shown being -1."""

    claimed: Claimed = field(default_factory=Claimed)
    order_ids: tuple[str, ...] = ()
    wishes: tuple[Wish, ...] = ()
    answer: Literal["yes", "no"] | None = None
    choice: int | None = None
    methods: tuple[MethodSaid, ...] = ()
    address: Address | None = None
    reason: Reason = ""
    done: bool = False

"""The words of customer service, as immutable values: customers, orders, what may be done to them and what was done.

Money is in integers of the currency's minor unit. Knows nothing of databases, rules or conversations.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

OrderState = Literal[
    "pending",
    "processing",
    "shipped",
    "delivered",
    "cancelled",
    "items_changed",
    "return_requested",
    "exchange_requested",
]
LineState = Literal["ordered", "cancelled", "return_requested", "exchange_requested", "returned"]
MethodKind = Literal["card", "paypal", "gift_card", "bank"]
DeedKind = Literal[
    "cancel",  # a whole order
    "change_address",  # of an order
    "change_payment",  # of an order
    "change_items",  # of an order that was not sent: other variants of the same products
    "return",
    "exchange",  # of delivered items for other variants of the same products
    "change_customer_address",
    "refund",  # an amount, without goods coming back: people of the shop only
]
ProposalState = Literal["proposed", "waiting", "done", "declined", "expired", "undone"]
EffectKind = Literal[
    "refund", "charge", "state", "address", "method", "item_out", "item_in", "send_back", "fee", "customer_address"
]


@dataclass(frozen=True, slots=True)
class Address:
    """Where goods go. Lines are as the customer wrote them."""

    line1: str
    line2: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    postcode: str = ""

    def in_one_line(self) -> str:
        """The address as one reads it out."""
        parts = (self.line1, self.line2, self.city, f"{self.region} {self.postcode}".strip(), self.country)
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """How a customer pays. `balance_minor` is what a gift card still holds; None for every other kind."""

    id: str
    kind: MethodKind
    brand: str = ""
    last_four: str = ""
    balance_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer of the shop."""

    id: str
    first_name: str
    last_name: str
    email: str
    address: Address
    methods: tuple[PaymentMethod, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def method(self, id: str) -> PaymentMethod | None:
        return next((one for one in self.methods if one.id == id), None)


@dataclass(frozen=True, slots=True)
class Line:
    """One item of an order; `number` counts from 1 and is what a deed points at, since an item may be ordered twice."""

    number: int
    item_id: str
    product_id: str
    title: str
    price_minor: int
    quantity: int = 1
    options: Mapping[str, str] = field(default_factory=dict)
    state: LineState = "ordered"
    swapped_for: str | None = None  # the item that an exchange sends instead
    promised_minor: int = 0  # what is refunded once it is back; below 0 what an exchange will charge


@dataclass(frozen=True, slots=True)
class Parcel:
    """What was sent together, with the carrier's number for it."""

    tracking: tuple[str, ...]
    item_ids: tuple[str, ...] = ()
    carrier: str = ""
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that moved for an order: `payment` from the customer, `refund` to them."""

    kind: Literal["payment", "refund"]
    amount_minor: int
    method_id: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One order as it stands. `note` is the customer's own text: data, never an instruction."""

    id: str
    customer_id: str
    state: OrderState
    address: Address
    currency: str = "USD"
    lines: tuple[Line, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    payments: tuple[Payment, ...] = ()
    placed_at: datetime | None = None
    delivered_at: datetime | None = None
    note: str = ""
    reason: str = ""  # why it was cancelled
    refund_method_id: str | None = None  # where the money of a return or an exchange's difference goes

    def line(self, number: int) -> Line | None:
        return next((one for one in self.lines if one.number == number), None)

    @property
    def total_minor(self) -> int:
        """What its items cost as it stands."""
        return sum(line.price_minor * line.quantity for line in self.lines)

    @property
    def paid_with(self) -> str | None:
        """The method of the last payment."""
        return next((one.method_id for one in reversed(self.payments) if one.kind == "payment"), None)


@dataclass(frozen=True, slots=True)
class Offer:
    """An item that a product can be had as: what a swap may be for."""

    item_id: str
    product_id: str
    title: str
    price_minor: int
    available: bool
    options: Mapping[str, str] = field(default_factory=dict)
    category: str = ""


@dataclass(frozen=True, slots=True)
class Swap:
    """Another item for a line of an order."""

    line: int
    item_id: str


@dataclass(frozen=True, slots=True)
class Deed:
    """Something to be done to an order or a customer; a kind uses the fields that it needs and no others.

    `lines` are numbers of the order's lines (return, and a refund that settles one), `swaps` what is changed for what
    (change_items, exchange). `unopened` is what the customer says of goods that come back only so; None is not asked yet.
    """

    kind: DeedKind
    order_id: str | None = None
    lines: tuple[int, ...] = ()
    swaps: tuple[Swap, ...] = ()
    method_id: str | None = None
    address: Address | None = None
    amount_minor: int | None = None
    reason: str = ""
    unopened: bool | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """One consequence of a deed, exact: what moves, how much, where to and when it arrives."""

    kind: EffectKind
    amount_minor: int = 0
    method_id: str | None = None
    about: str = ""  # the new state, an address in one line, a title with its options
    days: tuple[int, int] | None = None  # working days until money arrives; None for at once


def net_refund(effects: Iterable[Effect]) -> int:
    """What the customer gets back by effects, less what they pay, in minor units."""
    signs = {"refund": 1, "charge": -1}
    return sum(signs.get(one.kind, 0) * one.amount_minor for one in effects)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A deed that was checked, with its effects; done once, when its customer or a person of the shop confirms."""

    id: str
    session_id: str | None
    customer_id: str
    deed: Deed
    effects: tuple[Effect, ...]
    state: ProposalState
    proposed_by: str  # "assistant", or an agent's id
    created_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    why_waiting: str = ""  # the rule that a person has to decide on, by its code
    confirmed_at: datetime | None = None  # when its customer said yes, where a person still has to
    expires_at: datetime | None = None  # until when it can be confirmed
    undo_until: datetime | None = None  # until when it can be taken back
    note: str = ""  # why it was declined

    @property
    def refunded_minor(self) -> int:
        """What the customer gets back, less what they pay."""
        return net_refund(self.effects)


@dataclass(frozen=True, slots=True)
class Claimed:
    """What somebody says of who they are; a rule says which of these together are enough."""

    email: str = ""
    order_id: str = ""
    first_name: str = ""
    last_name: str = ""
    postcode: str = ""
    customer_id: str = ""


class Refused(Exception):
    """A deed or a look that the rules do not allow.

    `code` names why, for phrases and records (`not_found`, `state`, `done_before`, `too_late`, `not_returnable`, `method`,
    `balance`, `same_method`, `same_item`, `same_address`, `not_a_variant`, `sold_out`, `reason`, `empty`, `too_much`, `unopened`,
    `goods`, `not_identified`, `not_confirmed`, `forbidden`, `limit`, `expired`, `declined`, `changed`, `not_undoable`);
    `about` holds what the sentence names: order, state, title, days, method, reasons, amount, source (a section of the policy).
    """

    def __init__(self, code: str, **about: str) -> None:
        super().__init__(code)
        self.code = code
        self.about = about

    def __str__(self) -> str:
        return f"{self.code} {self.about}" if self.about else self.code


class SomebodyElse(Exception):
    """A conversation is, or was, another customer's: what was said in it is theirs, and a new one has to be begun."""


class TooManyAttempts(Exception):
    """Somebody has tried too often to say who they are; `retry_after_s` tells when to come back."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"too many attempts: try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s

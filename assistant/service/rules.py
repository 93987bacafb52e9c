"""What code enforces in service, as data that the owner edits (`service.yaml`) beside the policy that customers read.

Knows nothing of orders that exist, nor of conversations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from assistant.service.hours import Hours
from assistant.service.types import DeedKind, MethodKind, OrderState
from assistant.service.windows import Window

ClaimField = Literal["email", "order_id", "first_name", "last_name", "postcode", "customer_id"]
Role = Literal["agent", "lead", "owner"]
RefundTo = Literal["original", "any", "card", "paypal", "gift_card", "bank"]
Days = tuple[int, int] | None
"""Working days until money arrives; None for at once."""

_BANKS_NEED: Days = (5, 7)


@dataclass(frozen=True, slots=True)
class Attempts:
    """How often somebody may be wrong about who they are, within how long."""

    allowed: int = 5
    minutes: int = 15


@dataclass(frozen=True, slots=True)
class Goods:
    """Some of what the shop sells, by category and by product; `source` is the section of the policy that says so."""

    categories: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    fee_minor: int = 0
    source: str = ""

    def hold(self, product_id: str, category: str) -> bool:
        return product_id in self.products or category in self.categories


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that may be given. `free` takes no fee, `any_goods` comes before what is not taken back.

    `days_from_delivery` is its own limit, and `person` has somebody look at it first.
    """

    name: str
    free: bool = False
    any_goods: bool = False
    days_from_delivery: int | None = None
    person: bool = False


@dataclass(frozen=True, slots=True)
class DeedRule:
    """What one kind of deed takes. `when` are ways to be in time of which one is enough; none means always."""

    states: tuple[OrderState, ...] = ()
    when: tuple[Window, ...] = ()
    once: Literal["order", "line"] = "line"
    reasons: tuple[Reason, ...] = ()
    needs_reason: bool = True  # where reasons are given; without it any words are kept and mean nothing
    refund_to: tuple[RefundTo, ...] = ("original",)
    refund_days: Mapping[MethodKind, Days] = field(default_factory=dict)
    fee_minor: int = 0
    fees: tuple[Goods, ...] = ()  # other fees for some goods
    only: Goods | None = None  # other goods wait for a person
    same_item: bool = False  # whether an item may be swapped for itself
    undo_minutes: int = 0

    def reason(self, name: str) -> Reason | None:
        return next((one for one in self.reasons if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Rules:
    """All of a shop's rules of service. A kind of deed that is not among `deeds` is done by nobody."""

    currency: str
    identify: tuple[tuple[ClaimField, ...], ...]
    deeds: Mapping[DeedKind, DeedRule]
    order_pattern: str = ""
    attempts: Attempts = Attempts()
    known_hours: int = 24  # how long a session stays whose it proved to be
    proposal_minutes: int = 30
    approval_above_minor: int | None = None
    limits: Mapping[Role, int | None] = field(default_factory=dict)  # what each role may refund at once; None for all
    refund_days: Mapping[MethodKind, Days] = field(default_factory=dict)
    not_returnable: tuple[Goods, ...] = ()
    only_unopened: tuple[Goods, ...] = ()
    overrule: frozenset[str] = frozenset()  # refusals that a person of the shop may decide otherwise
    hours: Hours = Hours()

    def states(self, kind: DeedKind) -> tuple[OrderState, ...]:
        """The states of an order in which a deed is possible; none where it never is."""
        rule = self.deeds.get(kind)
        return rule.states if rule else ()

    def reasons(self, kind: DeedKind) -> tuple[str, ...]:
        """The reasons of which a deed needs one; none where it needs none."""
        rule = self.deeds.get(kind)
        return tuple(one.name for one in rule.reasons) if rule and rule.needs_reason else ()

    def once(self, kind: DeedKind) -> bool:
        """Whether a deed is done to an order once only, so that everything has to be named at once."""
        rule = self.deeds.get(kind)
        return rule is not None and rule.once == "order"

    def limit(self, role: Role) -> int | None:
        """What a role may refund at once, in minor units; None for any amount, nothing where no limit is set for it."""
        return self.limits.get(role, 0)

    def days(self, kind: DeedKind, method: MethodKind | None) -> Days:
        """When a refund arrives by a kind of method; by one that is not known like a bank's."""
        rule = self.deeds.get(kind)
        if method is None:
            return _BANKS_NEED
        if rule and method in rule.refund_days:
            return rule.refund_days[method]
        return self.refund_days.get(method, None if method == "gift_card" else _BANKS_NEED)

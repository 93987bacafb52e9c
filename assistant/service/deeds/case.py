"""A deed to be judged, with all that it is judged by, and what it leads to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from assistant.service.ledger import Share, moved, originals, paid, spread
from assistant.service.rules import DeedRule, Rules
from assistant.service.types import Customer, Deed, Effect, Line, Offer, Order, Refused, net_refund


class Offers(Protocol):
    """What a product can be had as now; none for a product that is no longer sold."""

    def of(self, product_id: str) -> tuple[Offer, ...]: ...


@dataclass(frozen=True, slots=True)
class Case:
    """A deed, the customer and the order it is for, and the rules. `asked_at` is what windows are held against.

    With `person` somebody of the shop wants it, who may overrule what the rules leave to them.
    """

    deed: Deed
    customer: Customer
    found: Order | None
    rules: Rules
    offers: Offers
    now: datetime
    asked_at: datetime
    person: bool = False

    @property
    def rule(self) -> DeedRule:
        return self.rules.deeds[self.deed.kind]

    @property
    def order(self) -> Order:
        """The order that the deed is for; Refused where it names none."""
        if self.found is None:
            raise Refused("empty")
        return self.found

    def line(self, number: int) -> Line:
        """A line of the order; Refused where there is none of that number."""
        line = self.order.line(number)
        if line is None:
            raise Refused("not_found", order=self.order.id)
        return line

    def refund(self, share: Share) -> Effect:
        """The effect of money going back."""
        return Effect("refund", share.amount_minor, share.method_id, days=self._days(share.method_id))

    def shares(self, amount_minor: int, method_id: str | None) -> tuple[Share, ...]:
        """Where an amount goes that is given back, by the rule's `refund_to`; Refused where it may not go there."""
        ways, allowed = originals(self.order), self.rule.refund_to
        id = method_id or next(iter(ways), None)
        if id is None:
            raise Refused("method", order=self.order.id)
        method = self.customer.method(id)
        if method is not None and "any" in allowed:
            return (Share(id, amount_minor),) if amount_minor else ()
        if "original" in allowed and id in ways:
            return spread(amount_minor, self.order, id)
        if method is not None and method.kind in allowed:
            return (Share(id, amount_minor),) if amount_minor else ()
        raise Refused("method", order=self.order.id, method=id)

    def _days(self, method_id: str) -> tuple[int, int] | None:
        method = self.customer.method(method_id)
        return self.rules.days(self.deed.kind, method.kind if method else None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a deed leads to. `waits` are the codes of what a person has to decide on."""

    customer: Customer
    order: Order | None
    effects: tuple[Effect, ...]
    waits: tuple[str, ...] = ()

    @property
    def refunded_minor(self) -> int:
        """What the customer gets back, less what they pay."""
        return net_refund(self.effects)


def settled(case: Case, order: Order, moves: Sequence[Effect]) -> tuple[Customer, Order]:
    """Customer and order after money has moved as `moves` say: written down, and on or off gift cards."""
    customer = case.customer
    for one in moves:
        if one.kind in ("refund", "charge") and one.method_id is not None:
            share = Share(one.method_id, one.amount_minor)
            order = paid(order, one.kind, share, case.now)
            customer = moved(customer, share.method_id, share.amount_minor * (1 if one.kind == "refund" else -1))
    return customer, order


def in_words(title: str, options: Sequence[str]) -> str:
    """An item by its title and options."""
    return f"{title} ({', '.join(options)})" if options else title


def approved(case: Case, outcome: Outcome) -> Outcome:
    """The outcome, which waits for a person where more goes back than the shop lets code decide."""
    limit = case.rules.approval_above_minor
    if limit is not None and outcome.refunded_minor > limit:
        return replace(outcome, waits=(*outcome.waits, "amount"))
    return outcome

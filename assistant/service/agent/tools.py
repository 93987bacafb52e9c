"""What the agent may do: look at what the customer has, read the policy, propose a deed, call a person. It does nothing itself.

Every proposal goes through the service, which holds it against identity and rules; what the customer is told of it, and
what is done after their yes, is code's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, Field

from assistant.phrases import money
from assistant.service.ordering import View
from assistant.service.types import Address, Deed, Line, Proposal, Refused, Swap
from assistant.service.wording import line_words, method_words, order_words, refunds_words, refused_words, status_words
from catalog import Locale

Policy = Callable[[str, Locale], Sequence[str]]
"""What the shop's policy says that is nearest to a question."""
_VARIANTS = 24
_UNOPENED = {"yes": True, "no": False}


class NewItem(BaseModel):
    """What an item of an order is changed for."""

    item_number: int
    variant_id: str


class NewAddress(BaseModel):
    """Where goods go, line by line."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    postcode: str = ""


class Wanted(BaseModel):
    """A deed as the agent proposes it; what its kind does not need is left empty."""

    kind: Literal[
        "cancel", "return", "exchange", "change_items", "change_address", "change_payment", "change_customer_address"
    ]
    order_id: str = ""
    item_numbers: list[int] = Field(default=[], description="for return")
    new_items: list[NewItem] = Field(default=[], description="for exchange and change_items")
    payment_method_id: str = ""
    address: NewAddress = NewAddress()
    reason: str = ""
    unopened: Literal["yes", "no", "not said"] = "not said"


@dataclass
class Bench:
    """The tools over one customer's things, for one message, and what came of them."""

    session_id: str
    view: View
    policy: Policy
    proposal: Proposal | None = None
    person: bool = False
    told: list[str] = field(default_factory=list)  # all that the tools have said

    @property
    def over(self) -> bool:
        """Whether the customer's yes, or a person, comes next."""
        return self.person or self.proposal is not None

    def tools(self) -> list[BaseTool]:
        """The tools as the agent is given them."""

        def list_orders() -> str:
            """All orders of the customer, newest first, with their states."""
            return self._tell([order_words(order, self._locale) for order in self.view.orders])

        def read_order(order_id: str) -> str:
            """An order: its state, delivery, items by number, how it was paid, where it goes, refunds."""
            return self._tell(self._order(order_id))

        def list_variants(order_id: str, item_number: int) -> str:
            """What an item of an order could be changed for, with variant ids and prices."""
            return self._tell(self._variants(order_id, item_number))

        def read_customer() -> str:
            """The customer's name, address, and the ids of their ways to pay."""
            return self._tell(self._customer())

        def read_policy(question: str) -> str:
            """What the shop's policy says about something."""
            return self._tell(self.policy(question, self._locale))

        def call_person() -> str:
            """Have a person of the shop take over."""
            self.person = True
            return "called"

        tools: list[BaseTool] = [
            StructuredTool.from_function(one)
            for one in (list_orders, read_order, list_variants, read_customer, read_policy, call_person)
        ]
        said = (
            "Propose a change. cancel, change_items, change_address, change_payment: orders that were not sent. "
            "return, exchange: delivered orders."
        )
        propose = StructuredTool.from_function(func=self._propose, name="propose", description=said, args_schema=Wanted)
        return [*tools, propose]

    def _propose(
        self,
        kind: str,
        order_id: str,
        item_numbers: list[int],
        new_items: list[NewItem],
        payment_method_id: str,
        address: NewAddress,
        reason: str,
        unopened: str,
    ) -> str:
        where = Address(**address.model_dump()) if address.line1.strip() else None
        swaps = tuple(Swap(one.item_number, one.variant_id) for one in new_items)
        deed = Deed(
            kind,  # type: ignore[arg-type]  # the schema lets no other kind through
            order_id or None if kind != "change_customer_address" else None,
            lines=tuple(item_numbers) if kind == "return" else (),
            swaps=swaps if kind in ("exchange", "change_items") else (),
            method_id=payment_method_id or None,
            address=where if kind in ("change_address", "change_customer_address") else None,
            reason=reason,
            unopened=_UNOPENED.get(unopened),
        )
        try:
            self.proposal = self.view.service.propose(self.session_id, self.view.customer.id, deed)
        except Refused as refused:
            reasons = ", ".join(self.view.service.rules.reasons(deed.kind))
            known = f" ({reasons})" if refused.code == "reason" else ""
            return self._tell([f"refused: {refused_words(refused, kind, self._locale)}{known}"])
        return "proposed"

    @property
    def _locale(self) -> Locale:
        return self.view.locale

    def _tell(self, lines: Sequence[str]) -> str:
        told = [self.view.named(line) for line in lines]
        self.told += told
        return "\n".join(told) or "nothing"

    def _order(self, order_id: str) -> list[str]:
        order = self.view.order(order_id)
        if order is None:
            return [f"the customer has no order {order_id}"]
        lines = [f"{self._line(line, order.currency)} [{line.state}]" for line in order.lines]
        method = method_words(self.view.customer.method(order.paid_with or ""), self._locale, order.paid_with or "")
        paid = f"{method} [{order.paid_with}] → {order.address.in_one_line()}"
        refunds = refunds_words(order, self.view.customer, self._locale)
        return [*status_words(order, self._locale), *lines, paid, *refunds]

    def _line(self, line: Line, currency: str) -> str:
        price = money(line.price_minor, currency, self._locale)
        return f"item {line.number}: {line.quantity} × {line_words(line, self._locale)}, {price}"

    def _variants(self, order_id: str, item_number: int) -> list[str]:
        order = self.view.order(order_id)
        line = order.line(item_number) if order else None
        if order is None or line is None:
            return [f"the customer's order {order_id} has no item {item_number}"]
        found = [one for one in self.view.service.offers(line.product_id) if one.available]
        return [
            f"variant {one.item_id}: {', '.join(f'{name} {value}' for name, value in one.options.items())}, "
            f"{money(one.price_minor, order.currency, self._locale)}"
            for one in found[:_VARIANTS]
        ]

    def _customer(self) -> list[str]:
        customer = self.view.customer
        methods = [f"{method_words(one, self._locale)} [{one.id}]" for one in customer.methods]
        return [customer.name, customer.address.in_one_line(), *methods]

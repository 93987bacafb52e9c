"""What the books say that bears on a shopper's question, in their language: for drafts, and only of who proved to be whom."""

import re
from collections.abc import Sequence
from typing import Protocol

from assistant.service.types import Customer, Order, Proposal
from assistant.service.wording import refunds_words, status_words
from catalog import Locale

_ABOUT_ORDERS = re.compile(
    r"\b(?:my|the) (?:\w+ )?(?:orders?|parcels?|packages?|delivery|shipment|purchase)\b|\btrack(?:ing)?\b|\bwhere (?:is|are|'s)\b"
    r"|订单|包裹|快递|物流|发货|到哪|单号",
    re.IGNORECASE,
)
_ABOUT_MONEY = re.compile(r"\brefund(?:ed|s)?\b|\bmoney back\b|退款|退钱|到账", re.IGNORECASE)


class Books(Protocol):
    """The service of orders, as far as facts need it."""

    def proved(self, session_id: str) -> Customer | None: ...
    def orders(self, customer_id: str) -> tuple[Order, ...]: ...
    def proposals(self, session_id: str) -> tuple[Proposal, ...]: ...


class OrderFacts:
    """Sentences on the orders that a question names, else on the one last spoken of or the newest where it asks after an order or its money."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def __call__(self, session_id: str, question: str, locale: Locale) -> Sequence[str]:
        customer = self._books.proved(session_id)
        if customer is None:
            return ()
        orders = self._books.orders(customer.id)
        named = [one for one in orders if one.id.casefold().lstrip("#") in question.casefold()]
        money = _ABOUT_MONEY.search(question) is not None
        if not named and not money and not _ABOUT_ORDERS.search(question):
            return ()
        told: list[str] = []
        acted_on = [one.deed.order_id for one in reversed(self._books.proposals(session_id))]
        spoken_of = [order for id in acted_on for order in orders if order.id == id]
        for order in (named or spoken_of or orders)[:1]:
            told += refunds_words(order, customer, locale) if money else status_words(order, locale)
        return tuple(told)

"""The seam to where a shop keeps its customers and orders.

`SqlStore` (sql.py) keeps them in tables of our own. A shop that has tables already plugs in here: its `Store` gives `Books`
that read and write its own customers, orders and payments, and keep proposals, identities and attempts in the same
transaction, so that a deed is done and written down together or not at all. Nothing else of the service knows of tables.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.service.rules import ClaimField
from assistant.service.types import Claimed, Customer, Order, Proposal


@dataclass(frozen=True, slots=True)
class Trace:
    """Customer and order before and after a deed: what taking it back restores, and only if nothing came between."""

    customer_before: Customer
    customer_after: Customer
    order_before: Order | None = None
    order_after: Order | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Which customer a session proved to be, and when."""

    customer_id: str
    at: datetime


class Books(Protocol):
    """The shop's books, open in one transaction. In one that writes, what is read stays as it is until its end."""

    def customer(self, id: str) -> Customer | None: ...

    def matching(self, claimed: Claimed, way: Sequence[ClaimField]) -> tuple[str, ...]:
        """The ids of the customers of whom all these fields are true; an order number is true of whose order it is."""
        ...

    def order(self, customer_id: str, order_id: str) -> Order | None:
        """A customer's order, by its id in any spelling; None for one that is not theirs or does not exist alike."""
        ...

    def orders(self, customer_id: str) -> tuple[Order, ...]:
        """A customer's orders, newest first."""
        ...

    def save_customer(self, customer: Customer) -> None: ...

    def save_order(self, order: Order) -> None: ...

    def proposal(self, id: str) -> Proposal | None: ...

    def trace(self, proposal_id: str) -> Trace | None: ...

    def save_proposal(self, proposal: Proposal, trace: Trace | None = None) -> None:
        """Keep a proposal, new or known; without a trace what there is of one stays."""
        ...

    def proposals(self, session_id: str) -> tuple[Proposal, ...]:
        """All of a session, oldest first."""
        ...

    def waiting(self) -> tuple[Proposal, ...]:
        """All that wait for a person, oldest first."""
        ...

    def identity(self, session_id: str) -> Identity | None: ...

    def identify(self, session_id: str, identity: Identity | None) -> None:
        """Keep who a session is; None forgets it."""
        ...

    def failures(self, key: str, since: datetime) -> tuple[datetime, ...]:
        """When it was tried in vain to be somebody, oldest first. Until the transaction ends nobody else tries."""
        ...

    def fail(self, keys: Sequence[str], at: datetime, since: datetime) -> None:
        """Keep a try in vain under each key, and forget those before `since`."""
        ...


class Store(Protocol):
    """Where a shop's books are kept."""

    def reading(self) -> AbstractContextManager[Books]:
        """The books as of one moment."""
        ...

    def writing(self) -> AbstractContextManager[Books]:
        """The books to be changed, all or nothing: an exception undoes everything."""
        ...

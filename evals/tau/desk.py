"""The retail shop opened for customers: its books in a fresh copy, the service over them and the flow that talks.

The only place of the evaluation that touches the service and its flow. What the service reads is written down.
"""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from assistant.sense import KINDS, Sensed, load_sense
from assistant.service.agent import AgentFlow, Planner
from assistant.service.flow import ServiceFlow
from assistant.service.rulebook import load_rules
from assistant.service.service import Service
from assistant.service.sql import SqlStore
from assistant.service.state import FlowState
from assistant.service.tables import Base, CustomerRow, LineRow, MethodRow, OrderRow, ParcelRow, PaymentRow
from assistant.service.types import Offer, Order, Proposal
from catalog import Locale, load_embedder
from evals.tau.data import TauShop
from evals.tau.listening import Heard, Offered
from evals.tau.views import View, of_customer, of_order
from evals.tau.watch import Read

RULES = Path(__file__).parent / "service.yaml"
_OPENED = datetime(2024, 5, 15, 15, 0, tzinfo=UTC)
_A_TURN = timedelta(seconds=30)


@cache
def sense() -> Callable[[str], Sensed]:
    """What tells wants by their meaning, with the packaged embedder."""
    embedder = load_embedder("packaged")
    return load_sense(embedder.name, embedder.passages, embedder.passages, RULES.parent, KINDS).of


class TauOffers:
    """What the shop's products can be had as."""

    def __init__(self, shop: TauShop) -> None:
        self._of: dict[str, tuple[Offer, ...]] = {}
        for offer in shop.offers:
            self._of[offer.product_id] = (*self._of.get(offer.product_id, ()), offer)

    def of(self, product_id: str) -> tuple[Offer, ...]:
        return self._of.get(product_id, ())


class Snapshot:
    """The shop as it is before anybody comes. There is one copy to visit, which is made new for every visit."""

    def __init__(self, shop: TauShop, folder: Path, rules: Path = RULES, planner: Planner | None = None) -> None:
        """With a planner the agent serves, without one the typed flow."""
        self._rules, self._offers, self._planner = load_rules(rules), TauOffers(shop), planner
        self._first, copy = folder / "first.db", folder / "visited.db"
        first = SqlStore(f"sqlite:///{self._first}")
        first.load(shop.customers, shop.orders)
        first.close()
        self._store = SqlStore(f"sqlite:///{copy}")  # one for all visits: its statements are compiled once
        self._changes = _Changes(self._first, copy)

    def close(self) -> None:
        """Let the copy go."""
        self._store.close()

    def opened(self, orders: Mapping[str, Order] | None = None, rules: Mapping[str, Any] | None = None) -> "OpenShop":
        """A fresh copy, which ends the one before; with these orders in place of theirs, and these rules."""
        self._changes.undo()
        with self._store.writing() as books:
            for order in (orders or {}).values():
                books.save_order(order)
        own = replace(self._rules, **(rules or {}))
        service = lambda clock: Service(self._store, own, self._offers, clock)  # noqa: E731
        return OpenShop(self._store, self._changes, service, self._planner)


class _Changes:
    """Which rows of a copy are not as in the first file."""

    def __init__(self, first: Path, copy: Path) -> None:
        self._first, self._copy = first, copy

    def orders(self) -> dict[str, str]:
        """The orders of which any row differs, with the customers whose they were at first."""
        with closing(self._both()) as both:
            ids = self._ids(both, OrderRow, "id")
            for table in (LineRow, PaymentRow, ParcelRow):
                ids |= self._ids(both, table, "order_id")
            owners = dict(both.execute(f"SELECT id, customer_id FROM first.{OrderRow.__tablename__}"))  # noqa: S608
        return {id: owners[id] for id in ids}

    def customers(self) -> set[str]:
        """The customers of whom any row differs."""
        with closing(self._both()) as both:
            return self._ids(both, CustomerRow, "id") | self._ids(both, MethodRow, "customer_id")

    def undo(self) -> None:
        """Make the copy as it was at first."""
        with closing(sqlite3.connect(self._first)) as first, closing(sqlite3.connect(self._copy)) as copy:
            first.backup(copy)

    def _both(self) -> sqlite3.Connection:
        both = sqlite3.connect(self._copy)
        both.execute("ATTACH DATABASE ? AS first", (str(self._first),))
        return both

    @staticmethod
    def _ids(both: sqlite3.Connection, table: type[Base], column: str) -> set[str]:
        pair = (f"main.{table.__tablename__}", f"first.{table.__tablename__}")
        found = set()
        for one, other in (pair, pair[::-1]):
            rows = both.execute(f"SELECT {column} FROM (SELECT * FROM {one} EXCEPT SELECT * FROM {other})")  # noqa: S608
            found |= {str(id) for (id,) in rows}
        return found


class OpenShop:
    """One copy of the shop with its service; several conversations may go on in it."""

    def __init__(
        self,
        store: SqlStore,
        changes: "_Changes",
        service: Callable[[Callable[[], datetime]], Service],
        planner: Planner | None,
    ) -> None:
        self._store, self._changes, self._now = store, changes, _OPENED
        self.planner = planner
        self.service = service(lambda: self._now)

    def talk(self, session_id: str, locale: Locale = "en") -> "Talk":
        """A new conversation."""
        return Talk(self, session_id, locale)

    def passes(self, time: timedelta) -> None:
        """Time goes by."""
        self._now += time

    def view(self) -> View:
        """What has changed of the books."""
        with self._store.reading() as books:
            orders = {id: books.order(owner, id) for id, owner in self._changes.orders().items()}
            customers = {id: books.customer(id) for id in self._changes.customers()}
        return View(
            {id: of_order(order) for id, order in orders.items() if order},
            {id: of_customer(customer) for id, customer in customers.items() if customer},
        )

    def order(self, customer_id: str, order_id: str) -> Order | None:
        """A customer's order, with nothing noted."""
        with self._store.reading() as books:
            return books.order(customer_id, order_id)


class Talk:
    """One conversation with the flow, or the agent."""

    def __init__(self, shop: OpenShop, session_id: str, locale: Locale) -> None:
        self.shop, self.session_id, self._locale = shop, session_id, locale
        self.reads: list[Read] = []
        service: Any = _Watched(self)
        planner = shop.planner
        self._flow = AgentFlow(service, planner, sense()) if planner else ServiceFlow(service, sense())
        self._state = FlowState()
        self._talked: list[tuple[str, str]] = []

    def hear(self, message: str) -> Heard:
        """The reply to a message, as the customer gets it."""
        self.shop.passes(_A_TURN)
        step = self._flow.step(self.session_id, self._state, message, self._locale, self._talked)
        self._state = step.state
        self._talked.append((message, " ".join(step.sentences)))
        asked = step.state.asked
        waits = asked is not None and asked.slot == "confirm"
        proposal = step.proposal if step.proposal and step.proposal.state == "proposed" and waits else None
        return Heard(step.sentences, step.quick_replies, self._offered(proposal), step.handing or "")

    def customer_id(self) -> str:
        """Whom the session has proved to be; empty for nobody."""
        customer = self.shop.service.customer(self.session_id)
        return customer.id if customer else ""

    def deeds(self) -> tuple[Proposal, ...]:
        """All proposals of the session, oldest first."""
        return self.shop.service.proposals(self.session_id)

    def done(self) -> tuple[str, ...]:
        """The ids of those that were done."""
        return tuple(one.id for one in self.deeds() if one.state == "done")

    def view(self) -> View:
        return self.shop.view()

    def _offered(self, proposal: Proposal | None) -> Offered | None:
        if proposal is None:
            return None
        deed = proposal.deed
        order = self.shop.order(proposal.customer_id, deed.order_id) if deed.order_id else None
        numbers = [swap.line for swap in deed.swaps] or list(deed.lines)
        lines = [order.line(number) for number in numbers] if order else []
        return Offered(proposal.id, deed.kind, deed.order_id or "", tuple(line.title for line in lines if line))


class _Watched:
    """The service, with a note of every look at somebody's things."""

    def __init__(self, talk: Talk) -> None:
        self._talk, self._service = talk, talk.shop.service

    def orders(self, customer_id: str) -> tuple[Order, ...]:
        found = self._service.orders(customer_id)
        self._note("orders", customer_id, {order.customer_id for order in found})
        return found

    def order(self, customer_id: str, order_id: str) -> Order:
        found = self._service.order(customer_id, order_id)
        self._note("order", customer_id, {found.customer_id})
        return found

    def customer_by_id(self, id: str) -> Any:
        self._note("customer", id, set())
        return self._service.customer_by_id(id)

    def propose(self, session_id: str | None, customer_id: str, *rest: Any, **more: Any) -> Proposal:
        found = self._service.propose(session_id, customer_id, *rest, **more)
        self._note("proposal", customer_id, {found.customer_id})
        return found

    def confirm(self, proposal_id: str, customer_id: str, *rest: Any, **more: Any) -> Proposal:
        found = self._service.confirm(proposal_id, customer_id, *rest, **more)
        self._note("proposal", customer_id, {found.customer_id})
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._service, name)

    def _note(self, what: str, customer_id: str, owners: set[str]) -> None:
        verified = self._talk.customer_id()
        self._talk.reads.append(Read(what, customer_id, verified, tuple(sorted(owners))))

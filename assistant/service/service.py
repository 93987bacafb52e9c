"""What may be looked at and done in service, by whom: the one door to a shop's customers and orders.

Every look and every deed is held against identity and rules here, whatever was understood or said before; what is in an
order's note or in a message is never more than text. Writes are one transaction each and safe between threads.
"""

from collections.abc import Callable
from datetime import datetime

from assistant.service import proposals
from assistant.service.deeds import Offers
from assistant.service.identity import ended, identified, known_as, taken
from assistant.service.proposals import ASSISTANT, Shop
from assistant.service.rules import Rules
from assistant.service.store import Identity, Store
from assistant.service.types import Claimed, Customer, Deed, Offer, Order, Proposal, Refused


class Service:
    """Serves one shop. What is not allowed raises Refused with a code; nothing is then changed."""

    def __init__(self, store: Store, rules: Rules, offers: Offers, clock: Callable[[], datetime]) -> None:
        self.rules = rules
        self._store = store
        self._offers = offers
        self._clock = clock
        self._shop = Shop(rules, offers, clock)

    def identify(self, session_id: str, claimed: Claimed) -> Customer | None:
        """Hold a claim against the books and keep whom it proves for the session; TooManyAttempts stops guessing.

        None where it proves nobody, or somebody else than the session is or once was.
        """
        with self._store.writing() as books:
            return identified(books, session_id, claimed, self.rules, self._clock())

    def sign_in(self, session_id: str, customer_id: str) -> Customer | None:
        """Keep whom the shop's own sign-in vouches for; None where there is no such customer.

        Raises SomebodyElse for a session that is or once was another customer's.
        """
        with self._store.writing() as books:
            return taken(books, session_id, Identity(customer_id, self._clock()))

    def go_on(self, session_id: str, before: str) -> Customer | None:
        """Let a session be whose the session `before` it is, for no longer; None where that is nobody's now.

        Raises SomebodyElse as `sign_in` does.
        """
        with self._store.writing() as books:
            known, found = known_as(books, before, self.rules, self._clock()), books.identity(before)
            return None if known is None or found is None else taken(books, session_id, found)

    def sign_out(self, session_id: str) -> None:
        """Know nobody in a session any more. Whose it was stays known to the people of the shop, who may have to answer."""
        with self._store.writing() as books:
            if (found := books.identity(session_id)) is not None:
                books.identify(session_id, ended(found))

    def customer(self, session_id: str) -> Customer | None:
        """Who a session proved to be."""
        with self._store.reading() as books:
            id = known_as(books, session_id, self.rules, self._clock())
            return None if id is None else books.customer(id)

    def proved(self, session_id: str) -> Customer | None:
        """Who a session proved to be, however long ago: for the people of the shop, who may answer days later."""
        with self._store.reading() as books:
            found = books.identity(session_id)
            return None if found is None else books.customer(found.customer_id)

    def customer_by_id(self, customer_id: str) -> Customer | None:
        """A customer as they are now; for callers that know already whom they speak with."""
        with self._store.reading() as books:
            return books.customer(customer_id)

    def orders(self, customer_id: str) -> tuple[Order, ...]:
        """A customer's orders, newest first."""
        with self._store.reading() as books:
            return books.orders(customer_id)

    def order(self, customer_id: str, order_id: str) -> Order:
        """A customer's order; Refused("not_found") for one that is not theirs as for one that does not exist."""
        with self._store.reading() as books:
            found = books.order(customer_id, order_id)
        if found is None:
            raise Refused("not_found", order=order_id)
        return found

    def offers(self, product_id: str) -> tuple[Offer, ...]:
        """What a product can be had as now."""
        return self._offers.of(product_id)

    def propose(self, session_id: str | None, customer_id: str, deed: Deed, by: str = ASSISTANT) -> Proposal:
        """Check a deed and keep it with its exact effects; nothing is done yet.

        The assistant proposes only for whom the session proved to be. `by` an agent's id, what the rules leave to people
        may be proposed too, and waits for one.
        """
        with self._store.writing() as books:
            if by == ASSISTANT:
                known = None if session_id is None else known_as(books, session_id, self.rules, self._clock())
                if known is None or known != customer_id:
                    raise Refused("not_identified")
            return proposals.proposed(books, self._shop, session_id, customer_id, deed, by)

    def confirm(self, proposal_id: str, customer_id: str) -> Proposal:
        """Do what its customer said yes to, once: confirmed again it is the same proposal. It may have to wait for a person."""
        with self._store.writing() as books:
            return proposals.confirmed(books, self._shop, proposal_id, customer_id)

    def approve(self, proposal_id: str, agent_id: str, limit_minor: int | None) -> Proposal:
        """Do what waits, or what an agent proposed; above the agent's limit (None: any) it waits for somebody else."""
        with self._store.writing() as books:
            return proposals.approved(books, self._shop, proposal_id, agent_id, limit_minor)

    def decline(self, proposal_id: str, agent_id: str, why: str) -> Proposal:
        """Refuse what was proposed or waits."""
        with self._store.writing() as books:
            return proposals.declined(books, self._shop, proposal_id, agent_id, why)

    def undo(self, proposal_id: str, by: str, customer_id: str | None = None) -> Proposal:
        """Take back what was done, as it was before, as long as the rules allow and nothing came between.

        For a customer (`by` the assistant) it must be theirs.
        """
        if by == ASSISTANT and customer_id is None:
            raise Refused("not_identified")
        with self._store.writing() as books:
            return proposals.undone(books, self._shop, proposal_id, by, customer_id)

    def proposal(self, proposal_id: str) -> Proposal | None:
        """One proposal as it stands."""
        with self._store.reading() as books:
            found = books.proposal(proposal_id)
        return None if found is None else proposals.as_of(found, self._clock())

    def waiting(self) -> tuple[Proposal, ...]:
        """What waits for a person's approval, oldest first."""
        with self._store.reading() as books:
            return books.waiting()

    def proposals(self, session_id: str) -> tuple[Proposal, ...]:
        """All proposals of a session, oldest first."""
        with self._store.reading() as books:
            return tuple(proposals.as_of(one, self._clock()) for one in books.proposals(session_id))

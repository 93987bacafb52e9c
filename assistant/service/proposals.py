"""The life of a proposal: proposed → done, or waiting for a person → done or declined; undone where the rules allow.

Everything is judged again, on locked books, in the transaction that does it. A customer is locked before their order, so
that two deeds never wait for each other, and all deeds of one customer come one after the other.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from assistant.service.deeds import Case, Offers, Outcome, outcome
from assistant.service.ledger import moved
from assistant.service.rules import Rules
from assistant.service.store import Books, Trace
from assistant.service.types import Customer, Deed, Proposal, Refused

ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Shop:
    """What deeds are judged by."""

    rules: Rules
    offers: Offers
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class _Judged:
    case: Case
    outcome: Outcome


def proposed(books: Books, shop: Shop, session_id: str | None, customer_id: str, deed: Deed, by: str) -> Proposal:
    """A new proposal with what the deed would do now; Refused where it may not be done."""
    now = shop.clock()
    result = _judged(books, shop, customer_id, deed, now, person=by != ASSISTANT).outcome
    proposal = Proposal(
        id=uuid4().hex,
        session_id=session_id,
        customer_id=customer_id,
        deed=deed,
        effects=result.effects,
        state="proposed",
        proposed_by=by,
        created_at=now,
        why_waiting=next(iter(result.waits), ""),
        expires_at=now + timedelta(minutes=shop.rules.proposal_minutes),
    )
    books.save_proposal(proposal)
    return proposal


def confirmed(books: Books, shop: Shop, proposal_id: str, customer_id: str) -> Proposal:
    """What its customer said yes to: done, or waiting; what was done already stays as it is."""
    proposal = books.proposal(proposal_id)
    if proposal is None or proposal.customer_id != customer_id:
        raise Refused("not_found")
    now = shop.clock()
    if proposal.state in ("done", "waiting"):
        return proposal
    _require_open(proposal, now)
    person = proposal.proposed_by != ASSISTANT
    judged = _judged(books, shop, customer_id, proposal.deed, now, person=person)
    _require_same(proposal, judged.outcome)
    if judged.outcome.waits:
        waits = replace(proposal, state="waiting", why_waiting=judged.outcome.waits[0], confirmed_at=now)
        books.save_proposal(waits)
        return waits
    return _done(books, judged, replace(proposal, confirmed_at=now), customer_id, now)


def approved(books: Books, shop: Shop, proposal_id: str, agent_id: str, limit_minor: int | None) -> Proposal:
    """What a person of the shop decides: done, or waiting for somebody who may refund so much.

    What the assistant proposed needs its customer's yes first. Refused("limit") where it waits already.
    """
    proposal = books.proposal(proposal_id)
    if proposal is None:
        raise Refused("not_found")
    now = shop.clock()
    if proposal.state == "done":
        return proposal
    if proposal.state != "waiting":
        _require_open(proposal, now)
        if proposal.proposed_by == ASSISTANT:
            raise Refused("not_confirmed")
    if limit_minor is not None and proposal.refunded_minor > limit_minor:
        if proposal.state == "waiting":
            raise Refused("limit", amount=str(limit_minor))
        waits = replace(proposal, state="waiting", why_waiting="limit", confirmed_at=now)
        books.save_proposal(waits)
        return waits
    asked_at = proposal.confirmed_at or now
    person = proposal.proposed_by != ASSISTANT
    judged = _judged(books, shop, proposal.customer_id, proposal.deed, asked_at, person=person)
    _require_same(proposal, judged.outcome)
    return _done(books, judged, proposal, agent_id, now)


def declined(books: Books, shop: Shop, proposal_id: str, agent_id: str, why: str) -> Proposal:
    """What a person of the shop will not have done."""
    proposal = books.proposal(proposal_id)
    if proposal is None:
        raise Refused("not_found")
    if proposal.state == "declined":
        return proposal
    if proposal.state not in ("proposed", "waiting"):
        raise Refused(proposal.state if proposal.state == "expired" else "done_before")
    proposal = replace(proposal, state="declined", decided_by=agent_id, decided_at=shop.clock(), note=why)
    books.save_proposal(proposal)
    return proposal


def undone(books: Books, shop: Shop, proposal_id: str, by: str, customer_id: str | None) -> Proposal:
    """Take back what was done, restoring order and customer exactly, if nothing came between."""
    proposal = books.proposal(proposal_id)
    if proposal is None or (customer_id is not None and proposal.customer_id != customer_id):
        raise Refused("not_found")
    if proposal.state == "undone":
        return proposal
    now, trace = shop.clock(), books.trace(proposal_id)
    if proposal.state != "done" or trace is None or proposal.undo_until is None:
        raise Refused("not_undoable")
    if now > proposal.undo_until:
        raise Refused("too_late")
    customer = books.customer(proposal.customer_id)
    if customer is None:
        raise Refused("not_found")
    if trace.order_before is not None and trace.order_after is not None:
        if books.order(customer.id, trace.order_after.id) != trace.order_after:
            raise Refused("changed", order=trace.order_after.id)
        books.save_order(trace.order_before)
    books.save_customer(_restored(customer, trace))
    proposal = replace(proposal, state="undone", decided_by=by, decided_at=now)
    books.save_proposal(proposal)
    return proposal


def as_of(proposal: Proposal, now: datetime) -> Proposal:
    """The proposal as it stands: what nobody confirmed in time is expired."""
    if proposal.state == "proposed" and _is_over(proposal, now):
        return replace(proposal, state="expired")
    return proposal


def _judged(books: Books, shop: Shop, customer_id: str, deed: Deed, asked_at: datetime, *, person: bool) -> _Judged:
    customer = books.customer(customer_id)
    if customer is None:
        raise Refused("not_found", order=deed.order_id or "")
    order = None
    if deed.order_id is not None:
        order = books.order(customer_id, deed.order_id)
        if order is None:
            raise Refused("not_found", order=deed.order_id)
    case = Case(deed, customer, order, shop.rules, shop.offers, shop.clock(), asked_at, person)
    return _Judged(case, outcome(case))


def _require_open(proposal: Proposal, now: datetime) -> None:
    if proposal.state == "proposed" and not _is_over(proposal, now):
        return
    raise Refused({"declined": "declined", "undone": "declined"}.get(proposal.state, "expired"))


def _is_over(proposal: Proposal, now: datetime) -> bool:
    return proposal.expires_at is not None and now > proposal.expires_at


def _require_same(proposal: Proposal, outcome: Outcome) -> None:
    """Only what was agreed to is done, to the cent."""
    if outcome.effects != proposal.effects:
        raise Refused("changed", order=proposal.deed.order_id or "")


def _done(books: Books, judged: _Judged, proposal: Proposal, by: str, now: datetime) -> Proposal:
    case, result = judged.case, judged.outcome
    if result.order is not None and result.order != case.found:
        books.save_order(result.order)
    if result.customer != case.customer:
        books.save_customer(result.customer)
    minutes = case.rule.undo_minutes
    undo_until = now + timedelta(minutes=minutes) if minutes else None
    proposal = replace(proposal, state="done", decided_by=by, decided_at=now, undo_until=undo_until)
    books.save_proposal(proposal, Trace(case.customer, result.customer, case.found, result.order))
    return proposal


def _restored(customer: Customer, trace: Trace) -> Customer:
    """The customer without what the deed changed: gift cards by what moved, since other orders move them too."""
    before, after = trace.customer_before, trace.customer_after
    for one in after.methods:
        earlier = before.method(one.id)
        if earlier is not None and one.balance_minor is not None and earlier.balance_minor is not None:
            customer = moved(customer, one.id, earlier.balance_minor - one.balance_minor)
    if before.address != after.address:
        if customer.address != after.address:
            raise Refused("changed")
        customer = replace(customer, address=before.address)
    return customer

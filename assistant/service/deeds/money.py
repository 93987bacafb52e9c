"""Deeds that move the money of a whole order: cancelling it, paying it otherwise, and a refund by the shop's people."""

from dataclasses import replace

from assistant.service.deeds.case import Case, Outcome, approved, settled
from assistant.service.deeds.gates import passed
from assistant.service.ledger import Share, left, originals, spread
from assistant.service.types import Effect, Line, Order, Refused


def cancel(case: Case) -> Outcome:
    """A whole order: all that is left of each payment goes back the way it came."""
    waits = passed(case)
    order = case.order
    shares = spread(left(order), order, order.paid_with or "")
    effects = (*(case.refund(share) for share in shares), Effect("state", about="cancelled"))
    lines = tuple(replace(line, state="cancelled") for line in order.lines)
    order = replace(order, state="cancelled", reason=case.deed.reason, lines=lines)
    customer, order = settled(case, order, effects)
    return approved(case, Outcome(customer, order, effects, waits))


def change_payment(case: Case) -> Outcome:
    """Another single method for an order that was not sent: it pays all, and what was paid before goes back."""
    waits = passed(case)
    order, method = case.order, case.customer.method(case.deed.method_id or "")
    if method is None:
        raise Refused("method", order=order.id, method=case.deed.method_id or "")
    ways = originals(order)
    if not ways:
        raise Refused("empty", order=order.id)
    if set(ways) == {method.id}:
        raise Refused("same_method", order=order.id, method=method.id)
    before = [Share(id, amount) for id, amount in ways.items() if id != method.id]
    total = sum(share.amount_minor for share in before)
    charge = Effect("charge", total, method.id)
    effects = (Effect("method", 0, method.id), charge, *(case.refund(share) for share in before))
    customer, order = settled(case, order, effects)
    return approved(case, Outcome(customer, order, effects, waits))


def refund(case: Case) -> Outcome:
    """Money back by the shop's people: an amount, or with `lines` what is promised for goods that have come back."""
    if not case.person:
        raise Refused("forbidden")
    waits = passed(case)
    order, deed = case.order, case.deed
    lines = tuple(case.line(number) for number in dict.fromkeys(deed.lines))
    room = _due(order, lines) if lines else left(order)
    if room <= 0:
        raise Refused("done_before", order=order.id, title=lines[0].title if lines else "")
    amount = room if lines and deed.amount_minor is None else deed.amount_minor
    if amount is None or amount <= 0:
        raise Refused("empty", order=order.id)
    if amount > room:
        raise Refused("too_much", order=order.id, amount=str(room))
    effects = tuple(case.refund(share) for share in _shares(case, amount))
    if lines:
        order = replace(order, lines=tuple(_back(line) if line in lines else line for line in order.lines))
    customer, order = settled(case, order, effects)
    return Outcome(customer, order, effects, (*waits, "refund"))


def _shares(case: Case, amount_minor: int) -> tuple[Share, ...]:
    """Where a refund goes: where the customer was told with a return, or where the rule lets it."""
    agreed = case.order.refund_method_id
    id = case.deed.method_id or (agreed if case.deed.lines else None)
    if case.deed.lines and id == agreed and id is not None and id not in originals(case.order):
        return (Share(id, amount_minor),)
    return case.shares(amount_minor, id)


def _due(order: Order, lines: tuple[Line, ...]) -> int:
    for line in lines:
        if line.promised_minor <= 0:
            raise Refused("done_before", order=order.id, title=line.title)
    return sum(line.promised_minor for line in lines)


def _back(line: Line) -> Line:
    """A line whose goods have come back and whose money has gone."""
    return replace(line, promised_minor=0, state="returned" if line.state == "return_requested" else line.state)

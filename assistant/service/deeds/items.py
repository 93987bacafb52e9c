"""Deeds to single items of an order: other variants before it is sent, and returns and exchanges after it came."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.service.deeds.case import Case, Outcome, approved, in_words, settled
from assistant.service.deeds.gates import passed
from assistant.service.ledger import Share, left, require_balance
from assistant.service.types import Effect, Line, Offer, Refused


@dataclass(frozen=True, slots=True)
class _Swapped:
    """A line and what is wanted instead."""

    line: Line
    offer: Offer

    @property
    def more_minor(self) -> int:
        """What it costs more."""
        return (self.offer.price_minor - self.line.price_minor) * self.line.quantity


def send_back(case: Case) -> Outcome:
    """A return of whole lines. The money is promised now and moves when the goods are back."""
    deed, order = case.deed, case.order
    if len(set(deed.lines)) < len(deed.lines) or not deed.lines or deed.swaps:
        raise Refused("empty", order=order.id)
    lines = [case.line(number) for number in deed.lines]
    waits = passed(case, lines)
    fee = min(_fee(case, lines), sum(_worth(line) for line in lines))
    promises = _promises(lines, fee, left(order))
    amount = sum(promises.values())
    shares = case.shares(amount, deed.method_id)
    effects = [Effect("send_back", about=in_words(line.title, [*line.options.values()])) for line in lines]
    effects += [Effect("fee", fee)] if fee else []
    effects += [case.refund(share) for share in shares]
    effects.append(Effect("state", about="return_requested"))
    after = tuple(
        replace(line, state="return_requested", promised_minor=promises[line.number])
        if line.number in promises
        else line
        for line in order.lines
    )
    method = deed.method_id or (shares[0].method_id if shares else order.paid_with)
    order = replace(order, state="return_requested", lines=after, refund_method_id=method)
    return approved(case, Outcome(case.customer, order, tuple(effects), waits))


def exchange(case: Case) -> Outcome:
    """Other variants for delivered items. A difference in price is settled when the goods change hands."""
    order = case.order
    waits = passed(case, [case.line(swap.line) for swap in case.deed.swaps])
    swaps = _swaps(case)
    moves = _difference(case, swaps)
    due = sum(one.amount_minor if one.kind == "refund" else -one.amount_minor for one in moves)
    effects = [Effect("send_back", about=in_words(s.line.title, [*s.line.options.values()])) for s in swaps]
    effects += [Effect("item_in", about=in_words(s.offer.title, [*s.offer.options.values()])) for s in swaps]
    effects += [*moves, Effect("state", about="exchange_requested")]
    instead = {swap.line.number: swap.offer.item_id for swap in swaps}
    first = swaps[0].line.number
    lines = tuple(
        replace(
            line,
            state="exchange_requested",
            swapped_for=instead[line.number],
            promised_minor=due if line.number == first else 0,
        )
        if line.number in instead
        else line
        for line in order.lines
    )
    method = case.deed.method_id or order.paid_with
    order = replace(order, state="exchange_requested", lines=lines, refund_method_id=method)
    return approved(case, Outcome(case.customer, order, tuple(effects), waits))


def change_items(case: Case) -> Outcome:
    """Other variants in an order that was not sent; a difference in price is paid or goes back now."""
    order = case.order
    waits = passed(case, [case.line(swap.line) for swap in case.deed.swaps])
    swaps = _swaps(case)
    moves = _difference(case, swaps)
    effects = [Effect("item_out", about=in_words(s.line.title, [*s.line.options.values()])) for s in swaps]
    effects += [Effect("item_in", about=in_words(s.offer.title, [*s.offer.options.values()])) for s in swaps]
    effects += [*moves, Effect("state", about="items_changed")]
    offers = {swap.line.number: swap.offer for swap in swaps}
    lines = tuple(_become(line, offers[line.number]) if line.number in offers else line for line in order.lines)
    customer, order = settled(case, replace(order, state="items_changed", lines=lines), effects)
    return approved(case, Outcome(customer, order, tuple(effects), waits))


def _become(line: Line, offer: Offer) -> Line:
    return replace(
        line, item_id=offer.item_id, title=offer.title, price_minor=offer.price_minor, options=dict(offer.options)
    )


def _swaps(case: Case) -> list[_Swapped]:
    """What is swapped for what; Refused unless each is another variant of the same product that can be had."""
    deed, order = case.deed, case.order
    numbers = [swap.line for swap in deed.swaps]
    if not numbers or len(set(numbers)) < len(numbers) or deed.lines:
        raise Refused("empty", order=order.id)
    found = []
    for swap in deed.swaps:
        line = case.line(swap.line)
        offer = next((one for one in case.offers.of(line.product_id) if one.item_id == swap.item_id), None)
        if offer is None:
            raise Refused("not_a_variant", order=order.id, title=line.title)
        if offer.item_id == line.item_id and not case.rule.same_item:
            raise Refused("same_item", order=order.id, title=line.title)
        if not offer.available:
            raise Refused("sold_out", title=in_words(offer.title, [*offer.options.values()]))
        found.append(_Swapped(line, offer))
    return found


def _difference(case: Case, swaps: Sequence[_Swapped]) -> list[Effect]:
    """What the new items cost more, to be paid by the chosen method, or less, to go back to it.

    Of an order that is not paid yet all is still to be paid, and nothing moves.
    """
    more = sum(swap.more_minor for swap in swaps)
    order = case.order
    if not order.payments:
        return []
    id = case.deed.method_id or order.paid_with or ""
    if case.customer.method(id) is None and (more > 0 or case.deed.method_id):
        raise Refused("method", order=order.id, method=id)
    if more > 0:
        require_balance(case.customer, Share(id, more))
        return [Effect("charge", more, id)]
    if more == 0:
        return []
    return [case.refund(share) for share in case.shares(min(-more, left(order)), id)]


def _worth(line: Line) -> int:
    return line.price_minor * line.quantity


def _fee(case: Case, lines: Sequence[Line]) -> int:
    """What sending back costs: the highest fee of the goods, once; nothing for a reason that is free."""
    reason = case.rule.reason(case.deed.reason)
    if reason is not None and reason.free:
        return 0
    fees = [case.rule.fee_minor]
    for line in lines:
        category = next((offer.category for offer in case.offers.of(line.product_id)), "")
        fees += [goods.fee_minor for goods in case.rule.fees if goods.hold(line.product_id, category)]
    return max(fees)


def _promises(lines: Sequence[Line], fee: int, room: int) -> dict[int, int]:
    """What is promised for each line, the fee taken off and no more than there is room for."""
    found: dict[int, int] = {}
    for line in lines:
        worth = _worth(line)
        taken = min(fee, worth)
        fee -= taken
        found[line.number] = min(worth - taken, room)
        room -= found[line.number]
    return found

"""A task → a deed that says everything, or the one question that is next. Reads what the customer has; changes nothing."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from assistant.phrases import joined, money, say
from assistant.service.ordering import Next, View, ask, fitting, order_of
from assistant.service.reading import ItemSaid, address_meant, completed, lines_meant, method_meant, offer_meant
from assistant.service.state import Task
from assistant.service.types import Deed, DeedKind, Line, Offer, Order, PaymentMethod, Swap
from assistant.service.wording import line_words, method_words, order_words
from catalog import Locale

_ALL = re.compile(
    r"\b(?:the|these|those|my|all) (?:items|things|goods|products)\b|\b(?:everything|both|all of (?:it|them))\b|全部|所有|都要?退",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"(?:the|this|that|these|those|my|an?|all) (?:whole )?(?:items?|products?|orders?|things?|goods|one)\b|(?:it|them)\b|这个|那个|商品",
    re.IGNORECASE,
)
_SHOWN = 6  # choices that a question names
_SWAPPED = ("exchange", "change_items")


def settle(task: Task, view: View) -> Next:
    """The task with all of it settled that can be, and what is next."""
    if task.wish.kind == "change_customer_address":
        return _addressed(task, None, view)
    found = order_of(task, view)
    if isinstance(found, Next):
        return found
    kind = fitting(task.wish.kind, found, view)
    order, task = found, replace(task, order_id=found.id, wish=replace(task.wish, kind=kind))
    if kind == "cancel":
        return _cancelled(task, order, view)
    if kind == "change_address":
        return _addressed(task, order, view)
    if kind == "change_payment":
        return _repaid(task, order, view)
    return _items(task, order, view)


def _cancelled(task: Task, order: Order, view: View) -> Next:
    if unknown := _unknown_method(task, order, view):
        return unknown
    named = {one.line.number for item in task.wish.items for one in lines_meant(item, [order])}
    if named and not task.wish.everything and len(named) < len(order.lines):
        return _whole_only(task, order, view)
    reason = _reason(task, view.service.rules.reasons("cancel"))
    return Next(replace(task, reason=reason), Deed("cancel", order.id, reason=reason))


def _reason(task: Task, allowed: Sequence[str]) -> str:
    """The reason said, in the shop's own name for it; the first that the shop names where none of them was said.

    It is told with the proposal, so that the customer can say another.
    """
    said = task.reason or task.wish.reason
    known = next((one for one in allowed if one.replace(" ", "_") == said), None)
    return known or next(iter(allowed), said.replace("_", " "))


def _whole_only(task: Task, order: Order, view: View) -> Next:
    """A part of an order cannot be cancelled: whether the whole shall be."""
    whole = replace(task, wish=replace(task.wish, items=(), everything=True))
    sentence = say("s_whole_only", view.locale, order=order_words(order, view.locale))
    return ask(whole, "whole", (), (), sentence)


def _addressed(task: Task, order: Order | None, view: View) -> Next:
    meant = (task.address,) if task.address else address_meant(task.wish, view.customer, view.orders)
    if len(meant) > 1:
        labels = [one.in_one_line() for one in meant]
        sentence = say("s_which_place", view.locale, choices=joined(labels, view.locale))
        return ask(task, "address", labels, labels, sentence)
    if not meant:
        target = order.id if order else ""
        sentence = say("s_which_address" if order else "s_which_home", view.locale, order=target)
        return ask(task, "address", (), (), sentence)
    address = completed(meant[0], order.address if order else view.customer.address)
    kind: DeedKind = "change_address" if order else "change_customer_address"
    return Next(replace(task, address=address), Deed(kind, order.id if order else None, address=address))


def _repaid(task: Task, order: Order, view: View) -> Next:
    if unknown := _unknown_method(task, order, view):
        return unknown
    others = [one for one in view.customer.methods if one.id != order.paid_with]
    chosen = _method(task, order, view)
    if isinstance(chosen, PaymentMethod):
        return Next(replace(task, method_id=chosen.id), Deed("change_payment", order.id, method_id=chosen.id))
    pool = chosen or others
    if not pool:
        return Next(task, sentence=say("s_no_other_method", view.locale))
    if len(pool) == 1:
        return Next(replace(task, method_id=pool[0].id), Deed("change_payment", order.id, method_id=pool[0].id))
    return _which_method(task, pool, view, "s_which_method")


def _method(task: Task, order: Order, view: View) -> PaymentMethod | list[PaymentMethod]:
    """The method that was said, or the several that it may be; empty where none was."""
    if task.method_id:
        known = view.customer.method(task.method_id)
        return known if known else []
    if task.wish.method is None:
        return []
    found = method_meant(task.wish.method, view.customer, order)
    return found[0] if len(found) == 1 else list(found)


def _unknown_method(task: Task, order: Order, view: View) -> Next | None:
    """That a way to pay which was named is not one of the customer's, with those that are."""
    said = task.wish.method
    if task.method_id or said is None or said.original or method_meant(said, view.customer, order):
        return None
    labels = [method_words(one, view.locale) for one in view.customer.methods]
    sentence = say("s_unknown_method", view.locale, methods=joined(labels, view.locale))
    return ask(task, "method", [one.id for one in view.customer.methods], labels, sentence)


def _which_method(task: Task, pool: Sequence[PaymentMethod], view: View, phrase: str) -> Next:
    labels = [method_words(one, view.locale) for one in pool]
    sentence = say(phrase, view.locale, methods=joined(labels, view.locale))
    return ask(task, "method", [one.id for one in pool], labels, sentence)


def _items(task: Task, order: Order, view: View) -> Next:
    """A return, an exchange or other items: which lines, for what, and where the money goes."""
    if unknown := _unknown_method(task, order, view):
        return unknown
    if not task.lines:
        found = _lines(task, order, view)
        if isinstance(found, Next):
            return found
        task = replace(task, lines=found)
    if task.wish.kind in _SWAPPED:
        swapped = _swaps(task, order, view)
        if isinstance(swapped, Next):
            return swapped
        task = replace(task, swaps=swapped)
    chosen = _method(task, order, view)
    if isinstance(chosen, list) and len(chosen) > 1:
        return _which_method(task, chosen, view, "s_which_refund")
    method = chosen.id if isinstance(chosen, PaymentMethod) else order.paid_with
    task = replace(task, method_id=method)
    kind = cast(DeedKind, task.wish.kind)
    reason = _reason(task, view.service.rules.reasons(kind))
    if task.swaps:
        return Next(task, Deed(kind, order.id, swaps=task.swaps, method_id=method, reason=reason))
    return Next(task, Deed(kind, order.id, lines=task.lines, method_id=method, reason=reason, unopened=task.unopened))


def _lines(task: Task, order: Order, view: View) -> tuple[int, ...] | Next:
    """The numbers of the lines that are meant, in the order said."""
    open_lines = [line for line in order.lines if line.state == "ordered"] or list(order.lines)
    left_out = {one.line.number for item in task.wish.but for one in lines_meant(item, [order])[:1]}
    if (
        task.wish.everything
        or task.wish.but
        or (not task.wish.items and _ALL.search(task.wish.said))
        or (len(open_lines) == 1 and not task.wish.items)
    ):
        return tuple(line.number for line in open_lines if line.number not in left_out)
    named = [item for item in task.wish.items if not _POINTS.match(item.text)]
    known = [item for item in named if lines_meant(item, [order])]
    if named and not known:
        return _which_items(task, order, open_lines, view, "s_unknown_item", said=named[0].text)
    if not named:
        told = {one.line.number for one in lines_meant(task.wish.said, [order])} if task.wish.said else set()
        meant = tuple(line.number for line in open_lines if line.number in told)
        return meant if len(meant) == 1 else _which_items(task, order, open_lines, view, "s_which_items")
    return _chosen(task, known, order, view)


def _chosen(task: Task, items: Sequence[ItemSaid], order: Order, view: View) -> tuple[int, ...] | Next:
    """The lines of items that are in the order, asking where one could be several."""
    chosen: list[int] = []
    for item in items:
        found = [one.line for one in lines_meant(item, [order]) if one.line.number not in chosen]
        if len(found) > 1 and not item.all_of_kind and not _alike(found):
            return _which_items(task, order, found, view, "s_which_of_these", said=item.text)
        chosen += [line.number for line in (found if item.all_of_kind else found[:1])]
    return tuple(chosen)


def _alike(lines: Sequence[Line]) -> bool:
    return len({line.item_id for line in lines}) == 1


def _which_items(task: Task, order: Order, lines: Sequence[Line], view: View, phrase: str, said: str = "") -> Next:
    labels = [line_words(line, view.locale) for line in lines]
    sentence = say(phrase, view.locale, order=order.id, items=joined(labels, view.locale), said=said)
    return ask(task, "items", [str(line.number) for line in lines], labels, sentence)


def _swaps(task: Task, order: Order, view: View) -> tuple[Swap, ...] | Next:
    """The item that each line is changed for; asks where the words fit none or several.

    A line that would become what it is already is left out, unless nothing else would be changed.
    """
    swaps = list(task.swaps)
    settled = {swap.line for swap in swaps}
    for place, number in enumerate(task.lines):
        line = order.line(number)
        if line is None or number in settled:
            continue
        offers = view.service.offers(line.product_id)
        wanted = _wanted(task, place, line, order)
        choice = offer_meant(wanted, line, offers, locale=view.locale) if wanted else None
        if choice is None or choice.offer is None:
            pool = (choice.candidates if choice else ()) or offers
            part = replace(task, swaps=tuple(swaps))
            unmet = joined(list(choice.unmet), view.locale) if choice and choice.unmet else ""
            return _which_offer(part, line, pool, view, unmet)
        swaps.append(Swap(number, choice.offer.item_id))
    held = {line.number: line.item_id for line in order.lines}
    return tuple(swap for swap in swaps if held.get(swap.line) != swap.item_id) or tuple(swaps)


def _wanted(task: Task, place: int, line: Line, order: Order) -> str:
    """What is wanted instead of a line: of the item that names it, else of the one in its place, else of the only one."""
    items = task.wish.items
    naming = [item for item in items if any(one.line.number == line.number for one in lines_meant(item, [order])[:1])]
    if len(naming) == 1:
        return naming[0].wanted
    if len(items) == len(task.lines):
        return items[place].wanted
    return items[0].wanted if len(items) == 1 else ""


def _which_offer(task: Task, line: Line, offers: Sequence[Offer], view: View, unmet: str) -> Next:
    pool = [one for one in offers if one.available and one.item_id != line.item_id][: 2 * _SHOWN]
    if not pool:
        sentence = say("s_no_other_offer", view.locale, item=line_words(line, view.locale))
        return Next(task, sentence=sentence)
    labels = [offer_words(one, view.locale, view.service.rules.currency) for one in pool]
    phrase = "s_unmet_offer" if unmet else "s_which_offer"
    sentence = say(
        phrase, view.locale, item=line_words(line, view.locale), offers=joined(labels, view.locale), unmet=unmet
    )
    return ask(task, "offer", [one.item_id for one in pool], labels, sentence)


def offer_words(offer: Offer, locale: Locale, currency: str) -> str:
    """An item that something may be changed for, by its options and price."""
    options = joined(list(offer.options.values()), locale) or offer.title
    return say("s_offer", locale, options=options, price=money(offer.price_minor, currency, locale))

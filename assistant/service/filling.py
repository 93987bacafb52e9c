"""What a message says to an open task: the answer to its question, another detail of it, or more of the same.

Reads what was said against what the customer has; nothing here is done or asked.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.service.ordering import View, by_ending
from assistant.service.reading import Heard, Wish, lines_meant, method_meant, offer_meant
from assistant.service.state import Asked, Task
from assistant.service.types import Order, Swap

_PARTS = re.compile(r",|;|\band\b|\bplus\b|[，、；和]|还有", re.IGNORECASE)
COLLECTED = ("return", "exchange", "change_items")  # of one order they are one deed: a shop may allow it only once


def goes_on(wish: Wish, task: Task) -> bool:
    """Whether a wish says more of a task rather than wanting something else."""
    same = not wish.order_ids or not task.order_id or task.order_id in wish.order_ids
    return wish.kind == task.wish.kind and same


def merged(task: Task, wish: Wish) -> Task:
    """The task with what a later message says of it."""
    before = task.wish
    said = replace(
        before,
        order_ids=wish.order_ids or before.order_ids,
        items=wish.items or before.items,
        everything=wish.everything or before.everything,
        method=wish.method or before.method,
        address=wish.address or before.address,
        reason=wish.reason or before.reason,
        from_default_address=wish.from_default_address or before.from_default_address,
    )
    anew = bool(wish.items or wish.everything)
    return replace(
        task,
        wish=said,
        order_id=wish.order_ids[0] if wish.order_ids else task.order_id,
        lines=() if anew else task.lines,
        swaps=() if anew else task.swaps,
        method_id=None if wish.method else task.method_id,
        address=wish.address or task.address,
        reason=wish.reason or task.reason,
    )


def together(task: Task, others: Sequence[Task], view: View) -> tuple[Task, tuple[Task, ...]]:
    """A task with what the others want of the same order and kind, and the others that are left."""
    if task.wish.kind not in COLLECTED or task.lines:
        return task, tuple(others)
    left: list[Task] = []
    for other in others:
        if other.wish.kind == task.wish.kind and _same_order(task, other, view):
            items = (*task.wish.items, *other.wish.items)
            everything = task.wish.everything or other.wish.everything
            method = task.wish.method or other.wish.method
            orders = task.wish.order_ids or other.wish.order_ids
            task = replace(
                task, wish=replace(task.wish, items=items, everything=everything, method=method, order_ids=orders)
            )
        else:
            left.append(other)
    return task, tuple(left)


def _same_order(task: Task, other: Task, view: View) -> bool:
    first, second = _orders(task, view), _orders(other, view)
    return bool(first & second) if first and second else not (task.wish.order_ids and other.wish.order_ids)


def _orders(task: Task, view: View) -> set[str]:
    """The orders that a task may be about, by its number or its items."""
    if task.order_id or task.wish.order_ids:
        return {task.order_id or task.wish.order_ids[0]}
    return {one.order.id for item in task.wish.items for one in lines_meant(item, view.orders)}


def filled(task: Task, asked: Asked, heard: Heard, message: str, view: View) -> Task | None:
    """The task with the answer to the question; None where the message holds none."""
    chosen = _chosen(asked, heard, message)
    if heard.wishes and not chosen and not any(goes_on(one, task) for one in heard.wishes):
        return None  # another wish is no answer
    if asked.slot in ("whole", "unopened"):
        return _affirmed(task, asked, heard)
    if asked.slot == "order":
        id = next((id for id in heard.order_ids if view.order(id)), None) or next(iter(chosen), None)
        return replace(task, order_id=id) if id else _by_item(task, message, view)
    if asked.slot == "address":
        return _with_address(task, chosen, heard, view)
    if asked.slot == "method":
        return _with_method(task, chosen, heard)
    order = view.order(task.order_id)
    if order is None:
        return None
    if asked.slot == "items":
        return _with_lines(task, asked, chosen, heard, message, order)
    return _with_offer(task, chosen, message, order, view) if chosen or heard.answer is None else None


def _affirmed(task: Task, asked: Asked, heard: Heard) -> Task | None:
    """A yes or no to whether the whole order is meant (only a yes goes on), or whether goods are unopened."""
    if asked.slot == "unopened":
        return replace(task, unopened=heard.answer == "yes") if heard.answer else None
    return task if heard.answer == "yes" else None


def _with_method(task: Task, chosen: Sequence[str], heard: Heard) -> Task | None:
    if chosen or not heard.methods:
        return replace(task, method_id=chosen[0]) if chosen else None
    return replace(task, wish=replace(task.wish, method=heard.methods[0]), method_id=None)


def _with_address(task: Task, chosen: Sequence[str], heard: Heard, view: View) -> Task | None:
    """The address that was written, one of those that were offered, or the customer's own."""
    known = {one.in_one_line(): one for one in (view.customer.address, *(order.address for order in view.orders))}
    if any(wish.from_default_address for wish in heard.wishes):
        return replace(task, address=view.customer.address)
    address = heard.address or (known.get(chosen[0]) if chosen else None)
    return replace(task, address=address) if address else None


def _by_item(task: Task, message: str, view: View) -> Task | None:
    """The order that holds what the answer names, where that is one order."""
    ending = by_ending(message, view.orders)
    found = {ending.id} if ending else {one.order.id for one in lines_meant(message, view.orders)}
    return replace(task, order_id=found.pop()) if len(found) == 1 else None


def _with_lines(
    task: Task, asked: Asked, chosen: Sequence[str], heard: Heard, message: str, order: Order
) -> Task | None:
    """The answer to which items are meant."""
    items = next((wish.items for wish in heard.wishes if wish.items), ())
    if any(wish.everything for wish in heard.wishes):
        return replace(task, lines=tuple(int(id) for id in asked.ids))
    if items and all(lines_meant(item, [order]) for item in items):
        return replace(task, wish=replace(task.wish, items=items))
    numbers = [int(id) for id in chosen] or _named(message, asked, order)
    return replace(task, lines=tuple(numbers)) if numbers else None


def _named(message: str, asked: Asked, order: Order) -> list[int]:
    """The lines that an answer names, part by part ("the lamp and the mug")."""
    parts = [part for part in _PARTS.split(message) if part.strip()]
    found = [one.line.number for part in parts for one in lines_meant(part, [order])[:1]]
    return list(dict.fromkeys(number for number in found if str(number) in asked.ids))


def _with_offer(task: Task, chosen: Sequence[str], message: str, order: Order, view: View) -> Task | None:
    """The answer to what an item is changed for."""
    settled = {swap.line for swap in task.swaps}
    line = next((order.line(number) for number in task.lines if number not in settled), None)
    if line is None:
        return None
    if chosen:
        return replace(task, swaps=(*task.swaps, Swap(line.number, chosen[0])))
    choice = offer_meant(message, line, view.service.offers(line.product_id), locale=view.locale)
    return replace(task, swaps=(*task.swaps, Swap(line.number, choice.offer.item_id))) if choice.offer else None


def changed(task: Task, heard: Heard, view: View) -> Task | None:
    """The task where a message, instead of a plain yes or no, says another detail of what was proposed."""
    wish = next((one for one in heard.wishes if goes_on(one, task)), None)
    if wish is not None and _says_other(wish, task):
        return merged(task, wish)
    if any(not goes_on(one, task) for one in heard.wishes):
        return None  # what else is said belongs to that
    if heard.methods:
        said = replace(task, wish=replace(task.wish, method=heard.methods[0]), method_id=None)
        return said if heard.answer != "yes" or not _same_method(said, task, view) else None
    if heard.reason and task.reason and heard.reason != task.reason.replace(" ", "_") and heard.answer != "yes":
        return replace(task, reason=heard.reason)
    if heard.address is not None and task.address is not None and heard.address != task.address:
        return replace(task, address=heard.address)
    if (
        heard.answer == "no"
        and heard.order_ids
        and heard.order_ids[0] != task.order_id
        and view.order(heard.order_ids[0])
    ):
        return replace(task, order_id=heard.order_ids[0], lines=(), swaps=())
    return None


def _says_other(wish: Wish, task: Task) -> bool:
    """Whether a wish of the same kind says something that the task does not hold already."""
    before = task.wish
    return bool(
        (wish.items and wish.items != before.items)
        or (wish.method and wish.method != before.method)
        or (wish.address and wish.address != task.address)
        or (wish.everything and not before.everything)
        or (wish.order_ids and wish.order_ids[0] != task.order_id)
    )


def _same_method(said: Task, task: Task, view: View) -> bool:
    order = view.order(task.order_id)
    meant = method_meant(said.wish.method, view.customer, order) if said.wish.method else ()
    return [one.id for one in meant] == [task.method_id]


def _chosen(asked: Asked, heard: Heard, message: str) -> tuple[str, ...]:
    """The ids of the choices that a message picks: by place, or by naming one of them."""
    if heard.choice is not None and 1 <= heard.choice <= len(asked.ids):
        return (asked.ids[heard.choice - 1],)
    if heard.answer == "yes" and len(asked.ids) == 1:
        return asked.ids
    text = _plain(message)
    named = [id for id, label in zip(asked.ids, asked.labels, strict=False) if _plain(label) and _plain(label) in text]
    return (named[0],) if len(named) == 1 else ()


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()

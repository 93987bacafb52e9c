"""Which order a task is about, and what can be done with it as it stands. Reads what the customer has; changes nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from assistant.phrases import say
from assistant.service.reading import ItemSaid, WishKind, lines_meant, order_meant
from assistant.service.service import Service
from assistant.service.state import Asked, Slot, Task
from assistant.service.types import Customer, Deed, DeedKind, Order, OrderState
from assistant.service.wording import order_words
from catalog import Locale

_SHOWN = 6  # choices that a question names
_ENDING = re.compile(r"(?:\bend(?:s|ing|ed)?\b(?: \w+)? (?:in|with|on) #?|尾号(?:是|为)?\s*)(\d{2,})", re.IGNORECASE)
_TWINS: dict[WishKind, WishKind] = {  # what is meant by either depends on whether the order was sent
    "return": "cancel", "cancel": "return", "exchange": "change_items", "change_items": "exchange",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """Whose task it is, what they have, and the language to ask in."""

    customer: Customer
    orders: tuple[Order, ...]
    service: Service
    locale: Locale
    focus: str | None = None  # the order last spoken of
    names: Mapping[str, str] = field(default_factory=dict)  # titles as they are kept, and as the shopper reads them

    def named(self, text: str) -> str:
        """A text of the books with its titles in the shopper's language."""
        for kept, told in self.names.items():
            text = text.replace(kept, told)
        return text

    def order(self, id: str | None) -> Order | None:
        return next((one for one in self.orders if one.id == id), None)


@dataclass(frozen=True, slots=True)
class Next:
    """What becomes of a task: a question, a reason why not (a sentence alone), or a deed that can be proposed."""

    task: Task
    deed: Deed | None = None
    ask: Asked | None = None
    sentence: str = ""


def order_of(task: Task, view: View) -> Order | Next:
    """The order that a task is about: the one said, the only one that holds the items, the only one it could be."""
    id = task.order_id or next(iter(task.wish.order_ids), None)
    if id:
        known = view.order(id)
        return known or Next(task, sentence=say("s_not_found", view.locale, order=id))
    if not view.orders:
        return Next(task, sentence=say("s_no_orders", view.locale))
    return _found(task, view)


def _found(task: Task, view: View) -> Order | Next:
    """The order that fits what was said beside a number."""
    said, possible = task.wish, _possible(task.wish.kind, view)
    items = said.items or ((ItemSaid(said.said),) if said.said else ())
    held = _holding(items, possible) or (_holding(items, view.orders) if said.items else [])
    pool = held or possible
    ending = by_ending(said.said, pool)
    named = (ending,) if ending else order_meant(said, pool) if len(pool) > 1 else ()
    spoken_of = [one for one in pool if one.id == view.focus and not (said.items and held)]
    for found in (held, named, pool, spoken_of):
        if len(found) == 1:
            return found[0]
    if not pool:
        return Next(task, sentence=say(f"s_none_to_{said.kind}", view.locale))
    return which_order(task, pool, view)


def fitting(kind: WishKind, order: Order, view: View) -> WishKind:
    """The kind of deed that the order allows where the one that was said is for orders in another state."""
    twin = "return" if kind == "refund" else _TWINS.get(kind)
    first: WishKind = "cancel" if kind == "refund" else kind
    if twin is not None and order.state not in _states(first, view) and order.state in _states(twin, view):
        return twin
    return first


def by_ending(text: str, orders: Sequence[Order]) -> Order | None:
    """The order whose number ends as a text says ("it ends in 66", 尾号7702)."""
    found = _ENDING.search(text)
    ends = [one for one in orders if found and re.sub(r"\D", "", one.id).endswith(found[1])]
    return ends[0] if len(ends) == 1 else None


def which_order(task: Task, orders: Sequence[Order], view: View) -> Next:
    """Ask which of several orders is meant."""
    shown = orders[:_SHOWN]
    labels = tuple(order_words(one, view.locale) for one in shown)
    return ask(task, "order", [one.id for one in shown], labels, say("s_which_order", view.locale))


def ask(task: Task, slot: Slot, ids: Sequence[str], labels: Sequence[str], sentence: str) -> Next:
    """A question about a task."""
    return Next(task, ask=Asked(slot, tuple(ids), tuple(labels)), sentence=sentence)


def _possible(kind: WishKind, view: View) -> list[Order]:
    """The orders whose state allows a deed, or what else may be meant by it; the one spoken of goes before the others."""
    kinds: list[WishKind] = ["cancel", "return"] if kind == "refund" else [kind]
    twin = _TWINS.get(kind)
    focus = view.order(view.focus)
    if focus is not None and twin and focus.state in _states(twin, view):
        kinds.append(twin)
    found = [one for one in view.orders if any(one.state in _states(each, view) for each in kinds)]
    return found or [one for one in view.orders if twin and one.state in _states(twin, view)]


def _states(kind: WishKind, view: View) -> tuple[OrderState, ...]:
    return view.service.rules.states(cast(DeedKind, kind))


def _holding(items: Sequence[ItemSaid], orders: Sequence[Order]) -> list[Order]:
    """The orders that hold all the items that were named; those that hold the most where none holds all."""
    if not items:
        return []
    held = {order.id: sum(bool(lines_meant(item, [order])) for item in items) for order in orders}
    most = max(held.values(), default=0)
    return [order for order in orders if most and held[order.id] == most]

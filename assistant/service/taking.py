"""Wishes as they were said → tasks as the flow works on them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.service.reading import Heard, ItemSaid, Wish, WishKind, lines_meant
from assistant.service.state import FlowState, Task
from assistant.service.types import Order

WRITES: tuple[WishKind, ...] = (
    "cancel", "change_address", "change_payment", "change_items", "return", "exchange", "change_customer_address", "refund",
)  # fmt: skip
LOOKS = ("status", "orders", "details", "total", "refund_status", "balance", "profile", "options")
FOR_PEOPLE = ("missing", "warranty", "complaint")  # what a person of the shop has to look at
_ASKS = re.compile(r"[?？]|how much|total|what (?:do|did|will|would)|多少|一共|总", re.IGNORECASE)
_LAST = ("change_items", "total")  # items that were changed shut an order, and sums are of what was done before
_FAULTY = "damaged"


def tasks_of(heard: Heard) -> tuple[Task, ...]:
    """What a message wants, in the order said. What holds only where another thing cannot be goes with that thing."""
    found: list[Task] = []
    sums = any(wish.kind == "total" for wish in heard.wishes)
    for wish in heard.wishes:
        said = replace(wish, reason=wish.reason or heard.reason) if wish.kind == "cancel" else wish
        for task in () if sums and wish.kind == "details" else _tasks(said):
            if wish.otherwise and found and found[-1].wish.conditional is None:
                found[-1] = replace(found[-1], wish=replace(found[-1].wish, conditional=task.wish))
            else:
                found.append(task)
    others = [task for task in found if task.wish.kind not in FOR_PEOPLE]
    found = others or found  # beside what can be done, a complaint is the reason for it
    back = any(task.wish.kind in ("return", "cancel") for task in found)
    found = [task for task in found if not (back and _bare_refund(task.wish))]
    return tuple(sorted(found, key=lambda task: task.wish.kind in _LAST))


def _bare_refund(wish: Wish) -> bool:
    """Whether only money is spoken of: beside a return or a cancellation that is what it is for."""
    return wish.kind == "refund" and not (wish.items or wish.order_ids or wish.everything)


def _tasks(wish: Wish) -> Iterator[Task]:
    if wish.kind == _FAULTY:
        yield Task(replace(wish, kind="return", reason="damaged"))
    elif wish.kind == "change_address" and wish.address_of in ("profile", "both"):
        if wish.address_of == "both":
            yield Task(replace(wish, address_of="order"))
        yield Task(replace(wish, kind="change_customer_address"))
    elif wish.kind == "total" and not (wish.items or wish.order_ids or wish.about) and not _ASKS.search(wish.said):
        return  # an amount in a story
    elif wish.kind in (*WRITES, *LOOKS, *FOR_PEOPLE, "undo"):
        yield Task(wish)


def same_again(message: str, state: FlowState, orders: Sequence[Order]) -> tuple[Task, ...]:
    """The last deed once more, for what a message names without saying what is to be done with it."""
    kind = next((one for one in WRITES if one == state.last), None)
    found = lines_meant(message, orders) if kind else ()
    near = [one for one in found if one.order.id == state.focus] or list(found[:1])
    if kind is None or len(near) != 1:
        return ()
    return (Task(Wish(kind, items=(ItemSaid(message),)), near[0].order.id, (near[0].line.number,)),)

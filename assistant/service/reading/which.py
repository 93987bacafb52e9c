"""Which of a customer's orders their words mean: by number, what is in it, its state, its place, its date, its turn."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import cache

from assistant.service.reading.addresses import in_place, place_named
from assistant.service.reading.lines import lines_meant
from assistant.service.reading.objects import is_pronoun
from assistant.service.reading.said import Wish
from assistant.service.reading.words import plain, table
from assistant.service.types import Order

_I = re.IGNORECASE
_LIST = re.compile(r"\s*(?:,|;|、|，|\band\b|&|和|与)\s*", _I)
_DAY = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)|(?<!\d)(\d{1,2})月(\d{1,2})[日号]", _I)
_AGO = {
    "yesterday": (1, 1),
    "昨天": (1, 1),
    "today": (0, 0),
    "今天": (0, 0),
    "last week": (5, 14),
    "上周": (5, 14),
    "last month": (20, 62),
    "上个月": (20, 62),
}
_PLACE = re.compile(
    r"\b(?:to|in|at)\s+(?:my |the )?(?P<place>[A-Z][A-Za-z]*(?:\s[A-Z][A-Za-z]*){0,2})|寄到(?P<zh>[\u4e00-\u9fff]{2,6})"
)


def order_meant(said: Wish | str, orders: Sequence[Order], *, now: datetime | None = None) -> tuple[Order, ...]:
    """The orders that `said` means, all of them where nothing tells them apart, none where none fits.

    `orders` come newest first. `now` is what "yesterday" counts from.
    """
    if isinstance(said, Wish):
        return _of_wish(said, orders, now)
    text = plain(said)
    digits = set(re.findall(r"\d{4,}", text))
    numbered = tuple(order for order in orders if digits & set(re.findall(r"\d{4,}", order.id)))
    if numbered:
        return numbered
    left = tuple(orders)
    for narrow in (_by_state, _by_place, _by_things, _by_date(now)):
        left = narrow(text, left)
    return _by_turn(text, left)


def _of_wish(wish: Wish, orders: Sequence[Order], now: datetime | None) -> tuple[Order, ...]:
    if wish.order_ids:
        known = {order.id: order for order in orders}
        return tuple(known[id] for id in wish.order_ids if id in known)
    left = order_meant(wish.order_words, orders, now=now) if wish.order_words else tuple(orders)
    things = [item for item in wish.items if item.text and not is_pronoun(item.text)]
    whole = tuple(order for order in left if things and all(lines_meant(item, [order]) for item in things))
    if whole or not things:
        return whole or left
    return tuple(order for order in left if any(lines_meant(item, [order]) for item in things))


def _by_state(text: str, orders: tuple[Order, ...]) -> tuple[Order, ...]:
    said = {
        state
        for state, way in table("which")["states"].items()
        if re.search(rf"(?<![a-z])(?:{way})(?![a-z])", text, _I)
    }
    if "pending" in said and re.search(r"not (?:yet )?|n't|un|未|没", text, _I):
        said -= {"shipped", "delivered"}
    found = tuple(
        order for order in orders if order.state in said or ("pending" in said and order.state == "items_changed")
    )
    return found or (() if said and not re.search(r"sent|received", text, _I) else orders)


def _by_place(text: str, orders: tuple[Order, ...]) -> tuple[Order, ...]:
    match = _PLACE.search(text)
    place = place_named(text) or ((match["place"] or match["zh"]) if match else "")
    found = tuple(order for order in orders if place and in_place(place, order.address))
    return found or orders


def _by_things(text: str, orders: tuple[Order, ...]) -> tuple[Order, ...]:
    """Orders that hold all that is named behind "with" and the like."""
    match = re.search(table("which")["holds"], text, _I)
    rest = text[match.end() :] if match else text
    things = [piece for piece in _LIST.split(rest) if piece and not is_pronoun(piece)]
    if not things:
        return orders
    whole = tuple(order for order in orders if all(lines_meant(thing, [order]) for thing in things))
    part = tuple(order for order in orders if any(lines_meant(thing, [order]) for thing in things))
    return (
        whole
        or part
        or (
            ()
            if match
            and re.search(r"order|one\b|purchase|订单|单", text[: match.start()] + rest, _I)
            and not _vague(text)
            else orders
        )
    )


def _vague(text: str) -> bool:
    """Whether a text tells an order by something else than what is in it."""
    turns = table("which")
    return any(re.search(turns[name], text, _I) for name in ("newest", "oldest")) or any(
        re.search(way, text, _I) for way in turns["states"].values()
    )


def _by_date(now: datetime | None) -> Callable[[str, tuple[Order, ...]], tuple[Order, ...]]:
    def narrow(text: str, orders: tuple[Order, ...]) -> tuple[Order, ...]:
        fits = _dates(text, now)
        return (
            tuple(order for order in orders if order.placed_at and fits(order.placed_at.date())) or orders
            if fits
            else orders
        )

    return narrow


def _dates(text: str, now: datetime | None) -> Callable[[date], bool] | None:
    """What a text says of the day on which an order was placed."""
    for word, (least, most) in _AGO.items():
        if now and re.search(word, text, _I):
            return lambda day: now.date() - timedelta(days=most) <= day <= now.date() - timedelta(days=least)
    match = _DAY.search(text)
    if match:
        month, number = (int(match[2]), int(match[3])) if match[1] else (int(match[4]), int(match[5]))
        return lambda day: (day.month, day.day) == (month, number)
    for name, month in _months().items():
        found = re.search(
            rf"(?<![a-z])(?P<month>{name})\.?(?: (?P<day>\d{{1,2}})(?!\d))?(?![a-z])|(?P<first>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{name}(?![a-z])",
            text,
            _I,
        )
        if found and (
            name != "may" or found["day"] or found["first"] or re.search(r"\b(?:in|from|of|on) may\b", text, _I)
        ):
            number = int(found["day"] or found["first"] or 0)
            return lambda day: day.month == month and (not number or day.day == number)
    return None


def _by_turn(text: str, orders: tuple[Order, ...]) -> tuple[Order, ...]:
    if len(orders) < 2 or re.search(r"\ball\b|\bboth\b|\bevery\b|所有|全部", text, _I):
        return orders
    turns = table("which")
    if re.search(turns["newest"], text, _I):
        return orders[:1]
    if re.search(turns["oldest"], text, _I):
        return orders[-1:]
    return orders[1:2] if re.search(turns["second"], text, _I) else orders


@cache
def _months() -> dict[str, int]:
    return {name: number for number, row in enumerate(table("which")["months"], start=1) for name in row.split()}

"""Which address a wish is about and what it shall be: an order's, the customer's own, or one that is known already."""

import re
from dataclasses import dataclass

from assistant.service.reading.addresses import place_named
from assistant.service.reading.masking import Masked
from assistant.service.reading.said import AddressOf
from assistant.service.reading.words import pattern
from assistant.service.types import Address

_SPLIT = re.compile(
    r"\b(?:to(?: be)?(?: (?:the )?(?:same as|match))?|same as|match(?:ing)?|as)\b|改[成为到]|换[成为到]|寄到|送到|发到|[跟和与]",
    re.IGNORECASE,
)
_CITY = re.compile(r"\b(?:in|at|to|my|from)\s+(?:my |the |our )?(?P<place>(?:[A-Z][a-z]+\.?\s?){1,3})(?=\W|\s*[a-z]|$)")
_ZH_CITY = re.compile(r"(?:在|到|我的?|成)?(?P<place>[\u4e00-\u9fff]{2,4}?)(?:市)?(?:的)?(?:那个)?地址")
_NOT_PLACES = frozenset(
    "order please hi hello yes the same new old default home profile could can thanks suite address my i".split()
)


@dataclass(frozen=True, slots=True)
class WhereTo:
    """What is said of an address: whose, the new one, or where it is known from."""

    of: AddressOf | None = None
    address: Address | None = None
    from_default: bool = False
    source: str = ""
    order_ids: tuple[str, ...] = ()


def whereto_in(text: str, before: str, message: Masked) -> WhereTo:
    """What a part of a message that asks for another address says of it; `before` is what stands ahead of it."""
    parts = _SPLIT.split(text)
    target, goal = parts[0], " ".join(parts[1:])
    if not message.order_ids(target) and message.order_ids(before):
        target = f"{before} {target}"
    address = message.address(text)
    of = _whose(target, text)
    ids = message.order_ids(target)
    source = "" if address else _source(goal, ids, message)
    if not ids and not source and message.order_ids(goal) and not pattern("places", "same_as").search(text):
        ids = message.order_ids(goal)
    default = (
        not address
        and not source
        and pattern("places", "default_goal").search(f"to {goal.strip()}" if goal else text) is not None
    )
    return WhereTo("order" if ids and of is None else of, address, default, source, ids)


def _whose(target: str, text: str) -> AddressOf | None:
    profile = pattern("places", "profile").search(target) is not None
    order = pattern("places", "order").search(target) is not None
    both = pattern("places", "both").search(text) is not None
    if both or (profile and order and re.search(r"\b(?:and|both|also|as well)\b|和|以及|都", text)):
        return "both"
    if order:
        return "order"
    return "profile" if profile else None


def _source(goal: str, target_ids: tuple[str, ...], message: Masked) -> str:
    """The order or the place whose address is meant."""
    ids = [id for id in message.order_ids(goal) if id not in target_ids]
    if ids:
        return ids[0]
    goal = message.shown(goal)
    state = place_named(goal)
    if state:
        return state
    match = _CITY.search(f"to {goal.strip()}") or _ZH_CITY.search(goal)
    place = match["place"].strip(" .") if match else ""
    if place.casefold() in _NOT_PLACES or any(word in place for word in ("默认", "家", "收货", "新", "原来", "另")):
        return "another order" if pattern("places", "other_order").search(goal) else ""
    return place or ("another order" if pattern("places", "other_order").search(goal) else "")

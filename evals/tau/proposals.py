"""Whether what a proposal says is what the customer wants: the order, the items, what comes instead, the method, the address, the reason."""

import re
from collections import Counter
from typing import Literal

from evals.tau.instruction import Goal, Thing
from evals.tau.listening import Heard
from evals.tau.voice import method_kind

Wrong = Literal["order", "items", "swap", "method", "address", "reason"]
_REASONS = {"no longer needed": r"no longer needed", "ordered by mistake": r"by mistake"}
_BARE = ("yes", "no", "none")  # which say nothing without the name of what they are about
_METHODS = {
    "credit_card": r"\b(?:credit card|visa|master ?card|amex|card ending)\b|credit_card",
    "gift_card": r"\bgift card\b|gift_card",
    "paypal": r"paypal",
}


def amiss(goal: Goal, heard: Heard) -> Wrong | None:
    """The first thing about a proposal that is not as the goal has it; None if nothing that can be seen is wrong."""
    text, offered = heard.text.casefold(), heard.offered
    if offered and goal.order_ids and offered.order_id and offered.order_id not in goal.order_ids:
        return "order"
    if goal.kind == "other":
        return None
    if goal.things and offered and offered.titles:
        shown = Counter(title.casefold() for title in offered.titles)
        allowed = Counter(one.name.casefold() for one in goal.things)
        needed = Counter(one.name.casefold() for one in goal.things if one.to != {})
        if shown - allowed or needed - shown:
            return "items"
    values = [value for one in goal.things for value in wanted_options(one)]
    if any(not _holds(text, value) for value in values if value.casefold() not in _BARE):
        return "swap"
    if goal.method and _other_method(goal, text):
        return "method"
    if goal.address and goal.address.get("address1", "").casefold() not in text:
        return "address"
    if goal.reason and _other_reason(goal, text):
        return "reason"
    return None


def wanted_options(thing: Thing) -> list[str]:
    """What an item that comes instead should have: what was asked for, and the rest as it was."""
    return [] if thing.to is None else list({**thing.options, **thing.to}.values())


def _holds(text: str, value: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(value.casefold())}(?!\w)", text) is not None


def _other_method(goal: Goal, text: str) -> bool:
    """Whether the text names a kind of payment method, and not the one wanted; a change of method names both."""
    named = {kind for kind, words in _METHODS.items() if re.search(words, text)}
    return bool(named) and method_kind(goal.method) not in named


def _other_reason(goal: Goal, text: str) -> bool:
    """Whether the text names a reason, and not the one there is."""
    named = {reason for reason, words in _REASONS.items() if re.search(words, text)}
    return bool(named) and goal.reason not in named

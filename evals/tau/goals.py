"""What a customer wants and how it goes, and which of it a reply is about."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from evals.tau.instruction import Goal
from evals.tau.listening import Heard, points

Fate = Literal["open", "agreed", "refused", "given up"]
_WORDS: Mapping[str, re.Pattern[str]] = {
    "cancel": re.compile(r"\bcancel", re.I),
    "change_address": re.compile(r"\baddress", re.I),
    "change_payment": re.compile(r"\bpa(?:y|id)", re.I),
    "change_items": re.compile(r"\b(?:change|modif|swap|replace)", re.I),
    "exchange": re.compile(r"\bexchang", re.I),
    "return": re.compile(r"\b(?:return|take back|taken back|send back)", re.I),
    "change_customer_address": re.compile(r"\byour address", re.I),
}


@dataclass
class Wanted:
    """A goal and how it goes: how often it was told in full, only brought up, and put right."""

    goal: Goal
    fate: Fate = "open"
    told: int = 0
    corrected: int = 0
    hinted: bool = False


def of_kind(wanted: Sequence[Wanted], kind: str, order_id: str) -> Wanted | None:
    """The open goal that a proposal of this kind for this order can be for; one for another order if there is no better."""
    fitting = [one for one in wanted if one.fate == "open" and one.goal.kind in (kind, "other")]
    return next((one for one in fitting if order_id in one.goal.order_ids), next(iter(fitting), None))


def about(wanted: Sequence[Wanted], heard: Heard) -> Wanted | None:
    """The open goal that a question or a refusal names most of; the first where it names nothing."""
    text = points(heard)
    left = [one for one in wanted if one.fate == "open"]
    return max(left, key=lambda one: _named(one.goal, text), default=None)


def _named(goal: Goal, text: str) -> int:
    folded = text.casefold()
    orders = any(id in text for id in goal.order_ids)
    things = sum(one.name.casefold() in folded for one in goal.things)
    words = _WORDS.get(goal.kind)
    return 3 * orders + 2 * bool(things) + bool(words and words.search(text))

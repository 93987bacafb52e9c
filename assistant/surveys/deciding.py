"""Whether this is the moment to ask how it went: decided here and nowhere else, from what the record says. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from assistant.phrases import say
from assistant.surveys.form import Subject
from assistant.surveys.rules import Rules, Trigger
from catalog import Locale

What = Literal["turn", "closed", "idle"]
"""What has happened: after a turn it may be resolved, have filled the cart, or be one of so many."""
Why = Literal["asked", "lately", "not_a_shopper", "people", "asks", "early", "no_moment"]
FINAL: tuple[Why, ...] = ("asked", "lately", "not_a_shopper")
"""Reasons that hold for the rest of the conversation."""

_EARLY = timedelta(seconds=5)  # that a page's clock may be ahead of ours
_MERELY_HEARD = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|k|no|nice|cool|great|got it|sounds good|i see|嗯+|好的?|行|哦+|知道了|明白了)\W*)+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Last:
    """The last turn of a conversation; without `finished_at` it is under way. `asks_back` where it waits for an answer."""

    turn_id: str
    message: str
    locale: Locale
    started_at: datetime
    finished_at: datetime | None = None
    kind: str = ""
    text: str = ""
    asks_back: bool = False

    @property
    def resolves(self) -> bool:
        """Whether it is thanks or goodbye, and was taken as that; to have heard something is neither."""
        if self.kind == "service":
            return self.text == say("s_goodbye", self.locale)
        taken = self.kind == "chat" and self.text == say("thanks", self.locale)
        return taken and not _MERELY_HEARD.match(self.message)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a conversation stands. `people` are waited for or there; `agent_id` has answered what is closed by now.

    `offered` is whom this shopper was asked about in this conversation, `lately` in others and when.
    """

    last: Last
    turns: int
    mark: str | None = None
    people: bool = False
    closed: bool = False
    agent_id: str | None = None
    cart_since: datetime | None = None
    offered: frozenset[Subject] = frozenset()
    lately: dict[Subject, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chance:
    """It is the moment: what makes it that, and whom to ask about."""

    trigger: Trigger
    subject: Subject
    agent_id: str | None = None


def decide(rules: Rules, what: What, standing: Standing, now: datetime) -> Chance | Why:
    """The chance to ask now that something has happened, or why there is none."""
    subject: Subject = "agent" if what == "closed" and rules.agent and standing.agent_id else "assistant"
    refusal = _refusal(rules, subject, standing, now)
    if refusal:
        return refusal
    trigger = next((one for one in _MOMENTS[what] if one in _holding(rules, standing, now)), None)
    if trigger is None:
        return "no_moment"
    return Chance(trigger, subject, standing.agent_id if subject == "agent" else None)


def again_after(rules: Rules, found: Chance | Why) -> timedelta | None:
    """How long nothing is to happen before it may be asked again; None where it will not be."""
    return None if isinstance(found, Chance) or found in FINAL else rules.idle


_MOMENTS: dict[What, tuple[Trigger, ...]] = {
    "turn": ("resolved", "cart", "turns"),
    "closed": ("closed",),
    "idle": ("idle",),
}


def _refusal(rules: Rules, subject: Subject, standing: Standing, now: datetime) -> Why | None:
    asked = standing.offered if subject == "assistant" else standing.offered & {subject}
    before = standing.lately.get(subject)
    if standing.mark is not None:
        return "not_a_shopper"
    if asked:
        return "asked"
    if before is not None and before > now - rules.again_after:
        return "lately"
    if standing.people:
        return "people"
    if standing.last.asks_back or standing.last.finished_at is None:
        return "asks"
    return "early" if subject == "assistant" and standing.turns < rules.minimum_turns else None


def _holding(rules: Rules, standing: Standing, now: datetime) -> Iterator[Trigger]:
    """The moments that the rules know and that this is."""
    last = standing.last
    if rules.resolved and last.resolves:
        yield "resolved"
    if rules.cart and standing.cart_since and standing.cart_since < last.started_at:
        yield "cart"
    if rules.closed and standing.closed:
        yield "closed"
    if rules.idle and last.finished_at and last.finished_at <= now - rules.idle + _EARLY:
        yield "idle"
    if rules.turns and standing.turns >= rules.turns:
        yield "turns"

"""Tells at once where somebody writes of danger: in a chat, in a comment, or in a review that was not there before."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from assistant.insight.alerts.log import AlertLog, Raised
from assistant.insight.alerts.rules import WordsRule
from assistant.insight.opinions.following import Following, Found, Write
from assistant.insight.opinions.reading import Text
from assistant.insight.opinions.sources import Reads, products_of
from assistant.record.insight_tables import AlertRow
from assistant.service.mood import danger_in

_FRESH = timedelta(days=2)  # what is older was written before anybody could be told; a review without a date is new
_CONTENT = 0.0  # whoever gives four or five stars writes of danger as a figure of speech ("it swallows the whole mess")
_QUOTED = 8
_LONGEST = 240


@dataclass(frozen=True, slots=True)
class Danger:
    """A text that speaks of danger, and the words that do."""

    text: Text
    words: str


class Safety:
    """Watches what is written for words of danger."""

    def __init__(
        self, engine: Engine, rules: Sequence[WordsRule], log: AlertLog, sources: Sequence[Reads],
        mask: Callable[[str], str], clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._rules = tuple(rules)
        self._log = log
        self._mask = mask
        self._clock = clock
        self._following = Following(engine, "safety", lambda: "1", sources, clock)

    def watch(self, limit_s: float = 2.0) -> int:
        """Look through what is new; how many alerts were raised."""
        return self._following.follow(self._work, limit_s) if self._rules else 0

    def _work(self, reads: Reads, found: Found) -> Write:
        fresh = self._clock() - _FRESH
        texts = [text for text in found.texts if text.at >= fresh and text.lean <= _CONTENT]
        told = {rule.name: self._dangers(rule, texts) for rule in self._rules}
        return partial(self._raise, reads, told)

    def _dangers(self, rule: WordsRule, texts: Sequence[Text]) -> list[Danger]:
        found = [Danger(text, danger_words(rule, text.words)) for text in texts if text.who == "shopper"]
        return [one for one in found if one.words]

    def _raise(self, reads: Reads, told: dict[str, list[Danger]], session: Session) -> int:
        raised: list[Raised] = []
        for rule in self._rules:
            dangers = told[rule.name]
            if reads.source == "review":
                raised += self._of_reviews(session, rule, dangers)
            else:
                products = products_of(session, [one.text.id for one in dangers])
                raised += [self._of_one(rule, one, products.get(one.text.id)) for one in dangers]
        return self._log.raise_all(session, raised)

    def _of_one(self, rule: WordsRule, danger: Danger, product_id: str | None) -> Raised:
        text = danger.text
        data = {"source": text.source, "words": danger.words, "quotes": [self._quoted(danger, product_id)]}
        return Raised(f"{rule.name}:{text.source}:{text.id}", rule.name, rule.severity, data)

    def _of_reviews(self, session: Session, rule: WordsRule, dangers: Sequence[Danger]) -> list[Raised]:
        """One alert of all reviews that were not told of before: a new catalogue may bring many."""
        known = {
            id
            for data in session.scalars(select(AlertRow.data).where(AlertRow.rule == rule.name))
            for id in data.get("reviews", ())
        }
        new = [one for one in dangers if one.text.id not in known]
        if not new:
            return []
        ids = sorted(one.text.id for one in new)
        quotes = [self._quoted(one, one.text.product_id) for one in new[:_QUOTED]]
        data = {"source": "review", "words": new[0].words, "quotes": quotes, "reviews": ids}
        digest = hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16]
        return [Raised(f"{rule.name}:review:{digest}", rule.name, rule.severity, data)]

    def _quoted(self, danger: Danger, product_id: str | None) -> dict[str, Any]:
        words = around(danger.text.words, danger.words)
        return {"words": self._mask(words), "session_id": danger.text.session_id, "product_id": product_id}


def danger_words(rule: WordsRule, text: str) -> str:
    """The words of a text that speak of danger, by the rule or by what calls a person of the shop; "" for none.

    What calls a person knows nothing of words that are only named, so of words that the rule has too the rule decides.
    """
    found, called = rule.found_in(text), danger_in(text)
    return found or ("" if rule.words.search(called) else called)


def around(text: str, words: str) -> str:
    """The part of a long text that stands around some of its words."""
    text = " ".join(text.split())
    if len(text) <= _LONGEST:
        return text
    place = max(0, text.casefold().find(words) - _LONGEST // 2)
    part = text[place : place + _LONGEST].strip()
    return ("…" if place else "") + part + ("…" if place + _LONGEST < len(text) else "")

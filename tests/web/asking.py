"""Surveys in memory for the pages' tests: they ask at the moments that a test names, once in a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from assistant.errors import UnknownId
from assistant.record.surveys import BadAnswer, Due, Offer
from assistant.surveys import PACKAGED, Rules, load_rules
from assistant.surveys.deciding import What
from assistant.surveys.form import Subject

NOW = datetime(2026, 11, 12, tzinfo=UTC)


@dataclass
class Asking:
    """What was offered, answered and skipped, in lists."""

    moments: Sequence[What] = ()
    rules: Rules = field(default_factory=lambda: load_rules(PACKAGED))
    again: timedelta | None = None
    asked: list[tuple[str, What, str | None]] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    answers: list[tuple[Offer, int | None, str | None]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    broken: bool = False

    def due(self, session_id: str, what: What, shopper_id: str | None = None) -> Due:
        self.asked.append((session_id, what, shopper_id))
        if any(one.session_id == session_id for one in self.offers):
            return Due(None, "asked")
        if what not in self.moments:
            return Due(None, "no_moment", self.again)
        return Due(self._made(session_id, "agent" if what == "closed" else "assistant", "chat"))

    def ask(self, session_id: str, channel: str) -> Offer:
        return self._made(session_id, "assistant", channel)

    def unanswered(self, session_id: str) -> tuple[Offer, ...]:
        mine = [one for one in self.offers if one.session_id == session_id and one.id not in self.skipped]
        return tuple(one for one in mine if one.open)

    def offer(self, offer_id: str) -> Offer:
        found = next((one for one in self.offers if one.id == offer_id), None)
        if found is None:
            raise UnknownId("survey", offer_id)
        return found

    def answer(
        self, offer_id: str, value: int | None = None, comment: str | None = None, source: str = "chat"
    ) -> Offer:
        if self.broken:
            raise OSError("disk full")
        offer = self.offer(offer_id)
        scale = offer.form.scale
        if value is None and not comment:
            raise BadAnswer("value", "an answer has a value or a comment")
        if value is not None and not scale.low <= value <= scale.high:
            raise BadAnswer("value", f"must be a whole number from {scale.low} to {scale.high}")
        self.answers.append((offer, value, comment))
        at = self.offers.index(offer)
        self.offers[at] = replace(offer, value=value or offer.value, comment=comment or offer.comment)
        return self.offers[at]

    def skip(self, offer_id: str) -> None:
        self.skipped.append(self.offer(offer_id).id)

    def _made(self, session_id: str, subject: Subject, channel: str) -> Offer:
        form = self.rules.form_of(subject, None)
        trigger = "closed" if subject == "agent" else "resolved"
        id = f"offer-{len(self.offers) + 1}"
        agent = "Mira" if subject == "agent" else ""
        self.offers.append(
            Offer(id, session_id, "t1", subject, trigger, channel, form, agent, "en", NOW, NOW + timedelta(days=30))
        )
        return self.offers[-1]

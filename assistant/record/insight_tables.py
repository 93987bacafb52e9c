"""The record's tables of what is learnt from it: surveys, what was really seen, experiments, opinions, alerts.

Rows are only added, but for what can be worked out anew from the log (`opinions`, `insight_watched`), how far it was read
(`insight_marks`), and what waits to be sent (`deliveries`).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assistant.record.columns import Counter
from assistant.record.tables import Base


class ViewRow(Base):
    """A product of a turn that was really before the shopper's eyes, once; for `visible_ms` when it was told."""

    __tablename__ = "views"

    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id"), primary_key=True)
    product_id: Mapped[str] = mapped_column(primary_key=True)
    visible_ms: Mapped[int]
    at: Mapped[datetime]


class GapRow(Base):
    """Something that a shopper wanted and was told, in a turn, that the shop has not or does not say.

    `key` is one for all words that mean the same, `wanted` the words that were used; `failed` is the wish that nothing met,
    which the nearest product missed by `missed_minor` or with what it `states`. Day, language and who are the conversation's.
    """

    __tablename__ = "gaps"
    __table_args__ = (Index("ix_gaps_day", "day", "who", "kind", "key", "session_id"),)

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id"))
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), index=True)
    day: Mapped[str]
    locale: Mapped[str]
    who: Mapped[str]
    kind: Mapped[str]
    key: Mapped[str]
    wanted: Mapped[str]
    thing: Mapped[str]
    product_id: Mapped[str | None]
    failed: Mapped[dict[str, Any] | None]
    missed_minor: Mapped[int | None] = mapped_column(BigInteger)
    states: Mapped[str]
    at: Mapped[datetime]


class TraitsRow(Base):
    """What a conversation is like, for shifts between periods: made with its figures (`facts_id`) and gone with them.

    `topic` is the first thing wanted, `kinds` are those of its replies between commas, `score` is the mean of its first shelf, `wait_ms` how
    long its first reply's first sentence took.
    """

    __tablename__ = "insight_traits"

    facts_id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=False)
    topic: Mapped[str]
    kinds: Mapped[str]
    score: Mapped[float | None]
    wait_ms: Mapped[float | None]


class SurveyRow(Base):
    """One version of the survey: its scale, wording and rules as `data`; `id` is its digest."""

    __tablename__ = "surveys"

    id: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class OfferRow(Base):
    """The survey put to a shopper, after a turn; `id` is the random token of its link."""

    __tablename__ = "survey_offers"

    id: Mapped[str] = mapped_column(primary_key=True)
    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys.id"))
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), index=True)
    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id"))
    shopper_id: Mapped[str | None] = mapped_column(index=True)
    subject: Mapped[str]
    trigger: Mapped[str]
    channel: Mapped[str]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    at: Mapped[datetime]


class SkipRow(Base):
    """An offer that the shopper declined."""

    __tablename__ = "survey_skips"

    offer_id: Mapped[str] = mapped_column(ForeignKey("survey_offers.id"), primary_key=True)
    at: Mapped[datetime]


class ExperimentRow(Base):
    """What is compared, as it was planned; how it went on is in its events."""

    __tablename__ = "experiments"

    id: Mapped[str] = mapped_column(primary_key=True)
    plan: Mapped[dict[str, Any]]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    at: Mapped[datetime]


class ExperimentEventRow(Base):
    """An experiment was started, stopped or decided."""

    __tablename__ = "experiment_events"

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    experiment_id: Mapped[str] = mapped_column(ForeignKey("experiments.id"), index=True)
    kind: Mapped[str]
    data: Mapped[dict[str, Any]]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    at: Mapped[datetime]


class ExposureRow(Base):
    """A conversation met an experiment in one of its arms; `unit` is what was assigned: the shopper, else the session."""

    __tablename__ = "exposures"
    __table_args__ = (UniqueConstraint("experiment_id", "session_id"),)

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    experiment_id: Mapped[str] = mapped_column(ForeignKey("experiments.id"))
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), index=True)
    turn_id: Mapped[str | None] = mapped_column(ForeignKey("turns.id"))
    unit: Mapped[str] = mapped_column(index=True)
    arm: Mapped[str]
    at: Mapped[datetime]


class OpinionRow(Base):
    """What somebody thinks of one aspect, read in a comment, a chat or a review; -1 to 1. Worked out anew by a new model.

    `day` is when it was said, `who` "shopper", or "bot" or "staff" where it was not one.
    """

    __tablename__ = "opinions"
    __table_args__ = (
        UniqueConstraint("source", "source_id", "aspect", "sentence"),
        Index("ix_opinions_day", "day", "who", "aspect", "product_id", "locale", "source", "polarity"),
    )

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    source: Mapped[str]
    source_id: Mapped[str]
    sentence: Mapped[int]
    session_id: Mapped[str | None] = mapped_column(ForeignKey("sessions.id"), index=True)
    product_id: Mapped[str | None] = mapped_column(index=True)
    locale: Mapped[str]
    who: Mapped[str]
    aspect: Mapped[str]
    polarity: Mapped[float]
    quote: Mapped[str]
    day: Mapped[str]
    at: Mapped[datetime]


class MarkRow(Base):
    """How far something that reads the log has read it."""

    __tablename__ = "insight_marks"

    name: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class WatchedRow(Base):
    """One hour (2026-11-28T09, UTC) of a series that alerts watch: `hits` of `trials`. Worked out anew from the log."""

    __tablename__ = "insight_watched"

    hour: Mapped[str] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(primary_key=True)
    trials: Mapped[int]
    hits: Mapped[int]


class AlertRow(Base):
    """Something that the owner should know. `key` keeps the same jump from being told twice."""

    __tablename__ = "alerts"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    rule: Mapped[str] = mapped_column(index=True)
    severity: Mapped[str]
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class AlertEventRow(Base):
    """What was done about an alert, or about all of a rule: acknowledged, muted, sent, failed."""

    __tablename__ = "alert_events"

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    alert_id: Mapped[str | None] = mapped_column(ForeignKey("alerts.id"), index=True)
    rule: Mapped[str]
    kind: Mapped[str]
    data: Mapped[dict[str, Any]]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    at: Mapped[datetime]


class DeliveryRow(Base):
    """An alert on its way to an e-mail address or a webhook; gone once it has arrived or been given up."""

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id"), index=True)
    channel: Mapped[str]
    attempts: Mapped[int]
    next_at: Mapped[datetime] = mapped_column(index=True)

"""The record's tables of what is learnt from it: surveys, what was really seen, experiments, opinions, alerts.

Rows are only added, but for what can be worked out anew from the log (`insight_*`, `opinions`) and for what waits to be
sent (`deliveries`).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
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
    unit: Mapped[str]
    arm: Mapped[str]
    at: Mapped[datetime]


class OpinionRow(Base):
    """What somebody thinks of one aspect, read in a comment, a chat or a review; -1 to 1. Worked out anew by a new model."""

    __tablename__ = "opinions"
    __table_args__ = (UniqueConstraint("source", "source_id", "aspect", "sentence"),)

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    source: Mapped[str]
    source_id: Mapped[str]
    sentence: Mapped[int]
    session_id: Mapped[str | None] = mapped_column(ForeignKey("sessions.id"), index=True)
    product_id: Mapped[str | None] = mapped_column(index=True)
    locale: Mapped[str]
    aspect: Mapped[str]
    polarity: Mapped[float]
    quote: Mapped[str]
    day: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]


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


class ChangeRow(Base):
    """A session of which the log has something new; gone once the figures know of it."""

    __tablename__ = "insight_changes"

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    session_id: Mapped[str]


class FactsRow(Base):
    """What one session adds to the figures: `cells` is exactly what it added, so that it can be taken out again."""

    __tablename__ = "insight_sessions"

    session_id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[str] = mapped_column(index=True)
    locale: Mapped[str]
    versions_id: Mapped[str]
    category: Mapped[str]
    who: Mapped[str]
    cells: Mapped[dict[str, Any]]


class DayRow(Base):
    """Figures of the conversations that began on a day, of one language, version, category, kind of visitor and arm.

    `arm` is "" for all of them, and once more "EXPERIMENT:ARM" for those that met an experiment.
    """

    __tablename__ = "insight_days"

    day: Mapped[str] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True)
    versions_id: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(primary_key=True)
    arm: Mapped[str] = mapped_column(primary_key=True)
    conversations: Mapped[int]
    with_slate: Mapped[int]
    with_click: Mapped[int]
    with_cart: Mapped[int]
    with_purchase: Mapped[int]
    turns: Mapped[int]
    failed_turns: Mapped[int]
    no_match: Mapped[int]
    handoffs: Mapped[int]
    revenue_minor: Mapped[int] = mapped_column(BigInteger)
    offered: Mapped[int]
    answered: Mapped[int]
    satisfied: Mapped[int]
    score_sum: Mapped[float]
    score_squares: Mapped[float]
    thumbs_up: Mapped[int]
    thumbs_down: Mapped[int]


class ShownRow(Base):
    """Figures of one product at one position on the shelves of the conversations that began on a day."""

    __tablename__ = "insight_shown"

    day: Mapped[str] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True)
    versions_id: Mapped[str] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(primary_key=True)
    arm: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str]
    impressions: Mapped[int]
    views: Mapped[int]
    clicks: Mapped[int]
    carts: Mapped[int]
    purchases: Mapped[int]
    revenue_minor: Mapped[int] = mapped_column(BigInteger)

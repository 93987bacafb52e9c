"""How surveys are answered: by moment and channel, and apart from them what came in from elsewhere.

Whose offers are counted is a condition on their sessions: shoppers' unless another is given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Engine, Select, Subquery, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from assistant.record.insight_tables import OfferRow, SkipRow, SurveyRow
from assistant.record.tables import RatingRow, SessionRow
from assistant.surveys.form import Form, form_from_json

SATISFIED = 0.75  # four of five stars
State = Literal["offered", "answered", "skipped", "satisfied"]
"""What has become of an offer: each of the counts is of the offers of one state."""
So = Sequence[ColumnElement[bool]]
SHOPPERS: So = (SessionRow.mark.is_(None),)


@dataclass(frozen=True, slots=True)
class Responses:
    """Offers about one subject, made at one moment and over one channel; the last answer to each counts."""

    subject: str
    trigger: str
    channel: str
    offered: int
    answered: int
    skipped: int
    satisfied: int
    mean: float | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Answers of one source on one scale that belong to no conversation of the record."""

    source: str
    subject: str
    kind: str
    answers: int
    satisfied: int
    mean: float | None


@dataclass(frozen=True, slots=True)
class Version:
    """One wording, and how it was answered."""

    id: str
    form: Form
    since: datetime
    offered: int
    answered: int


@dataclass(frozen=True, slots=True)
class Some:
    """Some of the offers: those that share all that is named, and of them those of one state."""

    subject: str | None = None
    trigger: str | None = None
    channel: str | None = None
    survey_id: str | None = None
    state: State = "offered"


def responses(engine: Engine, since: date, until: date, so: So = SHOPPERS) -> tuple[Responses, ...]:
    """Offers made on those days, both included: the most first."""
    counts = (
        func.count(),
        func.count(RatingRow.id),
        func.count(SkipRow.offer_id),
        _satisfied(RatingRow.score),
        func.avg(RatingRow.score),
    )
    found = (
        _offers(since, until, so, OfferRow.subject, OfferRow.trigger, OfferRow.channel, *counts)
        .group_by(OfferRow.subject, OfferRow.trigger, OfferRow.channel)
        .order_by(func.count().desc(), OfferRow.subject, OfferRow.trigger, OfferRow.channel)
    )
    with Session(engine) as session:
        return tuple(Responses(*row) for row in session.execute(found))


def asked_in(since: date, until: date, some: Some, so: So = SHOPPERS) -> Select[Any]:
    """The sessions in which some of the offers of those days were made."""
    named = {name: getattr(some, name) for name in ("subject", "trigger", "channel", "survey_id")}
    found = _offers(since, until, so, OfferRow.session_id)
    found = found.where(*(getattr(OfferRow, name) == value for name, value in named.items() if value is not None))
    return found.where(*_STATES[some.state])


def elsewhere(engine: Engine, since: date, until: date, locale: str | None = None) -> tuple[Elsewhere, ...]:
    """Answers given on those days, both included, that belong to no conversation; of all languages or one."""
    of_nobody = RatingRow.turn_id.is_(None), RatingRow.offer_id.is_(None), RatingRow.score.is_not(None)
    language = () if locale is None else (RatingRow.locale == locale,)
    rows = (
        select(
            func.coalesce(RatingRow.source, "").label("source"),
            func.coalesce(RatingRow.subject, "assistant").label("subject"),
            RatingRow.kind,
            RatingRow.score,
        )
        .where(*of_nobody, *language, *_within(RatingRow.at, since, until))
        .subquery()
    )
    each = (rows.c.source, rows.c.subject, rows.c.kind)
    found = (
        select(*each, func.count(), _satisfied(rows.c.score), func.avg(rows.c.score))
        .group_by(*each)
        .order_by(func.count().desc(), *each)
    )
    with Session(engine) as session:
        return tuple(Elsewhere(*row) for row in session.execute(found))


def versions(engine: Engine, since: date, until: date, so: So = SHOPPERS) -> tuple[Version, ...]:
    """The wordings that were shown on those days, the newest first."""
    counts = func.count().label("offered"), func.count(RatingRow.id).label("answered")
    counted = _offers(since, until, so, OfferRow.survey_id, *counts).group_by(OfferRow.survey_id).subquery()
    found = (
        select(SurveyRow, counted.c.offered, counted.c.answered)
        .join(counted, counted.c.survey_id == SurveyRow.id)
        .order_by(SurveyRow.at.desc(), SurveyRow.id)
    )
    with Session(engine) as session:
        return tuple(
            Version(row.id, form_from_json(row.data), row.at, offered, answered)
            for row, offered, answered in session.execute(found)
        )


def _offers(since: date, until: date, so: So, *columns: Any) -> Select[Any]:
    """The offers of those days, each with the last answer to it, else with the skip where there is one."""
    last = _last_answers(since, until)
    return (
        select(*columns)
        .select_from(OfferRow)
        .join(SessionRow, SessionRow.id == OfferRow.session_id)
        .outerjoin(last, last.c.offer_id == OfferRow.id)
        .outerjoin(RatingRow, RatingRow.id == last.c.id)
        .outerjoin(SkipRow, and_(SkipRow.offer_id == OfferRow.id, RatingRow.id.is_(None)))
        .where(*so, *_within(OfferRow.at, since, until))
    )


def _last_answers(since: date, until: date) -> Subquery:
    """The id of the last answer to each offer of those days."""
    return (
        select(RatingRow.offer_id, func.max(RatingRow.id).label("id"))
        .join(OfferRow, OfferRow.id == RatingRow.offer_id)
        .where(RatingRow.score.is_not(None), *_within(OfferRow.at, since, until))
        .group_by(RatingRow.offer_id)
        .subquery()
    )


_STATES: dict[State, So] = {
    "offered": (),
    "answered": (RatingRow.id.is_not(None),),
    "skipped": (SkipRow.offer_id.is_not(None),),
    "satisfied": (RatingRow.score >= SATISFIED,),
}


def _satisfied(score: Any) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((score >= SATISFIED, 1), else_=0)), 0)


def _within(column: InstrumentedAttribute[datetime], since: date, until: date) -> tuple[ColumnElement[bool], ...]:
    begin = datetime.combine(since, time(), UTC)
    return column >= begin, column < datetime.combine(until + timedelta(days=1), time(), UTC)

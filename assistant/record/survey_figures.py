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
class Answered:
    """The offers by whom they are about, moment and channel, the most asked first; and by wording, the newest first."""

    responses: tuple[Responses, ...]
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Some of the offers: those that share all that is named, and of them those of one state."""

    subject: str | None = None
    trigger: str | None = None
    channel: str | None = None
    survey_id: str | None = None
    state: State = "offered"


def answered(engine: Engine, since: date, until: date, so: So = SHOPPERS) -> Answered:
    """The offers made on those days, both included: counted in one pass over them."""
    alike = (OfferRow.subject, OfferRow.trigger, OfferRow.channel)
    counts = (
        func.count().label("offered"),
        func.count(RatingRow.id).label("answered"),
        func.count(SkipRow.offer_id).label("skipped"),
        _satisfied(RatingRow.score).label("satisfied"),
        func.coalesce(func.sum(RatingRow.score), 0.0).label("score"),
    )
    found = _offers(since, until, so, *alike, OfferRow.survey_id, *counts).group_by(*alike, OfferRow.survey_id)
    with Session(engine) as session:
        rows = session.execute(found).all()
        shown = select(SurveyRow).where(SurveyRow.id.in_({row.survey_id for row in rows}))
        surveys = session.scalars(shown.order_by(SurveyRow.at.desc(), SurveyRow.id)).all()
        versions = tuple(_version(one, [row for row in rows if row.survey_id == one.id]) for one in surveys)
    parts: dict[tuple[str, str, str], list[Any]] = {}
    for row in rows:
        parts.setdefault((row.subject, row.trigger, row.channel), []).append(row)
    responses = (_responses(*key, part) for key, part in parts.items())
    return Answered(
        tuple(sorted(responses, key=lambda one: (-one.offered, one.subject, one.trigger, one.channel))), versions
    )


def _responses(subject: str, trigger: str, channel: str, rows: Sequence[Any]) -> Responses:
    offered, answered, skipped, satisfied, score = (
        sum(getattr(row, name) for row in rows) for name in ("offered", "answered", "skipped", "satisfied", "score")
    )
    mean = score / answered if answered else None
    return Responses(subject, trigger, channel, offered, answered, skipped, satisfied, mean)


def _version(survey: SurveyRow, rows: Sequence[Any]) -> Version:
    offered, answered = (sum(getattr(row, name) for row in rows) for name in ("offered", "answered"))
    return Version(survey.id, form_from_json(survey.data), survey.at, offered, answered)


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

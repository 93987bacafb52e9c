"""One conversation in full, as the log has it: what was said, shown, done and rated. Knows products by their ids only."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from assistant.errors import UnknownId
from assistant.record.insight_tables import ExposureRow, OfferRow, SkipRow, ViewRow
from assistant.record.tables import (
    EventRow,
    ImpressionRow,
    RatingRow,
    ReplyRow,
    SessionRow,
    TicketRow,
    TurnRow,
    VersionsRow,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done with a product, and when; `mark` is "bot" or "staff" where it was not a shopper."""

    product_id: str
    kind: str
    at: datetime
    quantity: int | None
    amount_minor: int | None
    currency: str | None
    dwell_ms: int | None
    mark: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A product as it was put before the shopper; `visible_ms` is how long it was really seen, None where nobody told."""

    product_id: str
    position: int
    score: float
    price_minor: int | None
    currency: str | None
    visible_ms: int | None


@dataclass(frozen=True, slots=True)
class Rated:
    """What the shopper thought of it: `score` is 0 to 1 where the value is on a scale."""

    kind: str
    value: str
    score: float | None
    subject: str
    reasons: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """The survey as it was put to the shopper."""

    trigger: str
    channel: str
    subject: str
    skipped: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A turn with everything that hangs on it. `kind` is empty where it was never answered."""

    id: str
    message: str
    origin: str
    at: datetime
    kind: str
    text: str
    failure: str | None
    answered_at: datetime | None
    total_ms: float | None
    versions: dict[str, str]
    shown: tuple[Shown, ...]
    deeds: tuple[Deed, ...]
    ratings: tuple[Rated, ...]
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """What was left for people of the shop."""

    id: str
    turn_id: str
    kind: str
    question: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """One conversation. `arms` are the experiments that it met, as "EXPERIMENT:ARM"."""

    session_id: str
    started_at: datetime
    locale: str
    who: str
    known: bool
    arms: tuple[str, ...]
    turns: tuple[Told, ...]
    tickets: tuple[Left, ...]


def story(engine: Engine, session_id: str) -> Story:
    """The conversation of a session; UnknownId where there is none."""
    with Session(engine) as session:
        row = session.get(SessionRow, session_id)
        if row is None:
            raise UnknownId("session", session_id)
        turns = session.scalars(select(TurnRow).where(TurnRow.session_id == session_id).order_by(TurnRow.number)).all()
        exposures = select(ExposureRow).where(ExposureRow.session_id == session_id).order_by(ExposureRow.id)
        tickets = select(TicketRow).where(TicketRow.session_id == session_id).order_by(TicketRow.created_at)
        return Story(
            session_id,
            row.started_at,
            row.locale,
            row.mark or "shopper",
            row.shopper_id is not None,
            tuple(f"{one.experiment_id}:{one.arm}" for one in session.scalars(exposures)),
            _turns(session, turns),
            tuple(
                Left(one.id, one.turn_id, one.kind, one.question, one.created_at) for one in session.scalars(tickets)
            ),
        )


def _turns(session: Session, turns: Sequence[TurnRow]) -> tuple[Told, ...]:
    ids = [one.id for one in turns]
    replies = {one.turn_id: one for one in session.scalars(select(ReplyRow).where(ReplyRow.turn_id.in_(ids)))}
    versions = {
        one.id: {name: str(getattr(one, name)) for name in ("model", "prompt", "ranker", "index")}
        for one in session.scalars(select(VersionsRow).where(VersionsRow.id.in_([r.versions_id for r in replies.values()])))
    }  # fmt: skip
    shown, deeds = _shown(session, ids), _deeds(session, ids)
    rated, asked = _rated(session, ids), _asked(session, ids)
    return tuple(
        _told(turn, replies.get(turn.id), versions, shown[turn.id], deeds[turn.id], rated[turn.id], asked[turn.id])
        for turn in turns
    )


def _told(
    turn: TurnRow,
    reply: ReplyRow | None,
    versions: dict[str, dict[str, str]],
    shown: tuple[Shown, ...],
    deeds: tuple[Deed, ...],
    rated: tuple[Rated, ...],
    asked: tuple[Asked, ...],
) -> Told:
    return Told(
        turn.id,
        turn.message,
        turn.origin,
        turn.started_at,
        reply.kind if reply else "",
        reply.text if reply else "",
        reply.failure if reply else None,
        reply.finished_at if reply else None,
        reply.timings_ms.get("total") if reply else None,
        versions.get(reply.versions_id, {}) if reply else {},
        shown,
        deeds,
        rated,
        asked,
    )


def _shown(session: Session, ids: Sequence[str]) -> dict[str, tuple[Shown, ...]]:
    views = select(ViewRow).where(ViewRow.turn_id.in_(ids))
    seen = {(one.turn_id, one.product_id): one.visible_ms for one in session.scalars(views)}
    rows = select(ImpressionRow).where(ImpressionRow.turn_id.in_(ids)).order_by(ImpressionRow.position)
    return _grouped(
        (
            one.turn_id,
            Shown(
                one.product_id, one.position, one.score, one.price_minor, one.currency,
                seen.get((one.turn_id, one.product_id)),
            ),
        )
        for one in session.scalars(rows)
    )  # fmt: skip


def _deeds(session: Session, ids: Sequence[str]) -> dict[str, tuple[Deed, ...]]:
    rows = select(EventRow).where(EventRow.turn_id.in_(ids)).order_by(EventRow.id)
    return _grouped(
        (
            one.turn_id,
            Deed(
                one.product_id, one.kind, one.happened_at or one.at, one.quantity, one.amount_minor, one.currency,
                one.dwell_ms, one.mark,
            ),
        )
        for one in session.scalars(rows)
    )  # fmt: skip


def _rated(session: Session, ids: Sequence[str]) -> dict[str, tuple[Rated, ...]]:
    rows = select(RatingRow).where(RatingRow.turn_id.in_(ids)).order_by(RatingRow.id)
    return _grouped(
        (
            str(one.turn_id),
            Rated(one.kind, one.value, one.score, one.subject or "assistant", _words(one.reasons), one.at),
        )
        for one in session.scalars(rows)
    )


def _asked(session: Session, ids: Sequence[str]) -> dict[str, tuple[Asked, ...]]:
    rows = select(OfferRow, SkipRow.at).outerjoin(SkipRow, SkipRow.offer_id == OfferRow.id)
    return _grouped(
        (one.turn_id, Asked(one.trigger, one.channel, one.subject, skipped is not None, one.at))
        for one, skipped in session.execute(rows.where(OfferRow.turn_id.in_(ids)).order_by(OfferRow.at))
    )


def _words(reasons: Sequence[Any]) -> tuple[str, ...]:
    return tuple(str(one) for one in reasons)


def _grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    found: defaultdict[str, list[T]] = defaultdict(list)
    for turn_id, one in pairs:
        found[turn_id].append(one)
    whole: defaultdict[str, tuple[T, ...]] = defaultdict(tuple)
    whole.update({turn_id: tuple(ones) for turn_id, ones in found.items()})
    return whole

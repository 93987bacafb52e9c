"""Ratings in the record: each is a row. Of a conversation the last on a scale counts, of an answer the last thumb."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, exists, select, tuple_
from sqlalchemy.orm import Session, aliased

from assistant.errors import UnknownId
from assistant.record.changes import changed
from assistant.record.desk import log
from assistant.record.tables import RatingRow, ReplyRow, SessionRow, TurnRow
from assistant.surveys.form import SCALES, Scale, Subject

RatingKind = Literal["thumb", "stars", "csat", "nps", "own", "comment"]
AGENT = "agent"  # as a reason: whom a rating is about


@dataclass(frozen=True, slots=True)
class Asked:
    """The offer that a rating answers, and what it asked about whom."""

    offer_id: str
    scale: Scale
    subject: Subject
    source: str


def rate(
    session: Session,
    turn_id: str,
    kind: RatingKind,
    value: str | int,
    reasons: Sequence[str] = (),
    *,
    now: datetime,
    asked: Asked | None = None,
) -> bool:
    """Add a rating of a turn; whether people of the shop were asked in its session, so that they are to be told.

    Thumb up or down, stars or csat 1 to 5, nps 0 to 10, own on the scale of what was `asked`, comment any text; else
    ValueError. UnknownId where there is no such turn.
    """
    number, score = measured(kind, value, asked.scale if asked else None)
    turn = session.execute(select(TurnRow.session_id, TurnRow.locale).where(TurnRow.id == turn_id)).first()
    if turn is None:
        raise UnknownId("turn", turn_id)
    versions_id = session.scalar(select(ReplyRow.versions_id).where(ReplyRow.turn_id == turn_id))
    subject = asked.subject if asked else AGENT if AGENT in reasons else None
    session.add(
        RatingRow(
            turn_id=turn_id, offer_id=asked.offer_id if asked else None, versions_id=versions_id, kind=kind,
            value=str(value), number=number, score=score, subject=subject, source=asked.source if asked else None,
            locale=turn.locale, reasons=list(reasons), at=now,
        )
    )  # fmt: skip
    changed(session, [turn.session_id])
    return log.rated(session, turn_id, kind, str(value), now)


def is_shoppers(session: Session, turn_id: str) -> bool:
    """Whether a turn is of a conversation that is not marked as a bot's or as staff's."""
    found = select(SessionRow.id).join(TurnRow, TurnRow.session_id == SessionRow.id)
    return session.scalar(found.where(TurnRow.id == turn_id, SessionRow.mark.is_(None))) is not None


def last_thumb() -> ColumnElement[bool]:
    """Whether a rating is the last thumb of its turn: it is sent again with its reasons, and may be changed."""
    later = aliased(RatingRow)
    after = tuple_(later.at, later.id) > tuple_(RatingRow.at, RatingRow.id)
    replaced = exists().where(later.turn_id == RatingRow.turn_id, later.kind == "thumb", after)
    return and_(RatingRow.kind == "thumb", ~replaced)


def measured(kind: RatingKind, value: str | int, own: Scale | None = None) -> tuple[int | None, float | None]:
    """A rating as a number and as 0 to 1, where it is on a scale; ValueError where there is no such rating."""
    if (kind == "thumb" and value in ("up", "down")) or (kind == "comment" and isinstance(value, str)):
        return None, None
    scale = own if kind == "own" else SCALES.get(kind)
    if (
        scale is not None
        and isinstance(value, int)
        and not isinstance(value, bool)
        and scale.low <= value <= scale.high
    ):
        return value, scale.score(value)
    raise ValueError(
        f"no such rating: {kind} {value!r} (thumb up or down, stars or csat 1 to 5, nps 0 to 10, comment text)"
    )

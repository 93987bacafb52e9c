"""Answers that others collected, taken into the record: each key of a source once, each bad row said with its reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Engine, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assistant.record.changes import changed
from assistant.record.database import writing
from assistant.record.tables import RatingRow, ReplyRow, SessionRow, TurnRow
from assistant.surveys.answers import Answer, read_answers
from catalog import Reject

_AT_ONCE = 500
_MOST_TOLD = 1_000  # rejects that are kept to be told; more are only counted
_RATINGS = cast(Table, RatingRow.__table__)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file's rows; of the rejected the first are told."""

    added: int
    repeated: int
    rejected: int
    rejects: tuple[Reject, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """The turn that an answer belongs to; nowhere where it names none."""

    turn_id: str | None = None
    session_id: str | None = None
    versions_id: str | None = None
    locale: str | None = None


def bring_in(engine: Engine, path: Path, now: datetime) -> Imported:
    """Take in the answers of a CSV file; what is good is kept, batch by batch. FeedError where it cannot be read.

    A key that its source has sent before is the same answer and stays as it was.
    """
    added = repeated = rejected = 0
    told: list[Reject] = []
    for rows in _batches(read_answers(path, now)):
        rejects = [row for row in rows if isinstance(row, Reject)]
        answers = [row for row in rows if isinstance(row, Answer)]
        with Session(writing(engine)) as session, session.begin():
            new, faults = _add(session, path.name, answers)
        rejects = sorted([*rejects, *faults], key=lambda one: one.line)
        added += new
        repeated += len(answers) - new - len(faults)
        rejected += len(rejects)
        told += rejects[: _MOST_TOLD - len(told)]
    return Imported(added, repeated, rejected, tuple(told))


def _batches(rows: Iterator[Answer | Reject]) -> Iterator[list[Answer | Reject]]:
    batch: list[Answer | Reject] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _add(session: Session, source: str, answers: Sequence[Answer]) -> tuple[int, list[Reject]]:
    """How many of the answers are new, and those that name what is not there."""
    turns, sessions = _turns(session, answers), _sessions(session, answers)
    known = _known(session, answers)
    rows: list[dict[str, Any]] = []
    of_key: dict[str, str | None] = {}
    faults: list[Reject] = []
    for answer in answers:
        place = _place(answer, turns, sessions)
        if isinstance(place, _Fault):
            faults.append(Reject(source, answer.line, place.field, place.reason, answer.key))
            continue
        key = _key(answer)
        if key not in known:
            known.add(key)
            of_key[key] = place.session_id
            rows += _rows(answer, key, place)
    if not rows:
        return 0, faults
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    written = insert(_RATINGS).values(rows).on_conflict_do_nothing(index_elements=["key"]).returning(_RATINGS.c.key)
    new = set(session.scalars(written)) & set(of_key)
    changed(session, [id for key in new if (id := of_key[key])])
    return len(new), faults


def _key(answer: Answer) -> str:
    return f"{answer.source}/{answer.key}"


def _known(session: Session, answers: Sequence[Answer]) -> set[str]:
    """The keys that are in the record already."""
    keys = {_key(answer) for answer in answers}
    return set(session.scalars(select(_RATINGS.c.key).where(_RATINGS.c.key.in_(keys)))) if keys else set()


def _rows(answer: Answer, key: str, place: _Place) -> Iterator[dict[str, Any]]:
    """The rating and the comment of an answer; the key stands with the first of them."""
    shared = {
        "turn_id": place.turn_id, "versions_id": place.versions_id, "subject": answer.subject, "source": answer.source,
        "locale": answer.locale or place.locale, "reasons": ["agent"] if answer.subject == "agent" else [],
        "at": answer.at,
    }  # fmt: skip
    if answer.scale is not None and answer.value is not None:
        score = answer.scale.score(answer.value)
        number, value = answer.value, str(answer.value)
        yield {**shared, "key": key, "kind": answer.scale.kind, "value": value, "number": number, "score": score}
    if answer.comment:
        own = f"{key}#comment" if answer.value is not None else key
        yield {**shared, "key": own, "kind": "comment", "value": answer.comment, "number": None, "score": None}


@dataclass(frozen=True, slots=True)
class _Fault:
    field: str
    reason: str


def _place(answer: Answer, turns: dict[str, _Place], sessions: dict[str, _Place | None]) -> _Place | _Fault:
    if answer.turn_id is not None:
        place = turns.get(answer.turn_id)
        if place is None:
            return _Fault("turn_id", f"there is no turn {answer.turn_id!r}")
        if answer.session_id not in (None, place.session_id):
            return _Fault("session_id", f"the turn {answer.turn_id!r} is of another conversation")
        return place
    if answer.session_id is None:
        return _Place()
    if answer.session_id not in sessions:
        return _Fault("session_id", f"there is no conversation {answer.session_id!r}")
    return sessions[answer.session_id] or _Fault("session_id", "nothing has been said in this conversation")


def _turns(session: Session, answers: Sequence[Answer]) -> dict[str, _Place]:
    """The turns that are named, by their ids."""
    ids = {answer.turn_id for answer in answers if answer.turn_id}
    found = _PLACES.where(TurnRow.id.in_(ids))
    return {row[0]: _Place(*row) for row in session.execute(found)} if ids else {}


def _sessions(session: Session, answers: Sequence[Answer]) -> dict[str, _Place | None]:
    """The last turn of each session that is named, None where it has none."""
    ids = {answer.session_id for answer in answers if answer.session_id and not answer.turn_id}
    if not ids:
        return {}
    known: dict[str, _Place | None] = dict.fromkeys(
        session.scalars(select(SessionRow.id).where(SessionRow.id.in_(ids)))
    )
    last = (
        select(TurnRow.session_id, func.max(TurnRow.number).label("number"))
        .where(TurnRow.session_id.in_(ids))
        .group_by(TurnRow.session_id)
        .subquery()
    )
    newest = _PLACES.join(last, (last.c.session_id == TurnRow.session_id) & (last.c.number == TurnRow.number))
    return known | {row[1]: _Place(*row) for row in session.execute(newest)}


_PLACES = select(TurnRow.id, TurnRow.session_id, ReplyRow.versions_id, TurnRow.locale).outerjoin(
    ReplyRow, ReplyRow.turn_id == TurnRow.id
)

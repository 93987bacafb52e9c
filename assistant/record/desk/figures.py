"""Figures of the service, counted from the log: how soon, how long, how much waits, what came of drafts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import JSON, case, func, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from assistant.record.desk.types import Figures, Middle, Share
from assistant.record.tables import DeskEventRow, TicketStateRow

_OUTCOMES = ("shown", "accepted", "edited", "discarded")
_JSON = JSON().with_variant(JSONB(), "postgresql")
_E, _S = DeskEventRow, TicketStateRow


@dataclass(frozen=True, slots=True)
class _Course:
    """What became of one ticket. `answered_at` is the first word of a person of the shop, `closed_at` the last close."""

    language: str
    reason: str
    status: str
    opened_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    reopened: int

    @property
    def response_s(self) -> float | None:
        return (self.answered_at - self.opened_at).total_seconds() if self.answered_at else None

    @property
    def resolution_s(self) -> float | None:
        over = self.closed_at if self.status == "closed" else None
        return (over - self.opened_at).total_seconds() if over else None


def figures(session: Session, since: datetime) -> Figures:
    """The service of the tickets opened since then; the backlog is of now, whenever they were opened."""
    courses = _courses(session, since)
    closed = [one for one in courses if one.closed_at]
    reopened = sum(one.reopened > 0 for one in closed)
    waiting = select(func.count()).where(_S.status != "closed")
    whole = _share(courses)
    return Figures(
        Share(whole.n, session.scalar(waiting) or 0, whole.first_response, whole.resolution),
        reopened / len(closed) if closed else None,
        _drafts(session, since),
        _shares((one.language, one) for one in courses),
        _shares((one.reason, one) for one in courses),
    )


def _courses(session: Session, since: datetime) -> list[_Course]:
    answered = case((_E.kind == "message", case((_E.author == "agent", _E.at))))
    over = case((_E.kind.in_(("closed", "handed_back")), _E.at))
    again = case((_E.kind == "reopened", 1), else_=0)
    found = (
        select(
            _S.language, _S.reason, _S.status, _S.created_at, func.min(answered, type_=_E.at.type),
            func.max(over, type_=_E.at.type), func.sum(again),
        )
        .join(_E, _E.ticket_id == _S.ticket_id)
        .where(_S.created_at >= since)
        .group_by(_S.ticket_id, _S.language, _S.reason, _S.status, _S.created_at)
    )  # fmt: skip
    return [_Course(*row) for row in session.execute(found)]


def _drafts(session: Session, since: datetime) -> dict[str, int]:
    outcome = type_coerce(_E.data, _JSON)["outcome"].as_string()
    found = select(outcome, func.count()).where(_E.kind == "draft", _E.at >= since).group_by(outcome)
    counted = {said: count for said, count in session.execute(found).all()}
    return {name: counted.get(name, 0) for name in _OUTCOMES}


def _shares(named: Iterable[tuple[str, _Course]]) -> dict[str, Share]:
    groups: dict[str, list[_Course]] = defaultdict(list)
    for name, course in named:
        groups[name].append(course)
    return {name: _share(groups[name]) for name in sorted(groups)}


def _share(courses: Sequence[_Course]) -> Share:
    return Share(
        len(courses),
        sum(one.status != "closed" for one in courses),
        _middle([one.response_s for one in courses]),
        _middle([one.resolution_s for one in courses]),
    )


def _middle(durations_s: Sequence[float | None]) -> Middle:
    known = [one for one in durations_s if one is not None]
    return Middle(median(known) if known else None, len(known))

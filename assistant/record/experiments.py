"""Experiments in the log: plans, what was done to them, and which conversation met which arm. Knows no statistics.

Invariant: what a unit met first it meets always; an exposure is committed before what it treats is shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assistant.errors import UnknownId
from assistant.record.changes import changed
from assistant.record.database import writing
from assistant.record.insight_tables import ExperimentEventRow, ExperimentRow, ExposureRow
from assistant.record.tables import SessionRow

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that was done to an experiment."""

    kind: str
    data: Data
    agent_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """An experiment as it was planned, with what was done to it, oldest first."""

    id: str
    plan: Data
    agent_id: str | None
    at: datetime
    events: tuple[Noted, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """What of a conversation decides what it meets. `arms` are those it has met, by experiment; `units` those that its
    shopper met in others.
    """

    shopper_id: str | None
    started_at: datetime
    mark: str | None
    arms: Mapping[str, str]
    units: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Exposed:
    """A conversation that meets an arm now, in an experiment."""

    experiment_id: str
    unit: str
    arm: str


class Changed(ValueError):
    """What is to be done to an experiment does not fit what was done to it meanwhile."""


class Experiments:
    """The experiments of one record; safe to share between threads."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    @property
    def engine(self) -> Engine:
        """The database that the log is in."""
        return self._engine

    def add(self, plan: Data, agent_id: str | None) -> str:
        """Commit a plan and give its id."""
        experiment_id = uuid4().hex[:12]
        with Session(writing(self._engine)) as session, session.begin():
            session.add(ExperimentRow(id=experiment_id, plan=dict(plan), agent_id=agent_id, at=self._clock()))
        return experiment_id

    def tell(
        self, experiment_id: str, kind: str, data: Data, agent_id: str | None,
        fits: Callable[[Kept, Sequence[Kept]], None],
    ) -> None:  # fmt: skip
        """Commit what is done to an experiment, if it `fits` it and all others as they are; what that raises goes on.

        Raises UnknownId. Two that do something at the same time are looked at one after the other.
        """
        with Session(writing(self._engine)) as session, session.begin():
            row = session.get(ExperimentRow, experiment_id, with_for_update=True)
            if row is None:
                raise UnknownId("experiment", experiment_id)
            every = _all(session)
            fits(next(one for one in every if one.id == experiment_id), every)
            session.add(
                ExperimentEventRow(
                    experiment_id=experiment_id, kind=kind, data=dict(data), agent_id=agent_id, at=self._clock()
                )
            )

    def all(self) -> list[Kept]:
        """Every experiment, the newest first."""
        with Session(self._engine) as session:
            return _all(session)

    def conversation(self, session_id: str, experiment_ids: Sequence[str]) -> Conversation | None:
        """What decides what a conversation meets in these experiments; None where there is no such session."""
        with Session(self._engine) as session:
            row = session.get(SessionRow, session_id)
            if row is None:
                return None
            unit = row.shopper_id or session_id
            met = (
                select(ExposureRow.experiment_id, ExposureRow.session_id, ExposureRow.arm)
                .where(ExposureRow.experiment_id.in_(experiment_ids))
                .where(or_(ExposureRow.session_id == session_id, ExposureRow.unit == unit))
                .order_by(ExposureRow.id.desc())
            )
            rows = session.execute(met).all()
            own = {experiment: arm for experiment, there, arm in rows if there == session_id}
            others = {experiment: arm for experiment, _, arm in rows}  # the oldest is written last and stays
            return Conversation(row.shopper_id, row.started_at, row.mark, own, others)

    def expose(self, session_id: str, turn_id: str | None, met: Sequence[Exposed]) -> None:
        """Commit that a conversation meets these arms; what it has met before stays as it was."""
        rows = [
            {"experiment_id": one.experiment_id, "session_id": session_id, "turn_id": turn_id, "unit": one.unit,
             "arm": one.arm, "at": self._clock()}
            for one in met
        ]  # fmt: skip
        if not rows:
            return
        with Session(writing(self._engine)) as session, session.begin():
            session.execute(self._insert(ExposureRow).on_conflict_do_nothing(), rows)
            changed(session, [session_id])


def _all(session: Session) -> list[Kept]:
    events: dict[str, list[Noted]] = {}
    for row in session.scalars(select(ExperimentEventRow).order_by(ExperimentEventRow.id)):
        events.setdefault(row.experiment_id, []).append(Noted(row.kind, row.data, row.agent_id, row.at))
    rows = session.scalars(select(ExperimentRow).order_by(ExperimentRow.at.desc(), ExperimentRow.id))
    return [Kept(row.id, row.plan, row.agent_id, row.at, tuple(events.get(row.id, ()))) for row in rows]

"""The history of alerts in the record: raised once for each key, acknowledged, muted, sent. Only what waits to be sent goes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, cast
from uuid import uuid4

from sqlalchemy import Engine, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assistant.errors import UnknownId
from assistant.insight.alerts.rules import Severity
from assistant.record.database import writing
from assistant.record.insight_tables import AlertEventRow, AlertRow, DeliveryRow

Channel = Literal["email", "webhook", "report"]
EventKind = Literal["acknowledged", "muted", "unmuted", "sent", "failed", "given_up"]
State = Literal["waiting", "sent", "given_up"]
MUTED_FOR_EVER = timedelta(days=3_650)


@dataclass(frozen=True, slots=True)
class Raised:
    """What is to be told: `key` names it, so that it is told once. `data` holds nothing private.

    Without `channels` of its own it goes out by those of alerts.
    """

    key: str
    rule: str
    severity: Severity
    data: Mapping[str, Any]
    channels: tuple[Channel, ...] | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """How it stands with one channel: waiting since some attempts, sent, or given up; with the last error."""

    channel: str
    state: State
    attempts: int
    error: str


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert, with what became of it."""

    id: str
    rule: str
    severity: Severity
    data: Mapping[str, Any]
    at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Some alerts, the newest first, of `total`; `open` of all are not acknowledged."""

    alerts: tuple[Alert, ...]
    total: int
    open: int


@dataclass(frozen=True, slots=True)
class Mutes:
    """Until when each rule that is muted is."""

    until: Mapping[str, datetime] = field(default_factory=dict)


class AlertLog:
    """Reads and writes the alerts of one record. `channels` are what alerts go out by."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], channels: Sequence[Channel] = ()) -> None:
        self._engine = engine
        self._clock = clock
        self.channels = tuple(channels)

    def raise_all(self, session: Session, raised: Sequence[Raised]) -> int:
        """Add those alerts that were not raised before, in the caller's transaction; muted ones are not sent out."""
        now, muted, new = self._clock(), self.mutes(session).until, 0
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        for one in raised:
            row = {"id": uuid4().hex, "key": one.key, "rule": one.rule, "severity": one.severity, "at": now}
            quiet = one.rule in muted
            data = dict(one.data) | ({"muted": True} if quiet else {})
            made = dialect.insert(AlertRow).values(**row, data=data).on_conflict_do_nothing()
            if not session.execute(made.returning(AlertRow.id)).first():
                continue
            new += 1
            waiting = {"alert_id": row["id"], "attempts": 0, "next_at": now}
            channels = self.channels if one.channels is None else one.channels
            if not quiet and channels:
                session.execute(insert(DeliveryRow), [waiting | {"channel": name} for name in channels])
        return new

    def mutes(self, session: Session) -> Mutes:
        """The rules that are muted now."""
        newest = (
            select(func.max(AlertEventRow.id))
            .where(AlertEventRow.kind.in_(("muted", "unmuted")))
            .group_by(AlertEventRow.rule)
        )
        found = session.execute(
            select(AlertEventRow.rule, AlertEventRow.data).where(
                AlertEventRow.id.in_(newest), AlertEventRow.kind == "muted"
            )
        ).all()
        until = {rule: datetime.fromisoformat(data["until"]) for rule, data in found}
        return Mutes({rule: moment for rule, moment in until.items() if moment > self._clock()})

    def muted(self) -> Mutes:
        """The rules that are muted now."""
        with Session(self._engine) as session:
            return self.mutes(session)

    def mute(self, rule: str, agent_id: str, lasting: timedelta = MUTED_FOR_EVER) -> datetime:
        """Send out nothing more of a rule for a time; its alerts are still listed. Until when that is."""
        until = self._clock() + lasting
        self._note(None, rule, "muted", {"until": until.isoformat()}, agent_id)
        return until

    def unmute(self, rule: str, agent_id: str) -> None:
        """Send out a rule's alerts again."""
        self._note(None, rule, "unmuted", {}, agent_id)

    def acknowledge(self, alert_id: str, agent_id: str) -> None:
        """Note that somebody has seen to an alert; UnknownId where there is none."""
        with Session(writing(self._engine)) as session, session.begin():
            alert = session.get(AlertRow, alert_id, with_for_update=True)
            if alert is None:
                raise UnknownId("alert", alert_id)
            done = select(AlertEventRow.id).where(
                AlertEventRow.alert_id == alert_id, AlertEventRow.kind == "acknowledged"
            )
            if session.scalar(done) is None:
                session.add(self._event(alert_id, alert.rule, "acknowledged", {}, agent_id))

    def page(self, *, limit: int = 50, offset: int = 0, only_open: bool = False) -> Page:
        """The history, newest first."""
        seen = select(AlertEventRow.alert_id).where(AlertEventRow.kind == "acknowledged")
        unseen = AlertRow.id.not_in(seen.where(AlertEventRow.alert_id.is_not(None)))
        found = select(AlertRow).order_by(AlertRow.at.desc(), AlertRow.id)
        counted = select(func.count()).select_from(AlertRow)
        with Session(self._engine) as session:
            open = session.scalar(counted.where(unseen)) or 0
            total = open if only_open else session.scalar(counted) or 0
            rows = session.scalars((found.where(unseen) if only_open else found).limit(limit).offset(offset)).all()
            alerts = _with_what_became(session, rows)
        return Page(alerts, total, open)

    def between(self, since: datetime, until: datetime) -> tuple[Alert, ...]:
        """The alerts of a time, the newest first."""
        found = select(AlertRow).where(AlertRow.at >= since, AlertRow.at < until)
        with Session(self._engine) as session:
            return _with_what_became(session, session.scalars(found.order_by(AlertRow.at.desc(), AlertRow.id)).all())

    def get(self, alert_id: str) -> Alert:
        """One alert; UnknownId where there is none."""
        with Session(self._engine) as session:
            alert = session.get(AlertRow, alert_id)
            if alert is None:
                raise UnknownId("alert", alert_id)
            return _with_what_became(session, [alert])[0]

    def told_since(self, session: Session, rule: str, since: datetime) -> list[Mapping[str, Any]]:
        """The data of a rule's alerts since then."""
        return list(session.scalars(select(AlertRow.data).where(AlertRow.rule == rule, AlertRow.at >= since)))

    def _note(self, alert_id: str | None, rule: str, kind: EventKind, data: Mapping[str, Any], agent_id: str) -> None:
        with Session(writing(self._engine)) as session, session.begin():
            session.add(self._event(alert_id, rule, kind, data, agent_id))

    def _event(
        self, alert_id: str | None, rule: str, kind: EventKind, data: Mapping[str, Any], agent_id: str | None
    ) -> AlertEventRow:
        return AlertEventRow(
            alert_id=alert_id, rule=rule, kind=kind, data=dict(data), agent_id=agent_id, at=self._clock()
        )


def _with_what_became(session: Session, rows: Sequence[AlertRow]) -> tuple[Alert, ...]:
    ids = [row.id for row in rows]
    events: dict[str, list[AlertEventRow]] = {id: [] for id in ids}
    for event in session.scalars(
        select(AlertEventRow).where(AlertEventRow.alert_id.in_(ids)).order_by(AlertEventRow.id)
    ):
        events[cast(str, event.alert_id)].append(event)
    waiting: dict[str, list[DeliveryRow]] = {id: [] for id in ids}
    for one in session.scalars(select(DeliveryRow).where(DeliveryRow.alert_id.in_(ids))):
        waiting[one.alert_id].append(one)
    return tuple(_alert(row, events[row.id], waiting[row.id]) for row in rows)


def _alert(row: AlertRow, events: Sequence[AlertEventRow], waiting: Sequence[DeliveryRow]) -> Alert:
    seen = next((event for event in events if event.kind == "acknowledged"), None)
    at, by = (seen.at, seen.agent_id) if seen else (None, None)
    severity = cast(Severity, row.severity)
    return Alert(row.id, row.rule, severity, row.data, row.at, at, by, _deliveries(events, waiting))


def _deliveries(events: Sequence[AlertEventRow], waiting: Sequence[DeliveryRow]) -> tuple[Delivery, ...]:
    """How it stands with each channel, by what happened last and what still waits."""
    errors = {event.data["channel"]: event.data["error"] for event in events if event.kind == "failed"}
    found = {
        one.channel: Delivery(one.channel, "waiting", one.attempts, errors.get(one.channel, "")) for one in waiting
    }
    for event in events:
        if event.kind in ("sent", "given_up"):
            channel = event.data["channel"]
            state: State = "sent" if event.kind == "sent" else "given_up"
            error = "" if state == "sent" else event.data.get("error", "")
            found[channel] = Delivery(channel, state, event.data["attempts"], error)
    return tuple(found[name] for name in sorted(found))

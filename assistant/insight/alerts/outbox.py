"""Sends what waits in the outbox: at least once, again and again for a day, then given up and said so in the history.

Whoever sends takes the delivery for some minutes, so that two processes do not both send it; one that dies leaves it to
the next.
"""

import http.client
import logging
import random
import smtplib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from assistant.insight.alerts.log import Alert, Channel
from assistant.insight.alerts.senders import Message
from assistant.record.database import writing
from assistant.record.insight_tables import AlertEventRow, AlertRow, DeliveryRow
from assistant.sending import GIVEN_UP_AFTER, TAKEN_FOR, wait_after

_AT_ONCE = 20
_log = logging.getLogger(__name__)


class Sender(Protocol):
    """Something that takes an alert out of the house; raises OSError or the error of its protocol."""

    def send(self, message: Message) -> None: ...


@dataclass(frozen=True, slots=True)
class _Due:
    """A delivery that was taken, with its alert."""

    id: int
    channel: str
    attempts: int
    alert: Alert


class Outbox:
    """The deliveries of one record. `message` puts an alert into words."""

    def __init__(
        self,
        engine: Engine,
        senders: Mapping[Channel, Sender],
        message: Callable[[Alert], Message],
        clock: Callable[[], datetime],
        chance: random.Random,
    ) -> None:
        self._engine = engine
        self._senders = dict(senders)
        self._message = message
        self._clock = clock
        self._chance = chance

    def deliver(self) -> int:
        """Send what is due; how many went out. Meant for every few seconds."""
        sent = 0
        for _ in range(_AT_ONCE):
            due = self._take()
            if due is None:
                break
            sent += self._send(due)
        return sent

    def _take(self) -> _Due | None:
        """The next delivery that is due, taken so that nobody else sends it now."""
        now = self._clock()
        wanted = select(DeliveryRow).where(DeliveryRow.next_at <= now).order_by(DeliveryRow.next_at, DeliveryRow.id)
        with Session(self._engine) as session:
            if session.execute(wanted.limit(1)).first() is None:
                return None
        with Session(writing(self._engine)) as session, session.begin():
            row = session.scalars(wanted.limit(1).with_for_update(skip_locked=True)).first()
            if row is None:
                return None
            row.attempts += 1
            row.next_at = now + TAKEN_FOR
            alert = session.get_one(AlertRow, row.alert_id)
            told = Alert(alert.id, alert.rule, alert.severity, alert.data, alert.at)  # type: ignore[arg-type]
            return _Due(row.id, row.channel, row.attempts, told)

    def _send(self, due: _Due) -> bool:
        sender = self._senders.get(due.channel)  # type: ignore[call-overload]
        try:
            if sender is None:
                raise OSError("this way of telling is no longer set up")
            sender.send(self._message(due.alert))
        except (OSError, smtplib.SMTPException, http.client.HTTPException) as error:
            self._failed(due, (str(error) or type(error).__name__)[:300])
            return False
        self._over(due, "sent", {})
        return True

    def _failed(self, due: _Due, error: str) -> None:
        _log.warning("alert %s did not go out by %s (attempt %s): %s", due.alert.id, due.channel, due.attempts, error)
        again = self._clock() + wait_after(due.attempts, self._chance)
        if again - due.alert.at > GIVEN_UP_AFTER:
            self._over(due, "given_up", {"error": error})
            return
        with Session(writing(self._engine)) as session, session.begin():
            row = session.get(DeliveryRow, due.id)
            if row is not None:
                row.next_at = again
            session.add(self._event(due, "failed", {"error": error}))

    def _over(self, due: _Due, kind: str, more: Mapping[str, str]) -> None:
        with Session(writing(self._engine)) as session, session.begin():
            session.execute(delete(DeliveryRow).where(DeliveryRow.id == due.id))
            session.add(self._event(due, kind, more))

    def _event(self, due: _Due, kind: str, more: Mapping[str, str]) -> AlertEventRow:
        data = {"channel": due.channel, "attempts": due.attempts, **more}
        alert = due.alert
        return AlertEventRow(alert_id=alert.id, rule=alert.rule, kind=kind, data=data, agent_id=None, at=self._clock())

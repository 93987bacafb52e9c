"""A record with alerts that watch it, and hours of conversations made at once."""

import random
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from assistant.insight.alerts.alerts import Alerts
from assistant.insight.alerts.log import AlertLog
from assistant.insight.alerts.rules import load_alert_rules
from assistant.record.database import writing
from assistant.record.tables import EventRow, ImpressionRow, ReplyRow, SessionRow, TurnRow, VersionsRow
from assistant.service.private import Masker
from tests.insight.opinions.conftest import Shop

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class WatchedShop(Shop):
    """A shop whose record is watched."""

    def __init__(self, url, channels=("webhook",)):
        super().__init__(url)
        self.rules = load_alert_rules()
        self.log = AlertLog(self.engine, self.clock, channels)
        self.alerts = self.more_alerts()

    def more_alerts(self):
        """Alerts as another process runs them."""
        return Alerts(
            self.engine, self.rules, self.log, lambda: self.products, Masker().mask, self.clock, self.opinions.behind
        )

    def history(self, since, until, *, an_hour=10, no_match=0.05, seed=1, mark=None, deeds=(), after=timedelta(0)):
        """Conversations of one turn each, as they were every hour; with deeds each shows the oak, which so many do them with."""
        chance, made = random.Random(seed), []
        while since < until:
            made += [
                (since + timedelta(minutes=chance.random() * 59), chance.random() < no_match) for _ in range(an_hour)
            ]
            since += timedelta(hours=1)
        with Session(writing(self.engine)) as session, session.begin():
            if session.get(VersionsRow, "v") is None:
                session.add(VersionsRow(id="v", model="m", quantisation="", prompt="p", index="i", ranker="r"))
                session.flush()
            rows = [(uuid4().hex, at, missed) for at, missed in made]
            session.execute(
                insert(SessionRow), [{"id": id, "locale": "en", "mark": mark, "started_at": at} for id, at, _ in rows]
            )
            session.execute(insert(TurnRow), [_turn(id, at) for id, at, _ in rows])
            session.execute(insert(ReplyRow), [_reply(id, at, missed) for id, at, missed in rows])
            if deeds:
                session.execute(insert(ImpressionRow), [_shown(id, at) for id, at, _ in rows])
            for kind, share in deeds:
                done = [_event(id, kind, at + after) for id, at, _ in rows if chance.random() < share]
                session.execute(insert(EventRow), done)
        return [id for id, _, _ in rows]

    def told(self):
        """The rules of all alerts, the oldest first."""
        return [alert.rule for alert in reversed(self.log.page().alerts)]


def _turn(id, at):
    return {
        "id": id, "session_id": id, "number": 1, "message": "a lamp", "locale": "en", "origin": "said", "started_at": at,
    }  # fmt: skip


def _reply(id, at, missed):
    empty = {"need": {}, "slate": {}, "evidence": [], "claims": [], "quick_replies": [], "timings_ms": {}}
    kind = "no_match" if missed else "chat"
    return {"turn_id": id, "versions_id": "v", "kind": kind, "text": "", "finished_at": at, **empty}


def _shown(id, at):
    return {
        "turn_id": id, "product_id": "oak", "position": 1, "score": 1.0, "currency": "USD", "shown_at": at,
    }  # fmt: skip


def _event(id, kind, at):
    return {"turn_id": id, "product_id": "oak", "kind": kind, "at": at}


@pytest.fixture
def shop(tmp_path):
    made = WatchedShop(f"sqlite:///{tmp_path / 'record.db'}")
    yield made
    made.record.close()

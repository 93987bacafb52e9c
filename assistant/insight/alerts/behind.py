"""The conversations behind an alert: those of what was counted, in the time in which it was counted, whatever the filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import Session

from assistant.insight.alerts.digest import low_scores
from assistant.insight.alerts.jumps import HOURS
from assistant.insight.alerts.log import Alert
from assistant.insight.alerts.rules import DigestRule, Rules
from assistant.insight.alerts.watched import sessions
from assistant.insight.alerts.wording import watched_by
from assistant.insight.behind import page_of
from assistant.insight.opinions.sentiment import ZONE
from assistant.insight.reading import generation, snapshot
from assistant.insight.views import Conversations
from assistant.record.figure_tables import FactsRow
from assistant.record.insight_tables import OpinionRow

_O = OpinionRow


@dataclass(frozen=True, slots=True)
class Window:
    """The time that an alert is about, without its end."""

    since: datetime
    until: datetime


def window_of(alert: Alert, rules: Rules) -> Window | None:
    """The time in which was counted; None for an alert of single texts."""
    data = alert.data
    if "span" in data:
        until = datetime.fromisoformat(data["until"])
        return Window(until - timedelta(hours=HOURS[data["span"]]), until)
    rule = rules.rules.get(alert.rule)
    if "day" in data and isinstance(rule, DigestRule):
        until = datetime.combine(datetime.fromisoformat(data["day"]), time(rule.hour), UTC)
        return Window(until - timedelta(days=1), until)
    return None


def conversations(engine: Engine, alert: Alert, rules: Rules, after: str | None, limit: int) -> Conversations:
    """One page of them, newest first; ValueError for a wrong `after`."""
    found = _sessions(engine, alert, rules)
    with snapshot(engine) as connection:
        facts = select(FactsRow).where(FactsRow.generation == generation(connection), FactsRow.who == "shopper")
        return page_of(connection, facts.where(FactsRow.session_id.in_(found)), after, limit)


def _sessions(engine: Engine, alert: Alert, rules: Rules) -> Select[Any] | Sequence[str]:
    data, window = alert.data, window_of(alert, rules)
    if window is None:
        return [one["session_id"] for one in data.get("quotes", ()) if one.get("session_id")]
    if "day" in data:
        rule = rules.rules[alert.rule]
        with Session(engine) as session:
            low = low_scores(session, getattr(rule, "score", 0.0), window.since, window.until)
        return sorted({one["session_id"] for one in low if one["session_id"]})
    if data["by"]:
        about = _O.aspect if data["by"] == "aspect" else _O.product_id
        said = select(_O.session_id).where(_O.at >= window.since, _O.at < window.until, about == data["about"])
        days = _O.day.between(window.since.date().isoformat(), window.until.date().isoformat())  # for its index
        return said.where(days, _O.polarity <= -ZONE, _O.source != "review", _O.session_id.is_not(None))
    return sessions(watched_by(alert, rules), window.since, window.until)

"""Once a week the report of the week that is over, on its way like an alert: told once, tried again, given up after a day."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.insight.alerts.log import Raised
from assistant.insight.alerts.rules import ReportRule
from assistant.insight.report_week import week_of
from assistant.record.insight_tables import AlertRow

RULE = ReportRule("weekly_report", "notice", hour=6)
"""The rule by which reports go out; it needs no file, since it holds where somebody is named who gets them."""


def report_due(session: Session, rule: ReportRule, now: datetime) -> Raised | None:
    """The report of the last full week; None on a Monday before the rule's hour, and where it was told of before."""
    if now.weekday() == 0 and now.hour < rule.hour:
        return None
    week = week_of(None, now.date())
    key = f"{rule.name}:{week}"
    if session.scalar(select(AlertRow.id).where(AlertRow.key == key)) is not None:
        return None
    return Raised(key, rule.name, rule.severity, {"week": str(week)}, ("report",))

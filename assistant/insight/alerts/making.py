"""Alerts put together from the shop's settings: rules, ways of telling, and the words of what goes out."""

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from assistant.insight.alerts.alerts import Alerts
from assistant.insight.alerts.log import Alert, AlertLog, Channel
from assistant.insight.alerts.outbox import Outbox, Sender
from assistant.insight.alerts.rules import PACKAGED, Rules, load_alert_rules
from assistant.insight.alerts.senders import Attached, EmailSender, Message, WebhookSender
from assistant.insight.alerts.weekly import RULE
from assistant.insight.alerts.wording import Title, severity_word, told
from assistant.insight.report import Paper
from assistant.settings import Settings
from catalog import Locale, Product

ReportOf = Callable[[str, Locale], Paper]
"""Makes the report of a week, in a language."""


def alert_rules(settings: Settings, policies: Path) -> Rules:
    """The shop's rules: the file that the settings name, else alerts.yaml beside the policies, else the packaged ones.

    Where the settings say who gets reports, that is a rule too.
    """
    beside = policies / PACKAGED.name
    rules = load_alert_rules(settings.alerts or (beside if beside.is_file() else PACKAGED))
    return replace(rules, rules={**rules.rules, RULE.name: RULE}) if settings.report_to else rules


def alert_senders(settings: Settings, clock: Callable[[], datetime]) -> dict[Channel, Sender]:
    """The ways of telling that are set up; SetupError where one is set up by half."""
    found: dict[Channel, Sender] = {}
    if to := _addresses(settings.alert_email):
        found["email"] = EmailSender(settings.smtp_url, to, settings.shop_name)
    if to := _addresses(settings.report_to):
        found["report"] = EmailSender(settings.smtp_url, to, settings.shop_name, "AISLE_REPORT_TO")
    if settings.alert_webhook:
        found["webhook"] = WebhookSender(settings.alert_webhook, settings.alert_secret, clock)
    return found


def _addresses(listed: str) -> list[str]:
    return [one.strip() for one in listed.split(",") if one.strip()]


class Alarm:
    """Everything of alerts that is run beside the shop: watching, checking, delivering; and their history."""

    def __init__(self, alerts: Alerts, outbox: Outbox) -> None:
        self._alerts = alerts
        self._outbox = outbox
        self.log = alerts.log
        self.rules = alerts.rules

    def watch(self) -> int:
        """Tell of danger at once; for every few seconds."""
        return self._alerts.watch()

    def check(self) -> int:
        """Look for jumps and low scores; for every minute."""
        return self._alerts.check()

    def deliver(self) -> int:
        """Send what waits; for every few seconds."""
        return self._outbox.deliver()


def make_alarm(
    engine: Engine, settings: Settings, policies: Path, catalog: Callable[[], Iterable[Product]], title: Title,
    mask: Callable[[str], str], clock: Callable[[], datetime], opinions_behind: Callable[[], bool], report: ReportOf,
) -> Alarm:  # fmt: skip
    """The alerts of a shop; SetupError where its rules or ways of telling make no sense."""
    rules = alert_rules(settings, policies)
    senders = alert_senders(settings, clock)
    log = AlertLog(engine, clock, tuple(name for name in senders if name != "report"))
    alerts = Alerts(engine, rules, log, catalog, mask, clock, opinions_behind)

    def message(alert: Alert) -> Message:
        if alert.rule == RULE.name:
            return reported(alert, report(alert.data["week"], rules.language), settings.public_url)
        return worded(alert, rules, title, settings.public_url)

    return Alarm(alerts, Outbox(engine, senders, message, clock, random.Random()))  # noqa: S311


def reported(alert: Alert, paper: Paper, url: str) -> Message:
    """A weekly report as it goes out: the week in some sentences, and the whole page as a file."""
    week = str(alert.data["week"])
    link = f"{url.rstrip('/')}/insights" if url else ""
    text = "\n\n".join(line for line in (paper.sentences, link) if line)
    return Message(alert.id, paper.heading, text, alert.data, alert.at, Attached(f"{week}.html", paper.page))


def worded(alert: Alert, rules: Rules, title: Title, url: str) -> Message:
    """An alert as it goes out."""
    locale = rules.language
    words = told(alert, rules, locale, title)
    quotes = [str(quote["words"]) for quote in alert.data.get("quotes", ()) if quote.get("words")]
    link = f"{url.rstrip('/')}/insights?view=alerts" if url else ""
    lines = [words.line, *(f"“{quote}”" for quote in quotes), link]
    data = {
        "rule": alert.rule,
        "severity": alert.severity,
        "quotes": quotes,
        "url": link,
        "figures": {
            name: alert.data[name]
            for name in ("about", "span", "hits", "trials", "usual", "times", "falls", "n")
            if name in alert.data
        },
    }
    heading = f"{severity_word(alert, locale)}{'：' if locale == 'zh' else ': '}{words.title}"
    return Message(alert.id, heading, "\n\n".join(line for line in lines if line), data, alert.at)

"""Alerts over HTTP: their history with how they went out, and what the owner does about them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from assistant.insight.alerts import behind
from assistant.insight.alerts.log import Alert, Delivery
from assistant.insight.alerts.making import Alarm
from assistant.insight.alerts.rules import DigestRule, JumpRule, ReportRule, Rule, WordsRule
from assistant.insight.alerts.wording import told
from assistant.record.agents import Agent
from assistant.web.insights.conversations import Cursor, Form, Limit, Pages, listed
from assistant.web.insights.files import paged, require_format, sent
from assistant.web.insights.parts import Bureau, Json, missing, page_language
from assistant.web.wire import Id
from catalog import Locale

_LONGEST_HOURS = 24 * 365
_KINDS = {JumpRule: "jump", DigestRule: "digest", WordsRule: "words", ReportRule: "report"}


class MuteForm(BaseModel):
    """For how long a rule is to be silent."""

    model_config = ConfigDict(extra="forbid")
    hours: int = Field(ge=1, le=_LONGEST_HOURS)


def alert_routes(router: APIRouter, bureau: Bureau) -> None:
    """Routes of alerts."""
    _history(router, bureau)
    _acts(router, bureau)


def _history(router: APIRouter, bureau: Bureau) -> None:
    @router.get("/alerts", summary="What the owner was told, the newest first, and the rules by which")
    def alerts(
        request: Request,
        unseen: bool = False,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> Json:
        alarm, locale = _alarm(bureau), page_language(request)
        page = alarm.log.page(limit=limit, offset=offset, only_open=unseen)
        names = {agent.id: agent.name for agent in bureau.parts.record.agents.all()}
        until = alarm.log.muted().until
        return {
            "alerts": [show_alert(bureau, alarm, one, names, locale) for one in page.alerts],
            "total": page.total,
            "open": page.open,
            "channels": list(alarm.log.channels),
            "false_alarms_a_year": alarm.rules.false_alarms_a_year,
            "rules": [
                show_rule(rule) | {"muted_until": until[name].isoformat() if name in until else None}
                for name, rule in alarm.rules.rules.items()
            ],
        }

    @router.get(
        "/alerts/conversations",
        summary="The conversations behind an alert, newest first, whatever the filters",
        response_model=None,
    )
    def conversations(alert: Id, cursor: Cursor = None, limit: Limit = 50, format: Form = "json") -> Json | Response:
        alarm, engine = _alarm(bureau), bureau.parts.record.engine
        one = alarm.log.get(alert)
        pages: Pages = lambda after, n: behind.conversations(engine, one, alarm.rules, after, n)  # noqa: E731
        return listed(bureau, pages, cursor, limit, format)

    @router.get("/alerts/export", summary="All alerts, newest first, as CSV or Parquet")
    def export(request: Request, format: Form = "csv") -> Response:
        require_format(format)
        return sent(_rows(bureau, _alarm(bureau), page_language(request)), "alerts", format)


def _acts(router: APIRouter, bureau: Bureau) -> None:
    Owner = Annotated[Agent, Depends(bureau.who)]

    @router.post("/alerts/{alert_id}/acknowledge", status_code=204, summary="Note that an alert was seen to")
    def acknowledge(alert_id: Id, agent: Owner) -> None:
        _alarm(bureau).log.acknowledge(alert_id, agent.id)

    @router.post("/alerts/rules/{rule}/mute", summary="Send nothing of a rule for some hours")
    def mute(rule: str, body: MuteForm, agent: Owner) -> Json:
        alarm = _alarm(bureau)
        until = alarm.log.mute(_known(alarm, rule), agent.id, timedelta(hours=body.hours))
        return {"muted_until": until.isoformat()}

    @router.post("/alerts/rules/{rule}/unmute", status_code=204, summary="Send a rule's alerts again")
    def unmute(rule: str, agent: Owner) -> None:
        alarm = _alarm(bureau)
        alarm.log.unmute(_known(alarm, rule), agent.id)


def _rows(bureau: Bureau, alarm: Alarm, locale: Locale) -> Iterator[Json]:
    names = {agent.id: agent.name for agent in bureau.parts.record.agents.all()}

    def page(offset: int, limit: int) -> tuple[Sequence[Alert], int]:
        found = alarm.log.page(limit=limit, offset=offset)
        return found.alerts, found.total

    for one in paged(page):
        shown = show_alert(bureau, alarm, one, names, locale)
        texts = ("id", "at", "rule", "severity", "title", "line", "seen_at", "seen_by")
        sent_by = (f"{way['channel']}: {way['state']}" for way in shown["deliveries"])
        quotes = (quote["words"] for quote in shown["quotes"])
        yield {
            **{name: shown[name] or "" for name in texts},
            "muted": "yes" if shown["muted"] else "no",
            "sent": ", ".join(sent_by),
            "quotes": "\n".join(quotes),
        }


def show_alert(bureau: Bureau, alarm: Alarm, one: Alert, names: Mapping[str, str], locale: Locale) -> Json:
    """An alert in the page's language, with what became of it."""
    words = told(one, alarm.rules, locale, bureau.title)
    window = behind.window_of(one, alarm.rules)
    talks = window is not None or any(quote.get("session_id") for quote in one.data.get("quotes", ()))
    return {
        "id": one.id,
        "rule": one.rule,
        "severity": one.severity,
        "title": words.title,
        "line": words.line,
        "quotes": [_quote(bureau, quote, locale) for quote in one.data.get("quotes", ())],
        "about": {name: one.data[name] for name in ("by", "about", "chance", "watched") if name in one.data},
        "at": one.at.isoformat(),
        "from": (window.since if window else one.at).date().isoformat(),
        "to": (window.until - timedelta(seconds=1) if window else one.at).date().isoformat(),
        "talks": talks,
        "muted": bool(one.data.get("muted")),
        "seen_at": one.acknowledged_at.isoformat() if one.acknowledged_at else None,
        "seen_by": names.get(one.acknowledged_by or "", ""),
        "deliveries": [_delivery(delivery) for delivery in one.deliveries],
    }


def show_rule(rule: Rule) -> Json:
    """A rule as the page lists it."""
    return {"name": rule.name, "severity": rule.severity, "kind": _KINDS[type(rule)]}


def _quote(bureau: Bureau, quote: Mapping[str, Any], locale: Locale) -> Json:
    product_id = quote.get("product_id")
    return {
        "words": quote.get("words", ""),
        "kind": quote.get("kind"),
        "value": quote.get("value"),
        "session_id": quote.get("session_id"),
        "product_id": product_id,
        "product": bureau.title(product_id, locale) if product_id else None,
    }


def _delivery(one: Delivery) -> Json:
    return {"channel": one.channel, "state": one.state, "attempts": one.attempts, "error": one.error}


def _known(alarm: Alarm, rule: str) -> str:
    if rule not in alarm.rules.rules:
        raise HTTPException(404, f"there is no rule {rule[:80]!r}")
    return rule


def _alarm(bureau: Bureau) -> Alarm:
    if bureau.parts.alerts is None:
        raise missing("alerts")
    return bureau.parts.alerts

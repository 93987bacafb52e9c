"""An alert in words, English or Chinese: as the page lists it, and as it is mailed. Knows products by a name it is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.insight.alerts.log import Alert
from assistant.insight.alerts.rules import Rules
from assistant.insight.opinions.aspects import aspect_name
from catalog import Locale

Title = Callable[[str, Locale], str]
"""The name of a product in a language."""


@dataclass(frozen=True, slots=True)
class Told:
    """An alert in words: a heading, and a sentence that explains it."""

    title: str
    line: str


def told(alert: Alert, rules: Rules, locale: Locale, title: Title) -> Told:
    """What an alert says."""
    data = alert.data
    if "span" in data:
        return _jump(data, watched_by(alert, rules), locale, title)
    if "week" in data:
        return Told(_say("report_title", locale, week=data["week"]), _say("report_line", locale))
    if "day" in data:
        name = "digest_one" if data["n"] == 1 else "digest_title"
        return Told(_say(name, locale, n=data["n"]), _say("digest_line", locale, day=data["day"]))
    source = _word("source", data["source"], locale)
    heading = _say("danger_title", locale, words=data["words"], source=source)
    reviews = data.get("reviews", ())
    return Told(heading, _say("danger_lines", locale, n=len(reviews)) if reviews else _say("danger_line", locale))


def severity_word(alert: Alert, locale: Locale) -> str:
    """How grave it is."""
    return _word("severity", alert.severity, locale)


def watched_by(alert: Alert, rules: Rules) -> str:
    """What an alert of a jump counted, as its rule says, or where that is gone what it was most likely."""
    rule = rules.rules.get(alert.rule)
    return str(getattr(rule, "watched", "complaints" if alert.data["by"] else "failed"))


def _jump(data: Mapping[str, Any], watched: str, locale: Locale, title: Title) -> Told:
    about = str(data["about"])
    name = aspect_name(about, locale) if data["by"] == "aspect" else title(about, locale) if data["by"] else ""
    series = _word("series", watched, locale).format(about=name)
    span, falls = _word("span", data["span"], locale), bool(data.get("falls"))
    heading = (
        _say("fall_title", locale, series=series, span=span, by=f"{1 - data['times']:.0%}")
        if falls
        else _say("jump_title", locale, series=series, span=span, times=f"{data['times']:.1f}")
    )
    line = _say(
        "jump_line", locale, hits=data["hits"], trials=data["trials"], of=_word("of", watched, locale),
        rate=_percent(data["hits"] / data["trials"]), usual=_percent(data["usual"]),
    )  # fmt: skip
    return Told(heading, line)


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %" if share < 0.01 else f"{100 * share:.1f} %"


def _say(name: str, locale: Locale, **values: Any) -> str:
    return str(_table()[name][locale]).format(**values)


def _word(kind: str, name: str, locale: Locale) -> str:
    return str(_table()[kind][name][locale])


@cache
def _table() -> Any:
    import yaml

    return yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))

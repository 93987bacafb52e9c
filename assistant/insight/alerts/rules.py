"""The rules of alerts, read from the shop's alerts.yaml; what makes no sense there is said with the name of its rule."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, cast, get_args

from assistant.errors import SetupError
from catalog import Locale

Severity = Literal["notice", "warning", "critical"]
Watched = Literal[
    "failed", "no_match", "zero_results", "handoff", "low_rating", "thumbs_down", "complaints", "clicked", "bought"
]
By = Literal["", "aspect", "product"]
Span = Literal["hour", "day", "week"]

PACKAGED = Path(__file__).with_name("alerts.yaml")
_REACH = 60  # characters around a word in which it is told that the word is only named


@dataclass(frozen=True, slots=True)
class JumpRule:
    """Tells where something happens more often than it did, or where it `falls` less often; with `by`, for each aspect or
    product by itself.
    """

    name: str
    severity: Severity
    watched: Watched
    by: By
    least: int
    times: float
    falls: bool = False


@dataclass(frozen=True, slots=True)
class DigestRule:
    """Tells once a day of low scores, at `hour` UTC."""

    name: str
    severity: Severity
    score: float
    hour: int


@dataclass(frozen=True, slots=True)
class WordsRule:
    """Tells at once where somebody writes of danger."""

    name: str
    severity: Severity
    words: re.Pattern[str]
    only_named: re.Pattern[str]

    def found_in(self, text: str) -> str:
        """The words of a text that speak of danger; "" where there are none."""
        folded = text.casefold().replace("’", "'")
        for found in self.words.finditer(folded):
            before, on = folded[max(0, found.start() - _REACH) : found.start()], folded[found.start() :]
            led_up_to = any(one.end() == len(before) for one in self.only_named.finditer(before))
            if not led_up_to and not self.only_named.match(on[: len(found[0]) + _REACH]):
                return found[0]
        return ""


@dataclass(frozen=True, slots=True)
class ReportRule:
    """Sends the report of the week before, on Mondays from `hour` UTC on. It is there where a shop names who gets it."""

    name: str
    severity: Severity
    hour: int


Rule = JumpRule | DigestRule | WordsRule | ReportRule


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, by their names."""

    language: Locale
    false_alarms_a_year: float
    windows: Mapping[Span, float]
    quiet: timedelta
    rules: Mapping[str, Rule] = field(default_factory=dict)

    def jumps(self) -> tuple[JumpRule, ...]:
        return tuple(rule for rule in self.rules.values() if isinstance(rule, JumpRule))

    def digests(self) -> tuple[DigestRule, ...]:
        return tuple(rule for rule in self.rules.values() if isinstance(rule, DigestRule))

    def reports(self) -> tuple[ReportRule, ...]:
        return tuple(rule for rule in self.rules.values() if isinstance(rule, ReportRule))

    def words(self) -> tuple[WordsRule, ...]:
        return tuple(rule for rule in self.rules.values() if isinstance(rule, WordsRule))


def load_alert_rules(file: Path = PACKAGED) -> Rules:
    """The rules of a file; SetupError names the file, the rule and what is wrong with it."""
    import yaml

    try:
        read = yaml.safe_load(file.read_text(encoding="utf-8"))
        return _rules(read)
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError, re.error) as error:
        reason = f"lacks {error}" if isinstance(error, KeyError) else str(error).splitlines()[0]
        raise SetupError(f"the rules of alerts in {file} make no sense: {reason}") from error


def _rules(read: Any) -> Rules:
    windows = {_one_of(Span, name, "windows"): float(part) for name, part in read["windows"].items()}
    if any(part < 0 for part in windows.values()) or sum(windows.values()) > 1 + 1e-9:
        raise ValueError("windows: the parts must not be negative, nor more than 1 together")
    alarms, quiet = float(read["false_alarms_a_year"]), float(read["quiet_days"])
    if alarms <= 0 or quiet < 0:
        raise ValueError("false_alarms_a_year must be above 0, quiet_days at least 0")
    rules = {name: _rule(name, row) for name, row in read["rules"].items()}
    language = cast(Locale, _one_of(Locale, read["language"], "language"))
    return Rules(language, alarms, cast(Mapping[Span, float], windows), timedelta(days=quiet), rules)


def _rule(name: str, row: Any) -> Rule:
    severity = cast(Severity, _one_of(Severity, row["severity"], name))
    if "jump" in row or "fall" in row:
        falls = "fall" in row
        watched = cast(Watched, _one_of(Watched, row["fall" if falls else "jump"], name))
        by = cast(By, _one_of(By, row.get("by", ""), name))
        least, times = int(row["least"]), float(row["times"])
        if (watched == "complaints") != bool(by) or least < 1 or times < 1:
            raise ValueError(
                f"{name}: complaints are by aspect or product, nothing else is; least and times are 1 or more"
            )
        return JumpRule(name, severity, watched, by, least, times, falls)
    if "digest" in row:
        score, hour = float(row["digest"]), int(row["hour"])
        if not 0 <= score < 1 or not 0 <= hour <= 23:
            raise ValueError(f"{name}: digest is 0 to below 1, hour 0 to 23")
        return DigestRule(name, severity, score, hour)
    if "words" in row:
        return WordsRule(name, severity, _pattern(row["words"]), _pattern(row["not"]))
    raise ValueError(f"{name}: must be a jump, a fall, a digest or words")


def _pattern(both: Any) -> re.Pattern[str]:
    """All patterns as one; English ones begin at a word."""
    english, chinese = ("|".join(both[locale].split("\n")).strip("|") for locale in ("en", "zh"))
    return re.compile(rf"(?<!\w)(?:{english})|{chinese}")


def _one_of(choices: Any, given: Any, name: str) -> Any:
    known: Sequence[Any] = get_args(choices)
    if given not in known:
        raise ValueError(f"{name}: must be one of {', '.join(map(str, known))}, not {given!r}")
    return given

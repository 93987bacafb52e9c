"""Is it seen where somebody reports a danger, and not where danger is only spoken of? Sentences of our own, in two halves.

They were written before any system had read them, by a hand that had seen the patterns. Mended is on the half "dev", told
is the half "test". Beside what alerts take for danger stands the same without what says that danger is only named.
"""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from assistant.insight.alerts.rules import WordsRule, load_alert_rules
from assistant.insight.alerts.safety import danger_words
from catalog import Locale
from evals.metrics import proportion, side_by_side

Split = Literal["dev", "test"]
LANGUAGES: tuple[Locale, ...] = ("en", "zh")
_REPORTED = "reported"
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, and of which kind it is: only those that are reported are dangers."""

    language: Locale
    split: Split
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """The words that each system took for danger in a case; "" for none."""

    case: Case
    said: Mapping[str, str]


def run(
    data: Path | None = None, home: Path | None = None, *, limit: int | None = None, progress: Any = None,
    split: Split = "test",
) -> dict[str, Any]:  # fmt: skip
    """One half of each language, or the first `limit` of it."""
    started = time.time()
    results = [
        Result(case, {name: judge(case.text) for name, judge in _systems().items()})
        for language in LANGUAGES
        for case in [one for one in cases() if one.language == language and one.split == split][:limit]
    ]
    of = {language: [one for one in results if one.case.language == language] for language in LANGUAGES}
    return {
        "split": split,
        "minutes": round((time.time() - started) / 60, 1),
        "summary": {language: summary(of[language]) for language in LANGUAGES},
        "results": [asdict(one) for one in results],
    }


def table(report: Mapping[str, Any]) -> str:
    """For each language a Markdown table: a row for every measure, a column for every system."""
    return "\n\n".join(side_by_side(report["summary"][one], f"{one}, {report['split']}") for one in LANGUAGES)


def cases() -> list[Case]:
    """All sentences; of each kind every other one is for mending."""
    import yaml

    read = yaml.safe_load(Path(__file__).with_name("safety_cases.yaml").read_text(encoding="utf-8"))
    return [
        Case(language, "test" if place % 2 else "dev", kind, text)
        for language in LANGUAGES
        for kind, texts in read[language].items()
        for place, text in enumerate(texts)
    ]


def summary(results: Sequence[Result]) -> dict[str, dict[str, str]]:
    """For every system precision and recall of dangers, and how much of each kind of other sentences was taken for one."""
    found: dict[str, dict[str, str]] = {}
    for system in results[0].said if results else ():
        told = [(one.case.kind, bool(one.said[system])) for one in results]
        found[system] = {
            "sentences": f"{len(told)}, {sum(kind == _REPORTED for kind, _ in told)} of danger",
            "precision": str(proportion([kind == _REPORTED for kind, alarmed in told if alarmed])),
            "recall": str(proportion([alarmed for kind, alarmed in told if kind == _REPORTED])),
        }
        for name in dict.fromkeys(kind for kind, _ in told if kind != _REPORTED):
            alarms = [alarmed for kind, alarmed in told if kind == name]
            found[system][f"taken for danger: {name}"] = f"{sum(alarms)} of {len(alarms)}"
    return found


def _systems() -> dict[str, Callable[[str], str]]:
    (rule,) = load_alert_rules().words()
    blunt: WordsRule = replace(rule, only_named=_NEVER)
    return {"ours": lambda text: danger_words(rule, text), "any such word": lambda text: danger_words(blunt, text)}

"""Is it seen what a sentence speaks of? Sentences of reviews and comments with the aspects that they name, labelled by hand.

The sentences are some of those of `evals.opinions`, drawn by seed; `aspect_labels.yaml` has the labels, made before any
system had read them, by a hand that knew the aspects and had seen their words. What a sentence may or may not be said to
speak of counts neither way. Beside the system stands the least that one could do: aspects that are called by their names.
"""

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.insight.opinions.aspects import OVERALL, aspect_ids, aspect_name, aspects_in
from assistant.insight.opinions.reading import clauses_of
from catalog import Locale, sentences
from evals.metrics import proportion, side_by_side
from evals.opinions import by_hand_texts

LANGUAGES: tuple[Locale, ...] = ("en", "zh")
_NONE = "none"


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence with the aspects that it speaks of; `perhaps` are those of which either answer is right."""

    language: Locale
    text: str
    aspects: frozenset[str]
    perhaps: frozenset[str]


@dataclass(frozen=True, slots=True)
class Result:
    """The aspects that each system found in a case."""

    case: Case
    said: Mapping[str, frozenset[str]]


def run(data: Path, home: Path | None = None, *, limit: int | None = None, progress: Any = None) -> dict[str, Any]:
    """Every sentence, or the first `limit` of each language."""
    started = time.time()
    results = [
        Result(case, {"ours": ours(case.text), "names alone": named(case.text, case.language)})
        for language in LANGUAGES
        for case in cases_of(language, data)[:limit]
    ]
    return {
        "minutes": round((time.time() - started) / 60, 1),
        "summary": {
            language: summary([one for one in results if one.case.language == language]) for language in LANGUAGES
        },
        "results": [_kept(one) for one in results],
    }


def table(report: Mapping[str, Any]) -> str:
    """For each language a Markdown table: a row for every measure, a column for every system."""
    return "\n\n".join(side_by_side(report["summary"][language], language) for language in LANGUAGES)


def cases_of(language: Locale, data: Path) -> list[Case]:
    """The labelled sentences of a language that are in the data."""
    labels = _labels()
    sure, perhaps = _by_key(labels[language]), _by_key(labels["perhaps"][language])
    texts = {hashlib.sha256(text.encode()).hexdigest()[:12]: text for text in by_hand_texts(language, data)}
    return [
        Case(language, texts[key], frozenset(sure[key]) - {_NONE}, frozenset(perhaps.get(key, ())))
        for key in sure
        if key in texts
    ]


def ours(text: str) -> frozenset[str]:
    """The aspects that the reading of opinions finds, clause by clause."""
    clauses = [clause for part in sentences(text) or [text] for clause in clauses_of(part)]
    return frozenset(aspect for clause in clauses for aspect in aspects_in(clause))


def named(text: str, language: Locale) -> frozenset[str]:
    """The aspects whose own names stand in a text."""
    folded = text.casefold()
    names = {id: aspect_name(id, language).removeprefix("the ").casefold() for id in aspect_ids() if id != OVERALL}
    return frozenset(id for id, name in names.items() if name in folded)


def summary(results: Sequence[Result]) -> dict[str, dict[str, str]]:
    """For every system precision and recall over all pairs of sentence and aspect, and sentences that are wholly right."""
    found: dict[str, dict[str, str]] = {}
    for system in results[0].said if results else ():
        told = [(one.case, one.said[system]) for one in results]
        claimed = [aspect in case.aspects for case, said in told for aspect in sorted(said - case.perhaps)]
        wanted = [aspect in said for case, said in told for aspect in sorted(case.aspects)]
        whole = [said - case.perhaps == case.aspects for case, said in told]
        found[system] = {
            "sentences": f"{len(told)}, {sum(not case.aspects for case, _ in told)} of no aspect",
            "precision": str(proportion(claimed)),
            "recall": str(proportion(wanted)),
            "sentences wholly right": str(proportion(whole)),
        }
    return found


def _kept(one: Result) -> dict[str, Any]:
    case = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in asdict(one.case).items()}
    return case | {system: sorted(said) for system, said in one.said.items()}


def _labels() -> Any:
    import yaml

    return yaml.safe_load(Path(__file__).with_name("aspect_labels.yaml").read_text(encoding="utf-8"))


def _by_key(labels: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for aspect, key in _pairs(labels):
        found.setdefault(key, []).append(aspect)
    return found


def _pairs(labels: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    return ((aspect, key) for aspect, keys in labels.items() for key in keys)

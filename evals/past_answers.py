"""Is the right earlier answer found for a question in other words? The demo shop's rules and closed conversations, paraphrased.

Baselines: BM25 alone, the embedding alone, and the search that the assistant has for rules. Bounds were set on the
development half (past_cases.yaml); questions and examples of topics are by the same hand, but none is in both. ABCD's
guidelines are asked too where they are there, which nothing was tuned on.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml

from assistant import Settings
from assistant.service.draft import SHOWN
from assistant.service.learnt import Learnt, load_learnt
from assistant.service.past import Case, PastAnswers
from catalog import CatalogTables, Embedder, Locale, Policy, VectorTable, load_embedder, load_policies, tokens
from catalog.policies import PolicySearch
from evals import guidelines
from evals.converters import abcd_guidelines
from evals.metrics import mean, proportion, side_by_side

DEPTH = 3
_DEMO = Path(__file__).parents[1] / "catalog" / "demo" / "policies"
_CASES = Path(__file__).with_name("past_cases.yaml")
_MODEL, _WORDS, _BOTH = "past answers", "BM25", "embedding"
_RULES, _PLAIN = "search for rules", "past answers without topics"
_K1, _B = 1.5, 0.75  # Robertson and Zaragoza (2009)

Split = Literal["dev", "test"]
Find = Callable[[str, Locale], Sequence[tuple[str, float]]]
"""The sources found for a question, best first, each with its score."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the source that answers it; None where none does."""

    id: str
    text: str
    locale: Locale
    split: Split
    source: str | None
    group: str


@dataclass(frozen=True, slots=True)
class Result:
    """What one system found for one question; a failure is no answer."""

    system: str
    question: str
    text: str
    locale: Locale
    split: Split
    group: str
    wanted: str | None
    found: tuple[str, ...]
    score: float | None
    failure: str | None = None

    def within(self, k: int) -> bool | None:
        if self.wanted is None or self.failure is not None:
            return None
        return self.wanted in self.found[:k]


def run(
    data: Path, home: Path, *, limit: int | None = None, split: Split = "test", progress: Any = None
) -> dict[str, Any]:
    """Every system on every question, or on the first `limit`."""
    started = time.time()
    embedder = load_embedder(Settings().embedder)  # type: ignore[call-arg]
    home.mkdir(parents=True, exist_ok=True)
    tables = CatalogTables(f"sqlite:///{home / 'vectors.db'}")
    vectors = VectorTable(tables, embedder)
    topics = load_learnt("topics", embedder.name, vectors.of_texts, home)
    policies, closed, asked = read()
    results: list[Result] = []
    for name, find in systems(policies, closed, embedder, vectors, topics).items():
        results += [_result(name, one, find) for one in asked[:limit]]
    for locale in ("en", "zh"):
        other = [policy for policy in policies if policy.locale != locale]
        crossing = [one for one in asked[:limit] if one.locale == locale and one.group == "rules"]
        for name, find in systems(other, [], embedder, vectors, topics).items():
            if name != _RULES:  # it looks in the language of the question alone
                results += [_result(name, _crossed(one), find) for one in crossing]
    if (data / "abcd_kb").is_dir():
        results += _abcd(data / "abcd_kb", embedder, vectors, topics)
    tables.engine.dispose()
    return {
        "embedder": embedder.name, "split": split, "minutes": round((time.time() - started) / 60, 1),
        "summary": {one: summary(results, one) for one in ("dev", "test")}, "results": [asdict(r) for r in results],
    }  # fmt: skip


def read() -> tuple[tuple[Policy, ...], list[Case], list[Question]]:
    """The demo shop's rules, the closed conversations, and the questions."""
    held = yaml.safe_load(_CASES.read_text(encoding="utf-8"))
    at = datetime(2026, 1, 1, tzinfo=UTC)
    closed = [Case(one["id"], one["question"], one["answer"], one["locale"], at) for one in held["closed"]]
    ids = {case.id for case in closed}
    asked = []
    for one in held["cases"]:
        source = one.get("source")
        group = "unanswered" if source is None else "closed" if source in ids else "rules"
        asked.append(Question(one["id"], one["text"], one["locale"], one["split"], source, group))
    return load_policies(_DEMO), closed, asked


def systems(
    policies: Sequence[Policy], closed: Sequence[Case], embedder: Embedder, vectors: VectorTable, topics: Learnt
) -> dict[str, Find]:
    """The systems that are compared, each over the same entries."""
    passages = lru_cache(maxsize=1024)(lambda text: embedder.passages([text]))
    past = PastAnswers(policies, lambda texts: passages(texts[0]), vectors.of_texts, topics, closed)
    blind = Learnt(("all",), np.zeros((vectors.of_texts(["a"]).shape[1], 1), np.float32), np.zeros(1, np.float32))
    plain = PastAnswers(policies, lambda texts: passages(texts[0]), vectors.of_texts, blind, closed)
    entries = [(_short(f"policy:{one.id}"), f"{one.title} {one.text}") for one in policies]
    entries += [(case.id, f"{case.question} {case.answer}") for case in closed]
    found: dict[str, Find] = {
        _MODEL: lambda text, locale: [(_short(one.source), one.score) for one in past.best(text, locale, DEPTH)],
        _PLAIN: lambda text, locale: [(_short(one.source), one.score) for one in plain.best(text, locale, DEPTH)],
        _BOTH: _dense(entries, embedder, vectors),
        _WORDS: _bm25(entries),
    }
    rules = PolicySearch(policies, vectors, embedder.query)
    found[_RULES] = lambda text, locale: [
        (_short(f"policy:{hit.policy.id}"), hit.score) for hit in rules.nearest(text, locale, DEPTH)
    ]
    return found


def _dense(entries: Sequence[tuple[str, str]], embedder: Embedder, vectors: VectorTable) -> Find:
    held = vectors.of_texts([text for _, text in entries])
    return lambda text, locale: _ranked(entries, held @ embedder.query(text))


def _bm25(entries: Sequence[tuple[str, str]]) -> Find:
    documents = [tokens(text) for _, text in entries]
    length = np.asarray([len(document) for document in documents])
    held = {word for document in documents for word in document}
    among = {word: sum(word in document for document in documents) for word in held}

    def find(text: str, locale: Locale) -> Sequence[tuple[str, float]]:
        scores = np.zeros(len(entries))
        for word in tokens(text):
            count = np.asarray([document.count(word) for document in documents])
            n = among.get(word, 0)
            idf = np.log(1 + (len(entries) - n + 0.5) / (n + 0.5))
            scores += idf * count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * length / length.mean()))
        return _ranked(entries, scores)

    return find


def _ranked(entries: Sequence[tuple[str, str]], scores: Any) -> list[tuple[str, float]]:
    """Sources by their best entry; none that scores nothing."""
    best: dict[str, float] = {}
    for (source, _), score in zip(entries, scores.tolist(), strict=True):
        if score > best.get(source, 0.0):
            best[source] = score
    return sorted(best.items(), key=lambda one: -one[1])[:DEPTH]


def _abcd(folder: Path, embedder: Embedder, vectors: VectorTable, topics: Learnt) -> Iterator[Result]:
    """The questions on another shop's guidelines, which were written by others."""
    with tempfile.TemporaryDirectory() as scratch:
        for name, text in abcd_guidelines(folder).items():
            (Path(scratch) / name).write_text(text, encoding="utf-8")
        sections = load_policies(Path(scratch))
    titles = {section.id: section.title for section in sections}
    for name, find in systems(sections, [], embedder, vectors, topics).items():
        for one in guidelines.questions(folder):
            found = tuple(titles.get(_long(id, titles), id) for id, _ in find(one.text, "en"))
            yield Result(name, one.text, one.text, "en", "test", "ABCD", one.section, found, None)


def _long(source: str, titles: Mapping[str, str]) -> str:
    """The id of the English section that a source is."""
    file, _, number = source.rpartition(".")
    return f"{file}.en.{number}" if f"{file}.en.{number}" in titles else source


def _short(source: str) -> str:
    """A source whatever its language: `policy:delivery.en.1` is delivery.1."""
    kind, _, id = source.partition(":")
    if kind != "policy":
        return id
    file, _, number = id.rpartition(".")
    return f"{file.rpartition('.')[0]}.{number}"


def _crossed(question: Question) -> Question:
    return Question(question.id, question.text, question.locale, question.split, question.source, "other language")


def _result(system: str, question: Question, find: Find) -> Result:
    facts = (system, question.id, question.text, question.locale, question.split, question.group, question.source)
    try:
        found = find(question.text, question.locale)
    except Exception as error:  # a failed case is counted as one, and the run goes on
        return Result(*facts, (), None, f"{type(error).__name__}: {error}")
    return Result(*facts, tuple(source for source, _ in found), found[0][1] if found else 0.0)


def summary(results: Sequence[Result], split: Split) -> dict[str, dict[str, str]]:
    """For every system precision at 1 and 3 over all and by group, and how sure it is with right."""
    found = {}
    for system in dict.fromkeys(result.system for result in results):
        mine = [result for result in results if result.system == system and result.split == split]
        groups = {
            "all": [r for r in mine if r.group in ("rules", "closed")],
            "English": [r for r in mine if r.group in ("rules", "closed") and r.locale == "en"],
            "Chinese": [r for r in mine if r.group in ("rules", "closed") and r.locale == "zh"],
            "closed": [r for r in mine if r.group == "closed"],
            "other language": [r for r in mine if r.group == "other language"],
            "ABCD": [r for r in mine if r.group == "ABCD"],
        }
        found[system] = {
            f"{name}, P@{k}": str(proportion([r.within(k) for r in group]))
            for name, group in groups.items()
            for k in (1, DEPTH)
        }
        if system == _MODEL:
            found[system] |= _sure([r for r in mine if r.group in ("rules", "closed", "unanswered")])
        found[system]["failures"] = str(sum(r.failure is not None for r in mine))
    return found


def _sure(results: Sequence[Result]) -> dict[str, str]:
    """How many questions get a draft, how many of these are right, and the Brier score (1950) of the confidence."""
    shown = [r for r in results if (r.score or 0.0) >= SHOWN]
    return {
        "answerable, drafted": str(proportion([(r.score or 0.0) >= SHOWN for r in results if r.wanted])),
        "drafted, right": str(proportion([bool(r.within(1)) for r in shown])),
        "unanswerable, not drafted": str(proportion([(r.score or 0.0) < SHOWN for r in results if not r.wanted])),
        "Brier score of the confidence": str(mean([((r.score or 0.0) - bool(r.within(1))) ** 2 for r in results])),
    }


def table(report: Mapping[str, Any]) -> str:
    """A Markdown table: a row for every measure, a column for every system."""
    return side_by_side(report["summary"][report["split"]], report["split"])

"""Does another shop's policy load as it is? The guidelines of ABCD (Chen et al. 2021) as policy files, and whether the right section is found.

Asked with what customers say in the three conversations of the sample and with questions of our own, one or two a section.
"""

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from catalog import CatalogTables, Embedder, VectorTable, load_policies
from catalog.policies import PolicyHit, PolicySearch
from evals.converters import abcd_guidelines
from evals.metrics import proportion

_TOP = 3
_LEAST_WORDS = 4
_OPENING = 3  # messages
Find = Callable[[str, int], Sequence[PolicyHit]]


@dataclass(frozen=True, slots=True)
class Question:
    """What a customer says, and the title of the section that is for it."""

    source: str
    text: str
    section: str


@dataclass(frozen=True, slots=True)
class Found:
    """A question with the sections found for it, best first."""

    question: Question
    sections: tuple[str, ...]

    def within(self, k: int) -> bool:
        return self.question.section in self.sections[:k]


def measured(folder: Path, embedder: Embedder) -> dict[str, Any]:
    """Load the guidelines in `folder` and ask for their sections; sections loaded, precision at 1 and 3, all results."""
    with tempfile.TemporaryDirectory() as scratch:
        policies = Path(scratch) / "policies"
        policies.mkdir()
        for name, text in abcd_guidelines(folder).items():
            (policies / name).write_text(text, encoding="utf-8")
        sections = load_policies(policies)
        tables = CatalogTables(f"sqlite:///{scratch}/vectors.db")
        search = PolicySearch(sections, VectorTable(tables, embedder), embedder.query)
        results = [asked(one, lambda text, k: search.nearest(text, "en", k)) for one in questions(folder)]
        tables.engine.dispose()
    return {"sections": len(sections), "summary": summary(results), "results": results}


def asked(question: Question, find: Find) -> Found:
    """A question put to the search."""
    return Found(question, tuple(hit.policy.title for hit in find(question.text, _TOP)))


def summary(results: Sequence[Found]) -> dict[str, str]:
    """Precision at 1 and 3 by where the questions are from."""
    found = {}
    for source in dict.fromkeys(one.question.source for one in results):
        own = [one for one in results if one.question.source == source]
        for k in (1, _TOP):
            found[f"{source}, right section within {k}"] = str(proportion([one.within(k) for one in own]))
    return found


def questions(folder: Path) -> Iterator[Question]:
    """All questions: messages of some length, openings of conversations, and our own."""
    titles = _titles(folder)
    for conversation in json.loads((folder / "abcd_sample.json").read_text(encoding="utf-8")):
        scenario = conversation["scenario"]
        section = titles[scenario["flow"], re.sub(r"_\d+$", "", scenario["subflow"])]
        said = [text for speaker, text in conversation["original"] if speaker == "customer"]
        yield Question("openings", " ".join(said[:_OPENING]), section)
        yield from (Question("messages", text, section) for text in said if len(text.split()) >= _LEAST_WORDS)
    own = yaml.safe_load((Path(__file__).parent / "guideline_questions.yaml").read_text(encoding="utf-8"))
    yield from (Question("own questions", text, section) for section, texts in own.items() for text in texts)


def _titles(folder: Path) -> dict[tuple[str, str], str]:
    """The title of a section by the labels of its flow and subflow: both files name the subflows in one order."""
    guides = json.loads((folder / "guidelines.json").read_text(encoding="utf-8"))
    labels = json.loads((folder / "ontology.json").read_text(encoding="utf-8"))["intents"]["subflows"]
    by_label = {re.sub(r"[ -]", "_", flow.lower()): list(part["subflows"]) for flow, part in guides.items()}
    return {
        (flow, label): title
        for flow, names in labels.items()
        for label, title in zip(names, by_label[flow], strict=True)
    }

"""Questions about a product with lines that may answer them: every line is a listing of its own, the question a search."""

import csv
import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog import Constraint
from evals.retrieval_cases import Case

FILES = {
    "hetpqa": "hetPQA__evidence_ranking__dev.csv",
    "semipqa": "semiPQA__attribute_ranking__testseen.csv",
}
_SYNTAX = re.compile(r"[{}\[\]\"]|\bnormalized_value:\s*\{[^}]*\}|\b(?:value|standardized_values):|_")


@dataclass(frozen=True, slots=True)
class Questions:
    """`rows` are the candidate lines as feed rows; a case may bring back its own candidates alone."""

    rows: tuple[dict[str, Any], ...]
    cases: tuple[Case, ...]


def questions(file: Path, source: str, limit: int, rng: random.Random) -> Questions:
    """`limit` questions of a contextual-product-qa file that some candidate answers and some does not."""
    asked: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            asked[row["qid"]].append(row)
    telling = [rows for rows in asked.values() if len({row["label"] for row in rows}) == 2]
    chosen = rng.sample(telling, min(limit, len(telling)))
    return Questions(
        tuple(_row(candidate, source) for rows in chosen for candidate in rows),
        tuple(_case(rows, source) for rows in chosen),
    )


def _case(rows: Sequence[dict[str, str]], source: str) -> Case:
    ids = tuple(_id(row, source) for row in rows)
    gains = {_id(row, source): 1.0 for row in rows if row["label"] == "1"}
    id = f"{source}-{rows[0]['qid']}"
    return Case(id, id, "pqa_amazon", "en", rows[0]["question"], gains, (Constraint("id", "in", ids),))


def _id(candidate: dict[str, str], source: str) -> str:
    return f"{source}-{candidate['qa_pair_id']}"


def _row(candidate: dict[str, str], source: str) -> dict[str, Any]:
    """A line as the title of a listing; of an attribute its name and values, without the syntax around them."""
    text = " ".join(_SYNTAX.sub(" ", candidate["candidate"]).split()) or candidate["candidate"]
    return {"id": _id(candidate, source), "title": text, "price": "1", "currency": "USD", "locale": "en"}

"""Questions about one product with the lines that answer them, from people who looked: pqa_amazon as listings of a shop.

Each question has a listing of its own, made of its candidate lines; one that no line answers is to be declined. Every
question that is answered comes a second time with the lines that answer it withheld: then it is to be declined too.
"""

import csv
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Split = Literal["dev", "test"]
_HET = "hetPQA__evidence_ranking__dev.csv"
_SEMI = {"dev": "semiPQA__attribute_ranking__dev.csv", "test": "semiPQA__attribute_ranking__testseen.csv"}
_NORMALISED = re.compile(r"\bnormalized_value:\s*\{[^{}]*\},?\s*")
_MEASURED = re.compile(r"\bunit:\s*([\w ]+),\s*value:\s*\"?([\d.]+?)\.?\"?(?=\s*[},])")
_SYNTAX = re.compile(r"[{}\[\]\"\\]|\b(?:value|quantity|standardized_values|language_tag):")
_SPOKEN = ("review", "CQA")


@dataclass(frozen=True, slots=True)
class Question:
    """One question: `row` is its listing as a feed row, `gold` the lines of it that answer, none where none does."""

    id: str
    source: str
    text: str
    row: dict[str, Any]
    gold: tuple[str, ...]
    withheld: bool = False


def questions(folder: Path, split: Split) -> list[Question]:
    """All questions of a split, in the order of the files. Products of hetPQA are in one split only."""
    read = [*_read(folder / _HET, "hetpqa", split), *_read(folder / _SEMI[split], "semipqa", split)]
    return [question for one in read for question in one]


def is_gold(quote: str, question: Question) -> bool:
    """Whether a line that was cited is one that answers, or the best part of it."""
    said = _folded(quote)
    return any(said and (said in line or line in said) for line in map(_folded, question.gold))


def line_of(candidate: str, source: str) -> str:
    """A candidate as a listing states it: `item_weight: { unit:pounds, value:1.8 }` is "Item weight: 1.8 pounds"."""
    if source != "attribute":
        return " ".join(candidate.split())
    name, _, value = candidate.partition(":")
    value = _MEASURED.sub(r"\2 \1", _NORMALISED.sub("", value))
    value = " ".join(_SYNTAX.sub(" ", value).replace("_", " ").split()).replace(" ,", ",").replace(" ;", ";")
    value = {"true": "yes", "false": "no"}.get(value.strip(" ,;"), value.strip(" ,;"))
    return f"{name.replace('_', ' ').capitalize()}: {value}"


def _read(file: Path, source: str, split: Split) -> Iterator[list[Question]]:
    asked: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            asked[row["qid"]].append(row)
    for rows in asked.values():
        mine = ("dev", "test")[zlib.crc32(rows[0].get("ASIN", "").encode()) % 2]
        if source == "semipqa" or mine == split:
            yield _questions(rows, source)


def _questions(rows: Sequence[dict[str, str]], source: str) -> list[Question]:
    id = f"{source}-{rows[0]['qid']}"
    answering = [row for row in rows if row["label"] == "1"]
    rest = [row for row in rows if row["label"] != "1"]
    whole = _question(id, source, rows, answering)
    return [whole, _question(f"{id}-withheld", source, rest, [], withheld=True)] if answering and rest else [whole]


def _question(
    id: str, source: str, rows: Sequence[dict[str, str]], gold: Sequence[dict[str, str]], *, withheld: bool = False
) -> Question:
    lines = [
        (row.get("source", "attribute"), line_of(row["candidate"], row.get("source", "attribute"))) for row in rows
    ]
    attributes: dict[str, str] = {}
    for name, _, value in (line.partition(": ") for kind, line in lines if kind == "attribute"):
        attributes[name] = f"{attributes[name]}; {value}" if name in attributes else value or "–"
    listing = {
        "id": id,
        "title": f"Article {id}",
        "price": "10",
        "currency": "USD",
        "locale": "en",
        "attributes": attributes,
        "description": "\n".join(_ended(line) for kind, line in lines if kind not in ("attribute", *_SPOKEN)),
        "reviews": [{"rating": 4, "text": line} for kind, line in lines if kind in _SPOKEN],
    }
    told = tuple(line_of(row["candidate"], row.get("source", "attribute")) for row in gold)
    return Question(id, source, rows[0]["question"], listing, told, withheld)


def _ended(line: str) -> str:
    return line if line[-1:] in ".!?" else f"{line}."


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))

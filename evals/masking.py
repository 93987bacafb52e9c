"""Is private data masked before a conversation is kept for others? The sentences of presidio-research with their marked spans.

Names are tried without and with the shop's own words, by which a strange capitalised word is taken for a name. In service
the names and the address of an identified customer are known besides; here nobody's are. Sentences with even numbers were
looked at while the patterns were made, the others are the test.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.service.private import PLACEHOLDER, Masker
from catalog import load_policies, stem, words
from evals.metrics import proportion, side_by_side

FILES = ("synth_dataset_v2.json", "generated_small.json")
KINDS = {
    "e-mail and web addresses": ("EMAIL_ADDRESS", "DOMAIN_NAME", "IP_ADDRESS"),
    "phone numbers": ("PHONE_NUMBER",),
    "cards, accounts, papers": ("CREDIT_CARD", "IBAN_CODE", "US_SSN", "US_DRIVER_LICENSE"),
    "persons": ("PERSON",),
    "streets and postcodes": ("STREET_ADDRESS", "ADDRESS", "ZIP_CODE"),
}
_DEMO = Path(__file__).parents[1] / "catalog" / "demo"


@dataclass(frozen=True, slots=True)
class Result:
    """One span: masked where none of its letters and digits is left."""

    system: str
    split: str
    kind: str
    masked: bool


def run(
    data: Path, home: Path | None = None, *, limit: int | None = None, progress: Any = None, split: str = "test"
) -> dict[str, Any]:
    """Every sentence of both files, or the first `limit` of each."""
    started = time.time()
    ours = _ours()
    systems = {"patterns": Masker(), "patterns and the shop's words": Masker((), lambda word: stem(word) in ours)}
    results: list[Result] = []
    exact: dict[str, list[bool]] = {name: [] for name in systems}
    for file in FILES:
        rows = json.loads((data / "presidio_pii" / file).read_text(encoding="utf-8"))
        for number, row in enumerate(rows[:limit]):
            half = "dev" if number % 2 == 0 else "test"
            for name, masker in systems.items():
                gone = masked_at(row["full_text"], masker.mask(row["full_text"]))
                results += [Result(name, half, kind, all(gone[a:b])) for kind, a, b in _spans(row)]
                private = {place for _, a, b in _spans(row) for place in range(a, b)}
                if half == split:
                    taken = [place for place, hidden in enumerate(gone) if hidden and row["full_text"][place].isalnum()]
                    exact[name] += [place in private for place in taken]
    return {
        "split": split, "minutes": round((time.time() - started) / 60, 1),
        "summary": summary([r for r in results if r.split == split], exact), "results": [asdict(r) for r in results],
    }  # fmt: skip


def masked_at(text: str, masked: str) -> list[bool]:
    """For each character of a text whether masking took it; what is neither letter nor digit counts as taken."""
    gone, at = [True] * len(text), 0
    for part in PLACEHOLDER.split(masked):
        start = text.find(part, at) if part else at
        if start < 0:
            return [not char.isalnum() for char in text]  # the text was changed otherwise: count nothing as masked
        gone[start : start + len(part)] = [not char.isalnum() for char in part]
        at = start + len(part)
    return gone


def summary(results: Sequence[Result], exact: Mapping[str, Sequence[bool]]) -> dict[str, dict[str, str]]:
    """For each system the share of spans masked, by kind, and the share of masked characters that were private."""
    return {
        system: {
            **{
                name: str(proportion([r.masked for r in results if r.system == system and r.kind in kinds]))
                for name, kinds in KINDS.items()
            },
            "masked characters that were private": f"{sum(hits) / len(hits):.3f}" if hits else "–",
        }
        for system, hits in exact.items()
    }


def table(report: Mapping[str, Any]) -> str:
    """A Markdown table: a row for every kind, a column for every system."""
    return side_by_side(report["summary"], report["split"])


def _spans(row: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    return [(span["entity_type"], span["start_position"], span["end_position"]) for span in row["spans"]]


def _ours() -> frozenset[str]:
    """The stemmed words of the demo shop: of its rules and its listings."""
    texts = [f"{policy.title} {policy.text}" for policy in load_policies(_DEMO / "policies")]
    for file in sorted((_DEMO / "products").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            texts.append(" ".join(str(row.get(name, "")) for name in ("title", "description", "brand", "category")))
    return frozenset(stem(word) for text in texts for word in words(text))

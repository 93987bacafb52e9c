"""What is put before a shopper: one question in both languages, the scale of its answers, and what is said around it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from catalog import Locale

ScaleKind = Literal["stars", "csat", "nps", "own"]
Subject = Literal["assistant", "agent"]


@dataclass(frozen=True, slots=True)
class Words:
    """The same in English and Chinese."""

    en: str
    zh: str

    def said(self, locale: Locale) -> str:
        """The words in that language."""
        return self.zh if locale == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Scale:
    """Whole numbers from `low` to `high`; `labels` name the two ends, or each of the numbers."""

    kind: ScaleKind
    low: int
    high: int
    labels: tuple[Words, ...] = ()

    def score(self, value: int) -> float:
        """The value as 0 to 1; ValueError where the scale does not have it."""
        if not self.low <= value <= self.high:
            raise ValueError(f"must be a whole number from {self.low} to {self.high}")
        return (value - self.low) / (self.high - self.low)


SCALES: Mapping[str, Scale] = {
    "stars": Scale("stars", 1, 5), "csat": Scale("csat", 1, 5), "nps": Scale("nps", 0, 10),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """One version of the question. Without `comment` no words are asked for; `{name}` stands for the agent's."""

    subject: Subject
    variant: str
    scale: Scale
    question: Words
    comment: Words | None
    thanks: Words

    def to_json(self) -> dict[str, Any]:
        """The form as plain data."""
        return json.loads(json.dumps(asdict(self)))  # type: ignore[no-any-return]

    def digest(self) -> str:
        """What this version is known by: the same wording on the same scale has the same."""
        return hashlib.sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()


def form_from_json(data: Mapping[str, Any]) -> Form:
    """The form that `to_json` gave."""
    scale = data["scale"]
    return Form(
        data["subject"],
        data["variant"],
        Scale(scale["kind"], scale["low"], scale["high"], tuple(Words(**one) for one in scale["labels"])),
        Words(**data["question"]),
        Words(**data["comment"]) if data["comment"] else None,
        Words(**data["thanks"]),
    )

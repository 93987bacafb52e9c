"""The shop's own rules: read from Markdown that the owner edits (NAME.LOCALE.md, one policy per `##` section), and found.

A question is near a section in its title, in its text and in rare words.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from catalog.errors import CatalogError
from catalog.product import Locale, Policy
from catalog.tokens import tokens
from catalog.vectors import Matrix, VectorTable

_EMBEDDED_CHARS = 240
_WORDS = 0.03
_MAIN = 0.004  # the first section of a file says what the file is about, unless it is one question of many
_SECTION = re.compile(r"^##\s+(.+)$", re.MULTILINE)


def load_policies(folder: Path) -> tuple[Policy, ...]:
    """All sections of all policy files of `folder` (`delivery.en.md`, `delivery.zh.md`, …), in name order.

    Raises CatalogError on a file that cannot be read.
    """
    found: list[Policy] = []
    for file in sorted(folder.glob("*.md")):
        name, _, locale = file.stem.rpartition(".")
        if locale not in get_args(Locale):
            continue
        _, *parts = _SECTION.split(_text(file))
        for number, (title, text) in enumerate(zip(parts[::2], parts[1::2], strict=True), start=1):
            body = " ".join(text.split())
            found.append(Policy(f"{name}.{locale}.{number}", "zh" if locale == "zh" else "en", title.strip(), body))
    return tuple(found)


def written_at(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """When each file of `folder` that may hold policies was written, and its size: to be compared, not to be read."""
    found = ((file.name, file.stat()) for file in sorted(folder.glob("*.md")))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogError(f"the policy {file} cannot be read ({error}): save it as UTF-8 text") from error


@dataclass(frozen=True, slots=True)
class PolicyHit:
    """A section found for a question: `cosine` is the mean of those of its title and text, `score` ranks."""

    policy: Policy
    score: float
    cosine: float


class PolicySearch:
    """Finds sections for questions; `query` gives the unit vector of one."""

    def __init__(self, policies: Sequence[Policy], vectors: VectorTable, query: Callable[[str], Matrix]) -> None:
        self._policies = tuple(policies)
        self._vectors, self._query = vectors, query
        self._words = [set(tokens(f"{policy.title} {policy.text}")) for policy in self._policies]
        self._frequency = Counter(word for words in self._words for word in words)
        self._titles = vectors.of_texts([policy.title for policy in self._policies])
        self._texts = vectors.of_texts([f"{p.title}. {p.text[:_EMBEDDED_CHARS]}" for p in self._policies])

    def of(self, policies: Sequence[Policy]) -> "PolicySearch":
        """The same search over other sections."""
        return PolicySearch(policies, self._vectors, self._query)

    def nearest(self, question: str, locale: Locale, limit: int) -> list[PolicyHit]:
        """The best `limit` sections in `locale`, best first."""
        places = [place for place, policy in enumerate(self._policies) if policy.locale == locale]
        if not places:
            return []
        vector = self._query(question)
        near = (self._titles @ vector + self._texts @ vector) / 2
        asked = {word: self._rarity(word) for word in tokens(question)}
        hits = [PolicyHit(self._policies[n], float(near[n]) + self._bonus(n, asked), float(near[n])) for n in places]
        return sorted(hits, key=lambda hit: -hit.score)[:limit]

    def _bonus(self, place: int, asked: dict[str, float]) -> float:
        policy, total = self._policies[place], sum(asked.values())
        shared = sum(rarity for word, rarity in asked.items() if word in self._words[place])
        main = policy.id.endswith(".1") and not policy.title.endswith(("?", "？"))
        return (_WORDS * shared / total if total else 0.0) + (_MAIN if main else 0.0)

    def _rarity(self, word: str) -> float:
        return math.log((1 + len(self._policies)) / (1 + self._frequency[word]))

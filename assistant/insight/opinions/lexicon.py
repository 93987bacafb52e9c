"""Words that praise or complain, whatever they are said of, and how often a clause uses them; a denied one counts as its opposite."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from assistant.reading.vocabulary import table
from assistant.sense import Matrix
from catalog import has_cjk

_FILE = Path(__file__).with_name("words.yaml")
FEATURES = 4
_REACH = 24  # characters before a word in which its denial stands
_MOST = 2  # more words of one side say no more than two
_ENDINGS = r"(?:e?s|ed|ly|er)?"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many words of a clause praise and how many complain."""

    good: int
    bad: int


def tally(clause: str) -> Tally:
    """The words of a clause that praise or complain."""
    folded = clause.casefold().replace("’", "'")
    sides = [_side(folded, found) for found in _judging().finditer(folded)]
    return Tally(sides.count(True), sides.count(False))


def version() -> str:
    """A digest of all the words."""
    return hashlib.sha256(f"{_judging().pattern}\n{_denying().pattern}".encode()).hexdigest()[:12]


def features(clauses: Sequence[str]) -> Matrix:
    """What the words say of each clause, shape (len(clauses), FEATURES), on the scale of an embedding's differences."""
    rows = [_row(tally(clause)) for clause in clauses]
    found: Matrix = np.asarray(rows, dtype=np.float32).reshape(len(clauses), FEATURES) / np.float32(10)
    return found


def _row(told: Tally) -> tuple[float, ...]:
    only_good, only_bad = told.good > 0 == told.bad, told.bad > 0 == told.good
    return (min(told.good, _MOST), min(told.bad, _MOST), only_good, only_bad)


def _side(folded: str, found: re.Match[str]) -> bool:
    """Whether a word as it stands there praises."""
    denied = _denying().search(folded[max(0, found.start() - _REACH) : found.start()]) is not None
    return (found["good"] is not None) != denied


@cache
def _words() -> Any:
    import yaml

    return yaml.safe_load(_FILE.read_text(encoding="utf-8"))


@cache
def _judging() -> re.Pattern[str]:
    """Both sides in one pattern, so that of words that overlap ("不好", "好") the longer is read."""
    return re.compile(f"(?P<bad>{_any_of('bad')})|(?P<good>{_any_of('good')})")


def _any_of(side: str) -> str:
    general = _words()[side]
    of_aspects = [word.casefold() for row in table("opinions").values() for word in row[side]]
    english = [*general["en"].split(), *(word for word in of_aspects if not has_cjk(word))]
    chinese = [*general["zh"].split(), *(word for word in of_aspects if has_cjk(word))]
    return rf"(?<![\w'])(?:{_alternatives(english)}){_ENDINGS}(?![\w'])|{_alternatives(chinese)}"


@cache
def _denying() -> re.Pattern[str]:
    both = _words()["deny"]
    english, chinese = _alternatives(both["en"].split()), _alternatives(both["zh"].split())
    return re.compile(rf"(?:(?<![\w'])(?:{english})(?:\s+\w+){{0,2}}\s*|(?:{chinese})[\u4e00-\u9fff]{{0,2}})$")


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word))))

"""What a clause speaks of: quality, price, delivery, the assistant and so on, by its words; `OVERALL` where it names nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.reading.vocabulary import table
from catalog import Locale, has_cjk

OVERALL = "overall"
_NAMES = {"en": "as a whole", "zh": "总体"}
_FILE = Path(__file__).with_suffix(".yaml")
_ANY = "any"  # the row of words that judge whatever they are said of


@dataclass(frozen=True, slots=True)
class _Aspect:
    id: str
    en: str
    zh: str
    pattern: re.Pattern[str]


def aspects_in(clause: str) -> tuple[str, ...]:
    """The ids of the aspects that a clause speaks of."""
    folded = clause.casefold()
    return tuple(aspect.id for aspect in _aspects().values() if aspect.pattern.search(folded))


def aspect_ids() -> tuple[str, ...]:
    """All aspects."""
    return (OVERALL, *_aspects())


def aspect_name(id: str, locale: Locale) -> str:
    """An aspect in words; its id where it is no longer known."""
    if id == OVERALL:
        return _NAMES[locale]
    aspect = _aspects().get(id)
    return id if aspect is None else aspect.zh if locale == "zh" else aspect.en


@cache
def _aspects() -> dict[str, _Aspect]:
    """Those that reviews speak of and ours; where both have one, ours."""
    import yaml

    rows: dict[str, Any] = {id: row for id, row in table("opinions").items() if id != _ANY}
    rows |= yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {id: _Aspect(id, row["en"], row["zh"], _pattern(tuple(_words(row)))) for id, row in rows.items()}


def _words(row: Any) -> Iterator[str]:
    for part in ("words", "good", "bad"):
        yield from (word.casefold() for word in row.get(part, ()))


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    ordered = sorted(set(words), key=len, reverse=True)
    english = "|".join(re.escape(word) for word in ordered if not has_cjk(word))
    chinese = "|".join(re.escape(word) for word in ordered if has_cjk(word))
    return re.compile(rf"(?<![\w-])(?:{english})s?(?![\w-])|{chinese}")

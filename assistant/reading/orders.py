"""Text that gives orders to an assistant rather than telling of a product or a wish: found by how it is worded.

Such text is data. What a shopper may say of a search ("ignore the price", "forget the last one") is none.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

from assistant.reading.intent import bargains
from assistant.reading.seen import marked, readings
from catalog import has_cjk

Order = Literal["orders", "bargain"]
Section = Literal["anywhere", "message", "listing", "ranking", "sells", "offers", "claims"]

_LEAD_IN = (
    r"(?:^|[:;,.!?>\])*#–-])\W{0,8}(?:(?:please|now|just|then|and|but|so|also|instead|first|ok|okay|hey|hi"
    r"|you (?:must|should|will|have to)|i want you to|can you|could you|would you)\b[\s,:]*)*"
)
_TO_SERVER: tuple[Section, ...] = ("anywhere", "listing", "ranking")
_WORD = re.compile(r"[a-z]+")


def orders_in(clause: str) -> Order | None:
    """What a clause of a shopper's message orders, if anything: to leave the role, or to sell and promise otherwise."""
    said = readings(clause)
    if marked(clause) or any(worded(one, "anywhere") or worded(one, "message") for one in said):
        return "orders"
    if any(worded(one, "sells") or bargains(one) for one in said):
        return "bargain"
    return "orders" if any(worded(one, "listing") for one in said) else None


def addresses_assistant(line: str) -> bool:
    """Whether a line of a listing or a review speaks to the assistant instead of to shoppers; about 10 µs where not."""
    return any(_may_address(one.casefold()) and any(worded(one, part) for part in _TO_SERVER) for one in readings(line))


def worded(text: str, section: Section) -> bool:
    """Whether `text` is worded as a section of the table tells."""
    lowered = text.casefold()
    patterns = _patterns(section)
    spoken = ("opening", "zh", "en") if has_cjk(lowered) else ("opening", "en")
    return any(patterns[part].search(lowered) is not None for part in spoken if part in patterns)


def _may_address(lowered: str) -> bool:
    """Whether a text holds any of the words that every pattern for listings needs."""
    if has_cjk(lowered) and _signs().search(lowered):
        return True
    return not _words().isdisjoint(_WORD.findall(lowered))


@cache
def _words() -> frozenset[str]:
    return frozenset(_table()["keys"]["en"].split())


@cache
def _signs() -> re.Pattern[str]:
    return re.compile(_table()["keys"]["zh"].replace(" ", ""))


@cache
def _patterns(section: Section) -> dict[str, re.Pattern[str]]:
    """The patterns of a section: `opening` for the beginning of clauses, `en` and `zh` for anywhere in them."""
    table = _table()
    before = {"opening": _LEAD_IN, "en": r"\b", "zh": ""}
    found = {}
    for part, lines in table[section].items():
        any_of = "|".join(lines.strip().splitlines()).replace("{machine}", table["machine"])
        found[part] = re.compile(f"{before[part]}(?:{any_of})")
    return found


@cache
def _table() -> Any:
    import yaml

    return yaml.safe_load((Path(__file__).parent / "orders.yaml").read_text(encoding="utf-8"))

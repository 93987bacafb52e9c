"""Scores of one turn against the feed rows. Written apart from the assistant's own verification, which must not grade itself."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evals.cases import Row, Step, Want, is_kind, satisfies, text_of

_PRICE = re.compile(r"(?:[$¥￥]\s?(\d[\d,]*(?:\.\d+)?))|(?:(\d[\d,]*(?:\.\d+)?)\s?(?:元|美元|dollars|USD))")
_NAME = re.compile(r"\b(?:[A-Z][\w'-]+\s+){1,6}[A-Z][\w'-]+\b")
_LEADING = re.compile(r"^(?:(?:The|These|This|Of|In|It|All|Both|Our)\s+)+")
_NOT_SAID = re.compile(
    r"does(?: not|n't) (?:say|mention|specify|state|list|provide|include)|not (?:mentioned|specified|stated|listed|provided|available)"
    r"|no information|don't (?:know|have)|do not (?:know|have)|unknown|unable|cannot (?:tell|say|confirm)|will not guess"
    r"|没有(?:说明|提到|提及|写|注明|标注|这方面|相关)|未(?:说明|提及|提到|标注|注明)|不清楚|不知道|无法|不能随意",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Score:
    """One turn's scores; None where a measure does not apply to it."""

    precision: float | None = None
    empty: bool | None = None
    violations: int = 0
    off_prices: tuple[str, ...] = ()
    off_names: tuple[str, ...] = ()
    fact: bool | None = None
    abstained: bool | None = None


def score(
    step: Step, wanted: Want | None, text: str, slate: Sequence[str], shown: Sequence[str], rows: Mapping[str, Row]
) -> Score:
    """Score what was said and shown after `step`. `shown` are the ids on the shelf, `slate` the ids shown by this turn."""
    in_view = [rows[id] for id in dict.fromkeys([*slate, *shown]) if id in rows]
    off_prices = tuple(_unknown_prices(text, in_view, step.message, wanted, rows))
    off_names = tuple(_unknown_names(text, in_view, step.message))
    missing = sum(id not in rows for id in slate)
    if step.want is not None:
        offered = [rows[id] for id in slate if id in rows]
        kinds = [is_kind(row, step.want.kind or "") for row in offered]
        bad = missing + sum(not satisfies(row, step.want) for row in offered)
        good = [kind and satisfies(row, step.want) for kind, row in zip(kinds, offered, strict=True)]
        precision = sum(good) / len(good) if good else None
        return Score(precision, not slate, bad, off_prices, off_names)
    fact = abstained = None
    target = rows.get(shown[step.target]) if step.target < len(shown) else None
    if step.asks and target is not None:
        fact, abstained = _question(step.asks, text, target)
    return Score(None, None, missing, off_prices, off_names, fact, abstained)


def _question(asked: str, text: str, row: Row) -> tuple[bool | None, bool | None]:
    if asked.startswith("absent:"):
        word = asked.removeprefix("absent:")
        if word.casefold() in text_of(row):
            return None, None
        return None, _NOT_SAID.search(text) is not None
    if asked == "price":
        return any(_number(price) == float(row["price"]) for price in _prices(text)), None
    if asked == "stock":
        stocked = row.get("quantity") is None or row["quantity"] > 0
        said = re.search(r"\b(?:in stock|only \d+ left|available)\b", text, re.IGNORECASE) is not None
        denied = re.search(r"\b(?:sold out|out of stock|not (?:in stock|available))\b", text, re.IGNORECASE) is not None
        return said and not denied if stocked else denied, None
    value = row["attributes"].get(asked)
    if value is None:
        return None, None
    return _squeezed(value)[:40] in _squeezed(text), None


def _unknown_prices(
    text: str, in_view: Iterable[Row], message: str, wanted: Want | None, rows: Mapping[str, Row]
) -> Iterable[str]:
    """Prices in the text that neither a product in view has, nor the shopper named, nor is a difference of two of these."""
    known = {float(row["price"]) for row in in_view}
    named = {_number(number) for number in re.findall(r"\d[\d,]*(?:\.\d+)?", message)}
    if wanted and wanted.price_max is not None:
        named.add(wanted.price_max)
    bases = known | named
    gaps = {round(abs(a - b), 2) for a in bases for b in bases}
    titled = {float(row["price"]) for row in rows.values() if row["title"] in text}
    return [price for price in _prices(text) if _number(price) not in bases | gaps | titled]


def _unknown_names(text: str, in_view: Iterable[Row], message: str) -> Iterable[str]:
    """Capitalised names of two words or more that stand in no listing in view and not in the message."""
    known = _squeezed(" ".join(f"{text_of(row)} {row.get('brand', '')}" for row in in_view) + message)
    names = (_LEADING.sub("", name) for name in _NAME.findall(text))
    return [name for name in names if " " in name and _squeezed(name) not in known]


def _prices(text: str) -> list[str]:
    return [found[0] or found[1] for found in _PRICE.findall(text)]


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s,.，。:：;；!！?？\"'“”‘’()（）-]+", "", text.casefold())

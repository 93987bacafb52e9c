"""Prices, ratings and measures in a message: "under $60", "100到200元", "at least 1.5 L", "4星以上". Knows no catalogue."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalog import Constraint, Op, measure, minor_units


@dataclass(frozen=True, slots=True)
class Bound:
    """One limit found in a message. `unit` is "" where none was said; `currency` is an ISO code or "". `span` is where."""

    op: Op
    number: float
    unit: str
    currency: str
    span: tuple[int, int]


_CURRENCIES = {
    "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "bucks": "USD", "buck": "USD", "美元": "USD", "美金": "USD", "刀": "USD",
    "¥": "CNY", "￥": "CNY", "元": "CNY", "块": "CNY", "块钱": "CNY", "人民币": "CNY", "rmb": "CNY", "cny": "CNY", "yuan": "CNY",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "欧元": "EUR", "£": "GBP", "gbp": "GBP", "pounds": "GBP", "英镑": "GBP",
}  # fmt: skip
_SYMBOL = r"(?P<symbol>[$¥￥€£])?\s*"
_NUMBER = r"(?P<number>\d[\d,]*(?:\.\d+)?)"
_UNIT = (
    r"\s*(?P<unit>美元|美金|人民币|欧元|英镑|块钱|[元块刀]|usd|dollars?|bucks?|rmb|cny|yuan|eur(?:os?)?|gbp|pounds"
    r"|stars?|星|分(?!钟|贝)|kg|千克|公斤|克|斤|g(?![a-z])|lbs?|oz|ml|毫升|升|l(?![a-z])|cm|厘米|mm|毫米|米|m(?![a-z])|inch(?:es)?|英寸|ft"
    r"|kw|瓦|w(?![a-z])|db|分贝|hours?|小时|h(?![a-z])|min(?:utes?)?|分钟|mah|毫安时|lm|流明|个|件|人|岁|people|persons?|pieces?|players?|years?|days?|天|%)?"
)
_AMOUNT = _SYMBOL + _NUMBER + _UNIT
_BEFORE: tuple[tuple[Op, str], ...] = (
    ("le", r"(?:no|not) more than|at most|up to|max(?:imum)?(?: of)?|within|budget(?: is| of| around)?:?|不超过|不高于|不大于|最多|预算(?:是|为|在)?|控制在"),
    ("ge", r"(?:no|not) less than|at least|min(?:imum)?(?: of)?|starting at|不低于|不少于|至少|起码"),
    ("lt", r"under|below|less than|cheaper than|lighter than|smaller than|shorter than|beneath|<|低于|少于|小于|便宜过"),
    ("gt", r"over|above|more than|greater than|heavier than|larger than|bigger than|longer than|>|高于|超过|大于|多于"),
)  # fmt: skip
_AFTER: tuple[tuple[Op, str], ...] = (
    ("le", r"or less|or under|or below|max(?:imum)?|and under|以内|之内|以下|内|封顶"),
    ("ge", r"or more|or above|or over|and up|plus|\+|以上|起"),
)
_AROUND_BEFORE = r"(?:around|about|roughly|approximately|大概|大约|差不多)"
_AROUND_AFTER = r"(?:左右|上下|or so)"
_RANGE = re.compile(
    r"(?:between|from|在)?\s*" + _SYMBOL + r"(?P<low>\d[\d,]*(?:\.\d+)?)\s*(?:元|块|美元|dollars?)?\s*(?:-|–|~|到|至|and|to)\s*"
    + _SYMBOL.replace("symbol", "symbol2") + r"(?P<number>\d[\d,]*(?:\.\d+)?)" + _UNIT,
    re.IGNORECASE,
)  # fmt: skip
_LIMITS = [(op, re.compile(rf"(?:{words})\s*{_AMOUNT}", re.IGNORECASE)) for op, words in _BEFORE]
_LIMITS += [(op, re.compile(rf"{_AMOUNT}\s*(?:的)?\s*(?:{words})", re.IGNORECASE)) for op, words in _AFTER]
_AROUND = [
    re.compile(rf"{_AROUND_BEFORE}\s*{_AMOUNT}", re.IGNORECASE),
    re.compile(rf"{_AMOUNT}\s*{_AROUND_AFTER}", re.IGNORECASE),
]
_TOLERANCE = 0.2


def bounds(message: str) -> tuple[Bound, ...]:
    """All limits that `message` states, in order; "around 50" gives a lower and an upper one, 20 % either side."""
    found: list[Bound] = []
    taken: list[tuple[int, int]] = []

    def free(match: re.Match[str]) -> bool:
        return all(match.end() <= start or match.start() >= end for start, end in taken)

    for match in _RANGE.finditer(message):
        symbol, unit = match["symbol"] or match["symbol2"] or "", (match["unit"] or "").casefold()
        low, high = _number(match["low"]), _number(match["number"])
        if low < high and (symbol or unit or "between" in match[0].casefold() or "到" in match[0]):
            taken.append(match.span())
            found.append(_bound("ge", low, symbol, unit, match.span()))
            found.append(_bound("le", high, symbol, unit, match.span()))
    for pattern in _AROUND:
        for match in filter(free, pattern.finditer(message)):
            taken.append(match.span())
            found.extend(_either_side(match))
    for op, pattern in _LIMITS:
        for match in filter(free, pattern.finditer(message)):
            taken.append(match.span())
            unit = (match["unit"] or "").casefold()
            found.append(_bound(op, _number(match["number"]), match["symbol"] or "", unit, match.span()))
    return tuple(sorted(found, key=lambda bound: bound.span))


def price_constraints(found: tuple[Bound, ...], currency: str) -> Iterator[Constraint]:
    """The limits that speak of money, or of nothing else, as constraints in minor units of the shop's `currency`."""
    scale = minor_units(currency)
    for bound in found:
        if bound.currency or not bound.unit:
            yield Constraint("price", bound.op, round(bound.number * scale))


def rating_constraints(found: tuple[Bound, ...]) -> Iterator[Constraint]:
    """The limits that speak of stars."""
    for bound in found:
        if bound.unit in ("star", "stars", "星", "分") and bound.number <= 5:
            yield Constraint("rating", "ge" if bound.op == "gt" else bound.op, bound.number)


def measures(found: tuple[Bound, ...]) -> Iterator[tuple[Bound, str]]:
    """The limits that speak of a physical unit, with the base unit they are compared in."""
    for bound in found:
        measured = measure(f"{bound.number} {bound.unit}") if bound.unit and not bound.currency else None
        if measured and measured[1] in {"g", "ml", "mm", "w", "db", "min", "mah", "lm"}:
            yield bound, measured[1]


def _either_side(match: re.Match[str]) -> Iterator[Bound]:
    number, unit = _number(match["number"]), (match["unit"] or "").casefold()
    for op, factor in (("ge", 1 - _TOLERANCE), ("le", 1 + _TOLERANCE)):
        yield _bound(op, number * factor, match["symbol"] or "", unit, match.span())  # type: ignore[arg-type]


def _bound(op: Op, number: float, symbol: str, unit: str, span: tuple[int, int]) -> Bound:
    currency = _CURRENCIES.get(symbol) or _CURRENCIES.get(unit, "")
    return Bound(op, number, "" if currency else unit, currency, span)


def _number(text: str) -> float:
    return float(text.replace(",", ""))

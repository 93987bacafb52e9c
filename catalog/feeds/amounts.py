"""Prices as shops write them: currency signs and codes, decimal commas, thousands set apart by any sign.

Where one sign and three digits could mean either ("1.299"), the column it stands in decides, else the price is refused:
a price that is wrong by a thousand is worse than none. Only a currency of three decimals is written with three.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from catalog.product import decimals

Mark = Literal[".", ","]

_SIGNS = {
    "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₫": "VND", "₪": "ILS", "₴": "UAH",
    "฿": "THB", "₱": "PHP", "₦": "NGN", "zł": "PLN", "kč": "CZK", "r$": "BRL", "us$": "USD", "a$": "AUD", "c$": "CAD",
    "hk$": "HKD", "nt$": "TWD", "s$": "SGD", "nz$": "NZD", "元": "CNY", "円": "JPY", "fr": "CHF", "rs": "INR",
}  # fmt: skip
_SHARED_SIGNS = frozenset(("$", "¥", "￥", "kr", "kr."))  # of several currencies: the feed's own decides
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_BETWEEN = re.compile(r"(?<=[0-9])[\s\u00a0\u2007\u2009\u202f]+(?=[0-9])")
_PARTS = re.compile(
    r"(?P<before>[^\d.,'’+-]*)(?P<minus>-?)(?P<digits>[\d.,'’]*\d)(?:[.,][-–—]{1,2})?(?P<after>[^\d]*)", re.ASCII
)
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_PLAIN = re.compile(r"[0-9]+(\.[0-9]{1,2})?")  # as most prices are written
_WHOLE = r"\d{1,3}(?:[%s]\d{3})+|\d{1,3}(?:[%s]\d{2})*[%s]\d{3}|\d+"  # the middle one groups as India does
_LONGEST = 40  # characters of a price, sign and all


@dataclass(frozen=True, slots=True)
class Amount:
    """A price in whole units of `currency`."""

    value: Decimal
    currency: str


def decimal_mark(prices: Iterable[str]) -> Mark | None:
    """The sign before the decimals in a column of prices, where some price can be read in one way only and none speaks
    against it.
    """
    seen: set[Mark] = set()
    for price in prices:
        if mark := _told(price):
            seen.add(mark)
            if len(seen) == 2:
                return None
    return seen.pop() if seen else None


def _told(price: str) -> Mark | None:
    if plain := _PLAIN.fullmatch(price):
        return "." if plain[1] else None
    match = _parts(price)
    return _mark_of(match["digits"]) if match else None


def _parts(price: str) -> re.Match[str] | None:
    """The parts of `price`; a space between digits sets thousands apart as an apostrophe does, any other is none."""
    if len(price) > _LONGEST:
        return None
    return _PARTS.fullmatch(_SPACES.sub("", _BETWEEN.sub("'", price)))


def _mark_of(digits: str) -> Mark | None:
    """Which sign stands before the decimals of `digits`; None where they do not tell."""
    point, comma = digits.rfind("."), digits.rfind(",")
    if point >= 0 and comma >= 0:
        return "." if point > comma else ","
    if max(point, comma) < 0 or _ambiguous(digits):
        return None
    sign: Mark = "." if point >= 0 else ","
    other: Mark = "," if sign == "." else "."
    return other if digits.count(sign) > 1 else sign


def _ambiguous(digits: str) -> bool:
    return _AMBIGUOUS.fullmatch(digits) is not None


def amount(text: str, currency: str, mark: Mark | None = None) -> Amount:
    """The price that `text` states, in the currency it names, else in `currency`; `mark` is its column's decimal sign.

    Raises ValueError with the reason where it is no price, or could be two.
    """
    text = text.strip()
    if len(text) <= _LONGEST and _PLAIN.fullmatch(text):
        return Amount(Decimal(text), currency)
    match = _parts(text)
    if text.startswith("-") or (match and match["minus"]):
        raise ValueError(f"{text[:_LONGEST]!r} is below zero")
    if match is None:
        raise ValueError(f"a price such as 49.90 is expected, not {text[:_LONGEST]!r}")
    currency = _currency(match["before"], match["after"], currency, text)
    return Amount(Decimal(_plain(match["digits"], currency, mark, text)), currency)


def _currency(before: str, after: str, currency: str, text: str) -> str:
    named = [_code(part, currency, text) for part in (before, after) if part]
    if len(set(named)) > 1:
        raise ValueError(f"{text!r} names two currencies")
    return named[0] if named else currency


def _code(part: str, currency: str, text: str) -> str:
    if re.fullmatch(r"[A-Za-z]{3}", part):
        return part.upper()
    sign = part.lower()
    if sign in _SHARED_SIGNS:
        return currency
    if sign not in _SIGNS:
        raise ValueError(f"{part!r} in {text!r} is no currency that is known here")
    return _SIGNS[sign]


def _plain(digits: str, currency: str, mark: Mark | None, text: str) -> str:
    """`digits` as Python writes a number."""
    if _ambiguous(digits):
        sign = "." if "." in digits else ","
        grouped, parted = digits.replace(sign, ""), digits.replace(sign, ".")
        if mark == sign and decimals(currency) == 3:
            return parted
        if decimals(currency) and mark in (None, sign):
            way_out = "give decimals" if decimals(currency) == 2 else "a mapping can say which sign is the decimal one"
            raise ValueError(f"{text!r} can be {grouped} or {parted}: {way_out}")
        return grouped
    point = _mark_of(digits)
    whole, _, rest = digits.rpartition(point) if point and point in digits else (digits, "", "")
    grouping = ".,'’".replace(point, "") if point else ".,'’"
    if not re.fullmatch(_WHOLE % (grouping, grouping, grouping), whole or "0") or not re.fullmatch(r"\d*", rest):
        raise ValueError(f"the signs within {text!r} do not set thousands apart")
    return f"{re.sub(r'[^0-9]', '', whole) or '0'}.{rest or '0'}"

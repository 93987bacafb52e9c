"""Days as shops write them. A day that cannot be, or could be two, is none: a review is worth keeping without it."""

import re
from datetime import UTC, date, datetime
from typing import Any

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = rf"(?P<month>{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in _MONTHS)}|sept)\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_REST = r"(?:\D.*)?"
_FORMS = tuple(
    re.compile(form + _REST, re.IGNORECASE | re.ASCII | re.DOTALL)
    for form in (
        rf"{_YEAR}(?P<sign>[-/.])(?P<month>\d{{1,2}})(?P=sign){_DAY}",
        rf"{_YEAR}\s*年\s*(?P<month>\d{{1,2}})\s*月\s*{_DAY}\s*日",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        rf"(?:[a-z]{{3,9}}\.?,?\s+)?{_DAY}[\s.-]+(?:of\s+)?{_MONTH}[\s,.-]+{_YEAR}",
        rf"(?:[a-z]{{3,9}}\.?,?\s+)?{_MONTH}\s*{_DAY}[\s,]+{_YEAR}",
        rf"{_DAY}\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}",
    )
)
_EITHER = re.compile(rf"(\d{{1,2}})([/-])(\d{{1,2}})\2(\d{{4}}){_REST}", re.ASCII | re.DOTALL)
_SECONDS = re.compile(r"\d{9,10}(?:\.\d{1,9})?|\d{12,13}", re.ASCII)
_LONGEST = 60  # characters of a date
_FIRST, _LAST = 1990, 2100  # what a shop's software gives for no date (0001, 1970) is none


def day(value: Any) -> str | None:
    """The day that `value` names, as YYYY-MM-DD in its own time zone; seconds and milliseconds since 1970 are in UTC."""
    text = str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    if not 6 <= len(text) <= _LONGEST:
        return None
    try:
        found = _since_1970(text) or _written(text)
    except (ValueError, OverflowError, OSError):
        return None
    return found.isoformat() if found and _FIRST <= found.year <= _LAST else None


def _since_1970(text: str) -> date | None:
    if not _SECONDS.fullmatch(text):
        return None
    seconds = float(text) if len(text.partition(".")[0]) < 12 else float(text) / 1000
    return datetime.fromtimestamp(seconds, UTC).date()


def _written(text: str) -> date | None:
    for form in _FORMS:
        if match := form.fullmatch(text):
            return date(int(match["year"]), _month(match["month"].lower()), int(match["day"]))
    if match := _EITHER.fullmatch(text):
        return _either(int(match[1]), int(match[3]), int(match[4]))
    return None


def _month(text: str) -> int:
    return int(text) if text.isdigit() else 1 + next(n for n, name in enumerate(_MONTHS) if name.startswith(text))


def _either(first: int, second: int, year: int) -> date | None:
    """12/03/2026 is March in some countries and December in others; 31/03 and 03/03 are one day everywhere."""
    if first > 12:
        return date(year, second, first)
    return date(year, first, second) if second > 12 or first == second else None

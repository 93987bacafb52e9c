"""Answers that others collected, as rows of a CSV file: what each says, or what is wrong with which of its fields."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.surveys.form import SCALES, Scale, ScaleKind, Subject
from catalog import FeedError, Locale, Reject
from catalog.feeds.dates import day
from catalog.feeds.separated import Record, columns, plain_name, records

COLUMNS = ("key", "at", "session_id", "turn_id", "subject", "scale", "value", "comment", "locale", "source")
EXAMPLE = "example-"  # how the keys of the template's own rows begin
_EXAMPLES = (
    (f"{EXAMPLE}1", "2026-11-24T15:30:00Z", "", "", "assistant", "stars", "4", "Found it at once.", "en", "e-mail survey"),
    (f"{EXAMPLE}2", "2026-11-25", "", "", "agent", "1 to 7", "6", "", "zh", "phone"),
)  # fmt: skip
_NEEDED = ("key", "at", "scale", "value")
_LONGEST = {"key": 200, "source": 60, "session_id": 200, "turn_id": 200, "comment": 2_000}
_OWN = re.compile(r"(\d{1,3})\s*(?:to|-|–|—|~|\.\.+|到|至)\s*(\d{1,3})", re.IGNORECASE)
_WHOLE = re.compile(r"\d{1,3}(?:[.,]0+)?")
_FIRST = datetime(2000, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)  # that a clock elsewhere may be before ours
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Answer:
    """One row: a value on a scale, a comment, or both; `line` is where it stands. It may belong to no conversation."""

    line: int
    key: str
    at: datetime
    session_id: str | None
    turn_id: str | None
    subject: Subject
    scale: Scale | None
    value: int | None
    comment: str | None
    locale: Locale | None
    source: str


class _Wrong(ValueError):
    """What a row says in `field` makes no sense."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


def template() -> str:
    """The file to fill in: the names of the columns and two examples, which an import leaves out."""
    return "\r\n".join(",".join(row) for row in (COLUMNS, *_EXAMPLES)) + "\r\n"


def read_answers(path: Path, now: datetime) -> Iterator[Answer | Reject]:
    """The rows of a file in its order. FeedError where it cannot be read or lacks a column that each row needs."""
    given = {plain_name(name) for name in columns(path)}
    lacking = [name for name in _NEEDED if plain_name(name) not in given]
    if lacking:
        raise FeedError(
            f"there is no column {' nor '.join(lacking)}: the first line names the columns, as the template's"
        )
    for row in records(path, known=lambda cells: cells.get("key")):
        if isinstance(row, Reject):
            yield row
            continue
        try:
            yield _answer(row, now)
        except _Wrong as error:
            yield Reject(row.source, row.line, error.field, str(error), row.cells.get("key"))


def harmless(cell: str) -> str:
    """The cell as a spreadsheet shows it rather than calculates it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _answer(row: Record, now: datetime) -> Answer:
    cells = {name: row.cells.get(plain_name(name), "") for name in COLUMNS}
    for name, most in _LONGEST.items():
        if len(cells[name]) > most:
            raise _Wrong(name, f"is longer than {most} characters")
        if "\0" in cells[name]:
            raise _Wrong(name, "holds a NUL character")
    if not cells["key"]:
        raise _Wrong("key", "is empty: it names the answer, so that it comes in once")
    if cells["key"].startswith(EXAMPLE):
        raise _Wrong("key", "is the template's example: take the row out")
    scale, value = _valued(cells)
    return Answer(
        row.line,
        cells["key"],
        _at(cells["at"], now),
        cells["session_id"] or None,
        cells["turn_id"] or None,
        _subject(cells["subject"]),
        scale,
        value,
        cells["comment"] or None,
        _locale(cells["locale"]),
        cells["source"] or "import",
    )


def _valued(cells: Mapping[str, str]) -> tuple[Scale | None, int | None]:
    """The scale and the value on it; neither where the row is a comment alone."""
    if not cells["value"]:
        if not cells["comment"]:
            raise _Wrong("value", "is empty, and there is no comment either")
        return None, None
    scale = _scale(cells["scale"])
    if not _WHOLE.fullmatch(cells["value"]):
        raise _Wrong("value", f"{cells['value']!r} is no whole number")
    value = int(re.split(r"[.,]", cells["value"])[0])
    if not scale.low <= value <= scale.high:
        raise _Wrong("value", f"{value} is not from {scale.low} to {scale.high}")
    return scale, value


def _scale(text: str) -> Scale:
    named = SCALES.get(text.casefold())
    if named is not None:
        return named
    own = _OWN.fullmatch(text)
    if own is None or int(own[1]) >= int(own[2]):
        raise _Wrong("scale", f"{text!r} is none of stars, csat, nps and a range such as 1 to 7")
    kind: ScaleKind = "own"
    return Scale(kind, int(own[1]), int(own[2]))


def _at(text: str, now: datetime) -> datetime:
    """A moment; one without a time zone is in UTC, a day is its beginning."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        written = day(text)
        if written is None:
            raise _Wrong("at", f"{text!r} is no time such as 2026-11-24T15:30:00Z") from None
        found = datetime.fromisoformat(written)
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    if not _FIRST <= found <= now + _AHEAD:
        raise _Wrong("at", f"{text!r} is not between {_FIRST.year} and now")
    return found


def _subject(text: str) -> Subject:
    said = text.casefold() or "assistant"
    if said not in ("assistant", "agent"):
        raise _Wrong("subject", f"{text!r} is neither assistant nor agent")
    return "agent" if said == "agent" else "assistant"


def _locale(text: str) -> Locale | None:
    said = text.replace("_", "-").split("-")[0].casefold()
    if said not in ("", "en", "zh"):
        raise _Wrong("locale", f"{text!r} is neither en nor zh")
    return "zh" if said == "zh" else "en" if said else None

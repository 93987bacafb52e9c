"""Tables in text: CSV, TSV and their like, record by record, each with the line it starts on.

A record that cannot be read is a Reject and the next line is tried; column names compare without case, spaces and signs.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from catalog.errors import FeedError
from catalog.feeds.opening import LONGEST_LINE, encoding_of, opened
from catalog.feeds.rejects import Reject, storable_id

_LONGEST_CELL = 1_000_000  # characters
_MOST_RETRIES = 100  # records whose lines are read again, so that a feed of stray quotes costs no more than a feed
_DELIMITERS = "\t,;|"
_FOREIGN = {"replace": re.compile("\ufffd"), "surrogateescape": re.compile("[\udc80-\udcff]")}  # bytes that are no text
_BEGINNING = 1_000  # characters of a line that an id is looked for in

Known = Callable[[Mapping[str, str]], str | None]  # which product a record's cells are of, where they tell


@dataclass(frozen=True, slots=True)
class Record:
    """One record's cells, stripped, by plain column name; those that are empty or missing are absent."""

    source: str
    line: int
    cells: Mapping[str, str]


class _BadLine(ValueError):
    """A line that cannot be read as text."""


class _Lines(Iterator[str]):
    """The lines of a text, bounded in length; raises _BadLine for one that cannot be read and then goes on."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._foreign = _FOREIGN[text.errors or "replace"]
        self._again: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []
        self.begin = ""  # of the first line that was taken

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._text.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if not self.taken:
            self.begin = line[:_BEGINNING]
        self.taken.append(line)
        if len(line) > LONGEST_LINE:
            while line and line[-1] not in "\r\n":
                line = self._text.readline(LONGEST_LINE + 1)
            self.taken.clear()
            raise _BadLine(f"is longer than {LONGEST_LINE} characters")
        if not line.isascii() and self._foreign.search(line):
            raise _BadLine(f"not {self._text.encoding}: holds bytes of another encoding")
        return line

    def go_back(self) -> None:
        """Give the lines after the first that was taken once more."""
        self._again.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1


def plain_name(column: str) -> str:
    """A column's name as it is compared: `image_link` is `Image Link`, `Compare-at price` is `compare at price`."""
    return " ".join(re.sub(r"[\s_-]+", " ", column.strip().removeprefix("\ufeff")).casefold().split())


def columns(path: Path, delimiter: str | None = None) -> list[str]:
    """The names in the first line that holds anything.

    Raises FeedError where there is none.
    """
    with opened(path) as file, _text(file, path) as text:
        return _header(_Lines(text), path, delimiter)[0]


def records(
    path: Path, delimiter: str | None = None, known: Known = lambda cells: cells.get("id")
) -> Iterator[Record | Reject]:
    """Every record after the header of the feed at `path`; the delimiter is the header's own where none is given.

    `known` finds the product in what can be read of a record that is rejected.

    Raises FeedError where the feed cannot be opened or has no header.
    """
    csv.field_size_limit(_LONGEST_CELL)
    with opened(path) as file, _text(file, path) as text:
        lines = _Lines(text)
        header, delimiter = _header(lines, path, delimiter)
        names = [plain_name(name) for name in header]
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        retries = 0
        while True:
            line = lines.number + 1
            lines.taken.clear()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, _BadLine) as error:
                if isinstance(error, csv.Error) and len(lines.taken) > 1 and retries < _MOST_RETRIES:
                    retries += 1
                    lines.go_back()
                lost = f" (with it the lines to {lines.number})" if lines.number > line else ""
                first = _first_cell(lines.begin, names, delimiter)
                yield Reject(path.name, line, "(row)", f"{_said(error)}{lost}", storable_id(known(first)))
                continue
            if any(cell.strip() for cell in cells):
                ended = bool(lines.taken) and lines.taken[-1].endswith(("\n", "\r"))
                yield _record(path.name, line, names, cells, known, ended=ended)


def _text(file: BinaryIO, path: Path) -> io.TextIOWrapper:
    encoding = encoding_of(path)
    errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"  # which can stand for single bytes only
    return io.TextIOWrapper(file, encoding, errors, newline="")


def _header(lines: _Lines, path: Path, delimiter: str | None) -> tuple[list[str], str]:
    try:
        first = next((line for line in lines if line.strip("\ufeff \t\r\n")), "")
    except _BadLine as error:
        raise FeedError(f"the first line of {path} {error}") from error
    if not first:
        raise FeedError(f"{path} is empty: a first line with the names of the columns is expected")
    delimiter = delimiter or max(_DELIMITERS, key=first.count)
    return next(csv.reader([first.strip("\ufeff\r\n")], delimiter=delimiter), []), delimiter


def _record(
    source: str, line: int, names: list[str], cells: list[str], known: Known, *, ended: bool
) -> Record | Reject:
    if len(cells) < len(names) and not ended:
        reason = f"is cut off after {len(cells)} of {len(names)} columns"
        return Reject(source, line, "(row)", reason, storable_id(known(_named(names, cells[:-1]))))
    if any(cell.strip() for cell in cells[len(names) :]):
        reason = f"has {len(cells)} cells for {len(names)} columns: is a quote missing?"
        return Reject(source, line, "(row)", reason, storable_id(known(_named(names, cells[:1]))))
    return Record(source, line, _named(names, cells))


def _named(names: list[str], cells: list[str]) -> dict[str, str]:
    """The cells that hold anything; of two columns with one name the first."""
    given = [(name, text) for name, cell in zip(names, cells, strict=False) if name and (text := cell.strip())]
    return dict(reversed(given))


def _first_cell(begin: str, names: list[str], delimiter: str) -> dict[str, str]:
    """The first cell of a line that is no record, where it stands there whole and plain."""
    cell, found, _ = begin.partition(delimiter)
    return _named(names, [cell]) if found and '"' not in cell else {}


def _said(error: Exception) -> str:
    text = str(error)
    if "unexpected end of data" in text:
        return "is cut off within a quoted cell"
    return f"its quotes do not close: {text}" if isinstance(error, csv.Error) else text

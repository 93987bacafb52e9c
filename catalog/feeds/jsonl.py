"""Aisle's own feed: one JSON object a line, as the contract says. Unknown keys are kept as attributes, markup is taken
out of titles, descriptions and reviews.
"""

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalog.errors import FeedError
from catalog.feeds.opening import LONGEST_LINE, opened
from catalog.feeds.prose import bare, plain
from catalog.feeds.rejects import Reject, storable_id
from catalog.feeds.row import Row, to_products
from catalog.product import Product

_TEXTS = {"title": bare, "description": plain, "text": plain}
_ID_FIRST = re.compile(r'\s*\{\s*"id"\s*:\s*("(?:[^"\\]|\\.){1,300}"|-?\d{1,30})\s*,')


def read_jsonl(path: Path) -> Iterator[Product | Reject]:
    """Every row of a JSONL file, or of all JSONL files of a folder in name order; a repeated id is a Reject.

    Raises FeedError where there is nothing to read.
    """
    files = sorted(file for name in ("*.jsonl", "*.jsonl.gz") for file in path.glob(name)) if path.is_dir() else [path]
    if not files or not all(file.is_file() for file in files):
        raise FeedError(f"no feed at {path}: give a JSONL file, or a folder that holds some")
    yield from to_products(row for file in files for row in _rows(file))


def _rows(file: Path) -> Iterator[Row | Reject]:
    for number, raw in _lines(file):
        yield _parsed(raw, file.name, number)


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of `file` that hold anything, with their numbers; a byte order mark is no content.

    Of a line that is too long only the beginning is given.
    """
    with opened(file) as lines:
        number = 0
        while raw := lines.readline(LONGEST_LINE + 1):
            number += 1
            rest = raw
            while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
                rest = lines.readline(LONGEST_LINE + 1)
            if raw.removeprefix(BOM_UTF8).strip():
                yield number, raw


def _parsed(raw: bytes, source: str, line: int) -> Row | Reject:
    if len(raw) > LONGEST_LINE:
        reason = f"is longer than {LONGEST_LINE} bytes"
    else:
        try:
            row = json.loads(raw.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            reason = f"not UTF-8: {error.reason} at byte {error.start}"
        except (ValueError, RecursionError) as error:
            reason = f"not JSON: {error}"
        else:
            if isinstance(row, dict):
                return Row(source, line, _without_markup(row))
            reason = f"an object is expected, this is a {type(row).__name__}"
    return Reject(source, line, "(row)", reason, _id_of(raw))


def _without_markup(row: dict[str, Any]) -> dict[str, Any]:
    """`row` with its texts as a shopper would read them; what holds no tag is left as it is."""
    for name, read in _TEXTS.items():
        if isinstance(text := row.get(name), str) and "<" in text:
            row[name] = read(text)
    translations = row.get("translations")
    for part in (row.get("reviews"), list(translations.values()) if isinstance(translations, dict) else None):
        for one in part if isinstance(part, list) else ():
            if isinstance(one, dict):
                _without_markup(one)
    return row


def _id_of(raw: bytes) -> str | None:
    """The id of a line that is no JSON, where it comes first and whole."""
    match = _ID_FIRST.match(raw[:1000].decode("utf-8-sig", errors="replace"))
    if match is None or "\ufffd" in match[1]:
        return None
    try:
        return storable_id(json.loads(match[1]))
    except ValueError:
        return None

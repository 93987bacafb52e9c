"""Records of one product brought together however far apart they stand, on disk, so that memory does not grow."""

import json
import sqlite3
from collections.abc import Iterable, Iterator

from catalog.feeds.rejects import FieldError, Reject, reject
from catalog.feeds.scratch import scratch
from catalog.feeds.separated import Known, Record

MOST_OF_ONE = 5_000  # records of one product; a shop's own limit is 2,048 variants
_BATCH = 1_000


def grouped(keyed: Iterable[tuple[str, Record] | Reject], known: Known) -> Iterator[tuple[Record, ...] | Reject]:
    """The rejects, then the records of each key together in feed order, keys in the order of their first record.

    `known` finds the product in the cells of one that has too many records.
    """
    with scratch() as disk:
        disk.execute("CREATE TABLE record (place INTEGER PRIMARY KEY, key TEXT, source TEXT, line INTEGER, cells TEXT)")
        yield from _kept(disk, keyed)
        disk.execute("CREATE INDEX by_key ON record (key, place)")
        for key, first, count in disk.execute("SELECT key, min(place), count(*) FROM record GROUP BY key ORDER BY 2"):
            if count > MOST_OF_ONE:
                (whole,) = _records(disk, "place = ?", first)
                reason = f"one product of {count} rows: at most {MOST_OF_ONE} are read"
                yield reject(whole, FieldError("(row)", reason), known(whole.cells))
            else:
                yield _records(disk, "key = ? ORDER BY place", key)


def _records(disk: sqlite3.Connection, where: str, value: str | int) -> tuple[Record, ...]:
    rows = disk.execute(f"SELECT source, line, cells FROM record WHERE {where}", (value,))  # noqa: S608 (our own words)
    return tuple(Record(source, line, json.loads(cells)) for source, line, cells in rows)


def _kept(disk: sqlite3.Connection, keyed: Iterable[tuple[str, Record] | Reject]) -> Iterator[Reject]:
    """Writes the records to `disk` and gives the rejects as they come."""
    waiting: list[tuple[str, str, int, str]] = []

    def write() -> None:
        disk.executemany("INSERT INTO record (key, source, line, cells) VALUES (?, ?, ?, ?)", waiting)
        waiting.clear()

    for one in keyed:
        if isinstance(one, Reject):
            yield one
            continue
        key, record = one
        waiting.append((key, record.source, record.line, json.dumps(dict(record.cells))))
        if len(waiting) == _BATCH:
            write()
    write()

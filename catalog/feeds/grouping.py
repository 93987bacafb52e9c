"""Records of one product brought together however far apart they stand, on disk, so that memory does not grow."""

import json
import sqlite3
from collections.abc import Iterable, Iterator

from catalog.feeds.rejects import Reject
from catalog.feeds.scratch import scratch
from catalog.feeds.separated import Record

MOST_OF_ONE = 5_000  # records of one product; a shop's own limit is 2,048 variants
_BATCH = 1_000


def grouped(keyed: Iterable[tuple[str, Record] | Reject]) -> Iterator[tuple[Record, ...] | Reject]:
    """The rejects, then the records of each key together in feed order, keys in the order of their first record."""
    with scratch() as disk:
        disk.execute("CREATE TABLE record (place INTEGER PRIMARY KEY, key TEXT, source TEXT, line INTEGER, cells TEXT)")
        yield from _kept(disk, keyed)
        disk.execute("CREATE INDEX by_key ON record (key, place)")
        for key, first, count in disk.execute("SELECT key, min(place), count(*) FROM record GROUP BY key ORDER BY 2"):
            if count > MOST_OF_ONE:
                source, line = disk.execute("SELECT source, line FROM record WHERE place = ?", (first,)).fetchone()
                yield Reject(source, line, "(row)", f"one product of {count} rows: at most {MOST_OF_ONE} are read")
                continue
            rows = disk.execute("SELECT source, line, cells FROM record WHERE key = ? ORDER BY place", (key,))
            yield tuple(Record(source, line, json.loads(cells)) for source, line, cells in rows)


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

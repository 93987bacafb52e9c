"""Records of one product brought together however far apart they stand, on disk, so that memory does not grow."""

import json
import sqlite3
from collections.abc import Iterable, Iterator

from catalog.feeds.row import Reject
from catalog.feeds.separated import Record

MOST_OF_ONE = 5_000  # records of one product; a shop's own limit is 2,048 variants


def grouped(keyed: Iterable[tuple[str, Record] | Reject]) -> Iterator[tuple[Record, ...] | Reject]:
    """The rejects, then the records of each key together in feed order, keys in the order of their first record."""
    rejects: list[Reject] = []

    def good() -> Iterator[tuple[str, Record]]:
        for one in keyed:
            if isinstance(one, Reject):
                rejects.append(one)
            else:
                yield one

    disk = sqlite3.connect("")  # a temporary file of SQLite's own, gone when it is closed
    try:
        disk.execute("CREATE TABLE record (place INTEGER PRIMARY KEY, key TEXT, source TEXT, line INTEGER, cells TEXT)")
        disk.executemany(
            "INSERT INTO record (key, source, line, cells) VALUES (?, ?, ?, ?)",
            ((key, r.source, r.line, json.dumps(dict(r.cells))) for key, r in good()),
        )
        yield from rejects
        disk.execute("CREATE INDEX by_key ON record (key, place)")
        for key, first, count in disk.execute("SELECT key, min(place), count(*) FROM record GROUP BY key ORDER BY 2"):
            rows = disk.execute(
                "SELECT source, line, cells FROM record WHERE key = ? ORDER BY place LIMIT ?", (key, MOST_OF_ONE)
            )
            if count > MOST_OF_ONE:
                source, line, _ = disk.execute(
                    "SELECT source, line, key FROM record WHERE place = ?", (first,)
                ).fetchone()
                yield Reject(source, line, "(row)", f"one product of {count} rows: at most {MOST_OF_ONE} are read")
            else:
                yield tuple(Record(source, line, json.loads(cells)) for source, line, cells in rows)
    finally:
        disk.close()

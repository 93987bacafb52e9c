"""Room on disk for what a reader must remember of a whole feed, so that memory does not grow with it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from catalog.errors import FeedError


@contextmanager
def scratch() -> Iterator[sqlite3.Connection]:
    """A database in a temporary file of SQLite's own (small ones never leave memory), gone at the end.

    Raises FeedError where the disk fails or is full.
    """
    disk = sqlite3.connect("")
    try:
        disk.execute("PRAGMA journal_mode = OFF")
        disk.execute("PRAGMA cache_size = -8000")  # kB
        yield disk
    except sqlite3.Error as error:
        raise FeedError(f"the feed cannot be kept in a temporary file while it is read ({error})") from error
    finally:
        disk.close()


class Places:
    """Which text came first under each key."""

    def __init__(self, disk: sqlite3.Connection) -> None:
        self._disk = disk
        disk.execute("CREATE TABLE place (key TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID")

    def first(self, key: str, text: str) -> str:
        """What was put under `key` before, else `text`, which stands from now on."""
        if self._disk.execute("INSERT OR IGNORE INTO place VALUES (?, ?)", (key, text)).rowcount:
            return text
        return self.get(key) or text

    def get(self, key: str) -> str | None:
        """What was put under `key` first; None where nothing was."""
        found = self._disk.execute("SELECT text FROM place WHERE key = ?", (key,)).fetchone()
        return str(found[0]) if found else None

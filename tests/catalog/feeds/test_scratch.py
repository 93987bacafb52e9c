import sqlite3

import pytest

from catalog import FeedError
from catalog.feeds.scratch import Places, scratch


def test_what_came_first_under_a_key_stays() -> None:
    with scratch() as disk:
        places = Places(disk)
        assert places.first("a", "1") == "1"
        assert places.first("a", "2") == "1"
        assert (places.get("a"), places.get("b")) == ("1", None)


def test_a_disk_that_fails_is_one_clear_error() -> None:
    with pytest.raises(FeedError, match="cannot be kept in a temporary file"), scratch() as disk:
        raise sqlite3.OperationalError("database or disk is full")
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        disk.execute("SELECT 1")

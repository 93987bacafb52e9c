"""A served shop is told of 200 events a second while it talks, and is killed in between; the evaluation runs for longer."""

from pathlib import Path
from typing import Any

import pytest

from evals.events import measured
from tests.record.test_postgres import server, url  # noqa: F401  (the fixtures)

pytestmark = pytest.mark.real

SECONDS, RATE = 20, 200


def all_are_there_once(told: dict[str, Any]) -> None:
    assert told["acknowledged"] == told["events"] == SECONDS * RATE
    assert (told["lost"], told["doubled"], told["never_sent"], told["turns_lost"]) == (0, 0, 0, 0)
    assert told["sent_twice"] > 0 and told["retries"] > 0 and told["chats"] > 0


def test_no_event_is_lost_or_doubled_whatever_happens_to_the_server(tmp_path: Path) -> None:
    all_are_there_once(measured(f"sqlite:///{tmp_path / 'record.db'}", tmp_path, SECONDS, RATE, lambda *_: None))


def test_no_event_is_lost_or_doubled_on_postgres(tmp_path: Path, url: str) -> None:  # noqa: F811
    all_are_there_once(measured(url, tmp_path, SECONDS, RATE, lambda *_: None))

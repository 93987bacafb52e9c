import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.record import Record
from assistant.record.database import open_database
from assistant.record.insight_tables import ViewRow
from assistant.record.tables import EventRow, ImpressionRow, RatingRow
from tests.record.conversation import PRODUCTS, turn

pytestmark = pytest.mark.real  # processes that are killed while they write

ROOT = Path(__file__).parents[2]


def acknowledged_before_the_kill(url, acknowledgements):
    """Everything that a writer said it had committed, by kind, before it was killed in the middle of its work."""
    command = [sys.executable, "-m", "tests.record.writer", url]
    writer = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    lines = [writer.stdout.readline() for _ in range(acknowledgements)]
    assert writer.poll() is None, "the writer ended by itself"
    writer.kill()
    lines += writer.stdout.readlines()
    writer.wait()  # what it returns may have been taken by another waiter of this process, which then reads as 0
    told = defaultdict(set)
    for line in lines:
        if line.endswith("\n"):
            kind, session_id, turn_id = line.split()
            told[kind].add((session_id, turn_id))
    return told


def test_everything_acknowledged_is_there_after_a_kill(tmp_path):
    url = f"sqlite:///{tmp_path / 'record.db'}"
    told = acknowledged_before_the_kill(url, 200)
    assert all(told[kind] for kind in ("said", "shown", "closed", "rated", "clicked", "seen"))

    record = Record(url)
    for session_id, turn_id in told["said"]:
        assert turn_id in {back.id for back in record.turns(session_id, PRODUCTS.get)}
    for session_id, turn_id in told["closed"]:
        (back,) = [back for back in record.turns(session_id, PRODUCTS.get) if back.id == turn_id]
        assert back == turn(turn_id, session_id, back.message)
    record.close()

    engine = open_database(url)
    with Session(engine) as session:
        shown = set(session.scalars(select(ImpressionRow.turn_id)))
        rated = set(session.scalars(select(RatingRow.turn_id)))
        clicked = Counter(session.scalars(select(EventRow.turn_id)))
        seen = set(session.scalars(select(ViewRow.turn_id)))
    engine.dispose()
    assert {turn_id for _, turn_id in told["shown"]} <= shown
    assert {turn_id for _, turn_id in told["rated"]} <= rated
    assert {turn_id for _, turn_id in told["clicked"]} <= set(clicked)
    assert set(clicked.values()) == {2}  # two events, one of which was sent twice
    assert {turn_id for _, turn_id in told["seen"]} <= seen


def test_a_record_goes_on_after_a_kill(tmp_path):
    url = f"sqlite:///{tmp_path / 'record.db'}"
    ((session_id, _), *_) = acknowledged_before_the_kill(url, 60)["closed"]
    before = Record(url).turns(session_id, PRODUCTS.get)
    acknowledged_before_the_kill(url, 60)
    assert Record(url).turns(session_id, PRODUCTS.get) == before

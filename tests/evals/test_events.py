from collections import Counter

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from assistant.record import Deed, Record
from assistant.record.tables import EventRow
from assistant.types import Utterance
from evals import events
from tests.record.conversation import turn


@pytest.fixture
def told(tmp_path):
    """A record of three events and a closed turn, and the crowd that sent them."""
    url = f"sqlite:///{tmp_path / 'record.db'}"
    record = Record(url)
    opened = record.open_turn(Utterance("a lamp"), "en", session_id=None)
    record.close_turn(turn(opened.turn_id, opened.session_id))
    record.events([Deed(opened.turn_id, "a", "click", key=f"event {n}") for n in range(3)])
    yield url, record, events.Crowd(0, 200, 20, events=["event 0", "event 1"], turns=[opened.turn_id], _number=3)
    record.close()


def test_what_is_there_once_is_neither_lost_nor_doubled(told):
    url, _, crowd = told
    expected = {"events": 3, "lost": 0, "doubled": 0, "never_sent": 0, "turns_lost": 0}
    assert events._counted(url, crowd) == expected


def test_what_was_acknowledged_and_is_missing_is_lost(told):
    url, record, crowd = told
    crowd.events.append("event 7")
    crowd.turns.append("gone")
    with Session(record.engine) as session, session.begin():
        row = {"turn_id": crowd.turns[0], "product_id": "a", "kind": "click", "at": record._clock()}
        session.execute(insert(EventRow), [{**row, "key": "event 99"}])
    counted = events._counted(url, crowd)
    assert (counted["lost"], counted["never_sent"], counted["turns_lost"]) == (1, 1, 1)


def test_events_are_spread_over_the_turns_that_showed_something():
    crowd = events.Crowd(0, 200, 20)
    product = {"product_id": "a", "price": 4.5, "currency": "USD"}
    crowd.shown = [{"turn_id": id, "token": f"token of {id}", "slate": [product]} for id in ("one", "two")]
    sent = [crowd._event(number) for number in range(10)]
    assert Counter(event["kind"] for event in sent) == {"click": 6, "cart": 2, "purchase": 2}
    assert len({event["key"] for event in sent}) == 10
    assert {event["token"] for event in sent} == {"token of one", "token of two"}
    assert [event.get("amount") for event in sent if event["kind"] == "purchase"] == [4.5, 4.5]


def test_the_table_has_a_column_for_each_database():
    one = dict.fromkeys(
        ("sent", "acknowledged", "events", "lost", "doubled", "never_sent", "sent_twice", "retries", "seconds", "p50_ms",
         "p95_ms", "chats", "turns_lost", "chat_p50_ms", "chat_p95_ms"), 60_000,
    )  # fmt: skip
    lines = events.table({"results": [{"database": "sqlite", **one}, {"database": "postgresql", **one}]}).splitlines()
    assert lines[0] == "| | sqlite | postgresql |"
    assert "| lost | 60,000 | 60,000 |" in lines

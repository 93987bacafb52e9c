"""Tickets in the record and in its command."""

import json

import pytest

from assistant.errors import UnknownId
from assistant.record import Record
from assistant.record.__main__ import main
from assistant.types import Handoff, TicketDraft, Utterance
from tests.record.conversation import turn

ASK = TicketDraft("question", "能机洗吗？", "a")


@pytest.fixture
def record(tmp_path, monkeypatch):
    monkeypatch.setenv("AISLE_HOME", str(tmp_path))
    monkeypatch.delenv("AISLE_RECORD_URL", raising=False)
    made = Record(f"sqlite:///{tmp_path / 'record.db'}")
    yield made
    made.close()


def opened(record, session_id=None):
    return record.open_turn(Utterance("?"), "zh", session_id=session_id)


def test_a_ticket_is_kept_with_its_turn_and_read_with_it(record):
    one = opened(record)
    handoff = record.open_ticket(one.turn_id, ASK)
    record.close_turn(turn(one.turn_id, one.session_id, "?"))
    assert (
        record.turns(one.session_id, lambda _: None)[0].handoff
        == handoff
        == Handoff(handoff.ticket_id, "question", "能机洗吗？")
    )
    (ticket,) = record.tickets()
    assert (ticket.id, ticket.turn_id, ticket.locale, ticket.status) == (handoff.ticket_id, one.turn_id, "zh", "open")


def test_an_unknown_turn_has_no_ticket(record):
    with pytest.raises(UnknownId, match="turn"):
        record.open_ticket("nobody", ASK)


def test_what_a_ticket_follows_must_be_there(record):
    with pytest.raises(UnknownId, match="ticket"):
        record.open_ticket(opened(record).turn_id, TicketDraft("question", "", None, "me@example.org", "none"))


def test_a_question_repeated_with_an_address_is_listed_once_with_it(record):
    one = opened(record)
    first = record.open_ticket(one.turn_id, ASK)
    two = opened(record, one.session_id)
    record.open_ticket(two.turn_id, TicketDraft("question", "", None, "me@example.org", first.ticket_id))
    (ticket,) = record.tickets()
    assert (ticket.question, ticket.product_id, ticket.email) == ("能机洗吗？", "a", "me@example.org")


def test_two_sessions_that_ask_the_same_are_two_tickets(record):
    assert record.open_ticket(opened(record).turn_id, ASK) != record.open_ticket(opened(record).turn_id, ASK)
    assert len(record.tickets()) == 2


def test_the_command_lists_what_waits_for_the_shop(record, capsys):
    ticket = record.open_ticket(opened(record).turn_id, ASK).ticket_id
    assert main(["tickets"]) == 0
    told = capsys.readouterr().out
    assert f"{ticket[:8]}  question [a]  能机洗吗？  (no address)" in told
    assert main(["tickets", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["question"] == "能机洗吗？"


def test_without_a_record_the_command_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("AISLE_HOME", str(tmp_path / "none"))
    assert main(["tickets"]) == 1
    assert "there is no record" in capsys.readouterr().err

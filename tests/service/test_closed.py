"""Resolved conversations become cases, each once, with what stands for their shopper."""

from datetime import UTC, datetime
from types import SimpleNamespace

from assistant.service.closed import Closed
from tests.service.shop import ANN

AT = datetime(2026, 6, 15, tzinfo=UTC)


def event(id, kind, author="agent", **data):
    return SimpleNamespace(id=id, kind=kind, ticket_id="t1", session_id="s1", author=author, data=data, at=AT)


def closed(*log):
    def events(after, session_id, kind):
        return [one for one in log if one.id > after and one.kind == kind]

    ticket = SimpleNamespace(line="Can it go in the oven?", language="en")
    return Closed(events, lambda _: ticket, lambda _: ANN)


def test_the_last_answer_before_the_end_is_the_case_and_comes_once():
    found = closed(
        event(1, "message", "shopper", text="hello?"),
        event(2, "message", text="I look it up."),
        event(3, "message", text="Yes, up to 200 °C."),
        event(4, "closed", reason="resolved"),
        event(5, "message", text="Goodbye."),
    )
    (case,) = found()
    assert (case.question, case.answer) == ("Can it go in the oven?", "Yes, up to 200 °C.")
    assert ANN.email in case.known
    assert found() == []


def test_what_was_not_resolved_or_not_answered_is_no_case():
    assert closed(event(1, "message", text="Well."), event(2, "closed", reason="spam"))() == []
    assert closed(event(1, "message", "shopper", text="Anybody?"), event(2, "closed", reason="resolved"))() == []

"""Figures of the service on cases counted by hand, and on nothing at all."""

from datetime import timedelta

import pytest

from assistant.record.desk.types import Figures, Middle, Share
from assistant.types import TicketDraft
from tests.record.test_desk import Recorded, asked

NONE = {"shown": 0, "accepted": 0, "edited": 0, "discarded": 0}


class FigureCases(Recorded):
    """What is counted, whatever the database: a subclass's module gives `url`, an empty one."""

    @pytest.fixture
    def ann(self, record):
        return record.agents.add("ann@example.org", "Ann", "agent", "a long secret")

    def course(self, record, agent, clock, *, kind="person", locale="en", answered_s=None, closed_s=None):
        """A ticket that is answered and closed so many seconds after it was opened, if at all."""
        start = clock.now
        id = asked(record, TicketDraft(kind, "Help"), locale=locale).ticket_id
        if answered_s is not None:
            clock.now = start + timedelta(seconds=answered_s)
            record.desk.say(agent, id, "Hello", "key-0001", 10_000)
            clock.on(seconds=1)
            record.desk.say(agent, id, "Hello again", "key-0002", 10_000)
        if closed_s is not None:
            clock.now = start + timedelta(seconds=closed_s)
            record.desk.hands.close(agent, id, record.desk.ticket(id).version, "resolved")
        clock.now = start
        return id

    def test_of_nothing_there_is_no_median_and_no_rate(self, record):
        assert record.desk.figures(30) == Figures(Share(0, 0, Middle(), Middle()), None, NONE, {}, {})

    def test_medians_and_counts_are_those_counted_by_hand(self, record, ann, clock):
        self.course(record, ann, clock, answered_s=10, closed_s=100)
        self.course(record, ann, clock, answered_s=30, closed_s=500)
        self.course(record, ann, clock, kind="question", locale="zh", answered_s=60)
        self.course(record, ann, clock, kind="question")
        told = record.desk.figures(30)
        assert told.whole == Share(4, 2, Middle(30, 3), Middle(300, 2))
        assert told.by_language == {
            "en": Share(3, 1, Middle(20, 2), Middle(300, 2)),
            "zh": Share(1, 1, Middle(60, 1), Middle()),
        }
        assert told.by_reason == {
            "person": Share(2, 0, Middle(20, 2), Middle(300, 2)),
            "question": Share(2, 2, Middle(60, 1), Middle()),
        }
        assert told.reopen_rate == 0

    def test_a_ticket_opened_again_is_over_when_it_is_closed_for_good(self, record, ann, clock):
        start = clock.now
        one = self.course(record, ann, clock, closed_s=100)
        self.course(record, ann, clock, closed_s=200)
        clock.now = start + timedelta(seconds=1_000)
        record.desk.hands.reopen(ann, one, record.desk.ticket(one).version)
        told = record.desk.figures(30)
        assert (told.reopen_rate, told.whole.backlog, told.whole.resolution) == (0.5, 1, Middle(200, 1))
        clock.now = start + timedelta(seconds=2_000)
        record.desk.hands.claim(ann, one, record.desk.ticket(one).version)
        record.desk.hands.hand_back(ann, one, record.desk.ticket(one).version)
        told = record.desk.figures(30)
        assert (told.reopen_rate, told.whole.backlog, told.whole.resolution) == (0.5, 0, Middle(1_100, 2))

    def test_older_tickets_are_left_out_but_still_wait(self, record, ann, clock):
        self.course(record, ann, clock, answered_s=10)
        clock.on(days=30, seconds=1)
        self.course(record, ann, clock, answered_s=40)
        assert record.desk.figures(30).whole == Share(1, 2, Middle(40, 1), Middle())
        assert record.desk.figures(31).whole == Share(2, 2, Middle(25, 2), Middle())

    def test_drafts_are_counted_by_what_came_of_them(self, record, ann, clock):
        id = self.course(record, ann, clock)
        for draft, *outcomes in (("d1", "shown", "accepted"), ("d2", "shown", "edited"), ("d3", "shown")):
            for outcome in outcomes:
                record.desk.draft(ann, id, draft, outcome, "Hello")
        assert record.desk.figures(30).drafts == {"shown": 3, "accepted": 1, "edited": 1, "discarded": 0}


class TestFiguresOnSQLite(FigureCases):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path / 'record.db'}"

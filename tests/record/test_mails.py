"""Mails to shoppers who have left: what is due when and to whom, that it goes out once, and that nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count

import pytest
from sqlalchemy.orm import Session

from assistant.errors import UnknownId
from assistant.record import Record
from assistant.record.desk.mails import SOON, STALE
from assistant.record.tables import MailRow
from assistant.sending import TAKEN_FOR
from tests.record.test_desk import ASKS, Recorded, asked, said

HAS_LEFT = replace(ASKS, email="maya@example.org")


class MailCases(Recorded):
    """What is promised of mails, whatever the database."""

    @pytest.fixture
    def mails(self, record):
        """Those of a record that has been read to its end."""
        record.desk.mails.gather()
        return record.desk.mails

    @pytest.fixture
    def ann(self, record):
        return record.agents.add("ann@example.org", "Ann", "agent", "a long secret")

    @pytest.fixture
    def ticket(self, mails, record):
        """One whose shopper left an address."""
        return record.desk.ticket(asked(record, HAS_LEFT).ticket_id)

    @pytest.fixture
    def write(self, record, ann):
        numbers = count()

        def write(ticket, text):
            record.desk.say(ann, ticket.ticket_id, text, f"key-{next(numbers):05}", 1_000_000)

        return write

    def due(self, mails, clock, after=SOON):
        clock.now += after
        mails.gather()
        return mails.take()

    def texts(self, mail):
        return mail and [event.data["text"] for event in mail.messages]

    def told(self, record, ticket):
        found = record.desk.events(0, session_id=ticket.session_id)
        return [(event.kind, event.data) for event in found if event.kind.startswith("mail")]

    def test_what_was_written_goes_in_one_mail_once_it_is_quiet(self, record, mails, clock, ann, ticket, write):
        write(ticket, "Hello")
        clock.on(seconds=100)
        write(ticket, "It is in stock again")
        record.desk.note(ann, ticket.ticket_id, "a secret note", "key-note")
        record.desk.draft(ann, ticket.ticket_id, "d1", "shown", "a secret draft")
        clock.on(seconds=100)
        said(record, "are you there?", ticket.session_id)
        mails.gather()
        assert mails.take() is None
        mail = self.due(mails, clock)
        assert self.texts(mail) == ["Hello", "It is in stock again"]
        assert (mail.ticket.email, mail.attempts) == ("maya@example.org", 1)
        mails.sent(mail)
        assert self.due(mails, clock, TAKEN_FOR) is None
        assert self.told(record, ticket) == [("mailed", {"email": "maya@example.org", "messages": 2})]
        write(ticket, "Goodbye")
        assert self.texts(self.due(mails, clock)) == ["Goodbye"]

    def test_what_the_page_has_shown_is_not_mailed(self, record, mails, clock, ticket, write):
        write(ticket, "seen")
        mails.shown(ticket.session_id, record.desk.last_event())
        assert self.due(mails, clock) is None
        write(ticket, "seen as well")
        mails.gather()
        mails.shown(ticket.session_id, record.desk.last_event())
        mails.shown(ticket.session_id, 1)  # told late: what was seen stays seen
        write(ticket, "not seen")
        assert self.texts(self.due(mails, clock)) == ["not seen"]

    def test_what_is_said_to_be_shown_before_it_is_written_is_mailed_all_the_same(self, mails, clock, ticket, write):
        mails.shown(ticket.session_id, 2**40)
        write(ticket, "Hello")
        assert self.texts(self.due(mails, clock)) == ["Hello"]
        with pytest.raises(UnknownId):
            mails.shown("nobody", 1)

    def test_a_shopper_who_left_no_address_gets_no_mail(self, record, mails, clock, write):
        ticket = record.desk.ticket(asked(record).ticket_id)
        write(ticket, "Hello")
        assert self.due(mails, clock) is None

    def test_an_address_that_is_left_later_gets_what_is_written_then(self, record, mails, clock, write):
        handoff = asked(record, replace(ASKS, kind="question"))
        ticket = record.desk.ticket(handoff.ticket_id)
        write(ticket, "Hello")
        mails.gather()
        turn = said(record, "maya@example.org", ticket.session_id)
        record.open_ticket(turn.turn_id, replace(ASKS, kind="question", email="maya@example.org"))
        write(ticket, "We wrote to you")
        assert self.texts(self.due(mails, clock)) == ["We wrote to you"]

    def test_closing_a_ticket_keeps_its_mail(self, record, mails, clock, ann, ticket, write):
        write(ticket, "Done")
        record.desk.hands.close(ann, ticket.ticket_id, record.desk.ticket(ticket.ticket_id).version, "resolved")
        assert self.texts(self.due(mails, clock)) == ["Done"]

    def test_what_was_written_before_mails_were_set_up_or_long_ago_is_not_mailed(self, record, clock, write):
        ticket = record.desk.ticket(asked(record, HAS_LEFT).ticket_id)
        write(ticket, "before")
        assert self.due(record.desk.mails, clock) is None
        write(ticket, "long ago")
        clock.now += STALE
        write(ticket, "now")
        clock.on(seconds=1)
        assert self.texts(self.due(record.desk.mails, clock)) == ["now"]

    def test_one_that_died_while_sending_leaves_the_same_mail_to_the_next(self, url, clock, mails, ticket, write):
        write(ticket, "Hello")
        first = self.due(mails, clock)
        other = Record(url, clock=clock)
        assert self.due(other.desk.mails, clock, TAKEN_FOR / 2) is None
        again = self.due(other.desk.mails, clock, TAKEN_FOR / 2)
        assert (again.last_id, self.texts(again), again.attempts) == (first.last_id, ["Hello"], 2)
        other.close()

    def test_a_crash_before_or_after_gathering_loses_nothing(self, url, clock, mails, ticket, write):
        write(ticket, "one")
        mails.gather()
        write(ticket, "two")
        started_again = Record(url, clock=clock)
        assert self.texts(self.due(started_again.desk.mails, clock)) == ["one", "two"]
        started_again.close()

    def test_what_is_written_while_a_mail_goes_out_waits_for_the_next(self, mails, clock, ticket, write):
        write(ticket, "one")
        first = self.due(mails, clock)
        write(ticket, "two")
        mails.gather()
        assert self.texts(first) == ["one"]
        mails.sent(first)
        assert mails.take() is None
        assert self.texts(self.due(mails, clock)) == ["two"]

    def test_a_mail_that_went_out_twice_is_told_once(self, record, mails, clock, ticket, write):
        write(ticket, "Hello")
        first = self.due(mails, clock)
        second = self.due(mails, clock, TAKEN_FOR)
        mails.sent(second)
        mails.sent(first)
        assert [kind for kind, _ in self.told(record, ticket)] == ["mailed"]
        assert self.due(mails, clock, TAKEN_FOR) is None

    def test_a_delay_is_told_once_and_the_end_of_trying_too(self, record, mails, clock, ticket, write):
        write(ticket, "Hello")
        for attempt in (1, 2):
            mail = self.due(mails, clock)
            assert mail.attempts == attempt
            mails.late(mail, "no route", clock.now + SOON)
        mails.given_up(self.due(mails, clock), "no route at all")
        assert self.told(record, ticket) == [
            ("mail_late", {"email": "maya@example.org", "error": "no route"}),
            ("mail_failed", {"email": "maya@example.org", "error": "no route at all"}),
        ]
        assert self.due(mails, clock, TAKEN_FOR) is None

    def test_somebody_who_comes_back_while_it_is_tried_again_gets_none(self, record, mails, clock, ticket, write):
        write(ticket, "Hello")
        mails.late(self.due(mails, clock), "no route", clock.now + SOON)
        mails.shown(ticket.session_id, record.desk.last_event())
        assert self.due(mails, clock) is None

    def test_whoever_wants_no_more_mails_gets_none_about_the_whole_conversation(
        self, record, mails, clock, write, ticket
    ):
        other = record.desk.ticket(asked(record, replace(HAS_LEFT, kind="question"), ticket.session_id).ticket_id)
        write(ticket, "on its way")
        mails.gather()
        assert not mails.stopped(ticket.session_id)
        mails.stop(ticket.ticket_id)
        mails.stop(ticket.ticket_id)
        assert mails.stopped(ticket.session_id)
        write(ticket, "one")
        write(other, "two")
        assert self.due(mails, clock) is None
        assert self.told(record, ticket) == [("mail_stopped", {})]
        with pytest.raises(UnknownId):
            mails.stop("none")

    def close(self, record, ann, ticket, reason="resolved"):
        record.desk.hands.close(ann, ticket.ticket_id, record.desk.ticket(ticket.ticket_id).version, reason)

    def test_a_closing_that_the_shopper_has_not_seen_may_be_mailed_about(
        self, record, mails, clock, ann, ticket, write
    ):
        write(ticket, "Done")
        mails.shown(ticket.session_id, record.desk.last_event())
        self.close(record, ann, ticket)
        mail = self.due(mails, clock)
        assert (mail.messages, mail.closed_id, mail.last_id) == ((), record.desk.last_event(), mail.closed_id)
        mails.dropped(mail)
        assert self.due(mails, clock, TAKEN_FOR) is None
        assert self.told(record, ticket) == []

    def test_what_was_written_and_closed_goes_in_one_mail(self, record, mails, clock, ann, ticket, write):
        write(ticket, "Done")
        self.close(record, ann, ticket)
        mail = self.due(mails, clock)
        assert (self.texts(mail), mail.closed_id) == (["Done"], mail.last_id)
        mails.sent(mail, asks=True)
        assert self.told(record, ticket) == [("mailed", {"email": "maya@example.org", "messages": 1, "asks": True})]
        assert self.due(mails, clock, TAKEN_FOR) is None

    def test_whoever_saw_the_closing_is_still_there(self, record, mails, clock, ann, ticket):
        self.close(record, ann, ticket)
        mails.shown(ticket.session_id, record.desk.last_event())
        assert self.due(mails, clock) is None

    def test_whoever_writes_after_the_closing_is_still_there(self, record, mails, clock, ann, ticket):
        self.close(record, ann, ticket)
        clock.on(seconds=1)
        said(record, "thanks", ticket.session_id)
        assert self.due(mails, clock) is None

    @pytest.mark.parametrize("reason", ["spam", "duplicate"])
    def test_where_nobody_was_served_nobody_is_asked(self, record, mails, clock, ann, ticket, reason):
        self.close(record, ann, ticket, reason)
        assert self.due(mails, clock) is None

    def test_a_ticket_that_is_open_again_is_not_asked_about(self, record, mails, clock, ann, ticket):
        self.close(record, ann, ticket)
        record.desk.hands.reopen(ann, ticket.ticket_id, record.desk.ticket(ticket.ticket_id).version)
        assert self.due(mails, clock) is None

    def test_one_mail_of_a_conversation_asks_how_it_went(self, record, mails, clock, ann, ticket, write):
        self.close(record, ann, ticket)
        mails.sent(self.due(mails, clock), asks=True)
        record.desk.hands.reopen(ann, ticket.ticket_id, record.desk.ticket(ticket.ticket_id).version)
        self.close(record, ann, ticket)
        assert self.due(mails, clock) is None
        other = record.desk.ticket(asked(record, replace(HAS_LEFT, kind="question"), ticket.session_id).ticket_id)
        write(other, "It is back")
        self.close(record, ann, other)
        mail = self.due(mails, clock)
        assert (self.texts(mail), mail.closed_id) == (["It is back"], None)

    def test_processes_at_once_take_each_mail_once(self, url, clock, record, mails, write):
        tickets = [record.desk.ticket(asked(record, HAS_LEFT).ticket_id) for _ in range(8)]
        for ticket in tickets:
            write(ticket, "Hello")
        clock.now += SOON
        processes = [Record(url, clock=clock) for _ in range(4)]

        def work(process):
            taken = []
            process.desk.mails.gather()
            while (mail := process.desk.mails.take()) is not None:
                taken.append(mail)
                process.desk.mails.sent(mail)
            return taken

        with ThreadPoolExecutor(4) as pool:
            taken = [mail for mails in pool.map(work, processes) for mail in mails]
        assert sorted(mail.ticket.ticket_id for mail in taken) == sorted(one.ticket_id for one in tickets)
        with Session(record.engine) as session:
            assert session.query(MailRow).count() == 0
        for process in processes:
            process.close()


class TestMails(MailCases):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path / 'record.db'}"

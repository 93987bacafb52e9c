import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assistant.errors import UnknownId
from assistant.record import BadDeed, Deed, Record
from assistant.record.database import open_database
from assistant.record.events import AHEAD, LATE
from assistant.record.figure_tables import ChangeRow
from assistant.record.grouped import Grouped
from assistant.record.insight_tables import ViewRow
from assistant.record.tables import EventRow, ImpressionRow, SessionRow
from assistant.types import Slate, SlateItem, TicketDraft, Utterance
from tests.record.conversation import PRODUCTS, slate, turn

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class EventCases:
    """What the record promises of events, whatever the database: a subclass's module gives `url`, an empty one."""

    @pytest.fixture
    def record(self, url):
        record = Record(url, clock=lambda: NOON)
        yield record
        record.close()

    @pytest.fixture
    def rows(self, url, record):
        engine = open_database(url)

        def read(table):
            with Session(engine) as session:
                return session.scalars(select(table).order_by(*table.__table__.primary_key.columns)).all()

        yield read
        engine.dispose()

    def shown(self, record, mark=None):
        """A turn that showed a and b."""
        opened = record.open_turn(Utterance("a lamp", mark=mark), "en", session_id=None)
        record.show(opened.turn_id, slate("a", "b"))
        return opened

    def test_all_that_is_told_of_a_deed_is_kept(self, record, rows):
        turn_id = self.shown(record).turn_id
        yesterday = NOON - timedelta(days=1)
        deed = Deed(
            turn_id, "a", "purchase", key="order 7: a", quantity=2, amount_minor=9_800, currency="USD", source="shop",
            mark="staff", signed=True, happened_at=yesterday,
        )  # fmt: skip
        assert record.happened(deed) == "recorded"
        (row,) = rows(EventRow)
        assert all(getattr(row, name) == getattr(deed, name) for name in Deed.__slots__)
        assert row.at == NOON

    def test_the_same_key_is_written_once_and_answered_as_the_first_time(self, record, rows):
        deed = Deed(self.shown(record).turn_id, "a", "cart", key="k", quantity=1)
        assert [record.happened(deed), record.happened(deed)] == ["recorded", "repeated"]
        assert record.happened(replace(deed, source="rest", happened_at=NOON, mark="bot")) == "repeated"
        assert len(rows(EventRow)) == 1

    def test_a_key_that_names_another_event_is_refused(self, record, rows):
        first = Deed(self.shown(record).turn_id, "a", "cart", key="k", quantity=1)
        record.happened(first)
        others = [
            {"product_id": "b"}, {"kind": "purchase"}, {"quantity": 2}, {"amount_minor": 1, "currency": "USD"},
            {"turn_id": self.shown(record).turn_id},
        ]  # fmt: skip
        for change in others:
            with pytest.raises(BadDeed, match="names another event") as refused:
                record.happened(replace(first, **change))
            assert refused.value.field == "key"
        assert len(rows(EventRow)) == 1

    def test_events_without_a_key_are_each_their_own(self, record, rows):
        deed = Deed(self.shown(record).turn_id, "a", "click")
        assert [record.happened(deed) for _ in range(2)] == ["recorded", "recorded"]
        assert len(rows(EventRow)) == 2

    def test_of_many_the_good_ones_are_kept_and_each_is_told_what_became_of_it(self, record, rows):
        turn_id = self.shown(record).turn_id
        deeds = [
            Deed(turn_id, "a", "click", key="1"),
            Deed("nowhere", "a", "click", key="2"),
            Deed(turn_id, "a", "click", key="1"),
            Deed(turn_id, "b", "click", key="1"),
            Deed(turn_id, "b", "stare"),
            Deed(turn_id, "b", "dwell", dwell_ms=4_000),
        ]
        receipts = record.events(deeds)
        outcomes = [receipt.outcome for receipt in receipts]
        assert outcomes == ["recorded", "rejected", "repeated", "rejected", "rejected", "recorded"]
        assert isinstance(receipts[1].fault, UnknownId)
        assert [receipts[place].fault.field for place in (3, 4)] == ["key", "kind"]
        assert [(row.product_id, row.kind) for row in rows(EventRow)] == [("a", "click"), ("b", "dwell")]
        assert record.events([]) == ()

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"kind": "stare"}, "kind"), ({"kind": "dwell"}, "dwell_ms"), ({"dwell_ms": 5}, "dwell_ms"),
            ({"amount_minor": 5}, "currency"), ({"happened_at": NOON + AHEAD + timedelta(seconds=1)}, "happened_at"),
            ({"happened_at": NOON - LATE - timedelta(seconds=1)}, "happened_at"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_by_name(self, record, rows, change, field):
        deed = Deed(self.shown(record).turn_id, "a", "click")
        with pytest.raises(ValueError, match=".") as refused:
            record.happened(replace(deed, **change))
        assert refused.value.field == field
        assert rows(EventRow) == []

    @pytest.mark.parametrize("late", [-AHEAD, timedelta(0), timedelta(days=30), LATE])
    def test_a_late_event_is_joined_to_its_turn(self, record, rows, late):
        opened = self.shown(record)
        record.happened(Deed(opened.turn_id, "a", "purchase", happened_at=NOON - late))
        (row,) = rows(EventRow)
        assert (row.turn_id, row.happened_at, row.at) == (opened.turn_id, NOON - late, NOON)

    def test_nothing_in_a_bots_conversation_is_a_shoppers_deed(self, record, rows):
        opened = self.shown(record, mark="bot")
        record.event(opened.turn_id, "a", "click")
        record.happened(Deed(opened.turn_id, "a", "click", mark="staff"))
        assert rows(SessionRow)[0].mark == "bot"
        assert [row.mark for row in rows(EventRow)] == ["bot", "staff"]

    def test_a_cart_that_a_bot_begins_is_marked(self, record, rows):
        record.open_session("en", None, "bot")
        assert rows(SessionRow)[0].mark == "bot"

    def test_only_what_a_turn_showed_is_seen_and_only_once(self, record, rows):
        turn_id = self.shown(record).turn_id
        assert record.seen(turn_id, [("a", 1_200), ("z", 5_000)]) == 1
        assert record.seen(turn_id, [("a", 9_000), ("b", 1_500)]) == 1
        assert [(row.product_id, row.visible_ms) for row in rows(ViewRow)] == [("a", 1_200), ("b", 1_500)]
        with pytest.raises(UnknownId, match="no such turn"):
            record.seen("nowhere", [("a", 1_000)])

    def test_impressions_hold_category_price_and_how_likely_they_were(self, record, rows):
        turn_id = record.open_turn(Utterance("灯"), "zh", session_id=None).turn_id
        picked = SlateItem(PRODUCTS["a"], 0.9, category="Lighting", propensity=0.25, team="b")
        record.show(turn_id, Slate((picked, SlateItem(PRODUCTS["b"], 0.8))))
        first, second = rows(ImpressionRow)
        a, b = PRODUCTS["a"], PRODUCTS["b"]
        assert (first.category, first.price_minor, first.currency) == ("Lighting", a.price_minor, a.currency)
        assert (first.propensity, first.team) == (0.25, "b")
        assert (second.category, second.propensity, second.team) == (b.category, None, None)

    def test_whatever_counts_is_told_to_the_figures_in_its_own_commit(self, record, rows):
        def news():
            found = [row.session_id for row in rows(ChangeRow)]
            return found[told:]

        told = 0
        opened = self.shown(record)
        session_id = opened.session_id
        writes = [
            lambda: record.open_turn(Utterance("more"), "en", session_id=session_id),
            lambda: record.show(opened.turn_id, slate("c")),
            lambda: record.close_turn(turn(opened.turn_id, session_id)),
            lambda: record.fail(opened.turn_id, "rank", "no index"),
            lambda: record.event(opened.turn_id, "a", "click"),
            lambda: record.events([Deed(opened.turn_id, "a", "click"), Deed(opened.turn_id, "b", "click")]),
            lambda: record.seen(opened.turn_id, [("a", 1_000)]),
            lambda: record.open_ticket(opened.turn_id, TicketDraft("question", "Is it dimmable?", "a")),
        ]
        for write in writes:
            told = len(rows(ChangeRow))
            write()
            assert news() == [session_id]
        told = len(rows(ChangeRow))
        record.seen(opened.turn_id, [("a", 1_000)])
        record.happened(Deed(opened.turn_id, "a", "click", key="k"))
        record.happened(Deed(opened.turn_id, "a", "click", key="k"))
        assert news() == [session_id]

    def test_many_threads_that_send_the_same_events_leave_each_once(self, record, rows):
        turn_ids = [self.shown(record).turn_id for _ in range(4)]
        deeds = [Deed(turn_ids[n % 4], "a", "click", key=f"k{n}") for n in range(120)]
        sent = [deeds[(n * 7 + who * 13) % 120] for who in range(3) for n in range(120)]

        with ThreadPoolExecutor(12) as threads:
            outcomes = list(threads.map(record.happened, sent))
        assert sorted(outcomes) == ["recorded"] * 120 + ["repeated"] * 240
        assert sorted(row.key for row in rows(EventRow)) == sorted(deed.key for deed in deeds)

    def test_two_servers_that_are_sent_the_same_events_leave_each_once(self, record, url, rows):
        other = Record(url, clock=lambda: NOON)
        turn_id = self.shown(record).turn_id
        batches = [[Deed(turn_id, "a", "click", key=f"k{n}") for n in range(at, at + 20)] for at in range(0, 60, 5)]
        with ThreadPoolExecutor(8) as threads:
            told = list(
                threads.map(lambda each: each[0].events(each[1]), [(r, b) for b in batches for r in (record, other)])
            )
        other.close()
        fresh = sum(receipt.outcome == "recorded" for receipts in told for receipt in receipts)
        assert fresh == len(rows(EventRow)) == 75
        assert all(receipt.outcome != "rejected" for receipts in told for receipt in receipts)

    def test_what_bots_and_staff_put_together_is_not_told_to_shoppers(self, record):
        for mark in (None, None, "bot"):
            opened = self.shown(record, mark)
            for id in ("a", "b"):
                record.event(opened.turn_id, id, "cart")
        assert record.bought_with("a", 4) == (("b", 2),)

    def test_a_database_that_is_away_fails_the_call_and_not_the_next(self, record, monkeypatch):
        deed = Deed(self.shown(record).turn_id, "a", "click", key="k")
        with monkeypatch.context() as away:
            away.setattr(record._events, "_clock", lambda: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                record.happened(deed)
        assert record.happened(deed) == "recorded"


class TestEventsOnSQLite(EventCases):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path / 'record.db'}"

    def test_events_are_counted_by_the_database_too(self, record):
        record.event(self.shown(record).turn_id, "a", "click")
        with record.engine.connect() as connection:
            assert connection.scalar(select(func.count()).select_from(EventRow)) == 1


class Gated:
    """A commit that waits for its gate, and what it was given."""

    def __init__(self):
        self.groups, self.begun, self.gate = [], Event(), Event()

    def __call__(self, asked):
        self.groups.append(sorted(asked))
        self.begun.set()
        assert self.gate.wait(5)
        if "bad" in asked:
            raise OSError("disk full")
        return [one.upper() for one in asked]

    def put_meanwhile(self, *asked):
        """What became of each of `asked`, put by threads of their own while one commit is under way."""
        grouped, told = Grouped(self), {}

        def put(one):
            try:
                told[one] = grouped.put(one)
            except OSError as error:
                told[one] = str(error)

        threads = [Thread(target=put, args=(one,)) for one in ("first", *asked)]
        threads[0].start()
        assert self.begun.wait(5)
        for thread in threads[1:]:
            thread.start()
        while len(grouped._waiting) < len(asked):
            time.sleep(0.001)
        self.gate.set()
        for thread in threads:
            thread.join(5)
        return told


def test_what_several_put_meanwhile_is_committed_together_and_answered_apart():
    commit = Gated()
    assert commit.put_meanwhile("a", "b", "c") == {"first": "FIRST", "a": "A", "b": "B", "c": "C"}
    assert commit.groups == [["first"], ["a", "b", "c"]]


def test_what_one_of_them_breaks_is_not_the_others_loss():
    commit = Gated()
    told = commit.put_meanwhile("a", "bad", "c")
    assert told == {"first": "FIRST", "a": "A", "bad": "disk full", "c": "C"}
    assert commit.groups[1] == ["a", "bad", "c"]
    assert sorted(commit.groups[2:]) == [["a"], ["bad"], ["c"]]

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.errors import SetupError, UnknownId
from assistant.record import Record
from assistant.record.database import open_database
from assistant.record.tables import (
    EventRow,
    FailureRow,
    ImpressionRow,
    RatingRow,
    ReplyRow,
    SessionRow,
    TurnRow,
    VersionsRow,
)
from assistant.types import Need, Reply, Slate, Utterance
from tests.record.conversation import NEED, PRODUCTS, VERSIONS, slate, turn

NOON = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)


class Clock:
    """Ticks one second a look."""

    def __init__(self):
        self.now = NOON - timedelta(seconds=1)

    def __call__(self):
        self.now += timedelta(seconds=1)
        return self.now


class RecordCases:
    """What the record promises, whatever the database: a subclass's module gives `url`, an empty one."""

    @pytest.fixture
    def record(self, url):
        record = Record(url, clock=Clock())
        yield record
        record.close()

    @pytest.fixture
    def rows(self, url, record):
        """Reads a whole table over a connection of its own: what it sees is committed."""
        engine = open_database(url)

        def read(table):
            with Session(engine) as session:
                return session.scalars(select(table).order_by(*table.__table__.primary_key.columns)).all()

        yield read
        engine.dispose()

    def whole_turn(self, record, session_id=None, message="a lamp under $60", failure=None):
        opened = record.open_turn(Utterance(message), "en", session_id=session_id)
        record.show(opened.turn_id, slate("a", "b"))
        closed = turn(opened.turn_id, opened.session_id, message, failure)
        record.close_turn(closed)
        return closed

    def test_what_the_shopper_said_is_committed_before_anything_else(self, record, rows):
        opened = record.open_turn(Utterance("a lamp", shopper_id="mia"), "en", session_id=None)
        (session,), (said,) = rows(SessionRow), rows(TurnRow)
        assert (session.id, session.shopper_id, session.locale, session.started_at) == (
            opened.session_id, "mia", "en", NOON,
        )  # fmt: skip
        assert (said.id, said.session_id, said.number, said.message) == (opened.turn_id, session.id, 1, "a lamp")
        assert (said.origin, said.need, said.started_at) == ("said", None, NOON)

    def test_an_edited_need_is_committed_with_its_turn(self, record, rows):
        opened = record.open_turn(Utterance("(removed: under $60)", need=NEED), "en", session_id=None)
        assert rows(TurnRow)[0].origin == "edited"
        assert record.turns(opened.session_id, PRODUCTS.get)[0].need == NEED

    def test_turns_of_a_session_are_numbered_from_one(self, record):
        first = record.open_turn(Utterance("a lamp"), "en", session_id=None)
        second = record.open_turn(Utterance("cheaper"), "en", session_id=first.session_id)
        other = record.open_turn(Utterance("a tent"), "en", session_id=None)
        assert (first.number, second.number, other.number) == (1, 2, 1)
        assert other.session_id != first.session_id == second.session_id

    def test_a_turn_comes_back_exactly_as_it_was_closed(self, record):
        first = self.whole_turn(record)
        second = self.whole_turn(record, first.session_id, "更便宜的 💡 'quoted' \\ %s {x}")
        assert record.turns(first.session_id, PRODUCTS.get) == (first, second)

    def test_a_product_that_is_gone_is_left_off_the_slate(self, record):
        closed = self.whole_turn(record)
        (back,) = record.turns(closed.session_id, {"b": PRODUCTS["b"]}.get)
        assert back.slate.ids() == ("b",)
        assert back.slate.matching == closed.slate.matching

    def test_an_interrupted_turn_comes_back_with_an_empty_reply(self, record):
        opened = record.open_turn(Utterance("a lamp"), "zh", session_id=None)
        record.show(opened.turn_id, slate("a"))
        (back,) = record.turns(opened.session_id, PRODUCTS.get)
        assert (back.id, back.message, back.locale, back.failure) == (opened.turn_id, "a lamp", "zh", "interrupted")
        assert (back.need, back.slate, back.reply.text) == (Need(), Slate(), "")

    def test_recent_turns_are_the_last_ones_oldest_first(self, record):
        session_id = self.whole_turn(record, message="1").session_id
        for message in ("2", "3", "4"):
            self.whole_turn(record, session_id, message)
        assert [t.message for t in record.recent(session_id, 2, PRODUCTS.get)] == ["3", "4"]
        assert [t.message for t in record.recent(session_id, 9, PRODUCTS.get)] == ["1", "2", "3", "4"]
        with pytest.raises(ValueError, match="at least 1"):
            record.recent(session_id, 0, PRODUCTS.get)

    def test_a_refined_slate_adds_only_its_new_products(self, record, rows):
        opened = record.open_turn(Utterance("a lamp"), "en", session_id=None)
        record.show(opened.turn_id, Slate())
        record.show(opened.turn_id, slate("a", "b"))
        record.show(opened.turn_id, slate("c", "a", "d"))
        shown = [(row.product_id, row.position, row.score, row.shown_at) for row in rows(ImpressionRow)]
        first, refined = NOON + timedelta(seconds=2), NOON + timedelta(seconds=3)
        assert shown == [("a", 1, 0.9, first), ("b", 2, 0.8, first), ("c", 1, 0.9, refined), ("d", 3, 0.7, refined)]

    def test_the_reply_names_the_versions_and_equal_versions_are_one_row(self, record, rows):
        first = self.whole_turn(record)
        self.whole_turn(record, first.session_id)
        (versions,) = rows(VersionsRow)
        assert (versions.model, versions.quantisation, versions.ranker) == ("tiny", "Q4_K_M", "ranker@2")
        assert {row.versions_id for row in rows(ReplyRow)} == {versions.id}
        assert rows(ReplyRow)[0].finished_at > NOON

    def test_a_turn_closes_once(self, record, rows):
        closed = self.whole_turn(record)
        with pytest.raises(ValueError, match="already closed"):
            record.close_turn(turn(closed.id, closed.session_id, failure="second thoughts"))
        assert len(rows(ReplyRow)) == 1
        assert rows(FailureRow) == []

    def test_a_failed_turn_leaves_a_failure_beside_its_reply(self, record, rows):
        closed = self.whole_turn(record, failure="the model stalled")
        record.fail(closed.id, "verify", "no catalogue")
        assert [(row.turn_id, row.stage, row.error) for row in rows(FailureRow)] == [
            (closed.id, "turn", "the model stalled"),
            (closed.id, "verify", "no catalogue"),
        ]
        assert record.turns(closed.session_id, PRODUCTS.get) == (closed,)

    def test_ratings_are_kept_as_text_and_as_numbers_where_they_are(self, record, rows):
        closed = self.whole_turn(record)
        record.rate(closed.id, "thumb", "down", ("too expensive", "不合适"))
        record.rate(closed.id, "thumb", "up")
        record.rate(closed.id, "stars", 4)
        record.rate(closed.id, "csat", 1)
        record.rate(closed.id, "comment", "5")
        assert [(row.kind, row.value, row.number, row.reasons) for row in rows(RatingRow)] == [
            ("thumb", "down", None, ["too expensive", "不合适"]),
            ("thumb", "up", None, []),
            ("stars", "4", 4, []),
            ("csat", "1", 1, []),
            ("comment", "5", None, []),
        ]
        assert {row.versions_id for row in rows(RatingRow)} == {rows(VersionsRow)[0].id}

    def test_a_turn_can_be_rated_before_it_closes(self, record, rows):
        opened = record.open_turn(Utterance("a lamp"), "en", session_id=None)
        record.rate(opened.turn_id, "thumb", "up")
        assert rows(RatingRow)[0].versions_id is None

    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            ("thumb", "sideways"),
            ("thumb", 1),
            ("stars", 0),
            ("stars", 6),
            ("stars", "5"),
            ("csat", True),
            ("comment", 5),
            ("mood", "up"),
        ],
    )
    def test_a_rating_that_means_nothing_is_refused(self, record, rows, kind, value):
        closed = self.whole_turn(record)
        with pytest.raises(ValueError, match="no such rating"):
            record.rate(closed.id, kind, value)
        assert rows(RatingRow) == []

    def test_events_are_kept_in_the_order_they_came(self, record, rows):
        closed = self.whole_turn(record)
        for kind in ("click", "cart", "purchase", "click"):
            record.event(closed.id, "a", kind)
        assert [row.kind for row in rows(EventRow)] == ["click", "cart", "purchase", "click"]
        with pytest.raises(ValueError, match="no such event"):
            record.event(closed.id, "a", "hover")

    @pytest.mark.parametrize("id", ["", "nope", "x" * 5_000, "nul\x00", "half \ud83d", "'; --"])
    def test_an_unknown_id_is_named_and_nothing_is_written(self, record, rows, id):
        writes = [
            lambda: record.show(id, slate("a")),
            lambda: record.show(id, Slate()),
            lambda: record.close_turn(turn(id, "s")),
            lambda: record.fail(id, "rank", "no index"),
            lambda: record.rate(id, "thumb", "up"),
            lambda: record.event(id, "a", "click"),
        ]
        for write in writes:
            with pytest.raises(UnknownId, match="no such turn"):
                write()
        with pytest.raises(UnknownId, match="no such session"):
            record.open_turn(Utterance("hello"), "en", session_id=id)
        with pytest.raises(UnknownId, match="no such session"):
            record.turns(id, PRODUCTS.get)
        with pytest.raises(UnknownId, match="no such session"):
            record.recent(id, 3, PRODUCTS.get)
        for table in (SessionRow, TurnRow, ReplyRow, VersionsRow, ImpressionRow, EventRow, RatingRow, FailureRow):
            assert rows(table) == []

    def test_characters_that_no_database_takes_do_not_lose_the_turn(self, record):
        opened = record.open_turn(Utterance("nul\x00 half \ud83d", need=Need("\x00")), "en", session_id=None)
        reply = Reply("chat", "a\x00b", (), ("\udc00", "\\u0000"))
        record.close_turn(replace(turn(opened.turn_id, opened.session_id), reply=reply))
        (back,) = record.turns(opened.session_id, PRODUCTS.get)
        assert back.message == "nul\ufffd half \ufffd"
        assert (back.reply.text, back.reply.quick_replies) == ("a\ufffdb", ("\ufffd", "\\u0000"))

    def test_times_are_utc_whatever_the_clock_says(self, url, rows):
        record = Record(url, clock=lambda: NOON.astimezone(timezone(timedelta(hours=8))))
        record.open_turn(Utterance("a lamp"), "en", session_id=None)
        record.close()
        (session,) = rows(SessionRow)
        assert session.started_at == NOON
        assert session.started_at.utcoffset() == timedelta(0)

    def test_a_record_reopened_still_knows_everything(self, url, record):
        closed = self.whole_turn(record)
        record.close()
        again = Record(url)
        assert again.turns(closed.session_id, PRODUCTS.get) == (closed,)
        again.close()

    @pytest.mark.real
    def test_many_threads_write_at_once_and_nothing_is_lost(self, record, rows):
        session_id = self.whole_turn(record).session_id

        def shopper(index):
            for _ in range(5):
                shared = self.whole_turn(record, session_id, f"from {index}")
                own = self.whole_turn(record)
                record.rate(own.id, "stars", 5)
                record.event(shared.id, "a", "click")
                record.recent(session_id, 3, PRODUCTS.get)

        with ThreadPoolExecutor(12) as threads:
            list(threads.map(shopper, range(12)))
        numbers = sorted(row.number for row in rows(TurnRow) if row.session_id == session_id)
        assert numbers == list(range(1, 62))
        assert [len(rows(table)) for table in (ReplyRow, ImpressionRow, RatingRow, EventRow, VersionsRow)] == [
            121, 242, 60, 60, 1,
        ]  # fmt: skip

    def test_one_turn_closed_by_two_threads_has_one_reply(self, record, rows):
        opened = record.open_turn(Utterance("a lamp"), "en", session_id=None)

        def close(_):
            try:
                record.close_turn(turn(opened.turn_id, opened.session_id))
            except ValueError:
                return "refused"
            return "closed"

        with ThreadPoolExecutor(4) as threads:
            assert sorted(threads.map(close, range(4))) == ["closed", "refused", "refused", "refused"]
        assert rows(VersionsRow)[0].model == VERSIONS.model


class TestRecordOnSQLite(RecordCases):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path / 'deep' / 'er' / 'record.db'}"

    def test_commits_reach_the_disk_and_readers_do_not_wait(self, record):
        names = ("journal_mode", "synchronous", "foreign_keys")
        with record._engine.connect() as connection:
            pragmas = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}
        assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_database_that_cannot_be_opened_is_one_clear_error(tmp_path):
    (tmp_path / "record.db").write_text("this is no database, and long enough to be looked at as one " * 20)
    with pytest.raises(SetupError, match=r"record\.db cannot be opened: .*not a database"):
        Record(f"sqlite:///{tmp_path / 'record.db'}")


def test_the_password_of_a_database_is_not_told():
    with pytest.raises(SetupError, match=r"shop:\*\*\*@127\.0\.0\.1"):
        Record("postgresql://shop:hunter2@127.0.0.1:1/record")


def test_a_url_that_is_none_is_one_clear_error():
    with pytest.raises(SetupError, match="cannot be opened"):
        Record("no url")

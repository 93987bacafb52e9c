import pytest
from sqlalchemy import text

from assistant.record import Record
from assistant.record.database import open_database, writing
from assistant.types import Utterance


class TogetherCases:
    """What is told of products that went together, whatever the database: a subclass's module gives `url`."""

    @pytest.fixture
    def record(self, url):
        record = Record(url)
        yield record
        record.close()

    def session(self, record, *turns, shopper=None):
        """One session whose turns hold deeds such as "cart a"."""
        session_id = None
        for deeds in turns:
            opened = record.open_turn(Utterance("a lamp", shopper_id=shopper), "en", session_id=session_id)
            session_id = opened.session_id
            for deed in deeds:
                kind, product_id = deed.split()
                record.event(opened.turn_id, product_id, kind)

    def test_what_several_sessions_put_together_is_told_the_most_first(self, record):
        self.session(record, ["cart a", "cart b", "purchase c"])
        self.session(record, ["cart a"], ["purchase b", "cart d"])
        self.session(record, ["purchase a", "cart b"], ["cart c"])
        assert record.bought_with("a", 4) == (("b", 3), ("c", 2))
        assert record.bought_with("a", 1) == (("b", 3),)
        assert record.bought_with("b", 4) == (("a", 3), ("c", 2))

    def test_one_basket_is_never_shown_to_another_shopper(self, record):
        self.session(record, ["cart a", "cart b"])
        assert record.bought_with("a", 4) == ()
        self.session(record, ["cart a", "cart c"], shopper="ann")
        self.session(record, ["cart a", "cart c"], shopper="ann")
        assert record.bought_with("a", 4) == ()

    def test_a_session_counts_once_however_often_it_was_done(self, record):
        self.session(record, ["cart a", "cart a", "purchase a", "cart b", "purchase b"], ["cart b"])
        self.session(record, ["cart a", "cart b"])
        assert record.bought_with("a", 4) == (("b", 2),)

    def test_a_click_is_no_purchase(self, record):
        for _ in range(2):
            self.session(record, ["cart a", "click b"])
            self.session(record, ["click a", "cart c"])
        assert record.bought_with("a", 4) == ()

    def test_of_an_unknown_product_nothing_is_told(self, record):
        assert record.bought_with("none", 4) == ()

    def test_a_record_of_the_first_release_is_taken_over(self, url, record):
        self.session(record, ["cart a", "cart b"])
        engine = open_database(url)
        with writing(engine).begin() as connection:
            for column in ("comparison", "question", "variety", "service"):
                connection.execute(text(f"ALTER TABLE replies DROP COLUMN {column}"))
            connection.execute(text("DROP TABLE cart_changes"))
            connection.execute(text("DROP INDEX ix_events_product_id"))
            for table in ("desk_events", "ticket_states", "ticket_looks", "macros", "agent_tokens", "sign_in_attempts"):
                connection.execute(text(f"DROP TABLE {table}"))
            connection.execute(text("DROP TABLE agents"))
            connection.execute(text("DROP TABLE tickets"))
            connection.execute(text("DROP TABLE facts"))
            connection.execute(text("DROP TABLE consents"))
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        engine.dispose()
        again = Record(url)
        self.session(again, ["cart a", "cart b"])
        assert again.bought_with("a", 4) == (("b", 2),)
        again.close()


class TestTogetherOnSQLite(TogetherCases):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path / 'record.db'}"

from datetime import UTC, datetime

import pytest

from assistant.record import Record
from assistant.types import Utterance
from tests.record.older import older


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

    def test_a_record_of_the_first_release_is_taken_over(self, url):
        at = datetime(2026, 11, 1, tzinfo=UTC)
        turn = {"session_id": "s", "message": "", "locale": "en", "origin": "said", "need": None, "started_at": at}
        event = {"turn_id": "t", "kind": "cart", "at": at}
        older(
            url,
            "0001",
            {
                "sessions": [{"id": "s", "locale": "en", "started_at": at}],
                "turns": [{**turn, "id": "t", "number": 1}],
                "events": [{**event, "product_id": "a"}, {**event, "product_id": "b"}],
            },
        )
        again = Record(url)
        self.session(again, ["cart a", "cart b"])
        assert again.bought_with("a", 4) == (("b", 2),)
        again.close()


class TestTogetherOnSQLite(TogetherCases):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path / 'record.db'}"

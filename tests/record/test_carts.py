import pytest

from assistant.cart import CartChange, lines_of
from assistant.errors import UnknownId
from assistant.record import Record
from assistant.types import Utterance
from tests.record.conversation import PRODUCTS

LAMP = CartChange("set", "a", None, 2, 4_900, "USD")
BLUE = CartChange("set", "b", "b-blue", 1, 3_000_000_000, "USD")


class CartCases:
    """What the record promises of carts, whatever the database: a subclass's module gives `url`, an empty one."""

    @pytest.fixture
    def record(self, url):
        record = Record(url)
        yield record
        record.close()

    def test_every_change_is_a_row_that_comes_back_as_it_was(self, record):
        opened = record.open_turn(Utterance("two of those"), "en", session_id=None)
        record.change_cart(opened.session_id, [LAMP], opened.turn_id)
        record.change_cart(opened.session_id, [BLUE, CartChange("remove", "a"), CartChange("clear")])
        told = record.cart_changes(opened.session_id)
        assert [one.kind for one in told] == ["set", "set", "remove", "clear"]
        assert [one.turn_id for one in told] == [opened.turn_id, None, None, None]
        assert (told[1].product_id, told[1].variant_id, told[1].price_minor) == ("b", "b-blue", 3_000_000_000)
        assert lines_of(told[:2])[1].quantity == 1

    def test_a_cart_may_come_before_the_first_word(self, record):
        session_id = record.open_session("zh", "ann")
        record.change_cart(session_id, [LAMP])
        assert record.turns(session_id, PRODUCTS.get) == ()
        assert record.recent(session_id, 3, PRODUCTS.get) == ()
        assert record.open_turn(Utterance("a lamp"), "en", session_id=session_id).number == 1
        assert len(record.cart_changes(session_id)) == 1

    def test_carts_of_two_sessions_never_meet(self, record):
        one, other = record.open_session("en"), record.open_session("en")
        record.change_cart(one, [LAMP])
        assert record.cart_changes(other) == ()

    def test_no_session_and_no_turn_is_told_and_nothing_is_written(self, record):
        session_id = record.open_session("en")
        with pytest.raises(UnknownId, match="session"):
            record.cart_changes("nobody")
        with pytest.raises(UnknownId, match="session"):
            record.change_cart("nobody", [LAMP])
        with pytest.raises(UnknownId, match="turn"):
            record.change_cart(session_id, [LAMP], "never said")
        assert record.cart_changes(session_id) == ()


class TestCartsOnSQLite(CartCases):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path / 'record.db'}"

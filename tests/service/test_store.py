"""What the books keep, whatever the database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from assistant.errors import SetupError
from assistant.service import Deed, SqlStore
from assistant.service.database import open_database, writing
from assistant.service.tables import SCHEMA, SchemaRow
from tests.service.shop import ANN, BEN, BENS, DELIVERED, MIXED, NOON, ORDERS, PENDING, opened


class StoreCases:
    """A subclass's module gives `url`, an empty database."""

    @pytest.fixture
    def store(self, url):
        store = SqlStore(url)
        yield store
        store.close()

    def test_what_was_loaded_comes_back_equal(self, store):
        assert store.is_empty()
        assert store.load([ANN, BEN], ORDERS) == 6
        assert not store.is_empty()
        with store.reading() as books:
            assert (books.customer("ann"), books.customer("ben"), books.customer("nobody")) == (ANN, BEN, None)
            assert books.order("ann", "LL-2") == DELIVERED
            assert books.orders("ben") == (BENS,)
            assert sorted(books.all_orders(), key=lambda one: one.id) == list(ORDERS)

    def test_orders_are_told_newest_first_and_those_without_a_date_last(self, store):
        undated = replace(PENDING, id="LL-0", placed_at=None)
        newest = replace(PENDING, id="LL-5", placed_at=NOON)
        store.load([ANN], [undated, DELIVERED, newest])
        with store.reading() as books:
            assert [one.id for one in books.orders("ann")] == ["LL-5", "LL-2", "LL-0"]

    def test_what_is_known_stays_as_it_is_when_loaded_again(self, store):
        store.load([ANN], [PENDING])
        assert store.load([replace(ANN, first_name="Anne"), BEN], [replace(PENDING, state="shipped")]) == 1
        with store.reading() as books:
            assert (books.customer("ann"), books.order("ann", "LL-1")) == (ANN, PENDING)

    def test_replacing_starts_anew(self, url):
        store, service = opened(url)
        service.confirm(service.propose("ann's", "ann", Deed("cancel", "LL-1")).id, "ann")
        store.load([ANN], [PENDING], replace=True)
        assert service.order("ann", "LL-1") == PENDING
        assert service.customer("ann's") is None
        assert service.proposals("ann's") == ()
        assert service.customer_by_id("ben") is None
        store.close()

    def test_an_order_of_nobody_is_not_loaded_nor_is_anything_with_it(self, store):
        with pytest.raises(ValueError, match="unknown customers: ben"):
            store.load([ANN], [PENDING, BENS])
        assert store.is_empty()

    def test_a_transaction_that_fails_changes_nothing(self, store):
        store.load([ANN], [PENDING])
        with pytest.raises(RuntimeError), store.writing() as books:
            books.save_order(replace(PENDING, state="shipped", lines=()))
            raise RuntimeError
        with store.reading() as books:
            assert books.order("ann", "LL-1") == PENDING

    def test_what_is_saved_is_read_in_the_same_transaction(self, store):
        store.load([ANN], [MIXED])
        with store.writing() as books:
            assert books.order("ann", "LL-3") == MIXED
            changed = replace(MIXED, lines=MIXED.lines[1:], payments=(), note="\x00 nul")
            books.save_order(changed)
            books.save_customer(replace(ANN, methods=ANN.methods[:1]))
            assert books.order("ann", "LL-3") == replace(changed, note="\ufffd nul")
            assert books.customer("ann") == replace(ANN, methods=ANN.methods[:1])

    def test_a_proposal_comes_back_whole(self, url):
        store, service = opened(url)
        proposal = service.propose("ann's", "ann", Deed("return", "LL-2", lines=(1,), reason="no longer needed"))
        assert service.proposal(proposal.id) == proposal
        done = service.confirm(proposal.id, "ann")
        assert service.proposal(proposal.id) == done
        assert done.undo_until == NOON + timedelta(days=1)
        store.close()

    def test_a_snapshot_tells_states_apart_and_not_which_of_two_equal_items_was_meant(self, store):
        twin = replace(DELIVERED, lines=(DELIVERED.lines[0], replace(DELIVERED.lines[0], number=2)))
        store.load([ANN], [twin])
        plain, found = store.snapshot(), []
        for number in (0, 1):
            lines = list(twin.lines)
            lines[number] = replace(lines[number], state="return_requested")
            with store.writing() as books:
                books.save_order(replace(twin, lines=tuple(lines)))
            found.append(store.snapshot())
        assert found[0] == found[1] != plain

    def test_a_newer_schema_is_left_alone(self, url):
        engine = open_database(url)
        with writing(engine).begin() as connection:
            connection.execute(update(SchemaRow).values(number=SCHEMA + 1))
        engine.dispose()
        with pytest.raises(SetupError, match=f"schema {SCHEMA + 1}, newer than this program's {SCHEMA}: update"):
            SqlStore(url)

    def test_it_is_opened_again_as_it_was(self, url):
        store, _ = opened(url)
        kept = store.snapshot()
        store.close()
        again = SqlStore(url)
        assert again.snapshot() == kept
        again.close()


class TestStoreOnSQLite(StoreCases):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path / 'new folder' / 'orders.db'}"

    def test_a_database_that_cannot_be_opened_is_named_with_the_way_out(self, tmp_path):
        (tmp_path / "file").write_text("no folder")
        with pytest.raises(SetupError, match="AISLE_ORDERS_URL"):
            SqlStore(f"sqlite:///{tmp_path / 'file' / 'orders.db'}")
        with pytest.raises(SetupError, match="the given URL|nonsense"):
            SqlStore("nonsense")

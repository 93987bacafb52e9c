"""Two requests at the same moment: exactly one wins, whatever the database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from assistant.service import Claimed, Deed, Refused, TooManyAttempts
from tests.service.shop import DELIVERED, DEMO, PENDING, opened, paid

RACERS = 4


def race(*acts):
    """Do all of them at once and give what each returned or was refused with."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        except (Refused, TooManyAttempts) as refused:
            return refused

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


class RacingCases:
    """A subclass's module gives `url`, an empty database."""

    @pytest.fixture
    def shop(self, url):
        store, service = opened(url)
        yield service
        store.close()

    def proposals(self, shop, deed, by="assistant"):
        session = "ann's" if by == "assistant" else None
        return [shop.propose(session, "ann", deed, by).id for _ in range(RACERS)]

    def test_one_order_is_cancelled_once(self, shop):
        ids = self.proposals(shop, Deed("cancel", "LL-3"))
        results = race(*(lambda id=id: shop.confirm(id, "ann") for id in ids))
        assert [getattr(one, "state", one) for one in results].count("done") == 1
        assert sum(isinstance(one, Refused) for one in results) == RACERS - 1
        assert [one.kind for one in shop.order("ann", "LL-3").payments].count("refund") == 2  # one for each method
        assert shop.customer_by_id("ann").method("gift").balance_minor == 6_500

    def test_one_proposal_is_done_once_however_often_it_is_confirmed(self, shop):
        proposal = shop.propose("ann's", "ann", Deed("cancel", "LL-1"))
        results = race(*(lambda: shop.confirm(proposal.id, "ann") for _ in range(RACERS)))
        assert {one.state for one in results} == {"done"}
        assert [one.kind for one in shop.order("ann", "LL-1").payments] == ["payment", "refund"]

    def test_one_refund_of_all_that_was_paid_goes_out(self, shop):
        ids = self.proposals(shop, Deed("refund", "LL-2", amount_minor=4_000), by="agent-1")
        results = race(*(lambda id=id: shop.approve(id, "agent-1", DEMO.limit("agent")) for id in ids))
        assert sum(isinstance(one, Refused) for one in results) == RACERS - 1
        assert sum(one.amount_minor for one in shop.order("ann", "LL-2").payments if one.kind == "refund") == 4_000

    def test_one_item_goes_back_once(self, shop):
        ids = self.proposals(shop, Deed("return", "LL-2", lines=(1,)))
        results = race(*(lambda id=id: shop.confirm(id, "ann") for id in ids))
        assert sum(isinstance(one, Refused) for one in results) == RACERS - 1
        assert shop.order("ann", "LL-2").line(1).promised_minor == 1_410

    def test_a_gift_card_pays_for_one_of_two_orders_at_once(self, url):
        orders = [replace(PENDING, payments=(paid(3_000),)), replace(PENDING, id="LL-4", payments=(paid(3_000),))]
        store, shop = opened(url, orders=orders)
        ids = [shop.propose("ann's", "ann", Deed("change_payment", one.id, method_id="gift")).id for one in orders]
        results = race(*(lambda id=id: shop.confirm(id, "ann") for id in ids))
        assert sum(isinstance(one, Refused) and one.code == "balance" for one in results) == 1
        assert shop.customer_by_id("ann").method("gift").balance_minor == 2_000
        store.close()

    def test_guesses_at_once_are_counted_one_by_one(self, shop):
        guesses = [Claimed(email="ann.lee@example.com", order_id=f"LL-{100 + n}") for n in range(12)]
        results = race(*(lambda n=n, one=one: shop.identify(f"visitor {n}", one) for n, one in enumerate(guesses)))
        assert results.count(None) == DEMO.attempts.allowed
        assert sum(isinstance(one, TooManyAttempts) for one in results) == 12 - DEMO.attempts.allowed

    def test_a_refund_and_a_return_at_once_never_exceed_what_was_paid(self, shop):
        back = shop.propose("ann's", "ann", Deed("return", "LL-2", lines=(1, 2)))
        refund = shop.propose(None, "ann", Deed("refund", "LL-2", amount_minor=4_000), by="agent-1")
        results = race(
            lambda: shop.confirm(back.id, "ann"), lambda: shop.approve(refund.id, "agent-1", DEMO.limit("agent"))
        )
        assert sum(isinstance(one, Refused) for one in results) == 1
        assert shop.order("ann", "LL-2") != DELIVERED


class TestRacingOnSQLite(RacingCases):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path / 'orders.db'}"

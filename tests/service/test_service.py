"""The life of a proposal: confirmed once, waiting for people, declined, undone, expired."""

from dataclasses import replace

import pytest

from assistant.service import Deed, Payment, Refused
from tests.service.shop import DELIVERED, DEMO, MUG, NOON, PENDING, SHIRT, THERE, paid

CANCEL = Deed("cancel", "LL-1")
BIG = replace(PENDING, lines=(replace(SHIRT, price_minor=25_000),), payments=(paid(25_000),))


def proposed(service, deed=CANCEL, by="assistant"):
    return service.propose("ann's" if by == "assistant" else None, "ann", deed, by)


class TestConfirming:
    def test_twice_is_once(self, service):
        proposal = proposed(service)
        done = service.confirm(proposal.id, "ann")
        assert service.confirm(proposal.id, "ann") == done
        assert (done.state, done.decided_by, done.decided_at) == ("done", "ann", NOON)
        assert [one.kind for one in service.order("ann", "LL-1").payments] == ["payment", "refund"]

    def test_two_proposals_of_the_same_deed_are_done_once(self, service):
        first, second = proposed(service), proposed(service)
        service.confirm(second.id, "ann")
        with pytest.raises(Refused, match="done_before"):
            service.confirm(first.id, "ann")

    def test_it_is_judged_again(self, service):
        proposal = proposed(service)
        with service.store.writing() as books:
            books.save_order(replace(PENDING, state="shipped"))
        with pytest.raises(Refused, match="state"):
            service.confirm(proposal.id, "ann")
        assert service.order("ann", "LL-1").payments == PENDING.payments

    def test_only_what_was_agreed_to_is_done(self, service):
        proposal = proposed(service, Deed("return", "LL-2", lines=(1,)))
        with service.store.writing() as books:
            books.save_order(replace(DELIVERED, lines=(replace(SHIRT, price_minor=1_500), MUG)))
        with pytest.raises(Refused, match="changed"):
            service.confirm(proposal.id, "ann")

    def test_after_half_an_hour_it_is_expired(self, service, clock):
        proposal = proposed(service)
        clock.pass_by(minutes=30)
        assert service.proposal(proposal.id).state == "proposed"
        clock.pass_by(seconds=1)
        assert [one.state for one in service.proposals("ann's")] == ["expired"]
        with pytest.raises(Refused, match="expired"):
            service.confirm(proposal.id, "ann")

    def test_a_window_that_closes_in_between_counts(self, service, clock):
        clock.pass_by(minutes=45)
        proposal = proposed(service)
        clock.pass_by(minutes=10)
        with pytest.raises(Refused, match="too_late"):
            service.confirm(proposal.id, "ann")

    def test_proposals_of_a_session_are_listed_oldest_first(self, service, clock):
        first = proposed(service)
        clock.pass_by(seconds=1)
        second = proposed(service, Deed("change_customer_address", address=THERE))
        assert service.proposals("ann's") == (first, second)
        assert service.proposal("none") is None


class TestApproval:
    @pytest.fixture
    def waits(self, make):
        self.service = make(orders=[BIG, DELIVERED])
        return self.service.confirm(proposed(self.service).id, "ann")

    def test_more_than_the_owner_allows_waits_and_nothing_is_done(self, waits):
        assert (waits.state, waits.why_waiting, waits.confirmed_at) == ("waiting", "amount", NOON)
        assert self.service.waiting() == (waits,)
        assert self.service.order("ann", "LL-1") == BIG
        assert self.service.confirm(waits.id, "ann") == waits

    def test_somebody_who_may_refund_so_much_has_it_done_once(self, waits):
        with pytest.raises(Refused, match="limit"):
            self.service.approve(waits.id, "agent-1", DEMO.limit("agent"))
        done = self.service.approve(waits.id, "lead-1", DEMO.limit("lead"))
        assert (done.state, done.decided_by) == ("done", "lead-1")
        assert self.service.approve(waits.id, "owner-1", None) == done
        assert self.service.order("ann", "LL-1").payments[1:] == (Payment("refund", 25_000, "card", NOON),)
        assert self.service.waiting() == ()

    def test_who_asked_in_time_is_not_too_late_while_people_think(self, waits, clock):
        clock.pass_by(hours=20)
        assert self.service.approve(waits.id, "lead-1", None).state == "done"

    def test_what_has_left_meanwhile_is_not_cancelled(self, waits):
        with self.service.store.writing() as books:
            books.save_order(replace(BIG, state="shipped"))
        with pytest.raises(Refused, match="state"):
            self.service.approve(waits.id, "lead-1", None)

    def test_what_is_declined_is_never_done(self, waits):
        declined = self.service.decline(waits.id, "lead-1", "the parcel is packed")
        assert (declined.state, declined.note, declined.decided_by) == ("declined", "the parcel is packed", "lead-1")
        assert self.service.decline(waits.id, "lead-1", "again") == declined
        for again in (lambda: self.service.confirm(waits.id, "ann"), lambda: self.service.approve(waits.id, "x", None)):
            with pytest.raises(Refused, match="declined"):
                again()
        assert self.service.order("ann", "LL-1") == BIG

    def test_what_is_done_is_not_declined(self, waits):
        self.service.approve(waits.id, "lead-1", None)
        with pytest.raises(Refused, match="done_before"):
            self.service.decline(waits.id, "lead-1", "too late")

    def test_nobody_of_the_shop_confirms_for_the_customer(self, service):
        proposal = proposed(service)
        with pytest.raises(Refused, match="not_confirmed"):
            service.approve(proposal.id, "owner-1", None)

    @pytest.mark.parametrize("act", ["approve", "decline"])
    def test_what_there_is_not_is_not_decided(self, service, act):
        with pytest.raises(Refused, match="not_found"):
            getattr(service, act)("none", "owner-1", None)


class TestPeople:
    LATE = Deed("return", "LL-2", lines=(1,))

    def test_a_person_may_make_an_exception_that_the_rules_leave_to_them(self, service, clock):
        clock.pass_by(days=60)
        service.sign_in("ann's", "ann")
        with pytest.raises(Refused, match="too_late"):
            proposed(service, self.LATE)
        proposal = proposed(service, self.LATE, by="agent-1")
        assert proposal.why_waiting == "too_late"
        assert service.approve(proposal.id, "agent-1", DEMO.limit("agent")).state == "done"

    def test_the_customer_alone_cannot_confirm_an_exception(self, service, clock):
        clock.pass_by(days=60)
        proposal = proposed(service, self.LATE, by="agent-1")
        assert service.confirm(proposal.id, "ann").state == "waiting"
        assert service.approve(proposal.id, "lead-1", None).state == "done"

    def test_nobody_may_do_what_the_rules_leave_to_nobody(self, service):
        with pytest.raises(Refused, match="state"):
            proposed(service, Deed("cancel", "LL-2"), by="owner-1")

    def test_above_an_agents_limit_a_refund_waits_for_another(self, make):
        service = make(orders=[replace(BIG, id="LL-2", state="delivered")])
        proposal = proposed(service, Deed("refund", "LL-2", amount_minor=10_001), by="agent-1")
        waits = service.approve(proposal.id, "agent-1", DEMO.limit("agent"))
        assert (waits.state, waits.why_waiting) == ("waiting", "limit")
        with pytest.raises(Refused, match="limit"):
            service.approve(proposal.id, "agent-1", DEMO.limit("agent"))
        assert service.approve(proposal.id, "lead-1", DEMO.limit("lead")).state == "done"

    def test_a_role_without_a_limit_refunds_nothing(self):
        assert replace(DEMO, limits={}).limit("owner") == 0
        assert DEMO.limit("owner") is None


class TestUndo:
    @pytest.mark.parametrize(
        "deed",
        [
            Deed("cancel", "LL-1"),
            Deed("cancel", "LL-3"),
            Deed("change_address", "LL-1", address=THERE),
            Deed("return", "LL-2", lines=(1,)),
            Deed("change_customer_address", address=THERE),
        ],
    )
    def test_everything_is_as_it_was(self, service, deed):
        before = service.store.snapshot()
        orders = service.orders("ann")
        done = service.confirm(proposed(service, deed).id, "ann")
        assert service.store.snapshot() != before
        undone = service.undo(done.id, "assistant", "ann")
        assert (undone.state, undone.decided_by) == ("undone", "assistant")
        assert service.store.snapshot() == before
        assert service.orders("ann") == orders
        assert service.undo(done.id, "assistant", "ann") == undone

    def test_what_is_undone_can_be_done_anew_but_not_by_the_same_yes(self, service):
        done = service.confirm(proposed(service).id, "ann")
        service.undo(done.id, "assistant", "ann")
        with pytest.raises(Refused, match="declined"):
            service.confirm(done.id, "ann")
        assert service.confirm(proposed(service).id, "ann").state == "done"

    def test_only_for_as_long_as_the_rules_say(self, service, clock):
        done = service.confirm(proposed(service).id, "ann")
        clock.pass_by(minutes=31)
        with pytest.raises(Refused, match="too_late"):
            service.undo(done.id, "agent-1")

    def test_not_where_the_rules_name_no_time(self, variants):
        done = variants.confirm(proposed(variants, Deed("return", "LL-2", lines=(1,))).id, "ann")
        assert done.undo_until is None
        with pytest.raises(Refused, match="not_undoable"):
            variants.undo(done.id, "agent-1")

    def test_not_what_was_never_done(self, service):
        with pytest.raises(Refused, match="not_undoable"):
            service.undo(proposed(service).id, "agent-1")

    def test_not_when_something_came_between(self, service):
        address = service.confirm(proposed(service, Deed("change_address", "LL-1", address=THERE)).id, "ann")
        service.confirm(proposed(service).id, "ann")
        with pytest.raises(Refused, match="changed"):
            service.undo(address.id, "agent-1")

    def test_not_when_the_money_is_spent(self, service):
        done = service.confirm(proposed(service, Deed("cancel", "LL-3")).id, "ann")
        customer = service.customer_by_id("ann")
        methods = tuple(replace(one, balance_minor=0) if one.id == "gift" else one for one in customer.methods)
        with service.store.writing() as books:
            books.save_customer(replace(customer, methods=methods))
        with pytest.raises(Refused, match="balance"):
            service.undo(done.id, "agent-1")
        assert service.order("ann", "LL-3").state == "cancelled"

    def test_money_that_moved_meanwhile_for_another_order_stays_moved(self, service):
        cancelled = service.confirm(proposed(service, Deed("cancel", "LL-3")).id, "ann")
        service.confirm(proposed(service, Deed("change_payment", "LL-1", method_id="gift")).id, "ann")
        assert service.customer_by_id("ann").method("gift").balance_minor == 5_000 + 1_500 - 4_000
        service.undo(cancelled.id, "agent-1")
        assert service.customer_by_id("ann").method("gift").balance_minor == 1_000


def test_people_of_the_shop_still_see_whose_a_conversation_is_once_the_proof_has_expired(service, clock):
    clock.pass_by(days=3)
    assert service.customer("ann's") is None
    assert service.proved("ann's").id == "ann"
    assert service.proved("nobody") is None

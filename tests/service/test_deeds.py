"""What each kind of deed does, exactly, and what it refuses."""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.service import Address, Deed, Effect, Payment, Refused, Swap
from tests.service.shop import (
    ANN,
    DELIVERED,
    DEMO,
    MIXED,
    MUG,
    NOON,
    ORDERS,
    PENDING,
    SHIRT,
    THERE,
    VARIANTS,
    ago,
    paid,
)


def do(service, deed, customer="ann"):
    proposal = service.propose(f"{customer}'s", customer, deed)
    return service.confirm(proposal.id, customer)


def refused(service, deed, code, customer="ann", **about):
    with pytest.raises(Refused) as caught:
        service.propose(f"{customer}'s", customer, deed)
    assert caught.value.code == code
    for name, value in about.items():
        assert caught.value.about[name] == value


def order(service, id="LL-1", customer="ann"):
    return service.order(customer, id)


def balance(service, id="gift"):
    return service.customer_by_id("ann").method(id).balance_minor


class TestCancel:
    def test_all_that_was_paid_goes_back_the_way_it_came(self, service):
        done = do(service, Deed("cancel", "LL-3"))
        assert done.effects == (
            Effect("refund", 2_500, "card", days=(0, 3)),
            Effect("refund", 1_500, "gift", days=None),
            Effect("state", about="cancelled"),
        )
        after = order(service, "LL-3")
        assert after.state == "cancelled"
        assert {line.state for line in after.lines} == {"cancelled"}
        assert after.payments[2:] == (Payment("refund", 2_500, "card", NOON), Payment("refund", 1_500, "gift", NOON))
        assert balance(service) == 6_500

    def test_an_hour_after_the_order_it_is_too_late(self, service, clock):
        clock.pass_by(minutes=51)
        refused(service, Deed("cancel", "LL-1"), "too_late", order="LL-1")

    def test_what_has_not_left_after_five_working_days_can_be_cancelled_after_all(self, service, clock):
        clock.pass_by(days=7)  # Monday to Monday with a holiday between: four working days, and the fifth is not over
        service.sign_in("ann's", "ann")
        refused(service, Deed("cancel", "LL-1"), "too_late")
        clock.pass_by(days=2)
        service.sign_in("ann's", "ann")
        assert do(service, Deed("cancel", "LL-1")).state == "done"

    def test_what_is_not_paid_yet_can_be_cancelled_any_time_and_nothing_goes_back(self, make):
        service = make(orders=[replace(PENDING, payments=(), placed_at=ago(days=2))])
        assert do(service, Deed("cancel", "LL-1")).effects == (Effect("state", about="cancelled"),)

    def test_what_was_delivered_cannot_be(self, service):
        refused(service, Deed("cancel", "LL-2"), "state", order="LL-2", state="delivered")

    def test_a_cancelled_order_is_not_cancelled_again(self, service):
        do(service, Deed("cancel", "LL-1"))
        refused(service, Deed("cancel", "LL-1"), "done_before")

    def test_a_reason_is_asked_where_the_rules_want_one(self, variants):
        refused(variants, Deed("cancel", "LL-1"), "reason", reasons="no longer needed, ordered by mistake")
        refused(variants, Deed("cancel", "LL-1", reason="a friend told me"), "reason")
        do(variants, Deed("cancel", "LL-1", reason="ordered by mistake"))
        assert order(variants).reason == "ordered by mistake"


class TestChangeAddress:
    def test_the_order_goes_elsewhere(self, service):
        done = do(service, Deed("change_address", "LL-1", address=THERE))
        assert done.effects == (Effect("address", about="9 Oak Lane, Bend, OR 97701, US"),)
        assert order(service).address == THERE
        assert service.customer_by_id("ann").address == ANN.address

    @pytest.mark.parametrize("address", [None, Address(""), Address("  ", city="Bend"), Address("9 Oak Lane")])
    def test_a_part_of_an_address_is_none(self, service, address):
        refused(service, Deed("change_address", "LL-1", address=address), "empty")

    def test_the_same_address_is_no_change(self, service):
        refused(service, Deed("change_address", "LL-1", address=PENDING.address), "same_address")

    def test_what_was_sent_goes_where_it_goes(self, make):
        service = make(orders=[replace(PENDING, state="shipped")])
        refused(service, Deed("change_address", "LL-1", address=THERE), "state", state="shipped")

    def test_a_customer_moves(self, service):
        done = do(service, Deed("change_customer_address", address=THERE))
        assert done.effects == (Effect("customer_address", about=THERE.in_one_line()),)
        assert service.customer_by_id("ann").address == THERE
        assert order(service).address == PENDING.address


class TestChangePayment:
    def test_the_new_method_pays_and_the_old_one_gets_it_back(self, service):
        done = do(service, Deed("change_payment", "LL-1", method_id="gift"))
        assert done.effects == (
            Effect("method", 0, "gift"),
            Effect("charge", 4_000, "gift"),
            Effect("refund", 4_000, "card", days=(0, 3)),
        )
        assert [(one.kind, one.method_id) for one in order(service).payments] == [
            ("payment", "card"), ("payment", "gift"), ("refund", "card"),
        ]  # fmt: skip
        assert balance(service) == 1_000
        assert order(service).state == "pending"

    def test_it_must_be_another_method(self, service):
        refused(service, Deed("change_payment", "LL-1", method_id="card"), "same_method")

    def test_it_must_be_one_of_theirs(self, service):
        refused(service, Deed("change_payment", "LL-1", method_id="somebody's"), "method")

    def test_a_gift_card_must_hold_enough(self, make):
        service = make(VARIANTS, [replace(PENDING, payments=(paid(5_001),))])
        refused(service, Deed("change_payment", "LL-1", method_id="gift"), "balance", amount="5001")

    def test_two_methods_become_one(self, service):
        do(service, Deed("change_payment", "LL-3", method_id="card"))
        assert balance(service) == 6_500
        do(service, Deed("cancel", "LL-3"))
        assert balance(service) == 6_500


class TestChangeItems:
    def test_the_line_becomes_what_was_chosen_and_the_difference_is_paid(self, variants):
        done = do(variants, Deed("change_items", "LL-1", swaps=(Swap(1, "shirt-l"),), method_id="gift"))
        assert done.effects == (
            Effect("item_out", about="Shirt (s)"),
            Effect("item_in", about="Shirt (l)"),
            Effect("charge", 500, "gift"),
            Effect("state", about="items_changed"),
        )
        after = order(variants)
        assert (after.state, after.line(1).item_id, after.line(1).price_minor) == ("items_changed", "shirt-l", 2_500)
        assert after.line(1).options == {"Size": "l"}
        assert after.line(2) == MUG
        assert balance(variants) == 4_500

    def test_what_is_cheaper_goes_back(self, make):
        dear = replace(PENDING, lines=(replace(SHIRT, item_id="shirt-l", price_minor=2_500),), payments=(paid(2_500),))
        service = make(VARIANTS, [dear])
        done = do(service, Deed("change_items", "LL-1", swaps=(Swap(1, "shirt-m"),), method_id="gift"))
        assert Effect("refund", 500, "gift") in done.effects
        assert balance(service) == 5_500

    def test_what_is_not_paid_yet_changes_and_no_money_moves(self, make):
        service = make(VARIANTS, [replace(PENDING, payments=())])
        done = do(service, Deed("change_items", "LL-1", swaps=(Swap(1, "shirt-l"),)))
        assert [effect.kind for effect in done.effects] == ["item_out", "item_in", "state"]

    def test_it_is_done_once(self, variants):
        do(variants, Deed("change_items", "LL-1", swaps=(Swap(1, "shirt-m"),), method_id="card"))
        refused(variants, Deed("change_items", "LL-1", swaps=(Swap(1, "shirt-l"),), method_id="card"), "done_before")
        refused(variants, Deed("cancel", "LL-1", reason="no longer needed"), "state", state="items_changed")

    @pytest.mark.parametrize(
        ("swap", "code"),
        [
            (Swap(1, "mug"), "not_a_variant"),
            (Swap(1, "shirt-xs"), "sold_out"),
            (Swap(1, "shirt-s"), "same_item"),
            (Swap(7, "shirt-m"), "not_found"),
        ],
    )
    def test_only_another_variant_that_can_be_had_is_swapped_for(self, variants, swap, code):
        refused(variants, Deed("change_items", "LL-1", swaps=(swap,), method_id="card"), code)

    def test_one_line_is_swapped_once(self, variants):
        twice = (Swap(1, "shirt-m"), Swap(1, "shirt-l"))
        refused(variants, Deed("change_items", "LL-1", swaps=twice, method_id="card"), "empty")
        refused(variants, Deed("change_items", "LL-1", method_id="card"), "empty")

    def test_a_gift_card_must_hold_the_difference(self, make):
        dear = replace(PENDING, lines=(replace(SHIRT, quantity=11),), payments=(paid(22_000),))
        service = make(VARIANTS, [dear])
        refused(service, Deed("change_items", "LL-1", swaps=(Swap(1, "shirt-l"),), method_id="gift"), "balance")


class TestReturn:
    def test_one_of_two_items_goes_back_and_the_money_is_promised(self, service):
        done = do(service, Deed("return", "LL-2", lines=(1,)))
        assert done.effects == (
            Effect("send_back", about="Shirt (s)"),
            Effect("fee", 590),
            Effect("refund", 1_410, "card", days=(5, 7)),
            Effect("state", about="return_requested"),
        )
        after = order(service, "LL-2")
        assert (after.state, after.refund_method_id) == ("return_requested", "card")
        assert (after.line(1).state, after.line(1).promised_minor) == ("return_requested", 1_410)
        assert after.line(2) == MUG
        assert after.payments == DELIVERED.payments  # the money moves when the goods are back

    def test_an_item_goes_back_once_and_the_other_may_follow(self, service):
        do(service, Deed("return", "LL-2", lines=(1,)))
        refused(service, Deed("return", "LL-2", lines=(1, 2)), "done_before", title="Shirt")
        do(service, Deed("return", "LL-2", lines=(2,)))
        assert {line.state for line in order(service, "LL-2").lines} == {"return_requested"}

    def test_where_the_rules_say_once_the_other_may_not_follow(self, variants):
        do(variants, Deed("return", "LL-2", lines=(1,), method_id="gift"))
        refused(variants, Deed("return", "LL-2", lines=(2,)), "done_before")

    def test_the_last_day_counts_whole(self, service, clock):
        clock.now = DELIVERED.delivered_at + timedelta(days=30, hours=11)
        service.sign_in("ann's", "ann")
        service.propose("ann's", "ann", Deed("return", "LL-2", lines=(1,)))
        clock.pass_by(hours=2)
        refused(service, Deed("return", "LL-2", lines=(1,)), "too_late", days="30")

    def test_before_christmas_there_is_time_until_the_end_of_january(self, make, clock):
        placed = NOON.replace(month=11, day=20)
        service = make(orders=[replace(DELIVERED, placed_at=placed, delivered_at=placed + timedelta(days=4))])
        clock.now = NOON.replace(year=2027, month=1, day=31)
        service.sign_in("ann's", "ann")
        service.propose("ann's", "ann", Deed("return", "LL-2", lines=(1,)))
        clock.pass_by(days=1)
        service.sign_in("ann's", "ann")
        refused(service, Deed("return", "LL-2", lines=(1,)), "too_late")

    def test_excluded_goods_stay_unless_something_is_wrong_with_them(self, make):
        tea = replace(SHIRT, item_id="cof-14", product_id="cof-14", title="Green Tea", price_minor=1_250, options={})
        fresh = replace(DELIVERED, lines=(tea,), delivered_at=ago(days=2))
        service = make(orders=[fresh])
        refused(service, Deed("return", "LL-2", lines=(1,)), "not_returnable", title="Green Tea", source="returns.2")
        waits = do(service, Deed("return", "LL-2", lines=(1,), reason="damaged"))
        assert (waits.state, waits.why_waiting) == ("waiting", "reason")
        assert not any(effect.kind == "fee" for effect in waits.effects)

    def test_damage_is_told_within_a_week(self, service):
        refused(service, Deed("return", "LL-2", lines=(1,), reason="damaged"), "too_late", days="7")

    def test_what_comes_back_unopened_only_is_asked_first(self, make):
        buds = replace(SHIRT, item_id="aud-03", product_id="aud-03", title="Earbuds", price_minor=5_900, options={})
        service = make(orders=[replace(DELIVERED, lines=(buds,), payments=(paid(5_900),))])
        refused(service, Deed("return", "LL-2", lines=(1,)), "unopened", title="Earbuds")
        refused(service, Deed("return", "LL-2", lines=(1,), unopened=False), "not_returnable")
        assert do(service, Deed("return", "LL-2", lines=(1,), unopened=True)).state == "done"

    def test_a_large_item_costs_more_to_fetch(self, make):
        lamp = replace(SHIRT, item_id="lig-05", product_id="lig-05", title="Arc Lamp", price_minor=15_000, options={})
        service = make(orders=[replace(DELIVERED, lines=(lamp, MUG), payments=(paid(17_000),))])
        assert Effect("fee", 2_900) in do(service, Deed("return", "LL-2", lines=(2, 1))).effects

    def test_the_fee_never_costs_more_than_the_goods(self, make):
        service = make(orders=[replace(DELIVERED, lines=(replace(SHIRT, price_minor=300),), payments=(paid(300),))])
        done = do(service, Deed("return", "LL-2", lines=(1,)))
        assert [effect.kind for effect in done.effects] == ["send_back", "fee", "state"]

    def test_the_money_goes_where_the_rules_let_it(self, service, variants):
        refused(service, Deed("return", "LL-2", lines=(1,), method_id="gift"), "method", method="gift")
        refused(service, Deed("return", "LL-2", lines=(1,), method_id="pal"), "method")
        assert do(variants, Deed("return", "LL-2", lines=(1,), method_id="gift")).state == "done"
        refused(variants, Deed("return", "LL-2", lines=(2,), method_id="pal"), "done_before")

    def test_a_gift_card_is_never_paid_out_by_a_card(self, make):
        service = make(orders=[replace(DELIVERED, payments=MIXED.payments)])
        done = do(service, Deed("return", "LL-2", lines=(1, 2), method_id="card"))
        refunds = [effect for effect in done.effects if effect.kind == "refund"]
        assert [(one.method_id, one.amount_minor) for one in refunds] == [("card", 2_500), ("gift", 910)]

    @pytest.mark.parametrize("lines", [(), (1, 1), (0,), (3,)])
    def test_only_lines_that_there_are_go_back(self, service, lines):
        with pytest.raises(Refused, match="empty|not_found"):
            service.propose("ann's", "ann", Deed("return", "LL-2", lines=lines))


class TestExchange:
    def test_another_size_is_sent_and_no_money_moves_yet(self, variants):
        done = do(variants, Deed("exchange", "LL-2", swaps=(Swap(1, "shirt-l"),), method_id="gift"))
        assert done.effects == (
            Effect("send_back", about="Shirt (s)"),
            Effect("item_in", about="Shirt (l)"),
            Effect("charge", 500, "gift"),
            Effect("state", about="exchange_requested"),
        )
        after = order(variants, "LL-2")
        assert (after.state, after.refund_method_id) == ("exchange_requested", "gift")
        assert (after.line(1).swapped_for, after.line(1).price_minor) == ("shirt-l", 2_000)
        assert after.payments == DELIVERED.payments
        assert balance(variants) == 5_000

    def test_other_goods_than_those_of_the_policy_wait_for_a_person(self, make):
        service = make(orders=[replace(DELIVERED, lines=(replace(MUG, item_id="old-mug"),))])
        waits = do(service, Deed("exchange", "LL-2", swaps=(Swap(2, "mug"),)))
        assert (waits.state, waits.why_waiting) == ("waiting", "goods")

    def test_an_item_that_is_on_its_way_back_is_not_exchanged(self, service):
        do(service, Deed("return", "LL-2", lines=(1,)))
        refused(service, Deed("exchange", "LL-2", swaps=(Swap(1, "shirt-m"),)), "done_before")

    def test_a_sold_out_size_is_told(self, service):
        refused(service, Deed("exchange", "LL-2", swaps=(Swap(1, "shirt-xs"),)), "sold_out", title="Shirt (xs)")


class TestRefund:
    def refund(self, service, amount=None, **deed):
        proposal = service.propose(None, "ann", Deed("refund", "LL-2", amount_minor=amount, **deed), by="agent-1")
        return service.approve(proposal.id, "agent-1", DEMO.limit("agent"))

    def test_it_is_for_people_of_the_shop_only(self, service):
        refused(service, Deed("refund", "LL-2", amount_minor=100), "forbidden")

    def test_it_goes_back_at_once_and_never_beyond_what_was_paid(self, service):
        assert self.refund(service, 1_000).state == "done"
        assert order(service, "LL-2").payments[-1] == Payment("refund", 1_000, "card", NOON)
        with pytest.raises(Refused, match="too_much.*3000"):
            self.refund(service, 3_001)
        self.refund(service, 3_000)
        with pytest.raises(Refused, match="done_before"):
            self.refund(service, 1)

    def test_what_is_promised_for_a_return_is_not_refunded_besides(self, service):
        do(service, Deed("return", "LL-2", lines=(1, 2)))
        with pytest.raises(Refused, match="too_much.*590"):
            self.refund(service, 591)

    def test_a_return_is_settled_once_when_the_goods_are_back(self, service):
        do(service, Deed("return", "LL-2", lines=(1,)))
        done = self.refund(service, lines=(1,))
        assert done.effects == (Effect("refund", 1_410, "card", days=(5, 7)),)
        after = order(service, "LL-2")
        assert (after.line(1).state, after.line(1).promised_minor) == ("returned", 0)
        with pytest.raises(Refused, match="done_before"):
            self.refund(service, lines=(1,))

    def test_used_goods_are_settled_for_less_and_never_for_more(self, service):
        do(service, Deed("return", "LL-2", lines=(1,)))
        with pytest.raises(Refused, match="too_much"):
            self.refund(service, 1_411, lines=(1,))
        assert self.refund(service, 900, lines=(1,)).state == "done"

    @pytest.mark.parametrize("amount", [None, 0, -5])
    def test_nothing_is_no_amount(self, service, amount):
        with pytest.raises(Refused, match="empty"):
            self.refund(service, amount)


def test_a_kind_that_the_rules_do_not_name_is_done_by_nobody(variants):
    with pytest.raises(Refused, match="forbidden"):
        variants.propose(None, "ann", Deed("refund", "LL-2", amount_minor=100), by="agent-1")


def test_a_deed_without_an_order_is_empty(service):
    for kind in ("cancel", "change_address", "change_payment", "change_items", "return", "exchange"):
        refused(service, Deed(kind), "empty")
    refused(service, Deed("change_customer_address", "LL-1", address=THERE), "empty")


def test_an_order_may_be_named_in_any_spelling(service):
    assert do(service, Deed("cancel", "ll1")).state == "done"
    assert order(service, "#LL 1").state == "cancelled"


def test_proposing_changes_nothing(service):
    before = service.store.snapshot()
    service.propose("ann's", "ann", Deed("cancel", "LL-1"))
    service.propose("ann's", "ann", Deed("return", "LL-2", lines=(1, 2)))
    assert service.store.snapshot() == before
    assert len(ORDERS) == len(before["orders"])

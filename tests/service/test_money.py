"""Whatever is asked in whatever order: nothing is refunded twice, no gift card holds less than nothing, no cent is lost."""

import random
from dataclasses import replace

import pytest

from assistant.service import Deed, Refused, Service, Swap
from assistant.service.ledger import left, net_paid, promised, spread
from tests.service.memory_store import MemoryStore
from tests.service.shop import (
    ACCOUNTS,
    ANN,
    DELIVERED,
    DEMO,
    HOME,
    MIXED,
    MUG,
    PENDING,
    SHIRT,
    THERE,
    VARIANTS,
    Clock,
    Shelf,
    paid,
)

ORDERS = (
    PENDING,
    MIXED,
    DELIVERED,
    replace(DELIVERED, id="LL-4", payments=(paid(1_000, "gift"), paid(3_000))),
    replace(DELIVERED, id="LL-5", payments=(paid(2_500, "pal"),)),  # less than its goods: a discount
    replace(PENDING, id="LL-6", state="processing", payments=()),
)
FREE = replace(VARIANTS, deeds={**VARIANTS.deeds, "refund": DEMO.deeds["refund"]})
POOR = replace(ANN, methods=tuple(replace(one, balance_minor=one.balance_minor and 2_800) for one in ANN.methods))
SIZES = ("shirt-m", "shirt-l", "shirt-s")
DEEDS = {
    "pending": ("cancel", "change_address", "change_payment", "change_payment", "change_items", "refund"),
    "delivered": ("return", "return", "exchange", "refund"),
}


def some_deed(chance, orders):
    """A deed that fits the state of the order it is for, more often than not."""
    order = chance.choice(orders)
    state = "pending" if order.state in ("pending", "processing", "items_changed") else "delivered"
    kind = chance.choice(DEEDS[state] if chance.random() < 0.9 else sum(DEEDS.values(), ()))
    of_lines = kind == "return" or (kind == "refund" and chance.random() < 0.5)
    return Deed(
        kind,
        order.id,
        lines=tuple(chance.sample((1, 2), chance.choice((1, 1, 2)))) if of_lines else (),
        swaps=(Swap(1, chance.choice(SIZES)),) if kind in ("exchange", "change_items") else (),
        method_id=chance.choice(["card", "gift", "pal", None, None]),
        address=chance.choice([THERE, HOME]),
        amount_minor=chance.choice([None, 1, 700, 1_500, 4_000]) if kind == "refund" else None,
        reason=chance.choice(["no longer needed", "size", "changed mind"]),
    )


def one_step(service, chance, ids):
    """One request by the customer or by somebody of the shop."""
    act = chance.choice(["propose", "propose", "confirm", "confirm", "approve", "approve", "decline", "undo"])
    if act == "propose" or not ids:
        by = chance.choice(["assistant", "assistant", "agent-1"])
        deed = some_deed(chance, service.orders("ann"))
        ids.append(service.propose("ann's" if by == "assistant" else None, "ann", deed, by).id)
        return
    id = chance.choice(ids[-3:] + ids[:1])
    if act == "confirm":
        service.confirm(id, "ann")
    elif act == "approve":
        service.approve(id, "agent-1", chance.choice([None, 1_000, 10_000]))
    elif act == "decline" and chance.random() < 0.2:
        service.decline(id, "agent-1", "no")
    elif act == "undo" and chance.random() < 0.3:
        service.undo(id, "agent-1")


def gift_of(service):
    return service.customer_by_id("ann").method("gift").balance_minor


def gift_moved(orders):
    return sum(net_paid(order).get("gift", 0) for order in orders)


def require_honest(orders):
    for order in orders:
        came = sum(one.amount_minor for one in order.payments if one.kind == "payment")
        went = sum(one.amount_minor for one in order.payments if one.kind == "refund")
        assert went + promised(order) <= came, order
        assert all(one.amount_minor > 0 for one in order.payments), order


def play(rules, seed):
    """A hundred and fifty requests, the books judged after each; gives how many changed something."""
    chance, clock, ids, done = random.Random(seed), Clock(), [], 0
    store = MemoryStore([POOR], ORDERS)
    service = Service(store, rules, Shelf(), clock)
    service.sign_in("ann's", "ann")
    total = gift_of(service) + gift_moved(ORDERS)
    for _ in range(150):
        before = store.snapshot()
        try:
            one_step(service, chance, ids)
        except Refused:
            assert store.snapshot() == before
        done += store.snapshot() != before
        orders = service.orders("ann")
        require_honest(orders)
        if rules is DEMO:  # where only gift cards may get what another method paid
            assert all(net >= 0 for one in orders for id, net in net_paid(one).items() if id != "gift")
        assert gift_of(service) >= 0
        assert gift_of(service) + gift_moved(orders) == total
        clock.pass_by(seconds=chance.randint(0, 20))
    return done


@pytest.mark.parametrize("rules", [DEMO, FREE, ACCOUNTS], ids=["demo", "variants", "accounts"])
def test_no_order_of_requests_gives_money_away(rules):
    assert sum(play(rules, seed) for seed in range(40)) > 80


def test_an_amount_is_spread_over_what_was_paid_beginning_with_the_method_asked_for():
    order = replace(PENDING, payments=(paid(1_500, "gift"), paid(2_500)))
    assert [(one.method_id, one.amount_minor) for one in spread(2_000, order, "gift")] == [
        ("gift", 1_500),
        ("card", 500),
    ]
    assert [(one.method_id, one.amount_minor) for one in spread(2_000, order, "card")] == [("card", 2_000)]
    assert [(one.method_id, one.amount_minor) for one in spread(4_000, order, "pal")] == [
        ("gift", 1_500),
        ("card", 2_500),
    ]
    assert spread(0, order, "card") == ()


def test_what_is_promised_is_not_left():
    order = replace(DELIVERED, lines=(replace(SHIRT, promised_minor=1_400), replace(MUG, promised_minor=-300)))
    assert (promised(order), left(order)) == (1_400, 2_600)
    assert left(replace(order, payments=())) == 0

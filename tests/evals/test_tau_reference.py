"""The reference of the retail tools, each by hand, and the same by our own service."""

from dataclasses import replace

import pytest

from assistant.service.types import Claimed, Deed, Swap
from evals.tau.acts import Act, of_action, of_deed, to_action
from evals.tau.data import Action, address_of, load_shop, load_tasks, task_of
from evals.tau.desk import Snapshot
from evals.tau.reference import expected
from evals.tau.views import differences
from evals.tau.watch import Watch
from tests.evals.tau_cases import CANCEL, EXCHANGE, MODIFY, MOVE, REPAY, RETURN, SHOP, task

ORDERS = {order.id: order for order in SHOP.orders}
WATCH = Watch(SHOP)


def after(*actions):
    return expected(task(*actions), SHOP)


def test_cancelling_gives_back_what_was_paid():
    order = after(CANCEL).changed.orders["#W0000001"]
    assert (order.state, order.reason) == ("cancelled", "no longer needed")
    assert order.money == (("payment", 5000, "credit_card_1"), ("refund", 5000, "credit_card_1"))


def test_a_cancelled_gift_card_payment_is_on_the_card_again():
    found = expected(
        task(Action("cancel_pending_order", {"order_id": "#W0000003", "reason": "ordered by mistake"})), SHOP
    ).changed
    assert found.customers["ben_reed_2"].balances == (("gift_card_2", 1500),)


def test_a_return_names_items_and_method_and_moves_no_money_yet():
    order = after(RETURN).changed.orders["#W0000002"]
    assert (order.state, order.sent_back, order.method) == ("return_requested", ("101",), "credit_card_1")
    assert order.money == (("payment", 5000, "credit_card_1"),)


def test_an_exchange_names_what_comes_instead():
    order = after(EXCHANGE).changed.orders["#W0000002"]
    assert (order.state, order.sent_back, order.instead) == ("exchange_requested", ("101",), ("102",))


def test_changed_items_are_paid_at_once():
    found = after(MODIFY).changed
    assert found.orders["#W0000001"].items == ("102", "201")
    assert ("payment", 250, "gift_card_1") in found.orders["#W0000001"].money
    assert found.customers["ada_stone_1"].balances == (("gift_card_1", 1750),)


def test_an_address_is_changed_as_it_is_said():
    assert after(MOVE).changed.orders["#W0000001"].address == address_of(MOVE.kwargs)


@pytest.mark.parametrize(
    "action",
    [
        REPAY,  # the gift card holds too little for the whole order
        Action("cancel_pending_order", {"order_id": "#W0000002", "reason": "no longer needed"}),
        Action("cancel_pending_order", {"order_id": "#W0000001", "reason": "too dear"}),
        Action(MODIFY.name, MODIFY.kwargs | {"new_item_ids": ["103"]}),
        Action(MODIFY.name, MODIFY.kwargs | {"new_item_ids": ["202"]}),
        Action(RETURN.name, RETURN.kwargs | {"payment_method_id": "paypal_9"}),
        Action(RETURN.name, RETURN.kwargs | {"item_ids": ["101", "101"]}),
    ],
)
def test_what_the_policy_forbids_changes_nothing_and_is_named(action):
    found = after(action)
    assert [one.fate for one in found.outcomes] == ["against the policy"]
    assert found.outcomes[0].why
    assert not found.fair
    assert not differences(found.changed, type(found.changed)(), WATCH.base)


def test_items_that_were_changed_once_close_the_order():
    found = after(MODIFY, CANCEL)
    assert [one.fate for one in found.outcomes] == ["done", "against the policy"]


def test_an_item_for_itself_is_told_apart():
    found = after(Action(EXCHANGE.name, EXCHANGE.kwargs | {"new_item_ids": ["101"]}))
    assert found.outcomes[0].fate == "no change"
    assert found.changed.orders["#W0000002"].sent_back == ()


def test_reads_are_no_writes_and_a_hand_over_is_noticed():
    found = after(Action("get_order_details", {"order_id": "#W0000001"}), Action("transfer_to_human_agents", {}))
    assert found.outcomes == ()
    assert found.handoff
    assert not after(CANCEL).handoff


def deed(action):
    """The deed of an action."""
    order = ORDERS[action.kwargs["order_id"]]
    numbers = [next(ln.number for ln in order.lines if ln.item_id == id) for id in action.kwargs.get("item_ids", ())]
    kind, new = of_action(action).kind, action.kwargs.get("new_item_ids")
    return Deed(
        kind,
        order.id,
        () if new else tuple(numbers),
        tuple(Swap(n, id) for n, id in zip(numbers, new or (), strict=False)),
        action.kwargs.get("payment_method_id"),
        address_of(action.kwargs) if "address1" in action.kwargs else None,
        reason=action.kwargs.get("reason", "").replace(" ", "_"),
    )


@pytest.mark.parametrize("action", [CANCEL, RETURN, EXCHANGE, MODIFY, MOVE], ids=lambda one: one.name)
def test_our_service_leaves_the_books_as_the_reference_has_them(action, tmp_path):
    snapshot = Snapshot(SHOP, tmp_path)
    shop = snapshot.opened()
    shop.service.identify("s", Claimed(email="ada.stone@example.com"))
    proposal = shop.service.propose("s", "ada_stone_1", deed(action))
    shop.service.confirm(proposal.id, "ada_stone_1")
    assert differences(after(action).changed, shop.view(), WATCH.base) == []
    assert differences(after().changed, shop.view(), WATCH.base)
    again = snapshot.opened()
    assert differences(after().changed, again.view(), WATCH.base) == []
    snapshot.close()


@pytest.mark.parametrize("action", [CANCEL, RETURN, EXCHANGE, MODIFY, MOVE, REPAY], ids=lambda one: one.name)
def test_a_deed_is_the_act_of_its_action_and_back(action):
    assert of_deed(deed(action), ORDERS) == of_action(action)
    assert of_action(to_action(deed(action), "", ORDERS)) == of_action(action)


def test_what_is_wrong_with_an_act_is_named():
    act = of_action(EXCHANGE)
    assert act.flaw(act) is None
    assert act.flaw(replace(act, swaps=(("201", "202"),))) == "wrong item"
    assert act.flaw(replace(act, swaps=(("101", "103"),))) == "wrong variant"
    assert act.flaw(replace(act, method="credit_card_1")) == "wrong method"
    assert Act("cancel", reason="a").flaw(Act("cancel", reason="b")) == "wrong reason"


def test_files_are_read(tmp_path):
    import json

    for name, rows in (("users", SHOP.users), ("orders", SHOP.raw_orders), ("products", SHOP.products)):
        (tmp_path / f"{name}.json").write_text(json.dumps(rows))
    row = {"user_id": "ada_stone_1", "instruction": "x", "actions": [{"name": "a", "kwargs": {}}], "outputs": [12]}
    (tmp_path / "tasks_train.json").write_text(json.dumps([row] * 351))
    (tmp_path / "tasks_dev.json").write_text(json.dumps([row]))
    assert load_shop(tmp_path).orders == SHOP.orders
    assert [len(load_tasks(tmp_path, split)) for split in ("train", "check", "dev")] == [350, 1, 1]
    assert load_tasks(tmp_path, "check")[0].id == "train-350"
    assert task_of("t", row).outputs == ("12",)

"""A tiny retail shop in the shape of tau-bench's files, made by hand: two customers, five orders, two products."""

from evals.tau.data import Action, Task, TauShop


def _address(street, zip="10001"):
    return {"address1": street, "address2": "Suite 1", "city": "Troy", "country": "USA", "state": "NY", "zip": zip}


def _variant(id, price, available=True, **options):
    return {"item_id": id, "options": options, "available": available, "price": price}


PRODUCTS = {
    "p-mug": {
        "name": "Mug",
        "product_id": "p-mug",
        "variants": {
            "101": _variant("101", 10.0, color="blue", size="small"),
            "102": _variant("102", 12.5, color="red", size="small"),
            "103": _variant("103", 15.0, False, color="red", size="large"),
        },
    },
    "p-lamp": {
        "name": "Desk Lamp",
        "product_id": "p-lamp",
        "variants": {
            "201": _variant("201", 40.0, material="steel", brightness="high"),
            "202": _variant("202", 35.0, material="wood", brightness="low"),
        },
    },
}


def _item(id):
    product = next(one for one in PRODUCTS.values() if id in one["variants"])
    variant = product["variants"][id]
    return {
        "name": product["name"], "product_id": product["product_id"], "item_id": id, "price": variant["price"],
        "options": variant["options"],
    }  # fmt: skip


def _order(id, user, status, items, method, street):
    rows = [_item(one) for one in items]
    total = round(sum(row["price"] for row in rows), 2)
    paid = [{"transaction_type": "payment", "amount": total, "payment_method_id": method}]
    if status == "cancelled":
        paid.append({"transaction_type": "refund", "amount": total, "payment_method_id": method})
    return {
        "order_id": id, "user_id": user, "address": _address(street), "items": rows, "fulfillments": [],
        "status": status, "payment_history": paid,
    }  # fmt: skip


def _user(first, last, street, zip, *methods):
    return {
        "name": {"first_name": first, "last_name": last}, "address": _address(street, zip), "orders": [],
        "email": f"{first.lower()}.{last.lower()}@example.com", "payment_methods": {one["id"]: one for one in methods},
    }  # fmt: skip


def _card(id, last_four):
    return {"source": "credit_card", "brand": "visa", "last_four": last_four, "id": id}


def _gift(id, balance):
    return {"source": "gift_card", "balance": balance, "id": id}


SHOP = TauShop(
    {
        "ada_stone_1": _user("Ada", "Stone", "1 Oak Street", "10001", _card("credit_card_1", "1111"), _gift("gift_card_1", 20)),
        "ben_reed_2": _user("Ben", "Reed", "2 Elm Avenue", "10002", _card("credit_card_2", "2222"), _gift("gift_card_2", 5)),
    },
    {
        "#W0000001": _order("#W0000001", "ada_stone_1", "pending", ["101", "201"], "credit_card_1", "1 Oak Street"),
        "#W0000002": _order("#W0000002", "ada_stone_1", "delivered", ["101", "201"], "credit_card_1", "3 Pine Road"),
        "#W0000003": _order("#W0000003", "ben_reed_2", "pending", ["101"], "gift_card_2", "2 Elm Avenue"),
        "#W0000004": _order("#W0000004", "ben_reed_2", "delivered", ["202"], "credit_card_2", "2 Elm Avenue"),
        "#W0000005": _order("#W0000005", "ada_stone_1", "cancelled", ["102"], "credit_card_1", "1 Oak Street"),
        "#W0000006": _order("#W0000006", "ben_reed_2", "cancelled", ["102"], "credit_card_2", "2 Elm Avenue"),
    },
    PRODUCTS,
)  # fmt: skip
WHO = "Your name is Ada Stone and your zip code is 10001. You are polite, calm. "
CANCEL = Action("cancel_pending_order", {"order_id": "#W0000001", "reason": "no longer needed"})
RETURN = Action(
    "return_delivered_order_items",
    {"order_id": "#W0000002", "item_ids": ["101"], "payment_method_id": "credit_card_1"},
)
EXCHANGE = Action(
    "exchange_delivered_order_items",
    {"order_id": "#W0000002", "item_ids": ["101"], "new_item_ids": ["102"], "payment_method_id": "gift_card_1"},
)
MODIFY = Action(
    "modify_pending_order_items",
    {"order_id": "#W0000001", "item_ids": ["101"], "new_item_ids": ["102"], "payment_method_id": "gift_card_1"},
)
REPAY = Action("modify_pending_order_payment", {"order_id": "#W0000001", "payment_method_id": "gift_card_1"})
MOVE = Action("modify_pending_order_address", {"order_id": "#W0000001", **_address("9 Ash Lane")})
CANCELLING = WHO + "Cancel order #W0000001 because no longer needed. "


def task(*actions, instruction=CANCELLING, outputs=()):
    """A task of Ada Stone."""
    return Task("t-1", "ada_stone_1", instruction, actions, tuple(outputs))

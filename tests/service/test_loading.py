"""Customers and orders from files, and the commands over them."""

import json
from datetime import timedelta

import pytest

from assistant.errors import SetupError
from assistant.service import CatalogOffers, Offer, read_folder
from assistant.service.__main__ import main
from catalog import Product, Variant
from tests.service.shop import NOON

ANN = {
    "id": "ann",
    "first_name": "Ann",
    "last_name": "Lee",
    "email": "ann@example.com",
    "address": {"line1": "1 Elm Road", "city": "Salem"},
    "methods": [{"id": "gift", "kind": "gift_card", "balance": "12.50"}],
}
ORDER = {
    "id": "LL-1",
    "customer_id": "ann",
    "state": "pending",
    "address": {"line1": "1 Elm Road"},
    "placed_at": {"days_ago": 1, "hours_ago": 2},
    "lines": [
        {"number": 1, "item_id": "a", "product_id": "a", "title": "A", "price": "9.90", "options": {"price": "low"}}
    ],
    "payments": [{"kind": "payment", "amount": 9.9, "method_id": "gift", "at": "2026-06-14T10:00:00Z"}],
}


def write(folder, customers=(ANN,), orders=(ORDER,)):
    (folder / "customers.json").write_text(json.dumps(customers), encoding="utf-8")
    (folder / "orders.jsonl").write_text("\n".join(json.dumps(one) for one in orders) + "\n", encoding="utf-8")
    return folder


def test_decimals_become_minor_units_and_ages_become_moments(tmp_path):
    data = read_folder(write(tmp_path), NOON)
    (customer,), (order,) = data.customers, data.orders
    assert customer.methods[0].balance_minor == 1_250
    assert order.placed_at == NOON - timedelta(days=1, hours=2)
    assert (order.lines[0].price_minor, order.payments[0].amount_minor) == (990, 990)
    assert order.lines[0].options == {"price": "low"}
    assert order.payments[0].at.isoformat() == "2026-06-14T10:00:00+00:00"


def test_amounts_are_of_the_orders_currency(tmp_path):
    yen = {**ORDER, "currency": "JPY", "lines": [{**ORDER["lines"][0], "price": "990"}], "payments": []}
    assert read_folder(write(tmp_path, orders=[yen]), NOON).orders[0].lines[0].price_minor == 990


@pytest.mark.parametrize(
    ("customers", "orders", "told"),
    [
        ([{**ANN, "email": None}], [], r"customers.json, row 1: .*email"),
        ([ANN], [ORDER, {**ORDER, "state": "lost"}], r"orders.jsonl, row 2: .*state.*'lost'"),
        ([ANN], [{**ORDER, "payments": [{"kind": "payment", "amount": "free", "method_id": "x"}]}], "'free' is no amount"),
        ([ANN], [{**ORDER, "lines": [{**ORDER["lines"][0], "price": "9.999"}]}], "finer than the currency"),
        ({}, [], "holds no list"),
        (["ann"], [], r"customers.json, row 1: is no object"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_file_and_row(tmp_path, customers, orders, told):
    with pytest.raises(SetupError, match=told):
        read_folder(write(tmp_path, customers, orders), NOON)


def test_a_folder_without_the_files_is_told(tmp_path):
    with pytest.raises(SetupError, match=r"customers.json cannot be read"):
        read_folder(tmp_path, NOON)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("AISLE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AISLE_ORDERS_URL", raising=False)
    monkeypatch.delenv("AISLE_SERVICE_RULES", raising=False)
    return tmp_path


def test_a_folder_is_imported_once_and_its_orders_are_listed(home, capsys):
    assert main(["import", str(write(home))]) == 0
    assert main(["import", str(home)]) == 0
    assert capsys.readouterr().out.splitlines() == ["2 customers and orders added", "0 customers and orders added"]
    assert main(["orders", "ANN@example.com"]) == 0
    assert "LL-1" in capsys.readouterr().out
    assert main(["orders", "nobody@example.com"]) == 1
    assert "no orders of nobody@example.com" in capsys.readouterr().err


def test_an_order_of_nobody_is_one_line(home, capsys):
    assert main(["import", str(write(home, customers=[]))]) == 1
    assert "orders of unknown customers: ann" in capsys.readouterr().err


def test_rules_are_checked(home, capsys):
    assert main(["check"]) == 0
    assert "all keys valid" in capsys.readouterr().out
    (home / "bad.yaml").write_text("currency: USD\nidentify: [[email]]\ndeeds: {cancel: {states: [lost]}}")
    assert main(["check", str(home / "bad.yaml")]) == 1
    assert "deeds.cancel.states.0" in capsys.readouterr().err


class TestOffers:
    def test_a_product_is_offered_as_its_variants(self):
        lamp = Product(
            "lamp",
            "Lamp",
            4_000,
            category="Lighting",
            variants=(Variant("w", {"Color": "White"}, 4_000, 2), Variant("r", {"Color": "Red"}, 4_500, 0)),
        )
        assert CatalogOffers({"lamp": lamp}.get).of("lamp") == (
            Offer("w", "lamp", "Lamp", 4_000, True, {"Color": "White"}, "Lighting"),
            Offer("r", "lamp", "Lamp", 4_500, False, {"Color": "Red"}, "Lighting"),
        )

    def test_one_without_variants_is_its_own_only_offer(self):
        mug = Product("mug", "Mug", 900, category="Kitchen", in_stock=False)
        assert CatalogOffers({"mug": mug}.get).of("mug") == (Offer("mug", "mug", "Mug", 900, False, {}, "Kitchen"),)

    def test_what_is_not_sold_any_more_is_not_offered(self):
        assert CatalogOffers({}.get).of("gone") == ()

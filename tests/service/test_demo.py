"""The demo shop's customers and orders: alive, of its own goods, and under rules that are those of its policy."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.service import CatalogOffers, Claimed, Deed, Refused, Service, SqlStore
from assistant.service.ledger import left, net_paid, promised
from assistant.service.loading import DEMO_FOLDER, load_folder, read_folder
from catalog import Product, load_policies
from catalog.feeds import read_jsonl
from tests.service.shop import DEMO, Clock

SHOP = Path("catalog/demo")
NOW = datetime(2026, 11, 28, 15, 0, tzinfo=UTC)
DATA = read_folder(DEMO_FOLDER, NOW)
PRODUCTS = {one.id: one for one in read_jsonl(SHOP / "products") if isinstance(one, Product)}
POLICIES = {one.id: one.text for one in load_policies(SHOP / "policies")}
OFFERS = CatalogOffers(PRODUCTS.get)
LISTED = [*DEMO.not_returnable, *DEMO.only_unopened, *DEMO.deeds["return"].fees, DEMO.deeds["exchange"].only]


@pytest.fixture
def service(tmp_path):
    store = SqlStore(f"sqlite:///{tmp_path / 'orders.db'}")
    load_folder(store, DEMO_FOLDER, NOW)
    yield Service(store, DEMO, OFFERS, Clock(NOW))
    store.close()


def test_there_is_every_state_and_both_languages():
    assert len(DATA.customers) >= 14
    assert len(DATA.orders) >= 30
    assert {one.state for one in DATA.orders} == {
        "pending", "processing", "shipped", "delivered", "cancelled", "items_changed", "return_requested",
        "exchange_requested",
    }  # fmt: skip
    chinese = [one for one in DATA.customers if re.search("[\u4e00-\u9fff]", one.name + one.address.line1)]
    assert 4 <= len(chinese) <= 8
    assert all(one.email.endswith("@example.com") for one in DATA.customers)


def test_ids_are_told_apart():
    for ids in ([one.id for one in DATA.customers], [one.id for one in DATA.orders], [c.email for c in DATA.customers]):
        assert max(Counter(ids).values()) == 1
    assert all(re.fullmatch(DEMO.order_pattern, one.id) for one in DATA.orders)


def test_every_line_is_something_that_the_shop_sells_at_its_price():
    for order in DATA.orders:
        for line in order.lines:
            offer = next(one for one in OFFERS.of(line.product_id) if one.item_id == line.item_id)
            assert (offer.title, offer.price_minor, offer.options) == (line.title, line.price_minor, line.options), (
                order.id
            )
            if line.swapped_for:
                assert line.swapped_for in {one.item_id for one in OFFERS.of(line.product_id)}


def test_the_money_of_every_order_adds_up():
    for order in DATA.orders:
        delivery = sum(one.amount_minor for one in order.payments if one.kind == "payment") - order.total_minor
        assert not order.payments or delivery in (0, 490, 1_290, 1_490, 1_900), order.id
        assert left(order) + promised(order) == sum(net_paid(order).values()) >= 0
        if order.state == "cancelled":
            assert left(order) == 0


def test_every_order_belongs_to_a_customer_who_has_its_methods_and_happened_in_order():
    customers = {one.id: one for one in DATA.customers}
    for order in DATA.orders:
        owner = customers[order.customer_id]
        assert all(owner.method(one.method_id) for one in order.payments), order.id
        assert order.placed_at < NOW
        if order.state in ("delivered", "return_requested", "exchange_requested"):
            assert order.placed_at < order.delivered_at < NOW
        if order.state in ("shipped", "delivered"):
            sent = [item for parcel in order.parcels for item in parcel.item_ids]
            assert sorted(sent) == sorted(line.item_id for line in order.lines)
            assert all(parcel.carrier and parcel.tracking for parcel in order.parcels)


def test_windows_are_open_whenever_the_demo_is_first_loaded():
    for now in (NOW, NOW + timedelta(days=400)):
        orders = {one.id: one for one in read_folder(DEMO_FOLDER, now).orders}
        assert now - orders["LL-10423"].delivered_at < timedelta(days=8)
        assert now - orders["LL-10478"].placed_at < timedelta(minutes=60)


def test_mara_returns_one_of_two_items_and_not_twice(service):
    mara = service.identify("s", Claimed(email="mara.lindqvist@example.com", order_id="LL-10423"))
    proposal = service.propose("s", mara.id, Deed("return", "LL-10423", lines=(2,)))
    assert [(one.kind, one.amount_minor) for one in proposal.effects] == [
        ("send_back", 0), ("fee", 590), ("refund", 2_010), ("state", 0),
    ]  # fmt: skip
    assert service.confirm(proposal.id, mara.id).state == "done"
    with pytest.raises(Refused, match="done_before"):
        service.propose("s", mara.id, Deed("return", "LL-10423", lines=(2,)))
    with pytest.raises(Refused, match="too_late"):
        service.propose("s", mara.id, Deed("return", "LL-10218", lines=(1,)))


def test_an_order_above_the_limit_waits_for_a_person(service):
    tobias = service.identify("s", Claimed(email="tobias.okafor@example.com", order_id="LL-10477"))
    proposal = service.propose("s", tobias.id, Deed("cancel", "LL-10477"))
    assert service.confirm(proposal.id, tobias.id).why_waiting == "amount"


def test_plants_and_tea_stay_with_priya_and_her_trowel_goes_back(service):
    priya = service.identify("s", Claimed(last_name="raman", postcode="78704", order_id="ll10430"))
    for line in (1, 2):
        with pytest.raises(Refused, match="not_returnable.*returns.2"):
            service.propose("s", priya.id, Deed("return", "LL-10430", lines=(line,)))
    assert service.propose("s", priya.id, Deed("return", "LL-10430", lines=(3,))).state == "proposed"


def test_a_note_that_gives_orders_is_there_and_obeyed_by_nobody(service):
    (order,) = [one for one in DATA.orders if "SYSTEM" in one.note]
    assert order.state == "delivered"
    assert service.order(order.customer_id, order.id).payments == order.payments


class TestPolicy:
    """The numbers that code enforces are those that customers read."""

    @pytest.mark.parametrize("locale", ["en", "zh"])
    def test_the_policy_says_what_the_rules_say(self, locale):
        returns, fee, refunds, faults = (POLICIES[f"returns.{locale}.{n}"] for n in (1, 3, 4, 5))
        back = DEMO.deeds["return"]
        assert str(back.when[0].days_from_delivery) in returns
        assert back.reason("damaged").days_from_delivery == 7
        assert re.search(r"within 7 days|7 天", faults)
        assert f"{back.fee_minor / 100:.2f}" in fee
        assert f"{back.fees[0].fee_minor / 100:.2f}" in fee
        assert "-".join(map(str, DEMO.days("return", "card"))) in refunds
        cancel = POLICIES[f"faq.{locale}.4"]
        assert re.search(r"1 hour|1 小时", cancel)
        assert DEMO.deeds["cancel"].when[0].minutes_from_order == 60
        assert re.search(r"5 working days|5 个工作日", cancel)
        assert DEMO.deeds["cancel"].when[1].unsent_working_days == 5

    def test_the_hours_are_those_of_the_faq(self):
        text = POLICIES["faq.en.8"]
        assert "Monday to Friday from 9 am to 6 pm and Saturday from 10 am to 2 pm, Eastern Time" in text
        spans = {day: f"{start:%H}-{end:%H}" for day, (start, end) in DEMO.hours.days.items()}
        assert spans == {**dict.fromkeys(range(5), "09-18"), 5: "10-14"}

    def test_every_source_is_a_section_in_both_languages(self):
        for goods in LISTED:
            name, number = goods.source.split(".")
            assert {f"{name}.en.{number}", f"{name}.zh.{number}"} <= set(POLICIES)

    def test_every_product_and_category_named_is_sold(self):
        categories = {one.category for one in PRODUCTS.values()}
        for goods in LISTED:
            assert goods.products <= set(PRODUCTS)
            assert goods.categories <= categories

    def test_no_food_plant_or_seed_is_left_out(self):
        named = {id for goods in DEMO.not_returnable for id in goods.products}
        for product in PRODUCTS.values():
            grows = "Plant type" in product.attributes or "Sowing time" in product.attributes
            is_drunk = product.category == "Coffee & Tea" and "Shelf life" in product.attributes
            assert (product.id in named) == (grows or is_drunk), product.title

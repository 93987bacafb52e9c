"""A shop of two customers and a handful of orders, small enough to know by heart, with a clock that tests set."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.service import (
    Address,
    Claimed,
    Customer,
    Line,
    Offer,
    Order,
    Parcel,
    Payment,
    PaymentMethod,
    Service,
    SqlStore,
)
from assistant.service.rulebook import DEMO_RULES, load_rules

SHOPS = Path(__file__).parent / "shops"
DEMO = load_rules(DEMO_RULES)
VARIANTS = load_rules(SHOPS / "variants.yaml")
ACCOUNTS = load_rules(SHOPS / "accounts.yaml")

NOON = datetime(2026, 6, 15, 16, 0, tzinfo=UTC)  # a Monday, twelve o'clock in New York
HOME = Address("1 Elm Road", city="Salem", region="OR", country="US", postcode="97301")
THERE = Address("9 Oak Lane", city="Bend", region="OR", country="US", postcode="97701")

ANN = Customer(
    "ann",
    "Ann",
    "Lee",
    "Ann.Lee@example.com",
    HOME,
    (
        PaymentMethod("card", "card", "Visa", "1111"),
        PaymentMethod("gift", "gift_card", balance_minor=5_000),
        PaymentMethod("pal", "paypal"),
    ),
)
BEN = Customer("ben", "本", "马", "ben@example.com", THERE, (PaymentMethod("card", "card", "Visa", "2222"),))


class Clock:
    """The time that tests set."""

    def __init__(self, now=NOON):
        self.now = now

    def __call__(self):
        return self.now

    def pass_by(self, **by):
        self.now += timedelta(**by)


class Shelf:
    """Offers by product: shirts in three sizes of which one is sold out, a mug alone, a plant."""

    def __init__(self):
        self.held = {
            "shirt": [shirt("s", 2_000), shirt("m", 2_000), shirt("l", 2_500), shirt("xs", 2_000, available=False)],
            "mug": [Offer("mug", "mug", "Mug", 1_000, True, category="Kitchen")],
            "cof-14": [Offer("cof-14", "cof-14", "Green Tea", 1_250, True, category="Coffee & Tea")],
            "aud-03": [Offer("aud-03", "aud-03", "Earbuds", 5_900, True, category="Audio")],
        }

    def of(self, product_id):
        return tuple(self.held.get(product_id, ()))


def shirt(size, price, *, available=True):
    return Offer(f"shirt-{size}", "shirt", "Shirt", price, available, {"Size": size}, "Clothing")


def ago(**by):
    return NOON - timedelta(**by)


SHIRT = Line(1, "shirt-s", "shirt", "Shirt", 2_000, options={"Size": "s"})
MUG = Line(2, "mug", "mug", "Mug", 1_000, 2)


def paid(amount, method="card", at=None):
    return Payment("payment", amount, method, at)


PENDING = Order(
    "LL-1", "ann", "pending", HOME, lines=(SHIRT, MUG), payments=(paid(4_000),), placed_at=ago(minutes=10), note="Ring twice."
)  # fmt: skip
DELIVERED = replace(
    PENDING,
    id="LL-2",
    state="delivered",
    placed_at=ago(days=14),
    delivered_at=ago(days=10),
    parcels=(Parcel(("T1",), ("shirt-s", "mug"), "Fernway", ago(days=10)),),
)
MIXED = replace(PENDING, id="LL-3", payments=(paid(1_500, "gift"), paid(2_500)))
BENS = replace(PENDING, id="LL-9", customer_id="ben", address=THERE)
ORDERS = (PENDING, DELIVERED, MIXED, BENS)


def opened(url, rules=DEMO, *, orders=ORDERS, clock=None):
    """The shop at a database, its clock at noon, with Ann signed in as the session "ann's" and Ben as "ben's"."""
    store = SqlStore(url)
    store.load([ANN, BEN], orders)
    service = Service(store, rules, Shelf(), clock or Clock())
    service.sign_in("ann's", "ann")
    service.sign_in("ben's", "ben")
    return store, service


def claim(**said):
    return Claimed(**said)

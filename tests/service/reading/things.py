"""A customer of an invented shop, with orders and what else the products come in."""

from datetime import UTC, datetime

from assistant.service.types import Address, Customer, Line, Offer, Order, Payment, PaymentMethod

HOME = Address("4 Quince Lane", "", "Portland", "OR", "USA", "97201")
CABIN = Address("90 Birch Road", "Flat 2", "Bergen Falls", "VT", "USA", "05401")
CUSTOMER = Customer(
    "c1", "Odile", "Marchetti", "odile@marchetti.example", HOME,
    (
        PaymentMethod("card_7001", "card", "visa", "4412"),
        PaymentMethod("card_7002", "card", "amex", "9008"),
        PaymentMethod("paypal_5", "paypal"),
        PaymentMethod("voucher_9", "gift_card", balance_minor=4000),
    ),
)  # fmt: skip

RUG = {"size": "medium", "colour": "teal", "material": "wool"}
TEAPOT = {"capacity": "0.8 litres", "colour": "cream"}
JACKET = {"size": "M", "colour": "navy", "hood": "yes"}


def line(number, product, title, price, **options):
    return Line(number, f"{product}-{number}", product, title, price, options=options)


def order(id, state, *lines, address=HOME, paid="card_7001", placed=None):
    return Order(
        id, "c1", state, address, lines=lines, payments=(Payment("payment", sum(one.price_minor for one in lines), paid),), placed_at=placed,
    )  # fmt: skip


NEWEST = order(
    "LL-10003", "pending",
    line(1, "rug", "Handwoven Rug", 24000, **RUG), line(2, "lantern", "Camping Lantern", 3900, power="battery", colour="red"),
    placed=datetime(2026, 5, 3, tzinfo=UTC),
)  # fmt: skip
MIDDLE = order(
    "LL-10002", "delivered",
    line(1, "teapot", "Stoneware Teapot", 5200, **TEAPOT), line(2, "jacket", "Rain Jacket", 9900, **JACKET),
    line(3, "mug", "Enamel Mug", 1400, colour="blue"), line(4, "mug", "Enamel Mug", 1800, colour="white"),
    address=CABIN, paid="paypal_5", placed=datetime(2026, 3, 17, tzinfo=UTC),
)  # fmt: skip
OLDEST = order(
    "LL-10001", "cancelled", line(1, "skates", "Ice Skates", 8800, size="41"), placed=datetime(2025, 12, 1, tzinfo=UTC)
)
ORDERS = (NEWEST, MIDDLE, OLDEST)


def jackets():
    """Every jacket: size, colour and hood."""
    rows = [
        ("j1", "M", "navy", "yes", 9900, True), ("j2", "L", "navy", "yes", 10400, True), ("j3", "L", "red", "yes", 10100, True),
        ("j4", "M", "red", "no", 8700, True), ("j5", "S", "navy", "no", 8100, True), ("j6", "XL", "navy", "yes", 7000, False),
    ]  # fmt: skip
    return [
        Offer(id, "jacket", "Rain Jacket", price, there, {"size": s, "colour": c, "hood": h})
        for id, s, c, h, price, there in rows
    ]


def teapots():
    """Every teapot: capacity and colour."""
    rows = [
        ("t1", "0.8 litres", "cream", 5200, True), ("t2", "1.2 litres", "cream", 6100, True), ("t3", "1.2 litres", "black", 5900, True),
        ("t4", "0.4 litres", "cream", 4100, True), ("t5", "0.8 litres", "black", 5000, True),
    ]  # fmt: skip
    return [
        Offer(id, "teapot", "Stoneware Teapot", price, there, {"capacity": size, "colour": c})
        for id, size, c, price, there in rows
    ]

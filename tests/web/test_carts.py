"""A cart over REST: seen, changed, and handed over only once what has changed was accepted."""

from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.cart import CartChange
from assistant.settings import Settings
from tests.web.conftest import Counter
from tests.web.fakes import FakeCatalog

LINE_KEYS = {
    "line_id", "product_id", "variant", "title", "quantity", "price", "currency", "available", "note",
}  # fmt: skip
LAMP = {"product_id": "lig-03", "quantity": 2}
BLACK = {"product_id": "lig-01", "variant": "lig-01-matte-black", "quantity": 1}


@pytest.fixture
def session(client: TestClient) -> str:
    begun = client.post("/api/v1/carts", json={})
    assert begun.status_code == 201
    assert begun.json()["lines"] == []
    id: str = begun.json()["session_id"]
    return id


def put(client: TestClient, session: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
    answer = client.put(f"/api/v1/carts/{session}/lines", json=body)
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


def changed(counter: Counter, **products: dict[str, Any]) -> None:
    """The shop's catalogue with some products changed, and without those that are given nothing."""
    ids = {id.replace("_", "-"): change for id, change in products.items()}
    left = [replace(p, **ids.get(p.id, {})) for p in counter.catalog if ids.get(p.id, {1: 1})]
    counter.shop.renew(counter.assistant, FakeCatalog(left))


def test_a_cart_tells_its_lines_at_the_prices_of_now(client: TestClient, session: str) -> None:
    put(client, session, LAMP)
    cart = put(client, session, BLACK)
    assert set(cart) == {"lines", "total", "currency", "checkout_url"}
    assert all(set(line) >= LINE_KEYS for line in cart["lines"])
    assert [(line["quantity"], line["price"], line["available"], line["note"]) for line in cart["lines"]] == [
        (2, 89, True, None),
        (1, 64, True, None),
    ]
    assert (cart["total"], cart["currency"], cart["checkout_url"]) == (242, "USD", None)
    assert client.get(f"/api/v1/carts/{session}").json() == cart
    chinese = client.get(f"/api/v1/carts/{session}?locale=zh").json()["lines"][1]
    assert chinese["options"] == {"颜色": "哑光黑"}


def test_putting_says_how_many_and_not_how_many_more(client: TestClient, session: str) -> None:
    put(client, session, LAMP)
    assert put(client, session, {**LAMP, "quantity": 3})["lines"][0]["quantity"] == 3


def test_a_line_is_taken_out_and_is_gone_then(client: TestClient, session: str) -> None:
    line = put(client, session, LAMP)["lines"][0]["line_id"]
    assert client.delete(f"/api/v1/carts/{session}/lines/{line}").json()["lines"] == []
    assert client.delete(f"/api/v1/carts/{session}/lines/{line}").status_code == 404


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({**LAMP, "quantity": 4}, "only 3"),
        ({**LAMP, "quantity": 0}, "quantity"),
        ({**LAMP, "quantity": 100}, "quantity"),
        ({**LAMP, "quantity": "2"}, "quantity"),
        ({**LAMP, "quantity": 1.5}, "quantity"),
        ({"quantity": 1}, "product_id"),
        ({"product_id": "lig-01", "quantity": 1}, "variant"),
        ({"product_id": "lig-07", "variant": "lig-07-pink", "quantity": 1}, "sold out"),
        ({"product_id": "a\x00", "quantity": 1}, "product_id"),
    ],
)
def test_what_cannot_be_had_is_422_and_names_the_field(
    client: TestClient, session: str, body: dict[str, Any], named: str
) -> None:
    assert named in str(put(client, session, body, 422)["detail"])
    assert client.get(f"/api/v1/carts/{session}").json()["lines"] == []


def test_what_does_not_exist_is_404(client: TestClient, session: str) -> None:
    put(client, session, {"product_id": "none", "quantity": 1}, 404)
    put(client, session, {"product_id": "lig-01", "variant": "none", "quantity": 1}, 404)
    put(client, "nobody", LAMP, 404)
    assert client.get("/api/v1/carts/nobody").status_code == 404
    assert client.post("/api/v1/carts/nobody/checkout", json={}).status_code == 404
    assert client.post("/api/v1/carts", json={"from_session": "nobody"}).status_code == 404


def test_a_changed_price_is_told_and_kept_as_it_was_until_it_is_accepted(
    client: TestClient, counter: Counter, session: str
) -> None:
    line = put(client, session, LAMP)["lines"][0]["line_id"]
    changed(counter, lig_03={"price_minor": 9_500})
    cart = client.get(f"/api/v1/carts/{session}").json()
    assert (cart["lines"][0]["price"], cart["lines"][0]["note"]) == (95, "It was $89 when you put it in")
    checkout = f"/api/v1/carts/{session}/checkout"
    for _ in range(2):
        told = client.post(checkout).json()
        assert told["changes"] == [{"line_id": line, "field": "price", "before": 89, "now": 95}]
        assert (told["accepted"], told["total"], told["url"]) == (False, 190, None)
    told = client.post(checkout, json={"accept": True}).json()
    assert (told["accepted"], told["lines"][0]["note"]) == (True, None)
    assert client.post(checkout).json()["changes"] == []


def test_what_is_fewer_or_gone_is_told_with_its_count_and_leaves_once_accepted(
    client: TestClient, counter: Counter, session: str
) -> None:
    put(client, session, LAMP)
    put(client, session, BLACK)
    changed(counter, lig_03={"quantity": 1}, lig_01={})
    told = client.post(f"/api/v1/carts/{session}/checkout").json()
    assert [(one["field"], one["before"], one["now"]) for one in told["changes"]] == [
        ("quantity", 2, 1),
        ("quantity", 1, 0),
    ]
    assert [line["available"] for line in told["lines"]] == [False, False]
    left = client.post(f"/api/v1/carts/{session}/checkout", json={"accept": True}).json()["lines"]
    assert [(line["product_id"], line["quantity"]) for line in left] == [("lig-03", 1)]


def test_the_link_is_given_where_the_shop_has_one_and_nothing_is_to_accept(
    client: TestClient, counter: Counter, session: str
) -> None:
    counter.shop.settings = Settings(checkout_url="https://shop.example/cart/{items}")  # type: ignore[call-arg]
    put(client, session, LAMP)
    url = put(client, session, BLACK)["checkout_url"]
    assert url == "https://shop.example/cart/lig-03:2,lig-01-matte-black:1"
    assert client.post(f"/api/v1/carts/{session}/checkout").json()["url"] == url
    changed(counter, lig_03={"price_minor": 1})
    assert client.get(f"/api/v1/carts/{session}").json()["checkout_url"] is None
    counter.shop.settings = Settings()  # type: ignore[call-arg]


@pytest.mark.parametrize("url", ["https://shop.example/cart", "javascript:alert({items})", "shop.example/{items}"])
def test_a_checkout_that_could_take_no_cart_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="checkout_url"):
        Settings(checkout_url=url)  # type: ignore[call-arg]


def test_a_new_conversation_takes_the_cart_over(client: TestClient, session: str) -> None:
    put(client, session, LAMP)
    begun = client.post("/api/v1/carts", json={"from_session": session, "locale": "zh"}).json()
    assert begun["session_id"] != session
    assert [line["quantity"] for line in begun["lines"]] == [2]


def test_every_turn_tells_the_cart_of_now(client: TestClient, counter: Counter) -> None:
    first = client.post("/api/v1/chat", json={"message": "a lamp"}).json()
    assert first["cart"] == {"lines": [], "total": 0, "currency": "USD", "checkout_url": None}
    put(client, first["session_id"], LAMP)
    second = client.post("/api/v1/chat", json={"message": "a lamp", "session_id": first["session_id"]}).json()
    assert [line["product_id"] for line in second["cart"]["lines"]] == ["lig-03"]
    kept = client.get(f"/api/v1/sessions/{first['session_id']}").json()["turns"]
    assert kept[0]["cart"] is None
    assert kept[1]["cart"] == second["cart"]


def test_a_conversation_may_begin_with_its_cart(client: TestClient, session: str) -> None:
    put(client, session, LAMP)
    turn = client.post("/api/v1/chat", json={"message": "a lamp", "session_id": session}).json()
    assert turn["session_id"] == session
    assert turn["cart"]["total"] == 178


def test_a_record_that_fails_changes_nothing(client: TestClient, counter: Counter, session: str) -> None:
    counter.record.broken = True
    answer = client.put(f"/api/v1/carts/{session}/lines", json=LAMP)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert counter.record.carts[session] == []


def test_a_gone_product_is_a_line_that_says_so(client: TestClient, counter: Counter, session: str) -> None:
    counter.record.carts[session].append(CartChange("set", "gone", None, 1, 900, "USD"))
    cart = client.get(f"/api/v1/carts/{session}").json()
    assert (cart["lines"][0]["available"], cart["total"]) == (False, 0)
    assert cart["lines"][0]["note"] == "No longer in the shop"

"""Who is signed in at the shop is known in the chat by the word of the shop's server, one customer a conversation."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.settings import Settings
from assistant.web.calls import Calls
from tests.service import shop as books
from tests.web.conftest import Counter
from tests.web.vouching import SECRET, jwt, token


@pytest.fixture
def clock() -> books.Clock:
    return books.Clock()


@pytest.fixture
def service(counter: Counter, clock: books.Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    store, service = books.opened(f"sqlite:///{tmp_path / 'orders.db'}", clock=clock)
    monkeypatch.setattr(counter.shop, "service", service)
    monkeypatch.setattr(counter.shop, "settings", Settings(customer_secret=SECRET))  # type: ignore[call-arg]
    yield service
    store.close()


@pytest.fixture
def session(client: TestClient) -> str:
    begun: str = client.post("/api/v1/carts", json={}).json()["session_id"]
    return begun


def vouch(client: TestClient, session: str, token: str, status: int = 200) -> dict[str, Any]:
    answer = client.post(f"/api/v1/sessions/{session}/customer", json={"token": token})
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_whom_the_shop_vouches_for_is_known_and_only_the_first_name_is_told(
    client: TestClient, service: Any, session: str
) -> None:
    told = vouch(client, session, token("ann"))
    assert set(told) == {"first_name", "key"}
    assert told["first_name"] == "Ann"
    assert "ann" not in told["key"]
    assert service.customer(session) == books.ANN


def test_the_same_token_again_is_harmless(client: TestClient, service: Any, session: str) -> None:
    said = token("ann")
    assert vouch(client, session, said) == vouch(client, session, said)
    other = client.post("/api/v1/carts", json={}).json()["session_id"]
    assert vouch(client, other, said)["first_name"] == "Ann"
    assert service.customer(session) == service.customer(other) == books.ANN


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (token("ann", exp=1), "exp: the token is over"),
        (token("ann", secret="a secret of somebody else, long enough"), "not signed with this shop's secret"),
        (jwt({"sub": "ann", "exp": 9e9}, head={"alg": "none"}), "alg: must be HS256"),
        (token("nobody"), "sub: the shop's books have no such customer"),
        ("ann", "three parts"),
    ],
)
def test_a_token_that_says_nothing_signs_nobody_in(
    client: TestClient, service: Any, session: str, said: str, why: str
) -> None:
    assert why in vouch(client, session, said, 401)["detail"]
    assert service.customer(session) is None


def test_a_conversation_stays_one_customers_even_after_signing_out(
    client: TestClient, service: Any, session: str
) -> None:
    vouch(client, session, token("ann"))
    assert "another customer's" in vouch(client, session, token("ben"), 409)["detail"]
    assert service.customer(session) == books.ANN
    assert client.delete(f"/api/v1/sessions/{session}/customer").status_code == 204
    assert service.customer(session) is None
    vouch(client, session, token("ben"), 409)
    assert service.identify(session, books.claim(email="ben@example.com", order_id="LL-9")) is None
    assert service.customer(session) is None
    assert vouch(client, session, token("ann"))["first_name"] == "Ann"


def test_who_said_who_they_are_in_words_is_not_taken_for_somebody_else(
    client: TestClient, service: Any, session: str
) -> None:
    assert service.identify(session, books.claim(email="ben@example.com", order_id="LL-9")) == books.BEN
    vouch(client, session, token("ann"), 409)
    assert service.customer(session) == books.BEN


def test_signing_out_leaves_the_people_of_the_shop_who_it_was(client: TestClient, service: Any, session: str) -> None:
    vouch(client, session, token("ann"))
    client.delete(f"/api/v1/sessions/{session}/customer")
    assert service.proved(session) == books.ANN
    assert client.delete(f"/api/v1/sessions/{session}/customer").status_code == 204


def test_a_new_conversation_goes_on_with_the_customer_for_no_longer(
    client: TestClient, service: Any, session: str, clock: books.Clock
) -> None:
    def go_on(status: int) -> str:
        begun: str = client.post("/api/v1/carts", json={}).json()["session_id"]
        answer = client.post(f"/api/v1/sessions/{begun}/customer", json={"from_session": session})
        assert answer.status_code == status, answer.text
        return begun

    go_on(401)
    vouch(client, session, token("ann"))
    clock.pass_by(hours=23)
    later = go_on(200)
    assert service.customer(later) == books.ANN
    clock.pass_by(hours=2)
    assert service.customer(later) is None
    go_on(401)


def test_an_unknown_conversation_is_404_and_a_body_of_neither_or_both_422(
    client: TestClient, service: Any, session: str
) -> None:
    vouch(client, "no-such-session", token("ann"), 404)
    assert client.delete("/api/v1/sessions/no-such-session/customer").status_code == 404
    for body in ({}, {"token": token("ann"), "from_session": session}, {"token": ""}, {"token": "x" * 2_001}, []):
        assert client.post(f"/api/v1/sessions/{session}/customer", json=body).status_code == 422
    assert service.customer(session) is None


def test_a_shop_that_shares_no_secret_or_keeps_no_books_signs_nobody_in(
    client: TestClient, counter: Counter, service: Any, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counter.shop, "settings", Settings())  # type: ignore[call-arg]
    assert "AISLE_CUSTOMER_SECRET" in vouch(client, session, token("ann", secret=""), 404)["detail"]
    monkeypatch.setattr(counter.shop, "service", None)
    assert "no books of customers" in vouch(client, session, token("ann"), 404)["detail"]


def test_a_short_secret_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="32 characters"):
        Settings(customer_secret="x" * 31)  # type: ignore[call-arg]


def test_the_page_is_told_who_is_known_when_it_comes_back(
    client: TestClient, counter: Counter, service: Any, session: str
) -> None:
    hello = next(one for one in Calls(counter.shop).functions() if one.__name__ == "hello")
    assert hello(session)["customer"] is None
    told = vouch(client, session, token("ann"))
    assert hello(session)["customer"] == told
    client.delete(f"/api/v1/sessions/{session}/customer")
    assert hello(session)["customer"] is None


def test_the_page_opens_while_the_books_are_away(
    counter: Counter, client: TestClient, service: Any, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(session_id: str) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(service, "customer", away)
    hello = next(one for one in Calls(counter.shop).functions() if one.__name__ == "hello")
    answer = hello(session)
    assert (answer["ok"], answer["customer"]) == (True, None)

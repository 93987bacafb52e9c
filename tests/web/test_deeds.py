"""What pages and programs tell of shoppers' deeds, from outside, over a real record."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.record.insight_tables import ViewRow
from assistant.record.tables import EventRow, RatingRow, SessionRow
from assistant.settings import Settings
from assistant.types import Slate, SlateItem
from assistant.web import create_app
from tests.web.desks import Desked, desked
from tests.web.test_rest import say

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Safari/604.1"
CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@dataclass
class Told:
    """A shop with a real record, and what was written there."""

    desk: Desked

    @property
    def client(self) -> TestClient:
        return self.desk.client()

    def turn(self, **headers: str) -> dict[str, Any]:
        """A turn that showed the first two lamps."""
        said = self.desk.client().post("/api/v1/chat", json={"message": "a lamp"}, headers=headers).json()
        lamps = [self.desk.shop.catalog.get(id) for id in ("lig-01", "lig-02")]
        self.desk.record.show(said["turn_id"], Slate(tuple(SlateItem(lamp, 0.5) for lamp in lamps if lamp)))
        return dict(said)

    def rows(self, table: Any) -> list[Any]:
        with Session(self.desk.record.engine) as session:
            return list(session.scalars(select(table).order_by(*table.__table__.primary_key.columns)))

    def set(self, **settings: Any) -> None:
        """The same shop with other settings."""
        self.desk.shop.settings = Settings(**settings)
        self.desk.app = create_app(self.desk.shop)


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    with desked(tmp_path) as desk:
        yield Told(desk)


@pytest.fixture(scope="module")
def deaf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """One for all events that are refused."""
    with desked(tmp_path_factory.mktemp("deaf")) as desk:
        yield Told(desk)


def click(turn: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"turn_id": turn["turn_id"], "product_id": "lig-01", "kind": "click", **more}


def test_the_turns_token_comes_with_the_turn_and_with_its_first_event(client: TestClient) -> None:
    turn = say(client)
    streamed = client.post("/api/v1/chat", json={"message": "a lamp"}, headers={"Accept": "text/event-stream"}).text
    (again,) = client.get(f"/api/v1/sessions/{turn['session_id']}").json()["turns"]
    assert len(turn["token"]) >= 22 and again["token"] == turn["token"]
    assert streamed.count('"token": ') == 2 and turn["token"] not in streamed


def test_an_event_is_kept_with_all_that_was_told_of_it(told: Told) -> None:
    turn = told.turn()
    body = click(
        turn, kind="purchase", token=turn["token"], key="order 7", quantity=2, amount=128.1, currency="USD",
        happened_at="2026-11-12T10:00:00+01:00",
    )  # fmt: skip
    assert told.client.post("/api/v1/events", json=body).status_code == 201
    assert told.client.post("/api/v1/events", json=body).json() == {"recorded": True}
    (row,) = told.rows(EventRow)
    assert (row.kind, row.key, row.quantity, row.amount_minor, row.currency) == (
        "purchase",
        "order 7",
        2,
        12_810,
        "USD",
    )
    assert (row.signed, row.source, row.mark, row.happened_at.hour) == (True, "rest", None, 9)


def test_the_contracts_event_goes_without_all_that(told: Told) -> None:
    turn = told.turn()
    assert told.client.post("/api/v1/events", json=click(turn)).status_code == 201
    assert [(row.signed, row.key) for row in told.rows(EventRow)] == [(False, None)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"token": "forged"}, "token"), ({"token": ""}, "token"), ({"token": 5}, "token"), ({"token": "é" * 9}, "token"),
        ({"quantity": 0}, "quantity"), ({"quantity": 1001}, "quantity"), ({"quantity": "2"}, "quantity"),
        ({"amount": -1, "currency": "USD"}, "amount"), ({"amount": "1e9"}, "amount"), ({"amount": 1e10}, "amount"),
        ({"currency": "usd"}, "currency"), ({"amount": 5, "currency": "EUR"}, "currency"),
        ({"kind": "dwell"}, "dwell_ms"), ({"dwell_ms": 10}, "dwell_ms"), ({"kind": "dwell", "dwell_ms": -1}, "dwell_ms"),
        ({"happened_at": "yesterday"}, "happened_at"), ({"happened_at": "2026-11-12T10:00:00"}, "happened_at"),
        ({"happened_at": "2020-01-01T00:00:00Z"}, "happened_at"), ({"happened_at": "2046-01-01T00:00:00Z"}, "happened_at"),
        ({"key": ""}, "key"), ({"key": "x" * 201}, "key"), ({"key": "\x00"}, "key"), ({"kind": "stare"}, "kind"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_422_by_its_name_and_not_recorded(deaf: Told, change: dict[str, Any], field: str) -> None:
    answer = deaf.client.post("/api/v1/events", json=click(deaf.turn(), **change))
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", field]
    assert deaf.rows(EventRow) == []


def test_a_key_with_another_content_is_422(told: Told) -> None:
    turn = told.turn()
    assert told.client.post("/api/v1/events", json=click(turn, key="k")).status_code == 201
    answer = told.client.post("/api/v1/events", json=click(turn, key="k", kind="cart"))
    assert answer.status_code == 422 and "names another event" in answer.text


def test_a_token_of_another_turn_is_refused(told: Told) -> None:
    one, other = told.turn(), told.turn()
    assert told.client.post("/api/v1/events", json=click(one, token=other["token"])).status_code == 422


def test_a_shop_may_take_signed_events_only(told: Told) -> None:
    told.set(signed_events=True)
    turn = told.turn()
    answer = told.client.post("/api/v1/events", json=click(turn))
    assert answer.status_code == 422 and answer.json()["detail"][0]["loc"] == ["body", "token"]
    seen = {"turn_id": turn["turn_id"], "products": [{"product_id": "lig-01", "visible_ms": 1_000}]}
    assert told.client.post("/api/v1/views", json=seen).status_code == 422
    assert told.client.post("/api/v1/events", json=click(turn, token=turn["token"])).status_code == 201
    assert told.client.post("/api/v1/views", json={**seen, "token": turn["token"]}).json() == {"recorded": 1}


def test_a_shop_that_takes_signed_events_only_takes_signed_ratings_only(told: Told) -> None:
    turn, other = told.turn(), told.turn()
    rating = {"turn_id": turn["turn_id"], "kind": "thumb", "value": "down"}
    assert told.client.post("/api/v1/feedback", json={**rating, "token": "forged"}).status_code == 422
    assert told.client.post("/api/v1/feedback", json=rating).status_code == 201
    told.set(signed_events=True)
    for token in ({}, {"token": None}, {"token": "forged"}, {"token": other["token"]}):
        answer = told.client.post("/api/v1/feedback", json={**rating, **token})
        assert answer.status_code == 422 and answer.json()["detail"][0]["loc"] == ["body", "token"]
    answer = told.client.post("/api/v1/feedback", json={**rating, "token": turn["token"]})
    assert (answer.status_code, answer.json()) == (201, {"recorded": True})
    assert len(told.rows(RatingRow)) == 2


def test_of_a_batch_each_event_is_answered_apart(told: Told) -> None:
    turn = told.turn()
    good = click(turn, key="k1", token=turn["token"])
    sent = [
        good, good, click(turn, kind="dwell", dwell_ms=2_500), click(turn, product_id="none"),
        click({"turn_id": "none"}), {"kind": "click"}, click(turn, token="forged"), click(turn, quantity="two"),
    ]  # fmt: skip
    answer = told.client.post("/api/v1/events/batch", json={"events": sent})
    assert answer.status_code == 201
    results = answer.json()["results"]
    assert [one["outcome"] for one in results] == ["recorded", "repeated", "recorded", *["rejected"] * 5]
    assert [one.get("field") for one in results[3:]] == ["product_id", "turn_id", "turn_id", "token", "quantity"]
    assert [(row.kind, row.dwell_ms) for row in told.rows(EventRow)] == [("click", None), ("dwell", 2_500)]


def test_a_batch_holds_one_to_two_hundred_events_however_long_they_are(told: Told) -> None:
    turn = told.turn()
    long = click(turn, token=turn["token"], currency="USD", amount=1.5, kind="purchase", shopper_id="s" * 200)
    whole = {"events": [{**long, "key": f"{n:0200}"} for n in range(200)]}
    answer = told.client.post("/api/v1/events/batch", json=whole)
    assert answer.status_code == 201 and len(told.rows(EventRow)) == 200
    assert told.client.post("/api/v1/events/batch", json={"events": [*whole["events"], click(turn)]}).status_code == 422
    assert told.client.post("/api/v1/events/batch", json={"events": []}).status_code == 422
    assert told.client.post("/api/v1/events/batch", json={"events": ["x"]}).status_code == 422
    huge = {"events": [{**long, "key": "x" * 300_000}]}
    assert told.client.post("/api/v1/events/batch", json=huge).status_code == 413


def test_what_was_really_seen_is_kept_once(told: Told) -> None:
    turn = told.turn()
    seen = [{"product_id": "lig-01", "visible_ms": 1_400}, {"product_id": "lig-09", "visible_ms": 9_000}]
    body = {"turn_id": turn["turn_id"], "products": seen}
    assert told.client.post("/api/v1/views", json=body).json() == {"recorded": 1}
    assert told.client.post("/api/v1/views", json=body).json() == {"recorded": 0}
    assert [(row.product_id, row.visible_ms) for row in told.rows(ViewRow)] == [("lig-01", 1_400)]
    assert told.client.post("/api/v1/views", json={**body, "turn_id": "none"}).status_code == 404
    assert told.client.post("/api/v1/views", json={**body, "token": "forged"}).status_code == 422
    assert told.client.post("/api/v1/views", json={**body, "products": []}).status_code == 422


def test_crawlers_and_people_of_the_shop_are_marked_and_shoppers_are_not(told: Told) -> None:
    shopper = told.turn(**{"User-Agent": PHONE})
    turns = [shopper, told.turn(**{"User-Agent": CRAWLER}), told.turn(Cookie="aisle_desk=stale")]
    turns.append(told.desk.client("ann").post("/api/v1/chat", json={"message": "a lamp"}).json())
    marks = {row.id: row.mark for row in told.rows(SessionRow)}
    assert [marks[turn["session_id"]] for turn in turns] == [None, "bot", None, "staff"]
    events = [({}, PHONE), ({}, CRAWLER), (told.desk.client("oda").cookies, PHONE)]
    for cookies, name in events:
        client = TestClient(told.desk.app, cookies=cookies)
        assert client.post("/api/v1/events", json=click(shopper), headers={"User-Agent": name}).status_code == 201
    assert [row.mark for row in told.rows(EventRow)] == [None, "bot", "staff"]


def test_bots_and_staff_rate_no_shoppers_conversation_and_their_own_as_they_like(told: Told) -> None:
    shopper, crawlers, anns = told.turn(), told.turn(**{"User-Agent": CRAWLER}), told.desk.client("ann")
    ours = anns.post("/api/v1/chat", json={"message": "a lamp"}).json()

    def rate(turn: dict[str, Any], client: TestClient, name: str = PHONE) -> bool:
        body = {"turn_id": turn["turn_id"], "kind": "stars", "value": 1}
        answer = client.post("/api/v1/feedback", json=body, headers={"User-Agent": name})
        assert answer.status_code == 201
        return bool(answer.json()["recorded"])

    assert [rate(shopper, told.client, CRAWLER), rate(shopper, anns), rate(shopper, told.client)] == [
        False,
        False,
        True,
    ]
    assert [rate(crawlers, told.client, CRAWLER), rate(ours, anns)] == [True, True]
    assert [row.turn_id for row in told.rows(RatingRow)] == [one["turn_id"] for one in (shopper, crawlers, ours)]
    answer = anns.post("/api/v1/feedback", json={"turn_id": "none", "kind": "stars", "value": 1})
    assert answer.status_code == 404


def test_what_a_crawler_sees_is_no_view(told: Told) -> None:
    turn = told.turn()
    body = {"turn_id": turn["turn_id"], "products": [{"product_id": "lig-01", "visible_ms": 1_400}]}
    assert told.client.post("/api/v1/views", json=body, headers={"User-Agent": CRAWLER}).json() == {"recorded": 0}
    assert told.rows(ViewRow) == []


def test_a_cart_begun_by_a_crawler_is_marked(told: Told) -> None:
    told.client.post("/api/v1/carts", json={}, headers={"User-Agent": CRAWLER})
    assert [row.mark for row in told.rows(SessionRow)] == ["bot"]


def test_it_is_known_where_an_event_was_told(told: Told) -> None:
    turn = told.turn()
    for origin in (None, "http://testserver", "https://shop.example"):
        told.client.post("/api/v1/events", json=click(turn), headers={"Origin": origin} if origin else {})
    assert [row.source for row in told.rows(EventRow)] == ["rest", "page", "shop"]


SHOP = "https://shop.example"
ASKED = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}


def test_pages_of_the_shops_own_origins_may_tell_of_events_and_of_nothing_else(told: Told) -> None:
    told.set(shop_origins=f"{SHOP}/ http://127.0.0.1:8000")
    turn, client = told.turn(), told.client
    for path in ("/api/v1/events", "/api/v1/events/batch"):
        asked = client.options(path, headers={"Origin": SHOP, **ASKED})
        assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (200, SHOP)
        assert "access-control-allow-credentials" not in asked.headers
    sent = client.post("/api/v1/events", json=click(turn), headers={"Origin": SHOP})
    assert (sent.status_code, sent.headers["access-control-allow-origin"]) == (201, SHOP)
    refused = client.post("/api/v1/events", json=click(turn, kind="stare"), headers={"Origin": SHOP})
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (422, SHOP)
    assert "access-control-allow-origin" not in client.get("/api/v1/products/lig-01", headers={"Origin": SHOP}).headers
    for path in ("/api/v1/chat", "/api/v1/views", "/api/v1/carts/s1/lines", "/api/v1/products/lig-01"):
        asked = client.options(path, headers={"Origin": SHOP, **ASKED})
        assert asked.status_code == 404 and "access-control-allow-origin" not in asked.headers


def test_other_origins_are_not_answered(told: Told) -> None:
    for origins in ("", SHOP):
        told.set(shop_origins=origins)
        for origin in ("https://evil.example", "https://shop.example.evil.example", "null"):
            asked = told.client.options("/api/v1/events", headers={"Origin": origin, **ASKED})
            assert asked.status_code == 404 and "access-control-allow-origin" not in asked.headers


@pytest.mark.parametrize("origins", ["*", "shop.example", "https://shop.example/path", "javascript:x"])
def test_origins_that_are_none_are_refused(origins: str) -> None:
    with pytest.raises(ValueError, match="shop_origins"):
        Settings(shop_origins=origins)  # type: ignore[call-arg]


def test_the_snippet_is_served_for_pages_elsewhere(client: TestClient) -> None:
    answer = client.get("/page/aisle-events.js")
    assert answer.status_code == 200 and "javascript" in answer.headers["content-type"]
    assert 'href="/page/aisle-events.js"' not in client.get("/").text

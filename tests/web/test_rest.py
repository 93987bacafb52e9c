"""The contract's routes, played from outside against a shop of fakes."""

import json
import threading
import time
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient

from assistant.types import QueuedEvent, TicketDraft
from tests.web.conftest import Counter, build
from tests.web.fakes import demo_products

TURN_KEYS = {
    "session_id", "turn_id", "kind", "reply", "need", "slate", "evidence", "claims", "handoff", "timings_ms",
    "versions",
}  # fmt: skip


def say(client: TestClient, message: str = "a lamp", **more: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/chat", json={"message": message, **more})
    assert answer.status_code == 200, answer.text
    turn: dict[str, Any] = answer.json()
    return turn


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    blocks = [block.splitlines() for block in text.strip().split("\n\n") if not block.startswith(":")]
    return [(block[0].removeprefix("event: "), json.loads(block[1].removeprefix("data: "))) for block in blocks]


def test_chat_answers_with_the_whole_turn(client: TestClient) -> None:
    turn = say(client)
    assert set(turn) >= TURN_KEYS
    assert turn["kind"] == "recommend"
    assert turn["handoff"] is None
    ids = {e["id"] for e in turn["evidence"]}
    for product in turn["slate"]:
        assert set(product) >= {"product_id", "title", "price", "currency", "in_stock", "url", "image_url", "reasons"}
        assert all(set(reason["evidence"]) <= ids for reason in product["reasons"])


def test_prices_are_whole_units_outside(client: TestClient) -> None:
    turn = say(client)
    price = turn["need"]["constraints"][0]
    assert {key: price[key] for key in ("field", "op", "value", "origin")} == {
        "field": "price",
        "op": "le",
        "value": 70,
        "origin": "said",
    }
    assert price["label"]["en"] == "up to $70"
    assert turn["slate"][0]["price"] == 64


def test_stream_starts_with_the_need_and_ends_with_the_whole_turn(client: TestClient) -> None:
    answer = client.post("/api/v1/chat", json={"message": "a lamp"}, headers={"Accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = events(answer.text)
    assert [name for name, _ in told] == ["need", "slate", "sentence", "sentence", "sentence", "done"]
    assert set(told[-1][1]) >= TURN_KEYS
    assert " ".join(data["text"] for name, data in told if name == "sentence") == told[-1][1]["reply"]


def test_session_goes_on_and_can_be_read_back(client: TestClient) -> None:
    first = say(client)
    second = say(client, "a cheaper one", session_id=first["session_id"])
    assert second["session_id"] == first["session_id"]
    kept = client.get(f"/api/v1/sessions/{first['session_id']}").json()
    assert [turn["turn_id"] for turn in kept["turns"]] == [first["turn_id"], second["turn_id"]]


def test_edited_need_reaches_the_assistant_in_minor_units(client: TestClient, counter: Counter) -> None:
    need = {"query": "lamp", "constraints": [{"field": "price", "op": "le", "value": 39.9, "origin": "edited"}]}
    say(client, "(changed)", need=need)
    heard = counter.assistant.heard[-1].need
    assert heard is not None
    assert heard.constraints[0].value == 3990


def test_variety_is_taken_and_told(client: TestClient, counter: Counter) -> None:
    assert say(client, variety=0.6)["variety"] == 0.6
    assert counter.assistant.heard[-1].variety == 0.6


def test_a_comparison_is_told_as_a_table(client: TestClient) -> None:
    assert say(client)["comparison"] is None
    told = say(client, "Compare these")["comparison"]
    assert list(told) == ["columns", "rows", "advice"] and len(told["columns"]) == 4
    price, power = told["rows"]
    assert list(price) == ["name", "field", "cells"]
    assert price["cells"][1] == {"product_id": told["columns"][1], "text": "$42", "evidence": [f"{told['columns'][1]}/f"], "better": True}  # fmt: skip
    assert power["cells"][1]["text"] is None


def test_chinese_is_answered_in_chinese(client: TestClient) -> None:
    turn = say(client, "台灯", locale="zh-CN")
    assert turn["locale"] == "zh"
    assert turn["slate"][0]["title"] == "Halvane 苍鹭双臂台灯"


BAD_CHATS: list[tuple[bytes, str]] = [
    (b"", "body"), (b"{", "body"), (b"[]", "body"), (b"null", "body"), (b"7", "body"), (b"\xff\xfe", "body"),
    (b'{"message": 7}', "message"), (b'{"message": null}', "message"), (b'{"message": ""}', "message"),
    (b'{"message": "   "}', "message"), (b'{"message": "\\ud800"}', "message"),
    (b'{"message": "a\\u0000b"}', "message"),
    (b'{"message": "' + b"x" * 5000 + b'"}', "message"), (b'{"message": ["a"]}', "message"),
    (b'{"message": "a", "session_id": 7}', "session_id"), (b'{"message": "a", "session_id": ""}', "session_id"),
    (b'{"message": "a", "session_id": "\\udfff"}', "session_id"), (b'{"message": "a", "locale": "xx"}', "locale"),
    (b'{"message": "a", "locale": 5}', "locale"), (b'{"message": "a", "shopper_id": {}}', "shopper_id"),
    (b'{"message": "a", "need": 3}', "need"), (b'{"message": "a", "variety": 1.5}', "variety"),
    (b'{"message": "a", "variety": "much"}', "variety"),
    (b'{"message": "a", "need": {"constraints": [{"field": "price"}]}}', "op"),
    (b'{"message": "a", "need": {"constraints": [{"field": "price", "op": "le", "value": "x"}]}}', "constraints"),
    (b'{"message": "a", "need": {"constraints": [{"field": "price", "op": "le", "value": 1e400}]}}', "value"),
    (b'{"message": "a", "need": {"constraints": [{"field": "nope", "op": "le", "value": 1}]}}', "field"),
    (b'{"message": "a", "need": {"constraints": [{"field": "in_stock", "op": "eq", "value": "y"}]}}', "constraints"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "named"), BAD_CHATS, ids=lambda value: repr(value)[:50])
def test_bad_chat_is_422_and_names_the_field(client: TestClient, body: bytes, named: str) -> None:
    answer = client.post("/api/v1/chat", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert named in json.dumps(answer.json()["detail"])


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/octet-stream", ""])
def test_other_content_types_are_422(client: TestClient, kind: str) -> None:
    answer = client.post("/api/v1/chat", content=b"message=hi", headers={"Content-Type": kind})
    assert answer.status_code == 422


def test_huge_body_is_413(client: TestClient) -> None:
    huge = b'{"message": "' + b"x" * 200_000 + b'"}'
    assert client.post("/api/v1/chat", content=huge).status_code == 413
    chunks = (b"x" * 10_000 for _ in range(20))
    assert client.post("/api/v1/chat", content=chunks).status_code == 413


def test_busy_server_says_when_to_come_back(client: TestClient) -> None:
    for accept in ("application/json", "text/event-stream"):
        answer = client.post("/api/v1/chat", json={"message": "a crowd"}, headers={"Accept": accept})
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "7"


def test_a_place_in_the_queue_is_an_event_of_its_own_told_once(client: TestClient, counter: Counter) -> None:
    counter.assistant.queued = QueuedEvent(3, 17)
    threading.Timer(0.2, setattr, (counter.assistant, "queued", QueuedEvent(1, 6))).start()
    threading.Timer(0.4, setattr, (counter.assistant, "queued", QueuedEvent(0, 0))).start()
    answer = client.post("/api/v1/chat", json={"message": "a queue"}, headers={"Accept": "text/event-stream"})
    told = events(answer.text)
    places = [data for name, data in told if name == "queued"]
    assert places == [{"place": 3, "expected_s": 17}, {"place": 1, "expected_s": 6}, {"place": 0, "expected_s": 0}]
    assert [told[0][0], told[1][0], told[-1][0]] == ["need", "slate", "done"]


def test_a_whole_turn_as_json_is_waited_for(client: TestClient, counter: Counter) -> None:
    counter.assistant.queued = QueuedEvent(1, 6)
    threading.Timer(0.2, setattr, (counter.assistant, "queued", QueuedEvent(0, 0))).start()
    assert set(say(client, "a queue")) >= TURN_KEYS


def test_closed_shop_is_503_with_retry_after(client: TestClient, counter: Counter) -> None:
    counter.open = False
    answers = [client.post("/api/v1/chat", json={"message": "hi"}), client.get("/readyz")]
    assert [a.status_code for a in answers] == [503, 503]
    assert all("retry-after" in a.headers for a in answers)
    assert client.get("/healthz").status_code == 200


def test_failing_turn_is_503_and_not_500(client: TestClient) -> None:
    answer = client.post("/api/v1/chat", json={"message": "explode"})
    assert answer.status_code == 503
    assert "retry-after" in answer.headers


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_unknown_session_is_404(client: TestClient, accept: str) -> None:
    body = {"message": "hi", "session_id": "nobody"}
    assert client.post("/api/v1/chat", json=body, headers={"Accept": accept}).status_code == 404
    assert client.get("/api/v1/sessions/nobody").status_code == 404


GOOD_RATINGS = [
    ("thumb", "up"),
    ("thumb", "down"),
    ("stars", 5),
    ("csat", 1),
    ("comment", "fine"),
    ("comment", "好" * 2000),
]
BAD_RATINGS: list[tuple[object, object]] = [
    ("stars", 9), ("stars", 0), ("stars", True), ("stars", 2.5), ("stars", "5"), ("csat", None), ("vibes", 1),
    ("thumb", "sideways"), ("thumb", 1), ("comment", ""), ("comment", "x" * 2001), ("comment", 5), (None, 1),
    ("comment", "\x00"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), GOOD_RATINGS)
def test_rating_is_recorded(client: TestClient, counter: Counter, kind: str, value: object) -> None:
    turn_id = say(client)["turn_id"]
    body = {"turn_id": turn_id, "kind": kind, "value": value, "reasons": ["slow"]}
    assert client.post("/api/v1/feedback", json=body).status_code == 201
    assert counter.record.ratings == [(turn_id, kind, value, ("slow",))]


@pytest.mark.parametrize(("kind", "value"), BAD_RATINGS)
def test_bad_rating_is_422_and_not_recorded(client: TestClient, counter: Counter, kind: object, value: object) -> None:
    turn_id = say(client)["turn_id"]
    assert client.post("/api/v1/feedback", json={"turn_id": turn_id, "kind": kind, "value": value}).status_code == 422
    assert not counter.record.ratings


def test_rating_of_an_unknown_turn_is_404(client: TestClient) -> None:
    assert (
        client.post("/api/v1/feedback", json={"turn_id": "no-such-turn", "kind": "stars", "value": 3}).status_code
        == 404
    )
    assert client.post("/api/v1/feedback", json={}).status_code == 422


def test_rating_that_cannot_be_stored_is_503(client: TestClient, counter: Counter) -> None:
    turn_id = say(client)["turn_id"]
    counter.record.broken = True
    assert client.post("/api/v1/feedback", json={"turn_id": turn_id, "kind": "stars", "value": 3}).status_code == 503


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 201), ({"kind": "purchase"}, 201), ({"kind": "cart"}, 201), ({"kind": "stare"}, 422),
        ({"product_id": "no"}, 404),
        ({"turn_id": "no"}, 404), ({"turn_id": 5}, 422), ({"product_id": None}, 422), ({"product_id": "x" * 201}, 422),
    ],
)  # fmt: skip
def test_event_is_recorded_or_refused(client: TestClient, change: dict[str, object], status: int) -> None:
    turn = say(client)
    body = {"turn_id": turn["turn_id"], "product_id": turn["slate"][0]["product_id"], "kind": "click", **change}
    assert client.post("/api/v1/events", json=body).status_code == status


def test_product_is_given_whole_and_in_either_language(client: TestClient) -> None:
    english = client.get("/api/v1/products/lig-01").json()
    assert english["title"] == "Halvane Heron Jointed Desk Lamp"
    assert english["attributes"]["Color"] == "Matte black"
    assert client.get("/api/v1/products/lig-01?locale=zh").json()["attributes"]["颜色"] == "哑光黑"
    assert english["reviews"][0].keys() == {"rating", "title", "text", "date"}
    assert client.get("/api/v1/products/no-such-product").status_code == 404
    assert client.get("/api/v1/products/%ff%00").status_code in (404, 422)


def test_search_keeps_to_its_bounds(client: TestClient) -> None:
    found = client.get("/api/v1/search?q=lamp&category=Lighting&price_min=20&price_max=40&in_stock=true&limit=3").json()
    assert 0 < len(found["results"]) <= 3
    assert all(20 <= p["price"] <= 40 and p["in_stock"] and p["category"] == "Lighting" for p in found["results"])


def test_search_tells_how_many_match_and_how_they_could_be_narrowed(client: TestClient) -> None:
    found = client.get("/api/v1/search?q=lamp&category=Lighting&price_max=60&limit=2").json()
    facets = found["facets"]
    assert set(facets) == {"category", "brand", "price", "attributes"}
    assert found["matching"] == sum(one["count"] for one in facets["category"]) > len(found["results"]) == 2
    assert facets["category"][0]["value"] == "Lighting"
    assert all(0 < band["min"] <= band["max"] <= 60 for band in facets["price"])
    assert found["corrected"] == {}


def test_facets_are_labelled_in_the_language_asked_for(client: TestClient) -> None:
    facets = client.get("/api/v1/search?q=lamp&category=Lighting&locale=zh").json()["facets"]
    assert facets["category"][0] | {"count": 0} == {"value": "Lighting", "label": "灯具", "count": 0}
    assert (facets["attributes"][0]["name"], facets["attributes"][0]["label"]) == ("Color", "颜色")
    assert all(set(value) == {"value", "label", "count"} for value in facets["attributes"][0]["values"])


def test_search_says_what_a_mistyped_word_was_taken_for(client: TestClient) -> None:
    assert client.get("/api/v1/search?q=lmap").json()["corrected"] == {"lmap": "lamp"}


def test_what_matches_is_what_the_facets_count(client: TestClient) -> None:
    found = client.get("/api/v1/search?q=lamp&limit=7").json()
    assert len(found["results"]) == 7
    assert found["matching"] == sum(one["count"] for one in found["facets"]["category"])


def test_similar_products_keep_to_the_stock_asked_for_and_leave_out_the_product(client: TestClient) -> None:
    found = client.get("/api/v1/similar/lig-01?limit=3&in_stock=true&locale=zh").json()["results"]
    assert len(found) == 3
    assert all(one["in_stock"] and one["product_id"] != "lig-01" and one["score"] == 0.5 for one in found)
    assert client.get("/api/v1/similar/no/such").status_code == 404


def test_what_was_bought_together_is_told_with_its_sessions(client: TestClient, counter: Counter) -> None:
    counter.record.together = {"lig-01": (("lig-02", 5), ("gone", 4), ("lig-03", 2))}
    found = client.get("/api/v1/also-bought/lig-01").json()["results"]
    assert [(one["product_id"], one["sessions"]) for one in found] == [("lig-02", 5), ("lig-03", 2)]
    assert client.get("/api/v1/also-bought/lig-02").json() == {"results": []}
    assert client.get("/api/v1/also-bought/none").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["similar/lig-01?limit=0", "similar/lig-01?in_stock=maybe", "also-bought/lig-01?limit=51", "similar/lig-01?locale=xx",
     "also-bought/" + "x" * 201],
)  # fmt: skip
def test_bad_questions_for_neighbours_are_422(client: TestClient, path: str) -> None:
    assert client.get(f"/api/v1/{path}").status_code == 422


@pytest.mark.parametrize(
    "query",
    ["price_max=cheap", "price_min=-1", "price_max=nan", "price_max=inf", "limit=0", "limit=51", "in_stock=maybe",
     "q=" + "x" * 401, "locale=xx", "q=%00"],
)  # fmt: skip
def test_bad_search_is_422(client: TestClient, query: str) -> None:
    assert client.get(f"/api/v1/search?{query}").status_code == 422


def test_wrong_methods_and_paths_are_404(client: TestClient) -> None:
    for method, path in (("GET", "/api/v1/chat"), ("DELETE", "/api/v1/feedback"), ("POST", "/api/v1/nothing")):
        assert client.request(method, path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/metrics", "/docs", "/openapi.json", "/", "/desk", "/insights"]
)
def test_every_page_answers_with_security_headers(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "default-src" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "referrer-policy" in answer.headers


def test_pages_of_our_own_name_no_other_host(client: TestClient) -> None:
    for path in ("/docs", "/desk", "/page/docs.mjs", "/page/shopper.js", "/page/tokens.css"):
        text = client.get(path).text.replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text
        assert "https://" not in text


def test_pictures_are_svg_that_can_run_nothing(client: TestClient) -> None:
    answer = client.get("/pictures/lig-01.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert client.get("/pictures/../app.py").status_code == 404
    assert client.get("/pictures/none.svg").status_code == 404


def test_only_allowed_image_hosts_enter_the_policy() -> None:
    from assistant.web import create_app

    counter = build(demo_products("lighting"), image_hosts="cdn.example.com bad;script-src https://img.example.org")
    policy = TestClient(create_app(counter.shop)).get("/desk").headers["content-security-policy"]
    assert "img-src 'self' data: blob: cdn.example.com https://img.example.org;" in policy


@pytest.mark.real
def test_leaving_a_stream_closes_the_turn(counter: Counter) -> None:
    from assistant.web import create_app

    server = uvicorn.Server(uvicorn.Config(create_app(counter.shop), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    _until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    headers = {"Accept": "text/event-stream"}
    with httpx.stream(
        "POST", f"http://127.0.0.1:{port}/api/v1/chat", json={"message": "slowly"}, headers=headers
    ) as answer:
        assert next(answer.iter_lines()) == "event: need"
    counter.assistant.gate.set()
    _until(lambda: counter.assistant.closed == 1)
    server.should_exit = True
    thread.join(10)


def _until(true: Any) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_question_to_the_shop_becomes_a_ticket(client: TestClient, counter: Counter) -> None:
    turn = say(client)
    body = {"turn_id": turn["turn_id"], "product_id": "lig-01", "question": " Is it loud? ", "email": "me@example.org"}
    answer = client.post("/api/v1/questions", json=body)
    assert (answer.status_code, answer.json()) == (201, {"ticket_id": "ticket-1"})
    draft = TicketDraft("question", "Is it loud?", "lig-01", "me@example.org")
    assert counter.record.tickets == [(turn["turn_id"], draft)]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"turn_id": "nobody"}, 404),
        ({"product_id": "nothing"}, 404),
        ({"question": "  "}, 422),
        ({"question": "x" * 2001}, 422),
        ({"question": "a\x00b"}, 422),
        ({"email": "not an address"}, 422),
        ({"email": "a@b"}, 422),
        ({"email": None}, 201),
    ],
)
def test_a_question_that_cannot_be_kept_is_refused(client: TestClient, change: dict[str, Any], status: int) -> None:
    body = {"turn_id": say(client)["turn_id"], "question": "Is it loud?"} | change
    assert client.post("/api/v1/questions", json=body).status_code == status

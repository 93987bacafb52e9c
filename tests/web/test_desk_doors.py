"""The desk's doors: who is let in, who may do what, and that no other page can use somebody's sign-in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.record.agents import ATTEMPTS, TOKEN_HOLDS
from tests.web.desks import HOME, SECRET, Desked, desked

OWNER = {"key": "the-key", "name": "Oda", "email": "oda@example.org", "password": SECRET, "locale": "zh-CN"}
NEW = {"name": "Eve", "email": "eve@example.org", "password": SECRET, "role": "agent"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desked]:
    with desked(tmp_path_factory.mktemp("desk")) as made:
        yield made


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Desked]:
    with desked(tmp_path, hired=False, setup_key="the-key") as made:
        yield made


def test_whoever_holds_the_key_sets_the_desk_up_once(empty: Desked) -> None:
    client = empty.client()
    assert client.get(f"{HOME}/me").json() == {
        "agent": None,
        "needs_setup": True,
        "shop": {"name": "Linden & Lark", "currency": "USD"},
    }
    assert client.post(f"{HOME}/setup", json={**OWNER, "key": "another"}).status_code == 403
    assert client.post(f"{HOME}/setup", json={**OWNER, "key": ""}).status_code == 403
    made = client.post(f"{HOME}/setup", json=OWNER)
    assert made.status_code == 201
    assert {key: made.json()["agent"][key] for key in ("email", "role", "locale")} == {
        "email": "oda@example.org", "role": "owner", "locale": "zh",
    }  # fmt: skip
    me = client.get(f"{HOME}/me").json()
    assert (me["agent"]["name"], me["needs_setup"]) == ("Oda", False)
    assert empty.client().post(f"{HOME}/setup", json={**OWNER, "email": "eve@example.org"}).status_code == 409
    assert empty.client().post(f"{HOME}/setup", json={**OWNER, "key": "wrong"}).status_code == 409


def test_without_a_key_nobody_sets_it_up(tmp_path: Path) -> None:
    with desked(tmp_path, hired=False) as made:
        assert made.client().post(f"{HOME}/setup", json={**OWNER, "key": ""}).status_code == 403


def test_the_token_is_kept_out_of_reach_of_scripts_and_of_other_sites(desk: Desked) -> None:
    body = {"email": "ANN@example.org", "password": SECRET}
    told = desk.client().post(f"{HOME}/sign-in", json=body)
    assert told.status_code == 200
    cookie = told.headers["set-cookie"]
    for flag in ("aisle_desk=", "HttpOnly", "SameSite=strict", "Path=/", f"Max-Age={12 * 3600}"):
        assert flag in cookie
    assert "Secure" not in cookie
    secure = desk.client().post(f"{HOME}/sign-in", json=body, headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in secure.headers["set-cookie"]


def test_what_signs_in_wrongly_is_told_nothing_and_has_to_wait_in_the_end(desk: Desked) -> None:
    desk.hire("zoe")
    client = desk.client()
    for email in ("zoe@example.org", "nobody@example.org"):
        answers = [
            client.post(f"{HOME}/sign-in", json={"email": email, "password": "wrong one"}) for _ in range(ATTEMPTS)
        ]
        assert {(one.status_code, one.json()["detail"]) for one in answers} == {
            (401, "the address or the password is wrong")
        }
        refused = client.post(f"{HOME}/sign-in", json={"email": email, "password": SECRET})
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 15 * 60 + 1
        assert "set-cookie" not in refused.headers


def test_a_sign_in_ends_by_signing_out_by_time_and_by_being_shut_out(desk: Desked) -> None:
    def signed_in() -> TestClient:
        client = desk.client()
        assert client.post(f"{HOME}/sign-in", json={"email": "max@example.org", "password": SECRET}).status_code == 200
        assert client.get(f"{HOME}/tickets").status_code == 200
        return client

    max_ = desk.hire("max")
    client = signed_in()
    token = client.cookies["aisle_desk"]
    assert client.post(f"{HOME}/sign-out").status_code == 204
    stolen = TestClient(desk.app, cookies={"aisle_desk": token})
    assert stolen.get(f"{HOME}/tickets").status_code == 401
    client = signed_in()
    desk.record.agents.change(max_.id, active=False)
    assert client.get(f"{HOME}/tickets").status_code == 401
    desk.record.agents.change(max_.id, active=True)
    client = signed_in()
    desk.clock.now += TOKEN_HOLDS
    assert client.get(f"{HOME}/tickets").status_code == 401
    desk.clock.now -= TOKEN_HOLDS


ROUTES = [
    ("GET", "/tickets", None), ("GET", "/tickets/T", None), ("GET", "/tickets/T/draft", None), ("GET", "/agents", None),
    ("GET", "/macros", None), ("GET", "/figures", None), ("GET", "/events", None), ("GET", "/approvals", None),
    ("GET", "/offers/lig-01", None), ("GET", "/faq", None), ("POST", "/faq/S/hide", {}),
    ("POST", "/faq/S/add", {"question": "Why?", "answer": "Because."}),
    ("POST", "/agents", NEW), ("PATCH", "/agents/A", {"active": False}), ("PUT", "/macros", {"macros": []}),
    ("POST", "/translate", {"text": "hello", "to": "zh"}),
    ("POST", "/tickets/T/claim", {"version": 1}), ("POST", "/tickets/T/release", {"version": 1}),
    ("POST", "/tickets/T/assign", {"version": 1, "agent_id": "A"}),
    ("POST", "/tickets/T/transfer", {"version": 1, "agent_id": "A"}),
    ("POST", "/tickets/T/snooze", {"version": 1, "until": "2031-01-01T00:00:00Z"}),
    ("POST", "/tickets/T/close", {"version": 1, "reason": "resolved"}), ("POST", "/tickets/T/reopen", {"version": 1}),
    ("POST", "/tickets/T/hand-back", {"version": 1}), ("POST", "/tickets/T/seen", {"event_id": 1}),
    ("POST", "/tickets/T/messages", {"text": "hello", "key": "key-0001"}),
    ("POST", "/tickets/T/notes", {"text": "hello", "key": "key-0001"}), ("POST", "/tickets/T/typing", {}),
    ("POST", "/tickets/T/draft", {"id": "d", "outcome": "edited", "text": "hello"}), ("POST", "/tickets/T/survey", {}),
    ("POST", "/tickets/T/deeds", {"kind": "cancel", "order_id": "LL-1"}), ("POST", "/proposals/P/confirm", {}),
    ("POST", "/proposals/P/approve", {}), ("POST", "/proposals/P/decline", {"why": "no"}), ("POST", "/proposals/P/undo", {}),
]  # fmt: skip


def test_every_route_of_the_desk_is_among_those_that_are_tested(desk: Desked) -> None:
    doors = {"/setup", "/sign-in", "/sign-out", "/me"}
    paths = desk.app.openapi()["paths"]
    served = {
        (method.upper(), path.removeprefix(HOME))
        for path, methods in paths.items()
        for method in methods
        if path.startswith(HOME)
    }
    ids = {
        "/T": "/{ticket_id}",
        "/A": "/{agent_id}",
        "/P": "/{proposal_id}",
        "/S": "/{suggestion_id}",
        "lig-01": "{product_id}",
    }
    tested = set()
    for method, path, _ in ROUTES:
        for short, name in ids.items():
            path = path.replace(short, name)
        tested.add((method, path))
    assert {one for one in served if one[1] not in doors} == tested


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_nobody_who_is_not_signed_in_sees_or_does_anything(desk: Desked, method: str, path: str, body: Any) -> None:
    before = desk.record.desk.last_event()
    for cookies in ({}, {"aisle_desk": "guessed"}, {"aisle_desk": ""}):
        client = TestClient(desk.app, cookies=cookies)
        assert client.request(method, HOME + path, json=body).status_code == 401
    assert desk.record.desk.last_event() == before


@pytest.mark.parametrize(("method", "path", "body"), [one for one in ROUTES if one[0] != "GET"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://testserver:8080"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_no_other_page_writes_with_an_agents_cookie(
    desk: Desked, method: str, path: str, body: Any, headers: dict[str, str]
) -> None:
    before = desk.record.desk.last_event()
    assert desk.client("oda").request(method, HOME + path, json=body, headers=headers).status_code == 403
    assert desk.record.desk.last_event() == before


def test_no_other_page_signs_in_or_out(desk: Desked) -> None:
    evil = {"Origin": "https://evil.example"}
    sign_in = {"email": "ann@example.org", "password": SECRET}
    for path, body in (("/sign-in", sign_in), ("/setup", OWNER), ("/sign-out", {})):
        answer = desk.client("ann").post(HOME + path, json=body, headers=evil)
        assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert desk.client("ann").get(f"{HOME}/tickets").status_code == 200


def test_the_desks_own_page_writes(desk: Desked) -> None:
    own = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    behind = {"Origin": "https://shop.example", "X-Forwarded-Host": "shop.example"}
    for headers in (own, behind, {"Sec-Fetch-Site": "none"}, {}):
        assert desk.client("lea").put(f"{HOME}/macros", json={"macros": []}, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "allowed"),
    [
        ("POST", "/agents", NEW, "oda"),
        ("PATCH", "/agents/A", {"role": "lead"}, "oda"),
        ("PUT", "/macros", {"macros": []}, "lea oda"),
        ("POST", "/tickets/T/assign", {"version": 1, "agent_id": "A"}, "lea oda"),
        ("GET", "/agents", None, "ann bob lea oda"),
        ("GET", "/figures", None, "ann bob lea oda"),
    ],
)
def test_roles_say_who_may_do_what(desk: Desked, method: str, path: str, body: Any, allowed: str) -> None:
    ticket = desk.ticket()
    path = path.replace("/T", f"/{ticket['id']}").replace("/A", f"/{desk.agents['bob'].id}")
    for name in ("ann", "bob", "lea", "oda"):
        sent = dict(body) if body else None
        if sent and "agent_id" in sent:
            sent |= {"agent_id": desk.agents["bob"].id, "version": desk.record.desk.ticket(ticket["id"]).version}
        if sent and "email" in sent:
            sent["email"] = f"new-{name}@example.org"
        status = desk.client(name).request(method, HOME + path, json=sent).status_code
        assert (status in (200, 201)) == (name in allowed.split()), (name, status)
        assert status in (200, 201, 403)
    desk.record.agents.change(desk.agents["bob"].id, role="agent")


def test_a_password_never_comes_back(desk: Desked) -> None:
    oda = desk.client("oda")
    eve = oda.post(f"{HOME}/agents", json={**NEW, "email": "eve2@example.org"})
    answers = [
        eve,
        oda.patch(f"{HOME}/agents/{eve.json()['id']}", json={"password": "quite another secret"}),
        oda.get(f"{HOME}/agents"),
        oda.get(f"{HOME}/me"),
        oda.post(f"{HOME}/agents", json={**NEW, "email": "no address"}),
        oda.post(f"{HOME}/agents", json={**NEW, "email": "eve2@example.org"}),
    ]
    assert [one.status_code for one in answers] == [201, 200, 200, 200, 422, 409]
    for answer in answers:
        assert "secret" not in answer.text
        assert "scrypt" not in answer.text


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"password": "short"}, "password"),
        ({"password": "x" * 201}, "password"),
        ({"email": "eve"}, "email"),
        ({"name": " "}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"role": "boss"}, "role"),
    ],
)
def test_an_agent_who_cannot_be_is_422(desk: Desked, change: dict[str, str], named: str) -> None:
    answer = desk.client("oda").post(f"{HOME}/agents", json={**NEW, **change})
    assert answer.status_code == 422
    assert named in answer.text


def test_the_last_owner_cannot_leave(desk: Desked) -> None:
    oda = desk.client("oda")
    for change in ({"active": False}, {"role": "agent"}):
        answer = oda.patch(f"{HOME}/agents/{desk.agents['oda'].id}", json=change)
        assert answer.status_code == 409
    assert oda.patch(f"{HOME}/agents/nobody", json={"active": False}).status_code == 404


def test_the_desks_page_is_served_where_there_is_a_desk(desk: Desked) -> None:
    page = desk.client().get("/desk")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert "/page/desk/boot.js" in page.text


def test_no_route_of_the_desk_is_there_without_one(client: TestClient) -> None:
    for path in (f"{HOME}/me", f"{HOME}/tickets", "/api/v1/sessions/s1/events"):
        assert client.get(path).status_code == 404

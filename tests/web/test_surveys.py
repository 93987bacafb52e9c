"""Surveys over HTTP: the server decides when, an answer names what is wrong with it, the desk asks where the shopper is."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.record.surveys import Surveys
from assistant.surveys import PACKAGED, load_rules
from tests.web.desks import HOME, Desked, Line, desked, listening, until

API = "/api/v1/surveys"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desked]:
    with desked(tmp_path) as made:
        told = made.record.desk.signal.tell
        made.shop.surveys = Surveys(made.record.engine, load_rules(PACKAGED), clock=made.clock, told=told)
        yield made


def due(desk: Desked, session_id: str, trigger: str = "turn", status: int = 200) -> dict[str, Any]:
    answer = desk.client().get(f"{API}/due", params={"session_id": session_id, "trigger": trigger})
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


def idle(desk: Desked) -> dict[str, Any]:
    """The offer of a conversation that has been quiet for long enough."""
    turn = desk.say("a lamp")
    desk.say("a shade", turn["session_id"])
    desk.clock.on(minutes=4)
    offer: dict[str, Any] = due(desk, turn["session_id"], "idle")["offer"]
    return offer


def served(desk: Desked) -> dict[str, Any]:
    """A ticket that Ann has answered."""
    ticket = desk.ticket()
    desk.do("ann", "claim", ticket)
    desk.write("ann", ticket, "Here you are.")
    return ticket


def test_the_server_decides_and_says_when_to_ask_again(desk: Desked) -> None:
    turn = desk.say("a lamp")
    assert due(desk, turn["session_id"]) == {"offer": None, "why": "early", "again_s": 180}
    desk.say("a shade", turn["session_id"])
    assert due(desk, turn["session_id"], "idle")["why"] == "no_moment"
    desk.clock.on(minutes=3)
    offer = due(desk, turn["session_id"], "idle")["offer"]
    assert (offer["scale"]["kind"], offer["question"]["zh"], offer["quiet_days"]) == ("stars", "助手帮到您了吗？", 30)
    assert due(desk, turn["session_id"], "idle") == {"offer": None, "why": "asked", "again_s": None}


def test_what_was_asked_and_still_waits_is_told_to_the_page_that_comes_back(desk: Desked) -> None:
    offer = idle(desk)
    assert desk.shop.surveys is not None
    told = {"session_id": desk.shop.surveys.offer(offer["id"]).session_id}
    (again,) = desk.client().get(f"{API}/open", params=told).json()["offers"]
    assert again == offer | {"at": desk.clock.now.isoformat()}
    desk.client().post(f"{API}/{offer['id']}/skip")
    assert desk.client().get(f"{API}/open", params=told).json() == {"offers": []}
    assert desk.client().get(f"{API}/open", params={"session_id": "nobody"}).status_code == 404


def test_an_unknown_session_and_a_moment_that_is_none_are_told(desk: Desked) -> None:
    due(desk, "nobody", status=404)
    answer = desk.client().get(f"{API}/due", params={"session_id": "s", "trigger": "manual"})
    assert answer.status_code == 422
    assert "trigger" in answer.json()["detail"][0]["loc"]


def test_an_answer_and_a_comment_are_recorded(desk: Desked) -> None:
    id = idle(desk)["id"]
    assert desk.client().post(f"{API}/{id}/answer", json={"value": 4}).status_code == 201
    told = desk.client().post(f"{API}/{id}/answer", json={"comment": "  Kind. ", "source": "link"})
    assert (told.status_code, told.json()) == (201, {"recorded": True})
    assert desk.shop.surveys is not None
    offer = desk.shop.surveys.offer(id)
    assert (offer.value, offer.comment) == (4, "Kind.")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"value": 6}, "value"),
        ({"value": "5"}, "value"),
        ({"value": 2.5}, "value"),
        ({"value": True}, "value"),
        ({}, "value"),
        ({"comment": "  "}, "value"),
        ({"comment": "a" * 2_001}, "comment"),
        ({"value": 3, "source": "elsewhere"}, "source"),
    ],
)
def test_a_bad_answer_is_refused_and_its_field_named(desk: Desked, body: dict[str, Any], field: str) -> None:
    answer = desk.client().post(f"{API}/{idle(desk)['id']}/answer", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", field]


def test_what_is_unknown_or_over_is_404(desk: Desked) -> None:
    id = idle(desk)["id"]
    assert desk.client().post(f"{API}/{id}/skip").status_code == 201
    assert desk.client().post(f"{API}/none/skip").status_code == 404
    assert desk.client().post(f"{API}/none/answer", json={"value": 3}).status_code == 404
    desk.clock.on(days=31)
    assert desk.client().post(f"{API}/{id}/answer", json={"value": 3}).status_code == 404


def test_nobody_of_the_shop_answers_in_a_shoppers_place(desk: Desked) -> None:
    id = idle(desk)["id"]
    for what, body in (("answer", {"value": 5, "source": "link"}), ("skip", {})):
        told = desk.client("ann").post(f"{API}/{id}/{what}", json=body)
        assert (told.status_code, told.json()) == (201, {"recorded": False})
    assert desk.shop.surveys is not None and desk.shop.surveys.offer(id).open
    ours = desk.client("ann").post("/api/v1/chat", json={"message": "a lamp"}).json()
    own = desk.shop.surveys.ask(ours["session_id"], "link")
    assert desk.client("ann").post(f"{API}/{own.id}/answer", json={"value": 5}).json() == {"recorded": True}
    assert desk.shop.surveys.offer(own.id).value == 5


def test_too_many_answers_are_429(desk: Desked) -> None:
    id = idle(desk)["id"]
    told = [desk.client().post(f"{API}/{id}/answer", json={"value": 3}).status_code for _ in range(21)]
    assert told == [201] * 20 + [429]


def test_a_shop_without_surveys_asks_nobody(desk: Desked) -> None:
    desk.shop.surveys = None
    turn = desk.say("a lamp")
    assert due(desk, turn["session_id"]) == {"offer": None, "why": "off", "again_s": None}
    assert desk.client().get(f"{API}/open", params={"session_id": turn["session_id"]}).json() == {"offers": []}
    assert desk.client().post(f"{API}/x/answer", json={"value": 3}).status_code == 404
    assert desk.client().get("/rate/x").status_code == 404
    ticket = served(desk)
    assert desk.client("ann").post(f"{HOME}/tickets/{ticket['id']}/survey", json={}).status_code == 503


def test_feedback_stays_as_it_was(desk: Desked) -> None:
    turn = desk.say("a lamp")
    for kind, value, status in (("stars", 5, 201), ("csat", 1, 201), ("thumb", "up", 201), ("stars", 6, 422)):
        body = {"turn_id": turn["turn_id"], "kind": kind, "value": value}
        assert desk.client().post("/api/v1/feedback", json=body).status_code == status


def test_the_links_page_tells_what_is_open_over_and_unknown(desk: Desked) -> None:
    offer = idle(desk)
    page = desk.client().get(f"/rate/{offer['id']}")
    assert page.status_code == 200
    assert "How was it with the assistant?" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.text
    desk.clock.on(days=31)
    assert desk.client().get(f"/rate/{offer['id']}").status_code == 410
    unknown = desk.client().get("/rate/none", headers={"Accept-Language": "zh-CN"})
    assert unknown.status_code == 404
    assert '"locale": "zh"' in unknown.text


# ---- The desk


def test_the_agents_part_is_asked_when_the_ticket_is_closed(desk: Desked) -> None:
    ticket = served(desk)
    assert due(desk, ticket["session_id"], "closed")["why"] == "people"
    desk.do("ann", "close", ticket, reason="resolved")
    offer = due(desk, ticket["session_id"], "closed")["offer"]
    assert (offer["subject"], offer["agent"], offer["scale"]["kind"]) == ("agent", "Ann", "csat")
    assert desk.client().post(f"{API}/{offer['id']}/answer", json={"value": 5}).status_code == 201
    rated = [one for one in desk.see(ticket["id"])["conversation"] if one["kind"] == "rated"]
    assert [one["text"] for one in rated] == ["csat 5"]


def test_an_agent_gets_a_link_where_the_shopper_has_left(desk: Desked) -> None:
    ticket = served(desk)
    told = desk.client("ann").post(f"{HOME}/tickets/{ticket['id']}/survey", json={})
    assert told.status_code == 201
    data = told.json()
    assert (data["sent"], data["subject"], data["language"]) == (False, "agent", "en")
    assert re.fullmatch(r"/rate/[\w-]{20,}", data["link"])
    assert "How was it with {name}?" in desk.client().get(data["link"]).text
    again = desk.client("ann").post(f"{HOME}/tickets/{ticket['id']}/survey", json={}).json()
    assert again["link"] == data["link"]
    desk.client().post(f"{API}/{data['link'].removeprefix('/rate/')}/answer", json={"value": 2, "source": "link"})
    assert desk.client("ann").post(f"{HOME}/tickets/{ticket['id']}/survey", json={}).status_code == 409


def test_only_who_has_the_ticket_or_leads_asks_for_a_rating(desk: Desked) -> None:
    ticket = served(desk)
    path = f"{HOME}/tickets/{ticket['id']}/survey"
    assert desk.client().post(path, json={}).status_code == 401
    assert desk.client("bob").post(path, json={}).status_code == 403
    assert desk.client("lea").post(path, json={}).status_code == 201
    assert desk.client("ann").post(f"{HOME}/tickets/none/survey", json={}).status_code == 404


def test_the_question_is_told_on_the_open_chat(desk: Desked) -> None:
    ticket = served(desk)
    with listening(desk.app) as url:
        line = Line(f"{url}/api/v1/sessions/{ticket['session_id']}/events")
        assert line.alive.wait(10)
        told = desk.client("ann").post(f"{HOME}/tickets/{ticket['id']}/survey", json={}).json()
        assert told["sent"] is True
        until(lambda: line.of("survey"))
        line.hang_up()
    (asked,) = line.of("survey")
    assert asked.data["ticket_id"] == ticket["id"]
    assert (asked.data["agent"], asked.data["id"]) == ("Ann", told["link"].removeprefix("/rate/"))

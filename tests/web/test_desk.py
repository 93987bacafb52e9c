"""The desk's queue, tickets and words over HTTP, and what is there of it without its other parts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.types import Turn
from tests.web.desks import HOME, Desked, desked

TICKET = {
    "id", "session_id", "reason", "line", "language", "mood", "priority", "status", "agent", "created_at",
    "waiting_since", "unread", "snoozed_until", "email", "version", "last",
}  # fmt: skip
BESIDE = {
    "summary", "need", "cart", "evidence", "customer", "orders", "conversation", "similar", "proposals", "macros",
}  # fmt: skip


@dataclass
class Words:
    text: str
    source: str = "returns.en.1"


@dataclass
class Summed:
    wanted: str = "their money back"
    tried: Sequence[str] = ("the assistant",)
    checked: Sequence[Words] = (Words("It was delivered"),)
    mood: float = -0.7
    why: str = "asked twice"


@dataclass
class Case:
    question: str
    answer: str = "Within 30 days."
    score: float = 0.8
    source: str = "faq"


@dataclass
class Draft:
    id: str = "d1"
    text: str = "I am sorry."
    sources: Sequence[Words] = (Words("30 days"),)
    confidence: float = 0.7


@dataclass
class Helpers:
    """Everything that may help an agent, as told; `broken` as it is when it fails."""

    broken: bool = False
    made: Draft | None = field(default_factory=Draft)
    asked: list[Any] = field(default_factory=list)

    def summarise(self, turns: Sequence[Turn], locale: str) -> Summed:
        if self.broken:
            raise RuntimeError("no model")
        self.asked.append(("summarise", len(turns), locale))
        return Summed()

    def best(self, question: str, locale: str, limit: int) -> list[Case]:
        if self.broken:
            raise RuntimeError("no index")
        return [Case(question)][:limit]

    def draft(self, ticket: Any, turns: Sequence[Turn], messages: Sequence[Any], locale: str) -> Draft | None:
        self.asked.append(("draft", ticket.ticket_id, len(turns), [one.data["text"] for one in messages], locale))
        return self.made

    def translate(self, text: str, to: str) -> str | None:
        return None if "£" in text else f"{text} in {to}"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desked]:
    with desked(tmp_path_factory.mktemp("desk")) as made:
        yield made


@pytest.fixture(scope="module")
def helpers() -> Helpers:
    return Helpers()


@pytest.fixture(scope="module")
def helped(tmp_path_factory: pytest.TempPathFactory, helpers: Helpers) -> Iterator[Desked]:
    folder = tmp_path_factory.mktemp("helped")
    with desked(folder, summarise=helpers.summarise, past=helpers, drafts=helpers, translate=helpers.translate) as made:
        yield made


def queue(desk: Desked, name: str = "ann", **asked: Any) -> dict[str, Any]:
    answer = desk.client(name).get(f"{HOME}/tickets", params=asked)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def test_the_queue_tells_what_waits_and_how_many_stand_how(tmp_path: Path) -> None:
    with desked(tmp_path) as desk:
        one = desk.ticket("a person, please")
        desk.clock.on(seconds=1)
        two = desk.ticket("person? it broke")
        desk.do("ann", "claim", two)
        told = queue(desk)
        assert [ticket["id"] for ticket in told["tickets"]] == [one["id"], two["id"]]
        assert all(set(ticket) >= TICKET for ticket in told["tickets"])
        assert told["counts"] == {"open": 1, "claimed": 1, "mine": 1, "snoozed": 0, "closed": 0}
        assert told["last_event"] == desk.record.desk.last_event()
        assert [ticket["id"] for ticket in queue(desk, mine=1)["tickets"]] == [two["id"]]
        assert [ticket["id"] for ticket in queue(desk, status="open")["tickets"]] == [one["id"]]
        assert [ticket["id"] for ticket in queue(desk, q="BROKE")["tickets"]] == [two["id"]]
        for nothing in ({"status": "closed"}, {"reason": "stock"}, {"language": "zh"}, {"q": "%"}):
            assert queue(desk, **nothing)["tickets"] == []
        assert queue(desk, name="bob")["counts"]["mine"] == 0


def test_what_was_put_away_is_back_in_the_queue_in_its_time(desk: Desked) -> None:
    ticket = desk.ticket()
    until = desk.clock.now + timedelta(hours=1)
    asleep = desk.do("ann", "snooze", ticket, until=until.isoformat())
    assert (asleep["status"], asleep["snoozed_until"]) == ("snoozed", until.isoformat())
    desk.clock.on(hours=1)
    assert ticket["id"] in [one["id"] for one in queue(desk)["tickets"]]
    for bad in (desk.clock.now.isoformat(), "2031-01-01T00:00:00", "soon", None):
        desk.do("ann", "snooze", ticket, 422, until=bad)


def test_a_ticket_comes_with_everything_that_is_known(desk: Desked) -> None:
    first = desk.say("a lamp")
    ticket = desk.ticket("a person, please", first["session_id"])
    assert set(ticket) >= TICKET | BESIDE
    assert ticket["summary"] == {"wanted": "a person, please", "tried": ["asked"], "mood": -0.5}
    assert (ticket["mood"], ticket["priority"], ticket["language"]) == (-0.5, 1, "en")
    assert (ticket["customer"], ticket["orders"], ticket["proposals"], ticket["similar"]) == (None, [], [], [])
    assert [one["id"] for one in ticket["evidence"]] == ["lig-01/f"]
    assert ticket["cart"]["lines"] == []
    assert ticket["need"]["query"] == "a person, please"


def test_the_conversation_is_in_one_order_of_time_and_nothing_stands_twice(desk: Desked) -> None:
    session = desk.say("a lamp")["session_id"]
    desk.clock.on(seconds=1)
    ticket = desk.ticket("a person, please", session)
    desk.clock.on(seconds=1)
    desk.say("are you there?", session)
    desk.clock.on(seconds=1)
    desk.do("ann", "claim", ticket)
    desk.write("ann", ticket, "Hello, I am Ann")
    desk.write("bob", ticket, "knows us well", note=True)
    desk.clock.on(seconds=1)
    desk.say("hello Ann", session)
    said = [(one["kind"], one["author"], one["text"]) for one in desk.see(ticket["id"])["conversation"]]
    assert said == [
        ("message", "shopper", "a lamp"),
        ("message", "assistant", "You said: a lamp"),
        ("message", "shopper", "a person, please"),
        ("opened", "system", "a person, please"),
        ("message", "assistant", "A person will join you here."),
        ("message", "shopper", "are you there?"),
        ("message", "assistant", "You said: are you there?"),
        ("claimed", "agent", ""),
        ("message", "agent", "Hello, I am Ann"),
        ("note", "agent", "knows us well"),
        ("message", "shopper", "hello Ann"),
    ]
    items = desk.see(ticket["id"])["conversation"]
    assert [one["name"] for one in items if one["author"] == "agent"] == ["Ann", "Ann", "Bob"]
    assert items[1]["products"][0]["product_id"] == "lig-01"
    assert items[1]["claims"] == [{"text": "You said: a lamp", "status": "supported", "evidence": ["lig-01/f"]}]
    assert len({(one["kind"], one["author"], one["id"]) for one in items}) == len(items)


def test_while_a_person_is_there_the_assistant_says_nothing(desk: Desked) -> None:
    ticket = desk.ticket()
    desk.do("ann", "claim", ticket)
    live = desk.say("hello?", ticket["session_id"])
    assert (live["kind"], live["reply"]) == ("handoff", "")
    assert live["handoff"] == {
        "ticket_id": ticket["id"], "reason": "person", "summary": "a person, please", "live": True, "agent": "Ann",
    }  # fmt: skip
    kept = desk.client().get(f"/api/v1/sessions/{ticket['session_id']}").json()["turns"]
    assert kept[-1]["handoff"] == live["handoff"]
    desk.do("ann", "hand-back", ticket)
    assert desk.say("a lamp", ticket["session_id"])["reply"] == "You said: a lamp"
    assert desk.see(ticket["id"])["close_reason"] == "handed_back"


def test_unread_is_what_came_since_ones_own_last_look(desk: Desked) -> None:
    ticket = desk.ticket()
    for words in ("hello?", "anybody?"):
        desk.say(words, ticket["session_id"])

    def unread(name: str) -> int:
        return next(one["unread"] for one in queue(desk, name)["tickets"] if one["id"] == ticket["id"])

    assert (unread("ann"), unread("bob")) == (2, 2)
    assert desk.see(ticket["id"], "ann")["unread"] == 2
    assert desk.see(ticket["id"], "ann")["unread"] == 0
    assert (unread("ann"), unread("bob")) == (0, 2)
    seen = desk.client("bob").post(f"{HOME}/tickets/{ticket['id']}/seen", json={"event_id": 2**53})
    assert (seen.status_code, unread("bob")) == (204, 0)
    desk.say("still here", ticket["session_id"])
    assert (unread("ann"), unread("bob")) == (1, 1)


def test_a_change_on_an_older_version_is_409_with_the_ticket_as_it_is(desk: Desked) -> None:
    ticket = desk.ticket()
    held = desk.do("ann", "claim", ticket, version=ticket["version"])
    assert (held["status"], held["agent"]) == ("claimed", {"id": desk.agents["ann"].id, "name": "Ann"})
    told = desk.do("bob", "claim", ticket, 409, version=ticket["version"])
    assert told["detail"] == "this ticket is Ann's"
    assert told["ticket"]["agent"]["name"] == "Ann"
    told = desk.do("ann", "close", ticket, 409, version=ticket["version"], reason="resolved")
    assert told["ticket"]["version"] == held["version"]


def test_a_ticket_is_given_on_with_a_note_and_taken_back_by_a_lead(desk: Desked) -> None:
    ticket, bob = desk.ticket(), desk.agents["bob"]
    desk.do("ann", "claim", ticket)
    desk.do("ann", "transfer", ticket, agent_id=bob.id, note="knows lamps")
    (event,) = [one for one in desk.see(ticket["id"])["conversation"] if one["kind"] == "transferred"]
    assert (event["name"], event["to"], event["text"]) == ("Ann", "Bob", "knows lamps")
    desk.do("ann", "release", ticket, 403)
    assert desk.do("lea", "assign", ticket, agent_id=desk.agents["ann"].id)["agent"]["name"] == "Ann"
    desk.do("lea", "assign", ticket, 404, agent_id="nobody")
    assert desk.do("ann", "release", ticket)["agent"] is None


def test_a_ticket_is_closed_with_a_reason_and_opened_again(desk: Desked) -> None:
    ticket = desk.ticket()
    desk.do("ann", "claim", ticket)
    desk.do("ann", "close", ticket, 422, reason="bored")
    closed = desk.do("ann", "close", ticket, reason="duplicate", note="see the other")
    assert (closed["status"], closed["close_reason"], closed["waiting_since"]) == ("closed", "duplicate", None)
    desk.write("ann", ticket, "hello", 409)
    assert desk.do("bob", "reopen", ticket)["status"] == "open"


def test_a_shopper_who_asks_again_soon_has_the_same_ticket(desk: Desked) -> None:
    ticket = desk.ticket()
    desk.do("ann", "close", ticket, reason="resolved")
    again = desk.say("that person again, please", ticket["session_id"])["handoff"]
    assert again["ticket_id"] == ticket["id"]
    assert [one["kind"] for one in desk.see(ticket["id"])["conversation"] if one["kind"] == "reopened"] == ["reopened"]


def test_the_same_message_sent_twice_is_told_once(desk: Desked) -> None:
    ticket = desk.ticket()
    first = desk.write("ann", ticket, "Hello", key="key-0001")
    assert desk.write("ann", ticket, "Hello", 200, key="key-0001") == first
    noted = desk.write("ann", ticket, "a note", note=True, key="key-0002")
    assert desk.write("ann", ticket, "a note", 200, note=True, key="key-0002") == noted
    kinds = [one["kind"] for one in desk.see(ticket["id"])["conversation"] if one["author"] == "agent"]
    assert sorted(kinds) == ["claimed", "message", "note"]


def test_who_has_not_seen_anothers_answer_is_shown_it_first(desk: Desked) -> None:
    ticket = desk.ticket()
    seen = ticket["last_event"]
    first = desk.write("ann", ticket, "Hello, I am Ann", seen=seen)
    refused = desk.write("lea", ticket, "Hello, I am Lea", 409, seen=seen)
    assert refused["unseen"] == [first]
    assert desk.write("lea", ticket, "Hello, I am Lea", anyway=True, seen=seen)["text"] == "Hello, I am Lea"
    assert desk.write("bob", ticket, "And I am Bob", 403)["detail"] == "this ticket is Ann's"


@pytest.mark.parametrize(
    ("where", "body", "named"),
    [
        ("messages", {"text": " ", "key": "key-0001"}, "text"),
        ("messages", {"text": "x" * 8001, "key": "key-0001"}, "text"),
        ("messages", {"text": "a\x00b", "key": "key-0001"}, "text"),
        ("messages", {"text": "hello", "key": "short"}, "key"),
        ("messages", {"text": "hello", "key": "key-0001", "seen": -1}, "seen"),
        ("messages", {"text": "hello", "key": "key-0001", "seen": "all"}, "seen"),
        ("notes", {"text": "hello"}, "key"),
        ("claim", {}, "version"),
        ("claim", {"version": "new"}, "version"),
        ("transfer", {"version": 1}, "agent_id"),
        ("draft", {"id": "d", "outcome": "shown"}, "outcome"),
        ("deeds", {"kind": "give everything away"}, "kind"),
    ],
)
def test_a_body_that_cannot_be_is_422_and_names_the_field(
    desk: Desked, where: str, body: dict[str, Any], named: str
) -> None:
    answer = desk.client("ann").post(f"{HOME}/tickets/any/{where}", json=body)
    assert answer.status_code == 422
    assert named in str(answer.json()["detail"])


def test_what_does_not_exist_is_404(desk: Desked) -> None:
    client = desk.client("oda")
    hello = {"text": "hello", "key": "key-0001"}
    for path, body in (("claim", {"version": 1}), ("messages", hello), ("notes", hello), ("typing", {}),
                       ("seen", {"event_id": 1}), ("reopen", {"version": 1})):  # fmt: skip
        assert client.post(f"{HOME}/tickets/nobody/{path}", json=body).status_code == 404
    assert client.get(f"{HOME}/tickets/nobody").status_code == 404
    assert client.get(f"{HOME}/tickets/nobody/draft").status_code == 404
    assert desk.client().get("/api/v1/sessions/nobody/events").status_code == 404
    assert desk.client().post("/api/v1/sessions/nobody/typing").status_code == 404


def test_without_its_other_parts_the_desk_says_so(desk: Desked) -> None:
    ticket, client = desk.ticket(), desk.client("ann")
    assert client.get(f"{HOME}/tickets/{ticket['id']}/draft").json() == {"text": ""}
    assert client.get(f"{HOME}/approvals").json() == {"proposals": []}
    desk.do("ann", "claim", ticket)
    asked = [
        client.post(f"{HOME}/translate", json={"text": "hello", "to": "zh"}),
        client.post(f"{HOME}/tickets/{ticket['id']}/deeds", json={"kind": "cancel", "order_id": "LL-1"}),
        client.get(f"{HOME}/offers/lig-01"),
        client.post(f"{HOME}/proposals/p/undo", json={}),
    ]
    assert {one.status_code for one in asked} == {503}
    assert all("retry-after" in one.headers for one in asked)


def test_summary_and_past_answers_stand_beside_the_conversation(helped: Desked, helpers: Helpers) -> None:
    ticket = helped.ticket("a person, please", locale="zh")
    assert ticket["summary"]["checked"] == [{"text": "It was delivered", "source": "returns.en.1"}]
    assert ticket["summary"]["mood_why"] == "asked twice"
    assert (ticket["summary"]["wanted"], ticket["summary"]["tried"]) == ("their money back", ["the assistant"])
    assert ticket["similar"] == [
        {"question": "a person, please", "answer": "Within 30 days.", "score": 0.8, "source": "faq"}
    ]
    helpers.broken = True
    left = helped.see(ticket["id"])
    helpers.broken = False
    assert (left["similar"], left["summary"]["wanted"]) == ([], "a person, please")
    assert left["conversation"] == ticket["conversation"]


def test_a_draft_is_in_the_shoppers_language_and_what_came_of_it_is_recorded(helped: Desked, helpers: Helpers) -> None:
    ticket, client = helped.ticket("person 你好", locale="zh"), helped.client("ann")
    helped.say("在吗", ticket["session_id"], locale="zh")
    for _ in range(2):
        assert client.get(f"{HOME}/tickets/{ticket['id']}/draft").json() == {
            "id": "d1", "text": "I am sorry.", "sources": [{"text": "30 days", "source": "returns.en.1"}],
            "confidence": 0.7, "language": "zh",
        }  # fmt: skip
    assert helpers.asked[-1] == ("draft", ticket["id"], 2, ["在吗"], "zh")
    edited = {"id": "d1", "outcome": "edited", "text": "I am very sorry."}
    assert client.post(f"{HOME}/tickets/{ticket['id']}/draft", json=edited).status_code == 201
    assert "draft" not in [one["kind"] for one in helped.see(ticket["id"])["conversation"]]
    counted = client.get(f"{HOME}/figures").json()["draft"]
    assert counted == {"shown": 1, "accepted": 0, "edited": 1, "discarded": 0}
    helpers.made = None
    assert client.get(f"{HOME}/tickets/{ticket['id']}/draft").json() == {"text": ""}


def test_words_are_translated_both_ways(helped: Desked) -> None:
    answer = helped.client("ann").post(f"{HOME}/translate", json={"text": "hello", "to": "zh-CN"})
    assert answer.json() == {"text": "hello in zh"}
    assert helped.client("ann").post(f"{HOME}/translate", json={"text": "hello", "to": "fr"}).status_code == 422
    assert helped.client("ann").post(f"{HOME}/translate", json={"text": "£5", "to": "zh"}).status_code == 503


def test_macros_are_kept_and_come_with_each_ticket(desk: Desked) -> None:
    macros = [{"name": "hello", "text": "Hello {customer}"}]
    assert desk.client("lea").put(f"{HOME}/macros", json={"macros": macros}).json() == {"macros": macros}
    assert desk.client("ann").get(f"{HOME}/macros").json() == {"macros": macros}
    assert desk.ticket()["macros"] == macros


def test_figures_are_told_for_a_number_of_days(desk: Desked) -> None:
    client = desk.client("ann")
    told = client.get(f"{HOME}/figures?days=7").json()
    assert set(told) >= {"first_response", "resolution", "backlog", "reopen_rate", "draft", "by_language", "by_reason"}
    assert set(told["first_response"]) == {"median_s", "n"}
    assert client.get(f"{HOME}/figures?days=0").status_code == 422

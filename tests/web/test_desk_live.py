"""What is told as it happens: to desks all of it, to a shopper only what is theirs, and after a drop what was missed."""

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from assistant.record import Record
from assistant.record.desk.desk import Desk
from assistant.web.desk import relay as relays
from assistant.web.desk.office import Pace
from assistant.web.desk.relay import Passing, Relay
from assistant.web.live import PAGES
from tests.web.desks import HOME, Desked, Line, desked, listening, until


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desked]:
    with desked(tmp_path_factory.mktemp("desk")) as made:
        yield made


@pytest.fixture(scope="module")
def server(desk: Desked) -> Iterator[str]:
    with listening(desk.app) as url:
        yield url


@pytest.fixture
def lines() -> Iterator[list[Line]]:
    opened: list[Line] = []
    yield opened
    for line in opened:
        line.hang_up()


class Lines:
    """Opens lines that are hung up when the test is over."""

    def __init__(self, desk: Desked, server: str, opened: list[Line]) -> None:
        self.desk = desk
        self.server = server
        self.opened = opened

    def shopper(self, ticket: dict[str, Any], after: int | None = None, last: int | None = None) -> Line:
        asked = "" if after is None else f"?after={after}"
        return self._open(f"/api/v1/sessions/{ticket['session_id']}/events{asked}", None, last)

    def agent(self, name: str, after: int | None = None, last: int | None = None) -> Line:
        asked = "" if after is None else f"?after={after}"
        return self._open(f"{HOME}/events{asked}", self.desk.tokens[name], last)

    def _open(self, path: str, token: str | None, last: int | None) -> Line:
        line = Line(self.server + path, token, last)
        self.opened.append(line)
        assert line.alive.wait(20)
        return line


@pytest.fixture
def open_(desk: Desked, server: str, lines: list[Line]) -> Lines:
    return Lines(desk, server, lines)


def test_agents_and_shopper_talk_in_real_time(desk: Desked, open_: Lines) -> None:
    ticket = desk.ticket()
    shopper, ann = open_.shopper(ticket), open_.agent("ann", desk.record.desk.last_event())
    desk.do("ann", "claim", ticket)
    desk.write("ann", ticket, "Hello")
    until(lambda: shopper.of("message"))
    turn = desk.say("hello Ann", ticket["session_id"])
    desk.write("ann", ticket, "How can I help?")
    until(lambda: len(ann.of("message")) == 3 and len(shopper.of("message")) == 2)
    assert [(one.name, one.data.get("name"), one.data.get("text")) for one in shopper.told if one.id] == [
        ("claimed", "Ann", None),
        ("message", "Ann", "Hello"),
        ("message", "Ann", "How can I help?"),
    ]
    assert shopper.of("message")[1].data["turn_id"] == turn["turn_id"]
    assert [one.name for one in ann.told if one.id] == ["claimed", "message", "message", "message"]
    last = ann.of("message")[1].data
    assert (last["ticket_id"], last["session_id"], last["author"]) == (ticket["id"], ticket["session_id"], "shopper")
    assert (last["item"]["text"], last["item"]["turn_id"]) == ("hello Ann", turn["turn_id"])


def test_a_shopper_is_told_who_comes_and_goes_and_after_which_turn(desk: Desked, open_: Lines) -> None:
    ticket = desk.ticket()
    line = open_.shopper(ticket)
    desk.do("ann", "claim", ticket)
    desk.do("ann", "transfer", ticket, agent_id=desk.agents["bob"].id, note="a secret note")
    desk.do("bob", "release", ticket)
    desk.do("lea", "assign", ticket, agent_id=desk.agents["bob"].id)
    desk.do("bob", "hand-back", ticket)
    desk.do("bob", "reopen", ticket)
    desk.do("bob", "close", ticket, reason="spam", note="a secret note")
    until(lambda: line.of("closed"))
    lasting = [one for one in line.told if one.id]
    assert [(one.name, one.data["name"]) for one in lasting] == [
        ("claimed", "Ann"), ("claimed", "Bob"), ("released", "Bob"), ("claimed", "Bob"), ("handed_back", "Bob"),
        ("closed", "Bob"),
    ]  # fmt: skip
    turn_id = desk.shop.assistant.turns(ticket["session_id"])[-1].id
    assert {one.data["turn_id"] for one in lasting} == {turn_id}
    assert all(set(one.data) == {"ticket_id", "turn_id", "at", "name"} for one in lasting)


def test_notes_drafts_deeds_and_reasons_never_reach_a_shopper(desk: Desked, open_: Lines) -> None:
    ticket = desk.ticket()
    line = open_.shopper(ticket)
    ann = desk.agents["ann"]
    desk.write("ann", ticket, "SECRET", note=True)
    desk.record.desk.draft(ann, ticket["id"], "d1", "shown", "SECRET")
    desk.record.desk.deed(ann, ticket["id"], "proposed", {"proposal_id": "p1", "says": ["SECRET"]})
    desk.do("ann", "claim", ticket)
    desk.do("ann", "transfer", ticket, agent_id=desk.agents["bob"].id, note="SECRET")
    desk.do("bob", "close", ticket, reason="spam", note="SECRET")
    until(lambda: line.of("closed"))
    kept = open_.shopper(ticket, 0)
    until(lambda: kept.of("closed"))
    turns = desk.client().get(f"/api/v1/sessions/{ticket['session_id']}").text
    for told in (line.told, kept.told, turns):
        assert "SECRET" not in str(told)
        assert "spam" not in str(told)
        assert ann.id not in str(told)


def test_a_shopper_hears_of_no_other_session(desk: Desked, open_: Lines) -> None:
    mine, other = desk.ticket(), desk.ticket()
    line = open_.shopper(mine)
    desk.write("ann", other, "for another")
    desk.write("ann", mine, "for you")
    until(lambda: line.of("message"))
    assert [one.data["text"] for one in line.of("message")] == ["for you"]


def test_after_a_drop_only_what_was_missed_is_told(desk: Desked, open_: Lines) -> None:
    ticket = desk.ticket()
    shopper, ann = open_.shopper(ticket), open_.agent("ann", ticket["last_event"])
    desk.write("ann", ticket, "one")
    until(lambda: shopper.of("message") and ann.of("message"))
    heard, followed = shopper.hang_up(), ann.hang_up()
    desk.write("ann", ticket, "two")
    desk.write("ann", ticket, "three", note=True)
    again, back = open_.shopper(ticket, 0, heard), open_.agent("ann", 0, followed)
    desk.write("ann", ticket, "four")
    until(lambda: len(again.of("message")) == 2 and len(back.told) >= 3)
    assert [one.data["text"] for one in again.of("message")] == ["two", "four"]
    assert [one.data["item"]["text"] for one in back.told if one.id] == ["two", "three", "four"]
    asked = open_.shopper(ticket, heard)
    until(lambda: len(asked.of("message")) == 2)


def test_without_an_id_a_shopper_is_told_all_and_a_desk_what_comes(desk: Desked, open_: Lines) -> None:
    ticket = desk.ticket()
    desk.write("ann", ticket, "before")
    shopper, bob = open_.shopper(ticket), open_.agent("bob")
    desk.write("ann", ticket, "after")
    until(lambda: len(shopper.of("message")) == 2 and bob.of("message"))
    assert [one.data["item"]["text"] for one in bob.told if one.id] == ["after"]


def test_an_id_that_is_none_is_refused_or_ignored(desk: Desked, server: str, open_: Lines) -> None:
    ticket = desk.ticket()
    for bad in ("-1", "x", str(2**60)):
        path = f"{server}/api/v1/sessions/{ticket['session_id']}/events?after={bad}"
        assert httpx.get(path).status_code == 422
    desk.write("ann", ticket, "hello")
    line = Line(f"{server}/api/v1/sessions/{ticket['session_id']}/events", None, None)
    open_.opened.append(line)
    until(lambda: line.of("message"))


@pytest.mark.real
def test_what_another_process_writes_is_heard_within_seconds(desk: Desked, open_: Lines) -> None:
    ticket = desk.ticket()
    line = open_.shopper(ticket)
    other = Record(str(desk.record._engine.url), clock=desk.clock)
    other.desk.say(desk.agents["ann"], ticket["id"], "from elsewhere", "key-0001", 10_000)
    started = time.monotonic()
    until(lambda: line.of("message"))
    assert time.monotonic() - started < 2 * relays.POLL_S
    other.close()


def test_typing_passes_and_is_paced(desk: Desked, open_: Lines) -> None:
    ticket = desk.ticket()
    shopper, ann, bob = open_.shopper(ticket), open_.agent("ann"), open_.agent("bob")
    typing = f"/api/v1/sessions/{ticket['session_id']}/typing"
    for _ in range(3):
        assert desk.client().post(typing).status_code == 204
        assert desk.client("ann").post(f"{HOME}/tickets/{ticket['id']}/typing", json={}).status_code == 204
    until(lambda: len(bob.of("typing")) == 2)
    assert shopper.of("typing") == []
    desk.do("bob", "claim", ticket)
    desk.client("bob").post(f"{HOME}/tickets/{ticket['id']}/typing", json={})
    until(lambda: shopper.of("typing"))
    assert [one.data for one in shopper.of("typing")] == [{"ticket_id": ticket["id"], "name": "Bob"}]
    until(lambda: len(ann.of("typing")) == 3)
    assert [(one.data["author"], one.data["name"]) for one in ann.of("typing")] == [
        ("shopper", ""), ("agent", "Ann"), ("agent", "Bob"),
    ]  # fmt: skip
    assert all(one.id is None for one in ann.of("typing"))
    quiet = desk.say("a lamp")["session_id"]
    assert desk.client().post(f"/api/v1/sessions/{quiet}/typing").status_code == 204


def test_presence_says_who_looks_at_a_ticket_until_they_leave(desk: Desked, open_: Lines) -> None:
    ticket, other = desk.ticket(), desk.ticket()

    def there(line: Line, which: dict[str, Any]) -> list[str] | None:
        told = [one.data for one in line.of("presence") if one.data["ticket_id"] == which["id"]]
        return [agent["name"] for agent in told[-1]["agents"]] if told else None

    ann, bob = open_.agent("ann"), open_.agent("bob")
    desk.see(ticket["id"], "ann")
    until(lambda: there(bob, ticket) == ["Ann"])
    late = open_.agent("lea")
    until(lambda: there(late, ticket) == ["Ann"])
    desk.see(other["id"], "ann")
    until(lambda: (there(bob, ticket), there(bob, other)) == ([], ["Ann"]))
    ann.hang_up()
    desk.write("bob", other, "hello")
    until(lambda: there(bob, other) == [], 40)


def test_who_waits_is_told_their_place_as_the_queue_moves(desk: Desked, open_: Lines) -> None:
    for state in desk.record.desk.queue():
        desk.record.desk.hands.close(desk.agents["oda"], state.ticket_id, state.version, "other")
    first = desk.ticket()
    desk.clock.on(seconds=1)
    line = open_.shopper(second := desk.ticket())
    until(lambda: line.of("waiting"))
    assert line.of("waiting")[-1].data == {"ticket_id": second["id"], "place": 2, "opens_at": None}
    desk.do("ann", "claim", first)
    until(lambda: line.of("waiting")[-1].data["place"] == 1)


def test_a_line_ends_where_its_agent_is_shut_out(desk: Desked, open_: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    eve = desk.hire("eve")
    monkeypatch.setattr(relays.Relay.news, "__defaults__", ((), 0.2))
    line = open_.agent("eve")
    desk.record.agents.change(eve.id, active=False)
    assert line.over.wait(20)


def test_a_session_has_only_so_many_lines(desk: Desked, server: str, open_: Lines) -> None:
    ticket = desk.ticket()
    for _ in range(PAGES):
        open_.shopper(ticket)
    answer = httpx.get(f"{server}/api/v1/sessions/{ticket['session_id']}/events")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


def test_who_does_not_keep_up_is_dropped_and_comes_back_for_the_rest(desk: Desked) -> None:
    """Nobody reads from the listener while more comes in than may wait for it."""
    ticket = desk.ticket()

    async def listen() -> list[Any]:
        relay = Relay(desk.record.desk)
        news = relay.news(ticket["session_id"], desk.record.desk.last_event())
        assert await anext(news) is None
        waiting = asyncio.ensure_future(anext(news))
        await asyncio.sleep(0.2)
        for _ in range(3_000):
            relay.tell(Passing("typing", {}, ticket["session_id"]))
        await asyncio.sleep(0.2)
        heard = []
        try:
            heard.append(await waiting)
            async for one in news:
                heard.append(one)
        except StopAsyncIteration:
            pass
        assert relay.listening(ticket["session_id"]) == 0
        return heard

    assert asyncio.run(listen()) == []


@pytest.mark.real
def test_the_reader_stops_when_nobody_listens_and_starts_again(desk: Desked) -> None:
    ticket = desk.ticket()
    relay = Relay(desk.record.desk)

    async def hear(text: str) -> Any:
        news = relay.news(ticket["session_id"], None)
        await anext(news)
        await asyncio.to_thread(desk.write, "ann", ticket, text)
        async for one in news:
            if one is not None and not isinstance(one, Passing) and one.kind == "message":
                await news.aclose()
                return one.data["text"]

    for text in ("one", "two"):
        assert asyncio.run(hear(text)) == text
        until(lambda: relay._reader is None)


def test_a_database_that_is_away_for_a_while_loses_nothing(desk: Desked, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, away = desk.ticket(), threading.Event()
    monkeypatch.setattr(relays, "POLL_S", 0.05)
    read = Desk.events

    def failing(self: Desk, *args: Any, **more: Any) -> Any:
        if away.is_set() and threading.current_thread().name == "desk relay":
            raise OSError("no connection")
        return read(self, *args, **more)

    monkeypatch.setattr(Desk, "events", failing)

    async def hear() -> list[str]:
        heard: list[str] = []
        news = Relay(desk.record.desk).news(ticket["session_id"], None, ("message",))
        await anext(news)
        away.set()
        await asyncio.to_thread(desk.write, "ann", ticket, "while it was away")
        await asyncio.sleep(0.2)
        away.clear()
        async for one in news:
            if one is not None and not isinstance(one, Passing):
                heard.append(one.data["text"])
                break
        await news.aclose()
        return heard

    assert asyncio.run(asyncio.wait_for(hear(), 30)) == ["while it was away"]


def test_a_pace_lets_each_key_through_once_in_a_while_and_keeps_only_so_many() -> None:
    now = [0.0]
    pace = Pace(2.0, lambda: now[0])
    assert [pace.lets("a"), pace.lets("b"), pace.lets("a")] == [True, True, False]
    now[0] = 2.0
    assert pace.lets("a")
    for number in range(12_000):
        pace.lets(str(number))
    assert len(pace._passed) <= 10_000

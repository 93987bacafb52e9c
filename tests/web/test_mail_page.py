"""What the links of a mail lead to, what the desk shows of mails, and which pages make one unnecessary."""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.record.desk.mails import SOON
from assistant.record.surveys import Surveys
from assistant.settings import Settings
from assistant.surveys import PACKAGED, load_rules
from assistant.web.building import mail_answers
from assistant.web.mail_page import link_to
from assistant.web.tokens import LINK_DAYS, Links
from tests.mailbox import mailbox, text_of
from tests.web.desks import HOME, Desked, Line, application, desked, listening, until

SECRET = "a secret of sixteen"


class Time:
    """The clock of links, in seconds."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desked]:
    with desked(tmp_path_factory.mktemp("desk"), mailed=True) as made:
        made.record.desk.mails.gather()
        yield made


@pytest.fixture
def time(desk: Desked) -> Time:
    time = Time()
    desk.shop.links = Links(SECRET, time)
    return time


@pytest.fixture
def client(desk: Desked, time: Time) -> TestClient:
    return desk.client()


def left(desk: Desked, words: str = "a person, please", **more: Any) -> dict[str, Any]:
    """The ticket of a shopper who left an address."""
    turn = desk.say(words, **more)
    question = {"turn_id": turn["turn_id"], "question": "Is it back soon?", "email": "maya@example.org"}
    answer = desk.client().post("/api/v1/questions", json=question)
    return desk.see(answer.json()["ticket_id"])


def due(desk: Desked) -> list[str]:
    """What would be mailed now."""
    desk.clock.now += SOON
    desk.record.desk.mails.gather()
    mail = desk.record.desk.mails.take()
    if mail is None:
        return []
    desk.record.desk.mails.sent(mail)
    return [event.data["text"] for event in mail.messages]


def test_the_link_hands_the_conversation_to_whoever_opens_it(desk: Desked, client: TestClient) -> None:
    ticket = left(desk)
    page = client.get(f"/continue/{desk.shop.links.opening(ticket['id'])}")
    assert page.status_code == 200
    assert f'{{"session": "{ticket["session_id"]}"}}' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert '<html lang="en-US">' in page.text and 'content="noindex"' in page.text
    chinese = left(desk, locale="zh")
    assert '<html lang="zh-CN">' in client.get(f"/continue/{desk.shop.links.opening(chinese['id'])}").text


def test_the_link_itself_names_no_session(desk: Desked, time: Time) -> None:
    ticket = left(desk)
    tokens = desk.shop.links.opening(ticket["id"]), desk.shop.links.stopping(ticket["id"])
    assert all(ticket["session_id"] not in token for token in tokens)
    assert desk.client().get(f"/api/v1/sessions/{ticket['id']}").status_code == 404


def test_the_link_works_for_thirty_days(desk: Desked, client: TestClient, time: Time) -> None:
    ticket = left(desk)
    path = f"/continue/{desk.shop.links.opening(ticket['id'])}"
    time.now += LINK_DAYS * 86_400
    assert client.get(path).status_code == 200
    time.now += 1
    over = client.get(path)
    assert over.status_code == 410
    assert "This link no longer works" in over.text and "30 days" in over.text
    assert ticket["session_id"] not in over.text
    assert "这个链接已经失效" in client.get(path, headers={"Accept-Language": "zh-CN"}).text


def test_a_link_that_the_shop_has_not_signed_opens_and_stops_nothing(desk: Desked, client: TestClient) -> None:
    ticket = left(desk)
    opening, stopping = desk.shop.links.opening(ticket["id"]), desk.shop.links.stopping(ticket["id"])
    stranger = Links("another secret, as long", Time())
    forged = [
        opening[:-1], opening.replace(ticket["id"], "0" * 32), stopping, ticket["id"], "é",
        stranger.opening(ticket["id"]), desk.shop.links.opening("0" * 32),
    ]  # fmt: skip
    for token in forged:
        page = client.get(f"/continue/{token}")
        assert page.status_code == 404 and ticket["session_id"] not in page.text, token
    for token in [stopping[:-1], opening, ticket["id"], stranger.stopping(ticket["id"])]:
        assert client.get(f"/no-mail/{token}").status_code == 404
        assert client.post(f"/no-mail/{token}").status_code == 404
    assert not desk.record.desk.mails.stopped(ticket["session_id"])


def test_opening_the_link_to_stop_changes_nothing_and_its_button_does(desk: Desked, client: TestClient) -> None:
    ticket = left(desk)
    path = f"/no-mail/{desk.shop.links.stopping(ticket['id'])}"
    for _ in range(2):
        page = client.get(path)
        assert page.status_code == 200 and "No more e-mails about this conversation?" in page.text
        assert re.search(r'<form method="post"><button[^>]*>Stop these e-mails</button></form>', page.text)
    desk.write("ann", ticket, "one")
    assert due(desk) == ["one"]
    assert "You get no more e-mails" in client.post(path).text
    assert "You get no more e-mails" in client.get(path).text
    desk.write("ann", ticket, "two")
    assert due(desk) == []
    assert desk.see(ticket["id"])["mail"] == "stopped"


def test_the_button_of_a_mail_program_stops_them_at_once(desk: Desked, client: TestClient) -> None:
    ticket = left(desk)
    path = f"/no-mail/{desk.shop.links.stopping(ticket['id'])}"
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert desk.record.desk.mails.stopped(ticket["session_id"])


def test_the_links_of_mails_begin_with_the_shops_address() -> None:
    settings = Settings(public_url="https://shop.example/chat/")  # type: ignore[call-arg]
    assert link_to(settings, "continue", str.upper)("abc") == "https://shop.example/chat/continue/ABC"


def test_what_is_built_mails_and_its_links_open(desk: Desked, capsys: pytest.CaptureFixture[str]) -> None:
    desk.shop.links = Links(SECRET)
    parts: Any = SimpleNamespace(record=desk.record, service=None)
    surveys = Surveys(desk.record.engine, load_rules(PACKAGED), clock=desk.clock)
    assert mail_answers(parts, Settings(), desk.shop.links, surveys) is None  # type: ignore[call-arg]
    ticket = left(desk, "a lamp")
    desk.write("ann", ticket, "Hello")
    desk.do("ann", "close", ticket, reason="resolved")
    desk.shop.surveys = surveys
    desk.clock.now += SOON
    with mailbox() as box:
        settings = Settings(smtp_url=box.url, public_url="https://shop.example", mail_from="service@shop.example")  # type: ignore[call-arg]
        worker = mail_answers(parts, settings, desk.shop.links, surveys)
        until(lambda: box.mails)
        assert worker is not None
        worker.stop()
    assert "mailed from service@shop.example" in capsys.readouterr().out
    links = re.findall(r"https://shop\.example(/\S+)", text_of(box.mails[-1]))
    assert [link.split("/")[1] for link in links] == ["continue", "rate", "no-mail"]
    assert "How was it with Ann?\nhttps://shop.example/rate/" in text_of(box.mails[-1])
    assert all(desk.client().get(link).status_code == 200 for link in links)


def test_a_shop_name_is_text_on_the_pages(tmp_path_factory: pytest.TempPathFactory) -> None:
    with desked(tmp_path_factory.mktemp("evil")) as made:
        made.shop.settings = Settings(shop_name="<script>a()</script>")  # type: ignore[call-arg]
        ticket, links = left(made), made.shop.links
        client = TestClient(application(made.shop, page=False))
        for path in (f"continue/{links.opening(ticket['id'])}", f"no-mail/{links.stopping(ticket['id'])}"):
            assert "&lt;script&gt;a()" in (page := client.get(f"/{path}").text) and "<script>a()" not in page


def test_the_desk_shows_what_became_of_mails_and_the_shopper_never_does(desk: Desked) -> None:
    ticket = left(desk)
    assert (ticket["email"], ticket["mail"]) == ("maya@example.org", "on")
    mails = desk.record.desk.mails
    for text, end in (("one", "late"), ("two", "sent"), ("three", "given_up")):
        desk.write("ann", ticket, text)
        desk.clock.now += SOON
        mails.gather()
        mail = mails.take()
        assert mail is not None
        if end == "sent":
            mails.sent(mail, asks=True)
        elif end == "late":
            mails.late(mail, "no route", desk.clock.now)
        else:
            mails.given_up(mail, "550 nobody here")
    items = [one for one in desk.see(ticket["id"])["conversation"] if one["kind"].startswith("mail")]
    assert [(one["kind"], one["text"], one["author"], one["asks"]) for one in items] == [
        ("mail_late", "no route", "system", None),
        ("mailed", "maya@example.org", "system", "too"),
        ("mail_failed", "550 nobody here", "system", None),
    ]
    with listening(desk.app) as url:
        line = Line(f"{url}/api/v1/sessions/{ticket['session_id']}/events")
        until(lambda: len(line.of("message")) == 3)
        line.hang_up()
    assert set(line.names()) <= {"claimed", "message", "waiting"}


def test_without_mails_the_desk_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    with desked(tmp_path_factory.mktemp("off")) as made:
        assert left(made)["mail"] == "off"


def test_a_program_that_listens_gets_no_mail_and_a_page_gets_none_of_what_it_says_it_has_shown(desk: Desked) -> None:
    ticket = left(desk)
    home = f"/api/v1/sessions/{ticket['session_id']}"
    with listening(desk.app) as url:
        program = Line(f"{url}{home}/events")
        assert program.alive.wait(20)
        desk.write("ann", ticket, "heard")
        until(lambda: program.of("message"))
        program.hang_up()
        until(lambda: due(desk) == [])
        page = Line(f"{url}{home}/events?receipts=true")
        assert page.alive.wait(20)
        desk.write("ann", ticket, "not shown")
        until(lambda: len(page.of("message")) == 2)
        assert due(desk) == ["not shown"]
        desk.write("ann", ticket, "shown")
        until(lambda: len(page.of("message")) == 3)
        assert desk.client().post(f"{home}/shown", json={"event_id": page.told[-1].id}).status_code == 204
        assert due(desk) == []
        page.hang_up()


def test_whoever_hears_of_the_closing_is_still_there(desk: Desked) -> None:
    heard, not_heard = left(desk, "a lamp"), left(desk, "a lamp")
    with listening(desk.app) as url:
        program = Line(f"{url}/api/v1/sessions/{heard['session_id']}/events")
        assert program.alive.wait(20)
        for ticket in (heard, not_heard):
            desk.do("ann", "close", ticket, reason="resolved")
        until(lambda: program.of("closed"))
        program.hang_up()
    desk.clock.now += SOON
    desk.record.desk.mails.gather()
    mail = desk.record.desk.mails.take()
    assert mail is not None and (mail.ticket.ticket_id, mail.messages) == (not_heard["id"], ())
    desk.record.desk.mails.dropped(mail)
    assert desk.record.desk.mails.take() is None


def test_bad_receipts_are_refused(desk: Desked) -> None:
    client = desk.client()
    assert client.post("/api/v1/sessions/nobody/shown", json={"event_id": 1}).status_code == 404
    for body in ({}, {"event_id": -1}, {"event_id": "x"}, {"event_id": 2**70}):
        answer = client.post("/api/v1/sessions/nobody/shown", json=body)
        assert (answer.status_code, answer.json()["detail"][0]["loc"]) == (422, ["body", "event_id"])


def test_agents_alone_see_mails(desk: Desked) -> None:
    assert desk.client().get(f"{HOME}/tickets/{left(desk)['id']}").status_code == 401

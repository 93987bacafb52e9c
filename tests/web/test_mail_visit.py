"""A shopper who leaves is mailed what people of the shop write, and comes back by the link, in real browsers."""

import random
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from assistant.record.desk.mails import SOON
from assistant.record.surveys import Surveys
from assistant.sending import MailServer
from assistant.service.mailing import Mailer
from assistant.service.mailing.letter import Letters
from assistant.settings import Settings
from assistant.surveys import PACKAGED, load_rules
from assistant.types import TicketDraft
from assistant.web.building import question_of
from assistant.web.mail_page import link_to
from tests.mailbox import Mailbox, mailbox, text_of
from tests.web.desks import Desked, desked, listening
from tests.web.test_survey_desk_page import at_desk
from tests.web.visits import DESK, PHONE, Visit, overflow, ready, say

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.real
HIDDEN = """
    Object.defineProperty(document, "hidden", { configurable: true, get: () => %s });
    document.dispatchEvent(new Event("visibilitychange"));
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desked]:
    with desked(tmp_path, page=True, mailed=True) as made:
        made.record.desk.mails.gather()
        yield made


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as box:
        yield box


@pytest.fixture
def url(desk: Desked) -> Iterator[str]:
    with listening(desk.app) as url:
        yield f"{url}/"


@pytest.fixture
def visit(browser: "Browser", url: str) -> Iterator[Visit]:
    visit = Visit(browser, url)
    yield visit
    for context in visit.contexts:
        context.close()
    assert visit.complaints == []


@pytest.fixture
def mailer(desk: Desked, box: Mailbox, url: str) -> Mailer:
    settings, links = Settings(public_url=url), desk.shop.links  # type: ignore[call-arg]
    told = desk.record.desk.signal.tell
    desk.shop.surveys = surveys = Surveys(desk.record.engine, load_rules(PACKAGED), clock=desk.clock, told=told)
    opening, stopping = link_to(settings, "continue", links.opening), link_to(settings, "no-mail", links.stopping)
    letters = Letters("Linden & Lark", "service@shop.example", opening, stopping, 30)
    asks = partial(question_of, surveys, url)
    return Mailer(desk.record.desk.mails, MailServer(box.url), letters, desk.clock, random.Random(1), asks=asks)


def asked(desk: Desked, page: Page) -> dict[str, str]:
    """The ticket of a shopper who asked for a person and left an address."""
    say(page, "a lamp")
    say(page, "a person, please")
    expect(page.locator(".presence-state")).to_contain_text("Waiting for a person")
    (state,) = desk.record.desk.queue()
    turn_id = desk.shop.assistant.turns(state.session_id)[-1].id
    left = TicketDraft(state.reason, state.line, email="maya@example.org", follows=state.ticket_id)  # type: ignore[arg-type]
    desk.record.open_ticket(turn_id, left)
    return {"id": state.ticket_id}


def delivered(desk: Desked, mailer: Mailer) -> int:
    desk.clock.now += SOON
    return mailer.deliver()


def link_in(box: Mailbox, path: str) -> str:
    found = re.search(rf"http://\S+/{path}/\S+", text_of(box.mails[-1]))
    assert found is not None
    return found[0]


def back(visit: Visit, box: Mailbox) -> Page:
    """The shopper's phone, on which the link of the last mail has opened the conversation."""
    phone = visit.open(PHONE)
    phone.goto(link_in(box, "continue"))
    phone.wait_for_url(visit.url)
    ready(phone)
    return phone


def test_whoever_has_left_comes_back_by_the_link_on_another_device(
    visit: Visit, desk: Desked, mailer: Mailer, box: Mailbox
) -> None:
    page = visit.open()
    ticket = asked(desk, page)
    desk.do("ann", "claim", ticket)
    expect(page.locator(".live-note.joined")).to_be_visible()
    visit.contexts.pop().close()
    desk.write("ann", ticket, "Yes, it is back on Friday.")
    desk.do("ann", "close", ticket, reason="resolved")
    assert delivered(desk, mailer) == 1
    phone = back(visit, box)
    expect(phone.locator(".said p")).to_have_text(["a lamp", "a person, please"])
    expect(phone.locator(".agent-words")).to_have_text("Yes, it is back on Friday.")
    expect(phone.locator(".live-note.request_closed")).to_be_visible()
    say(phone, "thank you")
    phone.reload()
    ready(phone)
    expect(phone.locator(".said p")).to_have_text(["a lamp", "a person, please", "thank you"])
    assert delivered(desk, mailer) == 0


def rated(desk: Desked) -> list[tuple[object, ...]]:
    query = """SELECT o.channel, o.trigger, o.subject, r.value, r.source FROM survey_offers o
               LEFT JOIN ratings r ON r.offer_id = o.id ORDER BY r.id"""
    with desk.record.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_whoever_has_left_before_it_is_closed_is_asked_by_one_letter(
    visit: Visit, desk: Desked, mailer: Mailer, box: Mailbox
) -> None:
    page = visit.open()
    ticket = asked(desk, page)
    with page.expect_response(re.compile("/shown$")):
        desk.write("ann", ticket, "Yes, it is back on Friday.")
    visit.contexts.pop().close()
    desk.do("ann", "close", ticket, reason="resolved")
    assert (delivered(desk, mailer), delivered(desk, mailer)) == (1, 0)
    assert "Friday" not in text_of(box.mails[0])
    phone = visit.open(PHONE)
    phone.goto(link_in(box, "rate"))
    expect(phone.locator(".survey-question")).to_have_text("How was it with Ann?")
    phone.get_by_role("button", name="Very good").click()
    expect(phone.locator(".survey .thanks")).to_have_text("Thank you. It is noted.")
    assert rated(desk) == [("mail", "closed", "agent", "5", "link")]
    seen = desk.see(ticket["id"])["conversation"]
    assert [one["asks"] for one in seen if one["kind"] == "mailed"] == ["only"]


def test_whoever_comes_back_by_the_link_finds_the_question_of_the_letter(
    visit: Visit, desk: Desked, mailer: Mailer, box: Mailbox
) -> None:
    page = visit.open()
    ticket = asked(desk, page)
    visit.contexts.pop().close()
    desk.write("ann", ticket, "Yes, it is back on Friday.")
    desk.do("ann", "close", ticket, reason="resolved")
    assert delivered(desk, mailer) == 1
    phone = back(visit, box)
    expect(phone.locator(".survey-question")).to_have_text("How was it with Ann?")
    assert link_in(box, "rate").endswith(phone.locator(".survey").get_attribute("data-offer") or "-")
    phone.get_by_role("button", name="Not now").click()
    phone.wait_for_timeout(300)
    expect(phone.locator(".survey")).to_have_count(0)
    assert (delivered(desk, mailer), rated(desk)) == (0, [("mail", "closed", "agent", None, None)])


@pytest.mark.parametrize("does", ["stays", "answers"])
def test_whoever_is_there_when_it_is_closed_gets_no_letter(
    visit: Visit, desk: Desked, mailer: Mailer, does: str
) -> None:
    page = visit.open()
    ticket = asked(desk, page)
    desk.write("ann", ticket, "Yes, it is back on Friday.")
    expect(page.locator(".agent-words")).to_be_visible()
    with page.expect_response(re.compile("/shown$")):
        desk.do("ann", "close", ticket, reason="resolved")
    expect(page.locator(".survey-question")).to_have_text("How was it with Ann?")
    if does == "answers":
        page.get_by_role("button", name="Very good").click()
        expect(page.locator(".survey .thanks")).to_have_text("Thank you. It is noted.")
    visit.contexts.pop().close()
    assert delivered(desk, mailer) == 0
    value = ("5", "chat") if does == "answers" else (None, None)
    assert rated(desk) == [("chat", "closed", "agent", *value)]


def test_whoever_looks_at_the_page_is_not_mailed_and_whoever_looks_away_is(
    visit: Visit, desk: Desked, mailer: Mailer, box: Mailbox
) -> None:
    page = visit.open()
    ticket = asked(desk, page)
    with page.expect_response(re.compile("/shown$")):
        desk.write("ann", ticket, "First words")
    assert delivered(desk, mailer) == 0
    page.evaluate(HIDDEN % "true")
    desk.write("ann", ticket, "Second words")
    expect(page.locator(".agent-words")).to_have_count(2)
    page.wait_for_timeout(500)
    assert delivered(desk, mailer) == 1
    assert "Second words" in text_of(box.mails[0]) and "First words" not in text_of(box.mails[0])
    desk.write("ann", ticket, "Third words")
    expect(page.locator(".agent-words")).to_have_count(3)
    with page.expect_response(re.compile("/shown$")):
        page.evaluate(HIDDEN % "false")
    assert delivered(desk, mailer) == 0


def test_whoever_only_reloads_is_not_mailed(visit: Visit, desk: Desked, mailer: Mailer) -> None:
    page = visit.open()
    ticket = asked(desk, page)
    page.goto("about:blank")
    desk.write("ann", ticket, "one")
    with page.expect_response(re.compile("/shown$")):
        page.goto(visit.url)
    expect(page.locator(".agent-words")).to_have_text("one")
    assert delivered(desk, mailer) == 0


def test_mails_are_stopped_with_one_button(visit: Visit, desk: Desked, mailer: Mailer, box: Mailbox) -> None:
    ticket = asked(desk, visit.open())
    visit.contexts.pop().close()
    desk.write("ann", ticket, "one")
    assert delivered(desk, mailer) == 1
    page = visit.open(PHONE)
    page.goto(link_in(box, "no-mail"))
    expect(page.locator("h1")).to_have_text("No more e-mails about this conversation?")
    assert overflow(page) <= 0
    page.get_by_role("button", name="Stop these e-mails").click()
    expect(page.locator("h1")).to_have_text("You get no more e-mails about this conversation")
    page.get_by_role("link", name="To the shop").click()
    ready(page)
    desk.write("ann", ticket, "two")
    assert delivered(desk, mailer) == 0


def test_agents_see_beside_the_address_whether_it_is_mailed_and_what_became_of_it(
    visit: Visit, desk: Desked, mailer: Mailer, box: Mailbox
) -> None:
    page = visit.open()
    ticket = asked(desk, page)
    visit.contexts.pop().close()
    agent = at_desk(visit, desk, DESK)
    agent.locator(".queue li a").first.click()
    reach = agent.locator(".reach")
    expect(reach).to_contain_text("maya@example.org")
    expect(reach).to_contain_text("Once they have left the chat, what you write goes here by e-mail.")
    expect(reach.get_by_role("link")).to_have_count(0)
    desk.write("ann", ticket, "one")
    box.fails = ["451 try later"]
    assert delivered(desk, mailer) == 0
    expect(agent.locator(".is-mail_late")).to_contain_text("tried again for a day: 451 try later")
    assert delivered(desk, mailer) == 1
    expect(agent.locator(".is-mailed")).to_contain_text("What was written went out by e-mail: maya@example.org")
    desk.record.desk.mails.stop(ticket["id"])
    expect(agent.locator(".is-mail_stopped")).to_be_visible()
    expect(reach).to_contain_text("The shopper wants no more e-mails about this conversation.")


def test_where_nothing_is_mailed_the_agent_is_told_to_write(visit: Visit, desk: Desked) -> None:
    object.__setattr__(desk.shop.desk, "mailed", False)
    page = visit.open()
    asked(desk, page)
    agent = at_desk(visit, desk, DESK)
    agent.locator(".queue li a").first.click()
    expect(agent.locator(".reach")).to_contain_text(
        "Aisle sends no e-mail to this address: write to the shopper yourself."
    )
    link = agent.locator(".reach").get_by_role("link", name="maya@example.org")
    assert link.get_attribute("href") == "mailto:maya%40example.org"

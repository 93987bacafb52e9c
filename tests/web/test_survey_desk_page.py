"""A rating asked for from the desk, in real browsers: in the shopper's open chat, or as a link where they have left."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from assistant.record.surveys import Surveys
from assistant.surveys import PACKAGED, load_rules
from tests.web.desks import Desked, desked, listening
from tests.web.visits import DESK, PHONE, Visit, say

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.real


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desked]:
    with desked(tmp_path, page=True) as made:
        told = made.record.desk.signal.tell
        made.shop.surveys = Surveys(made.record.engine, load_rules(PACKAGED), clock=made.clock, told=told)
        yield made


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


def at_desk(visit: Visit, desk: Desked, viewport: dict[str, int] = DESK, locale: str = "en-US") -> Page:
    """Ann's desk."""
    context = visit.browser.new_context(viewport=viewport, locale=locale, reduced_motion="reduce")  # type: ignore[arg-type]
    context.add_cookies([{"name": "aisle_desk", "value": desk.tokens["ann"], "url": visit.url}])
    visit.contexts.append(context)
    page = context.new_page()
    page.on("pageerror", lambda e: visit.complaints.append(str(e)))
    page.goto(f"{visit.url}desk")
    return page


def ask(page: Page) -> None:
    page.locator(".head-acts details.menu summary").click()
    page.get_by_role("button", name="Ask for a rating").click()
    expect(page.locator("dialog .will")).to_contain_text("The question is shown in the shopper’s chat.")
    page.get_by_role("button", name="Ask now").click()


def test_the_shopper_gets_the_question_in_the_open_chat(visit: Visit, desk: Desked) -> None:
    shopper = visit.open(PHONE)
    say(shopper, "a lamp")
    say(shopper, "a person, please")
    (state,) = desk.record.desk.queue()
    desk.do("ann", "claim", {"id": state.ticket_id})
    page = at_desk(visit, desk)
    page.locator(".queue [data-ticket], .queue li button, .queue li a").first.click()
    ask(page)
    expect(page.locator(".toast")).to_have_text("The shopper has the question in the chat.")
    expect(shopper.locator(".survey-question")).to_have_text("How was it with Ann?")
    shopper.get_by_role("button", name="Very good").click()
    expect(shopper.locator(".survey .thanks")).to_have_text("Thank you. It is noted.")
    expect(page.locator(".said")).to_contain_text("5 of 5")
    ask(page)
    expect(page.locator("dialog .fault")).to_have_text("The shopper has rated this already.")
    desk.do("ann", "close", {"id": state.ticket_id}, reason="resolved")
    expect(shopper.locator(".live-note.request_closed")).to_be_visible()
    shopper.wait_for_timeout(300)
    expect(shopper.locator(".survey")).to_have_count(1)


def test_the_agent_gets_a_link_and_a_letter_where_the_shopper_has_left(visit: Visit, desk: Desked) -> None:
    ticket = desk.ticket()
    desk.do("ann", "claim", ticket)
    desk.write("ann", ticket, "Done.")
    page = at_desk(visit, desk)
    page.locator(".queue [data-ticket], .queue li button, .queue li a").first.click()
    ask(page)
    expect(page.locator("dialog h2")).to_have_text("A link for the shopper")
    link = page.get_by_label("Link to the question").input_value()
    assert link.startswith(f"{visit.url}rate/")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator("dialog [role=status]")).not_to_be_empty()
    ours = page.context.new_page()
    ours.goto(link)
    ours.get_by_role("button", name="Very good", exact=True).click()
    expect(ours.locator(".survey .thanks")).to_contain_text("Not counted")
    shopper = visit.browser.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]
    visit.contexts.append(shopper.context)
    shopper.goto(link)
    expect(shopper.locator(".survey-question")).to_have_text("How was it with Ann?")
    shopper.get_by_role("button", name="Bad", exact=True).click()
    expect(shopper.locator(".survey .thanks")).to_have_text("Thank you. It is noted.")
    assert desk.shop.surveys is not None
    assert desk.shop.surveys.offer(link.rpartition("/")[2]).value == 2
    with desk.record.engine.connect() as connection:
        assert connection.scalar(text("SELECT COUNT(*) FROM ratings")) == 1


def test_whoever_left_an_address_gets_a_letter_in_their_language(visit: Visit, desk: Desked) -> None:
    turn = desk.say("一盏台灯", locale="zh")
    question = {"turn_id": turn["turn_id"], "question": "是黄铜的吗？", "email": "kim@example.org"}
    left = desk.client().post("/api/v1/questions", json=question).json()
    desk.do("ann", "claim", {"id": left["ticket_id"]})
    page = at_desk(visit, desk)
    page.locator(".queue [data-ticket], .queue li button, .queue li a").first.click()
    ask(page)
    letter = page.get_by_role("link", name="Write to kim@example.org").get_attribute("href")
    link = page.get_by_label("Link to the question").input_value()
    assert letter is not None
    to, _, words = letter.partition("?")
    assert (to, parse_qs(words)["subject"]) == ("mailto:kim%40example.org", ["请您评价"])
    assert parse_qs(words)["body"][0].endswith(link)


def test_the_question_about_the_agent_comes_when_the_ticket_is_closed(visit: Visit, desk: Desked) -> None:
    shopper = visit.open()
    say(shopper, "a person, please")
    (state,) = desk.record.desk.queue()
    desk.do("ann", "claim", {"id": state.ticket_id})
    desk.write("ann", {"id": state.ticket_id}, "Here it is.")
    expect(shopper.locator(".agent-said")).to_be_visible()
    desk.do("ann", "close", {"id": state.ticket_id}, reason="resolved")
    expect(shopper.locator(".survey-question")).to_have_text("How was it with Ann?")
    shopper.reload()
    card = shopper.locator(".live .survey")
    expect(card.locator(".survey-question")).to_have_text("How was it with Ann?")
    closed = shopper.locator(".live-note.request_closed")
    expect(closed).to_be_visible()
    assert card.bounding_box()["y"] > closed.bounding_box()["y"]  # type: ignore[index]
    shopper.get_by_role("button", name="Not now").click()
    expect(shopper.locator(".survey")).to_have_count(0)
    shopper.reload()
    expect(shopper.locator(".agent-said")).to_be_visible()
    shopper.wait_for_timeout(500)
    expect(shopper.locator(".survey")).to_have_count(0)

"""From a parcel to a closed ticket, in two real browsers over the whole demo shop: its service, its desk, its record."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine, text

from assistant.parts import assemble
from assistant.service import DEMO_RULES
from assistant.settings import Settings
from assistant.web import Shop
from assistant.web.building import make_desk, make_surveys
from tests.fakes import honest, scripted
from tests.web.visits import Served, Visit, finished, say, serve

pytestmark = pytest.mark.real
HOME = Path(os.environ.get("AISLE_TEST_HOME", "var")).resolve()
SHOTS = os.environ.get("AISLE_TEST_SHOTS")  # a folder, to look at what was seen


@dataclass
class Counter:
    """What `serve` serves."""

    shop: Shop


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    books = tmp_path_factory.mktemp("books")
    urls = {"record_url": f"sqlite:///{books / 'record.db'}", "orders_url": f"sqlite:///{books / 'orders.db'}"}
    return Settings(home=HOME, service_rules=DEMO_RULES, **urls)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def served(settings: Settings) -> Iterator[Served]:
    parts = assemble(settings, scripted(honest))
    beside = {"desk": make_desk(parts, settings), "surveys": make_surveys(parts, settings)}
    yield from serve(Counter(Shop(parts.assistant, parts.catalog, parts.record, settings, lambda: True, **beside)))  # type: ignore[arg-type]


def rows(settings: Settings, database: str, query: str) -> list[Any]:
    engine = create_engine(database)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")


def signed_in(browser: Browser, served: Served) -> Page:
    """The desk, set up by its owner."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US").new_page()
    page.goto(f"{served.url}desk?key={served.counter.shop.desk.setup_key}")
    page.get_by_label("Your name").fill("Mira")
    page.get_by_label("E-mail").fill("mira@example.com")
    page.locator("input[name=password]").fill("a sentence to remember")
    page.get_by_role("button", name="Create the owner").click()
    expect(page.locator(".queue")).to_be_visible(timeout=20_000)
    return page


def test_a_return_a_refusal_a_person_and_a_rating(
    visit: Visit, served: Served, browser: Browser, settings: Settings
) -> None:
    page = visit.open()
    say(page, "I want to return the speaker from my last order")
    form = page.locator("form.identify")
    form.get_by_label("E-mail").fill("mara.lindqvist@example.com")
    form.get_by_label("Order number").fill("LL-10423")
    shot(page, "1-identify")
    form.get_by_role("button").first.click()
    finished(page)
    expect(page.locator(".reply").last).to_contain_text("$63.10 goes back to: Visa card ending 4242")
    shot(page, "2-proposal")
    page.get_by_role("button", name="Yes, do it").click()
    finished(page)
    expect(page.locator(".reply").last).to_contain_text("The return for order LL-10423 is registered.")

    say(page, "refund the speaker again please")
    expect(page.locator(".reply").last).to_contain_text("that was done for it before")
    say(page, "the daypack came broken, I want to return it")
    page.get_by_role("button", name="Yes, do it").last.click()
    finished(page)
    expect(page.locator(".reply").last).to_contain_text("needs the approval of a person")
    say(page, "I want to talk to a person")
    shot(page, "3-waiting")

    desk = signed_in(browser, served)
    desk.locator(".queue [role=option], .queue li button, .queue li a").first.click()
    shot(desk, "4-ticket")
    desk.get_by_role("button", name="Claim").first.click()
    expect(page.locator(".live-note.joined")).to_contain_text("Mira", timeout=20_000)
    say(page, "How long does a refund take until it is on my card?")
    box = desk.locator("#desk-reply")
    expect(desk.locator("#desk-ghost")).to_contain_text("working days", timeout=60_000)
    shot(desk, "5-draft")
    box.press("Tab")
    expect(box).not_to_have_value("")
    box.fill(box.input_value() + " I approve the return of the daypack.")
    box.press("Control+Enter")
    expect(page.locator(".agent-words").last).to_contain_text("I approve the return of the daypack.", timeout=20_000)
    shot(page, "6-person")
    say(page, "thank you so much")

    desk.get_by_role("button", name="Approve").first.click()
    shot(desk, "7-approve")
    desk.get_by_role("button", name="Approve and do it").click()
    expect(desk.locator(".is-waiting")).to_have_count(0, timeout=20_000)
    desk.locator("[data-do=close_ticket]").first.click()
    shot(desk, "8-close")
    desk.get_by_role("button", name="Close the ticket").click()
    survey = page.locator(".survey", has_text="Mira")
    expect(survey).to_have_count(1, timeout=20_000)
    shot(page, "9-survey")
    survey.get_by_role("button").nth(4).click()
    expect(page.locator(".survey", has_text="How was it with Mira?")).to_have_count(0, timeout=20_000)

    books, record = settings.orders_database, settings.record_database
    states = rows(settings, books, "SELECT number, state FROM order_lines WHERE order_id = 'LL-10423' ORDER BY number")
    assert states == [(1, "return_requested"), (2, "return_requested")]
    assert [
        state for (state,) in rows(settings, books, "SELECT state FROM proposals WHERE state IN ('done', 'waiting')")
    ] == ["done", "done"]
    kinds = [kind for (kind,) in rows(settings, record, "SELECT kind FROM desk_events ORDER BY id")]
    assert {"opened", "claimed", "message", "draft", "approved", "closed", "rated"} <= set(kinds)
    assert rows(settings, record, "SELECT value FROM ratings WHERE kind = 'csat'") == [("5",)]

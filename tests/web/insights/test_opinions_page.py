"""Opinions and alerts in a real browser: what is said is a click away, and what is done about an alert holds."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from assistant.insight.alerts.log import Raised
from tests.web.insights.test_opinions_and_alerts import attach, raised
from tests.web.insights.test_page import SMALL, Owner, serve
from tests.web.visits import DESK

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def owner(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Owner]:
    for one in serve(browser, tmp_path_factory.mktemp("opinions")):
        attach(one.house)
        for words in ("The delivery was bad.", "The delivery was bad and late.", "The price is good."):
            session_id = one.house.talk(words=words)
        one.house.opinions.catch_up()  # type: ignore[attr-defined]
        quotes = [{"words": "The charger caught fire.", "session_id": session_id, "product_id": None}]
        told = {"words": "caught fire", "source": "chat", "quotes": quotes}
        raised(one.house, Raised("a", "safety", "critical", told))
        yield one


def test_an_aspect_opens_its_words_and_these_the_conversation(owner: Owner) -> None:
    page = owner.open("?view=opinions")
    page.get_by_role("link", name="delivery: 100%").click()
    expect(page.get_by_role("heading", name="In their words: delivery")).to_be_visible()
    expect(page.locator(".quote")).to_have_count(2)
    page.get_by_role("link", name="Open the conversation").first.click()
    expect(page.locator(".panel")).to_contain_text("The delivery was bad")
    assert owner.complaints == []


def test_every_number_of_opinions_opens_the_conversations_behind_it(owner: Owner) -> None:
    page = owner.open("?view=opinions")
    panel = page.locator(".panel")
    for key, rows in (
        ("all-negative", 2),
        ("all-positive", 1),
        ("all", 3),
        ("delivery-negative", 2),
        ("price-positive", 1),
    ):
        page.locator(f'[data-key="op-talks-{key}"]').click()
        expect(panel.locator("h2")).to_have_text("Conversations in which it was said")
        expect(panel.locator(".talk-row")).to_have_count(rows)
        page.keyboard.press("Escape")
    page.get_by_role("link", name="Product reviews", exact=True).click()
    expect(page.locator(".view-place")).to_contain_text("Nobody has said in these days what they think.")
    page.get_by_role("link", name="Chats", exact=True).click()
    expect(page.locator(".leans li")).to_have_count(2)
    page.locator('[data-key="op-delivery"]').click()
    expect(page).to_have_url(re.compile("item=delivery%3A%3A%3Achat"))
    files = page.locator(".files a").evaluate_all("(all) => all.map((it) => it.href)")
    assert len(files) == 8 and all("source=chat" in one for one in files)
    assert owner.complaints == []


def test_a_day_of_complaints_opens_the_conversations_behind_it(owner: Owner) -> None:
    for _ in range(30):
        owner.house.talk(words="The colour is bad.")
    owner.house.opinions.catch_up()  # type: ignore[attr-defined]
    page = owner.open("?view=opinions")
    chart = page.locator('[data-key="op-days"]')
    chart.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".panel .talk-row").first).to_contain_text("bad")
    assert "side%3Dnegative" in page.url and "from%3D" in page.url
    assert owner.complaints == []


def test_an_alert_opens_the_conversations_behind_it(owner: Owner) -> None:
    page = owner.open("?view=alerts")
    page.get_by_role("link", name="See the conversations").first.click()
    expect(page.locator(".panel h2")).to_have_text("Conversations behind the alert")
    expect(page.locator(".panel .talk-row")).to_have_count(1)
    assert owner.complaints == []


def test_an_alert_is_seen_to_and_its_rule_muted_without_loading_anew(owner: Owner) -> None:
    page = owner.open("?view=alerts")
    expect(page.locator(".alert")).to_contain_text("caught fire")
    page.get_by_role("button", name="Seen to").click()
    expect(page.locator(".alert")).to_contain_text("Seen to by Oda")
    page.locator(".alert summary").click()
    page.locator(".alert").get_by_role("button", name="for a day").click()
    expect(page.locator(".al-rules")).to_contain_text("muted until")
    page.get_by_role("button", name="Send again").click()
    expect(page.locator(".al-rules")).not_to_contain_text("muted until")
    assert owner.complaints == []


@pytest.mark.parametrize("view", ["opinions", "alerts"])
def test_nothing_is_wider_than_a_small_phone_and_targets_are_large_enough(owner: Owner, view: str) -> None:
    page = owner.open(f"?view={view}", SMALL)
    expect(page.locator(".view-place .card").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    low = """[...document.querySelectorAll('.view-place :is(button, .button, .leans a, .quote-ways a)')]
        .filter(n => n.checkVisibility({ contentVisibilityAuto: true }) && n.getBoundingClientRect().height < 44)
        .map(n => n.outerHTML)"""
    assert page.evaluate(low) == []


def test_both_views_speak_chinese(owner: Owner) -> None:
    page = owner.open("?view=opinions", DESK)
    page.locator('[data-act="language"]').click()
    expect(page.locator(".leans")).to_contain_text("配送")
    page.get_by_role("link", name="提醒").click()
    expect(page.locator(".alert")).to_contain_text("紧急")
    assert owner.complaints == []

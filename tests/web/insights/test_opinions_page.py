"""Opinions and alerts in a real browser: what is said is a click away, and what is done about an alert holds."""

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

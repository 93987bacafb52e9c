"""The panel of what is remembered, in a real browser: an id is kept only by those who agree."""

import pytest
from playwright.sync_api import Page, expect

from assistant.record.memory import Fact
from catalog import Constraint
from tests.web.visits import PHONE, Served, Visit, finished, overflow, say

pytestmark = pytest.mark.real
KEPT = "localStorage.getItem('aisle.shopper')"


def panel(page: Page) -> None:
    page.locator('[data-act="memory"]').click()
    expect(page.locator(".remember-me")).to_be_visible()


def kept_id(page: Page) -> str:
    page.wait_for_function(f"{KEPT} !== null")
    return str(page.evaluate(f"JSON.parse({KEPT})"))


def test_no_id_is_kept_or_sent_before_consent(visit: Visit, served: Served) -> None:
    page = visit.open()
    say(page, "a lamp")
    assert page.evaluate(KEPT) is None
    assert served.counter.assistant.heard[-1].shopper_id is None


def test_a_yes_in_the_conversation_makes_an_id_and_a_no_makes_none(visit: Visit, served: Served) -> None:
    page = visit.open()
    say(page, "please remember that I wear M")
    page.get_by_role("button", name="No, don't remember").click()
    finished(page)
    assert page.evaluate(KEPT) is None
    say(page, "please remember that I wear M")
    page.get_by_role("button", name="Yes, remember it").click()
    finished(page)
    id = kept_id(page)
    assert len(id) == 32
    consent = served.counter.record.memory.consent(id)
    assert consent is not None and consent.agreed
    say(page, "a lamp")
    assert served.counter.assistant.heard[-1].shopper_id == id


def test_what_is_remembered_is_listed_deleted_and_switched_off(visit: Visit, served: Served) -> None:
    page = visit.open(PHONE)
    panel(page)
    page.locator(".remember-me").click()
    expect(page.locator(".remember-me")).to_have_attribute("aria-checked", "true")
    id, memory = kept_id(page), served.counter.record.memory
    for kind, value in (("size", ("M",)), ("size", ("L",))):
        memory.keep(id, Fact(kind, Constraint("attributes.Size", "contains", value), "chosen", "<b>M</b>", "t", "s"))  # type: ignore[arg-type]
    page.locator(".sheet-head .tool").click()
    panel(page)
    expect(page.locator(".remembered-fact")).to_have_count(2)
    expect(page.locator(".remembered-fact").first).to_contain_text("<b>M</b>")
    assert overflow(page) == 0
    page.get_by_role("button", name="Forget: size M").click()
    expect(page.locator(".remembered-fact")).to_have_count(1)
    assert len(memory.facts(id)) == 1
    page.locator(".remember-me").click()
    expect(page.locator(".remember-me")).to_have_attribute("aria-checked", "false")
    assert memory.facts(id) == ()
    assert page.evaluate(KEPT) is None


def test_the_panel_speaks_chinese(visit: Visit) -> None:
    page = visit.open(locale="zh-CN")
    panel(page)
    expect(page.locator("#sheet-title")).to_have_text("我记住的")
    expect(page.locator(".remember-me")).to_contain_text("记住我")

"""What a service turn asks back on the shopper's page, in a real browser: to agree, or who the shopper is."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.web.asking import Asking
from tests.web.lines import ASKS, Service, joined, shop
from tests.web.visits import PHONE, Served, Visit, finished, overflow, ready, say, serve

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    yield from serve(shop())


@pytest.fixture
def assistant(served: Served) -> Iterator[Service]:
    assistant = served.counter.assistant
    assert isinstance(assistant, Service)
    yield assistant
    assistant.live = False


def test_a_decision_is_not_talked_over_by_the_survey(visit: Visit, served: Served) -> None:
    asking = served.counter.shop.surveys
    assert isinstance(asking, Asking)
    asking.moments = ("turn",)
    page = visit.open()
    say(page, "refund it")
    expect(page.locator(".decide")).to_have_count(1)
    expect(page.locator(".survey")).to_have_count(0)
    say(page, "hello")
    expect(page.locator(".survey")).to_have_count(1)
    asking.moments = ("closed",)


def test_reasons_are_no_decision(visit: Visit) -> None:
    page = visit.open()
    choices = "['ordered by mistake', 'no longer needed']"
    decides = f"import('/page/service.js').then((m) => m.decides('service', {choices}))"
    assert page.evaluate(decides) is False


@pytest.mark.parametrize(("locale", "words"), [("en-US", "refund it"), ("zh-CN", "退款")])
def test_what_will_be_done_is_agreed_to_with_a_large_button(visit: Visit, locale: str, words: str) -> None:
    page = visit.open(PHONE, locale=locale)
    say(page, words)
    (yes, no) = ASKS["退款" if locale == "zh-CN" else "refund"][1]
    button = page.get_by_role("button", name=yes)
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 48
    assert box["width"] > 300
    expect(page.get_by_role("button", name=no, exact=True)).to_be_visible()
    button.click()
    finished(page)
    expect(page.locator(".said p").last).to_have_text(yes)
    expect(page.locator(".decide")).to_have_count(1 if words in yes else 0)


def test_who_the_shopper_is_is_asked_in_two_fields(visit: Visit) -> None:
    page = visit.open(PHONE)
    say(page, "who am I")
    assert overflow(page) <= 0
    email, order = page.get_by_label("E-mail of the order"), page.get_by_label("Order number")
    expect(email).to_have_attribute("autocomplete", "email")
    email.fill("ada@example.org")
    order.press("Enter")
    expect(page.locator(".turn")).to_have_count(1)  # nothing is sent without a number
    order.fill(" W-1001 ")
    order.press("Enter")
    finished(page)
    expect(page.locator(".said p").last).to_have_text("ada@example.org, W-1001")
    expect(page.locator(".identify")).to_have_count(0)


def test_who_would_rather_type_does(visit: Visit) -> None:
    page = visit.open()
    say(page, "who am I")
    page.reload()
    ready(page)
    page.get_by_role("button", name="I would rather type it").click()
    expect(page.locator("#aisle-ask")).to_be_focused()
    expect(page.locator(".identify")).to_have_count(0)


def test_every_control_of_the_new_parts_has_a_name(visit: Visit, assistant: Service) -> None:
    page, line = joined(visit, assistant)
    assistant.live = False
    say(page, "who am I")
    line.writes("Hello")
    line.tell("closed")
    page.get_by_role("button", name="Very good").click()
    expect(page.locator(".survey-remark")).to_be_visible()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('.aisle :is(button, input, textarea, a)')]
            .filter((n) => n.checkVisibility() && !n.getAttribute('aria-label')
            && !n.textContent.trim() && !n.labels?.length)
            .map((n) => n.outerHTML)"""
    )
    assert nameless == []

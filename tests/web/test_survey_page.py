"""How it went, asked in the conversation and on the page behind a link, in a real browser."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from assistant.surveys import PACKAGED, Rules, load_rules, read_rules
from tests.surveys.test_rules import survey
from tests.web.asking import Asking
from tests.web.conftest import build
from tests.web.fakes import demo_products
from tests.web.visits import DESK, PHONE, Served, Visit, overflow, ready, say, serve, until

pytestmark = pytest.mark.real

RULES = load_rules(PACKAGED)
NPS = read_rules(survey(scale="nps", labels={"en": ["Not likely", "Very likely"], "zh": ["不太可能", "很可能"]}))
OWN = read_rules(
    survey(scale={"min": 1, "max": 3}, labels={"en": ["No", "Partly", "Yes"], "zh": ["没有", "部分", "有"]})
)
FACES = read_rules(survey(scale="csat"))


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    yield from serve(build(demo_products("lighting", "coffee"), pace_s=0.02))


@pytest.fixture
def asking(served: Served) -> Iterator[Asking]:
    served.counter.shop.surveys = asking = Asking(("turn",))
    yield asking
    served.counter.shop.surveys = None


def targets(page: Page) -> list[tuple[float, float]]:
    boxes = page.locator(".survey button").evaluate_all(
        "(all) => all.map((one) => [one.getBoundingClientRect().width, one.getBoundingClientRect().height])"
    )
    return [(width, height) for width, height in boxes]


def test_the_card_is_answered_with_one_tap_and_thanks_once_it_is_recorded(visit: Visit, asking: Asking) -> None:
    page = visit.open()
    say(page, "hello")
    expect(page.locator(".survey-question")).to_have_text("How was it with the assistant?")
    page.get_by_role("button", name="4 stars").click()
    expect(page.locator(".survey .thanks")).to_have_text("Thank you. It is noted.")
    page.get_by_label("Anything to add?").fill("Kind and quick.")
    page.locator(".survey-remark").get_by_role("button", name="Send").click()
    expect(page.locator(".survey")).to_have_text("Thank you. It is noted.")
    assert [(value, words) for _, value, words in asking.answers] == [(4, None), (None, "Kind and quick.")]


def test_it_is_never_asked_twice_in_a_conversation_nor_after_a_reload(visit: Visit, asking: Asking) -> None:
    page = visit.open()
    say(page, "hello")
    expect(page.locator(".survey")).to_have_count(1)
    say(page, "hello")
    expect(page.locator(".survey")).to_have_count(1)
    page.get_by_role("button", name="4 stars").click()
    expect(page.locator(".survey .thanks")).to_have_text("Thank you. It is noted.")
    page.reload()
    ready(page)
    say(page, "hello")
    expect(page.locator(".survey")).to_have_count(0)
    assert len(asking.offers) == len(asking.asked) == 1  # the page does not even ask


def test_a_question_that_waits_is_there_again_after_a_reload_until_it_is_answered(visit: Visit, asking: Asking) -> None:
    page = visit.open()
    say(page, "hello")
    expect(page.locator(".survey")).to_have_count(1)
    say(page, "hello")
    quiet = "Number(localStorage.getItem('aisle.surveyed_until'))"
    before = page.evaluate(quiet)
    page.reload()
    ready(page)
    expect(page.locator(".turn").last.locator(".survey-question")).to_have_text("How was it with the assistant?")
    expect(page.locator(".survey")).to_be_in_viewport(ratio=1)
    assert page.evaluate(quiet) == before  # to be shown it again is not to be asked again
    page.get_by_role("button", name="2 stars").click()
    expect(page.locator(".survey .thanks")).to_have_text("Thank you. It is noted.")
    page.reload()
    ready(page)
    page.wait_for_timeout(300)
    expect(page.locator(".survey")).to_have_count(0)
    assert [value for _, value, _ in asking.answers] == [2]
    assert len(asking.offers) == 1


def test_a_question_that_was_declined_is_gone_after_a_reload(visit: Visit, asking: Asking) -> None:
    page = visit.open()
    say(page, "hello")
    page.get_by_role("button", name="Not now").click()
    page.reload()
    ready(page)
    page.wait_for_timeout(300)
    expect(page.locator(".survey")).to_have_count(0)
    assert len(asking.skipped) == 1


def test_whoever_was_asked_lately_is_left_alone_in_the_next_conversation(visit: Visit, asking: Asking) -> None:
    page = visit.open()
    say(page, "hello")
    expect(page.locator(".survey")).to_have_count(1)
    page.get_by_role("button", name="Start over").click()
    say(page, "hello")
    page.wait_for_timeout(300)
    expect(page.locator(".survey")).to_have_count(0)
    assert len(asking.asked) == 1


def test_it_is_skipped_with_one_tap(visit: Visit, asking: Asking) -> None:
    page = visit.open()
    say(page, "hello")
    page.get_by_role("button", name="Not now").click()
    expect(page.locator(".survey")).to_have_count(0)
    until(lambda: asking.skipped == [asking.offers[0].id])
    assert asking.answers == []


def test_an_answer_that_is_not_stored_is_not_thanked_for(visit: Visit, asking: Asking) -> None:
    asking.broken = True
    page = visit.open()
    say(page, "hello")
    page.get_by_role("button", name="4 stars").click()
    expect(page.locator(".survey .thanks")).to_have_text("That was not saved. Please try again.")
    asking.broken = False
    page.get_by_role("button", name="4 stars").click()
    expect(page.locator(".survey .thanks")).to_have_text("Thank you. It is noted.")
    visit.complaints.clear()  # the browser notes the failed request


def test_the_moment_of_quiet_comes_after_the_time_that_the_server_names(visit: Visit, asking: Asking) -> None:
    asking.moments, asking.again = ("idle",), timedelta(seconds=1)
    page = visit.open()
    say(page, "hello")
    expect(page.locator(".survey")).to_have_count(1, timeout=10_000)
    assert [what for _, what, _ in asking.asked] == ["turn", "idle"]


def test_who_is_typing_is_not_asked(visit: Visit, asking: Asking) -> None:
    asking.moments, asking.again = ("idle",), timedelta(seconds=1)
    page = visit.open()
    say(page, "hello")
    page.locator("#aisle-ask").fill("and a")
    page.wait_for_timeout(1_600)
    expect(page.locator(".survey")).to_have_count(0)
    page.locator("#aisle-ask").fill("")
    expect(page.locator(".survey")).to_have_count(1, timeout=5_000)


@pytest.mark.parametrize(
    ("rules", "names"),
    [
        (RULES, ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"]),
        (FACES, ["Very bad", "Bad", "Neither good nor bad", "Good", "Very good"]),
        (NPS, [f"{n} of 10" for n in range(11)]),
        (OWN, ["No", "Partly", "Yes"]),
    ],
)
def test_each_scale_fits_a_phone_with_targets_of_44_px(
    visit: Visit, asking: Asking, rules: Rules, names: list[str]
) -> None:
    asking.rules = rules
    page = visit.open({"width": 320, "height": 640})
    say(page, "hello")
    for name in names:
        expect(page.locator(".survey").get_by_role("button", name=name, exact=True)).to_be_visible()
    assert all(width >= 44 and height >= 44 for width, height in targets(page))
    assert overflow(page) <= 0
    box = page.locator(".survey").bounding_box()
    assert box is not None
    assert box["x"] >= 0 and box["x"] + box["width"] <= 320
    page.locator(".survey").get_by_role("button", name=names[-1], exact=True).click()
    expect(page.locator(".survey .thanks")).to_have_text("Thank you. It is noted.")
    assert asking.answers[0][1] == rules.form.scale.high


def test_the_card_changes_its_language_with_the_page(visit: Visit, asking: Asking) -> None:
    page = visit.open(locale="zh-CN")
    say(page, "你好 hello")
    expect(page.locator(".survey-question")).to_have_text("助手帮到您了吗？")
    page.get_by_role("button", name="语言").click()
    expect(page.locator(".survey-question")).to_have_text("How was it with the assistant?")
    expect(page.locator(".survey-ends")).to_have_text("PoorGreat")


def test_the_card_works_with_the_keyboard(visit: Visit, asking: Asking) -> None:
    page = visit.open()
    say(page, "hello")
    page.get_by_role("button", name="1 star", exact=True).focus()
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="4 stars")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".survey .thanks")).to_have_text("Thank you. It is noted.")
    assert asking.answers[0][1] == 4


# ---- The page behind a link


def linked(visit: Visit, path: str, viewport: dict[str, int] = PHONE, locale: str = "en-US") -> Page:
    context = visit.browser.new_context(viewport=viewport, locale=locale, reduced_motion="reduce")  # type: ignore[arg-type]
    visit.contexts.append(context)
    page = context.new_page()
    page.on("pageerror", lambda e: visit.complaints.append(str(e)))
    page.on("request", lambda r: r.url.startswith((visit.url, "data:")) or visit.complaints.append(r.url))
    page.goto(visit.url + path)
    return page


def test_a_link_is_answered_later_and_may_be_changed(visit: Visit, asking: Asking) -> None:
    offer = asking.ask("s1", "link")
    page = linked(visit, f"rate/{offer.id}")
    expect(page).to_have_title("Linden & Lark")
    page.get_by_role("button", name="2 stars").click()
    expect(page.locator(".survey .thanks")).to_have_text("Thank you. It is noted.")
    page.reload()
    expect(page.locator(".rate-note")).to_have_text("You have answered this already. You may change your answer.")
    expect(page.locator(".survey-star.lit")).to_have_count(2)
    page.get_by_role("button", name="5 stars").click()
    expect(page.locator(".survey .thanks")).to_have_text("Thank you. It is noted.")
    assert [value for _, value, _ in asking.answers] == [2, 5]
    assert overflow(page) <= 0


def test_a_link_speaks_the_shoppers_language_and_the_other(visit: Visit, asking: Asking) -> None:
    offer = asking.ask("s1", "link")
    asking.offers[-1] = replace(offer, locale="zh")
    page = linked(visit, f"rate/{offer.id}")
    expect(page.locator(".survey-question")).to_have_text("助手帮到您了吗？")
    page.get_by_role("button", name="语言").click()
    expect(page.locator(".survey-question")).to_have_text("How was it with the assistant?")


def test_a_link_may_be_left_and_says_that_it_stays(visit: Visit, asking: Asking) -> None:
    offer = asking.ask("s1", "link")
    page = linked(visit, f"rate/{offer.id}", DESK)
    page.get_by_role("button", name="Not now").click()
    expect(page.get_by_role("status")).to_contain_text("This link stays open")
    expect(page.get_by_role("link", name="To the shop")).to_have_attribute("href", "/")


def test_a_link_whose_time_is_over_says_so_kindly(visit: Visit, asking: Asking) -> None:
    offer = asking.ask("s1", "link")
    asking.offers[-1] = replace(offer, over=True)
    page = linked(visit, f"rate/{offer.id}")
    expect(page.get_by_role("heading")).to_have_text("This question is closed")
    expect(page.locator(".survey")).to_have_count(0)
    page = linked(visit, "rate/nothing", locale="zh-CN")
    expect(page.get_by_role("heading")).to_have_text("这里没有可评价的内容")


def test_what_the_owner_writes_is_text(visit: Visit, asking: Asking) -> None:
    evil = "</script><img src=x onerror=window.pwned=1>"
    asking.rules = read_rules(survey(question={"en": evil, "zh": evil}))
    page = linked(visit, f"rate/{asking.ask('s1', 'link').id}")
    expect(page.locator(".survey-question")).to_have_text(evil)
    assert page.evaluate("window.pwned") is None

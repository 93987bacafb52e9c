"""How an answer stands on the page, what can be done with its products, and what happens when something fails."""

import re

import pytest
from playwright.sync_api import Page, expect

from assistant.types import QueuedEvent
from tests.web.visits import PHONE, Served, Visit, finished, ready, say, until

pytestmark = pytest.mark.real

PARAGRAPHS = "[...document.querySelectorAll('.reply p')].map((p) => [p.textContent, p.getBoundingClientRect().top])"


def send(page: Page, words: str) -> None:
    page.locator("#aisle-ask").fill(words)
    page.locator("#aisle-ask").press("Enter")


def test_another_product_begins_another_paragraph(visit: Visit) -> None:
    page = visit.open()
    say(page, "a lamp")
    expect(page.locator(".reply p")).to_have_text(
        [
            re.compile("^For reading at a desk I would start with the Halvane Heron"),
            re.compile("^The Halvane Cocoon Paper Floor Lantern"),
            re.compile("^Shall I keep only"),
        ]
    )


def test_two_sentences_about_one_product_share_a_paragraph(visit: Visit) -> None:
    page = visit.open()
    say(page, "what do reviewers say?")
    expect(page.locator(".reply p")).to_have_count(2)
    expect(page.locator(".reply p").nth(1).locator(".sentence")).to_have_count(2)


def test_nothing_of_an_answer_moves_when_the_turn_ends(visit: Visit, served: Served) -> None:
    page = visit.open()
    served.counter.assistant.pace_s = 0.4
    send(page, "does it come with a remote?")
    expect(page.locator(".reply p")).to_have_count(1)
    before = page.evaluate(PARAGRAPHS), page.locator(".sentence").bounding_box()
    finished(page)
    served.counter.assistant.pace_s = 0.05
    assert (page.evaluate(PARAGRAPHS), page.locator(".sentence").bounding_box()) == before


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en-US", "Ask the shop"), ("zh-CN", "问店家")],
)
def test_shop_is_asked_what_the_listing_does_not_say(visit: Visit, locale: str, words: str) -> None:
    page = visit.open(locale=locale)
    say(page, "does it come with a remote?")
    page.get_by_role("button", name=words).click()
    finished(page)
    expect(page.locator(".said p").last).to_have_text(words)


def test_answer_with_a_source_does_not_offer_to_ask_the_shop(visit: Visit) -> None:
    page = visit.open()
    say(page, "what do reviewers say?")
    expect(page.locator(".reply .unsaid")).to_have_count(0)
    expect(page.get_by_role("button", name="Ask the shop")).to_have_count(0)


def test_name_of_a_product_shown_earlier_opens_its_listing(visit: Visit, served: Served) -> None:
    page = visit.open()
    say(page, "a lamp")
    say(page, "what do reviewers say?")
    page.locator(".turn").last.locator(".reply .name").click()
    expect(page.locator("dialog h2")).to_have_text("Halvane Heron Jointed Desk Lamp")
    showed = list(served.counter.assistant.sessions.values())[-1][0]
    clicked = (showed.id, "lig-01", "click")
    until(lambda: any((one.turn_id, one.product_id, one.kind) == clicked for one in served.counter.record.deeds))


def test_two_ticked_cards_are_compared(visit: Visit) -> None:
    page = visit.open()
    say(page, "a lamp")
    page.locator(".shelf .tick").nth(0).click()
    expect(page.locator(".compare-bar")).to_have_text("Tick one more to compare with Halvane Heron Jointed Desk Lamp")
    page.locator(".shelf .tick").nth(2).click()
    page.get_by_role("button", name="Compare these two").click()
    finished(page)
    expect(page.locator(".said p").last).to_have_text(re.compile(r"^Compare Halvane Heron Jointed Desk Lamp and .+"))
    expect(page.locator(".compare-bar")).to_be_hidden()
    expect(page.locator(".tick input:checked")).to_have_count(0)


def test_up_to_four_ticked_cards_are_compared(visit: Visit) -> None:
    page = visit.open()
    say(page, "a lamp")
    for place in range(4):
        page.locator(".shelf .tick").nth(place).click()
    page.get_by_role("button", name="Compare these 4").click()
    finished(page)
    said = page.locator(".said p").last.inner_text()
    assert said.startswith("Compare Halvane Heron Jointed Desk Lamp, ") and said.count(", ") == 2 and " and " in said


def test_cards_of_two_turns_are_compared_and_ticks_can_be_cleared(visit: Visit) -> None:
    page = visit.open(PHONE, has_touch=True, is_mobile=True)
    page.locator(".welcome .tick").first.tap()
    say(page, "a lamp")
    page.locator(".turn .tick").nth(1).tap()
    expect(page.get_by_role("button", name="Compare these two")).to_be_visible()
    page.get_by_role("button", name="Compare nothing").tap()
    expect(page.locator(".compare-bar")).to_be_hidden()
    expect(page.locator(".tick input:checked")).to_have_count(0)


def test_ticking_on_a_phone_moves_nothing_above_it(visit: Visit) -> None:
    page = visit.open(PHONE, has_touch=True, is_mobile=True)
    say(page, "a lamp")
    page.locator(".turn .tick").first.scroll_into_view_if_needed()
    before = page.evaluate(PARAGRAPHS)
    page.locator(".turn .tick").first.tap()
    expect(page.locator(".compare-bar")).to_be_visible()
    assert page.evaluate(PARAGRAPHS) == before


def test_product_added_from_its_source_is_whole_in_the_cart(visit: Visit) -> None:
    page = visit.open()
    say(page, "a lamp")
    page.locator(".reply .cite").first.click()
    page.locator("dialog .primary").click()
    expect(page.locator("dialog .variants button").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_be_hidden()
    expect(page.locator(".side .cart-title")).to_have_text("Halvane Heron Jointed Desk Lamp")
    expect(page.locator(".side .cart-total strong")).to_have_text("$64.00")


def test_end_of_an_answer_is_in_view_on_a_phone(visit: Visit) -> None:
    page = visit.open(PHONE, has_touch=True, is_mobile=True)
    say(page, "a lamp")
    expect(page.locator(".reply p").first).to_be_in_viewport(ratio=1)
    expect(page.locator(".quick .pill").last).to_be_in_viewport(ratio=1)


def test_reload_comes_back_to_the_last_turn_and_the_words_begun(visit: Visit) -> None:
    page = visit.open()
    say(page, "a lamp")
    say(page, "hello")
    page.locator("#aisle-ask").fill("and something for")
    page.reload()
    ready(page)
    expect(page.locator(".said p").last).to_be_in_viewport()
    expect(page.locator("#aisle-ask")).to_have_value("and something for")


def test_start_over_begins_at_the_top_with_nothing_ticked(visit: Visit) -> None:
    page = visit.open(PHONE, has_touch=True, is_mobile=True)
    say(page, "a lamp")
    page.locator(".turn .tick").first.tap()
    page.get_by_role("button", name="Start over").tap()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport(ratio=1)
    expect(page.locator(".compare-bar")).to_be_hidden()


def test_escape_puts_a_chip_back_and_keeps_the_focus_on_it(visit: Visit) -> None:
    page = visit.open()
    say(page, "a lamp")
    page.get_by_role("button", name="Change: up to $70").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Change: up to $70")).to_be_focused()


@pytest.mark.parametrize(
    ("words", "said"), [("a crowd", "try again in 7 seconds"), ("explode", "Your words are still below")]
)
def test_error_keeps_what_was_typed_and_what_was_suggested(visit: Visit, words: str, said: str) -> None:
    page = visit.open()
    say(page, "a lamp")
    send(page, words)
    expect(page.locator(".notice")).to_contain_text(said)
    expect(page.locator("#aisle-ask")).to_have_value(words)
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".quick .pill")).to_have_count(3)
    say(page, "hello")


@pytest.mark.parametrize(
    ("locale", "three", "next_one", "writing"),
    [
        ("en-US", "3 before you, about 20 s", "You are next, about 5 s", "Putting it into words"),
        ("zh-CN", "前面还有 3 位，大约 20 秒", "下一位就是您，大约 5 秒", "正在组织语言"),
    ],
)
def test_place_in_the_queue_is_told_below_what_is_said_already(
    visit: Visit, served: Served, locale: str, three: str, next_one: str, writing: str
) -> None:
    page = visit.open(locale=locale)
    served.counter.assistant.queued = QueuedEvent(4, 17)
    send(page, "a queue for a lamp")
    wait = page.locator(".turn .wait")
    expect(wait).to_have_text(three)
    expect(page.locator(".shelf .card")).to_have_count(4)
    expect(page.locator(".sentence")).to_have_count(1)
    before = page.locator(".sentence").bounding_box()
    assert before and wait.bounding_box()["y"] > before["y"]  # type: ignore[index]
    served.counter.assistant.queued = QueuedEvent(1, 4)
    expect(wait).to_have_text(next_one)
    served.counter.assistant.pace_s = 0.5
    served.counter.assistant.queued = QueuedEvent(0, 0)
    expect(wait).to_have_text(writing)
    finished(page)
    served.counter.assistant.pace_s = 0.05
    expect(wait).to_be_hidden()
    assert page.locator(".sentence").first.bounding_box() == before


def test_stop_and_a_closed_tab_leave_the_queue(visit: Visit, served: Served) -> None:
    assistant = served.counter.assistant
    page, closed = visit.open(), assistant.closed
    assistant.queued = QueuedEvent(4, 17)
    send(page, "a queue for a lamp")
    expect(page.locator(".turn .wait")).to_contain_text("before you")
    page.get_by_role("button", name="Stop").click()
    until(lambda: assistant.closed == closed + 1)
    expect(page.locator(".turn .wait")).to_be_hidden()
    send(page, "a queue for a lamp")
    expect(page.locator(".turn .wait").last).to_contain_text("before you")
    page.close()
    until(lambda: assistant.closed == closed + 2)
    assistant.queued = QueuedEvent(0, 0)


def test_full_queue_keeps_the_words_and_sends_them_again_when_asked(visit: Visit, served: Served) -> None:
    page = visit.open(PHONE, has_touch=True, is_mobile=True)
    say(page, "a lamp")
    served.counter.assistant.crowd = True
    send(page, "something cheaper")
    notice = page.locator(".notice")
    expect(notice).to_contain_text("try again in 7 seconds")
    expect(page.locator("#aisle-ask")).to_have_value("something cheaper")
    notice.get_by_role("button", name="Try again").tap()
    expect(notice).to_be_visible()
    served.counter.assistant.crowd = False
    notice.get_by_role("button", name="Try again").tap()
    finished(page)
    expect(page.locator(".said p")).to_have_text(["a lamp", "something cheaper"])
    expect(page.locator("#aisle-ask")).to_have_value("")
    expect(notice).to_be_hidden()


def test_edited_wishes_that_met_a_full_queue_are_sent_again_when_asked(visit: Visit, served: Served) -> None:
    page = visit.open()
    say(page, "a lamp")
    served.counter.assistant.crowd = True
    page.get_by_role("button", name="Remove: not plastic").click()
    expect(page.locator(".notice")).to_contain_text("try again in 7 seconds")
    served.counter.assistant.crowd = False
    page.get_by_role("button", name="Try again").click()
    finished(page)
    heard = served.counter.assistant.heard[-1].need
    assert heard and [c.field for c in heard.constraints] == ["price", "in_stock"]


def test_server_that_is_gone_is_told_and_the_words_survive_a_reload(visit: Visit, served: Served) -> None:
    page = visit.open()
    page.route("**/healthz", lambda route: route.abort())
    send(page, "slowly, a lamp")
    expect(page.locator(".notice")).to_contain_text("Your words are still below", timeout=10_000)
    expect(page.locator("#aisle-ask")).to_have_value("slowly, a lamp")
    served.counter.assistant.gate.set()
    page.reload()
    ready(page)
    served.counter.assistant.gate.clear()
    expect(page.locator("#aisle-ask")).to_have_value("slowly, a lamp")
    visit.complaints.clear()  # the browser's own, of the line that this test has cut


def test_controls_on_a_phone_are_large_enough_to_tap(visit: Visit) -> None:
    page = visit.open(PHONE, has_touch=True, is_mobile=True)
    say(page, "a lamp")
    page.locator(".turn .tick").first.tap()
    page.locator(".turn .add").nth(1).tap()
    page.locator(".cart-bar").tap()
    small = page.evaluate(
        """() => [...document.querySelectorAll('.aisle button')].filter((b) => b.checkVisibility()
            && !b.matches('.cite, .look, .title')).map((b) => [b.className, b.getBoundingClientRect()])
            .filter(([, r]) => r.height < 44 || r.width < 44).map(([name, r]) => `${name} ${r.width}x${r.height}`)"""
    )
    assert small == []

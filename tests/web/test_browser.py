"""The shopper's page in a real browser against a real server, with the scripted assistant behind it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import build
from tests.web.fakes import EVIL, demo_products, evil
from tests.web.visits import PHONE, Served, Visit, finished, overflow, ready, say, serve, until

pytestmark = pytest.mark.real


def test_first_visit_shows_the_shop_four_openers_and_products(visit: Visit) -> None:
    page = visit.open()
    expect(page).to_have_title("Linden & Lark")
    expect(page.get_by_role("heading", level=1)).to_have_text("Linden & Lark")
    expect(page.locator(".opener")).to_have_count(4)
    expect(page.locator(".shelf .card")).to_have_count(4)
    page.locator(".opener").first.click()
    finished(page)
    expect(page.locator(".said p")).to_have_text("A warm reading lamp under $60")


def test_turn_shows_words_chips_cards_sentences_and_replies(visit: Visit, served: Served) -> None:
    page = visit.open()
    page.locator("#aisle-ask").fill("slowly, a lamp")
    page.locator("#aisle-ask").press("Enter")
    expect(page.locator(".said p")).to_have_text("slowly, a lamp")
    expect(page.locator(".wait")).to_contain_text("Looking through 66 products")
    expect(page.locator(".shelf .bones")).to_have_count(4)
    expect(page.locator(".chip")).to_have_text(["Lighting", "up to $70", "not plastic", "in stock"])
    served.counter.assistant.gate.set()
    finished(page)
    served.counter.assistant.gate.clear()
    expect(page.locator(".shelf .card")).to_have_count(4)
    expect(page.locator(".shelf .card").first).to_contain_text("$64.00")
    expect(page.locator(".sentence")).to_have_count(3)
    expect(page.locator(".quick .pill")).to_have_count(3)
    page.locator(".quick .pill").first.click()
    finished(page)
    expect(page.locator(".quick")).to_have_count(1)
    expect(page.locator(".said p").last).to_have_text("Only the dimmable ones")


def test_removed_chip_is_a_sentence_and_gets_a_new_slate(visit: Visit, served: Served) -> None:
    page = visit.open()
    say(page, "a lamp")
    page.get_by_role("button", name="Remove: not plastic").click()
    finished(page)
    expect(page.locator(".said p").last).to_have_text("(removed: not plastic)")
    expect(page.locator(".chip")).to_have_text(["Lighting", "up to $70", "in stock"])
    heard = served.counter.assistant.heard[-1].need
    assert heard is not None
    assert [c.field for c in heard.constraints] == ["price", "in_stock"]


def test_price_chip_is_changed_with_a_tap(visit: Visit, served: Served) -> None:
    page = visit.open()
    say(page, "a lamp")
    page.get_by_role("button", name="Change: up to $70").click()
    box = page.get_by_role("spinbutton")
    expect(box).to_be_focused()
    box.fill("45.5")
    box.press("Enter")
    finished(page)
    expect(page.locator(".chip").nth(1)).to_have_text("up to $45.50")
    heard = served.counter.assistant.heard[-1].need
    assert heard is not None
    assert (heard.constraints[0].value, heard.constraints[0].origin) == (4550, "edited")
    prices = [float(text.strip("$")) for text in page.locator(".shelf .card-price strong").all_inner_texts()]
    assert prices
    assert max(prices) <= 45.5


def test_reason_opens_its_field_and_drawback_its_review(visit: Visit) -> None:
    page = visit.open()
    say(page, "a lamp")
    page.locator(".shelf button.reason.why").first.click()
    expect(page.locator("dialog .fact mark")).to_have_text("9 W")
    expect(page.locator("dialog .fact mark")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    page.locator(".shelf button.reason.but").first.click()
    expect(page.locator("dialog .reviews mark")).to_contain_text("I swing it between my laptop")


def test_source_mark_opens_a_policy(visit: Visit) -> None:
    page = visit.open()
    say(page, "can I return it?")
    page.get_by_role("button", name="Source 1").click()
    expect(page.locator("dialog h2")).to_have_text("Returns")
    expect(page.locator("dialog mark")).to_have_text("Unused goods come back within 30 days of delivery")


def test_what_the_listing_does_not_say_is_said_quietly(visit: Visit) -> None:
    page = visit.open()
    say(page, "does it come with a remote?")
    expect(page.locator(".reply .unsaid")).to_contain_text("The listing does not say")
    expect(page.get_by_role("button", name="Ask the shop").locator("svg")).to_have_count(1)
    say(page, "hello")
    expect(page.locator(".reply .unsaid")).to_have_count(1)
    expect(page.get_by_role("button", name="Ask the shop")).to_have_count(0)


def test_names_of_products_open_their_listing_and_count_as_a_click(visit: Visit, served: Served) -> None:
    page = visit.open()
    say(page, "a lamp")
    page.locator(".reply .name").first.click()
    expect(page.locator("dialog h2")).to_have_text("Halvane Heron Jointed Desk Lamp")
    until(lambda: any((one.product_id, one.kind) == ("lig-01", "click") for one in served.counter.record.deeds))


def test_thumb_down_asks_why_and_thanks_once_recorded(visit: Visit, served: Served) -> None:
    page = visit.open()
    say(page, "a lamp")
    page.get_by_role("button", name="This did not help").click()
    page.get_by_role("button", name="Not true").click()
    until(lambda: served.counter.record.ratings and served.counter.record.ratings[-1][1:] == ("thumb", "down", ()))
    page.locator(".why-not .primary").click()
    expect(page.locator(".thumb-row .thanks")).to_have_text("Thank you. It is noted.")
    assert served.counter.record.ratings[-1][1:] == ("thumb", "down", ("untrue",))


def test_a_thumb_carries_the_token_of_its_turn(visit: Visit, served: Served) -> None:
    shop = served.counter.shop
    before, shop.settings = shop.settings, shop.settings.model_copy(update={"signed_events": True})
    page = visit.open()
    say(page, "a lamp")
    page.get_by_role("button", name="This helped").click()
    expect(page.locator(".thumb-row .thanks")).to_have_text("Thank you. It is noted.")
    page.reload()
    ready(page)
    page.get_by_role("button", name="This did not help").click()
    until(lambda: served.counter.record.ratings[-1][1:] == ("thumb", "down", ()))
    shop.settings = before


def test_rating_that_is_not_stored_is_not_thanked_for(visit: Visit, served: Served) -> None:
    page = visit.open()
    say(page, "a lamp")
    served.counter.record.broken = True
    page.get_by_role("button", name="This helped").click()
    expect(page.locator(".thumb-row .thanks")).to_have_text("That was not saved. Please try again.")
    served.counter.record.broken = False
    visit.complaints.clear()  # the browser notes the failed request


def test_asking_about_a_card_starts_the_question(visit: Visit) -> None:
    page = visit.open()
    say(page, "a lamp")
    page.get_by_role("button", name="Ask about Halvane Heron").first.click()
    expect(page.locator("#aisle-ask")).to_be_focused()
    expect(page.locator("#aisle-ask")).to_have_value("About the Halvane Heron Jointed Desk Lamp: ")


def choose(page: Page, options: str, card: int = 0) -> None:
    """Puts a product in the cart whose colour has to be chosen."""
    page.locator(".shelf .add").nth(card).click()
    page.locator("dialog .variants").get_by_role("button", name=options).click()
    expect(page.locator("dialog")).to_be_hidden()


def test_cart_adds_up_and_survives_a_reload_with_the_conversation(visit: Visit, served: Served) -> None:
    page = visit.open()
    say(page, "a lamp")
    before = len(served.counter.record.deeds)
    choose(page, "Matte black")
    choose(page, "Matte black")
    page.locator(".shelf .add").nth(1).click()
    expect(page.locator(".side .cart-total strong")).to_have_text("$170.00")
    expect(page.locator(".side .cart-options")).to_have_text("Matte black")
    page.get_by_role("button", name="One less Halvane Heron Jointed Desk Lamp").click()
    expect(page.locator(".side .cart-total strong")).to_have_text("$106.00")
    until(lambda: [one.kind for one in served.counter.record.deeds[before:]].count("cart") == 3)
    page.reload()
    ready(page)
    expect(page.locator(".said p")).to_have_text("a lamp")
    expect(page.locator(".sentence")).to_have_count(3)
    expect(page.locator(".shelf .card")).to_have_count(4)
    expect(page.locator(".side .cart-total strong")).to_have_text("$106.00")


def test_cart_begins_before_the_first_word_and_outlives_starting_over(visit: Visit) -> None:
    page = visit.open()
    page.locator(".shelf .add:enabled").nth(0).click()
    page.locator("dialog .variants button:enabled, .side .cart-line").first.wait_for()
    if page.locator("dialog").is_visible():
        page.locator("dialog .variants button:enabled").first.click()
    expect(page.locator(".side .cart-line")).to_have_count(1)
    say(page, "a lamp")
    expect(page.locator(".side .cart-line")).to_have_count(1)
    page.get_by_role("button", name="Start over").click()
    say(page, "hello")
    expect(page.locator(".side .cart-line")).to_have_count(1)


def test_what_cannot_be_recorded_is_taken_back_and_said(visit: Visit, served: Served) -> None:
    page = visit.open()
    say(page, "a lamp")
    choose(page, "White")
    served.counter.record.broken = True
    page.get_by_role("button", name="One more").click()
    expect(page.locator(".notice")).to_have_text("The cart could not be changed. Please try again.")
    expect(page.locator(".side .steps output")).to_have_text("1")
    served.counter.record.broken = False
    visit.complaints.clear()  # the browser notes every answer that is no success


def test_what_has_changed_is_shown_before_the_cart_is_handed_over(visit: Visit, served: Served) -> None:
    page = visit.open()
    say(page, "a lamp")
    choose(page, "White")
    expect(page.locator(".side .cart-go")).to_have_text("Download cart (JSON)")
    [changes] = [c for c in served.counter.record.carts.values() if c[-1:] and c[-1].variant_id == "lig-01-white"][-1:]
    changes.append(replace(changes[-1], price_minor=5_000))
    page.locator(".side .cart-go").click()
    expect(page.locator("dialog h2")).to_have_text("This has changed since")
    expect(page.locator("dialog .changes li")).to_contain_text("$50.00")
    with page.expect_download() as download:
        page.get_by_role("button", name="Accept and go on").click()
    told = json.loads(Path(download.value.path()).read_text())
    assert (told["total"], told["lines"][0]["variant"]) == (64, "lig-01-white")
    expect(page.locator("dialog")).to_be_hidden()


def test_language_is_switched_everywhere_and_remembered(visit: Visit) -> None:
    page = visit.open()
    say(page, "a lamp")
    choose(page, "Matte black")
    page.get_by_role("button", name="Language").click()
    expect(page.locator(".shelf h2")).to_have_text("货架")
    expect(page.locator(".chip")).to_have_text(["灯具", "$70 以内", "不要塑料", "有货"])
    expect(page.locator(".shelf .title").first).to_have_text("Halvane 苍鹭双臂台灯")
    expect(page.locator(".side .cart-title")).to_have_text("Halvane 苍鹭双臂台灯")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    page.reload()
    ready(page)
    expect(page.locator(".shelf h2")).to_have_text("货架")


def test_chinese_browser_starts_in_chinese(visit: Visit) -> None:
    page = visit.open(locale="zh-CN")
    expect(page.locator(".opener").first).to_have_text("60 美元以内的暖光阅读灯")
    say(page, "台灯")
    expect(page.locator(".shelf .title").first).to_have_text("Halvane 苍鹭双臂台灯")


def test_theme_is_switched_and_remembered(visit: Visit) -> None:
    page = visit.open(color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(21, 24, 22)"
    page.get_by_role("button", name="Use the light theme").click()
    assert page.evaluate(ground) == "rgb(250, 249, 246)"
    page.reload()
    ready(page)
    assert page.evaluate(ground) == "rgb(250, 249, 246)"


def test_phone_has_no_sideways_scroll_and_cards_under_their_words(visit: Visit) -> None:
    page = visit.open(PHONE, has_touch=True, is_mobile=True)
    assert overflow(page) <= 0
    say(page, "a lamp")
    assert overflow(page) <= 0
    expect(page.locator(".turn .slot .card")).to_have_count(4)
    expect(page.locator(".side")).to_be_hidden()
    page.locator(".turn .add").first.tap()
    assert overflow(page) <= 0
    page.locator("dialog .variants button").first.tap()
    expect(page.locator(".cart-bar")).to_contain_text("1 item")
    page.locator(".cart-bar").tap()
    expect(page.locator("dialog .cart-total")).to_contain_text("$64.00")
    assert overflow(page) <= 0


def test_nothing_is_cut_off_on_the_narrowest_phone(visit: Visit) -> None:
    page = visit.open({"width": 320, "height": 640}, locale="zh-CN", has_touch=True, is_mobile=True)
    say(page, "台灯")
    page.locator(".turn .tick").first.tap()
    page.locator(".turn .add").nth(1).tap()
    expect(page.locator(".cart-bar")).to_be_visible()
    beyond = page.evaluate(
        """() => [...document.querySelectorAll('.aisle *')].filter((n) => n.checkVisibility() && !n.closest('.cards, .chips')
            && n.getBoundingClientRect().right > 320).map((n) => n.className)"""
    )
    assert beyond == []


def test_every_control_has_a_name(visit: Visit) -> None:
    page = visit.open()
    say(page, "a lamp")
    choose(page, "White")
    page.get_by_role("button", name="This did not help").click()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('.aisle :is(button, input, textarea, a)')]
            .filter((n) => n.checkVisibility() && !n.getAttribute('aria-label')
            && !n.textContent.trim() && !n.labels?.length)
            .map((n) => n.outerHTML)"""
    )
    assert nameless == []


def test_stop_frees_the_turn_and_the_next_one_is_answered(visit: Visit, served: Served) -> None:
    page = visit.open()
    closed = served.counter.assistant.closed
    page.locator("#aisle-ask").fill("slowly")
    page.locator("#aisle-ask").press("Enter")
    expect(page.locator(".chip")).to_have_count(4)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".turn .thanks").first).to_have_text("Stopped.")
    served.counter.assistant.gate.set()
    until(lambda: served.counter.assistant.closed == closed + 1)
    served.counter.assistant.gate.clear()
    page.evaluate("sessionStorage.removeItem('aisle.session')")
    page.reload()
    ready(page)
    say(page, "hello")
    expect(page.locator(".reply").last).to_contain_text("Hello.")


def test_lost_conversation_starts_a_new_one(visit: Visit, served: Served) -> None:
    page = visit.open()
    say(page, "hello")
    served.counter.assistant.sessions.clear()
    served.counter.assistant.record.carts.clear()
    page.locator("#aisle-ask").fill("a lamp")
    page.locator("#aisle-ask").press("Enter")
    expect(page.locator(".notice")).to_contain_text("no longer here")
    finished(page)
    expect(page.locator(".said p")).to_have_text(["hello", "a lamp"])
    expect(page.locator(".shelf .card")).to_have_count(4)


def test_two_shoppers_chat_at_once_and_apart(visit: Visit, served: Served) -> None:
    one, two = visit.open(), visit.open()
    one.locator("#aisle-ask").fill("slowly, a lamp")
    one.locator("#aisle-ask").press("Enter")
    expect(one.locator(".chip")).to_have_count(4)
    say(two, "hello")
    expect(two.locator(".reply")).to_contain_text("Hello.")
    expect(one.locator(".turn")).to_have_attribute("aria-busy", "true")
    served.counter.assistant.gate.set()
    finished(one)
    served.counter.assistant.gate.clear()
    expect(one.locator(".said p")).to_have_text("slowly, a lamp")
    assert one.evaluate("sessionStorage['aisle.session']") != two.evaluate("sessionStorage['aisle.session']")


def test_evil_texts_stay_texts(browser: Browser) -> None:
    products = tuple(evil(p) for p in demo_products("lighting"))
    for served in serve(build(products)):
        visit = Visit(browser, served.url)
        page = visit.open()
        say(page, '<img src=x onerror="window.pwned=3"> ${window.pwned=4}')
        expect(page.locator(".shelf .title").first).to_have_text(EVIL)
        page.locator(".shelf .add").first.click()
        page.locator("dialog .variants button").first.click()
        page.locator(".shelf button.reason.but").first.click()
        expect(page.locator("dialog .reviews mark").first).to_have_text(EVIL)
        assert page.evaluate("window.pwned") is None
        assert visit.complaints == []
        visit.contexts[0].close()


def test_keyboard_reaches_the_composer_first_and_focus_shows(visit: Visit) -> None:
    page = visit.open()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#aisle-ask")).to_be_focused()


def test_own_pages_load_nothing_from_outside(visit: Visit) -> None:
    page = visit.open()
    for path, words in (("docs", "/api/v1/chat"), ("desk", "not open here"), ("insights", "not open here")):
        page.goto(visit.url + path)
        expect(page.locator("main")).to_contain_text(words)

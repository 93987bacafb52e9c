"""A person of the shop on the shopper's page, in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistant.web import events
from assistant.web.colour import contrast
from tests.web.asking import Asking
from tests.web.lines import COMES, Line, Service, joined, shop
from tests.web.visits import PHONE, Served, Visit, ready, say, serve, until

pytestmark = pytest.mark.real
STATIC = Path(events.__file__).parent / "static"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    yield from serve(shop())


@pytest.fixture
def assistant(served: Served) -> Iterator[Service]:
    assistant = served.counter.assistant
    assert isinstance(assistant, Service)
    yield assistant
    assistant.live = False


def test_who_asks_for_a_person_sees_that_one_is_waited_for(visit: Visit) -> None:
    page = visit.open()
    line = Line(page)
    say(page, "a person, please")
    expect(page.locator(".reply")).to_contain_text(COMES["en"])
    expect(page.locator(".presence-state")).to_have_text("Waiting for a person")
    line.tell("waiting", place=3, wait_s=200)
    expect(page.locator(".presence-state")).to_have_text("Waiting for a person2 before youabout 4 min")
    page.get_by_text("What they will see").click()
    expect(page.locator(".they-see p").first).to_contain_text("This conversation")
    expect(page.locator(".they-see p").last).to_have_text("Wants to return the lamp of order W-1001; it flickers.")


def test_opening_hours_are_told_instead_of_minutes(visit: Visit) -> None:
    page = visit.open()
    line = Line(page)
    say(page, "a person, please")
    line.tell("waiting", opens_at="2031-05-05T09:00:00", wait_s=99)
    expect(page.locator(".presence-state")).to_contain_text("answers fromMon, May 5")
    expect(page.locator(".presence-state")).not_to_contain_text("min")


def test_a_person_joins_writes_and_leaves(visit: Visit, assistant: Service) -> None:
    page, line = joined(visit, assistant)
    expect(page.locator(".live-note.joined")).to_have_text("Mira of Linden & Lark has joined")
    expect(page.locator("#aisle-ask")).to_have_attribute("placeholder", "Write to Mira")
    line.tell("typing", name="Mira")
    expect(page.locator(".presence-typing")).to_have_text("Mira is typing")
    line.writes("Hello, I have your order before me.")
    said = page.locator(".agent-said")
    expect(said.locator(".agent-words")).to_have_text("Hello, I have your order before me.")
    expect(said.locator("strong")).to_have_text("Mira of Linden & Lark")
    assert said.evaluate("(node) => node.closest('[aria-live=polite]') !== null")
    expect(page.locator(".presence-typing")).to_be_empty()
    line.tell("handed_back", name="Mira")
    assistant.live = False
    expect(page.locator(".live-note").last).to_have_text("Mira has left. The assistant is back.")
    expect(page.locator(".presence")).to_be_hidden()
    expect(page.locator(".survey-question")).to_have_text("How was it with Mira?")
    say(page, "hello")
    expect(page.locator(".reply").last).to_contain_text("Hello. What are you looking for?")


def test_while_a_person_is_there_only_the_words_are_shown_and_the_shelf_stays(visit: Visit, assistant: Service) -> None:
    page, _ = joined(visit, assistant)
    cards = page.locator(".shelf .card .title").all_inner_texts()
    say(page, "it flickers")
    last = page.locator(".turn").last
    expect(last.locator(".said p")).to_have_text("it flickers")
    expect(last.locator(".sent")).to_have_text("Sent")
    expect(last.locator(".reply")).to_be_hidden()
    expect(last.locator(".thumbs, .survey, .bones")).to_have_count(0)
    assert page.locator(".shelf .card .title").all_inner_texts() == cards
    say(page, "since yesterday")
    expect(page.locator(".sent:visible")).to_have_count(1)
    expect(page.locator(".survey")).to_have_count(0)


def test_a_dropped_line_neither_loses_nor_doubles_a_message(visit: Visit, assistant: Service) -> None:
    page, line = joined(visit, assistant)
    for n in range(1, 6):
        line.writes(f"message {n}")
        expect(page.locator(".agent-words")).to_have_count(n)
    line.doubled = True
    again = len(line.asked)
    until(lambda: bool(page.wait_for_timeout(20)) or len(line.asked) > again + 2)
    expect(page.locator(".agent-words")).to_have_text([f"message {n}" for n in range(1, 6)])


def test_a_server_that_refuses_the_line_is_asked_again(visit: Visit, assistant: Service) -> None:
    page, line = joined(visit, assistant)
    line.refuses = True
    line.writes("Are you still there?")
    expect(page.locator(".presence-state")).to_have_text("The connection dropped. Trying again.", timeout=10_000)
    expect(page.locator(".agent-said")).to_have_count(0)
    line.refuses = False
    expect(page.locator(".agent-said")).to_have_count(1, timeout=15_000)
    expect(page.locator(".presence-state")).to_have_text("Mira of Linden & Lark is here")
    expect(page.locator(".live-note.joined")).to_have_count(1)
    visit.complaints.clear()  # the browser notes every answer that is no success


def test_both_sides_stand_in_their_order_after_a_reload(visit: Visit, assistant: Service, served: Served) -> None:
    page, line = joined(visit, assistant)
    turns = next(reversed(assistant.sessions.values()))
    line.writes("What is wrong with it?", turn_id=turns[-1].id)
    expect(page.locator(".agent-said")).to_have_count(1)
    say(page, "it flickers")
    line.writes("I am sorry to hear that.", turn_id=turns[-1].id)
    expect(page.locator(".agent-said")).to_have_count(2)
    say(page, "thank you")
    order = "[...document.querySelectorAll('.said p, .agent-words')].map((p) => p.textContent)"
    before = page.evaluate(order)
    assert before[2:] == ["What is wrong with it?", "it flickers", "I am sorry to hear that.", "thank you"]
    page.reload()
    ready(page)
    expect(page.locator(".agent-said")).to_have_count(2)
    assert page.evaluate(order) == before
    expect(page.locator(".presence-state")).to_have_text("Mira of Linden & Lark is here")
    expect(page.locator(".turn").last.locator(".reply")).to_be_hidden()


def test_who_writes_is_told_to_the_person_now_and_then(visit: Visit, assistant: Service) -> None:
    page, line = joined(visit, assistant)
    page.locator("#aisle-ask").press_sequentially("it flickers every evening")
    until(lambda: bool(page.wait_for_timeout(20)) or line.typed > 0)
    assert line.typed == 1


def test_nobody_is_told_who_writes_to_the_assistant(visit: Visit) -> None:
    page = visit.open()
    line = Line(page)
    say(page, "hello")
    page.locator("#aisle-ask").press_sequentially("a lamp")
    assert (line.typed, line.asked) == (0, [])


def test_closing_asks_once_how_the_person_did(visit: Visit, assistant: Service, served: Served) -> None:
    page, line = joined(visit, assistant)
    line.writes("Done: the label is in your mail.")
    line.tell("closed", name="Mira")
    expect(page.locator(".live-note").last).to_contain_text("Your request is closed.")
    expect(page.locator(".survey-question")).to_have_text("How was it with Mira?")
    page.get_by_role("button", name="Good", exact=True).click()
    page.get_by_label("Anything to add?").fill("Quick and kind.")
    page.locator(".survey-remark").get_by_role("button", name="Send").click()
    expect(page.locator(".survey")).to_have_text("Thank you. It is noted.")
    asking = served.counter.shop.surveys
    assert isinstance(asking, Asking)
    assert [(one.subject, value, words) for one, value, words in asking.answers[-2:]] == [
        ("agent", 4, None),
        ("agent", None, "Quick and kind."),
    ]
    assistant.live = False
    say(page, "hello")
    page.reload()
    ready(page)
    expect(page.locator(".agent-said")).to_have_count(1)
    expect(page.locator(".survey")).to_have_count(0)


def test_the_line_is_closed_with_the_request_and_opened_for_another(visit: Visit, assistant: Service) -> None:
    page, line = joined(visit, assistant)
    assistant.live = False
    line.tell("closed")
    expect(page.locator(".presence")).to_be_hidden()
    expect(page.locator(".survey")).to_have_count(0)  # nobody has written
    page.wait_for_timeout(5_200)
    asked = len(line.asked)
    page.wait_for_timeout(300)
    assert len(line.asked) == asked
    say(page, "a person again")
    expect(page.locator(".presence-state")).to_contain_text("Waiting")
    expect(page.locator(".live-note.joined")).to_have_count(1)


def test_what_is_opened_again_is_told_in_full_after_a_reload(visit: Visit, assistant: Service) -> None:
    page, line = joined(visit, assistant)
    turn = next(reversed(assistant.sessions.values()))[-1].id
    for name in ("closed", "claimed"):
        line.tell(name, name="Mira", turn_id=turn)
    line.writes("One more thing.", turn_id=turn)
    expect(page.locator(".agent-said")).to_have_count(1)
    page.reload()
    ready(page)
    expect(page.locator(".agent-said")).to_have_count(1)
    expect(page.locator(".live-note")).to_have_count(3)
    expect(page.locator(".presence-state")).to_have_text("Mira of Linden & Lark is here")


def test_the_card_is_skipped_with_one_tap(visit: Visit, assistant: Service) -> None:
    page, line = joined(visit, assistant)
    line.writes("Done.")
    line.tell("closed")
    page.get_by_role("button", name="Not now").click()
    expect(page.locator(".survey")).to_have_count(0)


def test_who_reads_elsewhere_is_told_and_not_moved(visit: Visit, assistant: Service) -> None:
    page, line = joined(visit, assistant, viewport=PHONE)
    for n in range(9):
        line.writes(f"line {n}\nand more of it")
    expect(page.locator(".agent-said")).to_have_count(9)
    expect(page.locator(".agent-said").last).to_be_in_viewport()
    page.locator(".scroll").evaluate("(node) => node.scrollTo(0, 0)")
    line.writes("One more thing")
    page.get_by_role("button", name="Mira has written").click()
    expect(page.locator(".agent-said").last).to_be_in_viewport()
    expect(page.locator(".presence-unread")).to_be_hidden()


def test_what_a_person_writes_is_text_and_its_addresses_are_links(visit: Visit, assistant: Service) -> None:
    page, line = joined(visit, assistant)
    line.writes("<img src=x onerror=a()> see https://post.example/t?id=7. Or javascript:alert(1)")
    words = page.locator(".agent-words")
    expect(words).to_contain_text("<img src=x onerror=a()> see https://post.example/t?id=7. Or javascript:alert(1)")
    expect(words.get_by_role("link")).to_have_attribute("href", "https://post.example/t?id=7")


def test_another_language_reaches_what_is_said_of_people(visit: Visit, assistant: Service) -> None:
    page, line = joined(visit, assistant, zh=True)
    line.writes("您好，我是米拉。")
    expect(page.locator(".live-note.joined")).to_have_text("Mira（Linden & Lark）加入了对话")
    expect(page.locator("#aisle-ask")).to_have_attribute("placeholder", "写给 Mira")
    page.get_by_role("button", name="语言").click()
    expect(page.locator(".live-note.joined")).to_have_text("Mira of Linden & Lark has joined")
    expect(page.locator("#aisle-ask")).to_have_attribute("placeholder", "Write to Mira")
    expect(page.locator(".presence-state")).to_have_text("Mira of Linden & Lark is here")


def test_starting_over_leaves_the_person(visit: Visit, assistant: Service) -> None:
    page, line = joined(visit, assistant)
    assistant.live = False
    page.get_by_role("button", name="Start over").click()
    expect(page.locator(".presence")).to_be_hidden()
    asked = len(line.asked)
    say(page, "hello")
    page.wait_for_timeout(200)
    assert len(line.asked) == asked


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_colour_of_a_person_meets_aa(name: str) -> None:
    block = {"light": ":root {", "dark": 'data-theme="dark"] {'}[name]
    sheets = [(STATIC / f"{sheet}.css").read_text(encoding="utf-8") for sheet in ("tokens", "live")]
    found = {}
    for sheet in sheets:
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", sheet.split(block)[1].split("}")[0]))
    for ground in ("ground", "paper", "agent"):
        assert contrast(found["agent-ink"], found[ground]) >= 4.5, ground
    assert contrast(found["ink"], found["agent"]) >= 4.5

"""What is answered often, in a real browser at the desk: looked for with a word, added, copied, turned away."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from catalog import load_policies
from tests.web.desks import Desked, listening
from tests.web.often import ANSWER, QUESTION, answered, answering
from tests.web.visits import DESK, PHONE, Visit, overflow

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.real
WRAP = "Can you wrap it for a person?"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desked]:
    with answering(tmp_path) as made:
        yield made


@pytest.fixture
def visit(browser: "Browser", desk: Desked) -> Iterator[Visit]:
    for _ in range(3):
        answered(desk)
        answered(desk, WRAP, "Yes, for four dollars.")
    with listening(desk.app) as url:
        visit = Visit(browser, f"{url}/")
        yield visit
        for context in visit.contexts:
            context.close()
    assert visit.complaints == []


def at_desk(visit: Visit, desk: Desked, name: str, **more: object) -> Page:
    size = more.pop("viewport", DESK)
    context = visit.browser.new_context(viewport=size, locale="en-US", reduced_motion="reduce", **more)  # type: ignore[arg-type]
    context.add_cookies([{"name": "aisle_desk", "value": desk.tokens[name], "url": visit.url}])
    visit.contexts.append(context)
    page = context.new_page()
    page.on("pageerror", lambda e: visit.complaints.append(str(e)))
    page.goto(f"{visit.url}desk?view=faq")
    return page


def test_the_owner_adds_one_in_other_words_and_turns_the_other_away(
    visit: Visit,
    desk: Desked,
    tmp_path: Path,
) -> None:
    page = at_desk(visit, desk, "oda")
    expect(page.locator("h1")).to_have_text("Often answered")
    rows = page.locator(".faq li")
    expect(rows).to_have_count(2)
    engrave = rows.filter(has_text=QUESTION)
    expect(engrave.locator(".faq-answer")).to_have_text(ANSWER)
    expect(engrave.locator(".faq-rests")).to_contain_text("Asked 3 times")
    engrave.get_by_role("button", name="Add to the FAQ").click()
    expect(page.locator("dialog .will")).to_contain_text("at the end of faq.en.md")
    expect(page.get_by_label("Question")).to_have_value(QUESTION)
    page.get_by_label("Answer").fill("Glass, within two days.")
    page.locator("dialog").get_by_role("button", name="Add to the FAQ").click()
    expect(page.locator(".toast")).to_have_text("Added to faq.en.md.")
    expect(rows).to_have_count(1)
    (policy,) = load_policies(tmp_path / "policies")
    assert (policy.title, policy.text) == (QUESTION, "Glass, within two days.")

    rows.get_by_role("button", name="Not this one").click()
    expect(page.locator(".faq .empty")).to_contain_text("Nothing to suggest.")
    page.reload()
    expect(page.locator(".faq .empty")).to_contain_text("Nothing to suggest.")


def test_what_is_in_the_file_already_is_told_in_the_owners_language(
    visit: Visit,
    desk: Desked,
    tmp_path: Path,
) -> None:
    page = at_desk(visit, desk, "oda")
    expect(page.locator(".faq li")).to_have_count(2)
    page.locator('[data-act="language"]').click()
    expect(page.locator("h1")).to_have_text("常答问题")
    row = page.locator(".faq li").filter(has_text=QUESTION)
    row.get_by_role("button", name="加入常见问题").click()
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "faq.en.md").write_text(f"## {QUESTION}\n\nNo.\n")
    page.locator("dialog").get_by_role("button", name="加入常见问题").click()
    expect(page.locator("dialog .fault")).to_have_text("faq.en.md 里已有这个问题，未作改动。")
    assert len(load_policies(tmp_path / "policies")) == 1


def test_a_lead_copies_it_and_opens_its_conversation_and_an_agent_has_no_such_view(
    visit: Visit,
    desk: Desked,
) -> None:
    page = at_desk(visit, desk, "lea", permissions=["clipboard-read", "clipboard-write"])
    row = page.locator(".faq li").filter(has_text=WRAP)
    expect(row.get_by_role("button", name="Add to the FAQ")).to_have_count(0)
    row.get_by_role("button", name="Copy as FAQ entry").click()
    expect(row.get_by_role("status")).to_contain_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == f"## {WRAP}\n\nYes, for four dollars.\n"
    row.get_by_role("link", name="Ticket 1").click()
    expect(page.locator(".convo .said")).to_contain_text("Yes, for four dollars.")

    agent = at_desk(visit, desk, "ann")
    expect(agent.locator(".places a")).to_have_count(4)
    expect(agent.locator(".places")).not_to_contain_text("Often answered")


def test_it_fits_a_phone(visit: Visit, desk: Desked) -> None:
    page = at_desk(visit, desk, "oda", viewport=PHONE)
    expect(page.locator(".faq li")).to_have_count(2)
    assert overflow(page) <= 0

"""The survey's view on the owner's page, in a real browser: what is asked, who answers, and a file that is taken in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assistant.record.surveys import Surveys
from assistant.surveys import PACKAGED, load_rules
from tests.web.desks import listening
from tests.web.insights.houses import insighted
from tests.web.insights.test_page import Owner, overflow
from tests.web.visits import DESK, PHONE

pytestmark = pytest.mark.real
BAD = "key,at,scale,value,source,comment\n1,2026-11-20,stars,5,phone,\n2,2026-11-20,stars,9,phone,\n=3,soon,nps,4,phone,\n"


@pytest.fixture
def owner(browser: Browser, tmp_path: Path) -> Iterator[Owner]:
    with insighted(tmp_path, page=True) as house, listening(house.app) as url:
        house.shop.surveys = Surveys(house.record.engine, load_rules(PACKAGED), clock=house.clock)
        made = Owner(browser, house, url)
        yield made
        for context in made.contexts:
            context.close()
        assert made.complaints == []


@pytest.mark.parametrize("viewport", [DESK, PHONE, {"width": 320, "height": 640}])
def test_an_owner_sees_what_is_asked_where_nobody_was_asked_yet(owner: Owner, viewport: dict[str, int]) -> None:
    page = owner.open("?view=surveys", viewport)
    expect(page.locator(".survey-forms")).to_contain_text("How was it with the assistant?")
    expect(page.locator(".survey-moments li")).to_have_count(4)
    expect(page.locator(".empty")).to_contain_text("Nobody was asked on these days.")
    assert overflow(page) <= 0
    page.get_by_role("button", name="Language").click()
    expect(page.locator(".survey-forms")).to_contain_text("助手帮到您了吗？")


def test_who_answers_appears_by_itself(owner: Owner) -> None:
    page = owner.open("?view=surveys")
    expect(page.locator(".empty")).to_be_visible()
    asked = owner.house.shop.surveys
    assert asked is not None
    offer = asked.ask(owner.house.talk(), "link")
    asked.answer(offer.id, 5, source="link")
    row = page.locator("[data-key=survey-answered] tbody tr")
    expect(row).to_have_count(1, timeout=15_000)
    expect(row).to_contain_text("asked for by the shop")
    expect(row).to_contain_text("100% (of only 1)")


def test_numbers_lead_to_their_conversations_and_filters_hold(owner: Owner) -> None:
    asked = owner.house.shop.surveys
    assert asked is not None
    for locale, value in (("en", 5), ("en", 2), ("zh", 4)):
        words = "台灯" if locale == "zh" else "a brass lamp"
        asked.answer(asked.ask(owner.house.talk(words=words, locale=locale), "desk").id, value)
    page = owner.open("?view=surveys&locale=en")
    row = page.locator("[data-key=survey-answered] tbody tr")
    expect(row).to_contain_text("of only 2")
    row.get_by_role("link", name="50%").click()
    panel = page.locator(".panel")
    expect(panel.locator(".talk-row")).to_have_count(1)
    expect(panel.locator(".panel-title")).to_contain_text("asked for by the shop · The assistant · desk: Satisfied")
    page.go_back()
    row.get_by_role("link", name="2", exact=True).first.click()
    expect(panel.locator(".talk-row")).to_have_count(2)
    panel.locator(".talk-row").first.click()
    expect(panel).to_contain_text("a brass lamp")
    page.get_by_role("button", name="Close").first.click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV", exact=True).click()
    lines = Path(taken.value.path()).read_text("utf-8-sig").splitlines()
    assert lines[1].startswith("assistant,manual,desk,2,2,0,1,1.0,")
    page = owner.open("?view=surveys&locale=zh&category=none")
    expect(page.locator(".empty")).to_contain_text("On these days nobody was asked in a conversation that fits")
    page.get_by_role("link", name="Clear all").last.click()
    expect(page.locator("[data-key=survey-answered] tbody tr")).to_contain_text("of only 3")


def test_a_file_is_taken_in_and_what_was_left_out_is_listed(owner: Owner, tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(BAD)
    page = owner.open("?view=surveys")
    page.set_input_files("#survey-file", file)
    result = page.locator(".survey-result")
    expect(result).to_contain_text("answers.csv: 1 added, 0 known already, 2 left out.")
    expect(result.locator("tbody tr").first).to_contain_text("9 is not from 1 to 5")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download this list").click()
    assert "'=3" in Path(taken.value.path()).read_text("utf-8-sig")
    expect(page.locator("[data-key=survey-elsewhere]")).to_contain_text("phone", timeout=15_000)
    with page.expect_download() as blank:
        page.get_by_role("link", name="Download the template").click()
    assert Path(blank.value.path()).read_text("utf-8-sig").startswith("key,at,session_id,turn_id")


def test_what_is_no_such_file_is_said_in_words(owner: Owner, tmp_path: Path) -> None:
    file = tmp_path / "picture.csv"
    file.write_text("a,b\n1,2\n")
    page = owner.open("?view=surveys")
    page.set_input_files("#survey-file", file)
    expect(page.locator(".survey-result")).to_contain_text("there is no column key nor at nor scale nor value")
    owner.complaints.clear()  # the browser notes the refusal

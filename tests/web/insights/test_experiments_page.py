"""An experiment in a real browser: planned with the planner's answer, started, stopped, decided; and how it looks."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.insight.experiments.lab import Lab
from assistant.insight.experiments.ledger import Ledger
from assistant.record.experiments import Experiments
from catalog import Catalog
from tests.web.insights.test_experiments import meets, planned, running
from tests.web.insights.test_page import SMALL, Owner, serve
from tests.web.visits import DESK, PHONE

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def owner(browser: Browser, tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> Iterator[Owner]:
    for one in serve(browser, tmp_path_factory.mktemp("experiments")):
        house = one.house
        ledger = Ledger(Experiments(house.record.engine, house.clock), lambda: {"ranker": ("standard", "meaning")})
        assert house.shop.insights is not None
        house.shop.insights.experiments = Lab(ledger, house.clock, lambda: catalog)
        house.live(4, 8)
        yield one


@pytest.fixture
def page(owner: Owner) -> Iterator[Page]:
    owner.complaints.clear()
    yield owner.open("?view=experiments")
    assert [one for one in owner.complaints if "422" not in one] == []  # which a browser notes of every refusal
    for context in owner.contexts:
        context.close()
    owner.contexts.clear()


def test_an_owner_plans_starts_stops_and_decides_in_the_browser(page: Page) -> None:
    page.get_by_role("link", name="Plan an experiment").click()
    expect(page.get_by_text(re.compile(r"About [\d,]+ conversations"))).to_be_visible()
    page.get_by_label("Name").first.fill("More variety")
    page.get_by_label("What is tried").select_option("slate_size")
    expect(page.get_by_label("Value").nth(1)).to_have_value("6")
    page.get_by_label("Smallest difference").fill("10")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_role("heading", name="More variety")).to_be_visible()
    for button, state in (("Start", "Running"), ("Stop", "Stopped")):
        page.get_by_role("button", name=button, exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name=button, exact=True).click()
        expect(page.locator(".x-state")).to_contain_text(state, timeout=10_000)
    page.get_by_role("button", name="Keep As now").click()
    page.get_by_label("Why").fill("Nobody came.")
    page.get_by_role("dialog").get_by_role("button", name="Keep As now").click()
    expect(page.get_by_text("Decided for As now: Nobody came.")).to_be_visible(timeout=10_000)


def test_what_makes_no_sense_is_said_where_it_is_written(page: Page) -> None:
    page.get_by_role("link", name="Plan an experiment").click()
    page.get_by_label("Name").first.fill("Too much")
    page.get_by_label("Value").nth(1).fill("7")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_role("alert")).to_contain_text("variety goes from 0 to 1")
    page.get_by_label(re.compile("^How")).first.select_option("interleaved")
    expect(page.get_by_label("What decides")).to_be_hidden()


def test_what_the_past_cannot_say_is_explained(page: Page) -> None:
    page.get_by_role("button", name="Estimate").click()
    expect(page.get_by_text("Chance has decided nothing yet")).to_be_visible()


@pytest.mark.parametrize("viewport", [DESK, PHONE, SMALL], ids=["desk", "phone", "small"])
def test_a_result_fits_every_width(page: Page, owner: Owner, viewport: dict[str, int]) -> None:
    house = owner.house
    if not hasattr(owner, "told"):
        owner.told = running(house)  # type: ignore[attr-defined]
        meets(house, owner.told, 160, (0.1, 0.7))  # type: ignore[attr-defined]
        planned(house, varied="ranker", arms=[{"name": "A", "value": "standard"}, {"name": "B", "value": "meaning"}])
    shown = owner.open(f"?view=experiments&item={owner.told}", viewport)  # type: ignore[attr-defined]
    expect(shown.locator(".x-verdict")).to_contain_text("Some variety is better")
    expect(shown.locator("figure.chart svg")).to_be_visible()
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if viewport is DESK:
        shown.locator('[data-act="language"]').click()
        expect(shown.locator(".x-verdict")).to_contain_text("更好")


def test_own_weights_are_planned_field_by_field_and_read_again_in_words(page: Page) -> None:
    page.get_by_role("link", name="Plan an experiment").click()
    page.get_by_label("Name").first.fill("Ratings first")
    page.get_by_label("What is tried").select_option("ranker")
    page.get_by_label("Value").nth(1).select_option("own")
    page.get_by_label("Rating", exact=True).fill("7")
    page.get_by_label(re.compile("Shoppers to take part")).evaluate("node => { node.value = '500'; }")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_role("alert")).to_contain_text("weights from 0 to 3")
    page.get_by_label("Rating", exact=True).fill("0.7")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_role("heading", name="Ratings first")).to_be_visible()
    page.get_by_role("link", name="Back to all experiments").click()
    expect(page.get_by_text("Words of the wish 0.8 · Rating 0.7 · Rating, no kind asked for 0.04")).to_be_visible()


def test_what_decides_is_no_guardrail_and_mixed_rankings_have_none(page: Page) -> None:
    page.get_by_role("link", name="Plan an experiment").click()
    guards = page.locator(".x-guards")
    expect(guards.get_by_label("Revenue a conversation")).to_be_checked()
    expect(guards.get_by_label("Conversion")).to_be_hidden()
    expect(guards.get_by_label("Thumbs up")).not_to_be_checked()
    guards.get_by_label("Satisfied shoppers").uncheck()
    page.get_by_label("What decides").select_option("ctr")
    expect(guards.get_by_label("Conversion")).to_be_checked()
    expect(guards.get_by_label("Satisfied shoppers")).not_to_be_checked()
    page.get_by_label(re.compile("^How")).first.select_option("interleaved")
    expect(guards.get_by_label("Conversion")).to_be_hidden()
    expect(guards).to_contain_text("None: every shopper meets both rankings at once")

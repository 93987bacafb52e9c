"""The weekly report in a real browser: on a phone, kept as PDF by its button, and as a PDF that can be read."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.insight.experiments.lab import Lab
from assistant.insight.experiments.ledger import Ledger
from assistant.insight.gaps import Gaps
from assistant.record.experiments import Experiments
from catalog import Catalog
from tests.web.insights.houses import HOME
from tests.web.insights.test_opinions_and_alerts import attach
from tests.web.insights.test_page import Owner, serve
from tests.web.insights.test_report import a_full_week
from tests.web.pdf import pages
from tests.web.visits import DESK, PHONE

pytestmark = pytest.mark.real
_A4 = (595, 842)  # points
_PAGE_PX = (297 - 16 - 18) * 96 / 25.4  # between the margins
_WIDTH_PX = (210 - 2 * 14) * 96 / 25.4


@pytest.fixture(scope="module")
def owner(browser: Browser, tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> Iterator[Owner]:
    for one in serve(browser, tmp_path_factory.mktemp("report")):
        house, now = one.house, one.house.clock.now
        engine = house.record.engine
        house.shop.insights.gaps = Gaps(engine, lambda: catalog)  # type: ignore[union-attr]
        ledger = Ledger(Experiments(engine, house.clock), lambda: {"ranker": ("standard", "meaning")})
        house.shop.insights.experiments = Lab(ledger, house.clock, lambda: catalog)  # type: ignore[union-attr]
        attach(house)
        house.live(16, 12)
        a_full_week(house, now - timedelta(days=now.weekday()))
        house.clock.now = now
        yield one


def report(owner: Owner, query: str = "", viewport: dict[str, int] = DESK) -> Page:
    page = owner.page("oda", viewport)
    page.goto(f"{owner.url}{HOME}/report{query}")
    expect(page.locator("h1")).to_be_visible()
    return page


def printed(page: Page) -> bytes:
    return page.pdf(prefer_css_page_size=True, print_background=True)


def test_the_button_opens_the_browser_s_print_window(owner: Owner) -> None:
    page = owner.page("oda")
    page.add_init_script("window.print = () => { window.printed = (window.printed || 0) + 1 }")
    page.goto(f"{owner.url}{HOME}/report")
    page.get_by_role("button", name="Save as PDF").click()
    assert page.evaluate("window.printed") == 1
    assert owner.complaints == []  # the policy of the page lets its script run


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (
            "",
            ["Wantedmostandnotgot", "Whatshopperspraiseandcomplainof", "Alertsoftheweek", "Experiments", "caughtfire"],
        ),
        ("?lang=zh", ["最想要却没有得到的", "顾客的称赞与抱怨", "本周提醒", "实验", "每日对话"]),
    ],
)
def test_the_pdf_is_a_few_a4_pages_with_every_part_and_numbers(owner: Owner, query: str, words: list[str]) -> None:
    pdf = printed(report(owner, query))
    found = pages(pdf)
    assert 2 <= len(found) <= 5
    sizes = {tuple(round(float(one)) for one in box.split()[2:]) for box in _boxes(pdf)}
    assert sizes == {_A4}
    for number, page in enumerate(found, start=1):
        assert page.endswith(f"{number}/{len(found)}") or page.startswith(f"{number}/{len(found)}")
    for part in words:
        assert sum(part in page for page in found) >= 1, part
    assert "SaveasPDF" not in "".join(found) and "另存为PDF" not in "".join(found)


def test_no_part_of_the_pdf_is_cut(owner: Owner) -> None:
    """What may not break must fit on a page, else the browser breaks it all the same; nothing is wider than the paper."""
    page = report(owner)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": round(_WIDTH_PX), "height": 900})
    kept = page.locator("section, svg, tr, .legend, .verdicts li")
    assert set(kept.evaluate_all("(all) => all.map((it) => getComputedStyle(it).breakInside)")) == {"avoid"}
    heights = page.locator("section").evaluate_all("(all) => all.map((it) => it.getBoundingClientRect().height)")
    assert len(heights) >= 9 and max(heights) < _PAGE_PX
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    found = pages(printed(page))
    for heading, last in (("Conversationsbyday", "Sun"), ("Fromtalkingtobuying", "Bought")):
        (where,) = [one for one in found if heading in one]
        assert last in where[where.index(heading) :], heading  # the chart is whole on the page of its heading


def test_the_report_fits_a_phone_and_leads_back_to_the_page(owner: Owner) -> None:
    page = report(owner, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_role("link", name="delivery", exact=True).click()
    expect(page.get_by_role("heading", name="In their words: delivery")).to_be_visible(timeout=20_000)
    assert owner.complaints == []


def _boxes(pdf: bytes) -> list[str]:
    import re

    return [box.decode() for box in re.findall(rb"/MediaBox\s*\[([^\]]*)\]", pdf)]

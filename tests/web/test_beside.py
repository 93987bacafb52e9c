"""What stands beside a listing in its sheet, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.web.visits import PHONE, Served, Visit, overflow, say

pytestmark = pytest.mark.real


def titles(page: Page, heading: str) -> list[str]:
    row = page.locator("dialog .part").filter(has=page.get_by_role("heading", name=heading, exact=True))
    return row.locator(".small-title").all_inner_texts()


def test_similar_products_open_in_the_sheet_and_are_read_out(visit: Visit, served: Served) -> None:
    served.counter.record.together = {"lig-01": (("lig-03", 3),)}
    page = visit.open()
    say(page, "a lamp")
    page.locator(".shelf .card .title").first.click()
    expect(page.locator("dialog h2")).to_have_text("Halvane Heron Jointed Desk Lamp")
    assert len(titles(page, "Similar")) == 4
    assert len(titles(page, "Often bought together")) == 1
    chosen = page.locator("dialog .small-card").last
    title = chosen.locator(".small-title").inner_text()
    chosen.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog h2")).to_have_text(title)
    expect(page.locator("dialog h2")).to_be_focused()
    assert titles(page, "Often bought together") == []


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_the_row_scrolls_and_the_page_does_not(visit: Visit, width: int) -> None:
    page = visit.open(PHONE | {"width": width}, locale="zh-CN")
    say(page, "台灯")
    page.locator(".turn .card .title").first.click()
    expect(page.locator("dialog .small-card").first).to_be_visible()
    assert len(titles(page, "相似商品")) == 4
    assert overflow(page) == 0
    assert page.evaluate("(b => b.scrollWidth - b.clientWidth)(document.querySelector('.sheet-body'))") == 0


def test_instead_of_what_is_sold_out_comes_first_what_is_in_stock(visit: Visit, served: Served) -> None:
    page = visit.open()
    say(page, "a lamp")
    gone = next(p for p in served.counter.catalog if not p.in_stock)
    page.evaluate(
        """id => import('/page/sheet.js').then(sheet => sheet.showListing(
            {product_id: id, title: 'Gone', price: 1, currency: 'USD', in_stock: false}, [],
            {similar: [{product_id: 'x', title: 'Here', price: 2, currency: 'USD', in_stock: true}]}, {}))""",
        gone.id,
    )
    assert titles(page, "In stock instead") == ["Here"]

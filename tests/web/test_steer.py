"""The table of a comparison, the control of variety and the way back, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.web.visits import PHONE, Served, Visit, finished, overflow, ready, say

pytestmark = pytest.mark.real


def test_a_comparison_is_a_table_whose_cells_open_their_source(visit: Visit) -> None:
    page = visit.open()
    say(page, "a lamp")
    say(page, "Compare these")
    table = page.locator(".reply table")
    expect(table.get_by_role("columnheader")).to_have_count(4)
    expect(table.get_by_role("rowheader")).to_have_text(["Price", "Power"])
    expect(table.locator("tbody tr").nth(1).locator("td").nth(1)).to_have_text("not stated")
    expect(table.locator(".best")).to_have_count(1)
    table.locator(".told").first.click()
    expect(page.locator("dialog h2")).to_have_text("Halvane Heron Jointed Desk Lamp")


def test_a_comparison_comes_back_with_the_page(visit: Visit) -> None:
    page = visit.open()
    say(page, "a lamp")
    say(page, "Compare these")
    page.reload()
    ready(page)
    expect(page.locator(".reply table")).to_have_count(1)


def test_on_a_phone_a_comparison_scrolls_sideways_within_itself(visit: Visit) -> None:
    page = visit.open(PHONE, has_touch=True, is_mobile=True)
    say(page, "a lamp")
    say(page, "Compare these")
    box = page.locator(".compared")
    assert box.evaluate("(node) => node.scrollWidth > node.clientWidth")
    assert overflow(page) == 0


@pytest.mark.parametrize("phone", [False, True])
def test_variety_is_a_step_that_asks_again_for_the_same_need(visit: Visit, served: Served, phone: bool) -> None:
    page = visit.open(PHONE) if phone else visit.open()
    expect(page.locator(".steer")).to_be_hidden()
    say(page, "a lamp")
    expect(page.locator(".level[aria-pressed=true]")).to_have_text("Closest")
    page.get_by_role("button", name="Varied", exact=True).click()
    finished(page)
    heard = served.counter.assistant.heard[-1]
    assert heard.variety == 0.6 and heard.need is not None
    expect(page.locator(".level[aria-pressed=true]")).to_have_text("Varied")
    assert overflow(page) == 0


def test_undo_is_a_button(visit: Visit) -> None:
    page = visit.open(locale="zh-CN")
    say(page, "台灯")
    page.get_by_role("button", name="撤销").click()
    finished(page)
    expect(page.locator(".said p").last).to_have_text("撤销")

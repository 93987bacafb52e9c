"""What was wanted and not got, and shifts, in a real browser."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assistant.insight.drift import Drift
from assistant.insight.gaps import Gaps
from assistant.lacking import not_carried, unanswered
from catalog import Catalog
from tests.shop import OAK
from tests.web.insights.test_gaps_and_drift import wants
from tests.web.insights.test_page import Owner, serve
from tests.web.visits import PHONE, overflow

pytestmark = pytest.mark.real


@pytest.fixture
def owner(browser: Browser, tmp_path: Path, catalog: Catalog) -> Iterator[Owner]:
    for owner in serve(browser, tmp_path):
        insights = owner.house.shop.insights
        assert insights is not None
        insights.gaps, insights.drift = (
            Gaps(owner.house.record.engine, lambda: catalog),
            Drift(owner.house.record.engine),
        )
        yield owner
        for context in owner.contexts:
            context.close()
        assert owner.complaints == []


def test_a_thing_wanted_leads_to_its_conversations_and_to_a_file(owner: Owner, tmp_path: Path) -> None:
    wants(owner.house, not_carried("hats"))
    wants(owner.house, not_carried("帽子"), words="有帽子吗？", locale="zh")
    wants(owner.house, unanswered("What voltage is it?", OAK), words="What voltage is it?")
    page = owner.open("?view=gaps")
    hat = page.locator('[data-list="not_carried"] .gap')
    expect(hat).to_contain_text("hat")
    hat.locator(".gap-count a").click()
    expect(page.locator(".panel .talk-row")).to_have_count(2)
    page.locator(".panel .talk-row").first.click()
    expect(page.locator(".panel")).to_contain_text("有帽子吗？")
    page.keyboard.press("Escape")
    spark = hat.locator(".spark-link")
    spark.focus()
    page.keyboard.press("End")
    assert "2 conversations" in (spark.get_attribute("aria-label") or "")
    page.keyboard.press("Enter")
    expect(page.locator(".panel .talk-row")).to_have_count(2)
    page.keyboard.press("Escape")
    page.locator('[data-key="gaps-all"]').click()
    expect(page.locator(".panel .talk-row")).to_have_count(3)
    page.keyboard.press("Escape")
    with page.expect_download() as fetched:
        page.locator('[data-list="unanswered"] a[download]').first.click()
    file = tmp_path / "todo.csv"
    fetched.value.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as rows:
        assert [row["what"] for row in csv.DictReader(rows)] == ["Voltage"]


def test_a_new_wish_appears_while_the_page_is_open(owner: Owner) -> None:
    page = owner.open("?view=gaps")
    expect(page.locator(".view-place")).to_contain_text("No conversation of these days lacked anything.")
    wants(owner.house, not_carried("drones"))
    expect(page.locator('[data-list="not_carried"]')).to_contain_text("drone", timeout=8_000)


def test_a_shift_is_told_in_words_in_both_languages_and_fits_a_phone(owner: Owner) -> None:
    now = owner.house.clock.now
    for back, chinese in ((40, 5), (3, 40)):
        for n in range(60):
            owner.house.clock.now = now - timedelta(days=back, minutes=n)
            owner.house.talk(locale="zh" if n < chinese else "en")
    owner.house.clock.now = now
    page = owner.open("?view=drift", PHONE)
    expect(page.locator(".shift-words")).to_contain_text("English fell from 91.7% to 33.3%")
    assert overflow(page) == 0
    page.locator('[data-act="language"]').click()
    expect(page.locator(".shift-words")).to_contain_text("英语对话的占比从 91.7% 降至 33.3%")
    page.locator(".shift .behind").first.click()
    expect(page.locator(".panel .talk-row").first).to_be_visible()
    page.keyboard.press("Escape")
    page.locator('[data-key="drift-period-before"]').click()
    expect(page.locator(".panel .talk-row")).to_have_count(50)

"""The owner's page in a real browser, beside a shopper's."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.web.desks import SECRET, listening
from tests.web.insights.houses import House, insighted
from tests.web.visits import DESK, PHONE, ready, say

pytestmark = pytest.mark.real
SMALL = {"width": 320, "height": 640}


@dataclass
class Owner:
    """Browsers on one served shop; complaints of any page are kept."""

    browser: Browser
    house: House
    url: str
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def page(self, name: str | None, viewport: dict[str, int] = DESK, locale: str = "en-US", **more: object) -> Page:
        context = self.browser.new_context(viewport=viewport, locale=locale, reduced_motion="reduce", **more)  # type: ignore[arg-type]
        self.contexts.append(context)
        if name:
            context.add_cookies([{"name": "aisle_desk", "value": self.house.tokens[name], "url": self.url}])
        page = context.new_page()
        page.on("console", lambda m: m.type == "error" and self.complaints.append(m.text))
        page.on("pageerror", lambda e: self.complaints.append(str(e)))
        page.on("request", lambda r: r.url.startswith((self.url, "data:", "blob:")) or self.complaints.append(r.url))
        return page

    def open(self, query: str = "", viewport: dict[str, int] = DESK, **more: object) -> Page:
        """The figures as Oda, who owns the shop, sees them."""
        page = self.page("oda", viewport, **more)  # type: ignore[arg-type]
        page.goto(f"{self.url}/insights{query}")
        expect(page.locator(".insights[data-state=ready]")).to_be_visible(timeout=20_000)
        return page


def serve(browser: Browser, folder: Path) -> Iterator[Owner]:
    with insighted(folder, now=datetime.now(UTC), page=True) as house, listening(house.app) as url:
        yield Owner(browser, house, url)


@pytest.fixture(scope="module")
def many(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Owner]:
    """A shop that has been talked with for weeks."""
    for owner in serve(browser, tmp_path_factory.mktemp("many")):
        owner.house.live(20, 12)
        yield owner


@pytest.fixture
def few(browser: Browser, tmp_path: Path) -> Iterator[Owner]:
    """A shop that has just opened."""
    for owner in serve(browser, tmp_path):
        yield owner
        assert owner.complaints == []


@pytest.fixture
def owner(many: Owner) -> Iterator[Owner]:
    yield many
    for context in many.contexts:
        context.close()
    many.contexts.clear()
    complaints = many.complaints[:]
    many.complaints.clear()
    assert complaints == []


def figure(page: Page, name: str) -> str:
    return page.locator(".headline .figure").filter(has=page.locator("dt", has_text=name)).locator(".big").inner_text()


def overflow(page: Page) -> int:
    return page.evaluate(
        "() => { const it = document.querySelector('.scrolled'); return Math.max(it.scrollWidth - it.clientWidth, document.documentElement.scrollWidth - innerWidth) }"
    )


# ---- From the shop to the figures


def test_what_a_shopper_does_appears_within_five_seconds(few: Owner) -> None:
    page = few.open()
    expect(page.locator(".first h2")).to_have_text("Your shop’s figures will stand here")
    shopper = few.page(None)
    shopper.goto(f"{few.url}/")
    ready(shopper)
    say(shopper, "a lamp")
    expect(page.locator(".headline .figure").nth(0).locator(".big")).to_have_text("1", timeout=5_000)
    expect(page.locator(".headline .figure").nth(1).locator(".big")).to_have_text("0%")
    shopper.locator(".shelf .title").first.click()
    expect(page.locator(".headline .figure").nth(1).locator(".big")).to_have_text("100%", timeout=5_000)
    turn_id = few.house.record.turns(
        few.house.get("/conversations")["conversations"][0]["session_id"], few.house.catalog.get
    )[0].id
    bought = {"turn_id": turn_id, "product_id": "lig-01", "kind": "purchase"}
    assert shopper.request.post(f"{few.url}/api/v1/events", data=bought).ok
    expect(page.locator(".headline .figure").nth(2).locator(".big")).to_have_text("100%", timeout=5_000)
    rated = {"turn_id": turn_id, "kind": "stars", "value": 5}
    assert shopper.request.post(f"{few.url}/api/v1/feedback", data=rated).ok
    expect(page.locator(".headline .figure").nth(3).locator(".big")).to_have_text("100%", timeout=5_000)
    expect(page.locator(".headline")).to_contain_text("Only one rating: a first impression.")


def test_few_conversations_are_told_as_few_and_no_trend_is_drawn(few: Owner) -> None:
    for n in range(10):
        few.house.talk("click", rating=4 if n < 3 else None)
    page = few.open()
    expect(page.locator(".insights")).to_contain_text("10 conversations are too few for a trend")
    expect(page.locator(".lines")).to_have_count(0)
    expect(page.locator(".headline .change").first).to_have_text("too few before to compare")


# ---- Coming in


def test_the_owner_signs_in_with_the_account_of_the_desk(owner: Owner) -> None:
    page = owner.page(None)
    page.goto(f"{owner.url}/insights")
    expect(page.get_by_role("heading", name="Sign in to insights")).to_be_visible()
    page.get_by_label("E-mail").fill("oda@example.org")
    page.get_by_label("Password", exact=True).fill(SECRET)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".headline")).to_be_visible()
    page.get_by_role("link", name="Desk", exact=True).click()
    expect(page.locator(".desk[data-state=ready]")).to_be_visible(timeout=20_000)


def test_who_does_not_own_the_shop_is_told_so_and_led_to_the_desk(owner: Owner) -> None:
    page = owner.page("lea")
    page.goto(f"{owner.url}/insights")
    expect(page.get_by_role("heading", name="This page is for the owner")).to_be_focused()
    expect(page.locator(".gate")).to_contain_text("Lea (Lead)")
    assert page.locator(".gate a").get_attribute("href") == "/desk"
    expect(page.locator(".work")).to_be_hidden()


# ---- Filters


def test_filters_stand_in_the_address_and_back_takes_them_off(owner: Owner) -> None:
    page = owner.open()
    all_of_them = figure(page, "Talked")
    page.locator(".filter-menu summary").click()
    page.locator(".filter-menu select[name=locale]").select_option("zh")
    expect(page).to_have_url(re.compile(r"locale=zh"))
    expect(page.locator(".chips .pill")).to_have_text("Language: Chinese")
    expect(page.locator(".headline .big").first).not_to_have_text(all_of_them)
    chinese = figure(page, "Talked")
    page.reload()
    expect(page.locator(".headline .big").first).to_have_text(chinese)
    page.locator(".chips .pill").click()
    expect(page).not_to_have_url(re.compile(r"locale"))
    expect(page.locator(".headline .big").first).to_have_text(all_of_them)
    page.go_back()
    expect(page.locator(".headline .big").first).to_have_text(chinese)
    page.go_back()
    expect(page.locator(".chips")).to_be_hidden()


def test_a_period_is_chosen_with_one_tap_or_by_its_days(owner: Owner) -> None:
    page = owner.open()
    page.get_by_role("button", name="7 days").click()
    expect(page).to_have_url(re.compile(r"days=7"))
    expect(page.get_by_role("button", name="7 days")).to_have_attribute("aria-pressed", "true")
    page.get_by_text("Dates", exact=True).click()
    day = page.get_by_label("From").input_value()
    page.get_by_label("To (included)").fill(day)
    page.get_by_role("button", name="Show these days").click()
    expect(page).to_have_url(re.compile(rf"from={day}&to={day}"))


def test_choices_that_come_late_close_nothing_that_is_open(owner: Owner) -> None:
    page = owner.page("oda")
    held: list[Route] = []
    page.route("**/insights/choices*", lambda route: held.append(route))
    page.goto(f"{owner.url}/insights")
    expect(page.locator(".headline")).to_be_visible()
    page.get_by_text("Dates", exact=True).click()
    held.pop().continue_()
    expect(page.locator("[name=locale] option")).not_to_have_count(1)
    expect(page.get_by_label("To (included)")).to_be_visible()


def test_filters_that_fit_nothing_say_so_and_can_be_cleared(owner: Owner) -> None:
    page = owner.open("?model=nonesuch&locale=zh")
    expect(page.locator(".view-place")).to_contain_text("No conversation fits these filters.")
    page.locator(".chips").get_by_role("button", name="Clear all").click()
    expect(page.locator(".headline")).to_be_visible()


# ---- Behind the figures


def test_every_figure_leads_to_its_conversations_and_each_to_all_that_was_said(owner: Owner) -> None:
    page = owner.open()
    page.locator(".headline .figure").filter(has_text="Bought").locator(".behind").click()
    panel = page.locator(".panel")
    expect(panel.get_by_role("heading")).to_have_text("Conversations that bought")
    rows = panel.locator(".talk-row")
    expect(rows.first).to_contain_text("$")
    rows.first.click()
    expect(panel.get_by_role("heading")).to_have_text("One conversation")
    expect(panel.locator(".deed-purchase").first).to_contain_text("Bought")
    expect(page).to_have_url(re.compile(r"behind=purchase&talk="))
    page.reload()
    expect(panel.locator(".deed-purchase").first).to_be_visible()
    panel.get_by_role("link", name="Back to the list").click()
    expect(rows.first).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page).not_to_have_url(re.compile(r"behind"))


def test_figures_and_the_list_behind_them_agree(owner: Owner) -> None:
    page = owner.open()
    wanted = int(page.locator('[data-key="wrong-no_match"] b').inner_text())
    page.locator('[data-key="wrong-no_match"]').click()
    expect(page.locator(".talk-row")).to_have_count(min(50, wanted))


def test_a_list_goes_on_with_older_conversations(owner: Owner) -> None:
    page = owner.open("?behind=conversations")
    expect(page.locator(".talk-row")).to_have_count(50)
    page.get_by_role("button", name="Older ones").click()
    expect(page.locator(".talk-row")).to_have_count(100)
    expect(page.locator(".talk-row").nth(50)).to_be_focused()


def test_a_day_of_a_chart_is_reached_by_the_keyboard(owner: Owner) -> None:
    page = owner.open()
    point = page.locator('[data-key="day-people"]')
    point.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".tip:visible")).to_contain_text("Talked")
    words = point.get_attribute("aria-label") or ""
    assert re.match(r"\w{3} \d+: Talked \d+", words)
    page.keyboard.press("Enter")
    expect(page.locator(".panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator('[data-key="day-people"]')).to_be_focused()


def test_every_line_of_a_chart_leads_to_its_own_conversations(owner: Owner) -> None:
    page = owner.open()
    point = page.locator('[data-key="day-people"]')
    point.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".tip:visible .chosen")).to_contain_text("Clicked")
    assert re.match(r"\w{3} \d+: Clicked \d+", point.get_attribute("aria-label") or "")
    clicked = int(re.findall(r"Clicked (\d+)", point.get_attribute("aria-label") or "")[0])
    page.keyboard.press("Enter")
    expect(page.locator(".panel h2")).to_have_text("Conversations with a click")
    expect(page.locator(".talk-row")).to_have_count(clicked)
    page.keyboard.press("Escape")
    page.locator(".quad .chart").first.locator("summary").click()
    cell = page.locator(".quad .chart").first.locator("tbody tr").first.locator("td a").nth(1)
    assert int(cell.inner_text()) == clicked
    cell.click()
    expect(page.locator(".talk-row")).to_have_count(clicked)


def test_no_number_of_the_overview_is_a_dead_end(owner: Owner) -> None:
    page = owner.open("?by=product")
    bare = """[...document.querySelectorAll('.headline .big, .troubles b, .bars .bar-value, .plain-table td')]
        .filter((it) => /[0-9]/.test(it.textContent) && !it.closest('a') && !it.querySelector('a')).map((it) => it.outerHTML)"""
    assert page.evaluate(bare) == []
    page.locator('[data-key="csat-if_all_answered"]').click()
    expect(page.locator(".panel h2")).to_have_text("All conversations")
    page.keyboard.press("Escape")
    seen = page.locator('[data-key^="product-seen-"]').first
    views = int(re.findall(r"\((\d+)\)", seen.inner_text())[0])
    seen.click()
    expect(page.locator(".talk-row")).to_have_count(min(50, views))


def test_how_long_products_were_looked_at_is_told_and_opens_the_conversations(owner: Owner) -> None:
    page = owner.open("?by=product")
    counts = owner.house.get("/overview")["now"]["counts"]
    note = page.locator(".quiet-line").filter(has=page.locator('[data-key="dwells"]'))
    expect(note).to_have_text(f"Listings that were opened were looked at for 14 s on average ({counts['dwells']}).")
    looked = page.locator('[data-key^="product-dwell-"]').first
    expect(looked).to_have_text(re.compile(r"^14 s \(\d+\)$"))
    products = int(re.findall(r"\((\d+)\)", looked.inner_text())[0])
    looked.click()
    expect(page.locator(".panel h2")).to_contain_text("Conversations in which a listing was looked at")
    expect(page.locator(".talk-row")).to_have_count(products)


def test_why_thumbs_were_down_is_told_and_opens_the_conversations(owner: Owner) -> None:
    page = owner.open()
    unclear = page.locator('[data-key="reason-0"]')
    thumbs = int(unclear.inner_text())
    assert thumbs == owner.house.get("/overview")["now"]["counts"]["thumbs_down"]
    expect(page.locator(".bars li").filter(has=unclear)).to_contain_text("hard to follow")
    unclear.click()
    expect(page.locator(".panel")).to_contain_text("hard to follow")
    expect(page.locator(".talk-row")).to_have_count(thumbs)


def test_positions_are_compared_and_one_of_them_is_looked_at_alone(owner: Owner) -> None:
    page = owner.open("?by=position")
    first = page.locator(".plain-table tbody tr").filter(has_text="Position 1")
    shown = int(first.locator("td").first.inner_text())
    file = (
        page.locator(".files li").filter(has_text="The comparison above").locator("a").first.get_attribute("href") or ""
    )
    assert "by=position" in file
    first.get_by_role("link", name="Position 1").click()
    expect(page).to_have_url(re.compile("position=1"))
    expect(page.locator(".chips .pill")).to_have_text("Position: Position 1")
    expect(page.locator('[data-key="funnel-1"]')).to_have_text(
        str(owner.house.get("/overview", position=1)["now"]["counts"]["with_slate"])
    )
    assert owner.house.get("/breakdown", by="position")["lines"][0]["counts"]["impressions"] == shown
    with page.expect_download():
        page.goto(f"{owner.url}/insights?behind=purchase&position=1")
        page.locator(".panel .talks-files a").first.click()


def test_every_chart_has_its_figures_as_a_table(owner: Owner) -> None:
    page = owner.open()
    charts = page.locator(".quad .chart")
    for n in range(charts.count()):
        chart = charts.nth(n)
        chart.locator("summary").click()
        assert chart.locator("tbody tr").count() >= 2
        expect(chart.locator("svg.lines")).to_have_attribute("aria-labelledby", re.compile("chart-"))


def test_what_is_compared_can_be_changed_and_narrowed(owner: Owner) -> None:
    page = owner.open()
    page.locator(".by-row").get_by_role("link", name="Product").click()
    expect(page).to_have_url(re.compile(r"by=product"))
    expect(page.locator(".by-row [aria-current]")).to_have_text("Product")
    first = page.locator(".value-name").first
    name = first.inner_text()
    first.click()
    expect(page.locator(".chips .pill")).to_contain_text(name)


# ---- While it changes


def test_news_take_neither_focus_nor_scroll_from_the_reader(owner: Owner) -> None:
    page = owner.open()
    page.locator(".scrolled").evaluate("(it) => { it.scrollTop = 700 }")
    page.locator('[data-key="funnel-2"]').focus()
    page.locator(".as-table summary").first.evaluate("(it) => { it.parentNode.open = true }")
    at = page.locator(".scrolled").evaluate("(it) => it.scrollTop")
    before = figure(page, "Talked")
    owner.house.talk("click")
    expect(page.locator(".headline .big").first).not_to_have_text(before, timeout=8_000)
    expect(page.locator('[data-key="funnel-2"]')).to_be_focused()
    assert page.locator(".scrolled").evaluate("(it) => it.scrollTop") == at
    assert page.locator(".as-table").first.evaluate("(it) => it.open")


def test_nothing_is_drawn_anew_while_nothing_changes(owner: Owner) -> None:
    page = owner.open()
    page.locator(".headline").evaluate("(it) => { it.dataset.mine = 'yes' }")
    time.sleep(4)
    expect(page.locator(".headline")).to_have_attribute("data-mine", "yes")


# ---- Everywhere


@pytest.mark.parametrize("viewport", [DESK, PHONE, SMALL], ids=["desk", "phone", "small"])
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_nothing_is_cut_off_and_targets_can_be_tapped(owner: Owner, viewport: dict[str, int], locale: str) -> None:
    page = owner.open("", viewport, locale=locale)
    assert overflow(page) <= 0
    small = page.locator(
        ".bar :is(a, button), .views a, .asked :is(button, summary), .by-row a, .files a"
    ).evaluate_all(
        "(all) => all.filter((it) => it.offsetParent && it.getBoundingClientRect().height < 43.5).map((it) => it.outerHTML.slice(0, 80))"
    )
    assert small == []


def test_in_chinese_every_word_of_ours_is_chinese(owner: Owner) -> None:
    page = owner.open("", locale="zh-CN")
    page.evaluate("localStorage.setItem('aisle.locale', '\"zh\"')")
    page.reload()
    expect(page.locator(".views [aria-current]")).to_have_text("总览")
    words = page.locator(".headline, .troubles, .quad h3, .files").all_inner_texts()
    assert not re.search(r"[A-Za-z]{4,}", re.sub(r"Parquet", "", " ".join(words)))


def test_language_is_switched_in_place(owner: Owner) -> None:
    page = owner.open()
    page.get_by_role("button", name="Language").click()
    expect(page.locator(".headline dt").first).to_have_text("对话")


def test_words_are_readable_in_light_and_dark(owner: Owner) -> None:
    from assistant.web.colour import contrast

    for scheme in ("light", "dark"):
        page = owner.open(color_scheme=scheme)
        pairs = page.locator(
            ".figure .quiet-line, .figure .big, .change, .bar-name, .advice, .lines text, .legend span, .views a"
        ).evaluate_all(
            """(all) => all.map((it) => {
                let ground = it; let colour = 'rgba(0, 0, 0, 0)';
                while (ground && colour === 'rgba(0, 0, 0, 0)') { colour = getComputedStyle(ground).backgroundColor; ground = ground.parentElement; }
                const style = getComputedStyle(it);
                return [it.closest('svg') ? style.fill : style.color, colour];
            })"""
        )
        assert pairs
        for ink, ground in {(ink, ground) for ink, ground in pairs}:
            assert contrast(hexed(ink), hexed(ground)) >= 4.5, (scheme, ink, ground)


def hexed(colour: str) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])


def test_figures_are_taken_away_as_files(owner: Owner) -> None:
    page = owner.open()
    with page.expect_download() as download:
        page.locator(".files a").first.click()
    assert download.value.suggested_filename.startswith("series-")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open the report").click()
    report = opened.value
    report.wait_for_load_state()
    expect(report.locator("h1")).to_contain_text("week")
    assert report.evaluate("getComputedStyle(document.body).maxWidth") == "820px"
    report.emulate_media(media="print")
    expect(report.locator(".screen")).to_be_hidden()
    breaks = report.locator("section, tr").evaluate_all(
        "(all) => [...new Set(all.map((it) => getComputedStyle(it).breakInside))]"
    )
    assert breaks == ["avoid"]

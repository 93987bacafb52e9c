"""From a slate to a paid order and a rating, and from there to the owner's page: nothing between them is a fake.

The chat, the shop's own page on another origin with the script for events, and the owner's page are open at once; only the
language model is played.
"""

import functools
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import create_engine

from app import build
from assistant.insight.filters import Filters
from assistant.record import Record
from assistant.settings import Settings
from evals.documented import counts_of
from tests.fakes import honest, scripted
from tests.web.desks import SECRET, listening
from tests.web.visits import DESK, Visit, say

pytestmark = pytest.mark.real
SOON_MS = 5_000  # from a deed to the owner's page
PAID = 49.5
# What the shop's own shop system would write into the page after an order: here, whatever was handed over.
THANKS = """<!doctype html><title>thanks</title><script>
  const bought = new URLSearchParams(location.search).getAll("aisle_product");
</script><script src="{chat}/page/aisle-events.js"></script><script>
  window.told = aisle.purchase({{ order_id: "1001",
    items: bought.map((product_id) => ({{ product_id, quantity: 1, amount: {paid}, currency: "USD" }})) }});
</script>"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@dataclass
class Street:
    """The chat's address, and where its record is."""

    chat: str
    settings: Settings


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    folder = tmp_path_factory.mktemp("shop")
    pages = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    shop = f"http://127.0.0.1:{pages.server_port}"
    settings = Settings(
        home=folder / "home",
        record_url=f"sqlite:///{folder / 'record.db'}",
        orders_url=f"sqlite:///{folder / 'orders.db'}",
        shop_origins=shop,
        checkout_url=f"{shop}/thanks.html?items={{items}}",
    )
    Record(settings.record_database).agents.add("mira@example.org", "Mira", "owner", SECRET, "en")
    with listening(build(settings, scripted(honest))) as chat:
        (folder / "thanks.html").write_text(THANKS.format(chat=chat, paid=PAID))
        yield Street(chat, settings)
    pages.shutdown()


@pytest.fixture
def visit(browser: Browser, street: Street) -> Iterator[Visit]:
    visit = Visit(browser, f"{street.chat}/")
    yield visit
    for context in visit.contexts:
        context.close()


def owner(visit: Visit) -> Page:
    """The owner's page, signed in."""
    context = visit.browser.new_context(viewport=DESK, locale="en-US", reduced_motion="reduce")
    visit.contexts.append(context)
    page = context.new_page()
    page.goto(f"{visit.url}insights")
    page.get_by_label("E-mail").fill("mira@example.org")
    page.get_by_label("Password", exact=True).fill(SECRET)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".insights[data-state=ready]")).to_be_visible(timeout=20_000)
    return page


def big(page: Page, place: int) -> Locator:
    """A figure of the page's head: conversations, click-through, conversion, satisfaction."""
    return page.locator(".headline .figure").nth(place).locator(".big")


def told(page: Page, visit: Visit) -> dict[str, Any]:
    answer = page.request.get(f"{visit.url}api/v1/insights/overview")
    assert answer.ok, answer.text()
    return answer.json()["now"]  # type: ignore[no-any-return]


def test_what_a_shopper_sees_clicks_buys_and_rates_is_with_the_owner_within_five_seconds(
    visit: Visit, street: Street
) -> None:
    figures = owner(visit)
    expect(figures.locator(".first h2")).to_be_visible()

    page = visit.open()
    say(page, "a desk lamp please")
    expect(big(figures, 0)).to_have_text("1", timeout=SOON_MS)
    expect(big(figures, 1)).to_have_text("0%")
    shown = page.locator(".shelf .card").count()
    page.locator(".shelf .title").first.click()
    expect(big(figures, 1)).to_have_text("100%", timeout=SOON_MS)
    page.wait_for_timeout(1_200)  # long enough to have been looked at
    page.locator("dialog").get_by_role("button", name="Add").first.click()
    expect(page.locator(".side .cart")).to_contain_text("1")
    page.keyboard.press("Escape")

    say(page, "thanks, that is all I need")
    survey = page.locator(".survey")
    expect(survey).to_be_visible(timeout=10_000)
    survey.get_by_role("button", name="5").first.click()
    expect(big(figures, 3)).to_have_text("100%", timeout=SOON_MS)

    page.locator(".side .cart").get_by_role("button", name="Go to checkout").click()
    page.wait_for_url("**/thanks.html**")
    assert page.evaluate("told") == 1
    expect(big(figures, 2)).to_have_text("100%", timeout=SOON_MS)
    expect(figures.locator(".headline .figure").nth(2)).to_contain_text("$49.50")

    now = told(figures, visit)
    seen = now["counts"]
    assert seen["impressions"] == shown and 1 <= seen["views"] <= shown
    assert (seen["clicks"], seen["carts"], seen["purchases"]) == (1, 1, 1)
    assert (seen["offered"], seen["answered"], seen["rated"], seen["satisfied"]) == (1, 1, 1, 1)
    engine = create_engine(street.settings.record_database)
    today = datetime.now(UTC).date()
    with engine.connect() as connection:
        documented = counts_of(connection, Filters(today - timedelta(1), today))
    engine.dispose()
    assert {name: getattr(documented, name) for name in seen} == seen

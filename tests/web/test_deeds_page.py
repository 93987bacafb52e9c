"""What the shopper's page and the shop's own pages tell the record, with a real browser."""

import functools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.web.conftest import build
from tests.web.fakes import FakeRecord, demo_products
from tests.web.visits import DESK, PHONE, Served, Visit, ready, say, serve

if TYPE_CHECKING:
    from assistant.record import Deed

pytestmark = pytest.mark.real

PRODUCT_PAGE = """<!doctype html><title>lamp</title><script src="{server}page/aisle-events.js"></script><h1>lamp</h1>"""
THANKS = """<!doctype html><title>thanks</title><script src="{server}page/aisle-events.js"></script><script>
window.told = aisle.purchase({{ order_id: "1001", items: [
  {{ product_id: "lig-01", quantity: 1, amount: 64.0, currency: "USD" }},
  {{ product_id: "lig-01", quantity: 2, amount: 128.1, currency: "USD" }},
  {{ product_id: "elsewhere", quantity: 1, amount: 5, currency: "USD" }}] }});
</script>"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@dataclass
class Town:
    """The shop's own pages on one origin and the chat on another."""

    shop: str
    chat: Served

    @property
    def record(self) -> FakeRecord:
        return self.chat.counter.record


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder: Path = tmp_path_factory.mktemp("shop")
    pages = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    shop = f"http://127.0.0.1:{pages.server_port}"
    lamps = tuple(replace(one, url=f"{shop}/lamp.html?id={one.id}#top") for one in demo_products("lighting"))
    counter = build(lamps, shop_origins=shop, checkout_url=f"{shop}/thanks.html?items={{items}}")
    for chat in serve(counter):
        (folder / "lamp.html").write_text(PRODUCT_PAGE.format(server=chat.url))
        (folder / "thanks.html").write_text(THANKS.format(server=chat.url))
        yield Town(shop, chat)
    pages.shutdown()


@pytest.fixture
def visit(browser: Browser, town: Town) -> Iterator[Visit]:
    visit = Visit(browser, town.chat.url)
    town.record.deeds.clear()
    town.record.views.clear()
    yield visit
    for context in visit.contexts:
        context.close()


def until(page: Page, true: Callable[[], bool]) -> None:
    """Waits while the browser's own events go on."""
    for _ in range(400):
        if true():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not come")


def kinds(record: FakeRecord) -> list[str]:
    return [deed.kind for deed in record.deeds]


def first(record: FakeRecord, kind: str) -> "Deed":
    return next(deed for deed in record.deeds if deed.kind == kind)


def counted(page: Page) -> list[str]:
    """The paths to which the page will have posted."""
    posted: list[str] = []
    page.on("request", lambda r: r.method == "POST" and "/api/v1/" in r.url and posted.append(urlsplit(r.url).path))
    return posted


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_what_is_in_view_for_a_second_is_seen_once_a_turn(visit: Visit, town: Town, viewport: dict[str, int]) -> None:
    page = visit.open(viewport)
    posted = counted(page)
    say(page, "a lamp")
    until(page, lambda: len(town.record.views) > 0)
    page.wait_for_timeout(1_500)
    cards = page.locator(".turn .card" if viewport is PHONE else ".shelf .card")
    shown = [cards.nth(n).get_attribute("data-product") for n in range(cards.count())]
    seen = {product for _, product in town.record.views}
    assert seen and seen < set(shown)  # those below the edge are not seen yet
    assert all(1_000 <= ms < 10_000 for ms in town.record.views.values())
    assert posted.count("/api/v1/views") == 1
    cards.last.scroll_into_view_if_needed()
    until(page, lambda: shown[-1] in {product for _, product in town.record.views})
    page.locator('[data-act="language"]').click()  # drawn anew, and not seen anew
    page.wait_for_timeout(2_000)
    assert posted.count("/api/v1/views") <= 3
    assert visit.complaints == []


def test_a_click_dwell_and_cart_go_with_their_key_and_the_turns_token(visit: Visit, town: Town) -> None:
    page = visit.open()
    say(page, "a lamp")
    page.locator(".shelf .title").nth(1).click()
    expect(page.locator("dialog h2")).to_be_visible()
    page.wait_for_timeout(1_300)
    page.locator("dialog").get_by_role("button", name="Add").first.click()
    until(page, lambda: set(kinds(town.record)) == {"click", "dwell", "cart"})
    deeds = town.record.deeds
    assert len({deed.key for deed in deeds}) == len(deeds) == 3
    assert all(deed.signed and deed.source == "page" and deed.mark is None for deed in deeds)
    assert 1_200 <= (first(town.record, "dwell").dwell_ms or 0) <= 10_000
    assert first(town.record, "cart").quantity == 1
    assert visit.complaints == []


def test_nothing_is_lost_when_the_page_is_left_at_once(visit: Visit, town: Town) -> None:
    page = visit.open()
    say(page, "a lamp")
    page.locator(".shelf .title").nth(1).click()
    page.goto("about:blank")
    until(page, lambda: "click" in kinds(town.record))
    page.wait_for_timeout(300)
    assert kinds(town.record).count("click") == 1


def test_what_the_server_did_not_get_is_sent_again_and_is_there_once(visit: Visit, town: Town) -> None:
    page = visit.open()
    say(page, "a lamp")
    answered: list[int] = []

    def lose(route: Route) -> None:  # the first is lost on its way, the second is answered and the answer lost
        answered.append(1)
        if len(answered) == 2:
            route.fetch()
        route.abort() if len(answered) < 3 else route.continue_()

    page.route("**/api/v1/events/batch", lose)
    page.locator(".shelf .title").nth(1).click()
    until(page, lambda: len(answered) >= 3)
    page.wait_for_timeout(300)
    assert kinds(town.record).count("click") == 1


def test_what_could_not_be_sent_goes_out_with_the_next_page(visit: Visit, town: Town) -> None:
    page = visit.open()
    say(page, "a lamp")
    page.route("**/api/v1/events/batch", lambda route: route.abort())
    page.locator(".shelf .title").nth(1).click()
    page.wait_for_timeout(1_000)
    page.unroute("**/api/v1/events/batch")
    page.reload()
    ready(page)
    until(page, lambda: kinds(town.record).count("click") == 1)


def test_links_to_the_shop_name_the_turn_and_change_nothing_else(visit: Visit, town: Town) -> None:
    page = visit.open()
    say(page, "a lamp")
    page.locator(".shelf .title").nth(0).click()
    link = page.locator("dialog .listing-facts a").get_attribute("href") or ""
    before, after = f"{town.shop}/lamp.html?id=lig-01&aisle_product=lig-01&aisle_turn=", "#top"
    assert link.startswith(before) and link.endswith(after)
    token = parse_qs(urlsplit(link).query)["aisle_token"][0]
    turn_id = parse_qs(urlsplit(link).query)["aisle_turn"][0]
    assert town.chat.counter.shop.tokens.holds(token, turn_id)


def test_a_purchase_on_the_shops_page_is_told_once_however_often_it_is_loaded(visit: Visit, town: Town) -> None:
    page = visit.open()
    say(page, "a lamp")
    page.locator(".shelf .title").nth(0).click()
    link = page.locator("dialog .listing-facts a").get_attribute("href") or ""
    page.goto(link)
    assert page.url == f"{town.shop}/lamp.html?id=lig-01#top"  # nobody shares the token by sharing the address
    page.goto(f"{town.shop}/thanks.html")
    assert page.evaluate("told") == 1
    until(page, lambda: "purchase" in kinds(town.record))
    page.reload()
    page.wait_for_timeout(800)
    assert kinds(town.record).count("purchase") == 1
    bought = first(town.record, "purchase")
    assert (bought.key, bought.quantity, bought.amount_minor, bought.currency) == (
        "order 1001: lig-01",
        3,
        19_210,
        "USD",
    )
    assert (bought.signed, bought.source) == (True, "shop")
    assert page.evaluate("localStorage['aisle.waiting']") == "[]"


def test_a_purchase_waits_until_the_chats_server_is_back(visit: Visit, town: Town) -> None:
    page = visit.open()
    say(page, "a lamp")
    page.locator(".shelf .title").nth(0).click()
    page.goto(page.locator("dialog .listing-facts a").get_attribute("href") or "")
    page.route("**/api/v1/events/batch", lambda route: route.fulfill(status=503, body="{}"))
    page.goto(f"{town.shop}/thanks.html")
    page.wait_for_timeout(800)
    assert "purchase" not in kinds(town.record)
    page.unroute("**/api/v1/events/batch")
    page.goto(f"{town.shop}/lamp.html")
    until(page, lambda: kinds(town.record).count("purchase") == 1)


def test_the_checkout_takes_the_turns_of_what_is_bought_along(visit: Visit, town: Town) -> None:
    page = visit.open()
    say(page, "a lamp")
    lamp = page.locator(".shelf .card").nth(1)
    id = lamp.get_attribute("data-product") or ""
    lamp.locator(".add").click()
    page.locator(".side .cart-go").click()
    page.wait_for_url(f"{town.shop}/thanks.html**")
    kept = page.evaluate("JSON.parse(localStorage['aisle.turns'])")
    assert list(kept) == [id] and page.url == f"{town.shop}/thanks.html?items={id}:1"
    cart = first(town.record, "cart")
    assert (cart.product_id, cart.turn_id) == (id, kept[id]["turn"])


def test_pages_of_other_origins_are_not_heard(browser: Browser, town: Town, tmp_path: Path) -> None:
    pages = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(tmp_path)))
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    (tmp_path / "evil.html").write_text("<!doctype html><title>evil</title>")
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{pages.server_port}/evil.html")
    for kind in ("application/json", "text/plain"):
        send = "(a) => fetch(a[0], {method: 'POST', headers: {'Content-Type': a[1]}, body: '{}'}).then((r) => r.status, () => 0)"
        assert page.evaluate(send, [f"{town.chat.url}api/v1/events", kind]) == 0
    page.close()
    pages.shutdown()


def test_a_crawlers_conversation_is_marked_on_the_page_too(visit: Visit, town: Town) -> None:
    crawler = (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    )
    for agent, mark in ((crawler, "bot"), (None, None)):
        page = visit.open(user_agent=agent)
        say(page, "a lamp")
        assert town.chat.counter.assistant.heard[-1].mark == mark

"""A real server with the fakes behind it, and pages of a real browser on it that note every complaint."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect

from assistant.web import create_app
from tests.web.conftest import Counter

CHROMIUM = "/usr/bin/chromium"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
LEFT = """addEventListener("beforeunload", () => {
  console.error = () => {};
  addEventListener("unhandledrejection", (event) => event.preventDefault());
})"""  # a page that is being left breaks off what it was fetching, which is no fault of its own


@dataclass
class Served:
    """A running server and the fakes behind it."""

    url: str
    counter: Counter


def serve(counter: Counter) -> Iterator[Served]:
    server = uvicorn.Server(uvicorn.Config(create_app(counter.shop), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Served(f"http://127.0.0.1:{port}/", counter)
    server.should_exit = server.force_exit = True
    thread.join(10)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@dataclass
class Visit:
    """Pages opened by one test, and what they complained of."""

    browser: Browser
    url: str
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, viewport: dict[str, int] = DESK, locale: str = "en-US", **more: object) -> Page:
        context = self.browser.new_context(viewport=viewport, locale=locale, reduced_motion="reduce", **more)  # type: ignore[arg-type]
        self.contexts.append(context)
        context.add_init_script(LEFT)
        page = context.new_page()
        page.on("console", lambda m: m.type == "error" and self.complaints.append(m.text))
        page.on("pageerror", lambda e: self.complaints.append(str(e)))
        page.on("request", lambda r: r.url.startswith((self.url, "data:", "blob:")) or self.complaints.append(r.url))
        page.goto(self.url)
        ready(page)
        return page


def ready(page: Page) -> None:
    expect(page.locator(".aisle[data-ready]")).to_be_visible(timeout=30_000)


def say(page: Page, words: str) -> None:
    turns = page.locator(".turn").count()
    page.locator("#aisle-ask").fill(words)
    page.locator("#aisle-ask").press("Enter")
    expect(page.locator(".turn")).to_have_count(turns + 1)
    finished(page)


def finished(page: Page) -> None:
    expect(page.locator(".turn").last).to_have_attribute("aria-busy", "false", timeout=20_000)


def overflow(page: Page) -> int:
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width

"""One shop of fakes, its application, and a browser before it, for all tests of the pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.settings import Settings
from assistant.web import Shop, create_app
from tests.web.fakes import FakeAssistant, FakeCatalog, FakeRecord, demo_products

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.web.visits import Served, Visit


@dataclass
class Counter:
    """A whole fake shop: what is served, and the parts to look into afterwards."""

    shop: Shop
    assistant: FakeAssistant
    record: FakeRecord
    catalog: FakeCatalog
    open: bool = True


def build(products: tuple, pace_s: float = 0.0, **settings: object) -> Counter:  # type: ignore[type-arg]
    catalog, record = FakeCatalog(products), FakeRecord()
    assistant = FakeAssistant(catalog, record, pace_s)
    counter: Counter
    shop = Shop(assistant, catalog, record, Settings(**settings), lambda: counter.open)  # type: ignore[arg-type]
    counter = Counter(shop, assistant, record, catalog)
    return counter


@pytest.fixture(scope="module")
def built() -> tuple[Counter, FastAPI]:
    """The application, which takes a third of a second to make; its shop's parts are new for every test."""
    counter = build(demo_products("lighting", "coffee"))
    return counter, create_app(counter.shop)


@pytest.fixture
def counter(built: tuple[Counter, FastAPI]) -> Counter:
    counter, fresh = built[0], build(demo_products("lighting", "coffee"))
    counter.shop.renew(fresh.assistant, fresh.catalog)
    counter.shop.record = fresh.record
    counter.assistant, counter.record, counter.catalog, counter.open = (
        fresh.assistant,
        fresh.record,
        fresh.catalog,
        True,
    )
    return counter


@pytest.fixture
def app(built: tuple[Counter, FastAPI], counter: Counter) -> FastAPI:
    return built[1]


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def served() -> "Iterator[Served]":
    from tests.web.visits import serve

    yield from serve(build(demo_products("lighting", "coffee", "toys", "bedding"), pace_s=0.05))


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    from playwright.sync_api import sync_playwright

    from tests.web.visits import CHROMIUM

    if not Path(CHROMIUM).exists():
        pytest.skip("no chromium here")
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: "Browser", served: "Served") -> "Iterator[Visit]":
    from tests.web.visits import Visit

    visit = Visit(browser, served.url)
    yield visit
    for context in visit.contexts:
        context.close()
    assert visit.complaints == []

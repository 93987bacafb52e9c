"""One shop of fakes, and its application, for all tests of the pages."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.settings import Settings
from assistant.web import Shop, create_app
from tests.web.fakes import FakeAssistant, FakeCatalog, FakeRecord, demo_products


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


@pytest.fixture
def counter() -> Counter:
    return build(demo_products("lighting", "coffee"))


@pytest.fixture
def app(counter: Counter) -> FastAPI:
    return create_app(counter.shop)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client

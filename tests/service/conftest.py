"""The small shop on SQLite, as its service meets it."""

import pytest

from tests.service import shop


@pytest.fixture
def clock():
    return shop.Clock()


@pytest.fixture
def make(tmp_path, clock):
    """Make the service of a shop with these rules and orders; its store goes with the test."""
    stores = []

    def make(rules=shop.DEMO, orders=shop.ORDERS):
        url = f"sqlite:///{tmp_path / f'orders-{len(stores)}.db'}"
        store, service = shop.opened(url, rules, orders=orders, clock=clock)
        stores.append(store)
        service.store = store
        return service

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def service(make):
    """The demo shop's rules over the small shop's orders."""
    return make()


@pytest.fixture
def variants(make):
    """The rules of the shop of variants."""
    return make(shop.VARIANTS)

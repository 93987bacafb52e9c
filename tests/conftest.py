"""What every test lives by: only tests of real parts may reach further than this machine. And the small shop."""

import pytest
import pytest_socket

from catalog import Catalog, CatalogIndex, CatalogTables, open_catalog, store
from tests.fakes import WordEmbedder
from tests.shop import POLICIES, PRODUCTS


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("real") is None:
        pytest_socket.socket_allow_hosts(["localhost", "127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def _indexed(tmp_path_factory) -> tuple[CatalogTables, CatalogIndex]:
    folder = tmp_path_factory.mktemp("shop")
    tables = CatalogTables(f"sqlite:///{folder / 'catalog.db'}")
    store(tables, iter(PRODUCTS), replace=True)
    return tables, CatalogIndex(WordEmbedder(), folder)


@pytest.fixture(scope="session")
def catalog(_indexed) -> Catalog:
    """The small shop, indexed by its words."""
    return open_catalog(*_indexed, policies=POLICIES)


@pytest.fixture(scope="session")
def ruleless(_indexed) -> Catalog:
    """The small shop without any written rule."""
    return open_catalog(*_indexed)

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
def catalog(tmp_path_factory) -> Catalog:
    """The small shop, indexed by its words."""
    folder = tmp_path_factory.mktemp("shop")
    embedder = WordEmbedder()
    tables = CatalogTables(f"sqlite:///{folder / 'catalog.db'}")
    store(tables, iter(PRODUCTS), replace=True)
    return open_catalog(tables, CatalogIndex(embedder, folder), policies=POLICIES)

"""What every test lives by: only tests of real parts may reach further than this machine. And the small shop."""

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_socket
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from assistant.record import agents, database
from catalog import Catalog, CatalogIndex, CatalogTables, open_catalog, store
from tests.fakes import WordEmbedder
from tests.shop import POLICIES, PRODUCTS


def pytest_collection_finish() -> None:
    gc.freeze()  # what thousands of tests consist of is no garbage, and need not be looked through again and again


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("real") is None:
        pytest_socket.socket_allow_hosts(["localhost", "127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session", autouse=True)
def _new_records_are_copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A new SQLite record begins as a copy of an empty one, so that one file is migrated instead of a thousand.

    It is opened as ever, and found to be at the newest revision. Orders lie in files of their own, made as they are.
    """
    empty = tmp_path_factory.mktemp("empty") / "record.db"
    engine = database.open_database(f"sqlite:///{empty}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    engine_on = database.engine_on

    def copied(url: str) -> Engine:
        file = make_url(url).database if url.startswith("sqlite:") else None
        if file and file != ":memory:" and not Path(file).exists():
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(empty, file)
        return engine_on(url)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "engine_on", copied)
        yield


@pytest.fixture(scope="session", autouse=True)
def _passwords_are_cheap() -> Iterator[None]:
    """The digest of a password takes a thousandth of the work; what it costs is written in it, and checked by that."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agents, "_COST", 16)
        yield


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

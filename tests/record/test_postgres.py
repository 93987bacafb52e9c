"""The record and the catalogue's tables against a private PostgreSQL, started here and gone afterwards."""

import os
import shutil
import socket
import subprocess
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from assistant.record.__main__ import main
from assistant.record.database import open_database
from catalog import CatalogTables, Product, store
from tests.record.conversation import PRODUCTS
from tests.record.test_agents import AgentCases
from tests.record.test_carts import CartCases
from tests.record.test_desk import DeskCases
from tests.record.test_desk_figures import FigureCases
from tests.record.test_events import EventCases
from tests.record.test_experiments import ExperimentCases
from tests.record.test_faq import FaqCases
from tests.record.test_mails import MailCases
from tests.record.test_migrations import MigrationCases
from tests.record.test_record import RecordCases
from tests.record.test_survey_import import ImportCases
from tests.record.test_surveys import SurveyCases
from tests.record.test_together import TogetherCases

pytestmark = pytest.mark.real

_names = count()


def binary(name):
    """PostgreSQL's own program, from PATH or where Debian puts it."""
    found = shutil.which(name) or next(
        iter(sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)), None
    )
    if found is None:
        pytest.skip(f"PostgreSQL's {name} is neither on PATH nor under /usr/lib/postgresql: install postgresql")
    return str(found)


def run(*command):
    """Run as the user postgres where this is root, whom PostgreSQL refuses."""
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, **user)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a running PostgreSQL that nobody else uses."""
    initdb, pg_ctl = binary("initdb"), binary("pg_ctl")
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/aisle-pg-XXXXXX"], text=True).strip())
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    try:
        run(initdb, "-D", f"{folder}/data", "-U", "shop", "-A", "trust", "-E", "UTF8", "--no-locale")
        run(pg_ctl, "-D", f"{folder}/data", "-o", options, "-l", f"{folder}/log", "-w", "start")
        try:
            yield f"shop@127.0.0.1:{port}"
        finally:
            run(pg_ctl, "-D", f"{folder}/data", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def url(server):
    """A new, empty database."""
    name = f"aisle_{next(_names)}"
    with psycopg.connect(f"postgresql://{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql://{server}/{name}"


class TestRecordOnPostgres(RecordCases):
    def test_it_survives_a_lost_connection(self, record, server):
        closed = self.whole_turn(record)
        with psycopg.connect(f"postgresql://{server}/postgres", autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        assert self.whole_turn(record, closed.session_id).session_id == closed.session_id
        assert record.turns(closed.session_id, PRODUCTS.get)[0] == closed

    def test_it_exports(self, record, url, tmp_path, monkeypatch, capsys):
        monkeypatch.setenv("AISLE_RECORD_URL", url)
        self.whole_turn(record)
        for format in ("csv", "parquet"):
            assert main(["export", "--format", format, "--out", str(tmp_path)]) == 0
        assert capsys.readouterr().out.count("replies: 1 rows") == 2


class TestEventsOnPostgres(EventCases):
    pass


class TestTogetherOnPostgres(TogetherCases):
    pass


class TestCartsOnPostgres(CartCases):
    pass


class TestDeskOnPostgres(DeskCases):
    pass


class TestFaqOnPostgres(FaqCases):
    pass


class TestMailsOnPostgres(MailCases):
    pass


class TestFiguresOnPostgres(FigureCases):
    pass


class TestAgentsOnPostgres(AgentCases):
    pass


class TestSurveysOnPostgres(SurveyCases):
    pass


class TestImportOnPostgres(ImportCases):
    pass


class TestExperimentsOnPostgres(ExperimentCases):
    pass


class TestMigrationsOnPostgres(MigrationCases):
    def test_json_is_kept_as_jsonb(self, url):
        engine = open_database(url)
        with engine.connect() as connection:
            kinds = "SELECT DISTINCT data_type FROM information_schema.columns WHERE column_name IN ('need', 'slate')"
            assert connection.scalars(text(kinds)).all() == ["jsonb"]
        engine.dispose()


def test_the_catalogue_keeps_its_products_on_postgres(url):
    tables = CatalogTables(url)
    lamp = Product("灯", "Lamp “white”", 4_900, attributes={"Color": "white"}, rating=4.5, images=("/a.svg",))
    assert store(tables, [lamp, *PRODUCTS.values()], replace=True) == 5
    assert list(tables.products()) == [lamp, *PRODUCTS.values()]
    assert store(tables, [lamp], replace=True) == 4
    assert list(CatalogTables(url).products()) == [lamp]
    tables.engine.dispose()

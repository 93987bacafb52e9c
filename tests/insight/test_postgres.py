"""Figures, views and keeper against a private PostgreSQL."""

from itertools import count

import psycopg
import pytest

from tests.insight.test_documented_views import ViewsCases
from tests.insight.test_figures import FiguresCases
from tests.insight.test_keeper import KeeperCases
from tests.record.test_postgres import server, url  # noqa: F401  (fixtures)

pytestmark = pytest.mark.real

_names = count()


def made(server):  # noqa: F811
    """A new, empty database."""
    name = f"figures_{next(_names)}"
    with psycopg.connect(f"postgresql://{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql://{server}/{name}"


class TestFiguresOnPostgres(FiguresCases):
    @pytest.fixture(scope="class")
    def url(self, server):  # noqa: F811
        return made(server)


class TestViewsOnPostgres(ViewsCases):
    @pytest.fixture(scope="class")
    def url(self, server):  # noqa: F811
        return made(server)


class TestKeeperOnPostgres(KeeperCases):
    pass

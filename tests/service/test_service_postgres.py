"""The books against a private PostgreSQL: what holds on SQLite holds there, races above all."""

import pytest

from tests.record.test_postgres import server, url  # noqa: F401
from tests.service.test_racing import RacingCases
from tests.service.test_store import StoreCases

pytestmark = pytest.mark.real


class TestRacingOnPostgres(RacingCases):
    pass


class TestStoreOnPostgres(StoreCases):
    pass

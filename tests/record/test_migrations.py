import subprocess
import sys
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from assistant.errors import SetupError
from assistant.insight.figures import Figures
from assistant.insight.filters import Filters
from assistant.insight.keeper import Keeper
from assistant.record import Record
from assistant.record.database import open_database, writing
from assistant.record.tables import Base
from assistant.types import Utterance
from tests.record.conversation import PRODUCTS
from tests.record.older import older

OPEN = "import sys; from assistant.record import Record; input(); Record(sys.argv[1]).close(); print('open')"


class MigrationCases:
    """What the schema promises, whatever the database: a subclass's module gives `url`, an empty one."""

    def test_migrations_and_tables_agree(self, url):
        engine = open_database(url)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []
        engine.dispose()

    @pytest.mark.real
    def test_processes_that_start_at_once_share_one_migration(self, url):
        starts = [
            subprocess.Popen(
                [sys.executable, "-c", OPEN, url],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(4)
        ]
        for start in starts:
            start.stdin.write("\n")
            start.stdin.flush()
        ends = [start.communicate(timeout=60) for start in starts]
        assert ends == [("open\n", "")] * 4

    def test_a_current_database_is_opened_without_a_word_or_a_change(self, url, caplog, capfd):
        first = Record(url)
        session_id = first.open_turn(Utterance("a lamp"), "en", session_id=None).session_id
        first.close()
        caplog.clear()
        caplog.set_level("INFO")
        second = Record(url)
        assert [turn.message for turn in second.turns(session_id, PRODUCTS.get)] == ["a lamp"]
        second.close()
        assert caplog.records == []
        assert capfd.readouterr() == ("", "")

    def test_ratings_and_sessions_of_before_the_figures_are_counted_in_them(self, url):
        at = datetime(2026, 11, 1, tzinfo=UTC)
        turn = {"session_id": "s", "message": "", "locale": "en", "origin": "said", "need": None, "started_at": at}
        rated = {"turn_id": "t", "versions_id": None, "at": at}
        older(
            url,
            "0008",
            {
                "sessions": [{"id": "s", "locale": "en", "started_at": at}],
                "turns": [{**turn, "id": "t", "number": 1}],
                "ratings": [
                    {**rated, "kind": "stars", "value": "5", "number": 5, "reasons": []},
                    {**rated, "kind": "csat", "value": "2", "number": 2, "reasons": ["agent"]},
                    {**rated, "kind": "thumb", "value": "up", "number": None, "reasons": []},
                ],
            },
        )
        Record(url).close()
        engine = open_database(url)
        with engine.connect() as connection:
            ratings = connection.execute(text("SELECT kind, score, subject FROM ratings ORDER BY id")).all()
            assert ratings == [("stars", 1.0, None), ("csat", 0.25, "agent"), ("thumb", None, None)]
            assert connection.scalars(text("SELECT session_id FROM insight_changes")).all() == ["s"]
        engine.dispose()

    def test_what_the_figures_now_count_in_another_way_is_counted_anew(self, url):
        at = datetime(2026, 11, 1, tzinfo=UTC)
        thumb = {"kind": "thumb", "value": "down", "reasons": [], "at": at}
        seen = {"product_id": "a", "at": at}
        older(
            url,
            "0011",
            {
                "sessions": [{"id": id, "locale": "en", "started_at": at} for id in ("looked", "twice", "once", "clicked")],
                "turns": [
                    {"id": id, "session_id": id, "number": 1, "message": "", "locale": "en", "origin": "said",
                     "started_at": at}
                    for id in ("looked", "twice", "once", "clicked")
                ],
                "events": [
                    {**seen, "turn_id": "looked", "kind": "dwell", "dwell_ms": 3_000},
                    {**seen, "turn_id": "looked", "kind": "dwell", "dwell_ms": 4_000},
                    {**seen, "turn_id": "clicked", "kind": "click", "dwell_ms": None},
                ],
                "ratings": [{**thumb, "turn_id": id} for id in ("twice", "twice", "once")],
                "insight_watched": [{"hour": "2026-11-01T00", "series": "thumbs_down", "trials": 3, "hits": 3}],
            },
        )  # fmt: skip
        Record(url).close()
        engine = open_database(url)
        with engine.connect() as connection:
            waiting = connection.scalars(text("SELECT session_id FROM insight_changes ORDER BY session_id")).all()
            assert waiting == ["looked", "twice"]
            assert connection.scalar(text("SELECT count(*) FROM insight_watched")) == 0
        Keeper(engine, lambda: at).catch_up()
        counts = Figures(engine, lambda: at).overview(Filters(at.date(), at.date())).now.counts
        assert (counts.dwells, counts.dwell_ms, counts.thumbs_down) == (1, 7_000, 1)
        engine.dispose()

    def test_a_database_of_a_newer_release_is_refused_and_left_alone(self, url):
        engine = open_database(url)
        with writing(engine).begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(SetupError, match="9999"):
            Record(url)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
        engine.dispose()


class TestMigrationsOnSQLite(MigrationCases):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path / 'record.db'}"

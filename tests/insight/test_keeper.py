import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, func, inspect, select, text

from assistant.errors import Conflict
from assistant.insight.figures import Figures
from assistant.insight.filters import Filters
from assistant.insight.keeper import Keeper
from assistant.insight.measures import COUNTS
from assistant.record import Deed, Record
from assistant.record.figure_tables import ChangeRow, FactsRow, GroupRow, ItemRow, PositionRow, ProductRow, StateRow
from assistant.record.tables import SessionRow
from assistant.types import Slate, SlateItem, Utterance
from tests.insight.random_record import PRODUCTS, START, RandomRecord

WHOLE = Filters(date(2026, 9, 1), date(2026, 11, 30), who="all")
KEEP = """
import sys
from datetime import UTC, datetime
from assistant.insight.keeper import Keeper
from assistant.record.database import engine_on
print("ready", flush=True)
input()
Keeper(engine_on(sys.argv[1]), lambda: datetime.now(UTC)).catch_up(60)
"""


def figures_of(engine):
    """Everything that is counted, in the generation that is read, whatever its rows are numbered."""
    dimensions = (GroupRow.period, GroupRow.locale, GroupRow.versions_id, GroupRow.category, GroupRow.who, GroupRow.arm)
    with engine.connect() as connection:
        mine = connection.scalar(select(StateRow.generation))
        asked = [select(*dimensions, *_of(GroupRow))]
        asked += [
            select(*dimensions, key, *_of(row)).join(row, row.group_id == GroupRow.id)
            for row, key in ((ProductRow, ProductRow.product_id), (PositionRow, PositionRow.position))
        ]
        facts = (FactsRow.session_id, FactsRow.day, FactsRow.category, *_of(FactsRow))
        rows = [
            sorted(tuple(row) for row in connection.execute(one.where(GroupRow.generation == mine))) for one in asked
        ]
        rows.append(sorted(tuple(row) for row in connection.execute(select(*facts).where(FactsRow.generation == mine))))
    return rows


def _of(row):
    return [inspect(row).columns[name] for name in COUNTS]


class KeeperCases:
    """What the keeper promises, whatever the database: a subclass's module gives `url`, an empty one."""

    @pytest.fixture
    def made(self, url):
        made = RandomRecord(url, 11)
        made.keeper = Keeper(made.engine, made.clock)
        yield made
        made.record.close()

    @pytest.mark.real
    def test_late_events_leave_what_a_count_from_scratch_finds(self, made):
        for _ in range(6):
            made.grow(4)
            made.change(12)
            made.keeper.catch_up()
        kept = figures_of(made.engine)
        assert made.keeper.behind() == 0
        assert made.keeper.catch_up() == 0
        assert made.keeper.rebuild() == self.count(made, SessionRow)
        assert figures_of(made.engine) == kept
        assert len(kept[0]) > 20

    def test_a_rebuild_leaves_nothing_of_what_was_before(self, made):
        made.grow(6)
        made.keeper.catch_up()
        rows = [self.count(made, row) for row in (FactsRow, ItemRow, GroupRow, ProductRow, PositionRow)]
        for _ in range(2):
            made.keeper.rebuild()
        assert [self.count(made, row) for row in (FactsRow, ItemRow, GroupRow, ProductRow, PositionRow)] == rows

    def test_sums_in_which_nothing_is_left_are_deleted(self, made):
        turn = self.one_turn(made)
        made.keeper.catch_up()
        groups = self.count(made, GroupRow)
        with made.engine.begin() as connection:
            connection.execute(text("UPDATE sessions SET locale = 'zh'"))
            connection.execute(text("INSERT INTO insight_changes (session_id) SELECT id FROM sessions"))
        made.keeper.catch_up()
        assert self.count(made, GroupRow) == groups
        assert {row[1] for row in figures_of(made.engine)[0]} == {"zh", "*"}
        assert made.record.happened(Deed(turn, "p1", "click")) == "recorded"

    def test_a_purchase_weeks_later_counts_on_the_day_of_its_conversation(self, made):
        turn = self.one_turn(made)
        figures = Figures(made.engine, made.clock)
        made.keeper.catch_up()
        made.clock.now = START + timedelta(days=40)
        made.record.happened(Deed(turn, "p1", "purchase", key="k", quantity=2))
        assert made.record.happened(Deed(turn, "p1", "purchase", key="k", quantity=2)) == "repeated"
        made.keeper.catch_up()
        day = Filters(START.date(), START.date())
        counts = figures.overview(day).now.counts
        assert (counts.with_purchase, counts.purchases, counts.revenue_minor) == (1, 1, 2 * PRODUCTS[1].price_minor)
        assert figures.overview(replace(day, product="p1")).now.counts.revenue_minor == 2 * PRODUCTS[1].price_minor
        assert figures.overview(replace(day, product="p2")).now.counts.revenue_minor == 0
        assert figures.overview(Filters(made.clock.now.date(), made.clock.now.date())).now.counts.conversations == 0

    def test_of_each_answer_the_last_thumb_counts(self, made):
        figures, day = Figures(made.engine, made.clock), Filters(START.date(), START.date())
        turn, other = self.one_turn(made), self.one_turn(made)

        def given(turn_id, value, *reasons):
            made.clock.now += timedelta(minutes=1)
            made.record.rate(turn_id, "thumb", value, list(reasons))
            made.keeper.catch_up()
            counts, told = figures.overview(day).now.counts, figures.reasons(day)
            behind = [len(figures.with_reason(day, reason).rows) for reason in ("price", "slow")]
            return counts.thumbs_up, counts.thumbs_down, told.total, dict(told.counts), behind

        assert given(other, "down", "slow") == (0, 1, 1, {"slow": 1}, [0, 1])
        assert given(turn, "down") == (0, 2, 1, {"slow": 1}, [0, 1])
        assert given(turn, "down", "price", "slow") == (0, 2, 2, {"slow": 2, "price": 1}, [1, 2])
        assert given(turn, "up") == (1, 1, 1, {"slow": 1}, [0, 1])
        made.record.rate(turn, "thumb", "down")  # at the same moment: the row that came later
        assert given(other, "up") == (1, 1, 0, {}, [0, 0])

    def test_what_was_looked_at_counts_once_a_turn_with_all_its_looks(self, made):
        figures, day = Figures(made.engine, made.clock), Filters(START.date(), START.date())
        turn, other = self.one_turn(made), self.one_turn(made)
        looks = [(turn, "p1", 4_000), (turn, "p1", 2_000), (other, "p1", 9_000), (other, "p5", 5_000)]
        made.record.events([Deed(id, product, "dwell", dwell_ms=ms) for id, product, ms in looks])
        made.record.events([Deed(turn, "p2", "dwell", dwell_ms=60_000, mark=mark) for mark in ("bot", "staff")])
        made.keeper.catch_up()

        def told(measures):
            return measures.counts.dwells, measures.counts.dwell_ms, measures.dwell_s

        assert told(figures.overview(day).now) == (3, 20_000, pytest.approx(20 / 3))
        products = {line.value: told(line.measures) for line in figures.breakdown(day, "product").lines}
        assert products == {"p1": (2, 15_000, 7.5), "p2": (0, 0, None), "p5": (1, 5_000, 5.0)}
        positions = {line.value: told(line.measures)[:2] for line in figures.breakdown(day, "position").lines}
        assert positions == {"0": (1, 5_000), "1": (2, 15_000), "2": (0, 0)}
        for product, conversations in (("p1", 2), ("p5", 1), ("p2", 0)):
            assert len(figures.conversations(replace(day, product=product), "dwell").rows) == conversations
        assert len(figures.conversations(day, "dwell").rows) == 2

    def test_a_turn_that_is_being_answered_has_not_failed(self, made):
        figures, day = Figures(made.engine, made.clock), Filters(START.date(), START.date())
        first = made.record.open_turn(Utterance("a lamp"), "en", session_id=None)
        made.keeper.catch_up()
        assert figures.overview(day).now.counts.failed_turns == 0
        made.record.open_turn(Utterance("hello?"), "en", session_id=first.session_id)
        made.keeper.catch_up()
        assert figures.overview(day).now.counts.failed_turns == 1

    def test_what_is_interrupted_is_counted_once_later(self, made):
        made.grow(6)
        waiting, broken = made.keeper.behind(), []

        def breaks(connection, cursor, statement, *_):
            if statement.startswith("DELETE FROM insight_changes") and not broken:
                broken.append(statement)
                raise OSError("pulled out")

        event.listen(made.engine, "before_cursor_execute", breaks)
        with pytest.raises(OSError, match="pulled out"):
            made.keeper.catch_up()
        event.remove(made.engine, "before_cursor_execute", breaks)
        assert made.keeper.behind() == waiting
        assert figures_of(made.engine)[0] == []
        made.keeper.catch_up()
        self.require_right(made)

    @pytest.mark.real
    def test_keepers_at_once_count_nothing_twice(self, made):
        made.grow(8)
        keepers = [Keeper(made.engine, made.clock) for _ in range(4)]
        stop = threading.Event()

        def keep(keeper):
            while not stop.is_set() or keeper.behind():
                keeper.catch_up()

        threads = [threading.Thread(target=keep, args=(keeper,)) for keeper in keepers]
        for thread in threads:
            thread.start()
        made.change(40)
        made.grow(4)
        stop.set()
        for thread in threads:
            thread.join(60)
        self.require_right(made)

    @pytest.mark.real
    def test_a_killed_keeper_leaves_nothing_half_done(self, made, url):
        made.grow(10)
        for delay_s in (0.0, 0.03, 0.1):
            made.change(6)
            process = subprocess.Popen(
                [sys.executable, "-c", KEEP, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            process.stdout.readline()
            process.stdin.write("\n")
            process.stdin.flush()
            threading.Event().wait(delay_s)
            os.kill(process.pid, signal.SIGKILL)
            process.wait(10)
            process.stdin.close()
            process.stdout.close()
        made.keeper.catch_up()
        self.require_right(made)

    def test_readers_see_the_old_figures_until_the_new_are_whole(self, made):
        made.grow(8)
        made.keeper.catch_up()
        figures = Figures(made.engine, made.clock)
        before, seen = figures.overview(WHOLE).now, []
        with made.engine.begin() as connection:  # as if a bug had miscounted
            connection.execute(text("UPDATE insight_groups SET conversations = conversations + 5"))
        wrong = figures.overview(WHOLE).now
        made.keeper.rebuild(lambda _: seen.append(figures.overview(WHOLE).now))
        assert set(seen) == {wrong}
        assert figures.overview(WHOLE).now == before

    @pytest.mark.real
    def test_what_happens_during_a_rebuild_is_counted_too(self, made):
        made.grow(8)
        made.keeper.catch_up()

        def meanwhile(_):
            made.change(10)
            made.grow(2)
            made.keeper.catch_up()

        made.keeper.rebuild(meanwhile)
        self.require_right(made)

    def test_a_rebuild_that_was_cut_off_is_begun_anew(self, made):
        made.grow(8)
        made.keeper.catch_up()

        def cut(_):
            raise OSError("pulled out")

        with pytest.raises(OSError, match="pulled out"):
            made.keeper.rebuild(cut)
        made.change(5)
        made.keeper.catch_up()
        self.require_right(made)

    def test_of_two_rebuilds_the_later_wins(self, made):
        made.grow(4)
        made.keeper.catch_up()
        before, other = figures_of(made.engine), Keeper(made.engine, made.clock)
        with pytest.raises(Conflict, match="somebody else"):
            made.keeper.rebuild(lambda _: other.rebuild())
        assert figures_of(made.engine) == before

    def one_turn(self, made):
        opened = made.record.open_turn(Utterance("a lamp"), "en", session_id=None)
        made.record.show(opened.turn_id, Slate(tuple(SlateItem(product, 0.5) for product in PRODUCTS[1:3]), 2))
        return opened.turn_id

    def count(self, made, row):
        with made.engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(row))

    def require_right(self, made):
        kept = figures_of(made.engine)
        assert self.count(made, ChangeRow) == 0
        made.keeper.rebuild()
        assert figures_of(made.engine) == kept
        assert kept[0]


class TestKeeperOnSQLite(KeeperCases):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path / 'record.db'}"


def test_a_session_in_which_nothing_was_said_is_no_conversation(tmp_path):
    record = Record(f"sqlite:///{tmp_path / 'record.db'}")
    record.open_session("en")
    keeper = Keeper(record.engine, lambda: START)
    assert keeper.rebuild() == 1
    assert figures_of(record.engine)[3] == []
    record.close()

"""The evaluation of figures: its synthetic record, and the timing of every view of the owner's page."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from assistant.insight.drift import Drift
from assistant.insight.figures import Figures
from assistant.insight.filters import Filters
from assistant.insight.keeper import Keeper
from assistant.record.database import open_database
from assistant.record.insight_tables import AlertRow, GapRow, OpinionRow
from assistant.record.tables import EventRow
from evals import insight_views
from evals.synthetic import LAST, fill, shelf

YEAR = Filters(LAST - timedelta(365), LAST)


def clock():
    return datetime(LAST.year, LAST.month, LAST.day, tzinfo=UTC) + timedelta(1)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """A record of some two thousand turns, counted."""
    made = open_database(f"sqlite:///{tmp_path_factory.mktemp('insight') / 'record.db'}")
    fill(made, 2_000)
    Keeper(made, clock).rebuild(lambda done: None)
    yield made
    made.dispose()


def test_a_synthetic_record_holds_what_every_view_reads(engine):
    with engine.connect() as connection:
        for row in (GapRow, OpinionRow, AlertRow):
            assert (connection.scalar(select(func.count()).select_from(row)) or 0) > 20
        kinds = Counter(connection.scalars(select(EventRow.kind)))
    assert kinds.keys() == {"click", "cart", "purchase", "dwell"}


def test_every_view_finds_something_in_it(engine, catalog):
    asks = insight_views.narrowed(engine, clock, catalog)
    (answered, _), gaps = asks["Surveys"](YEAR), asks["Wanted and not got"](YEAR)
    assert answered.responses and answered.versions
    assert all(listed.items for listed in gaps.lists)
    total, aspects, products, days, quotes = asks["Opinions"](YEAR)
    assert total.now.n == quotes.total == sum(day.sides.n for day in days) > 20 and aspects and products
    assert all(one.conversations for one in asks["Shifts"](YEAR))
    for name in ("behind a number", "behind a number at a position", "behind a thumb's reason", "behind the survey"):
        assert asks[name](YEAR).rows
    assert asks["behind what was wanted"](YEAR).rows and asks["behind opinions"](YEAR)[0].rows
    assert asks["why thumbs were down"](YEAR).total > 5
    stood = {name: ask() for name, ask in insight_views.standing(engine, clock, catalog).items()}
    assert stood["Alerts"][0].total == 200 and len(stood["Experiments"]) == 7
    assert stood["an experiment's result"].result.arms and stood["a plan's size"].baseline.figure > 0


def test_each_view_is_timed_plainly_and_filtered_and_its_first_call_apart(engine, catalog):
    report = insight_views.measure(engine, clock, catalog, {"a year": 366}, calls=2)
    views = report["periods"]["a year"]
    assert views.keys() == insight_views.narrowed(engine, clock, catalog).keys()
    cells = [times for view in views.values() for times in view.values()] + list(report["standing"].values())
    assert all(0 < times["p50"] <= times["p95"] <= times["max"] and times["first"] > 0 for times in cells)
    lines = insight_views.table(report).splitlines()
    assert lines[0] == "| view | a year | a year, filtered |"
    assert len(lines) == 2 + len(views) + len(report["standing"])


def test_the_first_call_is_not_among_those_of_which_percentiles_are_told(engine):
    asked = []
    times = insight_views.timed(engine, asked.append, ["a", "b"])
    assert asked == ["a", "a", "b"]
    assert times["max"] < 1


def test_the_shelf_holds_every_product_of_the_record():
    rows = list(shelf())
    assert len({row["id"] for row in rows}) == len(rows) == 2_480
    assert rows[63] == {
        "id": "p00063", "title": "Lamp 63", "category": "Category 1", "currency": "USD", "price": "9.37",
    }  # fmt: skip


def test_reasons_look_the_conversations_of_a_product_up_one_by_one(engine):
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
    Figures(engine, clock).reasons(replace(YEAR, product="p00000"))
    statement, given = next(one for one in asked if "insight_items" in one[0])
    with engine.connect() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)]
    looked_up = [step for step in plan if "insight_items" in step]
    assert looked_up and all("facts_id=?" in step for step in looked_up)
    assert not any("LIST SUBQUERY" in step for step in plan)


def test_shifts_go_through_the_conversations_of_a_period_twice_at_most(engine):
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    week = Filters(LAST - timedelta(6), LAST)
    assert len(Drift(engine).report(week)) == 1
    assert sum("insight_traits" in one for one in statements) == 4

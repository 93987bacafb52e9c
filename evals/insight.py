"""Are the figures quick, and right, when the record is large? A dashboard's load over 10,000 to a million turns.

The record is synthetic (`evals.synthetic`), the figures are those of the page, on SQLite and where a server is named on
PostgreSQL too. Measured are all queries that the page asks when it opens, one after the other, for 28 days and for a year,
without filters and with; every other view of the page (`evals.insight_views`); counting anew after late events; and
counting everything from scratch. A sample of figures is held against the SQL that docs/insights.md prints.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, create_engine, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from assistant.insight.figures import Figures
from assistant.insight.filters import Filters
from assistant.insight.keeper import Keeper
from assistant.insight.measures import COUNTS
from assistant.insight.views import By
from assistant.record.changes import changed
from assistant.record.database import open_database, writing
from assistant.record.tables import EventRow, ImpressionRow, TurnRow
from catalog import Catalog, Progress
from evals import insight_views
from evals.documented import counts_of
from evals.synthetic import LAST, fill

SIZES = (10_000, 100_000, 1_000_000)
PERIODS = {"28 days": 28, "a year": 366}
_LOADS = 20
_LATE = 1_000
_BY: tuple[By, ...] = ("locale", "category", "product", "position", "model", "prompt", "ranker", "arm")


def run(
    home: Path, sizes: Sequence[int] = SIZES, url: str | None = None, *, progress: Progress | None = None
) -> dict[str, Any]:
    """Measure every size on SQLite, and on the PostgreSQL server at `url` in databases made for it and dropped."""
    started, results = time.time(), []
    servers = (None, *([url] if url else []))
    with insight_views.products(home / "shelf") as catalog:
        for size, server in product(sizes, servers):
            with tempfile.TemporaryDirectory(dir=home) as folder:
                place = _Place(Path(folder), server, size)
                try:
                    results.append(_one(place, size, catalog, progress or (lambda what, done, total: None)))
                finally:
                    place.drop()
    return {
        "results": results,
        "loads": _LOADS,
        "cpus": os.cpu_count(),
        "minutes": round((time.time() - started) / 60, 1),
    }


class _Place:
    """An empty database, and how large it is."""

    def __init__(self, folder: Path, server: str | None, size: int) -> None:
        self._file, self._server = folder / "record.db", server
        self._name = f"aisle_eval_insight_{size}"
        if server is None:
            self.url = f"sqlite:///{self._file}"
        else:
            self._told(f"DROP DATABASE IF EXISTS {self._name}", f"CREATE DATABASE {self._name}")
            self.url = make_url(server).set(database=self._name).render_as_string(hide_password=False)

    def drop(self) -> None:
        """Let it go."""
        if self._server is not None:
            self._told(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")

    def megabytes(self, connection: Connection) -> dict[str, float]:
        """What all takes, and the figures' part of it."""
        if self._server is None:
            own = text("SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%insight\\_%' ESCAPE '\\'")
            whole = sum(file.stat().st_size for file in self._file.parent.iterdir())
        else:
            own = text(
                "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname LIKE 'insight%'"
            )
            whole = connection.scalar(text("SELECT pg_database_size(current_database())"))
        try:
            figures = float(connection.scalar(own) or 0)
        except Exception:  # an SQLite without dbstat
            figures = float("nan")
        return {"whole": whole / 1e6, "figures": figures / 1e6}

    def _told(self, *statements: str) -> None:
        engine = create_engine(str(self._server), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()


def _one(place: _Place, size: int, catalog: Catalog, progress: Progress) -> dict[str, Any]:
    engine = open_database(place.url)
    report: dict[str, Any] = {"turns": size, "database": engine.dialect.name}
    begun = time.perf_counter()
    report["rows"] = fill(engine, size)
    report["fill_s"] = time.perf_counter() - begun
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    clock = lambda: datetime(LAST.year, LAST.month, LAST.day, tzinfo=UTC) + timedelta(1)  # noqa: E731
    keeper, figures = Keeper(engine, clock), Figures(engine, clock)
    conversations = report["rows"]["sessions"]
    begun = time.perf_counter()
    keeper.rebuild(lambda done: progress(f"count {size} {engine.dialect.name}", done, conversations))
    report["rebuild_s"] = time.perf_counter() - begun
    report["busy"] = os.getloadavg()[0]  # what else the machine does slows all that is measured
    report["loads"] = {name: _loads(figures, days) for name, days in PERIODS.items()}
    report["views"] = insight_views.measure(engine, clock, catalog, PERIODS)
    report["late"] = _late(engine, keeper)
    report["wrong"] = _wrong(engine, figures)
    with engine.connect() as connection:
        report["mb"] = place.megabytes(connection)
        names = ("sessions", "items", "groups", "memberships", "products", "positions")
        report["figures_rows"] = {
            name: connection.scalar(text(f"SELECT count(*) FROM insight_{name}"))  # noqa: S608
            for name in names
        }
    engine.dispose()
    return report


def _loads(figures: Figures, days: int) -> dict[str, Any]:
    """Seconds of whole loads: without filters, and with one or two at random."""
    period = Filters(LAST - timedelta(days - 1), LAST)
    each: dict[str, list[float]] = {}
    plain, filtered, popular = [], [], []
    for some in insight_views.chosen(figures, period, _LOADS):
        plain.append(_load(figures, period, each))
        filtered.append(_load(figures, some, {}))
    for id in figures.choices(period).products[:3]:
        popular.append(_load(figures, replace(period, product=id), {}))
    told = {"plain": _percentiles(plain), "filtered": _percentiles(filtered), "popular product": _percentiles(popular)}
    return told | {"each": {name: _percentiles(times) for name, times in each.items()}}


def _load(figures: Figures, filters: Filters, each: dict[str, list[float]]) -> float:
    """Seconds of everything that the page asks for."""
    asked: dict[str, Callable[[], Any]] = {
        "overview": lambda: figures.overview(filters),
        "series": lambda: figures.series(filters),
        "corrected": lambda: figures.corrected(filters),
        "choices": lambda: figures.choices(filters),
        "conversations": lambda: figures.conversations(filters, "purchase"),
        "reasons": lambda: figures.reasons(filters),
        **{f"by {by}": lambda by=by: figures.breakdown(filters, by) for by in _BY},  # type: ignore[misc]
    }
    begun = time.perf_counter()
    for name, ask in asked.items():
        before = time.perf_counter()
        ask()
        each.setdefault(name, []).append(time.perf_counter() - before)
    return time.perf_counter() - begun


def _percentiles(times: Sequence[float]) -> dict[str, float]:
    return {"p50": float(np.percentile(times, 50)), "p95": float(np.percentile(times, 95)), "max": max(times)}


def _late(engine: Engine, keeper: Keeper) -> dict[str, float]:
    """Seconds until late purchases are counted: one, and a thousand in as many conversations of all the year."""
    found = {}
    for number in (1, _LATE):
        with Session(writing(engine)) as session, session.begin():
            few = select(ImpressionRow.turn_id, ImpressionRow.product_id, TurnRow.session_id).join(
                TurnRow, TurnRow.id == ImpressionRow.turn_id
            )
            highest = session.scalar(select(ImpressionRow.id).order_by(ImpressionRow.id.desc()).limit(1)) or 0
            ids = random.Random(number).sample(range(1, highest), min(number, highest - 1))
            rows = session.execute(few.where(ImpressionRow.id.in_(ids))).all()
            at = datetime.now(UTC)
            events = [{"turn_id": r.turn_id, "product_id": r.product_id, "kind": "purchase", "at": at} for r in rows]
            session.execute(insert(EventRow), events)
            changed(session, [row.session_id for row in rows])
        begun = time.perf_counter()
        keeper.catch_up(600)
        found[str(number)] = time.perf_counter() - begun
    return found


def _wrong(engine: Engine, figures: Figures) -> int:
    """How many of a sample of counts are not what the documented SQL finds."""
    wrong = 0
    week = Filters(LAST - timedelta(6), LAST)
    choices = figures.choices(week)
    samples = (
        week,
        replace(week, who="all"),
        replace(week, locale="zh", category=choices.categories[0]),
        replace(week, product=choices.products[0]),
        replace(week, model=choices.models[0], arm=choices.arms[0]),
    )
    with engine.connect() as connection:
        for filters in samples:
            given, wanted = figures.overview(filters).now.counts, counts_of(connection, filters)
            for name in COUNTS:
                tolerance = 0.5 * given.rated + 1 if name.endswith("_micro") else 0
                wrong += abs(getattr(given, name) - getattr(wanted, name)) > tolerance
    return wrong


def table(report: dict[str, Any]) -> str:
    """The report as Markdown."""
    lines = [
        "| turns, database | load of 28 days p50 / p95 | … with filters | a year p50 / p95 | … with filters | 1 late event counted"
        " | 1,000 late events | from scratch | database, figures of it | wrong counts | load average |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for one in report["results"]:
        loads = [_told(one["loads"][period][kind]) for period in PERIODS for kind in ("plain", "filtered")]
        rate = one["turns"] / one["rebuild_s"]
        lines.append(
            f"| {one['turns']:,}, {one['database']} | {' | '.join(loads)} | {one['late']['1']:.2f} s"
            f" | {one['late'][str(_LATE)]:.2f} s | {one['rebuild_s']:.0f} s ({rate:,.0f} turns/s)"
            f" | {one['mb']['whole']:,.0f} MB, {one['mb']['figures']:,.0f} | {one['wrong']} | {one['busy']:.1f} |"
        )
    for one in report["results"]:
        lines += ["", f"{one['turns']:,} turns, {one['database']}:", "", insight_views.table(one["views"])]
    return "\n".join(lines)


def _told(times: dict[str, float]) -> str:
    return f"{times['p50']:.2f} / {times['p95']:.2f} s"

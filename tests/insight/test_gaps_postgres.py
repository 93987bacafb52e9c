"""Gaps and shifts counted by a private PostgreSQL, as by SQLite."""

from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.insight.drift import Drift
from assistant.insight.filters import Filters
from assistant.insight.gaps import Gaps
from assistant.insight.keeper import Keeper
from assistant.lacking import not_carried, unanswered
from assistant.record import Record
from assistant.types import Need, Reply, Slate, SlateItem, Turn, Utterance, Versions
from tests.record.test_postgres import server, url  # noqa: F401  (fixtures)
from tests.shop import OAK, STEEL

pytestmark = pytest.mark.real
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
PERIOD = Filters(date(2026, 11, 1), date(2026, 11, 28))


def filled(where):
    """A record with 60 conversations of this period and 60 of the one before, later ones slower and in Chinese."""
    clock = {"now": NOW}
    record = Record(where, clock=lambda: clock["now"])
    for back, locale, wait in ((40, "en", 300.0), (2, "zh", 9_000.0)):
        for n in range(60):
            clock["now"] = NOW - timedelta(days=back, minutes=n)
            opened = record.open_turn(Utterance("hats?"), locale, session_id=None)
            slate = Slate((SlateItem(OAK, 1.0), SlateItem(STEEL, 0.5)), 2)
            record.show(opened.turn_id, slate)
            gaps = (not_carried("帽子" if n % 2 else "hats"), unanswered("What voltage is it?", OAK))
            record.close_turn(
                Turn(
                    opened.turn_id, opened.session_id, "hats?", locale, Need(category="Lighting"), slate,  # type: ignore[arg-type]
                    Reply("no_match", "No."), (), {"first_sentence": wait}, Versions("m", "q", "p", "i", "r"), gaps=gaps,
                )
            )  # fmt: skip
            record.rate(opened.turn_id, "stars", 5 if back == 40 else 1)
    keeper = Keeper(record.engine, lambda: NOW)
    while keeper.catch_up():
        pass
    return record


def test_gaps_and_shifts_are_the_same_on_both_databases(url, tmp_path, catalog):  # noqa: F811
    told = []
    for where in (url, f"sqlite:///{tmp_path / 'record.db'}"):
        record = filled(where)
        gaps, drift = Gaps(record.engine, lambda: catalog), Drift(record.engine)
        report = gaps.report(Filters(PERIOD.since, PERIOD.until, category="Lighting", product="oak", model="m"))
        items = [
            (listed.list, item.key, item.conversations, item.turns, item.before, item.days, item.state)
            for listed in report.lists
            for item in listed.items
        ]
        shifts = [
            (one.span, [(s.measure, s.value, s.before, s.now, s.found) for s in one.shifts])
            for one in drift.report(PERIOD)
        ]
        behind = [
            len(drift.conversations(PERIOD, measure, value, None, 100).rows)
            for measure, value in (
                ("waits", "06"),
                ("scores", "07"),
                ("satisfaction", "00"),
                ("languages", "zh"),
                ("kind:no_match", "yes"),
            )
        ]
        wanted = len(gaps.conversations(PERIOD, "not_carried", "hat", None, None, 100).rows)
        told.append((items, shifts, behind, wanted, report.conversations))
        record.close()
    assert told[0] == told[1]
    items, shifts, behind, wanted, conversations = told[0]
    assert ("not_carried", "hat", 60, 60, 60) in [item[:5] for item in items]
    assert {shift[0] for shift in shifts[0][1] if shift[4]} == {"languages", "waits", "satisfaction"}
    assert (behind, wanted, conversations) == ([60] * 5, 60, 60)

"""A small shop whose truth is known, lived day by day into a real record: who comes, what arm they meet, what comes of it.

Arms are assigned and exposures written by the parts that serve a shop; turns, clicks and the rest are put in as rows. Shoppers
differ in taste and come back, few buy, a few of those for very much, hardly anybody rates: what is hard on intervals.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert

from assistant.insight.experiments.arms import LiveArms
from assistant.insight.experiments.lab import Lab, Told
from assistant.insight.experiments.ledger import Ledger
from assistant.insight.experiments.plan import Experiment, Plan
from assistant.record import Record
from assistant.record.database import writing
from assistant.record.experiments import Experiments
from assistant.record.tables import (
    EventRow,
    ImpressionRow,
    RatingRow,
    ReplyRow,
    SessionRow,
    TicketRow,
    TurnRow,
    VersionsRow,
)

_START = datetime(2026, 1, 5, tzinfo=UTC)
_SHOWN = 4
_TABLES: tuple[Any, ...] = (SessionRow, TurnRow, ReplyRow, ImpressionRow, EventRow, RatingRow, TicketRow)
Rows = dict[Any, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Ways:
    """How often things happen under an arm; `paid` is the median of a purchase in minor units."""

    clicked: float = 0.08  # of products shown, over all shoppers
    bought: float = 0.25  # of clicks
    paid: float = 4_000
    satisfied: float = 0.75
    thumb_up: float = 0.8
    failed: float = 0.02
    no_match: float = 0.06
    handed: float = 0.03
    waited_ms: float = 900


@dataclass(slots=True)
class _Visit:
    """A conversation that is going to be: when, whose, and how much its shopper likes to click, 1 on average."""

    at: datetime
    shopper: str
    taste: float


@dataclass(slots=True)
class Clock:
    """The time in the shop."""

    now: datetime = _START

    def __call__(self) -> datetime:
        return self.now


class Shop:
    """One record in a folder; experiments are lived one after the other, each with shoppers of its own."""

    def __init__(self, folder: Path, chance: np.random.Generator) -> None:
        self.clock = Clock()
        self.record = Record(f"sqlite:///{folder / 'record.db'}", clock=self.clock)
        self._chance = chance
        self._numbers = 0
        self.ledger = Ledger(Experiments(self.record.engine, self.clock), lambda: {})
        self._arms = LiveArms(self.ledger, self.clock, lambda: 0.0)  # looks again when the ledger tells it to
        self._lab = Lab(self.ledger, self.clock, _no_catalog, lambda: 0.0)  # keeps no result
        self._write(
            {VersionsRow: [{"id": "v", **dict.fromkeys(("model", "quantisation", "prompt", "index", "ranker"), "-")}]}
        )

    def lived(self, plan: Plan, days: int, a_day: int, ways: Mapping[str, Ways] | None = None) -> list[Told]:
        """The result at the end of every day of an experiment of so many days, with so many new shoppers a day.

        `ways` says of an arm what is not as with the others.
        """
        self.clock.now = self.clock.now.replace(hour=0) + timedelta(days=2)  # after all that was before has wound down
        experiment = self.ledger.start(self.ledger.plan(plan, None).id, None)
        visits, later, told = self._visits(days, a_day), dict[int, Rows](), []
        first = self.clock.now
        for day in range(days):
            talks = [self._talk(visit, first, later) for visit in visits[day]]
            self._write(_together([talk.begun() for talk in talks]))
            for talk in talks:
                self._lives(talk, experiment, ways or {})
            self._write(later.pop(day, {}))
            self.clock.now = first + timedelta(days=day, hours=23, minutes=59)
            told.append(self._lab.told(experiment))
        self.ledger.stop(experiment.id, None)
        return told

    def _visits(self, days: int, a_day: int) -> list[list[_Visit]]:
        """Who comes on which day: new shoppers, half of whom come again within the next week, and some once more."""
        found: list[list[_Visit]] = [[] for _ in range(days)]
        for day in range(days):
            for _ in range(self._chance.poisson(a_day)):
                self._numbers += 1
                on, taste = day, float(self._chance.gamma(0.8, 1 / 0.8))
                while on < days:
                    seconds = int(self._chance.integers(60, 80_000))
                    at = self.clock.now + timedelta(days=on, seconds=seconds)
                    found[on].append(_Visit(at, f"shopper-{self._numbers}", taste))
                    if self._chance.random() < 0.5:
                        break
                    on += int(self._chance.integers(0, 8))
        return [sorted(visits, key=lambda visit: visit.at) for visits in found]

    def _talk(self, visit: _Visit, first: datetime, later: dict[int, Rows]) -> "_Talk":
        self._numbers += 1
        return _Talk(f"session-{self._numbers}", visit, self._chance, first, later)

    def _lives(self, talk: "_Talk", experiment: Experiment, ways: Mapping[str, Ways]) -> None:
        """One conversation: its arm is met as its shelf is shown, and what comes of it is for the day on which it does."""
        self.clock.now = talk.visit.at
        treatment = self._arms.of(talk.session_id, talk.visit.shopper)
        self._arms.met(treatment, (experiment.plan.varied,), talk.session_id, talk.turn_id(0))
        arm = next((one.arm for one in treatment.meetings if one.experiment == experiment.id), "")
        talk.goes_on(ways.get(arm, Ways()))

    def _write(self, rows: Rows) -> None:
        with writing(self.record.engine).begin() as connection:
            for table in (VersionsRow, *_TABLES):
                if rows.get(table):
                    connection.execute(insert(table), rows[table])

    def close(self) -> None:
        """Let the database go."""
        self.record.close()


@dataclass(slots=True)
class _Talk:
    """A conversation as rows: what begins it at once, what comes of it by the day on which it does."""

    session_id: str
    visit: _Visit
    chance: np.random.Generator
    first: datetime
    later: dict[int, Rows]
    turns: int = field(init=False)

    def __post_init__(self) -> None:
        self.turns = int(self.chance.geometric(0.6))

    def turn_id(self, number: int) -> str:
        return f"{self.session_id}-{number}"

    def begun(self) -> Rows:
        """The session and its turns."""
        visit = self.visit
        session = {"id": self.session_id, "shopper_id": visit.shopper, "locale": "en", "started_at": visit.at}
        turns = [
            {"id": self.turn_id(n), "session_id": self.session_id, "number": n + 1, "message": "a lamp", "locale": "en",
             "origin": "said", "started_at": visit.at + timedelta(seconds=40 * n)}
            for n in range(self.turns)
        ]  # fmt: skip
        return {SessionRow: [session], TurnRow: turns}

    def goes_on(self, ways: Ways) -> None:
        """Everything else, with chance as the arm's ways are."""
        happens = self.chance.random
        for number in range(self.turns):
            self._answered(self.turn_id(number), self.visit.at + timedelta(seconds=40 * number), ways)
        last, end = self.turn_id(self.turns - 1), self.visit.at + timedelta(minutes=10)
        rating = {"turn_id": last, "versions_id": "v", "reasons": [], "at": end}
        if happens() < 0.12:
            stars = 5 if happens() < ways.satisfied else 2
            score = (stars - 1) / 4
            self._put(RatingRow, end, {**rating, "kind": "stars", "value": str(stars), "number": stars, "score": score})
        if happens() < 0.1:
            thumb = "up" if happens() < ways.thumb_up else "down"
            self._put(RatingRow, end, {**rating, "kind": "thumb", "value": thumb, "number": None, "score": None})
        if happens() < ways.handed:
            ticket = {
                "session_id": self.session_id,
                "turn_id": last,
                "kind": "person",
                "question": "help",
                "locale": "en",
            }
            self._put(TicketRow, end, {**ticket, "id": f"ticket-{last}", "status": "open", "created_at": end})

    def _answered(self, turn_id: str, at: datetime, ways: Ways) -> None:
        chance, kind = self.chance, "recommend"
        if chance.random() < ways.no_match:
            kind = "no_match"
        failure = "TimeoutError" if chance.random() < ways.failed else None
        waited = {"first_sentence": float(chance.lognormal(np.log(ways.waited_ms), 0.5))}
        empty = dict.fromkeys(("need", "slate"), {}) | dict.fromkeys(("evidence", "claims", "quick_replies"), [])
        reply = {"turn_id": turn_id, "versions_id": "v", "kind": kind, "text": "Here.", "timings_ms": waited, **empty}
        self._put(ReplyRow, at, {**reply, "failure": failure, "finished_at": at})
        if kind != "recommend":
            return
        clicks = min(ways.clicked * self.visit.taste, 0.9)
        for position in range(1, _SHOWN + 1):
            product = f"p{position}"
            shown = {"turn_id": turn_id, "product_id": product, "position": position, "score": 0.5, "shown_at": at}
            self._put(ImpressionRow, at, {**shown, "price_minor": 4_000, "currency": "USD"})
            if chance.random() < clicks:
                self._clicked(turn_id, product, at, ways)

    def _clicked(self, turn_id: str, product: str, at: datetime, ways: Ways) -> None:
        chance = self.chance
        deeds: list[tuple[str, timedelta, int | None]] = [("click", timedelta(seconds=20), None)]
        if chance.random() < 0.4:
            deeds.append(("cart", timedelta(minutes=2), None))
        if chance.random() < ways.bought:
            paid = int(ways.paid * chance.lognormal(0.0, 0.8))
            deeds.append(("purchase", timedelta(days=float(chance.exponential(0.5))), paid))
        for kind, after, paid in deeds:
            event = {"turn_id": turn_id, "product_id": product, "kind": kind, "at": at + after}
            self._put(EventRow, at + after, {**event, "amount_minor": paid, "quantity": 1 if paid else None})

    def _put(self, table: Any, at: datetime, row: dict[str, Any]) -> None:
        day = (at - self.first).days
        self.later.setdefault(day, defaultdict(list))[table].append(row)


def _together(parts: Sequence[Rows]) -> Rows:
    """The rows of all of them, table by table."""
    return {table: [row for part in parts for row in part.get(table, ())] for table in _TABLES}


def _no_catalog() -> Any:
    raise LookupError("what the past says of a ranking is not asked here")

"""A record of any size for measurements: synthetic turns and events of one year, put in as rows and not through the pages.

What is meant to be like life: products by Zipf within categories, clicks by position, purchases days later, versions that
change by the month, experiments, surveys that few answer, bots. The texts are made up and always the same.
"""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import Engine

from assistant.insight.experiments.plan import Arm, Plan, plan_data, usual_guardrails
from assistant.surveys import PACKAGED, load_rules
from evals import synthetic_said

LAST = date(2026, 11, 28)
DAYS = 366
TURNS_PER_CONVERSATION = 3.3
_CATEGORIES = 40
_PRODUCTS = 2_500
_CLICKED = (0.12, 0.08, 0.06, 0.05)  # by position
_KINDS = (("recommend", 66), ("answer", 14), ("no_match", 6), ("clarify", 6), ("chat", 4), ("service", 4))
_CHUNK = 20_000  # turns that are made before they are written
_SAID = "I am looking for a lamp for my desk, under 60 dollars, and it should not be made of plastic please"
_TEXT = "Lamp Nordby is white and costs $49.00. It is bright, as its buyers say, and fits a small desk. " * 4
_EXPERIMENT_DAYS = 60
_SLATE = json.dumps(
    {"items": [{"product_id": f"p{n}", "score": 0.8, "reasons": [_SAID, _SAID], "drawback": _SAID} for n in range(4)]}
)
_NEED = json.dumps({"query": "desk lamp", "category": None, "constraints": []})
_COLUMNS = {
    "sessions": ("id", "shopper_id", "locale", "mark", "started_at"),
    "turns": ("id", "session_id", "number", "message", "locale", "origin", "need", "started_at"),
    "replies": ("turn_id", "versions_id", "kind", "text", "need", "slate", "evidence", "claims", "quick_replies",
                "timings_ms", "failure", "finished_at"),
    "impressions": ("turn_id", "product_id", "position", "score", "category", "price_minor", "currency", "shown_at"),
    "views": ("turn_id", "product_id", "visible_ms", "at"),
    "events": ("turn_id", "product_id", "kind", "key", "quantity", "amount_minor", "currency", "happened_at", "at",
               "dwell_ms"),
    "survey_offers": ("id", "survey_id", "session_id", "turn_id", "subject", "trigger", "channel", "at"),
    "ratings": ("turn_id", "offer_id", "kind", "value", "number", "score", "reasons", "at"),
    "tickets": ("id", "session_id", "turn_id", "kind", "question", "locale", "status", "created_at"),
    "exposures": ("experiment_id", "session_id", "turn_id", "unit", "arm", "at"),
    **synthetic_said.COLUMNS,
}  # fmt: skip
Rows = dict[str, list[tuple[Any, ...]]]


def shelf() -> Iterator[dict[str, Any]]:
    """The products of the record as rows of a feed."""
    places = _PRODUCTS // _CATEGORIES
    for number in range(_CATEGORIES * places):
        of, place = divmod(number, places)
        yield {
            "id": f"p{number:05}", "title": f"Lamp {number}", "category": f"Category {of}", "currency": "USD",
            "price": f"{(900 + 37 * place) / 100:.2f}",
        }  # fmt: skip


def fill(engine: Engine, turns: int, seed: int = 7) -> dict[str, int]:
    """Put a year's record of about so many turns into an empty database; how many rows each table got."""
    maker = _Maker(seed, engine.dialect.name)
    written: dict[str, int] = {}
    for rows in maker.chunks(turns):
        with engine.begin() as connection:
            for name, given in rows.items():
                _put(connection.connection.cursor(), engine.dialect.name, name, given)
                written[name] = written.get(name, 0) + len(given)
    return written


def _put(cursor: Any, dialect: str, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """The rows by the driver's own fastest way."""
    columns = _COLUMNS.get(table) or _FIRST_COLUMNS[table]
    named = ", ".join(f'"{column}"' for column in columns)
    if dialect == "postgresql":
        with cursor.copy(f"COPY {table} ({named}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({named}) VALUES ({marks})", rows)  # noqa: S608  (names of our own)


_FIRST_COLUMNS = {
    "versions": ("id", "model", "quantisation", "prompt", "index", "ranker"),
    "surveys": ("id", "data", "at"),
    "experiments": ("id", "plan", "at"),
    "experiment_events": ("experiment_id", "kind", "data", "at"),
    "alerts": synthetic_said.ALERT_COLUMNS,
}


class _Maker:
    """Makes conversations in the order in which they begin."""

    def __init__(self, seed: int, dialect: str) -> None:
        self._rng = random.Random(seed)
        self._zone = "+00" if dialect == "postgresql" else ""
        self._categories = list(accumulate(1 / (n + 1) for n in range(_CATEGORIES)))
        self._shelf = list(accumulate(1 / (n + 1) for n in range(_PRODUCTS // _CATEGORIES)))
        self._kinds = [kind for kind, _ in _KINDS], list(accumulate(weight for _, weight in _KINDS))
        self._said = synthetic_said.Said(seed, self._at)
        self._start = datetime(LAST.year, LAST.month, LAST.day, tzinfo=UTC) - timedelta(DAYS - 1)

    def chunks(self, turns: int) -> Iterator[Rows]:
        """The rows, some thousand turns at a time."""
        yield self._first()
        conversations = round(turns / TURNS_PER_CONVERSATION)
        rows: Rows = {name: [] for name in _COLUMNS}
        for number in range(conversations):
            self._conversation(rows, self._start + timedelta(days=DAYS * number / conversations))
            if len(rows["turns"]) >= _CHUNK or number == conversations - 1:
                yield rows
                rows = {name: [] for name in _COLUMNS}

    def _first(self) -> Rows:
        at = self._at(self._start)
        versions = [
            (f"{n:064x}", f"model-{n // 4}", "Q4", f"respond@{n // 2}", "index", f"ranker@{n // 3}") for n in range(14)
        ]
        return {
            "versions": versions,
            "surveys": [("s", json.dumps(load_rules(PACKAGED).form_of("assistant", None).to_json()), at)],
            **self._experiments(),
            "alerts": synthetic_said.alerts(self._start, DAYS, self._at),
        }

    def _experiments(self) -> Rows:
        """One after the other; the last is running."""
        number = DAYS // _EXPERIMENT_DAYS + 1
        ids = [f"experiment-{n}" for n in range(number)]
        starts = [self._at(self._start + timedelta(_EXPERIMENT_DAYS * n)) for n in range(number)]
        arms = (Arm("control", 0.0), Arm("variant", 0.3))
        kept = usual_guardrails("conversion")
        plans = [
            Plan(f"Variety {n + 1}", "variety", arms, "conversion", 0.005, 20_000, guardrails=kept, salt=id)
            for n, id in enumerate(ids)
        ]
        started = [(id, "started", "{}", at) for id, at in zip(ids, starts, strict=True)]
        return {
            "experiments": [
                (id, json.dumps(plan_data(plan)), at) for id, plan, at in zip(ids, plans, starts, strict=True)
            ],
            "experiment_events": started + [(id, "stopped", "{}", at) for id, at in zip(ids, starts[1:], strict=False)],
        }

    def _at(self, moment: datetime) -> str:
        return moment.strftime("%Y-%m-%d %H:%M:%S.%f") + self._zone

    def _id(self) -> str:
        return f"{self._rng.getrandbits(128):032x}"

    def _conversation(self, rows: Rows, began: datetime) -> None:
        r, session_id = self._rng, self._id()
        locale = "en" if r.random() < 0.7 else "zh"
        mark = r.choices((None, "bot", "staff"), (96, 3, 1))[0]
        category = r.choices(range(_CATEGORIES), cum_weights=self._categories)[0]
        day = (began - self._start).days
        versions = f"{day // 30 + (r.random() < 0.2):064x}"
        rows["sessions"].append((session_id, None, locale, mark, self._at(began)))
        turn_id, bought, moment = "", False, began
        for number in range(1, min(40, 1 + int(r.expovariate(1 / (TURNS_PER_CONVERSATION - 0.78)) + 0.3)) + 1):
            moment += timedelta(seconds=r.uniform(5, 90))
            turn_id = self._id()
            bought |= self._turn(rows, (turn_id, session_id, number, locale, versions, category, mark, began), moment)
        self._afterwards(rows, (session_id, turn_id, locale, day), moment, bought)

    def _turn(self, rows: Rows, about: tuple[Any, ...], moment: datetime) -> bool:
        """One turn; whether something was bought from it."""
        r, at = self._rng, self._at(moment)
        turn_id, session_id, number, locale, versions, category, mark, began = about
        kind = r.choices(self._kinds[0], cum_weights=self._kinds[1])[0]
        failure = "the model did not answer" if r.random() < 0.01 else None
        rows["turns"].append((turn_id, session_id, number, _SAID, locale, "said", None, at))
        slate, timings = _SLATE if kind == "recommend" else "{}", self._said.timings()
        rows["replies"].append((turn_id, versions, kind, _TEXT, _NEED, slate, "[]", "[]", "[]", timings, failure, at))
        if r.random() < 0.05:
            value = r.choice(("up", "up", "down"))
            reasons = self._said.reasons() if value == "down" else "[]"
            rows["ratings"].append((turn_id, None, "thumb", value, None, None, reasons, at))
        who = mark or "shopper"
        self._said.add(rows, synthetic_said.Turn(turn_id, session_id, kind, locale, who, began, moment))
        return kind == "recommend" and self._shown(rows, turn_id, category, mark, moment)

    def _shown(self, rows: Rows, turn_id: str, category: int, mark: str | None, moment: datetime) -> bool:
        r, at, bought = self._rng, self._at(moment), False
        places = {}
        while len(places) < len(_CLICKED):
            of = category if r.random() < 0.9 else r.choices(range(_CATEGORIES), cum_weights=self._categories)[0]
            place = r.choices(range(len(self._shelf)), cum_weights=self._shelf)[0]
            places.setdefault(f"p{of * len(self._shelf) + place:05}", (of, 900 + 37 * place))
        for position, (product, (of, price)) in enumerate(places.items(), start=1):
            rows["impressions"].append((turn_id, product, position, 0.5, f"Category {of}", price, "USD", at))
            if r.random() < 0.8:
                rows["views"].append((turn_id, product, 1_500, at))
            if mark is None and r.random() < _CLICKED[position - 1]:
                bought |= self._clicked(rows, turn_id, product, price, moment)
        return bought

    def _clicked(self, rows: Rows, turn_id: str, product: str, price: int, moment: datetime) -> bool:
        r, deeds = self._rng, [("click", timedelta(seconds=20))]
        if r.random() < 0.2:
            deeds.append(("cart", timedelta(minutes=3)))
            if r.random() < 0.35:
                deeds.append(("purchase", timedelta(days=min(30.0, r.expovariate(0.5)))))
        for kind, later in deeds:
            at, paid = self._at(moment + later), price if kind == "purchase" else None
            quantity = 1 if kind == "purchase" else None
            told = (quantity, paid, "USD" if paid else None, at, at, None)
            rows["events"].append((turn_id, product, kind, self._id(), *told))
        if (dwell_ms := self._said.dwell()) is not None:
            at = self._at(moment + timedelta(seconds=30) + timedelta(milliseconds=dwell_ms))
            rows["events"].append(
                (turn_id, product, "dwell", f"dwell {turn_id} {product}", None, None, None, at, at, dwell_ms)
            )
        return len(deeds) == 3

    def _afterwards(self, rows: Rows, about: tuple[Any, ...], moment: datetime, bought: bool) -> None:
        r, at = self._rng, self._at(moment + timedelta(minutes=10))
        session_id, turn_id, locale, day = about
        if r.random() < 0.3:
            offer_id = self._id()
            rows["survey_offers"].append((offer_id, "s", session_id, turn_id, "assistant", "idle", "chat", at))
            if r.random() < (0.5 if bought else 0.22):
                stars = r.choices((1, 2, 3, 4, 5), (4, 6, 10, 40, 40) if bought else (10, 12, 23, 35, 20))[0]
                rows["ratings"].append((turn_id, offer_id, "stars", str(stars), stars, (stars - 1) / 4, "[]", at))
        if r.random() < 0.04:
            kind = r.choice(("person", "question", "stock", "complaint"))
            rows["tickets"].append((self._id(), session_id, turn_id, kind, _SAID, locale, "open", at))
        if r.random() < 0.5:
            arm = r.choice(("control", "variant"))
            rows["exposures"].append(
                (f"experiment-{day // _EXPERIMENT_DAYS}", session_id, turn_id, session_id, arm, at)
            )

"""What else is in a synthetic record: what was wanted and not got, opinions, alerts, reasons, times.

The texts are made up. Its chance is its own, so that the rest of a record is the same with it and without.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from assistant.insight.opinions.aspects import aspect_ids
from assistant.record.codec import constraint_to_json
from catalog import Constraint

COLUMNS = {
    "gaps": ("turn_id", "session_id", "day", "locale", "who", "kind", "key", "wanted", "thing", "product_id", "failed",
             "missed_minor", "states", "at"),
    "opinions": ("source", "source_id", "sentence", "session_id", "product_id", "locale", "who", "aspect", "polarity",
                 "quote", "day", "at"),
}  # fmt: skip
ALERT_COLUMNS = ("id", "key", "rule", "severity", "data", "at")
ALERTS = 200
_RULE = "complaints_by_aspect"
_THINGS = 400
_WISHES = 60
_OPINIONS = 0.05  # of turns
_GAPS = {"no_match": 0.9, "answer": 0.3, "recommend": 0.02}  # of replies of a kind
_WORDS = "It was late and one leg came bent, but the light itself is bright and warm."
REASONS = ("products", "price", "untrue", "unclear", "slow")
Moment = Callable[[datetime], str]


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn as far as it matters here; `began` is when its conversation did."""

    id: str
    session_id: str
    kind: str
    locale: str
    who: str
    began: datetime
    moment: datetime


class Said:
    """Adds to the rows what would be read in each turn. `at` writes a moment as the database wants it."""

    def __init__(self, seed: int, at: Moment) -> None:
        self._rng = random.Random(seed)
        self._at = at
        self._things = list(accumulate(1 / (n + 1) for n in range(_THINGS)))
        self._aspects = aspect_ids()

    def add(self, rows: dict[str, list[tuple[Any, ...]]], turn: Turn) -> None:
        """What would be read in a turn."""
        if self._rng.random() < _GAPS.get(turn.kind, 0.0):
            rows["gaps"].append(self._gap(turn))
        if self._rng.random() < _OPINIONS:
            rows["opinions"].append(self._opinion(turn))

    def reasons(self) -> str:
        """What a thumb down gives as its reasons: every other one gives one."""
        return json.dumps([self._rng.choice(REASONS)] if self._rng.random() < 0.5 else [])

    def timings(self) -> str:
        """How long a reply took."""
        first = self._rng.lognormvariate(6.5, 0.6)
        return json.dumps({"first_sentence": round(first, 1), "total": round(2 * first, 1)})

    def dwell(self) -> int | None:
        """For how many ms a product that was clicked was looked at, where its page tells."""
        return round(self._rng.expovariate(1 / 20_000)) if self._rng.random() < 0.4 else None

    def _gap(self, turn: Turn) -> tuple[Any, ...]:
        place = self._rng.choices(range(_THINGS), cum_weights=self._things)[0]
        product, failed, missed = f"p{place:05}", None, None
        if turn.kind == "answer":
            kind, key = "unanswered", f"attribute {place % _WISHES}"
        elif turn.kind == "recommend":
            kind, key = "out_of_stock", product
        elif self._rng.random() < 0.5:
            kind, key, product = "not_carried", f"thing {place}", None
        else:
            kind, key, missed = "nothing_fits", f"price<={20 + place % _WISHES}", 100 + place
            limit = Constraint("price", "le", 2_000 + 100 * (place % _WISHES))
            failed = json.dumps(constraint_to_json(limit))
        about = (turn.id, turn.session_id, turn.began.date().isoformat(), turn.locale, turn.who)
        return (*about, kind, key, key, f"thing {place % 40}", product, failed, missed, "", self._at(turn.moment))

    def _opinion(self, turn: Turn) -> tuple[Any, ...]:
        r = self._rng
        place = r.choices(range(_THINGS), cum_weights=self._things)[0]
        product = f"p{place:05}" if r.random() < 0.5 else None
        polarity = round(r.uniform(-1, 1), 3)
        aspect, day = r.choice(self._aspects), turn.moment.date().isoformat()
        about = ("chat", turn.id, 0, turn.session_id, product, turn.locale, turn.who)
        return (*about, aspect, polarity, _WORDS, day, self._at(turn.moment))


def alerts(start: datetime, days: int, at: Moment) -> list[tuple[Any, ...]]:
    """Alerts of the year, evenly: jumps of complaints about an aspect, by the day."""
    found, aspects = [], aspect_ids()
    for number in range(ALERTS):
        until = (start + timedelta(days=days * (number + 1) / ALERTS)).replace(minute=0, second=0, microsecond=0)
        about = aspects[number % len(aspects)]
        data = {
            "by": "aspect", "about": about, "span": "week", "hits": 40, "trials": 400, "usual": 0.05, "times": 2.0,
            "chance": 0.001, "watched": 20, "until": until.isoformat(), "quotes": [],
        }  # fmt: skip
        row = (f"{number:032x}", f"{_RULE}:{about}:{number}", _RULE, "warning", json.dumps(data), at(until))
        found.append(row)
    return found

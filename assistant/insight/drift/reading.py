"""Conversations counted by what they are like, from what the keeper holds of each; and those behind a value."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, and_, case, cast, func, select, true

from assistant.insight.drift.types import Tally
from assistant.insight.filters import NONE, Filters
from assistant.insight.measures import MICRO
from assistant.insight.reading import generation, matching
from assistant.record.figure_tables import FactsRow
from assistant.record.insight_tables import TraitsRow

WAITS_MS = (250, 500, 1_000, 2_000, 4_000, 8_000, 16_000)  # a first sentence up to each of these, or later
_SCORES = 10  # bands from 0 to 1
_STARS = 4  # steps from the worst rating to the best
KIND = "kind:"
NO = "no"  # the value of what was not so
_F, _X = FactsRow, TraitsRow
_SCORE = cast(func.floor(_X.score * _SCORES - case((_X.score >= 1, 0.5), else_=0)), Integer)
_WAIT = case(*((_X.wait_ms <= limit, place) for place, limit in enumerate(WAITS_MS)), else_=len(WAITS_MS))
_RATED = cast(func.floor(_F.score_micro * _STARS / float(MICRO) + 0.5), Integer)  # databases round halves unlike
_HAD: dict[str, ColumnElement[bool]] = {
    "zero_results": _F.no_match > 0,
    "failures": _F.failed_turns > 0,
    "handoffs": _F.handoffs > 0,
}
_BANDS: dict[str, tuple[ColumnElement[int], ColumnElement[bool]]] = {
    "scores": (_SCORE, _X.score.is_not(None)),
    "waits": (_WAIT, _X.wait_ms.is_not(None)),
    "satisfaction": (_RATED, _F.rated > 0),
}
MEASURES = ("languages", "topics", *_BANDS, *_HAD)
"""The measures beside the kinds of replies, which are named "kind:" and the kind."""


def tally(connection: Connection, filters: Filters) -> Tally:
    """The conversations that the filters let through, by what they are like."""
    columns = [_F.locale, _X.topic, _X.kinds, *(case((so, 1), else_=0).label(name) for name, so in _HAD.items())]
    rows = connection.execute(_found(connection, filters, (*columns, func.count().label("n"))).group_by(*columns)).all()
    languages, topics, had = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        languages[row.locale] += row.n
        topics[row.topic] += row.n
        had.update({name: row.n for name in _HAD if getattr(row, name)})
        had.update({f"{KIND}{kind}": row.n for kind in row.kinds.split(",") if kind})
    bands = _bands(connection, filters)
    named = {topic: count for topic, count in topics.items() if topic != NONE}
    spread = {"languages": dict(languages), "topics": named, **bands}
    every = {name: 0 for name in _HAD} | dict(had)
    return Tally(sum(languages.values()), spread, every if languages else {})


def _bands(connection: Connection, filters: Filters) -> dict[str, dict[str, int]]:
    """How many conversations are in each band of each number; those of all numbers are counted in one pass."""
    bands = [case((known, band)).label(name) for name, (band, known) in _BANDS.items()]
    rows = connection.execute(_found(connection, filters, (*bands, func.count().label("n"))).group_by(*bands)).all()
    found: dict[str, Counter[str]] = {name: Counter() for name in _BANDS}
    for row in rows:
        for name, counts in found.items():
            if (band := getattr(row, name)) is not None:
                counts[f"{int(band):02}"] += row.n
    return {name: dict(counts) for name, counts in found.items()}


def _found(connection: Connection, filters: Filters, columns: tuple[Any, ...]) -> Select[Any]:
    joined = select(*columns).select_from(_F).join(_X, _X.facts_id == _F.id)
    return matching(filters, generation(connection), joined)


def behind(
    connection: Connection, filters: Filters, measure: str, value: str, others: Sequence[str] | None = None
) -> Select[Any]:
    """The facts of conversations that have a value of a measure, or with `others` any value but these.

    ValueError where there is no such measure.
    """
    found = matching(filters, generation(connection), select(_F).join(_X, _X.facts_id == _F.id))
    if others is None:
        return found.where(_so(measure, value))
    known = {"languages": true(), "topics": _X.topic != NONE, **{name: so for name, (_, so) in _BANDS.items()}}
    if measure not in known:
        raise ValueError(f"measure: {measure[:40]!r} has no values that are too rare")
    return found.where(known[measure], *(~_so(measure, other) for other in others))


def _so(measure: str, value: str) -> ColumnElement[bool]:
    if measure.startswith(KIND) or measure in _HAD:
        had = _HAD.get(measure, _X.kinds.contains(f",{measure.removeprefix(KIND)},", autoescape=True))
        return ~had if value == NO else had
    if measure in _BANDS and value.isdigit():
        band, known = _BANDS[measure]
        return and_(known, band == int(value))
    if measure in ("languages", "topics"):
        return {"languages": _F.locale, "topics": _X.topic}[measure] == value
    raise ValueError(f"measure: there is no {measure[:40]!r} with the value {value[:40]!r}")

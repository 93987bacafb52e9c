"""What each conversation is like: its topic, the kinds of its replies, how well its shelf fitted and how long it waited.

Read from the log with the figures, a list of sessions at a time, so that shifts between periods can be counted quickly.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select

from assistant.insight.filters import NONE
from assistant.record.figure_tables import FactsRow
from assistant.record.insight_tables import TraitsRow
from assistant.record.tables import ImpressionRow, ReplyRow, TurnRow
from assistant.wanted import key_of

_SERVICE = "service"
_T, _R, _I = TurnRow, ReplyRow, ImpressionRow


def add_traits(connection: Connection, generation: int, session_ids: Sequence[str]) -> None:
    """Add what these sessions are like; their facts of this generation are there, and have no traits yet."""
    facts = select(FactsRow.session_id, FactsRow.id, FactsRow.category)
    known = connection.execute(
        facts.where(FactsRow.session_id.in_(session_ids), FactsRow.generation == generation)
    ).all()
    topics, kinds = _topics(connection, session_ids), _kinds(connection, session_ids)
    scores, waits = _scores(connection, session_ids), _waits(connection, session_ids)
    rows = [
        {
            "facts_id": one.id,
            "topic": topics.get(one.session_id) or _otherwise(one.category, kinds.get(one.session_id, ())),
            "kinds": f",{','.join(kinds.get(one.session_id, ()))},",
            "score": scores.get(one.session_id),
            "wait_ms": waits.get(one.session_id),
        }
        for one in known
    ]
    if rows:
        connection.execute(insert(TraitsRow), rows)


def _otherwise(category: str, kinds: Sequence[str]) -> str:
    """The topic of a conversation in which no kind of thing was named."""
    if category != NONE:
        return key_of(category.split(" > ")[-1])
    return _SERVICE if _SERVICE in kinds or "handoff" in kinds else NONE


def _topics(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """The first thing that each asked for by its kind, or by its category."""
    needs = (
        select(_T.session_id, _R.need).join(_R, _R.turn_id == _T.id).where(_T.session_id.in_(ids)).order_by(_T.number)
    )
    found: dict[str, str] = {}
    for session_id, need in connection.execute(needs):
        if session_id not in found and (topic := _topic(need)):
            found[session_id] = topic
    return found


def _topic(need: Mapping[str, Any]) -> str:
    """The kind of thing that a stored need names, else its category."""
    wishes = need.get("constraints") or ()
    kinds = (one["value"] for one in wishes if one["field"] == "type" and one["op"] in ("contains", "eq"))
    kind = next(kinds, None)
    named = (kind[0] if isinstance(kind, list) else str(kind)) if kind else need.get("category") or ""
    return key_of(named.split(" > ")[-1]) if named else ""


def _kinds(connection: Connection, ids: Sequence[str]) -> dict[str, list[str]]:
    query = select(_T.session_id, _R.kind).join(_R, _R.turn_id == _T.id).where(_T.session_id.in_(ids)).distinct()
    found: dict[str, list[str]] = {}
    for session_id, kind in connection.execute(query.order_by(_R.kind)):
        found.setdefault(session_id, []).append(kind)
    return found


def _scores(connection: Connection, ids: Sequence[str]) -> dict[str, float]:
    """The mean score of each one's first shelf; single scores begin at the best and say little."""
    shelf = (
        select(_T.session_id, _T.number, func.avg(_I.score).label("score"))
        .join(_I, _I.turn_id == _T.id)
        .where(_T.session_id.in_(ids))
        .group_by(_T.session_id, _T.number)
        .order_by(_T.number.desc())
    )
    return {row.session_id: float(row.score) for row in connection.execute(shelf)}


def _waits(connection: Connection, ids: Sequence[str]) -> dict[str, float]:
    first = select(_T.session_id, _R.timings_ms).join(_R, _R.turn_id == _T.id)
    found = connection.execute(first.where(_T.session_id.in_(ids), _T.number == 1))
    return {session_id: float(ms["first_sentence"]) for session_id, ms in found if "first_sentence" in (ms or {})}

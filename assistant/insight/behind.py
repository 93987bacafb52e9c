"""The conversations behind a figure, newest first, a page at a time."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, select, tuple_

from assistant.insight.filters import Filters
from assistant.insight.measures import MICRO
from assistant.insight.reading import generation, matching, of_items
from assistant.insight.views import Conversation, Conversations, Measure
from assistant.record.figure_tables import FactsRow, ItemRow
from assistant.record.tables import ReplyRow, TurnRow

_F = FactsRow
_SHORT = 300  # characters of what a conversation began with
_OF_ITEMS = {
    "slate": ItemRow.impressions > 0,
    "impression": ItemRow.impressions > 0,
    "view": ItemRow.views > 0,
    "click": ItemRow.clicks > 0,
    "cart": ItemRow.carts > 0,
    "purchase": ItemRow.purchases > 0,
    "dwell": ItemRow.dwells > 0,
}
_OF_FACTS: dict[str, tuple[ColumnElement[bool], ...]] = {
    "conversations": (),
    "slate": (_F.with_slate > 0,),
    "impression": (_F.with_slate > 0,),
    "view": (_F.views > 0,),
    "click": (_F.with_click > 0,),
    "cart": (_F.with_cart > 0,),
    "purchase": (_F.with_purchase > 0,),
    "dwell": (_F.dwells > 0,),
    "offered": (_F.offered > 0,),
    "answered": (_F.answered > 0,),
    "rated": (_F.rated > 0,),
    "satisfied": (_F.satisfied > 0,),
    "dissatisfied": (_F.rated > 0, _F.satisfied == 0),
    "agent_rated": (_F.agent_rated > 0,),
    "agent_dissatisfied": (_F.agent_rated > 0, _F.agent_satisfied == 0),
    "promoter": (_F.promoters > 0,),
    "detractor": (_F.detractors > 0,),
    "thumbs_up": (_F.thumbs_up > 0,),
    "thumbs_down": (_F.thumbs_down > 0,),
    "no_match": (_F.no_match > 0,),
    "failed": (_F.failed_turns > 0,),
    "handoff": (_F.handoffs > 0,),
}


def conversations(
    connection: Connection, filters: Filters, measure: Measure, after: str | None, limit: int
) -> Conversations:
    """One page of them; ValueError for a wrong measure or `after`."""
    found = matching(filters, generation(connection), select(_F)).where(*_so(filters, measure))
    return page_of(connection, found, after, limit)


def page_of(connection: Connection, found: Select[Any], after: str | None, limit: int) -> Conversations:
    """One page of the conversations whose facts are `found`; ValueError for a wrong `after`."""
    if after is not None:
        found = found.where(tuple_(_F.day, _F.started_at, _F.session_id) < tuple_(*_place(after)))
    newest = found.order_by(_F.day.desc(), _F.started_at.desc(), _F.session_id.desc())
    rows = connection.execute(newest.limit(limit + 1)).all()
    page = rows[:limit]
    said = _said(connection, [row.session_id for row in page])
    more = json.dumps([page[-1].started_at.isoformat(), page[-1].session_id]) if len(rows) > limit else None
    return Conversations(tuple(_conversation(row, said.get(row.session_id, [])) for row in page), more)


def _so(filters: Filters, measure: Measure) -> list[ColumnElement[bool]]:
    """What must hold of a conversation for it to be behind the figure."""
    if measure not in _OF_FACTS:
        raise ValueError(f"measure: must be one of {', '.join(_OF_FACTS)}, not {str(measure)[:40]!r}")
    about = of_items(filters)
    if about and measure in _OF_ITEMS:
        return [select(ItemRow.facts_id).where(ItemRow.facts_id == _F.id, *about, _OF_ITEMS[measure]).exists()]
    return list(_OF_FACTS[measure])


def _place(after: str) -> tuple[str, datetime, str]:
    try:
        started_at, session_id = json.loads(after)
        moment = datetime.fromisoformat(started_at)
    except (ValueError, TypeError):
        raise ValueError(f"after: is no place in the list: {after[:80]!r}") from None
    if moment.tzinfo is None or not isinstance(session_id, str):
        raise ValueError(f"after: is no place in the list: {after[:80]!r}")
    return moment.astimezone(UTC).date().isoformat(), moment, session_id


def _said(connection: Connection, session_ids: Sequence[str]) -> dict[str, list[Any]]:
    """The turns of each conversation, without what is long in them."""
    found: dict[str, list[Any]] = {}
    turns = (
        select(TurnRow.session_id, TurnRow.message, ReplyRow.kind)
        .outerjoin(ReplyRow, ReplyRow.turn_id == TurnRow.id)
        .where(and_(TurnRow.session_id.in_(session_ids)))
        .order_by(TurnRow.session_id, TurnRow.number)
    )
    for row in connection.execute(turns):
        found.setdefault(row.session_id, []).append(row)
    return found


def _conversation(row: Any, turns: Sequence[Any]) -> Conversation:
    return Conversation(
        session_id=row.session_id,
        started_at=row.started_at,
        locale=row.locale,
        who=row.who,
        category=row.category,
        first_message=turns[0].message[:_SHORT] if turns else "",
        kinds=tuple(turn.kind for turn in turns if turn.kind is not None),
        turns=row.turns,
        score=row.score_micro / MICRO if row.rated else None,
        clicks=row.clicks,
        carts=row.carts,
        purchases=row.purchases,
        revenue_minor=row.revenue_minor,
    )

"""Once a day the low scores of the day in one alert: each by itself is no reason to disturb anybody."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from assistant.insight.alerts.log import Raised
from assistant.insight.alerts.rules import DigestRule
from assistant.record.ratings import last_thumb
from assistant.record.tables import RatingRow, SessionRow, TurnRow

_LISTED = 10
_LONGEST = 240
_R, _T = RatingRow, TurnRow


def digest_of(session: Session, rule: DigestRule, now: datetime, mask: Callable[[str], str]) -> Raised | None:
    """The low scores of the 24 hours before the rule's hour today; None before that hour, and where there were none.

    Low is a score of at most the rule's, or a thumb down that somebody explained.
    """
    until = now.replace(hour=rule.hour, minute=0, second=0, microsecond=0)
    if now < until:
        return None
    low = low_scores(session, rule.score, until - timedelta(days=1), until)
    if not low:
        return None
    lines = [_line(one, mask) for one in low[:_LISTED]]
    data = {"day": until.date().isoformat(), "n": len(low), "quotes": lines}
    return Raised(f"{rule.name}:{until.date().isoformat()}", rule.name, rule.severity, data)


def low_scores(session: Session, score: float, since: datetime, until: datetime) -> list[Mapping[str, Any]]:
    """The low scores of a time, in their order; `session_id` is None for those of no conversation."""
    rated = (
        select(_R.turn_id, _R.offer_id, _R.kind, _R.value, _R.reasons, _R.score, _R.at, _T.session_id)
        .outerjoin(_T, _T.id == _R.turn_id)
        .outerjoin(SessionRow, SessionRow.id == _T.session_id)
        .where(_R.at >= since, _R.at < until, SessionRow.mark.is_(None))
        .where(or_(_R.score <= score, and_(last_thumb(), _R.value == "down"), _R.kind == "comment"))
        .order_by(_R.at, _R.id)
    )
    rows = session.execute(rated).mappings().all()
    said = {row["turn_id"]: row["value"] for row in rows if row["kind"] == "comment" and row["turn_id"]}
    found = [dict(row) | {"comment": said.get(row["turn_id"], "")} for row in rows if row["kind"] != "comment"]
    return [row for row in found if row["score"] is not None or row["comment"] or row["reasons"]]


def _line(row: Mapping[str, Any], mask: Callable[[str], str]) -> dict[str, Any]:
    words = row["comment"] or ", ".join(str(one) for one in row["reasons"])
    return {
        "kind": row["kind"],
        "value": row["value"],
        "words": mask(words[:_LONGEST]),
        "session_id": row["session_id"],
        "product_id": None,
    }

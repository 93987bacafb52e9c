"""Why thumbs were down: how many gave each reason, and the conversations of each.

Counted from the log itself, without the sums: thumbs down with a reason are few.
"""

import json
from collections import Counter

from sqlalchemy import CTE, Connection, Text, cast, func, select

from assistant.insight.behind import page_of
from assistant.insight.filters import Filters
from assistant.insight.reading import generation, matching
from assistant.insight.views import Conversations, Reasons
from assistant.record.figure_tables import FactsRow
from assistant.record.ratings import AGENT, last_thumb
from assistant.record.tables import RatingRow, TurnRow

_F, _T, _R = FactsRow, TurnRow, RatingRow


def counted(connection: Connection, filters: Filters) -> Reasons:
    """How many thumbs down gave each reason; one thumb may give several, and whom it is about is none.

    The conversation of a turn is asked for in a way for which no index helps: SQLite would go through the turns of all
    conversations of the period, where the ratings lead to few.
    """
    downs = _downs()
    found = (
        select(downs.c.reasons, func.count().label("n"))
        .join(_T, _T.id == downs.c.turn_id)
        .join(_F, _F.session_id == func.coalesce(_T.session_id, ""))
        .group_by(downs.c.reasons)
    )
    counts, total = Counter[str](), 0
    for row in connection.execute(matching(filters, generation(connection), found, each=True)):
        given = {str(one) for one in row.reasons} - {AGENT}
        counts.update(dict.fromkeys(given, row.n))
        total += row.n if given else 0
    return Reasons(total, dict(sorted(counts.items(), key=lambda one: (-one[1], one[0]))))


def conversations(
    connection: Connection, filters: Filters, reason: str, after: str | None, limit: int
) -> Conversations:
    """One page of the conversations in which a thumb down gave that reason; ValueError for a wrong `after`."""
    downs = _downs(json.dumps(reason, ensure_ascii=connection.dialect.name == "sqlite"))
    given = select(_T.session_id).join(downs, downs.c.turn_id == _T.id)
    found = matching(filters, generation(connection), select(_F)).where(_F.session_id.in_(given))
    return page_of(connection, found, after, limit)


def _downs(quoted: str | None = None) -> CTE:
    """The last thumbs of turns, where they are down and gave a reason, or a certain one as it stands in JSON."""
    given = cast(_R.reasons, Text)
    so = given != "[]" if quoted is None else func.replace(given, quoted, "") != given
    return select(_R.turn_id, _R.reasons).where(last_thumb(), _R.value == "down", so).cte("downs")

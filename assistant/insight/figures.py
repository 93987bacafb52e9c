"""The figures of the page, read from what the keeper has counted; docs/insights.md has the SQL of each on the log itself."""

from collections.abc import Callable
from datetime import datetime
from typing import get_args

from sqlalchemy import Connection, Engine, func, select

from assistant.insight import behind, nonresponse, reading, reasons
from assistant.insight.filters import Filters
from assistant.insight.measures import Counts, compared, measured
from assistant.insight.views import Breakdown, By, Choices, Conversations, Corrected, Line, Measure, Overview, Reasons
from assistant.record.figure_tables import ChangeRow, StateRow
from assistant.record.tables import EventRow, ImpressionRow

_CHOICES = 200  # of one filter
_PAGE = 500
_LATELY = 1_000  # rows


class Figures:
    """Reads figures; safe to share between threads. What the keeper does not know yet is in none of them."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def overview(self, filters: Filters) -> Overview:
        """The figures of the period and of the one before."""
        with reading.snapshot(self._engine) as connection:
            now = measured(reading.total(connection, filters))
            before = measured(reading.total(connection, filters.before()))
            waiting = connection.scalar(select(func.count(func.distinct(ChangeRow.session_id)))) or 0
            kept_at = connection.scalar(select(StateRow.kept_at)) if waiting else self._clock()
            currency = _currency(connection)
        return Overview(filters, now, before, compared(now, before), currency, kept_at, waiting)

    def series(self, filters: Filters) -> tuple[Line, ...]:
        """The figures of each day of the period, in order, days without conversations too."""
        with reading.snapshot(self._engine) as connection:
            rows, _ = reading.by_value(connection, filters, "day")
        counted = {row.value: row.counts for row in rows}
        days = (day.isoformat() for day in reading.each_day(filters))
        return tuple(Line(day, measured(counted.get(day, Counts()))) for day in days)

    def breakdown(self, filters: Filters, by: By, *, limit: int = 20, offset: int = 0) -> Breakdown:
        """The figures of each value of a dimension; ValueError where there is no such dimension or page."""
        if by not in get_args(By):
            raise ValueError(f"by: must be one of {', '.join(get_args(By))}, not {str(by)[:40]!r}")
        _require_page(limit)
        if offset < 0:
            raise ValueError(f"offset: must be at least 0, not {offset}")
        with reading.snapshot(self._engine) as connection:
            rows, total = reading.by_value(connection, filters, by, limit=limit, offset=offset)
        return Breakdown(by, tuple(Line(row.value, measured(row.counts)) for row in rows), total, offset)

    def corrected(self, filters: Filters) -> Corrected:
        """Satisfaction corrected for who does not answer."""
        with reading.snapshot(self._engine) as connection:
            return nonresponse.corrected(nonresponse.strata(connection, filters))

    def conversations(
        self,
        filters: Filters,
        measure: Measure = "conversations",
        *,
        after: str | None = None,
        limit: int = 50,
    ) -> Conversations:
        """The conversations behind a figure, newest first; ValueError for a wrong measure or `after`.

        With a product or a position in the filters, impressions, views, clicks, carts, purchases and dwell are those of it.
        """
        _require_page(limit)
        with reading.snapshot(self._engine) as connection:
            return behind.conversations(connection, filters, measure, after, limit)

    def reasons(self, filters: Filters) -> Reasons:
        """Why thumbs were down."""
        with reading.snapshot(self._engine) as connection:
            return reasons.counted(connection, filters)

    def with_reason(self, filters: Filters, reason: str, *, after: str | None = None, limit: int = 50) -> Conversations:
        """The conversations in which a thumb down gave a reason, newest first; ValueError for a wrong `after`."""
        _require_page(limit)
        with reading.snapshot(self._engine) as connection:
            return reasons.conversations(connection, filters, reason, after, limit)

    def choices(self, filters: Filters) -> Choices:
        """What the filters can be set to in this period, whatever else they are set to."""
        period = Filters(filters.since, filters.until, who=filters.who)
        with reading.snapshot(self._engine) as connection:
            names: tuple[By, ...] = ("locale", "category", "model", "prompt", "ranker", "arm", "product", "position")
            found = [reading.values(connection, period, by, _CHOICES) for by in names]
        return Choices(*found)


def _require_page(limit: int) -> None:
    if not 1 <= limit <= _PAGE:
        raise ValueError(f"limit: must be from 1 to {_PAGE}, not {limit}")


def _currency(connection: Connection) -> str:
    """What was paid or shown lately was in it."""
    for row in (EventRow, ImpressionRow):
        lately = select(row.currency).order_by(row.id.desc()).limit(_LATELY).subquery()
        if found := connection.scalar(select(lately.c.currency).where(lately.c.currency.is_not(None)).limit(1)):
            return str(found)
    return ""

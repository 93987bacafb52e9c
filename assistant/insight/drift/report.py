"""A period beside the one before it, and its last week beside the week before: what has shifted, and the conversations."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine

from assistant.insight.behind import page_of
from assistant.insight.drift import reading, statistics, words
from assistant.insight.drift.types import Comparison, Shift, Span
from assistant.insight.filters import Filters
from assistant.insight.reading import snapshot
from assistant.insight.views import Conversations

_WEEK = 7


class Drift:
    """Reads shifts; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def report(self, filters: Filters) -> tuple[Comparison, ...]:
        """The period against the one before, and where it is longer than a week its last week against the one before."""
        return tuple(self._compared(span, one) for span, one in spans(filters))

    def conversations(
        self,
        filters: Filters,
        measure: str,
        value: str,
        after: str | None,
        limit: int,
        other: Filters | None = None,
    ) -> Conversations:
        """One page of the conversations that have a value; ValueError for a wrong measure or `after`.

        What is too rare to be looked at by itself (`REST`) is so beside the `other` period only.
        """
        with snapshot(self._engine) as connection:
            others = None
            if value == statistics.REST:
                before, now = (reading.tally(connection, one) for one in (other or filters.before(), filters))
                others = statistics.common(before, now, measure)
            return page_of(connection, reading.behind(connection, filters, measure, value, others), after, limit)

    def _compared(self, span: Span, filters: Filters) -> Comparison:
        past = filters.before()
        with snapshot(self._engine) as connection:
            before, now = reading.tally(connection, past), reading.tally(connection, filters)
        shifts, too_few = statistics.compared(before, now)
        return Comparison(
            span, filters.since, filters.until, past.since, past.until, now.conversations, before.conversations,
            tuple(_told(one) for one in shifts), too_few,
        )  # fmt: skip


def spans(filters: Filters) -> Iterator[tuple[Span, Filters]]:
    """What is compared with what lies before it."""
    yield "period", filters
    if filters.days > _WEEK:
        yield "week", replace(filters, since=filters.until - timedelta(_WEEK - 1))


def _told(shift: Shift) -> Shift:
    return replace(shift, words={"en": words.told(shift, "en"), "zh": words.told(shift, "zh")})

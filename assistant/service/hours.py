"""When the people of the shop are there: opening hours by weekday in the shop's zone, holidays, and working days."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

Span = tuple[time, time]
"""From when to when on a day."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(([01]?\d|2[0-3]):[0-5]\d) ?- ?(([01]?\d|2[0-3]):[0-5]\d)")
_DAYS = re.compile(rf"({'|'.join(WEEKDAYS)})(?: ?- ?({'|'.join(WEEKDAYS)}))?")
_LOOK_AHEAD_DAYS = 60


@dataclass(frozen=True, slots=True)
class Hours:
    """The shop's week: a span for each day of it (0 is Monday) on which somebody is there; none set means always.

    `closed` are days on which nobody is: a date, or a month and a day of every year (12-25).
    """

    zone: str = "UTC"
    days: Mapping[int, Span] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()

    def here(self, moment: datetime) -> datetime:
        """A moment on the shop's own clock."""
        return moment.astimezone(self._zone)

    def open_at(self, now: datetime) -> bool:
        """Whether somebody is there; always where no hours are set."""
        if not self.days:
            return True
        here = self.here(now)
        span = self._span(here.date())
        return span is not None and span[0] <= here.time() < span[1]

    def next_opening(self, now: datetime) -> datetime:
        """When somebody is there again, on the shop's clock; `now` itself where that is never."""
        here = self.here(now)
        for ahead in range(_LOOK_AHEAD_DAYS):
            day = here.date() + timedelta(days=ahead)
            span = self._span(day)
            if span is not None:
                opening = datetime.combine(day, span[0], tzinfo=self._zone)
                if opening > here:
                    return opening
        return here

    def working_days(self, since: datetime, until: datetime) -> int:
        """How many working days (Monday to Friday, no holidays) have come after the day of `since`."""
        first, last = self.here(since).date(), self.here(until).date()
        days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
        return sum(day.weekday() < 5 and not self._is_closed(day) for day in days)

    @property
    def _zone(self) -> tzinfo:
        return UTC if self.zone == "UTC" else ZoneInfo(self.zone)

    def _span(self, day: date) -> Span | None:
        return None if self._is_closed(day) else self.days.get(day.weekday())

    def _is_closed(self, day: date) -> bool:
        return day.isoformat() in self.closed or f"{day:%m-%d}" in self.closed


def read_days(raw: object) -> Mapping[int, Span]:
    """The spans of `{mon-fri: "09:00-18:00"}` by single days; ValueError says what is wrong."""
    if not isinstance(raw, Mapping):
        raise ValueError("days are written as mon-fri: 09:00-18:00")
    found: dict[int, Span] = {}
    for name, text in raw.items():
        named = _DAYS.fullmatch(str(name).casefold())
        span = _SPAN.fullmatch(str(text).strip())
        if named is None:
            raise ValueError(f"{name!r} is no day or span of days such as mon-fri")
        if span is None:
            raise ValueError(f"{text!r} of {name} is no span of time such as 09:00-18:00")
        start, end = (time.fromisoformat(clock.zfill(5)) for clock in (span[1], span[3]))
        if end <= start:
            raise ValueError(f"{text!r} of {name} ends before it begins")
        first, last = WEEKDAYS.index(named[1]), WEEKDAYS.index(named[2] or named[1])
        if last < first:
            raise ValueError(f"{name!r} runs backwards: write two lines")
        found |= dict.fromkeys(range(first, last + 1), (start, end))
    return found

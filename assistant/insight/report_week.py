"""The week that a report is of."""

from dataclasses import dataclass
from datetime import date, timedelta

from assistant.insight.filters import Filters


@dataclass(frozen=True, slots=True)
class Week:
    """A week from Monday to Sunday, by the name that ISO 8601 gives it: 2026-W47."""

    year: int
    number: int

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    def filters(self) -> Filters:
        """The shoppers' conversations of the week."""
        return Filters(self.monday, self.monday + timedelta(6))

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"


def week_of(name: str | None, today: date) -> Week:
    """The week of that name, by default the last full one; ValueError where it is none or has not begun."""
    if not name:
        year, number, _ = (today - timedelta(7)).isocalendar()
        return Week(year, number)
    year_words, _, number_words = name.partition("-W")
    try:
        week = Week(int(year_words), int(number_words))
        begun = week.monday <= today
    except ValueError:
        raise ValueError(f"week: must be a week such as 2026-W47, not {name[:40]!r}") from None
    if not begun:
        raise ValueError(f"week: {name[:40]} is still to come")
    return week

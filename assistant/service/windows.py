"""Until when something may be done to an order: minutes and days since it was placed or delivered, and seasons."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assistant.service.hours import Hours
from assistant.service.types import Order

MonthDay = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Season:
    """Orders placed between two days of any year, both included."""

    first: MonthDay
    last: MonthDay

    def holds(self, day: date) -> bool:
        at = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= at <= self.last
        return at >= self.first or at <= self.last


@dataclass(frozen=True, slots=True)
class Window:
    """One way to be in time: all that is set must hold. Days are counted on the shop's calendar and end with the day.

    `until` is the first such day after the order was placed; `unsent_working_days` holds once an order has waited so long.
    """

    minutes_from_order: int | None = None
    days_from_order: int | None = None
    days_from_delivery: int | None = None
    unsent_working_days: int | None = None
    placed: Season | None = None
    until: MonthDay | None = None
    unpaid: bool = False

    def holds(self, order: Order, now: datetime, hours: Hours) -> bool:
        """Whether `now` is within it; a moment that is not known is never within."""
        return self._since_order(order, now, hours) and self._since_delivery(order, now, hours) and self._paid(order)

    def _since_order(self, order: Order, now: datetime, hours: Hours) -> bool:
        asked = (self.minutes_from_order, self.days_from_order, self.unsent_working_days, self.placed, self.until)
        if all(one is None for one in asked):
            return True
        placed = order.placed_at
        if placed is None:
            return False
        today, day = hours.here(now).date(), hours.here(placed).date()
        return (
            (self.minutes_from_order is None or now - placed <= timedelta(minutes=self.minutes_from_order))
            and (self.days_from_order is None or (today - day).days <= self.days_from_order)
            and (self.unsent_working_days is None or hours.working_days(placed, now) > self.unsent_working_days)
            and (self.placed is None or self.placed.holds(day))
            and (self.until is None or today <= _next(self.until, day))
        )

    def _since_delivery(self, order: Order, now: datetime, hours: Hours) -> bool:
        if self.days_from_delivery is None:
            return True
        if order.delivered_at is None:
            return False
        return (hours.here(now).date() - hours.here(order.delivered_at).date()).days <= self.days_from_delivery

    def _paid(self, order: Order) -> bool:
        return not self.unpaid or not order.payments


def _next(day: MonthDay, after: date) -> date:
    """The first such day on or after another; the 28th stands for February 29 where there is none."""
    for year in (after.year, after.year + 1):
        month, number = day
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        found = date(year, month, 28 if (month, number) == (2, 29) and not leap else number)
        if found >= after:
            return found
    return after

"""What came of units, day by day: the sums of each arm as they stood at the end of every day so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from assistant.insight.experiments.bounds import Moments, Numbers
from assistant.insight.experiments.sizes import Baseline
from assistant.record.outcomes import Counted, Member

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Series:
    """The days from the first exposure on, and each arm's sums at the end of every one of them."""

    days: tuple[date, ...]
    arms: dict[str, Moments]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A shopper, or a conversation without one: its number, the arm that it met first, and on which day."""

    number: int
    arm: str
    met_on: int


class Cohort:
    """The units that met an experiment, each in the arm that it met first, and the days up to today."""

    def __init__(self, members: Sequence[Member], arms: Sequence[str], today: date) -> None:
        self._arms = tuple(arms)
        ordered = sorted(members, key=lambda one: one.at)
        first = _day(ordered[0].at) if ordered else today
        length = max((today - first).days, 0) + 1 if ordered else 0
        self.days = tuple(first + timedelta(number) for number in range(length))
        self._place = {day.isoformat(): number for number, day in enumerate(self.days)}
        self._units: dict[str, _Unit] = {}
        self._of_session: dict[str, _Unit] = {}
        for one in ordered:
            unit = self._units.get(one.unit)
            if unit is None:
                unit = _Unit(len(self._units), one.arm, min((_day(one.at) - first).days, length - 1))
                self._units[one.unit] = unit
            self._of_session[one.session_id] = unit

    def series(self, counted: Sequence[Counted]) -> Series:
        """The sums of a measure. What is told of before a unit met the experiment counts on the day on which it did."""
        rows: dict[str, list[tuple[int, int, float, float]]] = {arm: [] for arm in self._arms}
        last, before = len(self.days) - 1, self.days[0].isoformat() if self.days else ""
        for session_id, on, y, n in counted:
            unit = self._of_session.get(session_id)
            if unit is not None and unit.arm in rows:
                day = self._place.get(on, 0 if on < before else last)
                rows[unit.arm].append((unit.number, max(day, unit.met_on), y, n))
        met = {arm: [unit.met_on for unit in self._units.values() if unit.arm == arm] for arm in self._arms}
        return Series(self.days, {arm: summed(rows[arm], met[arm], len(self.days)) for arm in self._arms})


def baseline_of(members: Sequence[Member], counted: Sequence[Counted], days: int) -> Baseline:
    """What is usual, from the conversations of the last `days`."""
    if not members:
        return Baseline(0.0, 0.0, 0.0)
    last = max(one.at for one in members)
    moments = Cohort([one._replace(arm="") for one in members], [""], _day(last)).series(counted).arms[""]
    units, figure = float(moments.units[-1]), float(moments.ratio()[-1])
    n_a_unit = float(moments.n[-1]) / units
    spread = float(np.sqrt(moments.variance()[-1] * units)) if units > 1 else 0.0
    known = (0.0 if np.isnan(figure) else figure, 0.0 if np.isnan(spread) else spread)
    return Baseline(*known, units_a_day=units / days, conversations_a_unit=len(members) / units, n_a_unit=n_a_unit)


def summed(rows: Sequence[tuple[int, int, float, float]] | Numbers, met: Sequence[int], days: int) -> Moments:
    """The sums at the end of each day of rows (unit, day, y, n), and of units that are met on the days `met`.

    What a row changes of its unit's squares is added on its day.
    """
    table = np.asarray(rows, dtype=np.float64).reshape(len(rows), 4)
    table = table[np.lexsort((table[:, 1], table[:, 0]))]
    unit, day = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
    y, y_before = _running(unit, table[:, 2])
    n, n_before = _running(unit, table[:, 3])

    def standing(change: Numbers) -> Numbers:
        return np.asarray(np.bincount(day, change, days)[:days].cumsum())

    return Moments(
        units=np.asarray(
            np.bincount(np.asarray(met, dtype=np.int64), minlength=days)[:days].cumsum(), dtype=np.float64
        ),
        y=standing(y - y_before),
        n=standing(n - n_before),
        yy=standing(y * y - y_before * y_before),
        yn=standing(y * n - y_before * n_before),
        nn=standing(n * n - n_before * n_before),
        varied=standing((y != 0) * 1.0 - (y_before != 0)),
    )


def _running(unit: Places, values: Numbers) -> tuple[Numbers, Numbers]:
    """What each unit has come to with each of its rows, and just before it; rows of a unit follow each other."""
    total = values.cumsum()
    begins = np.r_[True, unit[1:] != unit[:-1]][: len(unit)]
    offset = np.maximum.accumulate(np.where(begins, np.arange(len(unit)), 0))
    after = total - (total - values)[offset]
    return after, np.where(begins, 0.0, after - values)  # of fractions something would be left, and pass for a value


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()

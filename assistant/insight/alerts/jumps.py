"""Which series jumped or fell: the last hour, day or week against the four weeks before, each at a level that keeps false alarms rare.

The year's false alarms are shared out over windows, over the times a year that each is looked at, and over the series
that are watched, so that all together keep to it whatever their dependence (Bonferroni). Pure arithmetic on hourly counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy.special import bdtr, bdtrc

from assistant.insight.alerts.jump import Window, surprise, surprise_of_few
from assistant.insight.alerts.rules import Span
from assistant.insight.alerts.watched import Counts, Series

DAY_HOURS = 24
PAST_DAYS = 28
HOURS: Mapping[Span, int] = {"hour": 1, "day": DAY_HOURS, "week": 7 * DAY_HOURS}
_LOOKS: Mapping[Span, float] = {"hour": 365.25 * DAY_HOURS, "day": 365.25, "week": 365.25}  # a year
_LEAST_DAYS = 7  # of the past on which there was anything
_LEAST_TRIALS = 50  # in the past


@dataclass(frozen=True, slots=True)
class Wanted:
    """What makes a jump worth telling, beside that it is surprising: so many hits, and so many times the usual rate.

    Of what `falls` so many hits would have been usual, and the usual rate is so many times what it is now.
    """

    least: int
    times: float
    falls: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """How surprising is surprising: false alarms a year over all `series`, and which part of them each window has."""

    a_year: float
    windows: Mapping[Span, float]
    series: int

    def of(self, span: Span) -> float:
        """The chance of a false alarm that one look at one series may have."""
        return self.a_year * self.windows.get(span, 0.0) / _LOOKS[span] / max(1, self.series)


@dataclass(frozen=True, slots=True)
class Jump:
    """`hits` of `trials` in the window, where `usual` is the rate of the past; `chance` that it is none. It may be a fall."""

    span: Span
    hits: int
    trials: int
    usual: float
    chance: float

    @property
    def rate(self) -> float:
        return self.hits / self.trials

    @property
    def times(self) -> float:
        """How many times the usual rate; of a past without any, of one hit that there might have been."""
        return self.rate / self.usual


def watchable(series: Series) -> bool:
    """Whether there is enough of a past to tell a jump from it."""
    days = _by_days(series.trials[-PAST_DAYS * DAY_HOURS :])
    return int((days > 0).sum()) >= _LEAST_DAYS and int(days.sum()) >= _LEAST_TRIALS


def jumped(series: Series, spans: Sequence[Span], wanted: Wanted, level: Level) -> Jump | None:
    """The jump or fall at the end of a series, the most surprising of those in `spans`; None where there is none."""
    found = [jump for span in spans if (jump := _in(series, span, wanted, level.of(span))) is not None]
    return min(found, key=lambda one: one.chance) if found else None


def _in(series: Series, span: Span, wanted: Wanted, alpha: float) -> Jump | None:
    hours = HOURS[span]
    trials, hits = int(series.trials[-hours:].sum()), int(series.hits[-hours:].sum())
    past = Series(_past(series.trials, hours), _past(series.hits, hours))
    usual = (int(past.hits.sum()) + 0.5) / (int(past.trials.sum()) + 1)
    if alpha <= 0 or not _enough(hits, usual * trials, wanted) or not watchable(past):
        return None
    alone = bdtr(hits, trials, usual) if wanted.falls else bdtrc(hits - 1, trials, usual)
    if alone >= alpha:  # what chance alone explains, days that differ explain all the more
        return None
    block = 1 if span == "hour" else DAY_HOURS
    window = Window(trials, hits, hours // block)
    surprising = surprise_of_few if wanted.falls else surprise
    chance = surprising(_blocks(past.trials, block), _blocks(past.hits, block), window)
    return Jump(span, hits, trials, usual, chance) if chance < alpha else None


def _enough(hits: int, expected: float, wanted: Wanted) -> bool:
    """Whether so many hits, where so many were expected, are worth telling."""
    if wanted.falls:
        return expected >= wanted.least and hits * wanted.times <= expected
    return hits >= wanted.least and hits >= wanted.times * expected


def _past(counts: Counts, hours: int) -> Counts:
    """The four weeks before the window."""
    return counts[:-hours][-PAST_DAYS * DAY_HOURS :]


def _by_days(counts: Counts) -> Counts:
    whole = len(counts) // DAY_HOURS * DAY_HOURS
    days: Counts = counts[len(counts) - whole :].reshape(-1, DAY_HOURS).sum(axis=1)
    return days


def _blocks(counts: Counts, hours: int) -> list[int]:
    return [int(one) for one in (counts if hours == 1 else _by_days(counts))]

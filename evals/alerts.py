"""Do alerts find jumps and falls, and do they keep quiet where there are none? Streams of hourly counts of known truth.

Every stream is watched as a shop's is: each hour for the last hour, each midnight for the last day and week, against the
four weeks before. Streams without a jump count false alarms against the rate that was promised; the others have a jump or
fall planted, and count how long it goes unseen. Beside the alerts runs the rule of thumb that many dashboards have: more
than three standard deviations above or below the days of the last four weeks.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from assistant.insight.alerts.jumps import DAY_HOURS, PAST_DAYS, Level, Wanted, jumped
from assistant.insight.alerts.rules import Span, load_alert_rules
from assistant.insight.alerts.watched import HISTORY, Series
from evals.metrics import quantile, side_by_side

SEED = 20261128
WATCHED = 20  # series that a shop has, over which the promised false alarms are shared out
WATCHED_DAYS = 182
TIMES = (1.5, 2.0, 3.0)
FALLS = (0.7, 0.5, 0.25)
_WARM_UP = int(HISTORY.total_seconds() // 3600)
_QUIET = 7 * DAY_HOURS
_LATEST_DAYS = 28  # after which a jump counts as missed
_SIGMAS = 3.0
Counts = NDArray[np.int64]
Kind = Literal["even", "weekly season", "restless", "rare", "busy", "clicks"]
_ALL: tuple[Span, ...] = ("hour", "day", "week")


@dataclass(frozen=True, slots=True)
class Stream:
    """Turns an hour, the rate of what is watched, how much days differ in it, and by how much weekends do."""

    an_hour: float
    rate: float
    spread: float = 0.0
    weekend: float = 1.0


STREAMS: Mapping[Kind, Stream] = {
    "even": Stream(20, 0.04),
    "weekly season": Stream(20, 0.04, weekend=1.4),
    "restless": Stream(20, 0.04, spread=0.01),
    "rare": Stream(20, 0.004),
    "busy": Stream(400, 0.04, spread=0.001),
    "clicks": Stream(20, 0.3, spread=0.005),
}
_WANTED = {False: Wanted(least=5, times=1.3), True: Wanted(least=10, times=1.3, falls=True)}


@dataclass(frozen=True, slots=True)
class Result:
    """One stream: `times` 1 where nothing was planted, below 1 for a fall. Hours until the alarm, None where there was none;
    false alarms of jumps, and of falls.
    """

    kind: str
    times: float
    seed: int
    false_alarms: int
    days: int
    delay_hours: int | None
    naive_false_alarms: int
    naive_delay_hours: int | None
    false_falls: int = 0
    naive_false_falls: int = 0


def run(
    data: Path | None = None, home: Path | None = None, *, limit: int | None = None, progress: Any = None
) -> dict[str, Any]:
    """`limit` streams of each kind without and with a jump or fall of each size (default 40)."""
    started, each = time.time(), limit or 40
    wanted = [(kind, times) for kind in STREAMS for times in (1.0, *TIMES, *FALLS)]
    results: list[Result] = []
    for number, (kind, times) in enumerate(wanted, start=1):
        results += [watched(kind, times, seed) for seed in range(each)]
        if progress:
            progress("streams", number * each, len(wanted) * each)
    return {
        "minutes": round((time.time() - started) / 60, 1),
        "promised": load_alert_rules().false_alarms_a_year / WATCHED,
        "summary": {kind: summary([r for r in results if r.kind == kind]) for kind in STREAMS},
        "results": [asdict(result) for result in results],
    }


def table(report: Mapping[str, Any]) -> str:
    """A Markdown table: a column for each kind of stream."""
    return side_by_side(report["summary"], f"promised {report['promised']:.2f} false alarms per series and year")


def watched(kind: Kind, times: float, seed: int) -> Result:
    """Watch one stream: half a year without a jump, or until what is planted after the warm-up is found."""
    made = np.random.default_rng([SEED, list(STREAMS).index(kind), round(times * 10), seed])
    days = WATCHED_DAYS if times == 1 else _LATEST_DAYS
    start = _WARM_UP + int(made.integers(DAY_HOURS))  # a jump begins at any hour of the day
    series = _stream(made, STREAMS[kind], start + days * DAY_HOURS, times, start)
    falls = times < 1
    ours, naive = list(_alarms(series, start, falls)), list(_naive(series, start, falls))
    if times == 1:
        fallen, fallen_naive = sum(1 for _ in _alarms(series, start, True)), sum(1 for _ in _naive(series, start, True))
        return Result(kind, times, seed, len(ours), days, None, len(naive), None, fallen, fallen_naive)
    return Result(kind, times, seed, 0, days, _first(ours, start), 0, _first(naive, start))


def summary(results: Sequence[Result]) -> dict[str, str]:
    """False alarms per series and year with an exact interval, and for each jump how many were found and how soon."""
    still = [one for one in results if one.times == 1]
    years = sum(one.days for one in still) / 365.25
    told = {
        "series": str(len(still)),
        "false alarms a year": _a_year(sum(one.false_alarms for one in still), years),
        "the same, 3 sigma": _a_year(sum(one.naive_false_alarms for one in still), years),
        "false falls a year": _a_year(sum(one.false_falls for one in still), years),
        "the same, below 3 sigma": _a_year(sum(one.naive_false_falls for one in still), years),
    }
    for times in (*TIMES, *FALLS):
        jumps = [one for one in results if one.times == times]
        told[f"x{times:g} found"] = _found([one.delay_hours for one in jumps])
        told[f"x{times:g} found, 3 sigma"] = _found([one.naive_delay_hours for one in jumps])
    return told


def _stream(made: np.random.Generator, stream: Stream, hours: int, times: float, start: int) -> Series:
    """Counts by hour: more turns by day and on weekends, a rate that differs from day to day, and the jump."""
    hour = np.arange(hours)
    weekend = (hour // DAY_HOURS) % 7 >= 5
    busy = 1 + 0.8 * np.sin(2 * np.pi * (hour % DAY_HOURS - 8) / DAY_HOURS)
    trials = made.poisson(stream.an_hour * busy * np.where(weekend, 1.3, 1.0))
    day_rate = np.full(hours // DAY_HOURS + 1, stream.rate)
    if stream.spread:
        size = (1 - stream.spread) / stream.spread
        day_rate = made.beta(stream.rate * size, (1 - stream.rate) * size, len(day_rate))
    rate = day_rate[hour // DAY_HOURS] * np.where(weekend, stream.weekend, 1.0)
    hits = made.binomial(trials, np.minimum(rate * np.where(hour >= start, times, 1.0), 1.0))
    return Series(trials, hits)


def _alarms(series: Series, start: int, falls: bool = False) -> Iterator[int]:
    """The hours after which an alarm was raised, as the shop's rules have it; a week of quiet after each."""
    rules = load_alert_rules()
    level, wanted = Level(rules.false_alarms_a_year, rules.windows, WATCHED), _WANTED[falls]
    until = start
    while until < len(series.trials):
        until += 1
        spans = _ALL if until % DAY_HOURS == 0 else _ALL[:1]
        past = slice(max(0, until - _WARM_UP), until)
        if jumped(Series(series.trials[past], series.hits[past]), spans, wanted, level):
            yield until
            until += _QUIET


def _naive(series: Series, start: int, falls: bool = False) -> Iterator[int]:
    """The same for days more than three standard deviations above, or below, the mean of their past."""
    until = start
    while until < len(series.trials):
        until += 1
        if until % DAY_HOURS:
            continue
        shares = _shares(series, until)
        past = shares[:-1]
        above = (shares[-1] - past.mean()) * (-1 if falls else 1)
        if above > _SIGMAS * past.std(ddof=1):
            yield until
            until += _QUIET


def _shares(series: Series, until: int) -> NDArray[np.float64]:
    begin = until - (PAST_DAYS + 1) * DAY_HOURS
    trials, hits = (one[begin:until].reshape(-1, DAY_HOURS).sum(axis=1) for one in (series.trials, series.hits))
    return np.asarray(hits / np.maximum(trials, 1))


def _first(alarms: Sequence[int], start: int) -> int | None:
    return alarms[0] - start if alarms else None


def _a_year(count: int, years: float) -> str:
    """A rate with its exact Poisson interval (Garwood 1936)."""
    from scipy.stats import chi2

    low = chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    high = chi2.ppf(0.975, 2 * count + 2) / 2
    return f"{count / years:.2f} [{low / years:.2f}, {high / years:.2f}]"


def _found(delays: Sequence[int | None]) -> str:
    known = [float(delay) for delay in delays if delay is not None]
    if not known:
        return f"0 of {len(delays)}"
    middle, late = quantile(known, 0.5), quantile(known, 0.9)
    return f"{len(known)} of {len(delays)}, after {_lasting(middle)} (9 of 10 of them by {_lasting(late)})"


def _lasting(hours: float) -> str:
    return f"{hours:.0f} h" if hours < 2 * DAY_HOURS else f"{hours / DAY_HOURS:.1f} d"

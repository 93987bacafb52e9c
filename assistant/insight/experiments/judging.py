"""What an experiment has shown so far: figures of the arms, the difference over time, the split, the guardrails, a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import isnan
from typing import Literal

import numpy as np

from assistant.insight.experiments.bounds import LEAST_UNITS, Moments, Numbers, compared, narrowed
from assistant.insight.experiments.plan import OPERATIONAL, Experiment, Guardrail, Metric
from assistant.insight.experiments.series import Series
from assistant.insight.experiments.split import Period, SplitCheck, split_check
from assistant.record.outcomes import Member

VerdictKind = Literal["nothing", "split", "harm", "better", "worse", "same", "spent", "undecided", "shifted"]


@dataclass(frozen=True, slots=True)
class ArmFigure:
    """One arm as it stands: how many units, and its figure; None where there is nothing to reckon with."""

    name: str
    units: int
    figure: float | None
    error: float | None


@dataclass(frozen=True, slots=True)
class Point:
    """The difference at the end of a day, with what that day's look and all looks before it say together."""

    day: date
    difference: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Contrast:
    """One arm against the first, day by day; the last point is how it stands."""

    arm: str
    points: tuple[Point, ...]

    @property
    def last(self) -> Point | None:
        return self.points[-1] if self.points else None


@dataclass(frozen=True, slots=True)
class Guarded:
    """A measure that must not get worse, of one arm against the first. `harm` is by how much it did, whichever way that is;
    `harmed` where it surely has.
    """

    measure: Guardrail
    arm: str
    before: float | None
    now: float | None
    harm: float | None
    at_least: float | None
    at_most: float | None

    @property
    def harmed(self) -> bool:
        return self.at_least is not None and self.at_least > 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be concluded: `arm` against the first one, the difference and its interval; `more` units are still needed."""

    kind: VerdictKind
    arm: str = ""
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    more: int = 0
    measure: Metric | Guardrail | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """All that an experiment says."""

    arms: tuple[ArmFigure, ...]
    contrasts: tuple[Contrast, ...]
    split: SplitCheck | None
    guardrails: tuple[Guarded, ...]
    verdict: Verdict
    units: int


def result_of(
    experiment: Experiment, members: Sequence[Member], primary: Series, guards: dict[Guardrail, Series]
) -> Result:
    """The result of a split experiment from its sums."""
    plan = experiment.plan
    figures = tuple(_figure(arm.name, primary.arms[arm.name]) for arm in plan.arms)
    level = plan.alpha / (len(plan.arms) - 1)
    contrasts = tuple(_contrast(experiment, primary, arm.name, level) for arm in plan.arms[1:])
    guarded = tuple(
        _guarded(experiment, measure, series, arm.name) for measure, series in guards.items() for arm in plan.arms[1:]
    )
    split = split_check(periods_of(experiment, members)) if members else None
    units = sum(one.units for one in figures)
    return Result(figures, contrasts, split, guarded, _verdict(experiment, contrasts, split, guarded, units), units)


def periods_of(experiment: Experiment, members: Sequence[Member]) -> list[Period]:
    """How many units met each arm first, day by day, under each split that was planned."""
    names = [arm.name for arm in experiment.plan.arms]
    changes = [(one.at, tuple(one.data["weights"])) for one in experiment.events if one.kind == "weights"]
    weights = [experiment.plan.weights, *(weights for _, weights in changes)]
    batches: list[dict[date, list[int]]] = [{} for _ in weights]
    seen: set[str] = set()
    for one in sorted(members, key=lambda one: one.at):
        if one.unit not in seen and one.arm in names:
            seen.add(one.unit)
            period = sum(at <= one.at for at, _ in changes)
            batches[period].setdefault(one.at.date(), [0] * len(names))[names.index(one.arm)] += 1
    return [
        Period(shares, tuple(tuple(batch) for batch in days.values()))
        for shares, days in zip(weights, batches, strict=True)
    ]


def _figure(name: str, moments: Moments) -> ArmFigure:
    if not moments.units.size:
        return ArmFigure(name, 0, None, None)
    figure, error = float(moments.ratio()[-1]), float(np.sqrt(moments.variance()[-1]))
    return ArmFigure(name, int(moments.units[-1]), _number(figure), _number(error))


def _planned(experiment: Experiment, arm: str) -> float:
    """How many units of the first and this arm together the plan has."""
    plan, weights = experiment.plan, experiment.plan.weights
    own = next(one.weight for one in plan.arms if one.name == arm)
    return plan.units * (weights[0] + own) / sum(weights)


def _contrast(experiment: Experiment, series: Series, arm: str, alpha: float) -> Contrast:
    first = experiment.plan.arms[0].name
    band = narrowed(compared(series.arms[first], series.arms[arm], _planned(experiment, arm), alpha))
    points = zip(series.days, band.difference, band.low, band.high, strict=True)
    return Contrast(arm, tuple(Point(day, _number(d), _number(low), _number(high)) for day, d, low, high in points))


def _guarded(experiment: Experiment, measure: Guardrail, series: Series, arm: str) -> Guarded:
    """The one-sided bounds of how much worse it got. All guardrails of all arms share the false alarms allowed."""
    plan, first = experiment.plan, experiment.plan.arms[0].name
    level = plan.alpha / (len(plan.arms) - 1) / max(len(plan.guardrails), 1)
    control, treated = series.arms[first], series.arms[arm]
    good, bad = (control, treated) if measure in OPERATIONAL else (treated, control)
    band = compared(good, bad, _planned(experiment, arm), level, one_sided=True)
    worst = narrowed(band)
    if not band.low.size:
        return Guarded(measure, arm, None, None, None, None, None)
    return Guarded(
        measure, arm, _last(control.ratio()), _last(treated.ratio()),
        _last(band.difference), _last(worst.low), _last(worst.high),
    )  # fmt: skip


def _verdict(
    experiment: Experiment,
    contrasts: Sequence[Contrast],
    split: SplitCheck | None,
    guarded: Sequence[Guarded],
    units: int,
) -> Verdict:
    """The split first, for under a wrong one no figure means anything; then harm; then the measure that decides."""
    if split is None or not units:
        return Verdict("nothing")
    if not split.as_planned:
        return Verdict("split")
    harmed = next((one for one in guarded if one.harmed), None)
    if harmed is not None:
        return Verdict("harm", harmed.arm, harmed.harm, harmed.at_least, None, measure=harmed.measure)
    more = max(experiment.plan.units - units, 0)
    told = [(one.arm, one.last) for one in contrasts if one.last is not None and one.last.low is not None]
    if not told:
        return Verdict("undecided", more=max(more, LEAST_UNITS), measure=experiment.plan.metric)
    return _decided(experiment, told, more)


def _decided(experiment: Experiment, told: Sequence[tuple[str, Point]], more: int) -> Verdict:
    metric, effect = experiment.plan.metric, experiment.plan.effect
    arm, best = max(told, key=lambda one: _or(one[1].low, -np.inf))

    def verdict(kind: VerdictKind, arm: str, point: Point) -> Verdict:
        return Verdict(kind, arm, point.difference, point.low, point.high, more, metric)

    if _or(best.low, -np.inf) > _or(best.high, np.inf):
        return verdict("shifted", arm, best)
    if _or(best.low, -np.inf) > 0:
        return verdict("better", arm, best)
    if all(_or(point.high, np.inf) < 0 for _, point in told):
        return verdict("worse", arm, best)
    if all(_or(point.high, np.inf) < effect and _or(point.low, -np.inf) > -effect for _, point in told):
        return verdict("same", arm, best)
    return verdict("undecided" if more else "spent", arm, best)


def _last(values: Numbers) -> float | None:
    return _number(float(values[-1]))


def _number(value: float) -> float | None:
    return None if isnan(value) or not np.isfinite(value) else float(value)


def _or(value: float | None, other: float) -> float:
    return other if value is None else value

"""Experiments as an owner works with them: a plan and what it takes, results from the record, what the past says of a ranking."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.insight.experiments.interleaving import Draft, deciding, draft_of, size_of_draft
from assistant.insight.experiments.judging import Result, result_of
from assistant.insight.experiments.ledger import Ledger
from assistant.insight.experiments.plan import SHARES, Design, Experiment, Metric
from assistant.insight.experiments.replay import Estimates, would_have
from assistant.insight.experiments.series import Cohort, baseline_of
from assistant.insight.experiments.sizes import Baseline, Size, size_of
from assistant.record.outcomes import Outcomes
from assistant.record.shelves import drawn_shelves
from assistant.treatment import Ranking
from catalog import Catalog

LOOK_BACK_DAYS = 28
_SHELVES = 2000
_REST = 5  # a result that took long is told again for so many times as long


@dataclass(frozen=True, slots=True)
class Preview:
    """What an experiment would take. `size` is None where the past says too little; `effect` is the one reckoned with."""

    baseline: Baseline
    effect: float
    size: Size | None


@dataclass(frozen=True, slots=True)
class Told:
    """An experiment's result: of a split one `result`, of an interleaved one `draft`. `a_unit` is conversations a unit."""

    experiment: Experiment
    result: Result | None
    draft: Draft | None
    a_unit: float


@dataclass(frozen=True, slots=True)
class _Kept:
    """A result that took long to work out, and until when it is told again."""

    told: Told
    until: float


class Lab:
    """Reads one record; what is done to experiments goes through its ledger."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Callable[[], datetime],
        catalog: Callable[[], Catalog],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.ledger = ledger
        self._outcomes = Outcomes(ledger.store.engine)
        self._clock = clock
        self._catalog = catalog
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, int], _Kept] = {}

    def preview(
        self, metric: Metric, effect: float, weights: tuple[float, ...], *, alpha: float, power: float, share: float,
        design: Design = "split",
    ) -> Preview:  # fmt: skip
        """How many units and days it takes to find an absolute `effect`, by the last four weeks."""
        since = self._clock() - timedelta(days=LOOK_BACK_DAYS)
        measure = "ctr" if design == "interleaved" else metric
        members = self._outcomes.since(since)
        counted = self._outcomes.counted(measure, since=since)
        days = LOOK_BACK_DAYS
        if members:  # of a shop that is younger than that only its own days
            days = min(days, max((self._clock() - members[0].at).days, 1))
        baseline = baseline_of(members, counted, days)
        if design == "interleaved":
            decided = deciding(members, counted)
            return Preview(
                baseline, effect, size_of_draft(baseline, effect, decided, alpha=alpha, power=power, share=share)
            )
        if baseline.spread <= 0 or effect <= 0:
            return Preview(baseline, effect, None)
        is_share = metric in SHARES
        size = size_of(baseline, effect, weights, alpha=alpha, power=power, share=share, is_share=is_share)
        return Preview(baseline, effect, size)

    def told(self, experiment: Experiment) -> Told:
        """The result as it stands, or stood a moment ago: it is worked out for a sixth of the time at most."""
        key = (experiment.id, len(experiment.events))
        with self._lock:
            kept, started = self._kept.get(key), self._monotonic()
            if kept is not None and started < kept.until:
                return kept.told
            told = self._worked_out(experiment)
            ended = self._monotonic()
            self._kept = {old: one for old, one in self._kept.items() if one.until > ended}
            self._kept[key] = _Kept(told, ended + _REST * (ended - started))
            return told

    def _worked_out(self, experiment: Experiment) -> Told:
        plan, now = experiment.plan, self._clock()
        members = self._outcomes.met(experiment.id)
        a_unit = len(members) / max(len({one.unit for one in members}), 1) or 1.0
        names = [arm.name for arm in plan.arms]
        if plan.design == "interleaved":
            draft = draft_of(names, members, self._outcomes.team_clicks(experiment.id), plan.alpha)
            return Told(experiment, None, draft, a_unit)
        cohort = Cohort(members, names, now.date())
        counted = self._outcomes.each_counted((plan.metric, *plan.guardrails), experiment_id=experiment.id)
        series = {measure: cohort.series(rows) for measure, rows in counted.items()}
        guards = {measure: series[measure] for measure in plan.guardrails}
        return Told(experiment, result_of(experiment, members, series[plan.metric], guards), None, a_unit)

    def would_have(self, ranking: Ranking) -> Estimates:
        """What a ranking would have brought, by the shelves that chance had a part in."""
        return would_have(drawn_shelves(self._outcomes.engine, _SHELVES), ranking, self._catalog())

"""How often does an experiment claim something where there is nothing? A/A experiments, from the assignment to the verdict.

Shoppers are assigned and exposed as in a served shop, what comes of them is written into a real record (SQLite), and the verdict
of the page is read at the end of every day. What decides changes from one experiment to the next; guardrails are as usual.
Beside it stands a plain test of what decides, looked at as often.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from assistant.insight.experiments.judging import Result
from assistant.insight.experiments.lab import Told
from assistant.insight.experiments.plan import METRICS, Arm, Metric, Plan, usual_guardrails
from evals.experiment_shop import Shop
from evals.metrics import Estimate, proportion

ALARMS = ("better", "worse", "harm", "split", "shifted")
_SEED = 20261130
_DAYS = 14
_Z = 1.959964
_EFFECTS: Mapping[Metric, float] = {"revenue": 300.0}  # else two points

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Design:
    """By which weights new shoppers are split, and how many of them come a day."""

    name: str
    weights: tuple[float, ...]
    a_day: int


DESIGNS = (
    Design("2 arms", (1.0, 1.0), 25),
    Design("3 arms", (1.0, 1.0, 1.0), 36),
    Design("2 arms, 4 to 1", (4.0, 1.0), 30),
)


def plan_of(design: Design, metric: Metric, days: int = _DAYS) -> Plan:
    """An experiment of which all arms are the same but for their names."""
    arms = tuple(Arm(f"arm {n}", n / 10, weight) for n, weight in enumerate(design.weights))
    units = days * design.a_day
    effect = _EFFECTS.get(metric, 0.02)
    return Plan(f"A/A on {metric}", "variety", arms, metric, effect, units, guardrails=usual_guardrails(metric))


def run(experiments: int = 80, *, progress: Progress | None = None) -> dict[str, Any]:
    """So many experiments of each design, each kept by what it claimed."""
    started, designs = time.time(), dict[str, list[dict[str, Any]]]()
    with TemporaryDirectory() as folder:
        shop = Shop(Path(folder), np.random.default_rng(_SEED))
        for design in DESIGNS:
            lived = designs.setdefault(design.name, [])
            for number in range(experiments):
                plan = plan_of(design, METRICS[number % len(METRICS)])
                lived.append({"metric": plan.metric, **_claims(shop.lived(plan, _DAYS, design.a_day))})
                if progress:
                    progress(design.name, number + 1, experiments)
        shop.close()
    return {
        "minutes": round((time.time() - started) / 60, 1),
        "experiments": experiments,
        "days": _DAYS,
        "designs": designs,
    }


def _claims(told: Sequence[Told]) -> dict[str, Any]:
    """What was claimed on any day, and how many took part."""
    results = [one.result for one in told if one.result]
    found = {one.verdict.kind: one.verdict.measure for one in reversed(results) if one.verdict.kind in ALARMS}
    plain = any(abs(z) > _Z for result in results for z in _plain(result))
    return {"units": results[-1].units, "claimed": found, "plain": plain}


def _plain(result: Result) -> list[float]:
    """The z of each arm against the first, as if this were the only look."""
    first, *others = result.arms
    known = [one for one in others if None not in (one.figure, one.error, first.figure, first.error)]
    errors = [float(np.hypot(one.error or 0, first.error or 0)) for one in known]
    return [
        ((one.figure or 0) - (first.figure or 0)) / error for one, error in zip(known, errors, strict=True) if error
    ]


def alarms(lived: Sequence[Mapping[str, Any]]) -> Estimate:
    """The share of experiments that claimed anything at all on any day."""
    return proportion([bool(one["claimed"]) for one in lived])


def table(report: Mapping[str, Any]) -> str:
    """A Markdown table: designs, what was claimed."""
    lines = ["| A/A | shoppers | any false alarm | " + " | ".join(ALARMS) + " | plain test of what decides, daily |"]
    lines.append("|---" * (len(ALARMS) + 4) + "|")
    every = [one for lived in report["designs"].values() for one in lived]
    for name, lived in [*report["designs"].items(), ("all", every)]:
        counts = Counter(kind for one in lived for kind in one["claimed"])
        units = round(float(np.mean([one["units"] for one in lived])))
        cells = [f"{units:,}", str(alarms(lived)), *(str(counts[kind]) for kind in ALARMS)]
        lines.append(f"| {name} | " + " | ".join([*cells, str(proportion([one["plain"] for one in lived]))]) + " |")
    return "\n".join(lines)

"""Does an experiment find what is there, and nothing that is not? Simulated with known truth, looked at every day.

Beside the sequential interval stand what people do without one: a plain test looked at daily, and one look at the end.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.stats import chi2

from assistant.insight.experiments.bounds import Moments, Numbers, compared, narrowed
from assistant.insight.experiments.series import summed
from assistant.insight.experiments.sizes import Baseline, Size, size_of
from assistant.insight.experiments.split import LEVEL, log_evidence
from evals.experiment_worlds import WORLDS, World
from evals.interleaving import compare_with_split, planned_power
from evals.metrics import Estimate, proportion

_SEED = 20261129
_ALPHA, _POWERS = 0.05, (0.8, 0.9)
_Z = 1.959964
_DAYS = 28
_SPLIT_UNITS = 400  # a day

Progress = Callable[[str, int, int], None]


def run(experiments: int = 1000, *, progress: Progress | None = None) -> dict[str, Any]:
    """Every world without and with its effect, the split check, and interleaving against splitting and as planned."""
    started = time.time()
    chance = np.random.default_rng(_SEED)
    summary: dict[str, Any] = {}
    for number, world in enumerate(WORLDS, 1):
        first, *others = (_planned(world, chance, power) for power in _POWERS)
        found = _something_there(world, first, experiments, chance)
        more = [_powered(world, size, experiments, chance)[0] for size in others]
        powers = dict(zip(_POWERS, [found.pop("power"), *map(proportion, more)], strict=True))
        summary[world.name] = {
            "size": first,
            **_nothing_there(world, first, experiments, chance),
            **found,
            "powers": powers,
        }
        if progress:
            progress("worlds", number, len(WORLDS))
    report = {"worlds": summary, "split": _splits(experiments, chance), "interleaving": compare_with_split(chance)}
    report["interleaving as planned"] = planned_power(experiments, chance)
    return {"minutes": round((time.time() - started) / 60, 1), "experiments": experiments, **report}


def _planned(world: World, chance: np.random.Generator, power: float) -> Size:
    """The plan that an owner would make from as much of the past as is certain."""
    rows, met = world.rows(chance, world.past, _DAYS, 0.0)
    past = summed(rows, met, _DAYS)
    figure, spread = float(past.ratio()[-1]), float(np.sqrt(past.variance()[-1] * past.units[-1]))
    usual = Baseline(figure, spread, 1.0, n_a_unit=float(past.n[-1] / past.units[-1]))

    def size(usual: Baseline) -> Size:
        weights = (1.0, 1.0)
        return size_of(usual, figure * world.lift, weights, alpha=_ALPHA, power=power, is_share=world.is_share)

    return size(replace(usual, units_a_day=size(usual).units / _DAYS))


def _arm(world: World, chance: np.random.Generator, units: int, lift: float) -> Moments:
    return summed(*world.rows(chance, units, _DAYS, lift), _DAYS)


def _nothing_there(world: World, size: Size, experiments: int, chance: np.random.Generator) -> dict[str, Estimate]:
    """How often a difference is found where there is none."""
    sequential, peeked, once = [], [], []
    for _ in range(experiments):
        first, second = (_arm(world, chance, size.units // 2, 0.0) for _ in range(2))
        band = narrowed(compared(first, second, size.units, _ALPHA))
        sequential.append(bool(((band.low > 0) | (band.high < 0)).any()))
        z = _plain_z(first, second)
        peeked.append(bool((np.abs(z) > _Z).any()))
        once.append(bool(abs(z[-1]) > _Z))
    found = {
        "false alarms": sequential,
        "false alarms, plain test daily": peeked,
        "false alarms, plain test once": once,
    }
    return {name: proportion(alarms) for name, alarms in found.items()}


def _something_there(world: World, size: Size, experiments: int, chance: np.random.Generator) -> dict[str, Any]:
    """How often the effect that was planned for is found, and after how much of what was planned."""
    found, when = _powered(world, size, experiments, chance)
    once = []
    for _ in range(experiments):
        first, second = (_arm(world, chance, size.fixed_units // 2, lift) for lift in (0.0, world.lift))
        once.append(bool(_plain_z(first, second)[-1] > _Z))
    shares = {"power": proportion(found), "power, one look at the end": proportion(once)}
    return {**shares, "found after": float(np.median(when)) if when else None}


def _powered(world: World, size: Size, experiments: int, chance: np.random.Generator) -> tuple[list[bool], list[float]]:
    """Whether each experiment found the effect, and those that did after how much of what was planned."""
    found, when = [], []
    for _ in range(experiments):
        first, second = (_arm(world, chance, size.units // 2, lift) for lift in (0.0, world.lift))
        low = narrowed(compared(first, second, size.units, _ALPHA)).low
        found.append(bool((low > 0).any()))
        if found[-1]:
            when.append((int(np.argmax(low > 0)) + 1) / _DAYS)
    return found, when


def _plain_z(first: Moments, second: Moments) -> Numbers:
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (second.ratio() - first.ratio()) / np.sqrt(first.variance() + second.variance())
    return np.where(np.isfinite(z), z, 0.0)


def _splits(experiments: int, chance: np.random.Generator) -> dict[str, Any]:
    """How often a split is called faulty, at its level, where it is right and where a part of one arm is lost."""
    found: dict[str, Any] = {}
    for name, share in (("as planned", 0.5), ("4 % of one arm lost", 0.4898), ("10 % of one arm lost", 0.4737)):
        counts = chance.binomial(_SPLIT_UNITS, share, size=(experiments, _DAYS)).cumsum(axis=1)
        totals = _SPLIT_UNITS * np.arange(1, _DAYS + 1)
        expected = totals / 2
        squares = (counts - expected) ** 2 / expected * 2
        plain = (chi2.sf(squares, 1) < LEVEL).any(axis=1)
        safe = [
            any(log_evidence((int(one), int(all_ - one)), (0.5, 0.5)) > -np.log(LEVEL) for one, all_ in zip(row, totals, strict=True))
            for row in counts
        ]  # fmt: skip
        found[name] = {"sequential": proportion(safe), "chi-square daily": proportion([bool(one) for one in plain])}
    return found


def table(report: Mapping[str, Any]) -> str:
    """Markdown tables: the worlds, the split, interleaving."""
    names = ("false alarms", "false alarms, plain test daily", "false alarms, plain test once")
    head = [*names, *(f"power, {power:.0%} planned" for power in _POWERS), "80 % planned, one look at the end"]
    lines = ["| measure | units planned (one look) | " + " | ".join(head) + " | found after, of the plan |"]
    lines.append("|---" * (len(head) + 3) + "|")
    for world, told in report["worlds"].items():
        size = told["size"]
        cells = [f"{size.units:,} ({size.fixed_units:,})", *(str(told[name]) for name in names)]
        cells += [*map(str, told["powers"].values()), str(told["power, one look at the end"])]
        after = "–" if told["found after"] is None else f"{told['found after']:.2f}"
        lines.append(f"| {world} | " + " | ".join([*cells, after]) + " |")
    lines += ["", "| split | called faulty, sequential | called faulty, chi-square daily |", "|---|---|---|"]
    lines += [
        f"| {name} | {told['sequential']} | {told['chi-square daily']} |" for name, told in report["split"].items()
    ]
    lines += [
        "",
        "| conversations until decided | median | decided for the better | for the worse |",
        "|---|---|---|---|",
    ]
    for name, told in report["interleaving"].items():
        lines.append(f"| {name} | {told['median']} | {told['right']} | {told['wrong']} |")
    lines += ["", "| interleaved | preferred by | shoppers planned | power |", "|---|---|---|---|"]
    for name, told in report["interleaving as planned"].items():
        lines.append(f"| {name} | {told['preferred']:.1%} | {told['units']:,} | {told['power']} |")
    return "\n".join(lines)

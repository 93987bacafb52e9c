"""Does an experiment find what is there, and nothing that is not? Simulated with known truth, looked at every day.

Beside the sequential interval stand what people do without one: a plain test looked at daily, and one look at the end.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import chi2

from assistant.insight.experiments.bounds import Moments, Numbers, compared, narrowed
from assistant.insight.experiments.series import summed
from assistant.insight.experiments.sizes import Baseline, Size, size_of
from assistant.insight.experiments.split import LEVEL, log_evidence
from evals.interleaving import compare_with_split
from evals.metrics import Estimate, proportion

_SEED = 20261128
_ALPHA, _POWER = 0.05, 0.8
_Z = 1.959964
_DAYS = 28
_SPLIT_UNITS = 400  # a day

Progress = Callable[[str, int, int], None]
Rows = Callable[[np.random.Generator, int, int, float], tuple[Numbers, Numbers]]
"""From the units of an arm, the days and the lift to rows of (unit, day, y, n) and the day on which each unit is met."""


@dataclass(frozen=True, slots=True)
class World:
    """A kind of measure with known truth: `lift` is the relative effect that is planned for and planted; `past` is of how
    many units what is usual is known.
    """

    name: str
    rows: Rows
    lift: float
    is_share: bool = True
    past: int = 200_000


def _conversions(rate: float) -> Rows:
    def rows(chance: np.random.Generator, units: int, days: int, lift: float) -> tuple[Numbers, Numbers]:
        day = chance.integers(days, size=units)
        y = chance.random(units) < rate * (1 + lift)
        return np.column_stack([np.arange(units), day, y, np.ones(units)]), day

    return rows


def _clicks(chance: np.random.Generator, units: int, days: int, lift: float) -> tuple[Numbers, Numbers]:
    """Four products a turn, one to many turns; some shoppers click much, most hardly: clicks of one hang together."""
    day = chance.integers(days, size=units)
    shown = 4 * chance.geometric(0.4, size=units)
    taste = chance.beta(0.8, 9.2, size=units) * (1 + lift)
    return np.column_stack([np.arange(units), day, chance.binomial(shown, np.minimum(taste, 1.0)), shown]), day


def _revenue(chance: np.random.Generator, units: int, days: int, lift: float) -> tuple[Numbers, Numbers]:
    """Few buy, and a few of those for very much (lognormal)."""
    day = chance.integers(days, size=units)
    bought = chance.random(units) < 0.05 * (1 + lift)
    return np.column_stack([np.arange(units), day, bought * chance.lognormal(8.0, 1.0, units), np.ones(units)]), day


def _returning(chance: np.random.Generator, units: int, days: int, lift: float) -> tuple[Numbers, Numbers]:
    """Shoppers who come back, each with an own inclination to buy: a conversation is no unit."""
    met = chance.integers(days, size=units)
    visits = chance.geometric(0.5, size=units)
    unit = np.repeat(np.arange(units), visits)
    later = np.concatenate([np.r_[0, np.sort(chance.integers(0, 14, size=n - 1))] for n in visits])
    day = met[unit] + later
    inclined = chance.beta(0.5, 7.5, size=units)[unit] * (1 + lift)
    y = chance.random(len(unit)) < np.minimum(inclined, 1.0)
    rows = np.column_stack([unit, day, y, np.ones(len(unit))])
    return rows[day < days], met


WORLDS = (
    World("conversion of 3 %", _conversions(0.03), 0.5),
    World("conversion of 0.4 %", _conversions(0.004), 1.5),
    World("click-through, several turns", _clicks, 0.25),
    World("revenue, skewed", _revenue, 0.5, is_share=False, past=4_000_000),
    World("conversion, shoppers who return", _returning, 0.4),
)


def run(experiments: int = 1000, *, progress: Progress | None = None) -> dict[str, Any]:
    """Every world without and with its effect, the split check, and interleaving against splitting."""
    started = time.time()
    chance = np.random.default_rng(_SEED)
    summary: dict[str, Any] = {}
    for number, world in enumerate(WORLDS, 1):
        size = _planned(world, chance)
        summary[world.name] = {
            "size": size, **_nothing_there(world, size, experiments, chance), **_something_there(world, size, experiments, chance)
        }  # fmt: skip
        if progress:
            progress("worlds", number, len(WORLDS))
    report = {"worlds": summary, "split": _splits(experiments, chance), "interleaving": compare_with_split(chance)}
    return {"minutes": round((time.time() - started) / 60, 1), "experiments": experiments, **report}


def _planned(world: World, chance: np.random.Generator) -> Size:
    """The plan that an owner would make from as much of the past as is certain."""
    rows, met = world.rows(chance, world.past, _DAYS, 0.0)
    past = summed(rows, met, _DAYS)
    figure, spread = float(past.ratio()[-1]), float(np.sqrt(past.variance()[-1] * past.units[-1]))
    guess = Baseline(figure, spread, 1.0)
    units = size_of(guess, figure * world.lift, (1.0, 1.0), alpha=_ALPHA, power=_POWER, is_share=world.is_share).units
    traffic = Baseline(figure, spread, units / _DAYS)
    return size_of(traffic, figure * world.lift, (1.0, 1.0), alpha=_ALPHA, power=_POWER, is_share=world.is_share)


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
    found, once, when = [], [], []
    for _ in range(experiments):
        first, second = (_arm(world, chance, size.units // 2, lift) for lift in (0.0, world.lift))
        low = narrowed(compared(first, second, size.units, _ALPHA)).low
        found.append(bool((low > 0).any()))
        if found[-1]:
            when.append((int(np.argmax(low > 0)) + 1) / _DAYS)
        first, second = (_arm(world, chance, size.fixed_units // 2, lift) for lift in (0.0, world.lift))
        once.append(bool(_plain_z(first, second)[-1] > _Z))
    shares = {"power": proportion(found), "power, one look at the end": proportion(once)}
    return {**shares, "found after": float(np.median(when)) if when else None}


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
    names = ("false alarms", "false alarms, plain test daily", "false alarms, plain test once", "power")
    names = (*names, "power, one look at the end")
    lines = ["| measure | units planned (one look) | " + " | ".join(names) + " | found after, of the plan |"]
    lines.append("|---" * (len(names) + 3) + "|")
    for world, told in report["worlds"].items():
        size = told["size"]
        cells = [f"{size.units:,} ({size.fixed_units:,})", *(str(told[name]) for name in names)]
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
    return "\n".join(lines)

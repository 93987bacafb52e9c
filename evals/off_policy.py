"""Do estimates from logged propensities tell what another policy brings? On the Open Bandit sample and on known truth.

The sample's two policies ran in the same week on the same page: each one's log estimates the other, whose own clicks are
the answer. They are few, so the answer has an interval too.
"""

import csv
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.insight.experiments.bounds import Numbers
from assistant.insight.experiments.off_policy import (
    Logged,
    Rows,
    Value,
    by_fold,
    cross_fitted,
    doubly_robust,
    ips,
    on_policy,
    snips,
)
from evals.metrics import Estimate, mean, proportion

_SEED = 20261128
_GROUPS = ("men", "women")
_POLICIES = ("random", "bts")
_POSITIONS = 3
_WORLDS, _ROUNDS, _ITEMS = 300, 5_000, 20
ESTIMATORS = ("IPS", "SNIPS", "doubly robust")

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Log:
    """One policy's log over one set of items. `shares` are how often it put each item (row) at each position."""

    item: Rows
    position: Rows
    click: Numbers
    propensity: Numbers
    features: Numbers
    shares: Numbers


def run(data: Path, *, progress: Progress | None = None) -> dict[str, Any]:
    """Both directions of both groups of items, then simulated worlds whose truth is known."""
    started = time.time()
    sample = []
    for group in _GROUPS:
        logs = {policy: _read(data / "obd_clicks" / policy / group, group) for policy in _POLICIES}
        for source, target in (("random", "bts"), ("bts", "random")):
            sample.append({"group": group, "log": source, "asked": target, **_estimated(logs[source], logs[target])})
    simulated = _simulated(np.random.default_rng(_SEED), progress)
    return {"minutes": round((time.time() - started) / 60, 1), "sample": sample, "simulated": simulated}


def _read(folder: Path, group: str) -> Log:
    with (folder / f"{group}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with (folder / "item_context.csv").open(encoding="utf-8") as file:
        price = np.array([float(row["item_feature_0"]) for row in csv.DictReader(file)])
    item = np.array([int(row["item_id"]) for row in rows])
    position = np.array([int(row["position"]) - 1 for row in rows])
    shares = np.zeros((len(price), _POSITIONS))
    np.add.at(shares, (item, position), 1.0)
    return Log(
        item, position, np.array([float(row["click"]) for row in rows]),
        np.array([float(row["propensity_score"]) for row in rows]), price, shares / shares.sum(axis=0),
    )  # fmt: skip


def _estimated(source: Log, target: Log) -> dict[str, Any]:
    """The target's value by its own clicks and by the source's log. Of a policy that changed, its mean over the week."""
    random = np.full(len(target.features), 1 / len(target.features))[:, None].repeat(_POSITIONS, axis=1)
    shares = random if np.ptp(target.propensity) < 1e-9 else target.shares
    unit = np.arange(len(source.item))
    log = Logged(source.click, source.propensity, shares[source.item, source.position], unit)
    fold, models = cross_fitted(_features(source.item, source.position, source.features), source.click, unit)
    cells = [(item, place) for item in range(len(shares)) for place in range(_POSITIONS)]
    items, places = (np.array(side) for side in zip(*cells, strict=True))
    every = _features(items, places, source.features)
    rewards = np.stack([model(every).reshape(shares.shape) for model in models])
    predicted = rewards[fold, source.item, source.position]
    expected = (rewards * shares).sum(axis=1)[fold, source.position]
    own = on_policy(target.click, np.arange(len(target.click)))
    logged = on_policy(source.click, unit)
    told = {"IPS": ips(log), "SNIPS": snips(log), "doubly robust": doubly_robust(log, predicted, expected)}
    return {"own": own, "logged": logged, "estimates": told}


def _features(item: Rows, position: Rows, price: Numbers) -> Numbers:
    """Item and position as indicators, and the item's price."""
    return np.column_stack([np.eye(len(price))[item], np.eye(_POSITIONS)[position], price[item]])


def _simulated(chance: np.random.Generator, progress: Progress | None) -> dict[str, dict[str, Any]]:
    """Bias, interval width and how often the interval holds the truth, for a near and a far policy."""
    found: dict[str, dict[str, Any]] = {}
    for number, (name, sharpness) in enumerate((("near", 1.0), ("far", 4.0)), 1):
        runs = [_world(chance, sharpness) for _ in range(_WORLDS)]
        for estimator in ESTIMATORS:
            told = [(truth, values[estimator]) for truth, values in runs]
            found[f"{name}, {estimator}"] = {
                "bias": mean([(value.mean - truth) / truth for truth, value in told]),
                "half width": mean([(value.high - value.low) / 2 / truth for truth, value in told]),
                "holds": proportion([value.low <= truth <= value.high for truth, value in told]),
                "effective": float(np.mean([value.effective for _, value in told])),
            }
        if progress:
            progress("simulated policies", number, 2)
    return found


def _world(chance: np.random.Generator, sharpness: float) -> tuple[float, dict[str, Value]]:
    """One log of a mildly exploring policy, and a policy that follows other scores."""
    appeal = chance.normal(0, 0.7, _ITEMS)
    rate = 1 / (1 + np.exp(2.5 - appeal))  # about 9 % click
    behaviour = _softmax(0.5 * chance.normal(0, 1, _ITEMS))
    target = _softmax(sharpness * (appeal + chance.normal(0, 0.5, _ITEMS)))
    item = chance.choice(_ITEMS, size=_ROUNDS, p=behaviour)
    click = (chance.random(_ROUNDS) < rate[item]) * 1.0
    unit = np.arange(_ROUNDS)
    log = Logged(click, behaviour[item], target[item], unit)
    every = np.eye(_ITEMS)
    fold, models = cross_fitted(every[item], click, unit)
    predicted = by_fold(fold, models, every[item])
    expected = np.array([float(target @ model(every)) for model in models])[fold]
    values = {"IPS": ips(log), "SNIPS": snips(log), "doubly robust": doubly_robust(log, predicted, expected)}
    return float(target @ rate), values


def _softmax(scores: Numbers) -> Numbers:
    weights = np.exp(scores - scores.max())
    return np.asarray(weights / weights.sum())


def table(report: Mapping[str, Any]) -> str:
    """Markdown tables: the sample, then the simulated worlds."""
    lines = [
        "| items, log → asked | clicked in the log | own clicks of the asked | "
        + " | ".join(ESTIMATORS)
        + " | effective rows |"
    ]
    lines.append("|---" * (len(ESTIMATORS) + 4) + "|")
    for one in report["sample"]:
        told = one["estimates"]
        cells = [_shown(one["logged"]), _shown(one["own"]), *(_shown(told[name]) for name in ESTIMATORS)]
        name = f"{one['group']}, {one['log']} → {one['asked']}"
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {told['IPS'].effective:,.0f} |")
    columns: Sequence[str] = ("bias", "half width", "holds")
    lines += [
        "",
        "| simulated, of the truth | bias | half the interval | holds the truth | effective rows |",
        "|---" * 5 + "|",
    ]
    for name, measured in report["simulated"].items():
        cells = [_told(measured[column]) for column in columns]
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {measured['effective']:,.0f} |")
    return "\n".join(lines)


def _shown(value: Value) -> str:
    return f"{value.mean * 1000:.1f} [{value.low * 1000:.1f}, {value.high * 1000:.1f}] ‰"


def _told(estimate: Estimate) -> str:
    return str(estimate)

"""Which arm a unit meets: by a hash of the experiment's salt and the unit, the same at every time and on every machine."""

import hashlib
from collections.abc import Sequence

from assistant.insight.experiments.plan import Plan

_STEPS = 16**15  # as many as a float tells apart, and more


def place(salt: str, unit: str) -> float:
    """Where a unit falls between 0 and 1. Different salts are independent of each other."""
    digest = hashlib.sha256(f"{salt}\n{unit}".encode()).hexdigest()
    return int(digest[:15], 16) / _STEPS


def assigned(plan: Plan, weights: Sequence[float], unit: str) -> str | None:
    """The arm that a unit new to the experiment meets; None where it takes no part.

    Who takes part is decided by another hash, so that a larger share adds units and moves none.
    """
    if place(f"{plan.salt}/share", unit) >= plan.share:
        return None
    found, left = place(plan.salt, unit) * sum(weights), 0.0
    for arm, weight in zip(plan.arms, weights, strict=True):
        left += weight
        if found < left:
            return arm.name
    return plan.arms[-1].name

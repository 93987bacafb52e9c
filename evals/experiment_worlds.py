"""Worlds of which the truth is known: what shoppers do, and how a planted effect changes it.

An effect is relative to what is usual. How it comes about differs on purpose, since a planner can know only its size: each
shopper may do it so many times as often, some that would not have may be persuaded, tastes may shift, or each may pay more.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from assistant.insight.experiments.bounds import Numbers

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
    past: int = 1_000_000


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


def _revenue(more_pay: float) -> Rows:
    """Few buy, and a few of those for very much (lognormal); so much of the lift is of more who buy, the rest of prices."""

    def rows(chance: np.random.Generator, units: int, days: int, lift: float) -> tuple[Numbers, Numbers]:
        day = chance.integers(days, size=units)
        bought = chance.random(units) < 0.05 * (1 + lift) ** more_pay
        paid = chance.lognormal(8.0, 1.0, units) * (1 + lift) ** (1 - more_pay)
        return np.column_stack([np.arange(units), day, bought * paid, np.ones(units)]), day

    return rows


def _returning(chance: np.random.Generator, units: int, days: int, lift: float) -> tuple[Numbers, Numbers]:
    """Shoppers who come back, each with an own inclination to buy: a conversation is no unit."""
    unit, day, met = _visits(chance, units, days, 0.5)
    inclined = chance.beta(0.5, 7.5, size=units)[unit] * (1 + lift)
    y = chance.random(len(unit)) < np.minimum(inclined, 1.0)
    return _until(days, unit, day, y, np.ones(len(unit))), met


def _carts(chance: np.random.Generator, units: int, days: int, lift: float) -> tuple[Numbers, Numbers]:
    """Of shoppers who come back, each inclined in an own way; some who would not have are persuaded, whoever they are."""
    unit, day, met = _visits(chance, units, days, 0.7)
    inclined = chance.beta(1.2, 8.8, size=units)[unit]
    persuaded = 0.12 * lift / (1 - 0.12)
    y = chance.random(len(unit)) < inclined + (1 - inclined) * persuaded
    return _until(days, unit, day, y, np.ones(len(unit))), met


def _satisfied(chance: np.random.Generator, units: int, days: int, lift: float) -> tuple[Numbers, Numbers]:
    """Few conversations are rated, most of them well."""
    unit, day, met = _visits(chance, units, days, 0.7)
    rated = chance.random(len(unit)) < 0.12
    y = rated & (chance.random(len(unit)) < 0.75 * (1 + lift))
    return _until(days, unit, day, y, rated), met


def _thumbs(chance: np.random.Generator, units: int, days: int, lift: float) -> tuple[Numbers, Numbers]:
    """Several turns, hardly any with a thumb; who is pleased once mostly is again. An effect shifts all tastes."""
    day = chance.integers(days, size=units)
    given = chance.binomial(chance.geometric(0.3, size=units), 0.15)
    up = 0.8 * (1 + lift)
    taste = chance.beta(4 * up, 4 * (1 - up), size=units)
    return np.column_stack([np.arange(units), day, chance.binomial(given, taste), given]), day


def _visits(chance: np.random.Generator, units: int, days: int, last: float) -> tuple[Numbers, Numbers, Numbers]:
    """Each conversation's unit and day, and each unit's first day; a visit is the last one with probability `last`."""
    met = chance.integers(days, size=units)
    unit = np.repeat(np.arange(units), chance.geometric(last, size=units))
    first = np.r_[True, unit[1:] != unit[:-1]]
    later = np.where(first, 0, chance.integers(0, 14, size=len(unit)))
    return unit, met[unit] + later, met


def _until(days: int, unit: Numbers, day: Numbers, y: Numbers, n: Numbers) -> Numbers:
    return np.column_stack([unit, day, y, n])[day < days]


WORLDS = (
    World("conversion of 3 %", _conversions(0.03), 0.5),
    World("conversion of 0.4 %", _conversions(0.004), 1.5),
    World("click-through, several turns", _clicks, 0.25),
    World("revenue, skewed: half more pay", _revenue(1.0), 0.5, is_share=False, past=4_000_000),
    World("revenue, skewed: a quarter more pay", _revenue(1.0), 0.25, is_share=False, past=4_000_000),
    World("revenue, skewed: each pays a quarter more", _revenue(0.0), 0.25, is_share=False, past=4_000_000),
    World("revenue, skewed: both", _revenue(0.5), 0.3, is_share=False, past=4_000_000),
    World("conversion, shoppers who return", _returning, 0.4),
    World("conversations with a cart, some persuaded", _carts, 0.25),
    World("satisfaction, few rate", _satisfied, 0.1),
    World("thumbs, tastes shift", _thumbs, 0.08),
)

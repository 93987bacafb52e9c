"""Whether two tallies differ by more than chance: tests of every measure at once, at a stated rate of false alarms.

A conversation is one observation, since the turns of one are alike. All measures of a comparison are tested together, and
found is what Benjamini and Hochberg's procedure finds (1995, "Controlling the false discovery rate", JRSS B 57): where
nothing has changed, at most `FALSE_ALARMS` of all comparisons find anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log, log2

from assistant.insight.drift.types import Cell, Shift, Size, Tally
from assistant.insight.intervals import difference_of_shares, share

FALSE_ALARMS = 0.05
LEAST = 50  # conversations of a measure in each period
_EXPECTED = 5  # conversations in a cell for the chi-square distribution to hold (Cochran 1954)
_POINT, _RATIO = 0.01, 1.25  # a change of less than both is no shift, however sure
_MEDIUM, _LARGE = 0.1, 0.25  # of the population stability index
REST = "…"  # the value of all that is too rare to be looked at by itself


@dataclass(frozen=True, slots=True)
class Pair:
    """How often each value was there before and is there now, of `n_before` and `n_now` conversations."""

    measure: str
    before: Mapping[str, int]
    now: Mapping[str, int]
    n_before: int
    n_now: int


def pairs(before: Tally, now: Tally) -> list[Pair]:
    """What there is to compare; what was only so or not so has the values "yes" and "no"."""
    found = []
    for measure in sorted({*before.spread, *now.spread}):
        one, other = before.spread.get(measure, {}), now.spread.get(measure, {})
        found.append(Pair(measure, one, other, sum(one.values()), sum(other.values())))
    for measure in sorted({*before.had, *now.had}):
        yes, still = before.had.get(measure, 0), now.had.get(measure, 0)
        n, m = before.conversations, now.conversations
        found.append(Pair(measure, {"yes": yes, "no": n - yes}, {"yes": still, "no": m - still}, n, m))
    return found


def compared(before: Tally, now: Tally) -> tuple[tuple[Shift, ...], tuple[str, ...]]:
    """Every measure that can be compared, the surest shift first, and those of which there is too little."""
    every = pairs(before, now)
    enough = [(pair, cells) for pair in every if (cells := _cells(pair)) is not None]
    shifts = [_shift(pair, cells) for pair, cells in enough]
    adjusted = _adjusted([one.p for one in shifts])
    judged = [
        replace(one, q=q, found=q <= FALSE_ALARMS and _matters(one)) for one, q in zip(shifts, adjusted, strict=True)
    ]
    known = {pair.measure for pair, _ in enough}
    order = sorted(judged, key=lambda one: (not one.found, -one.psi if one.found else one.q, one.measure))
    return tuple(order), tuple(pair.measure for pair in every if pair.measure not in known)


def common(before: Tally, now: Tally, measure: str) -> tuple[str, ...]:
    """The values of a measure that are looked at by themselves; those that are not are together `REST`."""
    pair = next((one for one in pairs(before, now) if one.measure == measure), None)
    cells = _cells(pair) if pair is not None else None
    return tuple(value for value, _, _ in cells or () if value != REST)


def _cells(pair: Pair) -> list[tuple[str, int, int]] | None:
    """Values with how often they were and are there, rare ones together; None where there is too little to compare."""
    if min(pair.n_before, pair.n_now) < LEAST:
        return None
    part = min(pair.n_before, pair.n_now) / (pair.n_before + pair.n_now)
    cells: list[tuple[str, int, int]] = []
    rest = [0, 0]
    for value in sorted({*pair.before, *pair.now}):
        before, now = pair.before.get(value, 0), pair.now.get(value, 0)
        if (before + now) * part >= _EXPECTED:
            cells.append((value, before, now))
        else:
            rest = [rest[0] + before, rest[1] + now]
    if sum(rest) * part >= _EXPECTED:
        cells.append((REST, rest[0], rest[1]))
    return cells if len(cells) > 1 else None


def _shift(pair: Pair, cells: Sequence[tuple[str, int, int]]) -> Shift:
    from scipy.stats import chi2_contingency

    n, m = sum(before for _, before, _ in cells), sum(now for _, _, now in cells)
    p = float(chi2_contingency([[one[1] for one in cells], [one[2] for one in cells]], correction=False).pvalue)
    told = sorted((Cell(value, before / n, now / m) for value, before, now in cells), key=lambda one: -_moved(one))
    most = next((one for one in told if one.value not in ("no", REST)), told[0])
    counts = next((before, now) for value, before, now in cells if value == most.value)
    change = difference_of_shares(share(counts[1], m), share(counts[0], n))
    psi = stability([one[1] for one in cells], [one[2] for one in cells])
    js = divergence([one.before for one in told], [one.now for one in told])
    return Shift(
        pair.measure, most.value, most.before, most.now, n, m, change, psi, js, p, p, _size(psi), False, tuple(told)
    )


def _moved(cell: Cell) -> float:
    return abs(cell.now - cell.before)


def _matters(shift: Shift) -> bool:
    """Whether a change is large enough to be told, in points or as a ratio."""
    low, high = sorted((shift.before, shift.now))
    return high - low >= _POINT or high >= _RATIO * low


def _adjusted(values: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg's adjusted p-values, in the order given."""
    if not values:
        return []
    from scipy.stats import false_discovery_control

    return [float(one) for one in false_discovery_control(values)]


def stability(before: Sequence[int], now: Sequence[int]) -> float:
    """The population stability index of two sets of counts, half an observation added to each cell."""
    n, m = sum(before) + len(before) / 2, sum(now) + len(now) / 2
    shares = [((a + 0.5) / n, (b + 0.5) / m) for a, b in zip(before, now, strict=True)]
    return sum((b - a) * log(b / a) for a, b in shares)


def divergence(before: Sequence[float], now: Sequence[float]) -> float:
    """Jensen and Shannon's divergence of two distributions in bits, 0 to 1 (Lin 1991)."""
    middle = [(a + b) / 2 for a, b in zip(before, now, strict=True)]
    return max(0.0, (_relative(before, middle) + _relative(now, middle)) / 2)


def _relative(shares: Sequence[float], base: Sequence[float]) -> float:
    return sum(a * log2(a / b) for a, b in zip(shares, base, strict=True) if a > 0)


def _size(psi: float) -> Size:
    return "large" if psi >= _LARGE else "medium" if psi >= _MEDIUM else "small"

"""Which of two interleaved rankings shoppers prefer: by whose picks they clicked, with a sign test that may be peeked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import ceil, comb, exp, lgamma, log, sqrt
from statistics import NormalDist
from typing import Literal

from assistant.insight.experiments.sizes import Baseline, Size, found, least
from assistant.record.outcomes import Counted, Member, TeamClick

_PRIOR = 50.0  # of wins and of losses: how near to even a difference worth finding is expected
_HALVINGS = 40
_LOOKS = 28


@dataclass(frozen=True, slots=True)
class Draft:
    """How many units preferred each of two rankings, and the share that preferred the one `ahead` with its interval.

    `p` and the interval hold however often one looks. `ties` clicked on neither or on both alike.
    """

    kind: Literal["nothing", "undecided", "better"]
    ahead: str
    wins: Mapping[str, int]
    ties: int
    share: float
    low: float
    high: float
    p: float

    @property
    def decided(self) -> int:
        return sum(self.wins.values())


def draft_of(teams: Sequence[str], members: Sequence[Member], clicks: Sequence[TeamClick], alpha: float) -> Draft:
    """What interleaving says. A unit counts once, for the ranking whose picks it clicked more (Radlinski et al. 2008)."""
    unit_of = {one.session_id: one.unit for one in members}
    units = set(unit_of.values())
    ahead_by: dict[str, int] = {}
    last: dict[str, date] = {}
    for click in clicks:
        unit = unit_of.get(click.session_id)
        if unit is not None and click.team in teams:
            ahead_by[unit] = ahead_by.get(unit, 0) + (1 if click.team == teams[1] else -1)
            last[unit] = max(last.get(unit, click.at.date()), click.at.date())
    wins = {teams[0]: sum(by < 0 for by in ahead_by.values()), teams[1]: sum(by > 0 for by in ahead_by.values())}
    most = max(teams, key=lambda team: wins[team])
    won, decided = wins[most], sum(wins.values())
    if not decided:
        return Draft("nothing", most, wins, len(units), 0.5, 0.0, 1.0, 1.0)
    low, high = interval(won, decided, alpha)
    p = min(1.0, min(exp(-evidence(ahead, sum(so_far), 0.5)) for so_far in _daily(ahead_by, last) for ahead in so_far))
    kind: Literal["undecided", "better"] = "better" if low > 0.5 else "undecided"
    return Draft(kind, most, wins, len(units) - decided, won / decided, low, high, p)


def evidence(won: int, decided: int, share: float) -> float:
    """Logarithm of the Bayes factor of a Beta mixture around an even split against a share of exactly this.

    The sequential sign test: Robbins' mixture for coin flips (Lindon & Malek 2022, NeurIPS, with two categories).
    """
    lost = decided - won
    mixture = _log_beta(won + _PRIOR, lost + _PRIOR) - _log_beta(_PRIOR, _PRIOR)
    return mixture - won * log(share) - lost * log(1 - share)


def interval(won: int, decided: int, alpha: float) -> tuple[float, float]:
    """The shares that the mixture does not exclude: they hold the true one at every look at once, with 1 - alpha."""
    level = -log(alpha)
    middle = min(max(won / decided, 1e-9), 1 - 1e-9)

    def edge(inside: float, outside: float) -> float:
        for _ in range(_HALVINGS):
            between = (inside + outside) / 2
            if evidence(won, decided, between) < level:
                inside = between
            else:
                outside = between
        return inside

    return edge(middle, 1e-12), edge(middle, 1 - 1e-12)


def deciding(members: Sequence[Member], clicks: Sequence[Counted]) -> float:
    """The share of units that would click more of one ranking's picks than of the other's, by how often they click.

    As of two that are alike: of an even number of clicks, half may fall to either, and the unit has no preference.
    """
    unit_of = {one.session_id: one.unit for one in members}
    clicked = dict.fromkeys(unit_of.values(), 0)
    for row in clicks:
        if row.session_id in unit_of:
            clicked[unit_of[row.session_id]] += round(row.y)
    even = sum(comb(times, times // 2) / 2**times for times in clicked.values() if times % 2 == 0)
    return 1 - even / len(clicked) if clicked else 0.0


def size_of_draft(
    baseline: Baseline, effect: float, decided: float, *, alpha: float, power: float, share: float
) -> Size | None:
    """What it takes to find that one half and `effect` of those with a preference, `decided` of all units, prefer one."""
    if effect <= 0 or decided <= 0:
        return None
    units = ceil(_preferences(effect, alpha, power) / decided)
    daily = baseline.units_a_day * share
    days = ceil(units / daily) if daily > 0 else None
    once = NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(power)
    fixed = ceil((once / (2 * effect)) ** 2 / decided)
    return Size(units, ceil(units * baseline.conversations_a_unit), days, fixed, _LOOKS)


@lru_cache(maxsize=256)
def _preferences(effect: float, alpha: float, power: float) -> float:
    """How many preferences it takes, by the boundary of the test above: its mixture is as a normal one of this variance."""
    rho2, noise = 1 / (2 * _PRIOR + 1), sqrt(max(1 - 4 * effect**2, 0.1))
    return least(lambda root: found(2 * effect * root, alpha, _LOOKS, rho2 * root**2, noise), power, 10 / effect) ** 2


def _daily(ahead_by: Mapping[str, int], last: Mapping[str, date]) -> list[tuple[int, int]]:
    """Losses and wins of the second ranking at the end of each day, by when a unit clicked last."""
    lost = won = 0
    found = []
    for day in sorted(set(last.values())):
        lost += sum(ahead_by[unit] < 0 for unit, on in last.items() if on == day)
        won += sum(ahead_by[unit] > 0 for unit, on in last.items() if on == day)
        found.append((lost, won))
    return found


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)

"""Which of two interleaved rankings shoppers prefer: by whose picks they clicked, with a sign test that may be peeked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, lgamma, log
from typing import Literal

from assistant.record.outcomes import Member, TeamClick

_PRIOR = 50.0  # of wins and of losses: how near to even a difference worth finding is expected
_HALVINGS = 40


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

"""Satisfaction corrected for who does not answer, by post-stratification.

Who buys, or chats at length, answers more often than others, and is more satisfied or less. So conversations are put into
strata by what is known of all of them: language, what came of it, how many turns, whether a person was asked. Each
stratum's answers stand for all its conversations (Holt and Smith 1979, "Post stratification", JRSS A 142). What makes the
silent ones differ within a stratum is not corrected, and cannot be from these data.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, case, func, select

from assistant.insight.filters import Filters
from assistant.insight.intervals import Interval, wilson
from assistant.insight.measures import MICRO
from assistant.insight.reading import generation, matching
from assistant.insight.views import Corrected
from assistant.record.figure_tables import FactsRow

ENOUGH = 10  # answers without which a stratum is joined with others
_SHORT, _LONG = 2, 5  # turns
_F = FactsRow


@dataclass(frozen=True, slots=True)
class Stratum:
    """Conversations alike in `key`, whose last part is the first to be given up where there are too few answers."""

    key: tuple[str, ...]
    size: int
    answered: int
    satisfied: int
    score_sum: float


def strata(connection: Connection, filters: Filters) -> list[Stratum]:
    """The conversations that the filters let through, by what is known of all of them."""
    outcome = case((_F.with_purchase > 0, "bought"), (_F.with_click > 0, "clicked"), else_="neither").label("outcome")
    length = case((_F.turns <= _SHORT, "short"), (_F.turns <= _LONG, "middling"), else_="long").label("length")
    handed = case((_F.handoffs > 0, "handed"), else_="not handed").label("handed")
    counts = (func.count(), func.sum(_F.rated), func.sum(_F.satisfied), func.sum(_F.score_micro))
    found = matching(filters, generation(connection), select(outcome, handed, length, _F.locale, *counts))
    rows = connection.execute(found.group_by(outcome, handed, length, _F.locale))
    return [
        Stratum(tuple(key), int(size), int(answered), int(satisfied), int(micro) / MICRO)
        for *key, size, answered, satisfied, micro in rows
    ]


def corrected(found: Iterable[Stratum]) -> Corrected:
    """Satisfaction if every conversation's shopper had answered like those of its stratum who did.

    The interval is Wilson's at the number of answers that a simple sample would need to be as certain, the variance being
    that of the stratified mean with each stratum's share drawn towards 1/2 as by two answers more.
    """
    given = list(found)
    population, n = sum(one.size for one in given), sum(one.answered for one in given)
    if n == 0:
        return Corrected(0, population, 0.0, None, None, None, None, 0)
    groups = _joined(given)
    share = score = variance = squares = 0.0
    for group in groups:
        weight = group.size / population
        share += weight * group.satisfied / group.answered
        score += weight * group.score_sum / group.answered
        drawn = (group.satisfied + 1) / (group.answered + 2)
        variance += weight**2 * drawn * (1 - drawn) / group.answered
        squares += weight**2 / group.answered
    effective_n = min(float(n), 1 / squares)
    interval = wilson(share * effective_n, effective_n)
    if 0 < share < 1:
        interval = wilson(share * (certain := min(float(n), share * (1 - share) / variance)), certain)
    interval = interval or Interval(0.0, 1.0)
    return Corrected(n, population, effective_n, share, interval.low, interval.high, score, len(groups))


def _joined(found: Sequence[Stratum]) -> list[Stratum]:
    """The strata, those with too few answers joined with the ones that have most in common with them.

    They become one with each other, and where that is not enough one with the largest of those next to them.
    """
    strata = list(found)
    for parts in range(max(len(one.key) for one in found) - 1, -1, -1):
        alike: dict[tuple[str, ...], list[Stratum]] = {}
        for one in strata:
            alike.setdefault(one.key[:parts], []).append(one)
        strata = [one for key, group in alike.items() for one in _settled(key, group)]
    return strata


def _settled(key: tuple[str, ...], group: Sequence[Stratum]) -> list[Stratum]:
    """Strata alike in `key` with the few of them that have too few answers taken together."""
    enough = sorted((one for one in group if one.answered >= ENOUGH), key=lambda one: one.answered)
    few = [one for one in group if one.answered < ENOUGH]
    if not few:
        return enough
    together = _sum(key, few)
    if together.answered >= ENOUGH or not enough:
        return [*enough, together]
    return [*enough[:-1], _sum(enough[-1].key, [enough[-1], together])]


def _sum(key: tuple[str, ...], parts: Sequence[Stratum]) -> Stratum:
    return Stratum(
        key,
        sum(one.size for one in parts),
        sum(one.answered for one in parts),
        sum(one.satisfied for one in parts),
        sum(one.score_sum for one in parts),
    )

"""The recorded gaps of a period, counted by what was wanted. Knows the record's tables, not the catalogue.

They are read once, without what is long in them, and counted here: distinct conversations of many groups at once are
slow to count in SQL.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, or_, select

from assistant.insight.filters import Filters
from assistant.insight.gaps.types import LISTS, List
from assistant.insight.reading import matching
from assistant.lacking import RULES
from assistant.record.figure_tables import FactsRow, StateRow
from assistant.record.insight_tables import GapRow
from assistant.record.tables import ReplyRow, TurnRow
from assistant.wanted import OTHER

EACH = 5  # examples of each


class Seen(NamedTuple):
    """A gap as it is counted."""

    id: int
    kind: List
    key: str
    product_id: str | None
    session_id: str
    turn_id: str
    day: str
    thing: str


class Group(NamedTuple):
    """One thing wanted; of what listings do not say, of one product or of all of them."""

    key: str
    product_id: str | None


@dataclass(frozen=True, slots=True)
class Counted:
    """How often one thing was wanted: in how many conversations, of this period and of the one before, and of each day.

    `newest` are the ids of its newest gaps, one a conversation; `things` what it was wanted of, in which of them, the most
    first.
    """

    group: Group
    conversations: int
    before: int
    turns: int
    days: dict[str, int]
    newest: tuple[int, ...]
    things: tuple[tuple[str, frozenset[str]], ...]
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One recorded gap with the message that it was the answer to, and the need as it was understood."""

    id: int
    key: str
    session_id: str
    turn_id: str
    at: datetime
    message: str
    wanted: str
    thing: str
    product_id: str | None
    failed: dict[str, Any] | None
    missed_minor: int | None
    states: str
    need: dict[str, Any]


def seen(connection: Connection, filters: Filters) -> list[Seen]:
    """All gaps that the filters let through, oldest first."""
    names = (GapRow.id, GapRow.kind, GapRow.key, GapRow.product_id)
    columns = (*names, GapRow.session_id, GapRow.turn_id, GapRow.day, GapRow.thing)
    rows = connection.execute(select(*columns).where(*conditions(filters))).all()
    return sorted(map(Seen._make, rows))


def conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """Which gaps the filters let through: of conversations that began in the period and have all that is asked for.

    A product was shown in them, or is itself what was missing.
    """
    found: list[ColumnElement[bool]] = [GapRow.day.between(filters.since.isoformat(), filters.until.isoformat())]
    if filters.who != "all":
        found.append(GapRow.who == filters.who)
    if filters.locale:
        found.append(GapRow.locale == filters.locale)
    of_talks = (filters.category, filters.model, filters.prompt, filters.ranker, filters.arm, filters.position)
    if any(one is not None for one in of_talks):
        found.append(_one_of(replace(filters, product=None)))
    if filters.product:
        found.append(or_(GapRow.product_id == filters.product, _one_of(filters)))
    return found


def _one_of(filters: Filters) -> ColumnElement[bool]:
    """That the conversation is one of those that the filters let through, as the figures know it."""
    kept = select(StateRow.generation).scalar_subquery()
    facts = matching(filters, kept, select(FactsRow.id), each=True)
    return facts.where(FactsRow.session_id == GapRow.session_id).exists()


def listed(gaps: Iterable[Seen]) -> dict[List, list[Seen]]:
    """The gaps of each list, in their order."""
    found: dict[List, list[Seen]] = {name: [] for name in LISTS}
    for one in gaps:
        found[one.kind].append(one)
    found["attributes"] = [one for one in found["unanswered"] if one.key != OTHER and not one.key.startswith(RULES)]
    return found


def of_list(name: List) -> list[ColumnElement[bool]]:
    """What makes a gap one of a list: what `listed` says, for the database."""
    if name != "attributes":
        return [GapRow.kind == name]
    return [GapRow.kind == "unanswered", GapRow.key != OTHER, ~GapRow.key.startswith(RULES, autoescape=True)]


def group_of(name: List, one: Seen) -> Group:
    """What a gap is counted under in a list."""
    return Group(one.key, one.product_id if name == "unanswered" else None)


def most_wanted(name: List, gaps: Iterable[Seen]) -> list[tuple[Group, int]]:
    """Everything wanted in the gaps of a list with its conversations, most of them first."""
    found: defaultdict[Group, set[str]] = defaultdict(set)
    for one in gaps:
        found[group_of(name, one)].add(one.session_id)
    counts = ((group, len(sessions)) for group, sessions in found.items())
    return sorted(counts, key=lambda pair: (-pair[1], pair[0].key, pair[0].product_id or ""))


def counted(name: List, chosen: Sequence[Group], gaps: Sequence[Seen], before: Sequence[Seen]) -> list[Counted]:
    """The chosen of a list in full, in their order."""
    wanted = frozenset(chosen)
    now: dict[Group, list[Seen]] = {group: [] for group in chosen}
    past: dict[Group, set[str]] = {group: set() for group in chosen}
    for one in gaps:
        if (group := group_of(name, one)) in wanted:
            now[group].append(one)
    for one in before:
        if (group := group_of(name, one)) in wanted:
            past[group].add(one.session_id)
    return [_counted(group, now[group], len(past[group])) for group in chosen]


def _counted(group: Group, gaps: Sequence[Seen], before: int) -> Counted:
    latest = {one.session_id: one for one in gaps}  # of each conversation the last
    of_thing: defaultdict[str, set[str]] = defaultdict(set)
    for one in gaps:
        if one.thing:
            of_thing[one.thing].add(one.session_id)
    things = sorted(of_thing.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    newest = sorted((one.id for one in latest.values()), reverse=True)
    products = dict.fromkeys(one.product_id for one in reversed(gaps) if one.product_id)
    days = Counter(one.day for one in latest.values())
    return Counted(
        group, len(latest), before, len({one.turn_id for one in gaps}), dict(days), tuple(newest[:EACH]),
        tuple((thing, frozenset(sessions)) for thing, sessions in things), tuple(products),
    )  # fmt: skip


def told(connection: Connection, ids: Sequence[int]) -> dict[int, Told]:
    """These gaps in full."""
    return {row.id: Told(*row) for row in connection.execute(_whole().where(GapRow.id.in_(ids)))}


def _whole() -> Select[Any]:
    return (
        select(
            GapRow.id, GapRow.key, GapRow.session_id, GapRow.turn_id, GapRow.at, TurnRow.message, GapRow.wanted,
            GapRow.thing, GapRow.product_id, GapRow.failed, GapRow.missed_minor, GapRow.states, ReplyRow.need,
        )
        .join(TurnRow, TurnRow.id == GapRow.turn_id)
        .join(ReplyRow, ReplyRow.turn_id == GapRow.turn_id)
    )  # fmt: skip

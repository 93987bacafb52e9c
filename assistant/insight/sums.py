"""The sums of groups of conversations: what some conversations add to them, added or taken out again.

All is whole numbers, so that what is taken out leaves exactly what was there before.
"""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from assistant.insight.facts import item_sums
from assistant.insight.measures import COUNTS
from assistant.record.figure_tables import FactsRow, GroupRow, ItemRow, MembershipRow, PositionRow, ProductRow
from assistant.record.insight_tables import ExposureRow

Sign = Literal[1, -1]

_DIMENSIONS = ("generation", "period", "locale", "versions_id", "category", "who", "arm")
WHATEVER = ("locale", "versions_id", "category")  # the dimensions that a group may leave open
ANY = "*"  # what it then has there
_DAY, _MONTH = 10, 7  # characters of a day that name it, and its month
_F, _G, _M, _X = FactsRow, GroupRow, MembershipRow, ExposureRow


def join_groups(connection: Connection, generation: int, session_ids: Sequence[str]) -> None:
    """Put the conversations into their groups, which are made where they are missing."""
    placed = _placed(generation, session_ids).subquery("placed")
    dimensions = [placed.c[name] for name in _DIMENSIONS]
    groups = select(*dimensions, *(literal(0).label(name) for name in COUNTS)).distinct().where(literal(1) == 1)
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    made = dialect.insert(_G).from_select([*_DIMENSIONS, *COUNTS], groups).on_conflict_do_nothing()
    connection.execute(made)
    same = and_(*(_table(_G).c[name] == placed.c[name] for name in _DIMENSIONS))
    connection.execute(insert(_M).from_select(["facts_id", "group_id"], select(placed.c.id, _G.id).join(_G, same)))


def add(connection: Connection, generation: int, session_ids: Sequence[str], sign: Sign) -> None:
    """Add what the conversations count to the sums of their groups, or with -1 take it out."""
    mine = and_(_F.session_id.in_(session_ids), _F.generation == generation)
    _add_to_groups(connection, mine, sign)
    _add_to(connection, ProductRow, "product_id", mine, sign)
    _add_to(connection, PositionRow, "position", mine, sign)


def groups_of(connection: Connection, generation: int, session_ids: Sequence[str]) -> list[int]:
    """The groups that the conversations are in."""
    found = select(_M.group_id).distinct().join(_F, _F.id == _M.facts_id)
    return list(connection.scalars(found.where(_F.session_id.in_(session_ids), _F.generation == generation)))


def drop_empty(connection: Connection, group_ids: Sequence[int]) -> None:
    """Delete the sums of these groups in which no conversation is left."""
    for row in (ProductRow, PositionRow):
        connection.execute(delete(row).where(row.group_id.in_(group_ids), row.conversations == 0))
    connection.execute(delete(_G).where(_G.id.in_(group_ids), _G.conversations == 0))


def _table(row: Any) -> Table:
    table: Table = row.__table__
    return table


def _placed(generation: int, ids: Sequence[str]) -> Select[Any]:
    """The conversations once for each of their groups."""
    own = and_(_F.session_id.in_(ids), _F.generation == generation)
    any_arm = select(_F.id, literal("").label("arm")).where(own)
    each_arm = (
        select(_F.id, _X.experiment_id.concat(":").concat(_X.arm)).join(_X, _X.session_id == _F.session_id).where(own)
    )
    arms = union_all(any_arm, each_arm).subquery("arms")
    lengths = union_all(select(literal(_DAY, Integer).label("n")), select(literal(_MONTH, Integer))).subquery("lengths")
    details = union_all(select(literal(1, Integer).label("on")), select(literal(0, Integer))).subquery("details")
    period = func.substr(_F.day, 1, lengths.c.n).label("period")
    named = {name: _table(_F).c[name] for name in WHATEVER}
    said = (case((details.c.on == 1, column), else_=ANY).label(name) for name, column in named.items())
    found = select(_F.id, _F.generation, period, *said, _F.who, arms.c.arm).join(arms, arms.c.id == _F.id)
    return found.join(lengths, literal(1) == 1).join(details, literal(1) == 1)


def _add_to_groups(connection: Connection, mine: ColumnElement[bool], sign: Sign) -> None:
    facts, groups = _table(_F), _table(_G)
    sums = (
        select(_M.group_id, *(func.sum(facts.c[name]).label(name) for name in COUNTS))
        .join(_F, _F.id == _M.facts_id)
        .where(mine)
        .group_by(_M.group_id)
        .subquery("sums")
    )
    values = {name: groups.c[name] + sign * sums.c[name] for name in COUNTS}
    connection.execute(update(_G).where(_G.id == sums.c.group_id).values(values))


def _add_to(connection: Connection, row: Any, key: str, mine: ColumnElement[bool], sign: Sign) -> None:
    """To the sums by product or by position."""
    facts, target = _table(_F), _table(row)
    items = items_by(key, mine).subquery("items")
    counted = {name: sign * func.sum(items.c[name] if name in items.c else facts.c[name]) for name in COUNTS}
    found = (
        select(_M.group_id, items.c[key], *(counted[name] for name in COUNTS))
        .join(_F, _F.id == _M.facts_id)
        .join(items, items.c.facts_id == _F.id)
        .where(mine)
        .group_by(_M.group_id, items.c[key])
        .order_by(_M.group_id, items.c[key])
    )
    if row is ProductRow:
        of_products = or_(func.length(_G.period) == _MONTH, func.length(_G.locale) == len(ANY))
        found = found.join(_G, _G.id == _M.group_id).where(of_products)
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    added = dialect.insert(row).from_select(["group_id", key, *COUNTS], found)
    values = {name: target.c[name] + added.excluded[name] for name in COUNTS}
    connection.execute(added.on_conflict_do_update(index_elements=["group_id", key], set_=values))


def items_by(key: str, mine: ColumnElement[bool]) -> Select[Any]:
    """What came of each product, or each position, in each of the conversations."""
    counted = item_sums(on_slate=key == "product_id")
    named = _table(ItemRow).c[key]
    return (
        select(ItemRow.facts_id, named, *(value.label(name) for name, value in counted.items()))
        .join(_F, _F.id == ItemRow.facts_id)
        .where(mine)
        .group_by(ItemRow.facts_id, named)
    )

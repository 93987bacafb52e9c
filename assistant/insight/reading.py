"""Reads counts out of the sums: of all that the filters let through, or of each value of a dimension.

A long period is read by whole months where it can be. All of one question is read from one snapshot.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Subquery,
    case,
    false,
    func,
    literal,
    or_,
    select,
    text,
    union_all,
)

from assistant.insight.facts import SHOWN_COUNTS, WHEREVER_COUNTS, item_sums
from assistant.insight.filters import NONE, Filters
from assistant.insight.measures import COUNTS, Counts
from assistant.insight.sums import ANY
from assistant.insight.views import By
from assistant.record.figure_tables import (
    FactsRow,
    GroupRow,
    ItemRow,
    PositionRow,
    ProductRow,
    StateRow,
)
from assistant.record.insight_tables import ExposureRow
from assistant.record.tables import VersionsRow

_F, _G = FactsRow, GroupRow
_DIMENSIONS = ("period", "locale", "category", "versions_id", "arm")
_VERSIONS = ("model", "prompt", "ranker")


@dataclass(frozen=True, slots=True)
class Valued:
    """What was counted of one value of a dimension."""

    value: str
    counts: Counts


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that reads everything as of one moment."""
    level = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**level) as connection:
        if level:
            connection.execute(text("SET LOCAL jit = off"))  # compiling so many sums takes longer than summing
        yield connection


def generation(connection: Connection) -> int:
    """Which of the figures are to be read."""
    return connection.scalar(select(StateRow.generation)) or 0


def periods(since: date, until: date) -> list[str]:
    """The months that lie whole between the two days, both included, and the days beside them."""
    found, day = [], since
    while day <= until:
        after = (day.replace(day=1) + timedelta(32)).replace(day=1)
        if day.day == 1 and after - timedelta(1) <= until:
            found.append(day.strftime("%Y-%m"))
            day = after
        else:
            found.append(day.isoformat())
            day += timedelta(1)
    return found


def total(connection: Connection, filters: Filters) -> Counts:
    """The counts of all that the filters let through."""
    rows = _rows(filters, generation(connection), None)
    return _counts(connection.execute(select(*_sums(rows))).one())


def by_value(
    connection: Connection, filters: Filters, by: By, *, limit: int | None = None, offset: int = 0
) -> tuple[list[Valued], int]:
    """The counts of each value of a dimension, and how many values there are, whatever the page."""
    rows = _rows(filters, generation(connection), by)
    value, sums = _value(rows, by), _sums(rows)
    weight = sums[COUNTS.index("impressions" if by == "product" else "conversations")]
    order = (value,) if by in ("day", "position") else (weight.desc(), value)
    found = _with_versions(select(value.label("value"), *sums, func.count().over().label("values")), rows, by)
    page = connection.execute(found.group_by(value).order_by(*order).limit(limit).offset(offset or None)).all()
    if not page and offset:
        return [], by_value(connection, filters, by, limit=1)[1]
    return [Valued(str(row.value), _counts(row)) for row in page], page[0].values if page else 0


def values(connection: Connection, filters: Filters, by: By, limit: int) -> tuple[str, ...]:
    """The values of a dimension that occur, the most frequent first; positions in their order."""
    rows = _rows(filters, generation(connection), by)
    value, weight = _value(rows, by), func.sum(rows.c.impressions if by == "product" else rows.c.conversations)
    order = (value,) if by == "position" else (weight.desc(), value)
    found = _with_versions(select(value), rows, by).group_by(value).order_by(*order)
    return tuple(str(one) for one in connection.scalars(found.limit(limit)))


def each_day(filters: Filters) -> list[date]:
    """The days of the period."""
    return [filters.since + timedelta(number) for number in range(filters.days)]


def version(name: str) -> ColumnElement[str]:
    """A column of the versions, NONE where it is empty or nothing was replied."""
    return func.coalesce(func.nullif(VersionsRow.__table__.c[name], ""), NONE)


def matching(filters: Filters, generation: Any, found: Select[Any], *, each: bool = False) -> Select[Any]:
    """`found` over the facts of conversations, of those alone that the filters let through."""
    period = _F.day.between(filters.since.isoformat(), filters.until.isoformat())
    return found.where(period, *alike(filters, generation, each=each))


def alike(filters: Filters, generation: Any, *, each: bool = False) -> list[ColumnElement[bool]]:
    """What the filters ask of the facts of a conversation, on whatever day it was.

    With `each` something else leads to the conversations, and each one's products are looked up: SQLite would go through
    all conversations of the product for each of them.
    """
    conditions = [_F.generation == generation, *_conditions(_F, filters)]
    if filters.arm:
        conditions.append(select(ExposureRow.id).where(*_met(filters.arm)).exists())
    if filters.product and not each:  # the index of products leads to few
        conditions.append(_F.id.in_(select(ItemRow.facts_id).where(*of_items(filters))))
    elif filters.product or filters.position is not None:
        conditions.append(select(ItemRow.facts_id).where(ItemRow.facts_id == _F.id, *of_items(filters)).exists())
    return conditions


def of_items(filters: Filters) -> list[ColumnElement[bool]]:
    """What the filters ask of a product at a position in a conversation."""
    named = {ItemRow.product_id: filters.product, ItemRow.position: filters.position}
    return [column == value for column, value in named.items() if value is not None]


def _met(arm: str) -> list[ColumnElement[bool]]:
    experiment, _, name = arm.partition(":")
    own = ExposureRow.session_id == _F.session_id
    return [own, ExposureRow.experiment_id == experiment, ExposureRow.arm == name]


def _rows(filters: Filters, generation: int, by: By | None) -> Subquery:
    """What is to be summed: rows with the dimensions and the counts, of what the filters let through."""
    at = by == "position" or filters.position is not None
    if at and (by == "product" or filters.product):
        return _at_positions(filters, generation, by).subquery("counted")
    days = [day.isoformat() for day in each_day(filters)]
    wanted = days if by == "day" else periods(filters.since, filters.until)
    if by != "product" and not filters.product:
        row: Any = PositionRow if at else _G
        return _of_groups(row, filters, generation, by, wanted).subquery("counted")
    summed = [period for period in wanted if not _detailed(filters, by) or len(period) == len("2026-11")]
    parts = [_of_groups(ProductRow, filters, generation, by, summed)] if summed else []
    if len(summed) < len(wanted):
        days = [period for period in wanted if len(period) == len("2026-11-28")]
        parts.append(_of_items(filters, generation, by, days))
    if len(parts) == 1:
        return parts[0].subquery("counted")
    return union_all(*parts).subquery("counted")


def _of_groups(row: Any, filters: Filters, generation: int, by: By | None, wanted: Sequence[str]) -> Select[Any]:
    """From the sums."""
    counts = row.__table__.c
    own = [] if row is _G else [counts["position" if row is PositionRow else "product_id"]]
    found = select(*_dimensions(), *own, *(counts[name] for name in COUNTS)).select_from(_G)
    if row is not _G:
        found = found.join(row, row.group_id == _G.id)
    if filters.product:
        found = found.where(row.product_id == filters.product)
    if filters.position is not None:
        found = found.where(row.position == filters.position)
    return found.where(*_in_groups(filters, generation, by, wanted))


def _of_items(filters: Filters, generation: int, by: By | None, days: Sequence[str]) -> Select[Any]:
    """From what each conversation adds: of a single day the products are in no sum that has a language or the like."""
    keys = [_F.id, ItemRow.product_id, *([ExposureRow.id] if by == "arm" else [])]
    return _items(filters, generation, by, item_sums(on_slate=True)).where(_F.day.in_(days)).group_by(*keys)


def _at_positions(filters: Filters, generation: int, by: By | None) -> Select[Any]:
    """From the items themselves, each of which is one product at one position in a conversation."""
    items = ItemRow.__table__.c
    own: dict[str, ColumnElement[Any]] = {name: items[name] for name in (*SHOWN_COUNTS, *WHEREVER_COUNTS)}
    own |= {f"with_{deed}": case((items[f"{deed}s"] > 0, 1), else_=0) for deed in ("click", "cart", "purchase")}
    own |= {"with_slate": case((items.impressions > 0, 1), else_=0)}
    return _items(filters, generation, by, own).add_columns(ItemRow.position)


def _items(filters: Filters, generation: int, by: By | None, own: dict[str, ColumnElement[Any]]) -> Select[Any]:
    """What the filters let through of the items; `own` are the counts that are theirs, the others the conversation's."""
    arm = ExposureRow.experiment_id.concat(":").concat(ExposureRow.arm) if by == "arm" else literal("")
    facts = _F.__table__.c
    counts = (own.get(name, facts[name]).label(name) for name in COUNTS)
    dimensions = (_F.day.label("period"), _F.locale, _F.category, _F.versions_id, arm.label("arm"))
    found = select(*dimensions, ItemRow.product_id, *counts).join(_F, _F.id == ItemRow.facts_id)
    if by == "arm":
        found = found.join(ExposureRow, ExposureRow.session_id == _F.session_id)
        if filters.arm:
            found = found.where(*_met(filters.arm))
    others = replace(filters, product=None, position=None, arm=None if by == "arm" else filters.arm)
    return matching(others, generation, found.where(*of_items(filters)))


def _in_groups(filters: Filters, generation: int, by: By | None, wanted: Sequence[str]) -> list[ColumnElement[bool]]:
    """Which groups are to be read: those that leave open what is not asked for."""
    arm = _G.arm != "" if by == "arm" and not filters.arm else _G.arm == (filters.arm or "")
    detail = _G.locale != ANY if _detailed(filters, by) else _G.locale == ANY
    return [_G.generation == generation, _G.period.in_(wanted), detail, arm, *_conditions(_G, filters)]


def _detailed(filters: Filters, by: By | None) -> bool:
    """Whether language, version or category matter: there are sums for whatever these are."""
    asked = (filters.locale, filters.category, filters.model, filters.prompt, filters.ranker)
    return any(asked) or by in ("locale", "category", *_VERSIONS)


def _conditions(row: Any, filters: Filters) -> list[ColumnElement[bool]]:
    """What the filters ask of a group or of a conversation alike."""
    named = {row.locale: filters.locale, row.category: filters.category}
    named |= {row.who: filters.who if filters.who != "all" else None}
    found: list[ColumnElement[bool]] = [column == value for column, value in named.items() if value]
    versions = {name: value for name in _VERSIONS if (value := getattr(filters, name))}
    if versions:
        like = select(VersionsRow.id).where(*(version(name) == value for name, value in versions.items()))
        nothing = row.versions_id == "" if set(versions.values()) == {NONE} else false()
        found.append(or_(row.versions_id.in_(like), nothing))
    return found


def _dimensions() -> list[ColumnElement[Any]]:
    return [_G.__table__.c[name] for name in _DIMENSIONS]


def _value(rows: Subquery, by: By) -> ColumnElement[Any]:
    if by in _VERSIONS:
        return version(by)
    return rows.c[{"day": "period", "product": "product_id"}.get(by, by)]


def _with_versions(found: Select[Any], rows: Subquery, by: By) -> Select[Any]:
    found = found.select_from(rows)
    return found.outerjoin(VersionsRow, VersionsRow.id == rows.c.versions_id) if by in _VERSIONS else found


def _sums(rows: Subquery) -> list[ColumnElement[Any]]:
    return [func.coalesce(func.sum(rows.c[name]), 0).label(name) for name in COUNTS]


def _counts(row: Any) -> Counts:
    return Counts(**{name: int(getattr(row, name)) for name in COUNTS})

"""The SQL that the documents print, read out of them and ready to run, so that they and what is checked cannot part.

A block is named by the comment that it begins with; "NAME, after BEGINNING" goes on where the block BEGINNING ends.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, text

from assistant.insight.filters import Filters
from assistant.insight.measures import COUNTS, MICRO, Counts

_DOCS = Path(__file__).parents[1] / "docs"
_BLOCK = re.compile(r"```sql\n-- (?P<name>[^\n]+)\n(?P<sql>.*?)```", re.DOTALL)
_SHOPPERS = "    AND coalesce(s.mark, '') = ''\n"
_SCORES = {"score": "score_micro", "score_square": "score_square_micro"}
_SCORES |= {f"agent_{name}": f"agent_{column}" for name, column in _SCORES.items()}


def printed(document: str) -> dict[str, str]:
    """Every query of a document by its name, whole, and the beginnings and filters by theirs."""
    found: dict[str, str] = {}
    for block in _BLOCK.finditer((_DOCS / document).read_text(encoding="utf-8")):
        name, _, beginning = block["name"].partition(", after ")
        if name in found:
            raise ValueError(f"docs/{document} has two queries called {name!r}")
        found[name] = (found[beginning] if beginning else "") + block["sql"]
    return found


INSIGHTS = printed("insights.md")
FILTERS = {name.removeprefix("filter "): sql for name, sql in INSIGHTS.items() if name.startswith("filter ")}
FILTERS |= {
    name: FILTERS["model"].replace("v.model", f"v.{name}").replace(":model", f":{name}")
    for name in ("prompt", "ranker")
}
QUERIES = {name: sql for name, sql in INSIGHTS.items() if {*name.split(", ")} <= {*COUNTS, *_SCORES}}
ELSEWHERE = next(sql for name, sql in INSIGHTS.items() if name.startswith("elsewhere"))
STRATA = INSIGHTS["strata"]
REASONS = INSIGHTS["reasons"]


def counts_of(connection, filters):
    """Every count, each by its documented query."""
    counted = {}
    for sql in QUERIES.values():
        counted |= rows_of(connection, sql, filters)[0]._mapping
    if filters.position == 0:
        counted |= rows_of(connection, ELSEWHERE, filters)[0]._mapping
    given = {
        _SCORES.get(name, name): round(value * MICRO) if name in _SCORES else value for name, value in counted.items()
    }
    if set(given) != set(COUNTS):
        raise ValueError(f"docs/insights.md and the counts differ in {set(given) ^ set(COUNTS)}")
    return Counts(**{name: int(value) for name, value in given.items()})


def rows_of(connection, sql, filters, **more):
    """What a documented query finds under the filters."""
    named = {name: value for name in FILTERS if (value := getattr(filters, name)) is not None}
    if filters.position is not None:
        sql = sql.replace("-- of one position: ", "")
    if filters.product:
        sql = sql.replace("-- of one product: ", "")
    sql = re.sub(r"-- of one .*\n", "", sql)
    asked = {name: one for name, one in FILTERS.items() if name in named}
    if (
        filters.position is not None and filters.product
    ):  # a product at a position: one conversation has both in one row
        del asked["product"]
        asked["position"] = (
            asked["position"]
            .replace("i.position = :position", "i.position = :position AND i.product_id = :product")
            .replace("AND i.id IS NULL", "AND i.id IS NULL AND e.product_id = :product")
        )
    sql = sql.replace(_SHOPPERS, "".join(asked.values()) + ("" if filters.who == "all" else _SHOPPERS))
    return ran(connection, sql, period_of(filters) | named | more)


def period_of(filters: Filters) -> dict[str, str]:
    """The first day, and the day after the last."""
    return {"since": filters.since.isoformat(), "until": (filters.until + timedelta(1)).isoformat()}


def gaps_of(connection: Connection, name: str, filters: Filters) -> Sequence[Row[Any]]:
    """What a documented query of gaps finds; with a product its filter stands with the gaps, not in `chosen`."""
    sql, join = INSIGHTS[name], "JOIN chosen c ON c.id = g.session_id"
    if filters.product is None:
        return rows_of(connection, sql, filters)
    so = FILTERS["product"].strip().removeprefix("AND ").replace("s.id IN", "g.session_id IN", 1)
    sql = sql.replace(join, f"{join} WHERE g.product_id = :product OR {so}")
    return rows_of(connection, sql, replace(filters, product=None), product=filters.product)


def ran(connection: Connection, sql: str, named: Mapping[str, Any]) -> Sequence[Row[Any]]:
    """What a documented query finds."""
    return connection.execute(text(sql), named).all()

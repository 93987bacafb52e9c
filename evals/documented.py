"""The SQL that docs/insights.md prints, ready to run with filters."""

import re
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from assistant.insight.measures import COUNTS, MICRO, Counts

_DOCUMENT = Path(__file__).parents[1] / "docs" / "insights.md"
_BLOCK = re.compile(r"```sql\n-- (?P<name>[^\n]+)\n(?P<sql>.*?)```", re.DOTALL)
_SHOPPERS = "    AND coalesce(s.mark, '') = ''\n"
_SCORES = {"score": "score_micro", "score_square": "score_square_micro"}
_SCORES |= {f"agent_{name}": f"agent_{column}" for name, column in _SCORES.items()}

_ALL = {block["name"]: block["sql"] for block in _BLOCK.finditer(_DOCUMENT.read_text(encoding="utf-8"))}
FILTERS = {name.removeprefix("filter "): sql for name, sql in _ALL.items() if name.startswith("filter ")}
FILTERS |= {
    name: FILTERS["model"].replace("v.model", f"v.{name}").replace(":model", f":{name}")
    for name in ("prompt", "ranker")
}
QUERIES = {
    name: sql for name, sql in _ALL.items() if not name.startswith(("filter ", "elsewhere", "strata", "reasons"))
}
ELSEWHERE = next(sql for name, sql in _ALL.items() if name.startswith("elsewhere"))


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
    period = {"since": filters.since.isoformat(), "until": (filters.until + timedelta(1)).isoformat()}
    return connection.execute(text(sql), period | named | more).all()


STRATA = _ALL["strata"]
REASONS = _ALL["reasons"]

"""What there is to do for the people of the catalogue, as a table: one row for each thing to list, restock or fill in."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from assistant.insight.gaps.types import Item, List, Named, Report
from assistant.insight.gaps.words import stated
from assistant.phrases import money
from catalog import Locale

COLUMNS = (
    "task",
    "what",
    "of",
    "product_id",
    "product",
    "conversations",
    "times",
    "conversations_before",
    "first_seen",
    "last_seen",
    "nearest_product_id",
    "nearest_misses_by",
    "listings_lacking_it",
    "listings_looked_at",
    "state",
    "example",
    "conversation_id",
)
_TASKS: dict[List, tuple[str, str]] = {
    "not_carried": ("list this kind", "上架此类商品"),
    "nothing_fits": ("widen the range", "补充款式或价位"),
    "out_of_stock": ("restock", "补货"),
    "unanswered": ("fill in the listing", "补充商品信息"),
    "attributes": ("state it in all listings of the category", "在该分类的所有商品中注明"),
}
_STATES = {"open": ("open", "待办"), "filled": ("now there", "已有"), "gone": ("no longer sold", "已下架")}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what a spreadsheet takes for a formula


def to_csv(report: Report, locale: Locale) -> Iterator[str]:
    """The lines of the table, the first with the columns' names; nothing in it is run by a spreadsheet."""
    yield "\ufeff" + _line(COLUMNS)
    for row in to_rows(report, locale):
        yield _line("" if cell is None else str(cell) for cell in row.values())


def to_rows(report: Report, locale: Locale) -> Iterator[dict[str, Any]]:
    """The rows of the table by the names of its columns; None for a number that there is not."""
    for listed in report.lists:
        for item in listed.items:
            yield dict(zip(COLUMNS, _cells(listed.list, item, report.currency, locale), strict=True))


def safe(text: str) -> str:
    """Text that a spreadsheet shows as it stands: an apostrophe goes before what it would calculate."""
    return f"'{text}" if text.lstrip(" \u3000").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _cells(name: List, item: Item, currency: str, locale: Locale) -> tuple[Any, ...]:
    zh = locale == "zh"
    nearest, shares = item.nearest, item.category
    missed = money(nearest.missed_minor, currency, locale) if nearest and nearest.missed_minor is not None else ""
    of = [_named(part.name, locale) for part in item.parts] or [_named(item.category_name, locale)]
    return (
        _TASKS[name][zh],
        _named(item.name, locale),
        "; ".join(filter(None, of)),
        item.product_id or "",
        _named(item.product, locale) or (_named(item.name, locale) if name == "out_of_stock" else ""),
        item.conversations,
        item.turns,
        item.before,
        item.first,
        item.last,
        nearest.product_id if nearest else "",
        missed or (stated(nearest.states, locale) if nearest else ""),
        shares.lacking if shares else None,
        shares.of if shares else None,
        _STATES[item.state][zh],
        item.examples[0].said if item.examples else "",
        item.examples[0].session_id if item.examples else "",
    )


def _named(name: Named | None, locale: Locale) -> str:
    return name[locale] if name else ""


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([safe(cell) for cell in cells])
    return out.getvalue()

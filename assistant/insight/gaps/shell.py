"""`python -m assistant.insight gaps`: what there is to do for the people of the catalogue, as a CSV file."""

import argparse
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

from assistant.insight.filters import filters_from
from assistant.insight.gaps.export import to_csv
from assistant.insight.gaps.report import Gaps
from assistant.insight.gaps.types import List
from assistant.record.export import existing
from assistant.record.record import Record
from assistant.settings import Settings
from catalog import Catalog, CatalogIndex, CatalogTables, load_embedder, open_catalog, take_over

_LIMIT = 1_000  # things of each list


def add_command(commands: Any) -> None:
    """Add the command to the subparsers of `python -m assistant.insight`."""
    gaps = commands.add_parser("gaps", help="write what shoppers wanted and did not get, as a to-do in CSV")
    gaps.add_argument("--out", type=Path, required=True, metavar="FILE", help="the table to write")
    gaps.add_argument("--from", dest="since", default="", metavar="DATE", help="default: 28 days back")
    gaps.add_argument("--to", dest="until", default="", metavar="DATE", help="default: today, in UTC")
    gaps.add_argument("--list", choices=get_args(List), help="one list only (default: all)")
    gaps.add_argument("--locale", choices=["en", "zh"], default="en", help="default: en")
    gaps.set_defaults(run=_write)


def _write(args: argparse.Namespace) -> int:
    settings = Settings()
    filters = filters_from({"from": args.since, "to": args.until}, datetime.now(UTC).date())
    with closing(Record(existing(settings.record_database))) as record:
        catalog = catalog_of(settings)
        report = Gaps(record.engine, lambda: catalog).report(filters, args.list, _LIMIT)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    with args.out.open("w", encoding="utf-8", newline="") as file:
        file.writelines(to_csv(report, args.locale))
    things = sum(len(listed.items) for listed in report.lists)
    print(f"{things} things wanted in {report.conversations} conversations → {args.out}")
    return 0


def catalog_of(settings: Settings) -> Catalog:
    """The shop's catalogue as it is published."""
    tables = CatalogTables(settings.catalog_database)
    take_over(tables)
    index = CatalogIndex(load_embedder(settings.embedder), settings.home, url=settings.chroma_url, alone=False)
    return open_catalog(tables, index)

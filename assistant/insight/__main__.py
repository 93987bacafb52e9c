"""`python -m assistant.insight`: what is learnt from the record, from the shell."""

import argparse
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import AssistantError
from assistant.insight.alerts.log import AlertLog
from assistant.insight.alerts.making import alert_rules
from assistant.insight.experiments.lab import Lab
from assistant.insight.experiments.ledger import Ledger
from assistant.insight.figures import Figures
from assistant.insight.gaps import Gaps
from assistant.insight.gaps import shell as gaps
from assistant.insight.gaps.shell import catalog_of
from assistant.insight.keeper import Keeper
from assistant.insight.opinions.figures import OpinionFigures
from assistant.insight.report import Look, weekly, written
from assistant.insight.report_beside import Sources
from assistant.insight.report_week import week_of
from assistant.parts import policies_folder
from assistant.record.experiments import Experiments
from assistant.record.export import existing
from assistant.record.record import Record
from assistant.settings import Settings
from catalog import Catalog, CatalogError, CatalogTables


def main(argv: list[str] | None = None) -> int:
    """Run one command and return the exit status; a failure is one line on stderr."""
    args = _parser().parse_args(argv)
    try:
        return int(args.run(args))
    except (AssistantError, CatalogError, SQLAlchemyError, OSError, ValueError) as error:
        print(f"insight: {' '.join(str(error).split())}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m assistant.insight", description="What is learnt from the record.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    report = commands.add_parser("report", help="write one week against the week before as an HTML page")
    report.add_argument("--out", type=Path, required=True, metavar="FILE", help="the page to write")
    report.add_argument("--week", metavar="WEEK", help="such as 2026-W47 (default: the last full one)")
    report.add_argument("--locale", choices=["en", "zh"], default="en", help="default: en")
    report.set_defaults(run=_report)
    rebuild = commands.add_parser("rebuild", help="count all figures anew from the record")
    rebuild.set_defaults(run=_rebuild)
    gaps.add_command(commands)
    return parser


def _now() -> datetime:
    return datetime.now(UTC)


def _report(args: argparse.Namespace) -> int:
    settings = Settings()
    with closing(Record(existing(settings.record_database))) as record:
        keeper = Keeper(record.engine, _now)
        while keeper.catch_up():
            pass
        catalog = catalog_of(settings) if len(CatalogTables(settings.catalog_database)) else None
        sources = _sources(record, settings, catalog) if catalog else Sources()
        told = weekly(Figures(record.engine, _now), week_of(args.week, _now().date()), sources)

    def title(id: str) -> str:
        product = catalog.get(id) if catalog else None
        return product.localised(args.locale).title if product else id

    usual = next((one.currency for one in catalog.sample(1)), "USD") if catalog else "USD"
    currency = told.overview.currency or usual
    base = settings.public_url.rstrip("/") or None
    look = Look(settings.shop_name, args.locale, currency, settings.accent, title, base)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(written(told, look, _now()), encoding="utf-8")
    print(f"week {told.week}: {told.overview.now.counts.conversations} conversations → {args.out}")
    return 0


def _sources(record: Record, settings: Settings, catalog: Catalog) -> Sources:
    """What the report tells beside its figures."""
    engine = record.engine
    rules = alert_rules(settings, policies_folder(settings))
    lab = Lab(Ledger(Experiments(engine, _now), dict), _now, lambda: catalog)
    return Sources(Gaps(engine, lambda: catalog), OpinionFigures(engine), AlertLog(engine, _now), rules, lab)


def _rebuild(args: argparse.Namespace) -> int:
    settings = Settings()
    with closing(Record(existing(settings.record_database))) as record:
        print(f"{Keeper(record.engine, _now).rebuild()} conversations counted")
    return 0


if __name__ == "__main__":
    sys.exit(main())

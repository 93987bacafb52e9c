"""`python -m assistant.service`: the shop's customers, orders and rules of service from the shell."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import AssistantError
from assistant.phrases import money
from assistant.service.loading import DEMO_FOLDER, load_folder
from assistant.service.rulebook import DEMO_RULES, load_rules
from assistant.service.sql import SqlStore
from assistant.service.types import Claimed, Customer, Order
from assistant.settings import Settings
from catalog import CatalogError


def main(argv: list[str] | None = None) -> int:
    """Run one command and return the exit status; a failure is told on stderr."""
    args = _parser().parse_args(argv)
    try:
        return int(args.run(args))
    except (AssistantError, CatalogError, SQLAlchemyError, OSError, ImportError) as error:
        print(f"service: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("service: interrupted; nothing was changed", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m assistant.service", description="The shop's customers, orders and rules of service."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    load = commands.add_parser("import", help="load customers.json and orders.jsonl from a folder")
    load.add_argument(
        "folder", type=Path, nargs="?", default=DEMO_FOLDER, metavar="FOLDER", help="default: the demo shop's"
    )
    load.add_argument("--replace", action="store_true", help="drop what there is, with all that was done to it")
    load.set_defaults(run=_import)
    orders = commands.add_parser("orders", help="list the orders of a customer")
    orders.add_argument("email", metavar="EMAIL")
    orders.set_defaults(run=_orders)
    check = commands.add_parser("check", help="say what is wrong with the rules of service")
    check.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help="default: AISLE_SERVICE_RULES, else the demo shop's"
    )
    check.set_defaults(run=_check)
    faq = commands.add_parser(
        "faq", help="what people of the shop answered three times or more, as sections for the FAQ"
    )
    faq.set_defaults(run=_faq)
    return parser


def _import(args: argparse.Namespace) -> int:
    store = SqlStore(Settings().orders_database)
    try:
        added = load_folder(store, args.folder, datetime.now(UTC), replace=args.replace)
    finally:
        store.close()
    print(f"{added} customers and orders added")
    return 0


def _orders(args: argparse.Namespace) -> int:
    store = SqlStore(Settings().orders_database)
    try:
        with store.reading() as books:
            found = [one for id in books.matching(Claimed(email=args.email), ["email"]) for one in books.orders(id)]
    finally:
        store.close()
    for order in found:
        print(_line(order))
    if not found:
        print(f"service: no orders of {args.email}", file=sys.stderr)
    return 0 if found else 1


def _line(order: Order) -> str:
    placed = f"{order.placed_at:%Y-%m-%d}" if order.placed_at else "-"
    items = "; ".join(line.title for line in order.lines)
    return f"{order.id}  {placed}  {order.state}  {money(order.total_minor, order.currency, 'en')}  {items}"


def _check(args: argparse.Namespace) -> int:
    file = args.file or Settings().service_rules or DEMO_RULES
    rules = load_rules(file)
    print(f"{file}: {len(rules.deeds)} kinds of deeds, all keys valid")
    return 0


def _faq(args: argparse.Namespace) -> int:
    """Suggested entries as Markdown sections, to be looked at and put into `faq.en.md` or `faq.zh.md` of the policies."""
    from assistant.parts import now, policies_folder
    from assistant.record import Record
    from assistant.record.faq import FaqChoices
    from assistant.service.closed import closed_of
    from assistant.service.faq_file import section
    from assistant.service.often import Often
    from catalog import load_embedder, load_policies

    settings = Settings()
    record, store = Record(settings.record_database), SqlStore(settings.orders_database)
    folder = policies_folder(settings)

    def customer(session_id: str) -> Customer | None:
        with store.reading() as books:
            found = books.identity(session_id)
            return books.customer(found.customer_id) if found else None

    try:
        known, choices = load_embedder(settings.embedder).passages, FaqChoices(record.engine, now)
        found = Often(
            lambda: closed_of(record.desk, customer), known, choices, lambda: load_policies(folder), folder
        ).find()
    finally:
        record.close()
        store.close()
    for one in found:
        print(f"{section(one.question, one.answer)}\n<!-- {one.locale}, asked {one.count} times -->\n")
    if not found:
        print("service: nothing new was answered alike three times in conversations that were closed", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())

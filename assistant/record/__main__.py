"""`python -m assistant.record`: the record from the shell."""

import argparse
import json
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path
from typing import Any, get_args

from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import AssistantError
from assistant.record.agents import Role
from assistant.record.export import TABLES, existing, export
from assistant.record.record import Record
from assistant.record.tickets import Ticket
from assistant.settings import Settings
from catalog import Locale


def main(argv: list[str] | None = None) -> int:
    """Run one command and return the exit status; a failure is one line on stderr."""
    args = _parser().parse_args(argv)
    try:
        return int(args.run(args))
    except (AssistantError, SQLAlchemyError, OSError, ImportError, ValueError) as error:
        print(f"record: {' '.join(str(error).split())}", file=sys.stderr)
    except KeyboardInterrupt:
        print("record: interrupted; tables already reported are complete", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m assistant.record", description="The log of everything that happened."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    out = commands.add_parser("export", help="write the record's tables to files")
    out.add_argument("--format", choices=["csv", "parquet"], default="csv", help="default: csv")
    out.add_argument("--table", choices=sorted(TABLES), help="one table only (default: all)")
    out.add_argument(
        "--out",
        type=Path,
        default=Path("record-export"),
        metavar="PATH",
        help="a folder, or with --table a file named *.csv or *.parquet (default: record-export)",
    )
    out.add_argument("--since", type=_moment, metavar="DATE", help="rows from this date on, as 2026-11-24 (UTC)")
    out.set_defaults(run=_export)
    asked = commands.add_parser("tickets", help="list what shoppers asked the shop, and who waits for what")
    asked.add_argument("--json", action="store_true", help="one JSON object a line")
    asked.set_defaults(run=_tickets)
    forget = commands.add_parser("forget", help="delete all that is remembered of one shopper")
    forget.add_argument("shopper", metavar="SHOPPER_ID", help="the random id that the shopper's browser keeps")
    forget.set_defaults(run=_forget)
    _parse_agents(commands)
    return parser


def _parse_agents(commands: Any) -> None:
    agents = commands.add_parser("agents", help="who may sign in at the desk")
    kinds = agents.add_subparsers(required=True, metavar="COMMAND")
    add = kinds.add_parser("add", help="let somebody in; the password is asked for, or read from stdin")
    add.add_argument("email", metavar="EMAIL")
    add.add_argument("--name", required=True, help="as shoppers read it")
    add.add_argument("--role", choices=get_args(Role), default="agent", help="default: agent")
    add.add_argument("--locale", choices=get_args(Locale), default="en", help="language of the desk (default: en)")
    add.set_defaults(run=_add_agent)
    kinds.add_parser("list", help="everybody, with their roles").set_defaults(run=_list_agents)
    password = kinds.add_parser("password", help="give somebody another password, and sign them out")
    password.add_argument("email", metavar="EMAIL")
    password.set_defaults(run=_change_password)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-11-24") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _export(args: argparse.Namespace) -> int:
    tables = [args.table] if args.table else sorted(TABLES)
    for done in export(Settings().record_database, tables, args.out, args.format, args.since):
        print(f"{done.table}: {done.rows} rows -> {done.path}")
    return 0


def _tickets(args: argparse.Namespace) -> int:
    record = Record(existing(Settings().record_database))
    try:
        for ticket in record.tickets():
            print(json.dumps(_plain(ticket), ensure_ascii=False) if args.json else _line(ticket))
    finally:
        record.close()
    return 0


def _plain(ticket: Ticket) -> dict[str, str | None]:
    return {**asdict(ticket), "created_at": ticket.created_at.isoformat()}


def _line(ticket: Ticket) -> str:
    about = f" [{ticket.product_id}]" if ticket.product_id else ""
    asker = ticket.email or "no address"
    return f"{ticket.created_at:%Y-%m-%d %H:%M}  {ticket.id[:8]}  {ticket.kind}{about}  {ticket.question}  ({asker})"


def _forget(args: argparse.Namespace) -> int:
    record = Record(Settings().record_database)
    try:
        record.memory.erase(args.shopper)
    finally:
        record.close()
    print("forgotten: consent and all facts")
    return 0


def _add_agent(args: argparse.Namespace) -> int:
    password = _password()
    with closing(Record(Settings().record_database)) as record:
        agent = record.agents.add(args.email, args.name, args.role, password, args.locale)
    print(f"{agent.email} may sign in as {agent.role}")
    return 0


def _list_agents(args: argparse.Namespace) -> int:
    with closing(Record(existing(Settings().record_database))) as record:
        for agent in record.agents.all():
            print(f"{agent.email}  {agent.role}  {agent.name}{'' if agent.active else '  (shut out)'}")
    return 0


def _change_password(args: argparse.Namespace) -> int:
    password = _password()
    with closing(Record(existing(Settings().record_database))) as record:
        agent = record.agents.by_email(args.email)
        record.agents.change(agent.id, password=password)
    print(f"{agent.email} has another password")
    return 0


def _password() -> str:
    """Never from the command line, where others of this machine could read it."""
    return getpass("password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


if __name__ == "__main__":
    sys.exit(main())

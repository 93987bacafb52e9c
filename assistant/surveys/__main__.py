"""`python -m assistant.surveys`: check the survey, print a link to it, and take in answers that others collected."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.surveys.answers import template
from assistant.surveys.rules import load_rules, rules_file
from catalog import CatalogError


def main(argv: list[str] | None = None) -> int:
    """Run one command and return the exit status; a failure is told on stderr."""
    args = _parser().parse_args(argv)
    try:
        return int(args.run(args))
    except (AssistantError, CatalogError, SQLAlchemyError, OSError, ImportError) as error:
        print(f"surveys: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("surveys: interrupted; what was taken in so far is kept", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m assistant.surveys", description="What shoppers are asked, and what they answered elsewhere."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="say what is wrong with a survey")
    check.add_argument("file", type=Path, nargs="?", metavar="FILE", help="default: the one that is used")
    check.set_defaults(run=_check)
    link = commands.add_parser("link", help="print a link at which a conversation can be rated")
    link.add_argument("session", metavar="SESSION_ID")
    link.set_defaults(run=_link)
    form = commands.add_parser("template", help="print a CSV file for answers that others collected")
    form.set_defaults(run=_template)
    taken = commands.add_parser("import", help="take in such a file")
    taken.add_argument("file", type=Path, metavar="FILE")
    taken.set_defaults(run=_import)
    return parser


def _check(args: argparse.Namespace) -> int:
    file = args.file or rules_file(Settings())
    rules = load_rules(file)
    scale = rules.form.scale
    parts = [f"{scale.kind} from {scale.low} to {scale.high}", "agents rated apart" if rules.agent else "no agents"]
    print(f"{file}: {', '.join(parts)}, {len(rules.variants)} variants, all keys valid")
    return 0


def _link(args: argparse.Namespace) -> int:
    from assistant.record import Record
    from assistant.record.surveys import Surveys

    settings = Settings()
    record = Record(settings.record_database)
    try:
        offer = Surveys(record.engine, load_rules(rules_file(settings))).ask(args.session, "link")
    finally:
        record.close()
    base = settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
    print(f"{base}/rate/{offer.id}")
    return 0


def _template(args: argparse.Namespace) -> int:
    sys.stdout.write(template().replace("\r\n", "\n"))
    return 0


def _import(args: argparse.Namespace) -> int:
    from assistant.record import Record
    from assistant.record.survey_import import bring_in

    record = Record(Settings().record_database)
    try:
        done = bring_in(record.engine, args.file, datetime.now(UTC))
    finally:
        record.close()
    print(f"{done.added} answers added, {done.repeated} known already, {done.rejected} rows left out")
    for reject in done.rejects:
        print(f"surveys: {reject}", file=sys.stderr)
    if done.rejected > len(done.rejects):
        print(f"surveys: and {done.rejected - len(done.rejects)} more", file=sys.stderr)
    return 0 if done.added or not done.rejected else 1


if __name__ == "__main__":
    sys.exit(main())

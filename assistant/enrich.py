"""`python -m assistant.enrich`: the model reads listings for attributes that are only in their prose, in a batch.

It can be stopped at any time: what was read is kept, and the next run goes on with the rest.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from langchain_core.language_models import BaseChatModel
from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import AssistantError, ModelError
from assistant.model import load_model
from assistant.settings import Settings
from catalog import (
    CatalogError,
    CatalogTables,
    Enriched,
    Product,
    Progress,
    by_model,
    content_hash,
    shown_progress,
)

_MAX_TOKENS = 480
_PATIENCE_S = 180.0  # a long listing is read for a while on a CPU, and nobody waits
_GIVE_UP = 3  # failures in a row after which the model is taken to be gone


def main(argv: list[str] | None = None) -> int:
    """Read the listings that were not read yet and return the exit status; a failure is one line on stderr."""
    args = _parser().parse_args(argv)
    try:
        _run(Settings(), args.limit)
        return 0
    except (AssistantError, CatalogError, OSError) as error:
        print(f"enrich: {error}", file=sys.stderr)
    except SQLAlchemyError as error:
        print(f"enrich: the database failed: {str(error).splitlines()[0]}", file=sys.stderr)
    except KeyboardInterrupt:
        print("enrich: interrupted; the next run continues", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m assistant.enrich",
        description="Let the model read listings for attributes that are only in their prose. Goes on where it stopped.",
    )
    parser.add_argument("--limit", type=_count, metavar="N", help="read N listings at most (default: all)")
    return parser


def _run(settings: Settings, limit: int | None) -> None:
    tables = CatalogTables(settings.catalog_database)
    enriched = Enriched(tables.engine)
    unread = list(islice(enriched.missing(tables.products()), limit))
    if not unread:
        print("every listing has been read")
        return
    model = load_model(settings, progress=lambda line: print(line, file=sys.stderr, flush=True))
    try:
        with shown_progress("enrich") as progress:
            done = enrich(unread, enriched, model, progress)
    finally:
        model.close()
        enriched.publish(tables)  # a shop that is being served takes it over
    print(f"{done.read} listings read, {done.found} attributes found")
    if done.failed:
        print(f"the model failed at {done.failed}: the next run tries them again", file=sys.stderr)


@dataclass(frozen=True, slots=True)
class Readings:
    """How many listings were read, how many attributes were found in them, and in how many the model failed."""

    read: int
    found: int
    failed: int


def enrich(unread: Sequence[Product], enriched: Enriched, model: BaseChatModel, progress: Progress) -> Readings:
    """Read each listing and keep what was found at once; one that the model fails at is left for the next run.

    Raises ModelError where the model fails at several in a row.
    """

    def ask(prompt: str, schema: Mapping[str, Any]) -> str:
        return str(
            model.invoke(
                prompt, schema=dict(schema), max_tokens=_MAX_TOKENS, stall_timeout_s=_PATIENCE_S, purpose="enrich"
            ).content
        )

    facts = failed = in_a_row = 0
    for done, product in enumerate(unread, start=1):
        try:
            found = next(by_model([product], ask))[1]
            enriched.keep(product.id, content_hash(product), found)
            facts, in_a_row = facts + len(found), 0
        except ModelError:
            failed, in_a_row = failed + 1, in_a_row + 1
            if in_a_row == _GIVE_UP:
                raise
        progress("listings read", done, len(unread))
    return Readings(len(unread) - failed, facts, failed)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("1 or more is expected")
    return number


if __name__ == "__main__":
    sys.exit(main())

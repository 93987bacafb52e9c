"""`python -m assistant.enrich`: the model reads listings for attributes that are only in their prose, in a batch.

It can be stopped at any time: what was read is kept, and the next run goes on with the rest.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from langchain_core.language_models import BaseChatModel
from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import AssistantError
from assistant.model import load_model
from assistant.settings import Settings
from catalog import (
    CatalogError,
    CatalogTables,
    Enriched,
    Product,
    by_model,
    content_hash,
    shown_progress,
)

_MAX_TOKENS = 480


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
        with shown_progress("enrich: reading") as progress:
            facts = enrich(unread, enriched, model, progress)
    finally:
        model.close()
    print(f"{len(unread)} listings read, {facts} attributes found")


def enrich(
    unread: list[Product], enriched: Enriched, model: BaseChatModel, progress: Callable[[int, int], None]
) -> int:
    """Read each listing and keep what was found at once; returns how much was found. Raises ModelError."""

    def ask(prompt: str, schema: Mapping[str, Any]) -> str:
        return str(model.invoke(prompt, schema=dict(schema), max_tokens=_MAX_TOKENS).content)

    facts = 0
    for done, (product, found) in enumerate(by_model(unread, ask), start=1):
        enriched.keep(product.id, content_hash(product), found)
        facts += len(found)
        progress(done, len(unread))
    return facts


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("1 or more is expected")
    return number


if __name__ == "__main__":
    sys.exit(main())

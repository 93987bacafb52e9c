"""`python -m catalog`: import a feed, search from the shell, rebuild the index."""

import argparse
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from catalog import (
    FORMATS,
    CatalogError,
    CatalogTables,
    Constraint,
    DenseIndex,
    Embedder,
    FeedError,
    Reject,
    RejectReport,
    decimals,
    import_feed,
    load_embedder,
    load_mapping,
    minor_units,
    open_catalog,
    shown_progress,
)

_INDEXING = "catalog: indexing"


def main(argv: list[str] | None = None) -> int:
    """Run one command and return the exit status; a failure is one line on stderr."""
    args = _parser().parse_args(argv)
    try:
        args.run(args)
        return 0
    except (CatalogError, OSError) as error:
        print(f"catalog: {error}", file=sys.stderr)
    except SQLAlchemyError as error:
        print(f"catalog: the database failed: {str(error).splitlines()[0]}", file=sys.stderr)
    except KeyboardInterrupt:
        print("catalog: interrupted; the next run continues", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    home = Path(os.environ.get("AISLE_HOME", "var"))
    parser = argparse.ArgumentParser(prog="python -m catalog", description="Bring products in, and look for them.")
    parser.set_defaults(
        home=home,
        database=os.environ.get("AISLE_CATALOG_URL") or f"sqlite:///{home / 'catalog.db'}",
        chroma=os.environ.get("AISLE_CHROMA_URL"),
        embedder=os.environ.get("AISLE_EMBEDDER", "packaged"),
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add = commands.add_parser("import", help="bring a feed into the catalogue; bad rows are reported, the rest is kept")
    add.add_argument("feed", type=Path, help="a file, packed (.gz) or not, or a folder of JSONL files or of pages")
    add.add_argument(
        "--format",
        choices=["auto", *FORMATS],
        default="auto",
        help="the feed's convention (default: auto)",
    )
    add.add_argument(
        "--mapping", type=Path, metavar="FILE", help="YAML that says which column of a table is which field"
    )
    add.add_argument(
        "--currency", type=_currency, default="USD", help="of prices in a table that names none (default: %(default)s)"
    )
    add.add_argument(
        "--rejects",
        type=Path,
        metavar="FILE",
        help="where to list rows left out (default: rejects.csv beside the data)",
    )
    add.add_argument("--replace", action="store_true", help="remove the products that the feed does not hold")
    add.set_defaults(run=_import)
    find = commands.add_parser("search", help="search the catalogue")
    find.add_argument("text")
    find.add_argument("--category")
    find.add_argument("--price-max", type=_price)
    find.add_argument("--limit", type=_count, default=10)
    find.set_defaults(run=_search)
    rebuild = commands.add_parser("rebuild", help="bring the index into step with the tables")
    rebuild.set_defaults(run=_rebuild)
    return parser


@contextmanager
def _opened(args: argparse.Namespace) -> Iterator[tuple[CatalogTables, DenseIndex, Embedder]]:
    tables = CatalogTables(args.database)
    embedder = load_embedder(args.embedder)
    dense = DenseIndex(embedder, folder=None if args.chroma else args.home / "chroma", url=args.chroma)
    try:
        yield tables, dense, embedder
    finally:
        dense.close()


def _import(args: argparse.Namespace) -> None:
    mapped = load_mapping(args.mapping) if args.mapping else None
    if mapped and args.format not in ("auto", "csv"):
        raise FeedError(f"--mapping is for tables: leave out --format {args.format}")
    if args.rejects and args.rejects.resolve() in {file.resolve() for file in (args.feed, args.mapping) if file}:
        raise FeedError(f"--rejects {args.rejects} is what is read: name another file")
    rejects = RejectReport(args.rejects or args.home / "rejects.csv")

    def complain(reject: Reject) -> None:
        print(f"rejected {reject}", file=sys.stderr)
        rejects.add(reject)

    try:
        with _opened(args) as (tables, dense, _), shown_progress(_INDEXING) as progress:
            report = import_feed(
                args.feed, tables, dense, format=None if args.format == "auto" else args.format, mapped=mapped, currency=args.currency,
                replace=args.replace, on_reject=complain, progress=progress,
            )  # fmt: skip
            total = len(tables)
    finally:
        rejects.close()
    print(
        f"{report.read} rows read, {report.changed} products changed, {report.rejected} rejected; "
        f"{total} products in the catalogue, {report.embedded} passages embedded"
    )
    if args.format == "auto" and report.format != "jsonl":
        print(f"read as {report.format}: name another with --format where that is wrong")
    if rejects.count:
        print(f"the rows left out are listed in {rejects.path}")


def _search(args: argparse.Namespace) -> None:
    with _opened(args) as (tables, dense, embedder):
        with shown_progress(_INDEXING) as progress:
            catalog = open_catalog(tables, dense, embedder, progress=progress)
        if len(catalog) == 0:
            raise CatalogError("the catalogue is empty: bring in a feed with `python -m catalog import FEED`")
        constraints = [Constraint("category", "eq", args.category)] if args.category else []
        if args.price_max is not None:
            currency = next(iter(catalog)).currency
            constraints.append(Constraint("price", "le", round(args.price_max * minor_units(currency))))
        hits = catalog.search(args.text, constraints, args.limit)
    for hit in hits:
        product = hit.product
        stock = "" if product.in_stock else "  sold out"
        price = f"{product.price:.{decimals(product.currency)}f} {product.currency}"
        print(f"{hit.score:.3f}  {product.id}  {product.title}  {price}{stock}")
    if not hits:
        print("no product matches", file=sys.stderr)


def _rebuild(args: argparse.Namespace) -> None:
    with _opened(args) as (tables, dense, _), shown_progress(_INDEXING) as progress:
        products = list(tables.products())
        embedded = dense.sync(products, progress)
    print(f"{len(products)} products indexed, {embedded} passages embedded")


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("1 or more is expected")
    return number


def _currency(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", text):
        raise argparse.ArgumentTypeError(f"a code such as EUR is expected, not {text!r}")
    return text.upper()


def _price(text: str) -> Decimal:
    price = Decimal(text) if re.fullmatch(r"\d{1,10}(\.\d+)?", text) else None
    if price is None:
        raise argparse.ArgumentTypeError(f"a price such as 49.90 is expected, not {text!r}")
    return price


if __name__ == "__main__":
    sys.exit(main())

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
    CatalogIndex,
    CatalogTables,
    Constraint,
    FeedError,
    FolderLock,
    FolderTaken,
    Reject,
    RejectReport,
    VectorTable,
    check,
    decimals,
    import_feed,
    load_embedder,
    load_mapping,
    minor_units,
    open_catalog,
    shown_progress,
)

_LABEL = "catalog"


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
    add.add_argument(
        "--sweep", action="store_true", help="with --replace: even where most of the catalogue would leave"
    )
    add.set_defaults(run=_import)
    find = commands.add_parser("search", help="search the catalogue")
    find.add_argument("text")
    find.add_argument("--category")
    find.add_argument("--price-max", type=_price)
    find.add_argument("--limit", type=_count, default=10)
    find.set_defaults(run=_search)
    agree = commands.add_parser("check", help="prove that tables and index hold the same products, words and vectors")
    agree.set_defaults(run=_check)
    rebuild = commands.add_parser("rebuild", help="make the index anew from the tables")
    rebuild.add_argument("--embed", action="store_true", help="compute all vectors anew too")
    rebuild.set_defaults(run=_rebuild)
    return parser


@contextmanager
def _opened(args: argparse.Namespace, *, chroma: bool = True) -> Iterator[tuple[CatalogTables, CatalogIndex]]:
    """The tables and the index, without Chroma where a shop is being served: it has Chroma to itself."""
    tables = CatalogTables(args.database)
    embedder = load_embedder(args.embedder)
    try:
        index = CatalogIndex(embedder, args.home, url=args.chroma, alone=chroma)
    except FolderTaken:
        index = CatalogIndex(embedder, args.home, alone=False)
    try:
        yield tables, index
    finally:
        index.close()


@contextmanager
def _importing(home: Path) -> Iterator[None]:
    folder = home / "import"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        lock = FolderLock(folder)
    except FolderTaken as error:
        raise CatalogError(f"another import is running ({error}): wait until it has ended") from error
    try:
        yield
    finally:
        lock.close()


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
        with _importing(args.home), shown_progress(_LABEL) as progress:
            with _opened(args, chroma=False) as (tables, index):  # a shop may be started meanwhile
                report = import_feed(
                    args.feed, tables, index, format=None if args.format == "auto" else args.format, mapped=mapped, currency=args.currency,
                    replace=args.replace, sweeping=args.sweep, on_reject=complain, progress=progress,
                )  # fmt: skip
            with _opened(args) as (tables, index):
                index.open(tables, progress)
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
    if index.chroma is None:
        print("a shop is being served: it takes the new catalogue over by itself")


def _search(args: argparse.Namespace) -> None:
    with _opened(args) as (tables, index):
        with shown_progress(_LABEL) as progress:
            catalog = open_catalog(tables, index, progress=progress)
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
    with _importing(args.home), _opened(args) as (tables, index), shown_progress(_LABEL) as progress:
        if args.embed:
            VectorTable(tables, index.embedder).forget()
        index.clear()
        catalog = open_catalog(tables, index, progress=progress)
    print(f"{len(catalog)} products indexed anew")
    if index.chroma is None:
        print("a shop is being served: its vectors in Chroma come from its own last start")


def _check(args: argparse.Namespace) -> None:
    with _opened(args) as (tables, index), shown_progress(_LABEL) as progress:
        faults = check(tables, index, progress)
        total = len(tables)
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        raise CatalogError(f"{len(faults)} faults: `python -m catalog rebuild` makes the index anew from the tables")
    beside = "" if index.chroma else " (Chroma is in use by the shop being served, and was not looked at)"
    print(f"{total} products: tables and index agree{beside}")


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

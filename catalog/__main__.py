"""`python -m catalog`: import a feed, search from the shell, rebuild the index."""

import argparse
import os
import sys
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from tqdm import tqdm

from catalog import CatalogError, CatalogTables, DenseIndex, Embedder, Reject, import_feed, load_embedder, open_catalog
from catalog.constraint import Constraint
from catalog.index import Progress
from catalog.product import minor_units


def main(argv: list[str] | None = None) -> int:
    """Run one command and return the exit status; a failure is one line on stderr."""
    args = _parser().parse_args(argv)
    try:
        return int(args.run(args))
    except CatalogError as error:
        print(f"catalog: {error}", file=sys.stderr)
    except SQLAlchemyError as error:
        print(f"catalog: the database at {args.database} failed: {str(error).splitlines()[0]}", file=sys.stderr)
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
    add.add_argument("feed", type=Path, help="a JSONL file, or a folder of them")
    add.add_argument(
        "--format", choices=["auto", "jsonl"], default="auto", help="the feed's convention (default: auto)"
    )
    add.add_argument("--replace", action="store_true", help="remove the products that the feed does not hold")
    add.set_defaults(run=_import)
    find = commands.add_parser("search", help="search the catalogue")
    find.add_argument("text")
    find.add_argument("--category")
    find.add_argument("--price-max", type=float)
    find.add_argument("--limit", type=int, default=10)
    find.set_defaults(run=_search)
    rebuild = commands.add_parser("rebuild", help="bring the index into step with the tables")
    rebuild.set_defaults(run=_rebuild)
    return parser


def _open(args: argparse.Namespace) -> tuple[CatalogTables, DenseIndex, Embedder]:
    embedder = load_embedder(args.embedder)
    dense = DenseIndex(embedder, folder=None if args.chroma else args.home / "chroma", url=args.chroma)
    return CatalogTables(args.database), dense, embedder


def _import(args: argparse.Namespace) -> int:
    tables, dense, _ = _open(args)

    def complain(reject: Reject) -> None:
        print(f"rejected {reject}", file=sys.stderr)

    with tqdm(desc="indexing", unit=" passages", disable=None) as bar:
        report = import_feed(args.feed, tables, dense, replace=args.replace, on_reject=complain, progress=shown_on(bar))
    print(
        f"{report.read} rows read, {report.changed} products changed, {len(report.rejects)} rejected; "
        f"{len(tables)} products in the catalogue, {report.embedded} passages embedded"
    )
    return 0


def _search(args: argparse.Namespace) -> int:
    tables, dense, embedder = _open(args)
    catalog = open_catalog(tables, dense, embedder)
    constraints = [Constraint("category", "eq", args.category)] if args.category else []
    if args.price_max is not None:
        currency = next((p.currency for p in catalog), "USD")
        constraints.append(Constraint("price", "le", round(args.price_max * minor_units(currency))))
    for hit in catalog.search(args.text, constraints, args.limit):
        product = hit.product
        stock = "" if product.in_stock else "  sold out"
        print(f"{hit.score:.3f}  {product.id}  {product.title}  {product.price:.2f} {product.currency}{stock}")
    return 0


def _rebuild(args: argparse.Namespace) -> int:
    tables, dense, _ = _open(args)
    products = list(tables.products())
    with tqdm(desc="indexing", unit=" passages", disable=None) as bar:
        embedded = dense.sync(products, shown_on(bar))
    print(f"{len(products)} products indexed, {embedded} passages embedded")
    return 0


def shown_on(bar: "tqdm[None]") -> Progress:
    """A progress callback that moves `bar`."""

    def show(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)

    return show


if __name__ == "__main__":
    sys.exit(main())

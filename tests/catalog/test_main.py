import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from catalog import CatalogIndex, FolderLock
from catalog.__main__ import main
from tests.catalog.conftest import WordEmbedder, write_feed

ROWS = [
    {"id": "kettle", "title": "Electric kettle", "price": "49.90", "category": "Kitchen"},
    {"id": "mug", "title": "Stoneware mug", "price": "12.00", "category": "Kitchen", "quantity": 0},
    {"id": "lamp", "title": "Desk lamp", "price": "80.00", "category": "Light"},
]


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str

    @property
    def fault(self) -> str:
        """The one line that a failure is told in."""
        assert self.status == 1
        assert self.out == ""
        (line,) = self.err.splitlines()
        assert line.startswith("catalog: ")
        return line


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """`python -m catalog` on a home of its own, with the embedder that needs no model."""
    monkeypatch.setenv("AISLE_HOME", str(tmp_path / "home"))
    for name in ("AISLE_CATALOG_URL", "AISLE_CHROMA_URL", "AISLE_EMBEDDER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("catalog.__main__.load_embedder", lambda name: WordEmbedder())

    def run_it(*argv: str) -> Ran:
        capsys.readouterr()
        status = main([str(arg) for arg in argv])
        return Ran(status, *capsys.readouterr())

    return run_it


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    return write_feed(tmp_path / "feed.jsonl", ROWS)


def test_import_says_what_it_did(run: Run, feed: Path) -> None:
    done = run("import", feed)
    assert (done.status, done.err) == (0, "")
    assert done.out == "3 rows read, 3 products changed, 0 rejected; 3 products in the catalogue, 3 passages embedded\n"
    assert "0 products changed" in run("import", feed, "--format", "jsonl").out


def test_import_reports_bad_rows_by_line_and_goes_on(run: Run, tmp_path: Path) -> None:
    done = run("import", write_feed(tmp_path / "feed.jsonl", [ROWS[0], {"id": "x", "title": "T", "price": "cheap"}]))
    assert done.status == 0
    assert done.err == "rejected feed.jsonl:2: price: Input should be a valid decimal\n"
    assert "1 rejected; 1 products in the catalogue" in done.out


def test_rejects_are_listed_beside_the_data_until_an_import_has_none(run: Run, feed: Path, tmp_path: Path) -> None:
    done = run("import", write_feed(tmp_path / "bad.jsonl", [ROWS[0], {"id": "=1+1", "title": "T", "price": "x"}]))
    listed = tmp_path / "home" / "rejects.csv"
    assert f"the rows left out are listed in {listed}" in done.out
    assert listed.read_text().splitlines() == [
        "source,line,product_id,field,reason",
        "bad.jsonl,2,'=1+1,price,Input should be a valid decimal",
    ]
    assert "listed" not in run("import", feed).out
    assert not listed.exists()


def test_rejects_are_listed_where_they_are_asked_for_even_when_no_row_is_good(run: Run, tmp_path: Path) -> None:
    bad = write_feed(tmp_path / "bad.jsonl", ["nonsense"])
    listed = tmp_path / "out" / "left-out.csv"
    assert run("import", bad, "--rejects", listed).status == 1
    assert "not JSON" in listed.read_text()


def test_the_feed_is_never_overwritten_by_its_rejects(run: Run, feed: Path) -> None:
    assert "name another file" in run("import", feed, "--rejects", feed).fault
    assert feed.exists()


def test_a_table_is_told_by_its_columns_or_read_by_a_mapping(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("id,title,price\nmug,Mug,12.00\n")
    done = run("import", table)
    assert done.out.startswith("1 rows read, 1 products changed")
    assert "read as csv" in done.out
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("id: Nr\ntitle: Name\nprice: Preis\ncurrency: EUR\n")
    table.write_text("Nr;Name;Preis\nmug;Becher;12,50\n")
    assert run("import", table, "--mapping", mapping, "--replace").status == 0
    assert "12.50 EUR" in run("search", "becher").out
    assert "--mapping is for tables" in run("import", table, "--mapping", mapping, "--format", "jsonl").fault


def test_a_shopify_export_is_told_by_its_columns_and_takes_the_currency_given(run: Run, tmp_path: Path) -> None:
    export = tmp_path / "products_export_1.csv"
    export.write_text("Handle,Title,Vendor,Variant Price\nmug,Stoneware mug,Kiln,12.00\n")
    assert "read as shopify" in run("import", export, "--currency", "eur").out
    assert "12.00 EUR" in run("search", "mug").out


def test_a_feed_of_no_known_convention_is_one_line_that_names_the_formats(run: Run, tmp_path: Path) -> None:
    strange = tmp_path / "strange.csv"
    strange.write_text("foo,bar\n1,2\n")
    assert "name one with --format (jsonl, shopify, google, woocommerce, jsonld, csv" in run("import", strange).fault


def test_replace_removes_the_rest(run: Run, feed: Path, tmp_path: Path) -> None:
    run("import", feed)
    assert "1 products in the catalogue" in run("import", write_feed(tmp_path / "new.jsonl", ROWS[:1]), "--replace").out


def test_search_lists_hits_with_price_and_stock(run: Run, feed: Path) -> None:
    run("import", feed)
    first, *_ = run("search", "stoneware mug").out.splitlines()
    assert first.endswith("mug  Stoneware mug  12.00 USD  sold out")
    assert len(run("search", "thing", "--limit", "2").out.splitlines()) == 2
    assert [line.split()[1] for line in run("search", "desk lamp", "--category", "kitchen").out.splitlines()] != [
        "lamp"
    ]
    cheap = run("search", "kettle", "--price-max", "49.89").out
    assert "kettle" not in cheap
    assert "kettle" in run("search", "kettle", "--price-max", "49.90").out


def test_search_that_finds_nothing_says_so(run: Run, feed: Path) -> None:
    run("import", feed)
    none = run("search", "kettle", "--category", "Garden")
    assert (none.status, none.out, none.err) == (0, "", "no product matches\n")


def test_search_in_an_empty_catalogue_names_the_way_out(run: Run) -> None:
    assert "bring in a feed" in run("search", "kettle").fault


def test_rebuild_brings_back_an_index_that_was_deleted(run: Run, feed: Path, tmp_path: Path) -> None:
    run("import", feed)
    for name in ("chroma", "index"):
        (tmp_path / "home" / name).rename(tmp_path / name)
    assert run("check").status == 1
    assert run("rebuild").out == "3 products indexed anew\n"
    assert run("check").out == "3 products: tables and index agree\n"
    assert run("rebuild", "--embed").status == 0
    assert run("search", "lamp").status == 0


def test_check_names_what_does_not_agree(run: Run, feed: Path, tmp_path: Path) -> None:
    run("import", feed)
    with sqlite3.connect(tmp_path / "home" / "catalog.db") as database:
        database.execute("""UPDATE listings SET row = replace(row, 'Desk', 'Dusk')""")
    found = run("check")
    assert found.status == 1
    assert "lamp: the table's row is not what its digest says" in found.err
    assert "catalog: 1 faults: `python -m catalog rebuild` makes the index anew" in found.err


def test_a_missing_feed_is_one_line(run: Run, tmp_path: Path) -> None:
    assert "no feed at" in run("import", tmp_path / "none.jsonl").fault


def test_a_database_that_does_not_answer_is_one_line(run: Run, feed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISLE_CATALOG_URL", "postgresql+psycopg://shop:secret@127.0.0.1:1/shop")
    for command in (("import", feed), ("search", "kettle"), ("rebuild",)):
        fault = run(*command).fault
        assert "cannot be opened" in fault
        assert "secret" not in fault


def test_a_chroma_server_that_does_not_answer_is_one_line(
    run: Run, feed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AISLE_CHROMA_URL", "http://127.0.0.1:1")
    assert "no Chroma server answers at http://127.0.0.1:1" in run("import", feed).fault


def test_beside_a_served_shop_everything_goes_and_chroma_is_left_to_the_shop(
    run: Run, feed: Path, tmp_path: Path
) -> None:
    server = CatalogIndex(WordEmbedder(), tmp_path / "home")
    assert run("import", feed).out.endswith("a shop is being served: it takes the new catalogue over by itself\n")
    assert "kettle  Electric kettle" in run("search", "kettle").out
    assert "Chroma is in use by the shop being served" in run("check").out
    server.close()
    assert "Chroma holds version (unfinished)" in run("check").err
    assert run("import", feed).status == 0
    assert run("check").out == "3 products: tables and index agree\n"


def test_two_imports_at_once_are_refused(run: Run, feed: Path, tmp_path: Path) -> None:
    (tmp_path / "home" / "import").mkdir(parents=True)
    other = FolderLock(tmp_path / "home" / "import")
    assert "another import is running" in run("import", feed).fault
    other.close()
    assert run("import", feed).status == 0


def test_a_short_feed_does_not_sweep_the_catalogue_away(run: Run, feed: Path, tmp_path: Path) -> None:
    rows = [{"id": f"p{n}", "title": f"Thing {n}", "price": 1} for n in range(60)]
    run("import", write_feed(tmp_path / "many.jsonl", rows))
    assert "57 of the 60" not in run("import", feed, "--replace").out
    assert "say --sweep as well" in run("import", feed, "--replace").fault
    assert run("import", feed, "--replace", "--sweep").out.startswith("3 rows read, 63 products changed")


def test_a_home_that_cannot_be_made_is_one_line(run: Run, feed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISLE_HOME", str(feed))
    assert run("import", feed).fault


def test_an_interrupted_import_says_that_the_next_continues(
    run: Run, feed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.__main__.load_embedder", lambda name: WordEmbedder(fail_at_batch=1))
    assert "the next run continues" in run("import", feed).fault


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["fly"],
        ["import"],
        ["search", "x", "--limit", "0"],
        ["search", "x", "--price-max", "nan"],
        ["import", "f", "--format", "xml"],
        ["import", "f", "--currency", "euro"],
    ],
)
def test_a_command_that_makes_no_sense_is_exit_status_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_help_is_there_for_each_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "catalog", "import", "--help"], capture_output=True, text=True, check=True
    )
    assert "auto,jsonl,shopify,google,woocommerce,jsonld,csv" in done.stdout

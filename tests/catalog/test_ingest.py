import gzip
import json
from pathlib import Path

import pytest

from catalog import CatalogIndex, CatalogTables, FeedError, Reject, import_feed, open_catalog
from tests.catalog.conftest import WordEmbedder, write_feed

ROWS = [{"id": f"p{n}", "title": f"Thing number {n}", "price": n} for n in range(5)]


def test_a_bad_row_is_reported_and_the_rest_is_imported(
    tmp_path: Path, tables: CatalogTables, index: CatalogIndex
) -> None:
    heard: list[Reject] = []
    rows = [ROWS[0], {**ROWS[1], "price": -1}, "{broken", ROWS[2], {**ROWS[0], "title": "Again"}]
    report = import_feed(write_feed(tmp_path / "feed.jsonl", rows), tables, index, on_reject=heard.append)
    assert (report.read, report.changed, report.embedded) == (5, 2, 2)
    assert [(r.line, r.field) for r in report.rejects] == [(2, "price"), (3, "(row)"), (5, "id")]
    assert tuple(heard) == report.rejects
    assert "greater than or equal to 0" in report.rejects[0].reason
    assert [p.id for p in tables.products()] == ["p0", "p2"]


@pytest.mark.parametrize("rows", [[], ["nonsense"], [{"id": "x"}, {"id": "y"}]])
def test_nothing_changes_when_no_row_is_good(
    tmp_path: Path, tables: CatalogTables, index: CatalogIndex, rows: list[str]
) -> None:
    import_feed(write_feed(tmp_path / "good.jsonl", ROWS), tables, index)
    before = list(tables.products())
    with pytest.raises(FeedError, match="holds no usable product .*nothing was changed"):
        import_feed(write_feed(tmp_path / "bad.jsonl", rows), tables, index, replace=True)
    assert list(tables.products()) == before
    assert [p.id for p in open_catalog(tables, index)] == [p.id for p in before]


def test_a_second_import_embeds_only_what_changed(tmp_path: Path, tables: CatalogTables, index: CatalogIndex) -> None:
    import_feed(write_feed(tmp_path / "feed.jsonl", ROWS), tables, index)
    again = import_feed(tmp_path / "feed.jsonl", tables, index)
    assert (again.changed, again.embedded) == (0, 0)
    dearer = import_feed(write_feed(tmp_path / "feed.jsonl", [{**ROWS[0], "price": 99}]), tables, index)
    assert (dearer.changed, dearer.embedded) == (1, 0)
    renamed = import_feed(write_feed(tmp_path / "feed.jsonl", [{**ROWS[1], "title": "Other"}]), tables, index)
    assert (renamed.changed, renamed.embedded) == (1, 1)
    assert len(tables) == 5


def test_replace_removes_what_the_feed_does_not_hold(
    tmp_path: Path, tables: CatalogTables, index: CatalogIndex
) -> None:
    import_feed(write_feed(tmp_path / "feed.jsonl", ROWS), tables, index)
    report = import_feed(write_feed(tmp_path / "feed.jsonl", ROWS[3:]), tables, index, replace=True)
    assert report.changed == 3
    shop = open_catalog(tables, index)
    assert {hit.product.id for hit in shop.search("thing")} == {"p3", "p4"}


def test_an_interrupted_import_has_changed_nothing_and_the_next_goes_on_where_it_stopped(
    tmp_path: Path, tables: CatalogTables, embedder: WordEmbedder
) -> None:
    import_feed(
        write_feed(tmp_path / "old.jsonl", ROWS[:2]), tables, CatalogIndex(WordEmbedder(), tmp_path, alone=False)
    )
    rows = [{"id": f"p{n}", "title": f"Thing number {n}", "price": 7} for n in range(1000)]
    feed = write_feed(tmp_path / "feed.jsonl", rows)
    with pytest.raises(KeyboardInterrupt):
        import_feed(feed, tables, CatalogIndex(WordEmbedder(fail_at_batch=2), tmp_path, alone=False))
    index = CatalogIndex(embedder, tmp_path)
    assert [p.price_minor for p in open_catalog(tables, index)] == [0, 100]
    report = import_feed(feed, tables, index)
    assert (report.changed, report.embedded) == (1000, 1000 - 512)
    assert open_catalog(tables, index).search("thing number 99")[0].product.id == "p99"
    index.close()


def test_a_catalogue_that_was_opened_before_an_import_stays_as_it_was(
    tmp_path: Path, tables: CatalogTables, index: CatalogIndex
) -> None:
    import_feed(write_feed(tmp_path / "feed.jsonl", ROWS), tables, index)
    old = open_catalog(tables, index)
    dearer = [{**row, "title": f"New {row['id']}", "price": 50} for row in ROWS[1:]]
    import_feed(write_feed(tmp_path / "feed.jsonl", dearer), tables, index, replace=True)
    new = open_catalog(tables, index)
    assert [(p.id, p.title, p.price_minor) for p in old] == [(f"p{n}", f"Thing number {n}", 100 * n) for n in range(5)]
    assert {hit.product.title for hit in old.search("thing number")} == {f"Thing number {n}" for n in range(5)}
    assert {(p.id, p.price_minor) for p in new} == {(f"p{n}", 5000) for n in range(1, 5)}
    assert old.version != new.version


def test_replace_keeps_a_product_of_which_the_feed_holds_only_a_bad_row_and_a_short_feed_removes_little(
    tmp_path: Path, tables: CatalogTables, index: CatalogIndex
) -> None:
    rows = [{"id": f"p{n}", "title": f"Thing {n}", "price": 1} for n in range(60)]
    import_feed(write_feed(tmp_path / "feed.jsonl", rows), tables, index)
    bad = {**rows[5], "price": "a lot"}
    import_feed(write_feed(tmp_path / "feed.jsonl", [*rows[:5], bad, *rows[7:]]), tables, index, replace=True)
    assert {p.id for p in tables.products()} == {f"p{n}" for n in range(60) if n != 6}
    import_feed(write_feed(tmp_path / "feed.jsonl", rows), tables, index)
    short = write_feed(tmp_path / "short.jsonl", rows[:20])
    with pytest.raises(FeedError, match="holds 20 products, and 40 of the 60 in the catalogue would leave: nothing"):
        import_feed(short, tables, index, replace=True)
    assert len(tables) == 60
    import_feed(short, tables, index, replace=True, sweeping=True)
    assert len(tables) == 20


def test_a_feed_that_breaks_off_leaves_the_catalogue_as_it_was(
    tmp_path: Path, tables: CatalogTables, index: CatalogIndex
) -> None:
    import_feed(write_feed(tmp_path / "good.jsonl", ROWS), tables, index)
    before = list(tables.products())
    cut = tmp_path / "cut.xml"
    item = "<item><g:id>{}</g:id><g:title>T</g:title><g:availability>in stock</g:availability><g:price>5 EUR</g:price></item>"
    items = "".join(item.format(n) for n in range(1000))
    cut.write_text(f'<rss xmlns:g="http://base.google.com/ns/1.0"><channel>{items}<item>')
    packed = tmp_path / "cut.jsonl.gz"
    packed.write_bytes(
        gzip.compress("".join(json.dumps({**ROWS[0], "id": str(n)}) + "\n" for n in range(5000)).encode())[:-40]
    )
    for feed in (cut, packed):
        with pytest.raises(FeedError, match="nothing was changed"):
            import_feed(feed, tables, index, replace=True)
        assert list(tables.products()) == before


def test_only_the_first_thousand_rejects_are_kept_and_all_are_counted(
    tmp_path: Path, tables: CatalogTables, index: CatalogIndex
) -> None:
    report = import_feed(write_feed(tmp_path / "feed.jsonl", [ROWS[0], *["nonsense"] * 1200]), tables, index)
    assert (report.read, report.rejected, len(report.rejects)) == (1201, 1200, 1000)


@pytest.mark.parametrize("packed", [False, True])
def test_progress_counts_rows_and_estimates_how_many_there_are(
    tmp_path: Path, tables: CatalogTables, index: CatalogIndex, packed: bool
) -> None:
    rows = [{"id": f"p{n}", "title": f"Thing number {n}", "price": 1} for n in range(1100)]
    feed = write_feed(tmp_path / "feed.jsonl", rows)
    if packed:
        feed = tmp_path / "feed.jsonl.gz"
        feed.write_bytes(gzip.compress((tmp_path / "feed.jsonl").read_bytes()))
    seen: list[tuple[str, int, int]] = []
    import_feed(feed, tables, index, progress=lambda *step: seen.append(step))
    of_rows = [(done, total) for what, done, total in seen if what == "rows"]
    assert [done for done, _ in of_rows] == [512, 1024, 1100]
    assert all(done <= total for done, total in of_rows)
    assert of_rows[-1] == (1100, 1100)
    if not packed:
        assert 700 < of_rows[0][1] < 1500

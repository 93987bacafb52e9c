import gzip
import json
from pathlib import Path

import pytest

from catalog import CatalogTables, DenseIndex, FeedError, Reject, import_feed, open_catalog
from tests.catalog.conftest import WordEmbedder, write_feed

ROWS = [{"id": f"p{n}", "title": f"Thing number {n}", "price": n} for n in range(5)]


def test_a_bad_row_is_reported_and_the_rest_is_imported(
    tmp_path: Path, tables: CatalogTables, dense: DenseIndex
) -> None:
    heard: list[Reject] = []
    rows = [ROWS[0], {**ROWS[1], "price": -1}, "{broken", ROWS[2], {**ROWS[0], "title": "Again"}]
    report = import_feed(write_feed(tmp_path / "feed.jsonl", rows), tables, dense, on_reject=heard.append)
    assert (report.read, report.changed, report.embedded) == (5, 2, 2)
    assert [(r.line, r.field) for r in report.rejects] == [(2, "price"), (3, "(row)"), (5, "id")]
    assert tuple(heard) == report.rejects
    assert "greater than or equal to 0" in report.rejects[0].reason
    assert [p.id for p in tables.products()] == ["p0", "p2"]


@pytest.mark.parametrize("rows", [[], ["nonsense"], [{"id": "x"}, {"id": "y"}]])
def test_nothing_changes_when_no_row_is_good(
    tmp_path: Path, tables: CatalogTables, dense: DenseIndex, rows: list[str]
) -> None:
    import_feed(write_feed(tmp_path / "good.jsonl", ROWS), tables, dense)
    before = list(tables.products())
    with pytest.raises(FeedError, match="holds no usable product .*nothing was changed"):
        import_feed(write_feed(tmp_path / "bad.jsonl", rows), tables, dense, replace=True)
    assert list(tables.products()) == before
    dense.load(before)


def test_a_second_import_embeds_only_what_changed(tmp_path: Path, tables: CatalogTables, dense: DenseIndex) -> None:
    import_feed(write_feed(tmp_path / "feed.jsonl", ROWS), tables, dense)
    again = import_feed(tmp_path / "feed.jsonl", tables, dense)
    assert (again.changed, again.embedded) == (0, 0)
    dearer = import_feed(write_feed(tmp_path / "feed.jsonl", [{**ROWS[0], "price": 99}]), tables, dense)
    assert (dearer.changed, dearer.embedded) == (1, 0)
    renamed = import_feed(write_feed(tmp_path / "feed.jsonl", [{**ROWS[1], "title": "Other"}]), tables, dense)
    assert (renamed.changed, renamed.embedded) == (1, 1)
    assert len(tables) == 5


def test_replace_removes_what_the_feed_does_not_hold(tmp_path: Path, tables: CatalogTables, dense: DenseIndex) -> None:
    import_feed(write_feed(tmp_path / "feed.jsonl", ROWS), tables, dense)
    report = import_feed(write_feed(tmp_path / "feed.jsonl", ROWS[3:]), tables, dense, replace=True)
    assert report.changed == 3
    shop = open_catalog(tables, dense, WordEmbedder())
    assert {hit.product.id for hit in shop.search("thing")} == {"p3", "p4"}


def test_a_catalogue_opened_after_an_interrupted_import_is_complete(
    tmp_path: Path, tables: CatalogTables, embedder: WordEmbedder
) -> None:
    rows = [{"id": f"p{n}", "title": f"Thing number {n}", "price": 1} for n in range(100)]
    index = DenseIndex(WordEmbedder(fail_at_batch=2), folder=tmp_path / "chroma")
    with pytest.raises(KeyboardInterrupt):
        import_feed(write_feed(tmp_path / "feed.jsonl", rows), tables, index)
    index.close()
    index = DenseIndex(embedder, folder=tmp_path / "chroma")
    shop = open_catalog(tables, index, embedder)
    assert len(embedder.embedded) == 36
    assert shop.search("thing number 99")[0].product.id == "p99"
    index.close()


def test_a_feed_that_breaks_off_leaves_the_catalogue_as_it_was(
    tmp_path: Path, tables: CatalogTables, dense: DenseIndex
) -> None:
    import_feed(write_feed(tmp_path / "good.jsonl", ROWS), tables, dense)
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
            import_feed(feed, tables, dense, replace=True)
        assert list(tables.products()) == before


def test_only_the_first_thousand_rejects_are_kept_and_all_are_counted(
    tmp_path: Path, tables: CatalogTables, dense: DenseIndex
) -> None:
    report = import_feed(write_feed(tmp_path / "feed.jsonl", [ROWS[0], *["nonsense"] * 1200]), tables, dense)
    assert (report.read, report.rejected, len(report.rejects)) == (1201, 1200, 1000)

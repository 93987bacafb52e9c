"""Broken feeds of every convention: what comes of them is products, rejects that say why, or one FeedError."""

import gzip
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog import FORMATS, FeedError, Format, Product, Reject, to_product, to_row
from catalog.feeds import detect, opening, read_feed
from tests.catalog.feeds.fuzzing import broken

HERE = Path(__file__).parent
FEEDS: dict[str, Format] = {
    "products.jsonl": "jsonl", "table.csv": "csv", "shopify_export.csv": "shopify", "shopify_template.csv": "shopify",
    "woocommerce_export.csv": "woocommerce", "woocommerce_export_de.csv": "woocommerce", "google_feed.xml": "google",
    "google_feed.atom": "google", "google_feed.tsv": "google", "page.html": "jsonld", "group.jsonld": "jsonld", "shop.jsonld": "jsonld",
}  # fmt: skip
READ = """
import pathlib, sys
from catalog import FeedError
from catalog.feeds import read_feed
try:
    print(sum(1 for _ in read_feed(pathlib.Path(sys.argv[1]), sys.argv[2])), "read")
except FeedError as error:
    print(error)
# its own peak: that of getrusage begins with what its parent held
status = dict(line.split(":", 1) for line in pathlib.Path("/proc/self/status").read_text().splitlines())
print(int(status["VmHWM"].split()[0]) // 1024)
"""


def _all_of(path: Path, format: Format) -> Iterator[Product | Reject]:
    """What is read before the feed turns out to be no feed at all."""
    try:
        yield from read_feed(path, format)
    except FeedError as error:
        assert str(error)


def _check(path: Path, format: Format, case: str) -> None:
    for found in _all_of(path, format):
        if isinstance(found, Product):
            assert to_product(to_row(found)) == found, case
            assert found.id and found.title and found.price_minor >= 0, case
            assert "<script" not in found.title.lower(), case
            assert not (found.url or "").lower().startswith("javascript"), case
        else:
            assert found.source and found.line >= 1 and found.field and found.reason, (case, found)
            assert found.product_id is None or 0 < len(found.product_id) <= 200, case
            assert str(found).isprintable(), case


def _fuzz(folder: Path, name: str, cuts: int, rounds: int, seed: int = 7) -> None:
    feed = folder / name
    for case, content in broken(HERE / name, cuts=cuts, rounds=rounds, seed=seed):
        feed.write_bytes(content)
        try:
            _check(feed, FEEDS[name], f"{name}: {case}")
            detect(feed)
        except FeedError as error:
            assert str(error)
        except Exception as error:
            raise AssertionError(f"{name}: {case}") from error


@pytest.mark.parametrize("name", FEEDS)
def test_a_broken_feed_ends_in_products_rejects_or_one_clear_error(tmp_path: Path, name: str) -> None:
    _fuzz(tmp_path, name, cuts=25, rounds=3)


@pytest.mark.real
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", FEEDS)
def test_feeds_broken_in_many_ways_end_so_too(tmp_path: Path, name: str, seed: int) -> None:
    _fuzz(tmp_path, name, cuts=len((HERE / name).read_bytes()) // 5, rounds=40, seed=seed)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_read_by_another_convention_ends_so_too(name: str, format: Format) -> None:
    _check(HERE / name, format, f"{name} as {format}")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"\x00", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1f\x8b", b"{}", b"[]", b"<", b'"', b"\x00" * 10_000],
)
def test_next_to_nothing_ends_so_too(tmp_path: Path, format: Format, content: bytes) -> None:
    (tmp_path / "feed").write_bytes(content)
    _check(tmp_path / "feed", format, repr(content[:10]))


@pytest.mark.real
@pytest.mark.parametrize("format", FORMATS)
def test_a_packed_bomb_is_refused_by_every_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: Format
) -> None:
    (tmp_path / "feed.gz").write_bytes(gzip.compress(b"id,title,price\n" + b"\n" * 40_000_000))
    monkeypatch.setattr(opening, "_MOST_UNPACKED", 1_000_000)
    with pytest.raises(FeedError):
        list(read_feed(tmp_path / "feed.gz", format))


@pytest.mark.real
@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("packed", [False, True])
def test_a_line_of_a_gigabyte_is_left_out_in_bounded_memory(tmp_path: Path, format: Format, packed: bool) -> None:
    feed = tmp_path / "feed"
    head = {"jsonl": b'{"id": "', "jsonld": b'{"@type": "Product", "name": "', "google": b"<rss><channel><item><id>"}
    with gzip.open(feed, "wb", 1) if packed else feed.open("wb") as file:
        file.write(head.get(format, _header(format) + b'1,"'))
        for _ in range(1024):
            file.write(b"x" * 2**20)
    done = subprocess.run([sys.executable, "-c", READ, feed, format], capture_output=True, text=True, check=True)
    said, peak = done.stdout.splitlines()
    assert said == "1 read" or "larger than" in said or "longer than" in said
    assert int(peak) < 300


def _header(format: Format) -> bytes:
    names = {"shopify": b"Handle,Title,Variant Price", "woocommerce": b"ID,Type,SKU,Name,Regular price"}
    return names.get(format, b"id,title,price") + b"\n"

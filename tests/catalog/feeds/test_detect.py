from pathlib import Path

import pytest

from catalog import FORMATS, FeedError
from catalog.feeds import Mapped, detect


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("a.jsonl", "", "jsonl"), ("a.jsonl.gz", "", "jsonl"), ("a.txt", '{"id": "a", "title": "T", "price": 1}\n', "jsonl"),
        ("a.json", '{"@context": "https://schema.org"}', "jsonld"), ("a.json", '[{"@type": "Product"}]', "jsonld"),
        ("a.html", "<!doctype html><p>", "jsonld"), ("a", '<?xml version="1.0"?><rss>', "google"), ("a.xml", "<feed xmlns='x'>", "google"),
        ("a.csv", "id,title,price\n", "csv"), ("a.csv", "ID;Title;Price\n", "csv"), ("a.txt", "id\ttitle\tlink\tprice\tavailability\n", "google"),
        ("a.csv", "Handle,Title,Vendor,Variant Price\n", "shopify"), ("a.csv", "Title,URL handle,Price,SKU\n", "shopify"),
        ("a.csv", "ID,Type,SKU,Name,Published\n", "woocommerce"),
    ],
)  # fmt: skip
def test_the_convention_is_told_from_name_and_content(tmp_path: Path, name: str, content: str, format: str) -> None:
    (tmp_path / name).write_text(content)
    assert detect(tmp_path / name) == format


@pytest.mark.parametrize("content", ["foo,bar\n1,2\n", "<catalog><x/></catalog>", '[{"id": "a"}]', "\x00\x01\x02"])
def test_a_feed_of_no_known_convention_is_an_error_that_names_the_formats(tmp_path: Path, content: str) -> None:
    (tmp_path / "feed").write_text(content)
    with pytest.raises(FeedError, match=", ".join(FORMATS)):
        detect(tmp_path / "feed")


def test_an_empty_feed_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "feed").touch()
    with pytest.raises(FeedError, match="is empty"):
        detect(tmp_path / "feed")


def test_with_a_mapping_it_is_a_table(tmp_path: Path) -> None:
    assert detect(tmp_path / "any", Mapped()) == "csv"

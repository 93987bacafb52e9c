import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catalog import FeedError, Product, Reject, to_product, to_row
from catalog.feeds import read_jsonl
from tests.catalog.conftest import demo_rows, product, write_feed

GOOD = {"id": "a", "title": "Lamp", "price": "19.90"}


def _one(tmp_path: Path, row: dict[str, Any] | str | bytes) -> Product | Reject:
    feed = tmp_path / "feed.jsonl"
    feed.write_bytes(row if isinstance(row, bytes) else (row if isinstance(row, str) else json.dumps(row)).encode())
    (found,) = read_jsonl(feed)
    return found


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        ("{not json", "(row)", "not JSON"),
        ('["an", "array"]', "(row)", "an object is expected, this is a list"),
        ('"text"', "(row)", "an object is expected, this is a str"),
        ("null", "(row)", "an object is expected, this is a NoneType"),
        ('{"title": "Lamp", "price": 1}', "id", "required"),
        ('{"id": "a", "price": 1}', "title", "required"),
        ('{"id": "a", "title": "Lamp"}', "price", "required"),
        ('{"id": "  ", "title": "Lamp", "price": 1}', "id", "at least 1 character"),
        ('{"id": "a", "title": "", "price": 1}', "title", "at least 1 character"),
        ('{"id": "a", "title": "Lamp", "price": 1' + "0" * 5000 + "}", "(row)", "not JSON"),
        ("[" * 5000, "(row)", "not JSON"),
    ],
)
def test_a_row_that_is_no_product_is_rejected_with_its_field(
    tmp_path: Path, line: str, field: str, reason: str
) -> None:
    found = _one(tmp_path, line)
    assert isinstance(found, Reject)
    assert (found.source, found.line, found.field) == ("feed.jsonl", 1, field)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("id", ["a"], "id"),
        ("id", "x" * 201, "id"),
        ("title", True, "title"),
        ("title", {"en": "Lamp"}, "title"),
        ("title", "half \ud83d", "title"),
        ("description", "\ud83d half", "description"),
        ("price", -0.01, "price"),
        ("price", float("nan"), "price"),
        ("price", float("inf"), "price"),
        ("price", "1e400", "price"),
        ("price", 1e300, "price"),
        ("price", "free", "price"),
        ("price", "$5", "price"),
        ("price", True, "price"),
        ("price", [1], "price"),
        ("currency", "dollars", "currency"),
        ("currency", "usd", "currency"),
        ("in_stock", "perhaps", "in_stock"),
        ("quantity", -1, "quantity"),
        ("quantity", 1.5, "quantity"),
        ("quantity", 10**30, "quantity"),
        ("attributes", ["red"], "attributes"),
        ("attributes", {"note": "half \udc00"}, "(row)"),
        ("note", "half \udc00", "(row)"),
        ("note", "NUL \u0000", "(row)"),
        ("images", "http://x/1.png", "images"),
        ("url", "javascript:alert(1)", "url"),
        ("url", "example.com/lamp", "url"),
        ("rating", 5.1, "rating"),
        ("rating", float("inf"), "rating"),
        ("rating_count", -1, "rating_count"),
        ("reviews", [{"text": "no stars"}], "reviews.0.rating"),
        ("reviews", [{"rating": 6, "text": "x"}], "reviews.0.rating"),
        ("variants", [{"options": {"Size": "M"}}], "variants.0.id"),
        ("variants", [{"id": "v", "price": "1e999999"}], "variants.0.price"),
        ("locale", "de", "locale"),
        ("translations", {"zh": {"description": "x"}}, "translations.zh.title"),
    ],
)
def test_a_value_that_cannot_be_is_rejected_by_the_name_of_its_field(
    tmp_path: Path, key: str, value: Any, field: str
) -> None:
    found = _one(tmp_path, {**GOOD, key: value})
    assert isinstance(found, Reject), found
    assert found.field == field
    assert found.reason
    assert "\n" not in str(found)


@pytest.mark.parametrize(
    ("line", "id"),
    [
        ('{"id": "a", "title": "Lamp"}', "a"), ('{"title": "Lamp", "price": 1, "id": 7, "rating": 9}', "7"), ('{"id": "a", "title": "cut o', "a"),
        ('  {"id": 7, "title": }', "7"), ('{"id": "\\u706f", oops', "灯"), ('{"id": "cut o', None), ('{"title": "cut", "id": "a", "pri', None),
        (b'{"id": "a", "title": "Caf\xe9"}', "a"), (b'{"id": "Caf\xe9", "title": "x"}', None), ('{"id": "\\ud83d", "title": "x", oops', None),
        ('{"id": "a", "title": "T", "price": 1, "x": ' + "[" * 600 + "1" + "]" * 600 + "}", "a"), ("[]", None), ('{"id": ["a"], "price": 1}', None),
        ('{"id": "a", ' + "x" * 4_000_001, "a"),
    ],
)  # fmt: skip
def test_a_reject_names_its_product_where_that_can_be_read(tmp_path: Path, line: str | bytes, id: str | None) -> None:
    found = _one(tmp_path, line)
    assert isinstance(found, Reject)
    assert found.product_id == id
    assert not found.withdrawn


def test_a_row_nested_too_deeply_is_rejected(tmp_path: Path) -> None:
    found = _one(tmp_path, '{"id": "a", "title": "T", "price": 1, "x": ' + "[" * 600 + "1" + "]" * 600 + "}")
    assert isinstance(found, Reject)
    assert found.reason == "is nested too deeply"


def test_a_row_that_is_not_utf8_is_rejected(tmp_path: Path) -> None:
    found = _one(tmp_path, b'{"id": "a", "title": "Caf\xe9", "price": 1}')
    assert isinstance(found, Reject)
    assert "not UTF-8" in found.reason


def test_a_repeated_id_is_rejected_and_the_first_row_stands(tmp_path: Path) -> None:
    write_feed(tmp_path / "1.jsonl", [{**GOOD, "title": "First"}])
    write_feed(tmp_path / "2.jsonl", [{**GOOD, "id": "b"}, {**GOOD, "title": "Second"}])
    first, _, second = read_jsonl(tmp_path)
    assert isinstance(first, Product)
    assert first.title == "First"
    assert str(second) == "2.jsonl:2: id: 'a' was already given at 1.jsonl:1"
    assert isinstance(second, Reject)
    assert second.product_id == "a"


def test_byte_order_mark_blank_lines_and_windows_line_ends_are_no_content(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    row = json.dumps(GOOD).encode()
    feed.write_bytes(b"\xef\xbb\xbf" + row + b"\r\n\r\n   \n" + row.replace(b'"a"', b'"b"'))
    assert [p.id for p in read_jsonl(feed) if isinstance(p, Product)] == ["a", "b"]
    feed.write_bytes(b"\xef\xbb\xbf\n")
    assert list(read_jsonl(feed)) == []


@pytest.mark.parametrize("name", ["missing.jsonl", "empty"])
def test_nothing_to_read_is_an_error_that_says_what_to_give(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(FeedError, match="give a JSONL file, or a folder"):
        list(read_jsonl(tmp_path / name))


def test_a_feed_that_cannot_be_opened_is_an_error_that_names_it(tmp_path: Path) -> None:
    feed = tmp_path / "loop.jsonl"
    feed.mkdir()
    with pytest.raises(FeedError, match=r"loop\.jsonl"):
        list(read_jsonl(feed))


@pytest.mark.parametrize(
    ("price", "currency", "minor"),
    [
        ("19.90", "USD", 1990), (19.99, "USD", 1999), (0.1, "USD", 10), (0, "USD", 0), ("0.005", "EUR", 1), ("0.004", "EUR", 0),
        (1980, "JPY", 1980), ("1980.5", "JPY", 1981), ("12", "KRW", 12), ("12.345", "KWD", 12345), (0.0005, "BHD", 1), (10_000_000_000, "USD", 1_000_000_000_000),
        ("1." + "9" * 60, "USD", 200), (" 5.00 ", "USD", 500),
    ],
)  # fmt: skip
def test_a_price_becomes_minor_units_without_binary_error(price: Any, currency: str, minor: int) -> None:
    assert product(price=price, currency=currency).price_minor == minor


def test_numbers_may_stand_where_text_is_expected() -> None:
    found = to_product({"id": 7, "title": 1984, "price": 5, "brand": 501})
    assert (found.id, found.title, found.brand) == ("7", "1984", "501")


def test_unknown_keys_are_kept_as_attributes_and_stated_ones_win() -> None:
    found = product(
        weight_g=120, eco=True, tags=["a", "b"], size={"w": 1, "h": None}, Color="red", attributes={"Color": "Blue"}
    )
    assert found.attributes == {"weight_g": "120", "eco": "Yes", "tags": "a, b", "size": "w: 1", "Color": "Blue"}


def test_what_a_feed_leaves_empty_is_absent() -> None:
    empty = {"description": None, "rating": None, "quantity": None, "attributes": {"a": "", "b": " ", "c": None, "d": float("nan"), "e": [None]}}  # fmt: skip
    assert product(**empty, images=None, reviews=None, variants=None, translations=None, note=float("nan")) == product()


def test_a_category_path_may_be_a_list() -> None:
    assert product(category=["Home", "Lamps"]).category == "Home > Lamps"


def test_images_that_are_no_addresses_are_left_out() -> None:
    assert product(images=["data:text/html,x", "/a.svg", "https://x/1.png"]).images == ("/a.svg", "https://x/1.png")


@pytest.mark.parametrize(
    ("row", "in_stock"),
    [
        ({}, True),
        ({"quantity": 0}, False),
        ({"quantity": 3}, True),
        ({"quantity": 3, "in_stock": False}, False),
        ({"variants": [{"id": "s", "quantity": 0}, {"id": "m", "quantity": 0}]}, False),
        ({"variants": [{"id": "s", "quantity": 0}, {"id": "m", "quantity": 1}]}, True),
        ({"variants": [{"id": "s"}]}, True),
    ],
)
def test_stock_is_what_the_row_says_else_what_its_quantity_or_variants_tell(
    row: dict[str, Any], in_stock: bool
) -> None:
    assert product(**row).in_stock is in_stock


def test_the_language_is_the_titles_where_none_is_given() -> None:
    assert product(title="电热水壶").locale == "zh"
    assert product(title="Kettle").locale == "en"


def test_a_translation_into_the_base_language_is_left_out() -> None:
    assert product(locale="en", translations={"en": {"title": "x"}, "zh": {"title": "灯"}}).locales() == ("en", "zh")


def test_the_fixture_is_read_with_its_days_and_without_its_markup() -> None:
    lamp, mug, coat = read_jsonl(Path(__file__).with_name("products.jsonl"))
    assert isinstance(lamp, Product)
    assert isinstance(mug, Product)
    assert isinstance(coat, Product)
    assert lamp.title == "Alder desk lamp"
    assert [(r.text, r.date) for r in lamp.reviews] == [
        ("Just right for reading.", "2026-03-12"),
        ("Solid.", "2026-03-03"),
    ]
    assert [(r.text, r.date) for r in mug.reviews] == [("手感很好", "2026-02-09"), ("一般", None)]
    assert [(r.text, r.rating, r.date) for r in mug.localised("en").reviews] == [
        ("Feels good", 5, "2026-02-09"), ("Average", 3, None)
    ]  # fmt: skip
    assert (coat.price_minor, [v.price_minor for v in coat.variants]) == (12345, [12345, 13500])


@pytest.mark.parametrize(
    ("written", "day"), [("2026-03-12", "2026-03-12"), ("yesterday", None), (None, None), ([], None)]
)
def test_a_review_whose_day_cannot_be_is_kept_without_it(written: Any, day: str | None) -> None:
    found = product(reviews=[{"rating": 4, "text": "x", "date": written}])
    assert found.reviews[0].date == day
    assert to_product(to_row(found)) == found


@pytest.mark.parametrize("text", ["5 < 6 and a > b", "no tags & no entities", "a\nb", "1 <2"])
def test_a_text_without_markup_stays_as_it_is(tmp_path: Path, text: str) -> None:
    found = _one(tmp_path, {**GOOD, "description": text, "translations": {"zh": {"title": text}}})
    assert isinstance(found, Product)
    assert (found.description, found.translations[0].title) == (text, text)


def test_scripts_do_not_reach_titles_descriptions_or_reviews(tmp_path: Path) -> None:
    evil = "Lamp<script>alert(1)</script><img src=x onerror=alert(1)>"
    reviews = [{"rating": 1, "title": evil, "text": evil}]
    found = _one(
        tmp_path,
        {**GOOD, "title": evil, "description": evil, "reviews": reviews, "translations": {"zh": {"title": evil}}},
    )
    assert isinstance(found, Product)
    assert (found.title, found.description, found.translations[0].title) == ("Lamp", "Lamp", "Lamp")
    assert (found.reviews[0].title, found.reviews[0].text) == ("Lamp", "Lamp")


def test_a_translated_review_keeps_the_stars_and_the_day_of_its_original() -> None:
    found = product(
        reviews=[{"rating": 5, "text": "good", "date": "2026-03-12"}, {"rating": 3}, {"rating": 1, "text": "bad"}],
        translations={"zh": {"title": "灯", "reviews": [{"text": "好"}, {}, {"text": "差"}]}},
    )
    assert [(r.rating, r.text, r.date) for r in found.translations[0].reviews] == [
        (5, "好", "2026-03-12"),
        (1, "差", None),
    ]
    assert to_product(to_row(found)) == found


def test_a_product_survives_the_row_it_is_stored_as() -> None:
    found = product(
        title="Ünïcode 灯 🔦", description="a\nb", category="Home > Lamps", price="1234567.89", currency="EUR", quantity=4,
        images=["/a.svg"], url="https://x/y", rating=4.5, rating_count=10, reviews=[{"rating": 4, "title": "t", "text": "x"}],
        variants=[{"id": "v", "options": {"Size": "M"}, "price": "5.5", "quantity": 0}], brand="B", tags=["a"],
        translations={"zh": {"title": "灯", "terms": {"Size": "尺码"}, "reviews": [{"text": "好"}]}},
    )  # fmt: skip
    assert to_product(json.loads(json.dumps(to_row(found)))) == found


@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD"])
def test_every_price_survives_the_row(currency: str) -> None:
    for minor in (0, 1, 10, 99, 100, 101, 12345, 10**9, 10**10):
        found = Product("a", "T", minor, currency)
        assert to_product(to_row(found)) == found


def test_the_demo_shop_survives_the_row() -> None:
    for row in demo_rows():
        found = to_product(row)
        assert to_product(to_row(found)) == found


def test_a_feed_cannot_say_what_was_extracted(tmp_path: Path) -> None:
    claim = {"name": "Weight", "value": "1 g", "sentence": "It weighs 1 g.", "locale": "en"}
    row = {"id": "p", "title": "Pan", "price": 1, "description": "It weighs 1.2 kg.", "extracted": [claim]}
    [found] = read_jsonl(write_feed(tmp_path / "feed.jsonl", [row]))
    assert isinstance(found, Product)
    assert found.extracted == ()
    assert found.attributes == {}


def test_what_was_extracted_is_stored_with_the_product(tmp_path: Path) -> None:
    row = {"id": "p", "title": "Pan", "price": 1, "description": "It weighs 1.2 kg."}
    [found] = read_jsonl(write_feed(tmp_path / "feed.jsonl", [row]))
    assert isinstance(found, Product)
    assert to_product(json.loads(json.dumps(to_row(found)))) == found
    assert "extracted" not in to_row(replace(found, extracted=()))

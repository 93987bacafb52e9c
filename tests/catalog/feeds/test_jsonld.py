import json
from pathlib import Path
from typing import Any

import pytest

from catalog import FeedError, Product, Reject
from catalog.feeds import detect, jsonld
from catalog.feeds.jsonld import read_jsonld

HERE = Path(__file__).parent
GOOD = {
    "@type": "Product",
    "sku": "a",
    "name": "Lamp",
    "offers": {"@type": "Offer", "price": "5", "priceCurrency": "EUR"},
}


def _read(tmp_path: Path, document: Any) -> list[Product | Reject]:
    feed = tmp_path / "feed.json"
    feed.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return list(read_jsonld(feed))


def test_a_product_is_found_in_a_page_and_a_broken_script_is_reported() -> None:
    bad, mug = read_jsonld(HERE / "page.html")
    assert str(bad).startswith("page.html:2: (document): not JSON")
    assert isinstance(mug, Product)
    assert (mug.id, mug.title, mug.brand, mug.category) == ("TM-1", "Tide & Mug", "Kiln", "Kitchen > Mugs")
    assert mug.description == "Thrown by hand. Holds 300 ml."
    assert (mug.price_minor, mug.currency, mug.in_stock) == (1450, "EUR", True)
    assert mug.images == ("https://img.example/1.jpg", "https://img.example/2.jpg")
    assert mug.rating == pytest.approx(4.2)
    assert mug.rating_count == 31
    assert [(r.rating, r.title, r.text) for r in mug.reviews] == [(4, "Lovely", "Keeps warm.")]
    assert mug.attributes == {"Color": "Sea green", "Capacity": "300 ml", "GTIN": "0401234567890"}


def test_a_group_is_one_product_with_what_varies_as_options() -> None:
    (tee,) = read_jsonld(HERE / "group.jsonld")
    assert isinstance(tee, Product)
    assert (tee.id, tee.price_minor, tee.in_stock) == ("tee", 129900, True)
    assert [(v.id, dict(v.options), v.price_minor, v.in_stock) for v in tee.variants] == [
        ("t-s", {"Size": "S"}, 2500, False),
        ("t-m", {"Size": "M"}, 129900, True),
    ]
    assert tee.attributes == {"Color": "Navy", "Material": "Cotton"}


def test_references_within_a_document_are_followed_and_the_asking_price_counts() -> None:
    jug, *_ = read_jsonld(HERE / "shop.jsonld")
    assert isinstance(jug, Product)
    assert (jug.id, jug.brand, jug.price_minor, jug.in_stock) == ("JUG-1", "Kiln & Co", 3990, True)
    assert (jug.rating, jug.rating_count) == (4.4, 89)
    assert [(r.rating, r.text, r.date) for r in jug.reviews] == [(5, "Pours well.", "2026-03-12"), (3, "Heavy.", None)]


def test_variants_are_found_wherever_they_stand_and_a_bad_one_costs_only_itself() -> None:
    _, bad, tee = read_jsonld(HERE / "shop.jsonld")
    assert isinstance(bad, Reject)
    assert isinstance(tee, Product)
    assert (bad.field, bad.product_id) == ("price", tee.id)
    assert [(v.id, dict(v.options), v.price_minor, v.in_stock) for v in tee.variants] == [
        ("TEE-S", {"Size": "S"}, 2500, True), ("TEE-M", {"Size": "M"}, 2600, False),
    ]  # fmt: skip


def test_a_variant_in_another_currency_is_left_out(tmp_path: Path) -> None:
    members = [{**GOOD, "sku": c, "offers": {"price": 5, "priceCurrency": c}} for c in ("EUR", "USD")]
    bad, group = _read(
        tmp_path, {"@type": "ProductGroup", "productGroupID": "g", "name": "Lamps", "hasVariant": members}
    )
    assert str(bad).endswith("priceCurrency: USD is not that of the other variants")
    assert isinstance(group, Product)
    assert [v.id for v in group.variants] == ["EUR"]


def test_documents_that_refer_to_themselves_come_to_an_end(tmp_path: Path) -> None:
    page = {"@id": "p", "@type": "WebPage", "mainEntity": {"@id": "p"}, "item": [{"@id": "g"}]}
    group = {
        **GOOD,
        "@id": "g",
        "@type": "ProductGroup",
        "hasVariant": [{"@id": "g"}, {"@id": "v"}],
        "brand": {"@id": "g"},
    }
    variant = {**GOOD, "@id": "v", "sku": "b", "isVariantOf": {"@id": "g"}, "name": {"@id": "v"}}
    assert _read(tmp_path, {"@graph": [page, group, variant]})


@pytest.mark.parametrize(
    ("price", "currency", "minor"),
    [(1.299, "EUR", 130), (1299, "EUR", 129900), (12.345, "KWD", 12345), ("12.345", "KWD", 12345), (1e2, "EUR", 10000)],
)
def test_a_price_that_is_a_number_is_read_as_one(tmp_path: Path, price: Any, currency: str, minor: int) -> None:
    (lamp,) = _read(tmp_path, {**GOOD, "offers": {"price": price, "priceCurrency": currency}})
    assert isinstance(lamp, Product)
    assert lamp.price_minor == minor


@pytest.mark.parametrize("price", ["1E99999999999999999999", "NaN", "-5", "1e999999", "true", "null"])
def test_a_number_that_is_no_price_is_rejected(tmp_path: Path, price: str) -> None:
    (found,) = _read(tmp_path, json.dumps(GOOD).replace('"5"', price))
    assert isinstance(found, Reject)
    assert (found.field, found.product_id) == ("price", "a")


@pytest.mark.parametrize(
    "document",
    [
        GOOD, [GOOD], {"@graph": [{"@type": "WebSite"}, GOOD]}, {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": GOOD}]},
        {**GOOD, "@type": ["Product", "Thing"]}, {**GOOD, "@type": "http://schema.org/Product"}, {**GOOD, "offers": [GOOD["offers"]]},
        {"@type": "WebPage", "mainEntity": GOOD},
    ],
)  # fmt: skip
def test_a_product_is_found_wherever_it_stands(tmp_path: Path, document: Any) -> None:
    (lamp,) = _read(tmp_path, document)
    assert isinstance(lamp, Product)
    assert (lamp.id, lamp.price_minor, lamp.currency) == ("a", 500, "EUR")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sku": None}, "id"), ({"name": ""}, "title"), ({"offers": None}, "offers"), ({"offers": {}}, "price"),
        ({"offers": {"price": "cheap"}}, "price"), ({"offers": {"price": "1.299"}}, "price"), ({"offers": {"price": 5, "availability": "Soon"}}, "availability"),
        ({"aggregateRating": {"ratingValue": "good"}}, "ratingValue"), ({"aggregateRating": {"ratingValue": 9}}, "rating"),
        ({"name": "x" * 2000}, "title"),
    ],
)  # fmt: skip
def test_a_product_that_cannot_be_sold_is_rejected_by_the_name_of_its_field(
    tmp_path: Path, change: dict[str, Any], field: str
) -> None:
    bad, good = _read(tmp_path, [{**GOOD, **change}, {**GOOD, "sku": "b"}])
    assert isinstance(bad, Reject), bad
    assert (bad.line, bad.field) == (1, field)
    assert isinstance(good, Product)


@pytest.mark.parametrize(
    "document", ["[" * 100_000, '{"@type": "Product", "na', '{"a": ' * 5000 + "1" + "}" * 5000, "null", "7"]
)
def test_what_is_no_document_of_products_yields_none(tmp_path: Path, document: str) -> None:
    assert not [row for row in _read(tmp_path, document) if isinstance(row, Product)]


def test_a_name_nested_too_deeply_is_rejected(tmp_path: Path) -> None:
    found = _read(tmp_path, json.dumps(GOOD).replace('"Lamp"', '{"name": ' * 700 + "1" + "}" * 700))
    assert not [row for row in found if isinstance(row, Product)]


def test_a_document_too_large_to_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonld, "_LARGEST", 100)
    with pytest.raises(FeedError, match="give it in parts"):
        _read(tmp_path, [GOOD] * 10)


def test_a_folder_of_pages_is_one_feed(tmp_path: Path) -> None:
    for name in ("1.html", "2.html"):
        (tmp_path / name).write_text(f'<html><script type="application/ld+json">{json.dumps(GOOD)}</script></html>')
    assert detect(tmp_path) == "jsonld"
    first, again = read_jsonld(tmp_path)
    assert isinstance(first, Product)
    assert str(again) == "2.html:1: id: 'a' was already given at 1.html:1"

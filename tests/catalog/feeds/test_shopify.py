from pathlib import Path

import pytest

from catalog import Product, Reject
from catalog.feeds import detect
from catalog.feeds.grouping import MOST_OF_ONE
from catalog.feeds.shopify import read_shopify

HERE = Path(__file__).parent
HEAD = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Status\n"


def _read(tmp_path: Path, rows: str) -> list[Product | Reject]:
    feed = tmp_path / "export.csv"
    feed.write_text(HEAD + rows, encoding="utf-8")
    return list(read_shopify(feed))


def test_rows_of_one_handle_are_one_product_with_its_variants_and_images() -> None:
    jumper = next(read_shopify(HERE / "shopify_export.csv", "EUR"))
    assert isinstance(jumper, Product)
    assert (jumper.id, jumper.title, jumper.brand) == ("fjord-jumper", "Fjord Jumper", "Nordgarn")
    assert jumper.description == "Knitted in one piece. Merino wool. Washes at 30 degrees."
    assert jumper.category == "Apparel & Accessories > Clothing"
    assert (jumper.price_minor, jumper.currency, jumper.in_stock) == (8900, "EUR", True)
    assert [(v.id, dict(v.options), v.price_minor, v.quantity) for v in jumper.variants] == [
        ("FJ-S-G", {"Size": "S", "Color": "Grey"}, 8900, 3),
        ("FJ-M-G", {"Size": "M", "Color": "Grey"}, 8900, 0),
        ("FJ-L-G", {"Size": "L", "Color": "Grey"}, 9200, None),
    ]
    assert jumper.images == tuple(f"https://img.example/fj-{n}.jpg" for n in (1, 2, 3))
    assert jumper.attributes == {
        "Tags": "wool, winter", "Type": "Jumpers", "Weight": "420 g", "Regular price": "119.00 EUR"
    }  # fmt: skip


def test_the_default_title_is_no_option_and_what_is_not_tracked_is_in_stock() -> None:
    mug = list(read_shopify(HERE / "shopify_export.csv"))[1]
    assert isinstance(mug, Product)
    assert (mug.variants, mug.quantity, mug.in_stock, mug.category) == ((), None, True, "Mugs")
    assert mug.attributes == {"GTIN": "0401234567890", "Weight": "350 g"}


def test_drafts_and_what_is_not_published_are_rejected_with_that_reason() -> None:
    assert [str(r) for r in list(read_shopify(HERE / "shopify_export.csv"))[2:]] == [
        "shopify_export.csv:7: Status: is draft: only active products are offered",
        "shopify_export.csv:8: Published: is not published in the shop: only published products are offered",
    ]


def test_what_the_shop_withdrew_is_told_from_what_cannot_be_read() -> None:
    left_out = [
        r
        for name in ("shopify_export.csv", "shopify_template.csv")
        for r in read_shopify(HERE / name)
        if isinstance(r, Reject)
    ]
    assert [(r.product_id, r.withdrawn) for r in left_out] == [
        ("moss-rug", True), ("dune-vase", True), ("harbour-tee", False)
    ]  # fmt: skip


def test_the_present_template_is_read_and_a_bad_variant_costs_only_itself() -> None:
    bad, tee = read_shopify(HERE / "shopify_template.csv")
    assert str(bad).startswith("shopify_template.csv:3: price: a price such as 49.90 is expected, not 'cheap'")
    assert isinstance(tee, Product)
    assert [(v.id, v.quantity) for v in tee.variants] == [("HT-S", 10), ("HT-L", 0)]
    assert tee.attributes == {"Gender": "Unisex", "Fabric": "cotton, hemp", "Type": "Tees", "Weight": "180 g"}


@pytest.mark.parametrize("name", ["shopify_export.csv", "shopify_template.csv"])
def test_both_generations_are_told_by_their_columns(name: str) -> None:
    assert detect(HERE / name) == "shopify"


def test_rows_of_one_handle_may_stand_apart(tmp_path: Path) -> None:
    rows = "a,Lamp,Size,S,1,1,deny,5,active\nb,Mug,,,,,deny,3,active\na,,,M,2,1,deny,6,\n"
    lamp, mug = _read(tmp_path, rows)
    assert isinstance(lamp, Product)
    assert isinstance(mug, Product)
    assert [v.options["Size"] for v in lamp.variants] == ["S", "M"]


@pytest.mark.parametrize(
    ("quantity", "policy", "in_stock", "count"),
    [("0", "deny", False, 0), ("0", "continue", True, None), ("-3", "deny", False, 0), ("4", "continue", True, 4)],
)
def test_what_is_sold_beyond_stock_can_be_ordered(
    tmp_path: Path, quantity: str, policy: str, in_stock: bool, count: int | None
) -> None:
    (found,) = _read(tmp_path, f"a,Lamp,,,,{quantity},{policy},5,active\n")
    assert isinstance(found, Product)
    assert (found.in_stock, found.quantity) == (in_stock, count)


def test_the_price_shown_is_the_lowest_that_can_be_bought(tmp_path: Path) -> None:
    (lamp,) = _read(tmp_path, "a,Lamp,Size,S,1,0,deny,5,active\na,,,M,2,1,deny,7,\na,,,L,3,1,deny,9,\n")
    assert isinstance(lamp, Product)
    assert lamp.price_minor == 700


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (",Lamp,,,,1,deny,5,active", "Handle"), ("a,,,,,1,deny,5,active", "title"), ("a,Lamp,,,,1,deny,,active", "price"),
        ("a,Lamp,,,x,1,deny,,active", "price"), ("a,Lamp,,,,1.5,deny,5,active", "inventory quantity"), ("a,Lamp,,,,1,deny,-5,active", "price"),
    ],
)  # fmt: skip
def test_a_product_that_cannot_be_sold_is_rejected_by_the_name_of_its_field(
    tmp_path: Path, row: str, field: str
) -> None:
    (found,) = _read(tmp_path, f"{row}\n")
    assert isinstance(found, Reject)
    assert (found.line, found.field) == (2, field)


def test_a_product_of_rows_without_end_is_rejected(tmp_path: Path) -> None:
    rows = "a,Lamp,Size,S,1,1,deny,5,active\n" * (MOST_OF_ONE + 1) + "b,Mug,,,,,deny,3,active\n"
    lamp, mug = _read(tmp_path, rows)
    assert "at most 5000 are read" in str(lamp)
    assert isinstance(lamp, Reject)
    assert lamp.product_id == "a"
    assert isinstance(mug, Product)

from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalog import Product, Reject
from catalog.feeds import detect
from catalog.feeds.woocommerce import read_woocommerce

EXPORT = Path(__file__).parent / "woocommerce_export.csv"
NOW = datetime(2026, 11, 15, tzinfo=UTC)
HEAD = "ID,Type,SKU,Name,Published,In stock?,Stock,Backorders allowed?,Regular price,Sale price,Date sale price starts,Date sale price ends,Parent\n"


def _export() -> dict[str, Product]:
    return {row.id: row for row in read_woocommerce(EXPORT, NOW, "EUR") if isinstance(row, Product)}


def _one(tmp_path: Path, rows: str) -> Product | Reject:
    feed = tmp_path / "export.csv"
    feed.write_text(f"{HEAD}{rows}\n", encoding="utf-8")
    (found,) = read_woocommerce(feed, NOW)
    return found


def test_variations_find_their_parent_by_sku_or_id_however_far_apart() -> None:
    coat = _export()["44"]
    assert (coat.title, coat.brand, coat.category) == ("Moor Coat", "Heath", "Clothing > Coats")
    assert coat.description == "Waxed cotton. Cut long. Two pockets."
    assert (coat.price_minor, coat.currency, coat.in_stock) == (14900, "EUR", True)
    assert [(v.id, dict(v.options), v.price_minor, v.quantity) for v in coat.variants] == [
        ("46", {"Size": "S"}, 14900, 2),
        ("47", {"Size": "M"}, 119900, 0),
    ]
    assert coat.images == ("https://img.example/m1.jpg", "https://img.example/m2.jpg")
    assert coat.attributes == {
        "Lining": "Wool, brushed", "Weight": "1.4 kg", "Tags": "rain", "Regular price": "1199.00 EUR", "Also in": "New in"
    }  # fmt: skip


def test_simple_external_and_virtual_products_are_read_and_hidden_attributes_are_not() -> None:
    shop = _export()
    assert (shop["45"].price_minor, shop["45"].quantity, shop["45"].attributes) == (450, 12, {})
    assert shop["49"].url == "https://hats.example/felt"
    assert (shop["CARD"].in_stock, shop["CARD"].attributes) == (True, {"Availability": "On backorder"})


def test_what_is_not_sold_by_itself_or_not_shown_is_rejected_with_that_reason() -> None:
    assert [str(row) for row in read_woocommerce(EXPORT, NOW) if isinstance(row, Reject)] == [
        "woocommerce_export.csv:6: Type: is grouped: only simple, variable and external products have a price",
        "woocommerce_export.csv:8: Published: is a draft: only published products are offered",
        "woocommerce_export.csv:9: Visibility in catalog: is hidden: only what shoppers can find is offered",
        "woocommerce_export.csv:10: Parent: is not among the products of this feed",
    ]


def test_the_export_is_told_by_its_columns() -> None:
    assert detect(EXPORT) == "woocommerce"


def test_an_export_in_the_language_of_the_shop_is_read_like_any_other() -> None:
    german = EXPORT.with_name("woocommerce_export_de.csv")
    assert detect(german) == "woocommerce"
    jacket, pin, draft = sorted(read_woocommerce(german, NOW, "EUR"), key=lambda row: isinstance(row, Reject))
    assert isinstance(jacket, Product)
    assert isinstance(pin, Product)
    assert isinstance(draft, Reject)
    assert (jacket.title, jacket.category, jacket.brand, jacket.price_minor) == (
        "Moorjacke",
        "Kleidung > Jacken",
        "Heide",
        14900,
    )
    assert jacket.description == "Gewachste Baumwolle. Lang geschnitten. Zwei Taschen."
    assert [(v.id, dict(v.options), v.price_minor, v.quantity) for v in jacket.variants] == [
        ("103", {"Größe": "S"}, 14900, 2), ("104", {"Größe": "M"}, 119900, 0),
    ]  # fmt: skip
    assert (pin.title, pin.price_minor, pin.attributes["GTIN"], pin.attributes["Regular price"]) == (
        "=Messingstift", 390, "4006381333931", "4.50 EUR",
    )  # fmt: skip
    assert (draft.product_id, draft.withdrawn, draft.reason[:21]) == ("105", True, "is waiting for review")


def test_a_rejected_variation_names_the_product_it_belongs_to(tmp_path: Path) -> None:
    rows = "1,variable,COAT,Coat,1,1,,0,,,,,\n2,variation,,S,1,1,,0,5,,,,COAT\n3,variation,,M,1,1,,0,x,,,,COAT\n4,variation,,L,0,1,,0,5,,,,id:1\n,simple,PIN,Pin,1,1,,0,y,,,,"
    feed = tmp_path / "export.csv"
    feed.write_text(f"{HEAD}{rows}\n", encoding="utf-8")
    left_out = [row for row in read_woocommerce(feed, NOW) if isinstance(row, Reject)]
    assert [(r.line, r.product_id, r.withdrawn) for r in left_out] == [
        (4, "1", False),
        (5, "1", True),
        (6, "PIN", False),
    ]


@pytest.mark.parametrize(("price", "minor"), [("12.500", 12500), ("12,500", 12500), ("1250", 1250000)])
def test_three_decimals_are_decimals_where_the_currency_has_them(tmp_path: Path, price: str, minor: int) -> None:
    feed = tmp_path / "export.csv"
    feed.write_text(f'{HEAD}1,simple,,Lamp,1,1,,0,"{price}",,,,\n', encoding="utf-8")
    (found,) = read_woocommerce(feed, NOW, "KWD")
    assert isinstance(found, Product)
    assert found.price_minor == minor


@pytest.mark.parametrize(
    ("start", "end", "price"),
    [
        ("", "", 400),
        ("2026-11-15", "2026-11-15", 400),
        ("2026-11-16", "", 500),
        ("", "2026-11-14", 500),
        ("2026-11-01 00:00:00", "", 400),
    ],
)
def test_a_sale_counts_only_on_its_days(tmp_path: Path, start: str, end: str, price: int) -> None:
    found = _one(tmp_path, f"1,simple,,Lamp,1,1,,0,5,4,{start},{end},")
    assert isinstance(found, Product)
    assert found.price_minor == price


@pytest.mark.parametrize(
    ("stated", "count", "beyond", "in_stock", "quantity"),
    [("1", "", "0", True, None), ("1", "3", "0", True, 3), ("0", "3", "0", False, 0), ("1", "0", "0", False, 0), ("1", "0", "notify", True, None), ("1", "-2", "0", False, 0)],
)  # fmt: skip
def test_stock_is_what_the_shop_would_sell(
    tmp_path: Path, stated: str, count: str, beyond: str, in_stock: bool, quantity: int | None
) -> None:
    found = _one(tmp_path, f"1,simple,,Lamp,1,{stated},{count},{beyond},5,,,,")
    assert isinstance(found, Product)
    assert (found.in_stock, found.quantity) == (in_stock, quantity)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (",simple,,Lamp,1,1,,0,5,,,,", "id"), ("1,simple,,,1,1,,0,5,,,,", "title"), ("1,simple,,Lamp,1,1,,0,,,,,", "regular price"),
        ("1,simple,,Lamp,1,1,some,0,5,,,,", "stock"), ("1,simple,,Lamp,1,1,,0,1.299,,,,", "regular price"),
        ("1,simple,,Lamp,1,1,,0,5,4,soon,,", "date sale price starts"), ("1,simple,,Lamp,0,1,,0,5,,,,", "Published"),
        ("1,variable,L,Lamp,1,1,,0,,,,,", "Type"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_sold_is_rejected_by_the_name_of_its_field(tmp_path: Path, row: str, field: str) -> None:
    found = _one(tmp_path, row)
    assert isinstance(found, Reject)
    assert (found.line, found.field) == (2, field)

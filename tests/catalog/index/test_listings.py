"""Products as a snapshot keeps them."""

from pathlib import Path

from catalog import Product
from catalog.index.listings import Listings, ListingsWriter
from tests.catalog.conftest import product


def written(path: Path, *products: Product) -> Listings:
    writer = ListingsWriter(path)
    for one in products:
        writer.add(one)
    writer.finish()
    return Listings(path)


def test_products_are_read_as_they_were_written(tmp_path: Path) -> None:
    whole = product(
        "lamp", category="Lighting > Desk", quantity=3, title="Desk lamp", brand="Luma", description="Warm light.\nFolds.", rating=4.5, rating_count=9,
        attributes={"Colour": "blue"}, images=["https://shop.example/1.png"], url="https://shop.example/lamp",
        reviews=[{"rating": 5, "text": "Bright", "date": "2026-01-02"}],
        variants=[{"id": "v", "options": {"Size": "M"}, "price": "9.50", "quantity": 0}],
        translations={"zh": {"title": "台灯", "terms": {"blue": "蓝色"}, "reviews": [{"text": "很亮"}]}},
    )  # fmt: skip
    listings = written(tmp_path / "p", product("mug", title="Becher ☕"), whole, product("杯", title="杯子"))
    assert listings.get([1, 0]) == [whole, product("mug", title="Becher ☕")]
    assert [one.title for one in listings.get([2])] == ["杯子"]


def test_a_catalogue_without_products_has_none_to_read(tmp_path: Path) -> None:
    assert written(tmp_path / "p").get([]) == []

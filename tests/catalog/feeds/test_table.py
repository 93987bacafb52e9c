from pathlib import Path

import pytest

from catalog import FeedError, Product, Reject
from catalog.feeds.table import load_mapping, read_table


def _read(tmp_path: Path, table: str, mapping: str | None = None) -> list[Product | Reject]:
    feed = tmp_path / "feed.csv"
    feed.write_text(table, encoding="utf-8")
    if mapping is None:
        return list(read_table(feed))
    (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
    return list(read_table(feed, load_mapping(tmp_path / "mapping.yaml")))


def test_columns_named_like_the_fields_are_taken_and_the_others_are_attributes(tmp_path: Path) -> None:
    table = "ID,Title,Price,In Stock,rating_count,Images,Material\na,<b>Oak</b> desk,$1299.00,no,7,/a.png https://x/b.png,Oak\n"
    (found,) = _read(tmp_path, table)
    assert isinstance(found, Product)
    assert (found.title, found.price_minor, found.in_stock, found.rating_count) == ("Oak desk", 129900, False, 7)
    assert found.images == ("/a.png", "https://x/b.png")
    assert found.attributes == {"Material": "Oak"}


def test_a_mapping_says_which_column_is_which(tmp_path: Path) -> None:
    mapping = 'id: Nr\ntitle: Bezeichnung\nprice: Preis\nattributes.Color: Farbe\ncurrency: EUR\ndecimal: ","\ndelimiter: ";"\n'
    (found,) = _read(tmp_path, "Nr;Bezeichnung;Preis;Farbe;Intern\n7;Tisch;1.299;Rot;x\n", mapping)
    assert isinstance(found, Product)
    assert (found.id, found.price_minor, found.currency) == ("7", 129900, "EUR")
    assert found.attributes == {"Color": "Rot"}


def test_the_column_decides_what_a_sign_means(tmp_path: Path) -> None:
    desk, lamp = _read(tmp_path, 'id,title,price\na,Desk,"1.299"\nb,Lamp,"49,90"\n')
    assert isinstance(desk, Product)
    assert isinstance(lamp, Product)
    assert (desk.price_minor, lamp.price_minor) == (129900, 4990)


def test_a_price_that_could_be_two_is_rejected_and_the_rest_is_read(tmp_path: Path) -> None:
    bad, good = _read(tmp_path, "id,title,price\na,Desk,1.299\nb,Lamp,49\n")
    assert str(bad) == "feed.csv:2: price: '1.299' can be 1299 or 1.299: give decimals"
    assert isinstance(good, Product)


def test_the_second_of_two_rows_with_one_id_is_told_where_the_first_stands(tmp_path: Path) -> None:
    _, again = _read(tmp_path, "id,title,price\na,Desk,1\na,Lamp,2\n")
    assert str(again) == "feed.csv:3: id: 'a' was already given at feed.csv:2"


def test_a_formula_in_a_title_is_text(tmp_path: Path) -> None:
    (found,) = _read(tmp_path, 'id,title,price\na,"=HYPERLINK(""http://x"")",1\n')
    assert isinstance(found, Product)
    assert found.title == '=HYPERLINK("http://x")'


def test_the_fixture_is_read_with_its_signs_and_another_column_for_the_currency() -> None:
    table, chair, formula = read_table(Path(__file__).with_name("table.csv"))
    assert isinstance(table, Product)
    assert isinstance(chair, Product)
    assert isinstance(formula, Product)
    assert (table.id, table.price_minor, table.description, table.attributes) == (
        "T-1", 129900, "Massiv. Geölt.", {"Farbe": "Natur"}
    )  # fmt: skip
    assert (chair.title, chair.price_minor, chair.currency, chair.in_stock) == ('Stuhl "Fjord"', 8950, "EUR", False)
    assert formula.title == '=HYPERLINK("http://x.example")'


def test_a_mapping_tells_which_column_names_the_product_of_a_rejected_row(tmp_path: Path) -> None:
    mapping = "id: Nr\ntitle: Name\nprice: Preis\n"
    found = _read(tmp_path, "Nr,Name,Preis\n7,Tisch,x\n8,Stuhl,1,2\n9,Ba", mapping)
    assert [r.product_id for r in found if isinstance(r, Reject)] == ["7", "8", "9"]


def test_a_row_without_an_id_or_price_is_rejected_with_its_line(tmp_path: Path) -> None:
    assert [str(r) for r in _read(tmp_path, "id,title,price\n,Desk,1\nb,Lamp,\n")] == [
        "feed.csv:2: id: Field required",
        "feed.csv:3: price: Field required",
    ]


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        ("- a\n", "must be lines"), ("id: [", "cannot be read"), ("name: x\n", "names 'name'"), ("decimal: x\n", "decimal is 'x'"),
        ("delimiter: ab\n", "delimiter is 'ab'"), ("id: id\ntitle: Titel\nprice: price\n", "no column for title"),
        ("id: id\ntitle: title\nprice: price\nbrand: Marke\n", "'marke', which the mapping gives for brand"), ("id: id\n", "no column for title"),
    ],
)  # fmt: skip
def test_a_mapping_that_does_not_fit_is_one_clear_error(tmp_path: Path, mapping: str, reason: str) -> None:
    with pytest.raises(FeedError, match=reason):
        _read(tmp_path, "id,title,price\na,Desk,1\n", mapping)

import pytest

from catalog.query import codes, document_tokens
from catalog.query.codes import compounds


@pytest.mark.parametrize(
    "writings",
    [
        ("WH-1000XM4", "wh1000xm4", "WH1000-XM4", "wh_1000xm4", "ＷＨ-1000XM4"),
        ("B07-XYZ", "b07xyz", "b07/xyz"),
        ("USB-C",),
        ("A4",),
        ("M8",),
        ("10.5", "10.50"),
        ("1/4", "¼"),
        ("1 1/2", "1½", "1-1/2"),
        ("500 ml", "500ml", "500-ml", "500毫升", "500 毫升"),
        ("27 inch", '27"', "27-inch", "27 inches", "27英寸", "27 in"),
        ("10,000 mAh", "10000mAh", "10000毫安时"),
        ("90 x 200", "90×200", "90x200", "90*200"),
    ],
)
def test_a_code_has_one_form_however_it_is_written(writings: tuple[str, ...]) -> None:
    forms = [set(codes(writing)) for writing in writings]
    assert set.intersection(*forms)


def test_a_measure_has_one_form_in_whatever_unit() -> None:
    assert codes("1.5 kg")[-1] == codes("1500 g")[-1] == codes("1.5公斤")[-1] == "1500g"


@pytest.mark.parametrize(
    "text",
    ["t-shirt", "multi-tool", "3-piece set", "and/or", "iPhone 13", "2 in 1", "5 in stock", "size 10-12", "2024/05/06", "水壶", "", "%&"],
)  # fmt: skip
def test_words_and_plain_numbers_are_no_codes(text: str) -> None:
    assert codes(text) == ()


@pytest.mark.parametrize(("text", "other"), [("10.5", "105"), ("1/4in", "14in"), ("1.2l", "2l"), ("1½", "11/2")])
def test_different_sizes_share_no_code(text: str, other: str) -> None:
    assert set(codes(text)).isdisjoint(codes(other))


def test_the_index_holds_words_codes_and_compounds_joined_and_in_parts() -> None:
    held = document_tokens("Water-resistant WH-1000XM4, USB-C, 500 ml")
    assert {"water-resist", "waterresist", "water", "resist", "wh-1000xm4", "wh1000xm4", "usbc", "500ml"} <= set(held)
    assert document_tokens("Two red mugs") == ["two", "red", "mug"]


def test_compounds_are_told_by_their_hyphens() -> None:
    assert compounds("a Non-Stick pan, water - cold") == (("non", "stick"),)

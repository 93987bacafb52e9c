"""What a refusal leaves out and what it must not, and the like for wishes that only prose meets."""

import pytest

from catalog import (
    Catalog,
    CatalogIndex,
    CatalogTables,
    Constraint,
    Product,
    Translation,
    Variant,
    asserts,
    open_catalog,
    satisfies,
    store,
)
from tests.fakes import WordEmbedder
from tests.shop import PRODUCTS

NO_LEATHER = Constraint("text", "not_contains", ("leather", "皮革"))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("Leather strap, no plastic.", "leather"), ("A plastic-free box with a plastic lid", "plastic"), ("not only cotton", "cotton"), ("皮革表带", "皮革"),
    ],
)  # fmt: skip
def test_a_thing_is_asserted(text: str, term: str) -> None:
    assert asserts(text, term)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("No leather.", "leather"), ("contains no leather", "leather"), ("made without any leather", "leather"), ("plastic-free", "plastic"),
        ("free of plastic", "plastic"), ("it isn't leather", "leather"), ("faux leather", "leather"), ("vegan leather", "leather"),
        ("不含塑料", "塑料"), ("无皮革", "皮革"), ("人造皮革", "皮革"), ("nothing of the kind", "leather"),
    ],
)  # fmt: skip
def test_a_thing_is_denied_or_not_spoken_of(text: str, term: str) -> None:
    assert not asserts(text, term)


def test_a_listing_that_denies_what_is_refused_is_kept() -> None:
    assert satisfies(Product("b", "Tote", 900, description="Canvas, no leather at all."), [NO_LEATHER])
    assert not satisfies(Product("b", "Tote", 900, description="Canvas with leather handles."), [NO_LEATHER])


def test_a_listing_that_denies_what_is_wanted_is_left_out() -> None:
    wish = [Constraint("attributes.Material", "contains", ("leather",))]
    assert not satisfies(Product("b", "Tote", 900, description="Canvas, no leather at all."), wish)


def test_a_product_that_comes_in_another_colour_too_is_not_refused_for_one() -> None:
    bag = Product(
        "b", "Bag", 900, variants=(Variant("1", {"Color": "Black"}, 900, 2), Variant("2", {"Color": "Navy"}, 900, 1))
    )
    not_black = Constraint("attributes.Color", "not_contains", ("black",))
    assert satisfies(bag, [not_black])
    assert not satisfies(bag, [not_black, Constraint("attributes.Color", "not_contains", ("navy",))])


def test_a_refused_colour_and_a_size_must_be_met_by_one_variant() -> None:
    shoe = Product(
        "s",
        "Shoe",
        900,
        variants=(
            Variant("1", {"Color": "Black", "Size": "42"}, 900, 2),
            Variant("2", {"Color": "Red", "Size": "41"}, 900, 2),
        ),
    )
    asked = [
        Constraint("attributes.Color", "not_contains", ("black",)),
        Constraint("attributes.Size", "contains", ("42",)),
    ]
    assert not satisfies(shoe, asked)


def test_a_refused_kind_leaves_out_no_neighbour_in_a_category_of_several_kinds() -> None:
    no_wallets = [Constraint("type", "not_contains", ("wallet",))]
    assert satisfies(Product("b", "Daypack", 900, category="Bags & Wallets"), no_wallets)
    assert not satisfies(Product("w", "Slim Wallet", 900, category="Bags & Wallets"), no_wallets)
    assert not satisfies(Product("w", "Slim Billfold", 900, category="Wallets"), no_wallets)


def test_a_refused_kind_is_found_in_a_title_that_names_two_makers() -> None:
    assert not satisfies(Product("g", "Dunn & Dice Card Game", 900), [Constraint("type", "not_contains", ("game",))])


@pytest.mark.parametrize(
    ("title", "fits"),
    [
        ("Men's Running Shoes", False),
        ("Women's Running Shoes", True),
        ("Men's and Women's Socks", True),
        ("Running Shoes", True),
    ],
)
def test_a_title_tells_for_whom_it_is_where_no_attribute_does(title: str, fits: bool) -> None:
    for_women = Constraint("attributes.Gender", "not_in", ("Men", "Men's", "Boys"))
    assert satisfies(Product("s", title, 900), [for_women]) == fits


def test_a_stated_gender_counts_more_than_a_title() -> None:
    for_women = Constraint("attributes.Gender", "not_in", ("Men", "Men's"))
    assert satisfies(Product("s", "Men's Style Loafers", 900, attributes={"Gender": "Women"}), [for_women])


def test_a_size_within_a_span_fits() -> None:
    socks = Product("s", "Socks", 900, attributes={"Size": "EU 39-42"})
    assert satisfies(socks, [Constraint("attributes.Size", "contains", ("41",))])
    assert not satisfies(socks, [Constraint("attributes.Size", "contains", ("43",))])


def test_how_long_and_wide_a_thing_is_is_no_size() -> None:
    bag = Product(
        "b",
        "Bag",
        900,
        attributes={"Dimensions": "45 x 42 x 14 cm"},
        translations=(Translation("zh", "包", terms={"Dimensions": "尺寸"}),),
    )
    assert not satisfies(bag, [Constraint("attributes.Size", "contains", ("42",))])


def test_more_than_an_attribute_states_may_stand_in_prose() -> None:
    tent = Product("t", "Dome Tent", 900, description="Waterproof floor.", attributes={"Water resistance": "3000 mm"})
    assert satisfies(tent, [Constraint("attributes.Water resistance", "contains", ("waterproof",))])


def test_a_search_finds_what_satisfies_and_nothing_else_however_often_it_is_asked(tmp_path) -> None:
    tables, embedder = CatalogTables(f"sqlite:///{tmp_path / 'catalog.db'}"), WordEmbedder()
    store(tables, iter(PRODUCTS), replace=True)
    catalog: Catalog = open_catalog(tables, CatalogIndex(embedder, tmp_path))
    wishes = [
        Constraint("price", "lt", 5_000), Constraint("in_stock", "eq", True), Constraint("type", "contains", ("lamp",)),
        Constraint("text", "not_contains", ("oak",)), Constraint("attributes.Color", "not_contains", ("white",)),
    ]  # fmt: skip
    for _ in range(2):
        for first in range(len(wishes)):
            for last in range(first, len(wishes)):
                asked = wishes[first : last + 1]
                expected = {p.id for p in PRODUCTS if satisfies(p, asked)}
                assert {p.id for p in catalog.matching(asked)} == expected
                assert {hit.product.id for hit in catalog.search("lamp", asked, 20)} <= expected

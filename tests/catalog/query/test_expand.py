from collections import Counter

import pytest

from catalog.query import Expander, Term, document_tokens

LISTINGS = (
    "Sony WH-1000XM4 wireless headphones", "Sofa in grey linen", "Waterproof hiking backpack", "Cotton T-shirt, size 10.5", "不锈钢保温杯 500毫升",
    "Stainless steel kettle 1.7 L", "USB-C charging cable", "iPhone 13 case", "Coffee machine", "Coffee beans", "红色连衣裙", "Pokémon cards",
)  # fmt: skip
SHOP = Expander(Counter(token for listing in LISTINGS for token in set(document_tokens(listing))))


def found(query: str) -> list[str]:
    """The listings that share a token with the expanded query, the best first."""
    weight = {term.token: term.weight for term in SHOP.expand(query)}
    scores = {listing: sum(weight.get(token, 0.0) for token in set(document_tokens(listing))) for listing in LISTINGS}
    return sorted((listing for listing in LISTINGS if scores[listing]), key=lambda listing: -scores[listing])


def test_what_is_said_and_held_is_asked_for_as_it_stands() -> None:
    assert SHOP.expand("coffee beans") == (Term("coffe", 1.0, "said"), Term("bean", 1.0, "said"))


def test_a_word_said_twice_is_one_term_and_an_unknown_one_stays() -> None:
    assert SHOP.expand("sushi sushi") == (Term("sushi", 1.0, "said"),)


@pytest.mark.parametrize(
    ("query", "listing"),
    [
        ("wh1000xm4", LISTINGS[0]), ("WH 1000 XM4", LISTINGS[0]), ("wh-1000-xm4", LISTINGS[0]), ("1000xm4", LISTINGS[0]), ("headphoens", LISTINGS[0]),
        ("head phones", LISTINGS[0]), ("cordless earphones", LISTINGS[0]), ("无线耳机", LISTINGS[0]), ("couch", LISTINGS[1]), ("沙发", LISTINGS[1]),
        ("gray sofa", LISTINGS[1]), ("water resistant rucksack", LISTINGS[2]), ("防水背包", LISTINGS[2]), ("tshirt", LISTINGS[3]), ("t shirt", LISTINGS[3]),
        ("size 10.5", LISTINGS[3]), ("500 ml", LISTINGS[4]), ("0.5l flask", LISTINGS[4]), ("thermos", LISTINGS[4]), ("1.7l ketle", LISTINGS[5]),
        ("usb c", LISTINGS[6]), ("usbc", LISTINGS[6]), ("iphone13", LISTINGS[7]), ("coffee maker", LISTINGS[8]), ("cofee maker", LISTINGS[8]),
        ("red dress", LISTINGS[10]), ("pokemon", LISTINGS[11]), ("POKÉMON", LISTINGS[11]),
    ],
)  # fmt: skip
def test_what_a_shopper_types_finds_the_listing_first(query: str, listing: str) -> None:
    assert found(query)[0] == listing


def test_terms_tell_where_they_come_from() -> None:
    origins = {term.token: (term.origin, term.weight) for term in SHOP.expand("wh-1000xm4 headphoens couch")}
    assert origins["wh1000xm4"] == ("code", 2.0)
    assert origins["headphon"] == ("spelling", 0.8)
    assert origins["sofa"] == ("synonym", 0.5)
    assert origins["couch"] == ("said", 1.0)


def test_only_what_listings_hold_is_added() -> None:
    said = {"couch", "maker", "coffe"}
    held = {token for listing in LISTINGS for token in document_tokens(listing)}
    assert {term.token for term in SHOP.expand("couch coffee maker")} <= said | held


def test_corrections_are_told_as_they_were_typed_and_meant() -> None:
    assert SHOP.corrections("Cofee and Headphoens, please, no sushi") == {"cofee": "coffee", "headphoens": "headphones"}
    assert SHOP.corrections("coffee 保温杯 wh1000xm5") == {}


def test_a_catalogue_in_one_language_is_found_in_the_other_though_mistyped() -> None:
    chinese = Expander(Counter(document_tokens("不锈钢保温杯 雨伞")))
    assert Term("雨伞", 1.0, "synonym") in chinese.expand("umbrela")


def test_an_empty_catalogue_and_an_empty_query_expand_to_nothing_more() -> None:
    assert Expander({}).expand("red mug") == (Term("red", 1.0, "said"), Term("mug", 1.0, "said"))
    assert SHOP.expand("") == ()

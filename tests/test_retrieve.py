from pathlib import Path

import pytest

from assistant.retrieve import retrieve
from assistant.types import Need
from catalog import Catalog, CatalogIndex, CatalogTables, Constraint, Product, open_catalog, satisfies, store
from tests.fakes import ThemeEmbedder

LAMP = Constraint("type", "contains", ("lamp",), "inferred")
KETTLE = Constraint("type", "contains", ("kettle",), "inferred")

SOFA = Constraint("type", "eq", ("sofa", "couch", "沙发"), "inferred")
BICYCLE = Constraint("type", "contains", ("bicycle",), "inferred")


def upto(price: int) -> Constraint:
    return Constraint("price", "le", price)


def ids(need: Need, catalog: Catalog, **how: frozenset[str]) -> list[str]:
    return [c.product.id for c in retrieve(need, catalog, **how).candidates]


def test_every_candidate_satisfies_every_constraint(catalog: Catalog) -> None:
    for constraints in (
        (LAMP,),
        (upto(4_500),),
        (LAMP, Constraint("text", "not_contains", ("oak", "橡木")), upto(5_000)),
    ):
        found = retrieve(Need("a warm light", None, constraints), catalog)
        assert found.candidates and all(satisfies(c.product, constraints) for c in found.candidates)
        assert found.matching == len(found.candidates)


def test_out_of_stock_is_never_a_candidate(catalog: Catalog) -> None:
    assert "glass" not in ids(Need("green glass lamp", None, (LAMP,)), catalog)


def test_what_was_shown_is_left_out_but_still_counted(catalog: Catalog) -> None:
    found = retrieve(Need("lamp", None, (LAMP,)), catalog, exclude=frozenset({"oak", "steel"}))
    assert {c.product.id for c in found.candidates} == {"plastic", "arc"} and found.matching == 4


def test_a_sold_out_product_that_fits_is_the_nearest_miss(catalog: Catalog) -> None:
    miss = retrieve(
        Need("lamp", None, (LAMP, Constraint("attributes.Color", "contains", ("green", "绿色")))), catalog
    ).near_miss
    assert miss and miss.product.id == "glass" and miss.failed.field == "in_stock"


def test_a_price_that_nothing_meets_names_the_nearest_and_the_gap(catalog: Catalog) -> None:
    miss = retrieve(Need("kettle", None, (KETTLE, upto(2_000))), catalog).near_miss
    assert miss and miss.product.id == "raven" and miss.failed == upto(2_000) and miss.gap_minor == 1_000


def test_a_lower_limit_is_missed_from_below(catalog: Catalog) -> None:
    dear = Constraint("price", "ge", 60_000)
    miss = retrieve(Need("kettle", None, (KETTLE, dear)), catalog).near_miss
    assert miss and miss.product.id == "robin" and miss.gap_minor == 60_000 - 5_200


def test_a_nearest_miss_never_relaxes_a_refusal(catalog: Catalog) -> None:
    refusals = (
        Constraint("text", "not_contains", ("glass", "玻璃")),
        Constraint("text", "not_contains", ("steel", "钢")),
    )
    found = retrieve(Need("kettle", None, (KETTLE, *refusals)), catalog)
    assert not found.candidates and found.near_miss is None


def test_a_nearest_miss_keeps_the_kind(catalog: Catalog) -> None:
    miss = retrieve(
        Need("red lamp", None, (LAMP, Constraint("attributes.Color", "contains", ("red", "红色")))), catalog
    ).near_miss
    assert miss and miss.failed.field == "attributes.Color" and "Lamp" in miss.product.title


def test_a_category_is_a_constraint(catalog: Catalog) -> None:
    assert set(ids(Need("", "Kitchen"), catalog)) == {"robin", "raven", "mug"}


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("the cheapest lamp", "plastic"),
        ("the most expensive lamp", "arc"),
        ("best rated lamp", "oak"),
        ("最便宜的台灯", "plastic"),
    ],
)
def test_a_superlative_is_code_s_own_order(query: str, first: str, catalog: Catalog) -> None:
    assert ids(Need(query, None, (LAMP,)), catalog)[0] == first


def test_a_wish_that_names_no_thing_gets_what_is_well_liked(catalog: Catalog) -> None:
    assert ids(Need("a gift for my dad"), catalog)[0] == "robin"
    assert ids(Need("送爸爸的礼物"), catalog)[0] == "robin"


def test_a_thing_that_is_not_carried_is_named(catalog: Catalog) -> None:
    assert retrieve(Need("chocolate"), catalog).not_carried == "chocolate"
    assert retrieve(Need("巧克力"), catalog).not_carried == "巧克力"


@pytest.mark.parametrize(
    "need",
    [
        Need("kettle"),
        Need("zzz lamp"),
        Need("chocolate", None, (LAMP,)),
        Need("chocolate", "Kitchen"),
        Need("a gift"),
        Need("想给姐姐买个生日礼物"),
        Need("sorry, a present for my dad"),
        Need(""),
    ],
)
def test_a_thing_that_is_carried_is_not_denied(need: Need, catalog: Catalog) -> None:
    assert retrieve(need, catalog).not_carried is None


def test_a_refused_kind_does_not_hide_that_a_thing_is_not_carried(catalog: Catalog) -> None:
    need = Need("chocolate", None, (Constraint("type", "not_contains", ("mug",)),))
    assert retrieve(need, catalog).not_carried == "chocolate"


@pytest.fixture(scope="module")
def outfitter(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """A shop in which one headlamp speaks of cooking, and no pan does."""
    folder: Path = tmp_path_factory.mktemp("outfitter")
    embedder = ThemeEmbedder("cooking pan pot ladle kitchen", "headlamp tent rope camping dark")
    products = [
        Product(
            "headlamp", "Headlamp", 2_000, description="For cooking in the dark, and for the rope.", category="Camping"
        ),
        Product("tent", "Tent", 9_000, description="Dark within.", category="Camping"),
        Product("rope", "Rope", 1_000, description="Ten steps of it.", category="Camping"),
        Product("pan", "Pan", 3_000, description="Iron.", category="Kitchen"),
        Product("pot", "Pot", 4_000, description="Copper.", category="Kitchen"),
        Product("ladle", "Ladle", 800, description="Beech.", category="Kitchen"),
    ]
    tables = CatalogTables(f"sqlite:///{folder / 'catalog.db'}")
    store(tables, iter(products), replace=True)
    return open_catalog(tables, CatalogIndex(embedder, folder))


def test_a_category_that_is_near_in_meaning_outweighs_a_lone_word(outfitter: Catalog) -> None:
    assert outfitter.search("something for cooking", limit=1, by="lexical")[0].product.id == "headlamp"
    assert set(ids(Need("something for cooking"), outfitter)[:3]) == {"pan", "pot", "ladle"}


def test_in_a_category_that_is_near_the_listing_that_says_the_word_comes_first(outfitter: Catalog) -> None:
    assert ids(Need("cooking with beech"), outfitter)[0] == "ladle"


def test_where_a_kind_is_asked_for_its_constraint_chooses_and_no_theme(outfitter: Catalog) -> None:
    headlamp = Constraint("type", "contains", ("headlamp",), "inferred")
    assert ids(Need("headlamp for cooking", None, (headlamp,)), outfitter) == ["headlamp"]


def test_a_wish_by_theme_scores_between_nothing_and_one_best_first(outfitter: Catalog) -> None:
    for query in ("something for cooking", "rope", "a dark tent", "zzz"):
        scores = [c.score for c in retrieve(Need(query), outfitter).candidates]
        assert scores == sorted(scores, reverse=True) and all(0 <= score <= 1 for score in scores)


def test_a_wish_by_theme_keeps_every_constraint(outfitter: Catalog) -> None:
    assert set(ids(Need("something for cooking", None, (upto(2_000),)), outfitter)) == {"ladle", "headlamp", "rope"}


@pytest.mark.parametrize(("kind", "name"), [(SOFA, "sofa"), (BICYCLE, "bicycle")])
def test_a_kind_that_is_carried_nowhere_is_said_so_and_filters_nothing(
    kind: Constraint, name: str, catalog: Catalog
) -> None:
    found = retrieve(Need(f"a {name} for the living room", None, (kind,)), catalog)
    assert (found.not_carried, found.matching, found.near_miss) == (name, 0, None)
    assert len(found.candidates) == 8


def test_beside_a_kind_that_is_not_carried_the_other_wishes_still_hold(catalog: Catalog) -> None:
    found = retrieve(Need("sofa", None, (SOFA, upto(2_000))), catalog)
    assert found.not_carried == "sofa"
    assert {c.product.id for c in found.candidates} == {"plastic", "mug"}
    nothing = retrieve(Need("sofa", None, (SOFA, upto(2))), catalog)
    assert (nothing.not_carried, nothing.candidates, nothing.near_miss) == ("sofa", (), None)


def test_a_kind_of_which_all_is_sold_out_is_carried(catalog: Catalog) -> None:
    glass = Constraint("type", "contains", ("marlow",), "inferred")
    found = retrieve(Need("marlow", None, (glass,)), catalog)
    assert found.not_carried is None and found.near_miss and found.near_miss.failed.field == "in_stock"


def test_a_long_wish_without_a_word_that_is_known_is_not_taken_for_the_name_of_a_thing(catalog: Catalog) -> None:
    assert retrieve(Need("chocolate truffles"), catalog).not_carried == "chocolate truffles"
    assert retrieve(Need("chocolate truffles filled with marzipan"), catalog).not_carried is None


def test_how_near_the_nearest_listing_is_travels_along(catalog: Catalog) -> None:
    assert retrieve(Need("a kettle"), catalog).nearest > retrieve(Need("parcels and payments"), catalog).nearest

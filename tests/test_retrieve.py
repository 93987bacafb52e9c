import pytest

from assistant.retrieve import retrieve
from assistant.types import Need
from catalog import Catalog, Constraint, satisfies

LAMP = Constraint("type", "contains", ("lamp",), "inferred")
KETTLE = Constraint("type", "contains", ("kettle",), "inferred")


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
        Need(""),
    ],
)
def test_a_thing_that_is_carried_is_not_denied(need: Need, catalog: Catalog) -> None:
    assert retrieve(need, catalog).not_carried is None


def test_a_refused_kind_does_not_hide_that_a_thing_is_not_carried(catalog: Catalog) -> None:
    need = Need("chocolate", None, (Constraint("type", "not_contains", ("mug",)),))
    assert retrieve(need, catalog).not_carried == "chocolate"

import pytest

from assistant.need import drop, merge
from assistant.reading.asked import Kind
from assistant.reading.terms import Found
from assistant.types import Need
from catalog import Constraint

RED = Constraint("attributes.Color", "contains", ("red", "红色"))
BLUE = Constraint("attributes.Color", "contains", ("blue", "蓝色"))
NOT_RED = Constraint("attributes.Color", "not_contains", ("red", "红色"))
NO_WOOL = Constraint("text", "not_contains", ("wool", "羊毛"))
WOOL = Constraint("attributes.Material", "contains", ("wool", "羊毛"))
UNDER_50 = Constraint("price", "lt", 5_000)
NOTHING = Found()


def after(before: tuple[Constraint, ...], *stated: Constraint, query: str = "", **how: object) -> Need:
    return merge(Need(query, None, before), "", NOTHING, stated, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "stated", "left"),
    [
        (UNDER_50, Constraint("price", "le", 8_000), False),
        (UNDER_50, Constraint("price", "ge", 2_000), True),
        (UNDER_50, Constraint("price", "ge", 6_000), False),
        (Constraint("price", "gt", 6_000), Constraint("price", "lt", 4_000), False),
        (RED, BLUE, False),
        (RED, NOT_RED, False),
        (NOT_RED, RED, False),
        (NO_WOOL, WOOL, False),
        (WOOL, NO_WOOL, False),
        (NO_WOOL, RED, True),
        (NOT_RED, BLUE, True),
        (NO_WOOL, Constraint("text", "not_contains", ("silk",)), True),
        (Constraint("brand", "eq", "Nodd"), Constraint("brand", "ne", "Nodd"), False),
        (Constraint("brand", "ne", "Nodd"), Constraint("brand", "eq", "Hearth"), True),
        (Constraint("brand", "eq", "Nodd"), Constraint("brand", "eq", "Hearth"), False),
        (Constraint("rating", "ge", 4.0), UNDER_50, True),
    ],
)
def test_what_is_said_now_takes_the_place_of_what_it_contradicts(
    before: Constraint, stated: Constraint, left: bool
) -> None:
    need = after((before,), stated)
    assert stated in need.constraints
    assert (before in need.constraints) == left


def test_refusing_one_alternative_leaves_the_other() -> None:
    both = Constraint("attributes.Color", "contains", ("red", "红色", "blue", "蓝色"))
    assert after((both,), NOT_RED).constraints == (BLUE, NOT_RED)


def test_a_refusal_survives_whatever_else_is_said() -> None:
    need = after((NO_WOOL,), BLUE, UNDER_50)
    assert NO_WOOL in after(need.constraints, RED, Constraint("price", "le", 9_000)).constraints


def test_a_released_field_is_gone_and_its_words_too() -> None:
    need = after((RED, UNDER_50), query="a red lamp", released=frozenset({"attributes.Color"}))
    assert need == Need("a lamp", None, (UNDER_50,))


def test_a_widening_word_joins_the_alternatives() -> None:
    assert after((RED,), BLUE, widens=True).constraints == (
        Constraint("attributes.Color", "contains", ("red", "红色", "blue", "蓝色")),
    )


def test_what_is_allowed_is_no_longer_refused_and_not_demanded() -> None:
    assert merge(Need("", None, (NO_WOOL,)), "", Found(allowed=(WOOL,)), ()).constraints == ()


def test_what_is_allowed_joins_what_was_asked_for() -> None:
    need = merge(Need("", None, (RED,)), "", Found(allowed=(BLUE,)), ())
    assert need.constraints == (Constraint("attributes.Color", "contains", ("red", "红色", "blue", "蓝色")),)


def test_what_is_refused_does_not_attract() -> None:
    assert merge(Need(), "wallet, no wool please", NOTHING, (NO_WOOL,)).query == "wallet please"
    assert merge(Need(), "水壶，不要羊毛的", NOTHING, (NO_WOOL,)).query == "水壶"


def test_the_colour_that_was_replaced_leaves_the_words() -> None:
    assert merge(Need("red lamp", None, (RED,)), "blue", NOTHING, (BLUE,)).query == "lamp blue"


def test_a_kind_is_inferred_from_its_word() -> None:
    need = merge(Need(), "lamps", Found(kinds=(Kind("lamps", ("lamp",), (0, 5)),)), ())
    assert need.constraints == (Constraint("type", "contains", ("lamps", "lamp"), "inferred"),)


def test_a_kind_that_is_not_carried_is_asked_for_by_all_its_names() -> None:
    sofa = Kind("sofas", ("sofa", "couch", "沙发"), (0, 5), carried=False)
    need = merge(Need(), "sofas", Found(kinds=(sofa,)), ())
    assert need.constraints == (Constraint("type", "eq", ("sofas", "sofa", "couch", "沙发"), "inferred"),)


def test_the_kind_asked_for_next_takes_the_place_of_one_that_is_not_carried() -> None:
    sofa = Constraint("type", "eq", ("sofa", "沙发"), "inferred")
    need = merge(Need("sofa", None, (sofa,)), "lamp", Found(kinds=(Kind("lamp", ("lamp",), (0, 4)),)), ())
    assert need == Need("lamp", None, (Constraint("type", "contains", ("lamp",), "inferred"),))


def test_a_query_does_not_grow_without_end() -> None:
    need = Need()
    for number in range(100):
        need = merge(need, f"wish number{number}", NOTHING, ())
    assert len(need.query) <= 400 and "number99" in need.query


def test_a_dropped_constraint_takes_its_words_along() -> None:
    assert drop(Need("a red lamp", None, (RED, UNDER_50)), [RED]) == Need("a lamp", None, (UNDER_50,))

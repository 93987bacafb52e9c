"""Which reply a message gets, and what lies on the shelf beside it."""

import threading

import pytest

from assistant.rank import rank, shelf
from assistant.replies import Replies
from assistant.respond import Moment
from assistant.retrieve import retrieve
from assistant.types import Need, Slate
from assistant.understand import Context, Understanding
from assistant.writer import Writer
from catalog import Constraint
from tests.fakes import honest, scripted
from tests.shop import OAK, PLASTIC, RAVEN, ROBIN, STEEL

LAMP = Constraint("type", "contains", ("lamp",), "inferred")
UNDER_50 = Constraint("price", "lt", 5_000)


@pytest.fixture
def replies(catalog):
    return Replies(catalog, Writer(scripted(honest), stall_timeout_s=5, clock=lambda: 0.0))


def searched(replies, catalog, need, *, context=Context(), **understood):
    locale = understood.pop("locale", "en")
    reading = Understanding("search", need, locale, **understood)
    retrieval = retrieve(need, catalog, exclude=reading.exclude)
    return replies.prepare(reading, context, retrieval, rank(retrieval, need, locale, 4))


def prepared(replies, intent, *, targets=(), context=Context(), locale="en", need=Need()):
    return replies.prepare(Understanding(intent, need, locale, targets), context, None, Slate())


def spoken(answer, message="", locale="en", speech=None):
    moment = Moment(message, answer.need, locale, "USD", 1e9, threading.Event())
    return [one.claim.text for one in (speech or answer.say)(moment)]


def test_a_wish_gets_a_recommendation_led_by_code_and_closed_with_the_cheapest(replies, catalog):
    answer = searched(replies, catalog, Need("lamp", None, (LAMP, UNDER_50)))
    said = spoken(answer)
    assert answer.kind == "recommend"
    assert set(answer.slate.ids()) == {"oak", "steel", "plastic"}
    assert said[0] == "3 products fit: lamp, under $50."
    assert said[-1] == "Pebble Night Lamp is the cheapest of these at $15."


def test_without_the_model_a_recommendation_is_made_of_the_fields(replies, catalog):
    answer = searched(replies, catalog, Need("lamp", None, (LAMP, UNDER_50)))
    said = spoken(answer, speech=answer.plainly)
    assert said[0] == "3 products fit: lamp, under $50."
    assert len(said) == 3
    assert all(" costs $" in sentence for sentence in said[1:])


def test_another_currency_is_said_to_be_read_as_the_shops(replies, catalog):
    answer = searched(replies, catalog, Need("lamp", None, (LAMP,)), foreign_currency="EUR")
    assert spoken(answer)[0] == "Prices here are in US dollars, so I read your limit in US dollars."


def test_no_wish_at_all_gets_a_question_with_liked_products_in_stock_of_different_kinds(replies, catalog):
    answer = searched(replies, catalog, Need())
    assert answer.kind == "clarify"
    assert spoken(answer)[0].endswith("These are well liked here.")
    products = [item.product for item in answer.slate.items]
    assert products[0].id == "robin"
    assert len({product.category for product in products}) == len(products)
    assert all(product.in_stock for product in products)
    assert answer.quick_replies == tuple(product.category for product in products)


def test_where_nothing_fits_the_nearest_miss_and_the_wish_to_give_up_are_named(replies, catalog):
    answer = searched(replies, catalog, Need("lamp", None, (LAMP, Constraint("price", "lt", 1_000))))
    assert answer.kind == "no_match"
    assert answer.slate.items == ()
    assert spoken(answer) == [
        "Nothing here meets all of that: lamp, under $10.",
        "The closest is Pebble Night Lamp at $15, $5 over your limit.",
    ]
    assert answer.quick_replies == ("Without “under $10”",)


def test_the_stock_cannot_be_given_up(replies, catalog):
    glass = Constraint("attributes.Material", "contains", ("glass", "玻璃"))
    answer = searched(replies, catalog, Need("lamp", None, (LAMP, glass)))
    assert spoken(answer)[-1] == "Marlow Glass Lamp at $42 would fit, but it is sold out."
    assert answer.quick_replies == ()


def test_what_the_shop_does_not_carry_is_said_and_no_product_is_praised_for_it(replies, catalog):
    answer = searched(replies, catalog, Need("piano"))
    assert answer.kind == "no_match"
    assert spoken(answer)[0] == "This shop does not seem to carry “piano”."
    assert not any("cheapest" in sentence for sentence in spoken(answer))


def test_everything_shown_already_is_said_so(replies, catalog):
    need = Need("lamp", None, (LAMP, UNDER_50))
    answer = searched(replies, catalog, need, exclude=frozenset({"oak", "steel", "plastic"}))
    assert answer.kind == "no_match"
    assert spoken(answer) == ["I have shown you everything that fits."]


@pytest.mark.parametrize(
    ("op", "price", "anchor", "expected"),
    [
        ("lt", 1_500, PLASTIC, "Pebble Night Lamp at $15 is already the cheapest that fits."),
        ("gt", 4_500, OAK, "Alder Desk Lamp at $45 is already the most expensive that fits."),
    ],
)
def test_past_either_end_of_the_range_the_end_is_named_and_the_need_stays(
    replies, catalog, op, price, anchor, expected
):
    before = Need("lamp", None, (LAMP, UNDER_50))
    need = Need("lamp", None, (LAMP, UNDER_50, Constraint("price", op, price)))
    answer = searched(replies, catalog, need, context=Context(before, (anchor,)), anchor=anchor)
    assert spoken(answer) == [expected]
    assert answer.need == before
    assert answer.slate.ids() == (anchor.id,)


def test_a_question_is_answered_about_its_target_and_leaves_the_shelf_alone(replies):
    answer = prepared(replies, "question", targets=("oak",))
    assert answer.kind == "answer"
    assert answer.slate == Slate()
    assert spoken(answer, "How much is it?") == ["The listing of Alder Desk Lamp says – Price: $45."]


def test_a_question_that_could_not_be_worked_on_gets_the_listing_quoted(replies):
    answer = prepared(replies, "question", targets=("oak",))
    said = spoken(answer, speech=answer.plainly)
    assert said[0].startswith("My words failed me")
    assert said[1] == "The listing says: “A small lamp with a warm light.”"


def test_two_targets_are_compared_side_by_side(replies):
    answer = prepared(replies, "compare", targets=("robin", "raven"), locale="zh")
    assert answer.kind == "compare"
    assert answer.slate.ids() == ("robin", "raven")
    assert spoken(answer, locale="zh")[0].startswith("知更鸟电水壶 $52，渡鸦电水壶 $30：第二款便宜")


def test_one_target_is_compared_with_the_first_other_on_the_shelf(replies):
    answer = prepared(replies, "compare", targets=("raven",), context=Context(shown=(RAVEN, ROBIN)))
    assert answer.slate.ids() == ("raven", "robin")


def test_a_comparison_of_nothing_asks_which_two(replies):
    answer = prepared(replies, "compare", context=Context(shown=(OAK,)))
    assert answer.kind == "compare"
    assert spoken(answer)[0].startswith("Tell me which two products")


def test_a_target_that_the_catalogue_no_longer_has_is_greeted_not_invented(replies):
    answer = prepared(replies, "question", targets=("gone",))
    assert answer.kind == "chat"


@pytest.mark.parametrize(
    ("intent", "kind"),
    [("greeting", "chat"), ("thanks", "chat"), ("bargain", "refuse"), ("person", "service"), ("policy", "service")],
)
@pytest.mark.parametrize("locale", ["en", "zh"])
def test_other_intents_get_one_fixed_or_quoted_sentence(replies, intent, kind, locale):
    answer = prepared(replies, intent, locale=locale)
    assert answer.kind == kind
    said = spoken(answer, "returns 退货", locale)
    assert len(said) == 1
    assert spoken(answer, "returns 退货", locale, answer.plainly) == said


def test_quick_replies_are_those_that_make_sense(replies, catalog):
    several = searched(replies, catalog, Need("lamp", None, (LAMP, UNDER_50)))
    assert "Compare the first two" in several.quick_replies
    assert "Show me others" not in several.quick_replies
    single = searched(replies, catalog, Need("kettle", None, (Constraint("brand", "eq", "Brightly"), UNDER_50)))
    assert len(single.slate.items) == 2
    one = searched(replies, catalog, Need("mug", None, (Constraint("type", "contains", ("mug",)),)))
    assert one.slate.ids() == ("mug",)
    assert "Compare the first two" not in one.quick_replies


def test_the_shelf_of_a_comparison_carries_the_evidence_of_its_reasons():
    shown = shelf([OAK, STEEL], "en")
    ids = {line.id for line in shown.evidence}
    assert all(set(reason.evidence) <= ids for item in shown.items for reason in item.reasons)

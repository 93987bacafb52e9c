"""Which reply a message gets, and what lies on the shelf beside it."""

import threading

import pytest

from assistant.context import Context, Understanding
from assistant.phrases import say
from assistant.rank import rank, shelf
from assistant.reading.vocabulary import learn
from assistant.replies import Replies
from assistant.respond import Moment
from assistant.retrieve import retrieve
from assistant.types import Need, Slate
from assistant.writer import Writer
from catalog import Constraint
from tests.fakes import honest, scripted
from tests.shop import ARC, OAK, PLASTIC, RAVEN, ROBIN, STEEL

LAMP = Constraint("type", "contains", ("lamp",), "inferred")
SOFA = Constraint("type", "eq", ("sofa", "couch", "沙发"), "inferred")
UNDER_50 = Constraint("price", "lt", 5_000)


@pytest.fixture
def replies(catalog):
    return Replies(catalog, learn(catalog), Writer(scripted(honest), stall_timeout_s=5, clock=lambda: 0.0))


def searched(replies, catalog, need, *, context=Context(), **understood):
    locale = understood.pop("locale", "en")
    reading = Understanding("search", need, locale, **understood)
    retrieval = retrieve(need, catalog, exclude=reading.exclude)
    return replies.prepare(reading, context, retrieval, rank(retrieval, need, locale, 4))


def prepared(replies, intent, *, targets=(), context=Context(), locale="en", need=Need(), message=""):
    return replies.prepare(Understanding(intent, need, locale, targets, message=message), context, None, Slate())


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
    assert spoken(answer)[1:] == [
        "Marlow Glass Lamp at $42 would fit, but it is sold out.",
        "The closest in stock is Tern Arc Lamp at $99; it fails only on “glass”.",
    ]
    assert answer.quick_replies == ("Without “glass”", "Tell me when it is back")


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
    assert answer.quick_replies == (say("q_pick", "zh"),)
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


@pytest.mark.parametrize("intent", ["pick", "why", "beyond"])
def test_about_a_shelf_of_which_nothing_is_left_the_shopper_is_greeted(replies, intent):
    assert prepared(replies, intent).kind == "chat"


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


@pytest.mark.parametrize(
    ("shown", "locale", "expected"),
    [
        ((OAK, STEEL), "en", "There are only 2 products on the shelf; tell me which of them you mean."),
        ((OAK, STEEL, ARC), "zh", "货架上只有 3 款，请告诉我您指的是哪一款。"),
        ((OAK,), "en", "There is only one product on the shelf, Alder Desk Lamp."),
        ((OAK,), "zh", "货架上只有桤木台灯这一款。"),
    ],
)
def test_beyond_the_shelf_nothing_is_shown_but_how_many_there_are_is_said(replies, shown, locale, expected):
    need = Need("lamp", None, (LAMP,))
    answer = prepared(replies, "beyond", context=Context(need, shown), locale=locale, need=need)
    assert (answer.kind, answer.slate, answer.need) == ("clarify", Slate(), need)
    assert spoken(answer, locale=locale) == [expected]


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("how many days does delivery take", "Delivery"),
        ("do you take things back unused in their box", "Returns"),
    ],
)
def test_a_question_to_the_shop_that_a_rule_is_nearer_to_than_any_product_gets_the_rule(
    replies, catalog, question, rule
):
    before = Need("lamp", None, (LAMP,))
    answer = searched(replies, catalog, Need(question), context=Context(before, (OAK,)), to_shop=True, message=question)
    assert (answer.kind, answer.need, answer.slate) == ("service", before, Slate())
    assert spoken(answer, question)[0].startswith(f"Our rules on “{rule}”")


def test_a_question_to_the_shop_that_a_product_is_nearer_to_is_a_wish(replies, catalog):
    question = "do you have a kettle that keeps water hot"
    answer = searched(replies, catalog, Need(question), to_shop=True, message=question)
    assert answer.kind == "recommend"
    assert answer.slate.ids()[0] == "raven"


def test_a_wish_is_never_answered_with_a_rule_however_near_it_is(replies, catalog):
    wish = "how many days does delivery take"
    assert searched(replies, catalog, Need(wish), to_shop=False, message=wish).kind == "recommend"


def test_a_question_to_a_shop_without_rules_is_a_wish(ruleless):
    replies = Replies(ruleless, learn(ruleless), Writer(scripted(honest), stall_timeout_s=5, clock=lambda: 0.0))
    wish = "how many days does delivery take"
    assert searched(replies, ruleless, Need(wish), to_shop=True, message=wish).kind == "recommend"


def test_what_is_not_carried_is_shown_with_the_nearest_things_and_ways_on(replies, catalog):
    answer = searched(replies, catalog, Need("sofa", None, (SOFA,)))
    assert answer.kind == "no_match"
    assert len(answer.slate.items) == 4 and answer.slate.matching == 0
    assert spoken(answer) == [
        "This shop does not seem to carry “sofa”.",
        "The nearest things it has are on the shelf.",
    ]
    assert "Something cheaper" in answer.quick_replies


def test_what_is_not_carried_with_an_empty_shelf_offers_nothing_cheaper(replies, catalog):
    answer = searched(replies, catalog, Need("sofa", None, (SOFA, Constraint("price", "lt", 2))))
    assert (answer.kind, answer.slate.items) == ("no_match", ())
    assert spoken(answer) == ["This shop does not seem to carry “sofa”."]
    assert answer.quick_replies == ()


def test_a_feature_that_no_field_states_is_spoken_of_in_a_recommendation(replies, catalog):
    answer = searched(replies, catalog, Need("lamp", None, (LAMP,)), features=("brightness levels",))
    for said in (spoken(answer), spoken(answer, speech=answer.plainly)):
        assert said[1] == "“brightness levels” is in the listing of Harbor Steel Lamp."


def test_of_what_is_not_carried_no_feature_is_looked_for(replies, catalog):
    answer = searched(replies, catalog, Need("sofa", None, (SOFA,)), features=("brightness levels",))
    assert not any("brightness" in sentence for sentence in spoken(answer))


def test_a_pick_begins_with_what_the_search_finds_best_and_leaves_the_shelf_alone(replies):
    need = Need("lamp for the workshop with brightness levels", None, (LAMP,))
    answer = prepared(replies, "pick", targets=("oak",), context=Context(need, (PLASTIC, OAK, STEEL)), need=need)
    assert (answer.kind, answer.slate, answer.need) == ("answer", Slate(), need)
    assert spoken(answer)[0].startswith("I would start with Harbor Steel Lamp at $39")
    assert spoken(answer, speech=answer.plainly) == spoken(answer)


def test_why_is_answered_of_the_product_that_is_meant(replies):
    need = Need("lamp", None, (LAMP, UNDER_50))
    answer = prepared(replies, "why", targets=("steel",), context=Context(need, (OAK, STEEL)), need=need)
    assert (answer.kind, answer.slate) == ("answer", Slate())
    assert spoken(answer)[0] == "Harbor Steel Lamp is here because it meets what you asked for: lamp, under $50."


@pytest.mark.parametrize(
    ("message", "locale", "expected"),
    [
        ("which is the cheapest?", "en", "Pebble Night Lamp is the cheapest of these at $15."),
        ("which one is the most expensive?", "en", "Alder Desk Lamp is the most expensive of these at $45."),
        ("哪款评分最高？", "zh", "评分最高的是桤木台灯：120 条评分，平均 4.6 分。"),
    ],
)
def test_which_of_the_shelf_is_the_most_is_compared_by_code(replies, message, locale, expected):
    shown = (OAK, STEEL, PLASTIC)
    answer = prepared(
        replies, "question", targets=("oak",), context=Context(shown=shown), locale=locale, message=message
    )
    assert (answer.kind, answer.slate) == ("answer", Slate())
    assert spoken(answer, message, locale) == [expected]


def test_more_than_which_it_is_is_answered_from_its_listing(replies):
    message = "how much is the cheapest?"
    answer = prepared(replies, "question", targets=("plastic",), context=Context(shown=(OAK, PLASTIC)), message=message)
    assert spoken(answer, message) == ["The listing of Pebble Night Lamp says – Price: $15."]


@pytest.mark.parametrize(
    ("intent", "product", "message", "shown", "expected"),
    [
        ("question", "oak", "how much is it?", (OAK, STEEL), ("q_more", "q_reviews")),
        ("question", "oak", "tell me more about it", (OAK, STEEL), ("q_reviews", "q_pick")),
        ("question", "oak", "any reviews?", (OAK, STEEL), ("q_more", "q_pick")),
        ("question", "oak", "any reviews?", (OAK,), ("q_more",)),
        ("question", "steel", "tell me more about it", (STEEL,), ()),
        ("pick", "oak", "which one would you pick?", (OAK,), ("q_more", "q_reviews")),
        ("pick", "steel", "which one would you pick?", (STEEL,), ("q_more",)),
        ("why", "steel", "why this one?", (OAK, STEEL), ("q_more", "q_pick")),
    ],
)
def test_what_may_be_asked_next_was_not_just_asked_and_has_an_answer(
    replies, intent, product, message, shown, expected
):
    answer = prepared(replies, intent, targets=(product,), context=Context(shown=shown), message=message)
    assert answer.quick_replies == tuple(say(name, "en") for name in expected)


def test_reviews_are_offered_only_where_the_first_product_has_some(replies, catalog):
    reviewed = searched(replies, catalog, Need("the best rated lamp", None, (LAMP,)))
    assert reviewed.slate.ids()[0] == "oak"
    assert say("q_about", "en") in reviewed.quick_replies
    silent = searched(replies, catalog, Need("the cheapest lamp", None, (LAMP,)))
    assert silent.slate.ids()[0] == "plastic"
    assert say("q_about", "en") not in silent.quick_replies


def test_where_much_matches_wishes_that_narrow_it_are_found_once_asked_for(replies, catalog, monkeypatch):
    need = Need("lamp", None, (LAMP,))
    assert searched(replies, catalog, need).narrowing() == ()
    monkeypatch.setattr("assistant.replies._MANY", 3)
    assert searched(replies, catalog, need).narrowing() == ("From Brightly", "Up to $40")


@pytest.mark.parametrize("message", ["which one is the lightest?", "哪个最轻？"])
def test_which_has_the_least_of_a_measure_is_answered_by_code(replies, message):
    answer = prepared(replies, "compare", context=Context(Need("lamp", None, (LAMP,)), (OAK, STEEL)), message=message)
    assert answer.kind == "answer" and answer.comparison is None
    assert "Alder Desk Lamp" in spoken(answer)[0]

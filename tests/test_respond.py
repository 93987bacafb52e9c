"""The shelf put into words: what code says itself, and what becomes of what the model says."""

import threading
from dataclasses import replace

import pytest

from assistant import respond
from assistant.errors import ModelError
from assistant.rank import rank, shelf
from assistant.respond import Moment
from assistant.retrieve import NearMiss, Retrieval
from assistant.types import Candidate, Need
from assistant.writer import Writer
from catalog import Constraint
from tests.fakes import broken, honest, scripted
from tests.shop import ARC, GLASS, OAK, PLASTIC, STEEL

UNDER_50 = Constraint("price", "le", 5_000)
NEED = Need("lamp", None, (UNDER_50,))


def moment(need=NEED, locale="en"):
    return Moment("a lamp under $50", need, locale, "USD", 1e9, threading.Event())


def slate(*products, need=NEED, locale="en", matching=None):
    found = Retrieval(tuple(Candidate(p, 1 - n / 10) for n, p in enumerate(products)), matching or len(products))
    return rank(found, need, locale, 4)


def explained(shown, model, locale="en"):
    writer = Writer(model, stall_timeout_s=5, clock=lambda: 0.0)
    return list(respond.explain(shown, moment(locale=locale), writer))


def texts(said, status=None):
    return [one.claim.text for one in said if status in (None, one.claim.status)]


@pytest.mark.parametrize(("locale", "title"), [("en", "Alder Desk Lamp"), ("zh", "桤木台灯")])
def test_what_the_model_says_of_the_best_two_is_shown_with_its_evidence(locale, title):
    said = explained(slate(OAK, STEEL, PLASTIC, locale=locale), scripted(honest), locale)
    assert len(said) == 2
    assert all(one.by_model and one.claim.status == "supported" for one in said)
    assert said[0].claim.text.startswith(title)
    assert said[0].claim.evidence == tuple(line.id for line in said[0].evidence)
    assert said[0].evidence[0].product_id == "oak"


def test_prices_and_ratings_are_not_among_the_facts_that_the_model_gets():
    model = scripted(honest)
    explained(slate(OAK), model)
    assert "Oak" in model.engine.asked[0] or "oak" in model.engine.asked[0]
    assert "$45" not in model.engine.asked[0]
    assert "4.6" not in model.engine.asked[0]


def test_a_sentence_that_does_not_hold_is_dropped_and_the_model_tries_once_more_in_other_words():
    model = scripted(["The Alder Desk Lamp is waterproof.", "The Alder Desk Lamp has an oak base."])
    said = explained(slate(OAK), model)
    assert texts(said, "dropped") == ["The Alder Desk Lamp is waterproof."]
    assert texts(said, "supported") == ["The Alder Desk Lamp has an oak base."]
    assert [request.temperature for request in model.engine.requests] == [0.0, 0.7]


def test_no_second_attempt_where_one_sentence_of_the_first_holds():
    model = scripted(["The Alder Desk Lamp has an oak base. It is waterproof."])
    said = explained(slate(OAK), model)
    assert [one.claim.status for one in said] == ["supported", "dropped"]
    assert len(model.engine.asked) == 1


def test_after_two_failed_attempts_the_plain_sentence_stands_in():
    model = scripted(["The Alder Desk Lamp is waterproof.", "The Alder Desk Lamp costs $5."])
    said = explained(slate(OAK), model)
    assert [one.claim.status for one in said] == ["dropped", "dropped", "mended"]
    assert said[-1].claim.text.startswith("Alder Desk Lamp costs $45. ")
    assert not said[-1].by_model
    assert said[-1].evidence


def test_dropped_sentences_carry_no_evidence():
    said = explained(slate(OAK), scripted(["The Alder Desk Lamp is waterproof.", "Nor that."]))
    assert all(one.evidence == () and one.claim.evidence == () for one in said if one.claim.status == "dropped")


@pytest.mark.parametrize("sentence", ["Here is a good choice for you.", "it has an oak base.", "Great, happy to help!"])
def test_a_sentence_that_rests_on_no_line_or_begins_in_the_middle_is_dropped(sentence):
    said = explained(slate(OAK), scripted([sentence, sentence]))
    assert texts(said, "dropped") == [sentence, sentence]


def test_a_sentence_before_the_product_is_named_is_dropped():
    said = explained(slate(OAK), scripted(["Its oak base stays steady. The Alder Desk Lamp has an oak base."]))
    assert [one.claim.status for one in said] == ["dropped", "supported"]


def test_the_model_is_heard_for_two_sentences_at_most():
    model = scripted(
        ["The Alder Desk Lamp has an oak base. It weighs 800 g. The cord is short. The base stays steady."]
    )
    assert len(explained(slate(OAK), model)) == 2


def test_a_failing_model_is_an_error_for_the_turn_to_handle():
    with pytest.raises(ModelError, match="out of memory"):
        explained(slate(OAK), scripted(broken))


def test_an_empty_answer_leads_to_the_plain_sentence():
    said = explained(slate(OAK), scripted(["", ""]))
    assert [one.claim.status for one in said] == ["mended"]


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_the_plain_sentence_is_made_of_the_products_own_lines(locale):
    shown = slate(OAK, locale=locale)
    one = respond.plain(shown.items[0], locale, shown)
    product = OAK.localised(locale)
    assert product.title in one.claim.text and "$45" in one.claim.text
    assert one.claim.status == "mended"
    for line in one.evidence:
        assert line.quote.rstrip(".。") in one.claim.text


def test_the_plain_sentence_of_a_product_without_lines_is_its_price():
    shown = shelf([STEEL], "en")
    bare = shown.items[0].__class__(STEEL, 0.0)
    assert respond.plain(bare, "en", shown).claim.text == "Harbor Steel Lamp costs $39."


@pytest.mark.parametrize(
    ("matching", "locale", "expected"),
    [
        (1, "en", "One product fits: up to $50."),
        (2, "en", "2 products fit: up to $50."),
        (9, "en", "9 products fit (up to $50); here are the closest 2."),
        (9, "zh", "符合「$50 以内」的有 9 款，最贴近的是这 2 款。"),
    ],
)
def test_the_lead_counts_what_fits_and_repeats_the_limits(matching, locale, expected):
    shown = slate(*([OAK, STEEL][: min(matching, 2)]), locale=locale, matching=matching)
    limits_only = replace(NEED, query="")
    said = respond.lead(shown, Retrieval((), matching), moment(need=limits_only, locale=locale))
    assert texts(said) == [expected]


def test_a_wish_beside_the_limits_is_not_said_to_be_fulfilled():
    said = respond.lead(slate(OAK, STEEL, matching=9), Retrieval((), 9), moment())
    assert texts(said) == ["Within your limits (up to $50), these come closest to what you describe."]


def test_the_lead_of_a_wish_without_limits_counts_nothing():
    said = respond.lead(slate(OAK), Retrieval((), 9), moment(Need("something for my desk")))
    assert texts(said) == ["These come closest to what you describe."]


def test_the_lead_says_what_the_shop_does_not_carry():
    said = respond.lead(slate(OAK), Retrieval((), 9, not_carried="piano"), moment())
    assert texts(said) == [
        "This shop does not seem to carry “piano”.",
        "The nearest things it has are on the shelf.",
    ]


@pytest.mark.parametrize(
    ("near", "locale", "expected"),
    [
        (NearMiss(ARC, UNDER_50, 4_900), "en", "The closest is Tern Arc Lamp at $99, $49 over your limit."),
        (NearMiss(ARC, UNDER_50, 4_900), "zh", "最接近的是燕鸥落地灯，$99，比您的要求高出$49。"),
        (
            NearMiss(PLASTIC, Constraint("price", "ge", 2_000), 500),
            "en",
            "The closest is Pebble Night Lamp at $15, $5 below your limit.",
        ),
        (
            NearMiss(PLASTIC, Constraint("text", "not_contains", ("plastic", "塑料"))),
            "en",
            "The closest is Pebble Night Lamp at $15; it fails only on “not plastic”.",
        ),
        (
            NearMiss(GLASS, Constraint("in_stock", "eq", True)),
            "en",
            "Marlow Glass Lamp at $42 would fit, but it is sold out.",
        ),
        (NearMiss(GLASS, Constraint("in_stock", "eq", True)), "zh", "马洛玻璃台灯（$42）符合要求，但已售罄。"),
    ],
)
def test_the_nearest_miss_is_named_with_what_it_misses_and_by_how_much(near, locale, expected):
    said = list(respond.nothing(near, moment(locale=locale)))
    assert texts(said)[1] == expected
    assert [line.field for line in said[1].evidence] == ["price"]


def test_nothing_at_all_is_said_in_one_sentence():
    assert texts(respond.nothing(None, moment())) == ["Nothing here meets all of that: up to $50."]


def test_the_cheapest_is_named_by_code_with_its_price():
    (one,) = respond.cheapest(slate(OAK, STEEL), "en")
    assert one.claim.text == "Harbor Steel Lamp is the cheapest of these at $39."
    assert [line.id for line in one.evidence] == ["steel:price"]


def test_the_cheapest_of_one_or_of_two_at_one_price_is_not_named():
    assert list(respond.cheapest(slate(OAK), "en")) == []
    twin = STEEL.__class__("twin", "Other Lamp", STEEL.price_minor)
    assert list(respond.cheapest(slate(STEEL, twin), "en")) == []

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
from catalog import Constraint, Product, Review, Translation
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


def test_a_listing_in_another_language_is_quoted_and_not_put_into_the_shoppers_by_the_model():
    model = scripted(honest)
    english = replace(OAK, translations=())
    said = explained(slate(english, locale="zh"), model, "zh")
    assert model.engine.asked == []
    assert [one.claim.status for one in said] == ["mended"]
    assert "Alder Desk Lamp" in said[0].claim.text


def test_past_the_moments_patience_the_model_is_asked_nothing_more():
    model = scripted(["The Alder Desk Lamp is waterproof."])
    writer = Writer(model, stall_timeout_s=5, clock=lambda: 9.0)
    said = list(respond.explain(slate(OAK, STEEL), replace(moment(), patience=8.0), writer))
    assert len(model.engine.asked) == 1
    assert [one.claim.status for one in said] == ["dropped", "mended", "mended"]


def test_a_sentence_that_does_not_hold_is_dropped_and_the_model_tries_once_more_in_other_words():
    model = scripted(["The Alder Desk Lamp is waterproof.", "The Alder Desk Lamp has an oak base."])
    said = explained(slate(OAK), model)
    assert texts(said, "dropped") == ["The Alder Desk Lamp is waterproof."]
    assert texts(said, "supported") == ["The Alder Desk Lamp has an oak base."]
    assert [request.temperature for request in model.engine.requests] == [0.0, 0.7]


def test_no_second_attempt_where_the_first_holds():
    model = scripted(["The Alder Desk Lamp has an oak base."])
    said = explained(slate(OAK), model)
    assert [one.claim.status for one in said] == ["supported"]
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


def test_a_sentence_that_does_not_name_the_product_is_dropped():
    said = explained(slate(OAK), scripted(["Its oak base stays steady.", "The Alder Desk Lamp has an oak base."]))
    assert [one.claim.status for one in said] == ["dropped", "supported"]


def test_the_model_is_heard_for_one_sentence_and_what_it_adds_is_not_even_checked():
    said = explained(slate(OAK), scripted(["The Alder Desk Lamp has an oak base. It is waterproof. It weighs 800 g."]))
    assert texts(said) == ["The Alder Desk Lamp has an oak base."]


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
    assert said[1].evidence[0].field == "price"


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


def headphones(id, text="", **fields):
    return Product(id, f"{id.title()} Headphones", 5_000, description=text, **fields)


def mentioned(feature, *products, locale="en"):
    return list(respond.mentioning((feature,), shelf(products, locale), moment(locale=locale)))


def test_a_feature_that_every_shown_listing_speaks_of_is_said_of_all_with_a_line_of_each():
    said = mentioned("usb charging", headphones("ash", "Has USB charging."), headphones("elm", "Charging by USB-C."))
    assert texts(said) == ["All of these listings mention “usb charging”."]
    assert [line.id for line in said[0].evidence] == ["ash:description.1", "elm:description.1"]


def test_a_feature_of_some_is_said_of_these_by_name():
    shown = headphones("ash", "They fold flat."), headphones("elm"), headphones("oak", "They fold for a bag.")
    said = mentioned("fold", *shown)
    assert texts(said) == ["“fold” is in the listing of Ash Headphones, Oak Headphones."]
    assert [line.product_id for line in said[0].evidence] == ["ash", "oak"]


def test_a_feature_of_the_only_product_is_said_of_it_by_name():
    assert texts(mentioned("fold", headphones("ash", "They fold."))) == ["“fold” is in the listing of Ash Headphones."]


def test_a_feature_that_no_shown_listing_speaks_of_is_said_to_be_unsaid():
    said = mentioned("usb charging", headphones("ash", "They fold."), headphones("elm", "By cable."))
    assert texts(said) == ["None of these listings says “usb charging” in so many words, so please ask before you buy."]
    assert said[0].evidence == ()


@pytest.mark.parametrize(
    ("feature", "line"),
    [
        ("waterproof", "They are not waterproof."),
        ("waterproof", "Without a waterproof case."),
        ("usb charging", "USB is there, but no charging by it."),
        ("usb charging", "It has USB. Charging takes an hour."),
    ],
)
def test_a_line_that_denies_a_feature_or_holds_but_a_part_of_it_does_not_speak_of_it(feature, line):
    (one,) = mentioned(feature, headphones("ash", line))
    assert one.claim.text.startswith("None of these")


def test_a_listing_that_denies_in_one_line_and_asserts_in_another_speaks_of_it():
    (one,) = mentioned("waterproof", headphones("ash", "The case is not waterproof. The cups are waterproof."))
    assert [line.id for line in one.evidence] == ["ash:description.2"]


def test_what_a_reviewer_says_is_not_what_the_listing_says():
    (one,) = mentioned("waterproof", headphones("ash", reviews=(Review(5, "Perfectly waterproof!"),)))
    assert one.claim.text.startswith("None of these")


@pytest.mark.parametrize(
    ("feature", "line"),
    [("noise-cancelling", "Noise cancelling."), ("noise cancelling", "With noise-cancelling cups.")],
)
def test_a_hyphen_is_no_difference(feature, line):
    assert texts(mentioned(feature, headphones("ash", line)))[0].endswith("is in the listing of Ash Headphones.")


def test_a_title_or_an_attribute_speaks_too():
    titled = Product("elm", "Folding Headphones", 5_000)
    stated = headphones("ash", attributes={"Design": "Folding"})
    said = mentioned("folding", titled, stated)
    assert texts(said) == ["All of these listings mention “folding”."]
    assert [line.id for line in said[0].evidence] == ["ash:attributes.Design"]


def test_in_chinese_the_chinese_listing_speaks():
    ash = replace(headphones("ash", "They fold."), translations=(Translation("zh", "白蜡耳机", "可以折叠。"),))
    said = mentioned("折叠", ash, headphones("elm"), locale="zh")
    assert texts(said) == ["其中商品页提到“折叠”的有：白蜡耳机。"]


def test_every_feature_asked_for_is_spoken_of():
    shown = shelf([headphones("ash", "They fold.")], "en")
    said = texts(respond.mentioning(("fold", "waterproof"), shown, moment()))
    assert len(said) == 2 and "fold" in said[0] and "waterproof" in said[1]
    assert texts(respond.mentioning((), shown, moment())) == []


@pytest.mark.parametrize(("locale", "expected"), [("en", "At least 512 products fit"), ("zh", "至少有 512 款")])
def test_a_count_of_a_part_is_said_to_be_one(locale, expected):
    shown = replace(slate(OAK, STEEL, locale=locale, matching=512), all_counted=False)
    need = Need("", constraints=(Constraint("price", "le", 9000),))
    assert expected in texts(respond.lead(shown, Retrieval((), 512), moment(need=need, locale=locale)))[0]

"""Questions about one product, about the shop's rules, and two products side by side."""

import threading
from dataclasses import replace

import pytest

from assistant import answers
from assistant.errors import ModelError
from assistant.respond import Moment
from assistant.types import Need
from assistant.writer import Writer
from catalog import Review
from tests.fakes import scripted
from tests.shop import BLANKET, GLASS, OAK, PLASTIC, POLICIES, ROBIN, STEEL


def moment(locale="en"):
    return Moment("", Need(), locale, "USD", 1e9, threading.Event())


def asked(question, product, catalog, line=None, locale="en"):
    """What is answered, and the model's prompts; the model chooses `line`, and must not be asked where that is None."""
    model = scripted([f'{{"line": {line}}}'] if line is not None else [])
    writer = Writer(model, stall_timeout_s=5, clock=lambda: 0.0)
    said = list(answers.answer(question, product.localised(locale), catalog, moment(locale), writer))
    return said, model.engine.asked


@pytest.mark.parametrize(
    ("question", "product", "expected"),
    [
        ("How much is it?", OAK, "The listing of Alder Desk Lamp says – Price: $45."),
        ("What does it cost?", OAK, "The listing of Alder Desk Lamp says – Price: $45."),
        ("Can you tell me the brand?", OAK, "The listing of Alder Desk Lamp says – Brand: Brightly."),
        ("Is it in stock?", OAK, "The listing of Alder Desk Lamp says – In stock."),
        ("Is it available?", GLASS, "The listing of Marlow Glass Lamp says – Sold out."),
        ("Is the price right?", OAK, "The listing of Alder Desk Lamp says – Price: $45."),
        ("What material is it?", OAK, "The listing of Alder Desk Lamp says – Material: Oak."),
        ("How much does it weigh?", OAK, "The listing of Alder Desk Lamp says – Weight: 800 g."),
        ("How heavy is it?", STEEL, "The listing of Harbor Steel Lamp says – Weight: 1.4 kg."),
        ("How much does it hold?", ROBIN, "The listing of Robin Kettle says – Capacity: 1.2 L."),
        ("How many are left, still in stock?", GLASS, "The listing of Marlow Glass Lamp says – Sold out."),
        (
            "Which colors does it come in?",
            BLANKET,
            "The listing of Cove Wool Blanket says – Color to choose from: Grey, Blue, Green (sold out).",
        ),
    ],
)
def test_a_field_that_the_question_names_is_stated_by_code(catalog, question, product, expected):
    said, prompts = asked(question, product, catalog)
    assert [one.claim.text for one in said] == [expected]
    assert said[0].evidence[0].kind == "field"
    assert prompts == []


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("多少钱？", "桤木台灯的商品页写明：价格：$45。"),
        ("有货吗？", "桤木台灯的商品页写明：有货。"),
        ("可以告诉我价格吗？", "桤木台灯的商品页写明：价格：$45。"),
        ("什么材质？", "桤木台灯的商品页写明：材质：橡木。"),
        ("多重？", "桤木台灯的商品页写明：重量：800 克。"),
        ("是什么牌子？", "桤木台灯的商品页写明：品牌：Brightly。"),
    ],
)
def test_a_chinese_question_gets_its_field_in_chinese(catalog, question, expected):
    said, prompts = asked(question, OAK, catalog, locale="zh")
    assert [one.claim.text for one in said] == [expected]
    assert prompts == []


def test_the_line_that_the_model_chooses_is_quoted(catalog):
    said, prompts = asked("Is the cord short?", OAK, catalog, line=1)
    assert "1. The cord is short." in prompts[0]
    assert said[0].claim.text == "The listing says: “The cord is short.”"
    assert said[0].evidence[0].field == "description"


def test_an_opinion_stays_an_opinion(catalog):
    question = "Does it wobble on carpet?"
    said, prompts = asked(question, OAK, catalog, line=1)
    assert "1. A reviewer: It wobbles on the carpet." in prompts[0]
    assert said[0].claim.text == "A reviewer writes: “It wobbles on the carpet.”"
    assert said[0].evidence[0].kind == "review"


def test_a_yes_or_no_question_about_a_field_is_the_models_to_match(catalog):
    said, prompts = asked("Is it made of oak?", OAK, catalog, line=1)
    assert len(prompts) == 1
    assert said[0].claim.text == "The listing of Alder Desk Lamp says – Material: Oak."


def test_being_available_in_a_color_is_not_being_in_stock(catalog):
    said, _ = asked("Is it available in blue?", BLANKET, catalog, line=1)
    assert "Blue" in said[0].claim.text


def test_where_the_model_finds_no_line_the_listing_does_not_say(catalog):
    said, _ = asked("Is the cord red?", OAK, catalog, line=0)
    assert said[0].claim.text == "The listing of Alder Desk Lamp does not say."
    assert said[0].evidence == ()


@pytest.mark.parametrize(
    ("question", "locale", "expected"),
    [
        ("Is it waterproof?", "en", "The listing of Alder Desk Lamp does not say."),
        ("Can it go in the dishwasher?", "en", "The listing of Alder Desk Lamp does not say."),
        ("What is the battery life?", "en", "The listing of Alder Desk Lamp does not say."),
        ("支持蓝牙吗？", "zh", "桤木台灯的商品页没有说明这一点。"),
        ("保修几年？", "zh", "桤木台灯的商品页没有说明这一点。"),
    ],
)
def test_what_no_line_speaks_of_is_not_said_and_the_model_is_not_asked(catalog, question, locale, expected):
    said, prompts = asked(question, OAK, catalog, locale=locale)
    assert [one.claim.text for one in said] == [expected]
    assert prompts == []


@pytest.mark.parametrize("line", [99, -1, "true"])
def test_a_line_that_was_not_offered_is_a_failure_of_the_model(catalog, line):
    with pytest.raises(ModelError, match="schema"):
        asked("Is the cord short?", OAK, catalog, line=line)


def test_a_question_about_reviews_gets_the_count_and_both_ends_in_their_own_words(catalog):
    said, prompts = asked("What do reviewers say?", OAK, catalog)
    assert [one.claim.text for one in said] == [
        "The listing of Alder Desk Lamp says – Rated 4.6 of 5 in 120 ratings.",
        "Of 3 written reviews, 2 with 4 or 5 stars and 1 with 3 or fewer.",
        "The happiest writes: “Lovely: Soft light for reading in bed.”",
        "The least happy writes: “The cord ends two steps before the wall.”",
    ]
    assert prompts == []


def test_the_review_summary_is_in_the_shoppers_language(catalog):
    said, _ = asked("评价怎么样？", OAK, catalog, locale="zh")
    assert said[-1].claim.text == "差评说：“电线太短，够不到墙。”"


def test_a_product_without_reviews_has_none(catalog):
    said, _ = asked("Any reviews?", PLASTIC, catalog)
    assert [one.claim.text for one in said] == ["Pebble Night Lamp has no written reviews yet."]


def test_nobody_is_called_unhappy_where_all_are_content(catalog):
    happy = replace(OAK, reviews=(Review(5, "Nice."), Review(4, "Fine.")))
    said, _ = asked("Any reviews?", happy, catalog)
    assert not any("least happy" in one.claim.text for one in said)


@pytest.mark.parametrize(
    ("question", "locale", "id"),
    [
        ("Can I return a lamp?", "en", "returns.en.1"),
        ("How long does delivery take?", "en", "delivery.en.1"),
        ("能退货吗？", "zh", "returns.zh.1"),
        ("配送需要多久？", "zh", "delivery.zh.1"),
    ],
)
def test_a_rule_of_the_shop_is_quoted_from_the_nearest_section(catalog, question, locale, id):
    (one,) = answers.shop_rule(question, catalog, moment(locale))
    section = next(policy for policy in POLICIES if policy.id == id)
    assert section.text in one.claim.text
    assert [line.id for line in one.evidence] == [f"policy:{id}"]


def test_a_shop_without_rules_does_not_guess(catalog):
    bare = catalog.__class__([], catalog._dense, catalog._lexical)
    (one,) = answers.shop_rule("Can I return it?", bare, moment())
    assert one.claim.text == "I have no written rule of the shop on that, so I will not guess."


def test_two_products_are_compared_by_price_rating_and_the_attributes_that_both_state():
    said = list(answers.compare(OAK, STEEL, moment()))
    assert [one.claim.text for one in said] == [
        "Alder Desk Lamp costs $45, Harbor Steel Lamp costs $39: the second is $6 cheaper.",
        "Rated 4.6 of 5 for the first, 4.2 for the second.",
        "Material: Oak for the first, Steel for the second.",
        "Weight: 800 g for the first, 1.4 kg for the second.",
        "Color: Brown for the first, Black for the second.",
    ]
    assert all({line.product_id for line in one.evidence} == {"oak", "steel"} for one in said)


def test_a_comparison_keeps_the_order_of_the_shelf_whichever_is_cheaper():
    said = list(answers.compare(STEEL, OAK, moment()))
    assert said[0].claim.text == "Harbor Steel Lamp costs $39, Alder Desk Lamp costs $45: the first is $6 cheaper."
    assert said[1].claim.text == "Rated 4.2 of 5 for the first, 4.6 for the second."
    assert [line.id for line in said[0].evidence] == ["steel:price", "oak:price"]


def test_a_comparison_in_chinese_uses_the_chinese_names():
    said = list(answers.compare(OAK.localised("zh"), STEEL.localised("zh"), moment("zh")))
    assert said[0].claim.text == "桤木台灯 $45，海港钢制台灯 $39：第二款便宜 $6。"
    assert said[2].claim.text == "材质：第一款橡木，第二款钢。"


def test_products_at_one_price_are_said_to_cost_the_same():
    said = list(answers.compare(OAK, replace(STEEL, price_minor=4_500), moment()))
    assert said[0].claim.text == "Alder Desk Lamp and Harbor Steel Lamp both cost $45."


def test_the_outline_quotes_the_listing():
    said = list(answers.outline(OAK, moment()))
    assert said[0].claim.text == "The listing says: “A small lamp with a warm light.”"
    assert all(one.claim.status == "mended" and one.evidence for one in said)


def test_a_measure_word_asks_for_a_size_only_where_nothing_says_of_what():
    from assistant.answers import _aspects

    assert [aspect["names"][0] for aspect in _aspects("第一款的续航时间有多长？")] == ["Battery life"]
    assert [aspect["names"][0] for aspect in _aspects("How long does the battery run?")] == ["Battery life"]
    assert "Dimensions" in [aspect["names"][0] for aspect in _aspects("多长？")]

"""Questions about one product and about the shop's rules."""

import threading
from dataclasses import replace

import pytest

from assistant import answers, opinions, rules
from assistant.errors import ModelError
from assistant.respond import Moment
from assistant.types import Need
from assistant.writer import Writer
from catalog import Policy, PolicyHit, Review
from tests.fakes import scripted
from tests.shop import ARC, BLANKET, GLASS, OAK, PLASTIC, POLICIES, ROBIN, STEEL


def moment(locale="en"):
    return Moment("", Need(), locale, "USD", 1e9, threading.Event())


def texts(said):
    return [one.claim.text for one in said]


def cited(said):
    return [[line.id for line in one.evidence] for one in said]


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
    said, prompts = asked("Is the cord red?", OAK, catalog, line=1)
    assert "1. The cord is short." in prompts[0]
    assert said[0].claim.text == "The listing says: “The cord is short.”"
    assert said[0].evidence[0].field == "description"


def test_an_opinion_stays_an_opinion(catalog):
    said, prompts = asked("Does it wobble on carpet?", OAK, catalog)
    assert prompts == []
    assert said[0].claim.text == "A reviewer writes: “It wobbles on the carpet.”"
    assert said[0].evidence[0].kind == "review"


def test_the_model_reads_an_opinion_as_one(catalog):
    _, prompts = asked("Does it wobble like jelly on parquet?", OAK, catalog, line=1)
    assert "1. A reviewer: It wobbles on the carpet." in prompts[0]


def test_a_yes_or_no_question_that_a_field_clearly_answers_gets_the_field(catalog):
    said, prompts = asked("Is it made of oak?", OAK, catalog)
    assert prompts == []
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
        asked("Is the cord red?", OAK, catalog, line=line)


def test_a_question_about_reviews_gets_the_count_and_both_ends_in_their_own_words(catalog):
    said, prompts = asked("What do reviewers say?", OAK, catalog)
    assert [one.claim.text for one in said] == [
        "Alder Desk Lamp: Rated 4.6 of 5 in 120 ratings.",
        "Written reviews: 3, of which 2 with 4 or 5 stars and 1 with 3 or fewer.",
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
    (one,) = rules.shop_rule(question, catalog, moment(locale))
    section = next(policy for policy in POLICIES if policy.id == id)
    assert section.text in one.claim.text
    assert [line.id for line in one.evidence] == [f"policy:{id}"]


def test_a_shop_without_rules_does_not_guess(ruleless):
    (one,) = rules.shop_rule("Can I return it?", ruleless, moment())
    assert one.claim.text == "I have no written rule of the shop on that, so I will not guess."


def test_the_outline_quotes_the_listing():
    said = list(answers.outline(OAK, moment()))
    assert said[0].claim.text == "The listing says: “A small lamp with a warm light.”"
    assert all(one.claim.status == "mended" and one.evidence for one in said)


@pytest.mark.parametrize(
    "question",
    [
        "Tell me more about it",
        "more details please",
        "what is it?",
        "Can you describe it?",
        "Can you explain the first one?",
    ],
)
def test_who_asks_for_more_is_told_the_listing_whole_and_the_model_is_not_asked(catalog, question):
    said, prompts = asked(question, OAK, catalog)
    assert texts(said) == [
        "Alder Desk Lamp costs $45. In stock.",
        "A small lamp with a warm light.",
        "The oak base stays steady on a desk.",
        "The cord is short.",
        "Details: Material: Oak; Weight: 800 g; Color: Brown.",
        "Rated 4.6 of 5 in 120 ratings.",
    ]
    assert prompts == []


def test_every_sentence_about_a_listing_rests_on_its_lines(catalog):
    for product in (OAK, STEEL, GLASS, BLANKET, ARC):
        for ids in cited(answers.about(product, moment())):
            assert ids and all(id.startswith(f"{product.id}:") for id in ids)


def test_the_whole_listing_is_told_in_the_shoppers_language(catalog):
    said, _ = asked("详细介绍一下它", OAK, catalog, locale="zh")
    assert texts(said)[0] == "桤木台灯，$45，有货。"
    assert "参数：材质：橡木；重量：800 克；颜色：棕色。" in texts(said)


@pytest.mark.parametrize(("product", "stock"), [(GLASS, "Sold out."), (ARC, "Only 2 left.")])
def test_who_is_told_the_listing_is_told_the_stock_first(product, stock):
    first, *_ = answers.about(product, moment())
    assert first.claim.text.endswith(stock)


def test_of_a_long_listing_only_so_much_is_told_and_no_attribute_that_is_an_essay():
    long = replace(
        STEEL,
        description=" ".join(f"Sentence number {n}." for n in range(20)),
        attributes={"Story": "word " * 40, "Note": "two\nlines"} | {f"Part {n}": "Steel" for n in range(20)},
    )
    said = texts(answers.about(long, moment()))
    assert sum(text.startswith("Sentence") for text in said) == 3
    (details,) = [text for text in said if text.startswith("Details")]
    assert details.startswith("Details: Note: two lines; Part 0: Steel; ")
    assert details.count(";") == 5 and "Story" not in details


def test_a_line_without_an_end_gets_one():
    bare = replace(STEEL, description="A heavy lamp", rating=None)
    assert texts(answers.about(bare, moment()))[1] == "A heavy lamp."
    assert texts(answers.about(replace(bare, description="重型台灯").localised("en"), moment("zh")))[1] == "重型台灯。"


def test_more_about_one_field_is_the_field(catalog):
    said, _ = asked("Tell me more about the material", OAK, catalog)
    assert texts(said) == ["The listing of Alder Desk Lamp says – Material: Oak."]


@pytest.mark.parametrize(
    ("question", "locale", "ids"),
    [
        ("Can I return a lamp and how long does delivery take?", "en", ["returns.en.1", "delivery.en.1"]),
        ("How long is delivery? Can I return it?", "en", ["delivery.en.1", "returns.en.1"]),
        ("配送多久呢，可以退货吗", "zh", ["delivery.zh.1", "returns.zh.1"]),
        ("退货可以吗？配送多久？", "zh", ["returns.zh.1", "delivery.zh.1"]),
        ("Can I return it? Can I return it unused?", "en", ["returns.en.1"]),
        ("Can I return it? Thanks!", "en", ["returns.en.1"]),
        ("Hello! Can I return it?", "en", ["returns.en.1"]),
        ("你好！可以退货吗？谢谢", "zh", ["returns.zh.1"]),
        ("delivery of a lamp and a kettle", "en", ["delivery.en.1"]),
    ],
)
def test_two_questions_get_a_section_each_and_one_question_only_its_own(catalog, question, locale, ids):
    said = list(rules.shop_rule(question, catalog, moment(locale)))
    assert cited(said) == [[f"policy:{id}"] for id in ids]


def test_a_rule_is_quoted_under_the_title_of_its_section(catalog):
    (one,) = rules.shop_rule("How long does delivery take?", catalog, moment())
    assert one.claim.text == ("Our rules on “Delivery”: “Parcels leave within 2 days; delivery takes 3 to 5 days.”")


@pytest.mark.parametrize(
    "question", ["is it any good?", "Is this good?", "is it worth the money?", "怎么样", "好不好？", "值得买吗"]
)
def test_whether_it_is_any_good_is_for_the_reviewers_to_say(question):
    assert opinions.asks_reviews(question)


@pytest.mark.parametrize("question", ["is it good for reading?", "how much is it?", "好看吗", "怎么样清洗"])
def test_what_it_is_good_for_is_not(question):
    assert not opinions.asks_reviews(question)


@pytest.mark.parametrize(
    ("question", "near", "right"),
    [
        ("how soon can I have it?", "Do you ship abroad?", "Delivery times"),
        ("多久能到", "保修期", "配送时效"),
        ("包邮吗", "可以做礼品包装吗？", "运费"),
        ("what are your opening hours", "Can I cancel my order?", "How can I reach you?"),
    ],
)
def test_a_section_on_the_topic_of_a_question_comes_before_one_that_is_only_near(question, near, right):
    hits = [
        PolicyHit(Policy(f"faq.en.{n}", "en", name, ""), 0.83 - n / 100, 0.8) for n, name in enumerate((near, right))
    ]
    assert [policy.title for _, policy in rules.ranked(question, hits)] == [right, near]


def test_a_question_on_no_topic_is_answered_by_what_is_nearest():
    hits = [
        PolicyHit(Policy(f"faq.en.{n}", "en", name, ""), 0.8 - n / 100, 0.8)
        for n, name in enumerate(("Points", "Returns"))
    ]
    assert [policy.title for _, policy in rules.ranked("is there a loyalty program?", hits)] == ["Points", "Returns"]

"""What may be said of a product, sentence by sentence, in both languages."""

from dataclasses import replace

import pytest

from assistant.evidence import listing, policy, reviews
from assistant.types import Need
from assistant.verify import Ground, Verifier
from catalog import Constraint
from tests.shop import BLANKET, OAK, PLASTIC, POLICIES, ROBIN, STEEL


def verifier(*products, need=Need()):
    return Verifier([Ground(product, (*listing(product), *reviews(product))) for product in products], need)


def zh(product):
    return product.localised("zh")


@pytest.mark.parametrize(
    ("sentence", "fields"),
    [
        ("The Alder Desk Lamp has an oak base that stays steady on a desk.", {"description", "attributes.Material"}),
        ("The Alder Desk Lamp costs $45.", {"price"}),
        ("The Alder Desk Lamp weighs 800 g.", {"attributes.Weight"}),
        ("The Alder Desk Lamp is a small lamp with a warm light.", {"description", "review.1"}),
        ("The Alder Desk Lamp is rated 4.6 out of 5 by 120 shoppers.", {"rating"}),
        ("The Alder Desk Lamp is by Brightly.", {"brand"}),
        ("Its cord is short.", {"description", "review.3"}),
    ],
)
def test_a_sentence_that_the_listing_supports_passes_and_rests_on_its_lines(sentence, fields):
    verdict = verifier(OAK).check(sentence)
    assert verdict.ok, verdict.fault
    assert verdict.about == ("oak",)
    assert verdict.evidence
    assert {line.field for line in verdict.evidence} <= fields
    assert {line.product_id for line in verdict.evidence} == {"oak"}


@pytest.mark.parametrize(
    "sentence",
    ["桤木台灯光线温暖，橡木底座很稳。", "桤木台灯重 800 克。", "桤木台灯的电线偏短。", "桤木台灯的价格是 $45。"],
)
def test_a_chinese_sentence_that_the_listing_supports_passes(sentence):
    verdict = verifier(zh(OAK)).check(sentence)
    assert verdict.ok, verdict.fault
    assert verdict.evidence


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("The Alder Desk Lamp costs $35.", "number 35"),
        ("The Alder Desk Lamp costs $45.50.", "number 45.50"),
        ("The Alder Desk Lamp weighs 900 g.", "number 900"),
        ("The Alder Desk Lamp is waterproof.", "unsupported"),
        ("The Alder Desk Lamp has a dimmer.", "unsupported"),
        ("The Alder Desk Lamp is made of bamboo.", "unsupported"),
        ("The Alder Desk Lamp is the cheapest lamp.", "comparison"),
        ("The Alder Desk Lamp is lighter on a desk.", "comparison"),
        ("The Alder Desk Lamp has more light.", "comparison"),
        ("The Alder Desk Lamp comes with a warranty.", "promise"),
        ("The Alder Desk Lamp has free shipping.", "promise"),
        ("I will send the Alder Desk Lamp to you.", "promise"),
        ("The Alder Desk Lamp is not plastic.", "negation"),
        ("The Alder Desk Lamp has a light without a cord.", "negation"),
        ("The Alder Desk Lamp has two lights.", "number 2"),
        ("The Alder Desk Lamp and the Juniper Floor Lamp have an oak base.", "unsupported"),
    ],
)
def test_what_the_listing_does_not_state_is_not_said(sentence, fault):
    verdict = verifier(OAK).check(sentence)
    assert not verdict.ok
    assert verdict.fault.startswith(fault)
    assert verdict.evidence == ()


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("桤木台灯的价格是 $35。", "number 35"),
        ("桤木台灯可以防水。", "unsupported"),
        ("桤木台灯是竹子做的。", "unsupported"),
        ("桤木台灯比其他台灯便宜。", "comparison"),
        ("桤木台灯光线最温暖。", "comparison"),
        ("桤木台灯支持保修。", "promise"),
        ("桤木台灯包邮。", "promise"),
        ("桤木台灯没有电线。", "negation"),
        ("桤木台灯有三个底座。", "number 3"),
        ("桤木台灯有两种光线。", "number 2"),
    ],
)
def test_what_a_chinese_listing_does_not_state_is_not_said(sentence, fault):
    verdict = verifier(zh(OAK)).check(sentence)
    assert not verdict.ok
    assert verdict.fault.startswith(fault)


def test_a_product_that_is_not_there_is_an_unknown_name():
    verdict = verifier(OAK, STEEL).check("I recommend the Zephyr.")
    assert not verdict.ok


@pytest.mark.parametrize(
    ("product", "sentence"),
    [
        (STEEL, "The Harbor Steel Lamp has three brightness levels."),
        (STEEL, "The Harbor Steel Lamp has 3 brightness levels."),
        (ROBIN, "The Robin Kettle boils a liter in four minutes."),
        (ROBIN, "The Robin Kettle boils a liter in 4 minutes."),
        (PLASTIC, "The Pebble Night Lamp glows for eight hours on one charge."),
        (zh(STEEL), "海港钢制台灯开关可调三档亮度。"),
        (zh(STEEL), "海港钢制台灯开关可调 3 档亮度。"),
        (zh(PLASTIC), "鹅卵石小夜灯充一次电可亮八小时。"),
        (zh(ROBIN), "知更鸟电水壶四分钟烧开一升水。"),
    ],
)
def test_a_number_may_be_said_in_words_or_in_digits(product, sentence):
    verdict = verifier(product).check(sentence)
    assert verdict.ok, verdict.fault


@pytest.mark.parametrize(
    ("product", "sentence"),
    [
        (STEEL, "The Harbor Steel Lamp has two brightness levels."),
        (STEEL, "The Harbor Steel Lamp has twenty-three brightness levels."),
        (STEEL, "The Harbor Steel Lamp has a three-shade switch with five levels."),
        (ROBIN, "The Robin Kettle boils a liter in six minutes."),
        (ROBIN, "The Robin Kettle boils a dozen liters."),
        (BLANKET, "The Cove Wool Blanket is woven in two colors."),
        (zh(STEEL), "海港钢制台灯开关可调五档亮度。"),
        (zh(STEEL), "海港钢制台灯开关可调十三档亮度。"),
        (zh(ROBIN), "知更鸟电水壶六分钟烧开一升水。"),
    ],
)
def test_a_wrong_number_in_words_is_caught_like_one_in_digits(product, sentence):
    verdict = verifier(product).check(sentence)
    assert not verdict.ok
    assert verdict.fault.startswith("number")


def test_one_and_idioms_are_no_numbers():
    assert verifier(OAK).check("This one is a small lamp with a warm light.").ok
    assert verifier(zh(OAK)).check("这是一盏光线温暖的小台灯，十分适合床头。").fault.startswith("number") is False


def test_a_reviewers_number_is_not_the_listings():
    assert "two steps" in OAK.reviews[2].text
    assert verifier(OAK).check("The Alder Desk Lamp has two lights.").fault == "number 2"


def test_what_is_denied_must_be_denied_by_the_listing():
    kettle = replace(ROBIN, description="A kettle with a wooden handle. It has no thermometer, so it boils by feel.")
    assert verifier(kettle).check("The Robin Kettle has no thermometer.").ok
    assert verifier(kettle).check("The Robin Kettle comes without a thermometer.").ok
    assert verifier(kettle).check("The Robin Kettle does not have a handle.").fault == "negation"
    kettle = replace(zh(ROBIN), description="木柄电水壶。没有温度计，凭感觉烧水。")
    assert verifier(kettle).check("知更鸟电水壶没有温度计。").ok
    assert verifier(kettle).check("知更鸟电水壶没有木柄。").fault == "negation"


@pytest.mark.parametrize("sentence", ["知更鸟电水壶是不锈钢的。", "知更鸟电水壶不仅自动断电，还是木柄。"])
def test_stainless_denies_nothing(sentence):
    assert "negation" not in verifier(zh(ROBIN)).check(sentence).fault


def test_what_only_the_shopper_said_supports_nothing():
    need = Need("a lamp that is waterproof and dimmable")
    assert not verifier(OAK, need=need).check("The Alder Desk Lamp is waterproof.").ok
    assert not verifier(OAK, need=need).check("The Alder Desk Lamp is dimmable.").ok


def test_a_comparison_or_promise_in_the_listing_licenses_no_other():
    lamp = replace(OAK, description="A lamp with a better switch, a 2-year warranty and light for a desk.")
    assert verifier(lamp).check("The Alder Desk Lamp has a better switch.").ok
    assert not verifier(lamp).check("The Alder Desk Lamp has the best switch.").ok
    assert verifier(lamp).check("The Alder Desk Lamp has a 2-year warranty.").ok
    assert verifier(lamp).check("The Alder Desk Lamp has free delivery.").fault.startswith("promise")
    lamp = replace(zh(OAK), description="最小的台灯，光线温暖。")
    assert verifier(lamp).check("桤木台灯光线最温暖。").fault.startswith("comparison")


def test_a_limit_that_every_shown_product_meets_may_be_repeated():
    need = Need("lamp", None, (Constraint("price", "le", 5_000), Constraint("brand", "ne", "Nodd")))
    assert verifier(OAK, need=need).check("The Alder Desk Lamp costs under $50.").ok
    assert verifier(OAK, need=need).check("The Alder Desk Lamp is not by Nodd.").ok
    assert not verifier(OAK, need=need).check("The Alder Desk Lamp costs under $40.").ok


def test_that_a_listing_is_silent_on_what_was_refused_does_not_say_that_there_is_none():
    need = Need("lamp", None, (Constraint("text", "not_contains", ("plastic", "塑料")),))
    assert verifier(OAK, need=need).check("The Alder Desk Lamp is not plastic.").fault == "negation"
    assert verifier(zh(OAK), need=need).check("桤木台灯不含塑料。").fault == "negation"


@pytest.mark.parametrize(
    "sentence",
    [
        "The Robin Kettle does not have lead in it.",
        "The Robin Kettle is made without lead.",
        "The Robin Kettle does not need a filter.",
    ],
)
def test_a_denial_is_of_the_thing_and_not_of_the_verb_beside_it(sentence):
    kettle = replace(
        ROBIN, description="A kettle with a wooden handle. It has no lead in it. It is made without a filter."
    )
    assert verifier(kettle).check(sentence).ok, verifier(kettle).check(sentence).fault
    assert verifier(ROBIN).check(sentence).fault == "negation"


def test_a_denial_in_chinese_may_stand_before_a_space():
    kettle = replace(zh(ROBIN), description="木柄电水壶，不含 BPA。")
    assert verifier(kettle).check("知更鸟电水壶不含 BPA。").ok
    assert verifier(zh(ROBIN)).check("知更鸟电水壶不含 BPA。").fault == "negation"


@pytest.mark.parametrize(
    "sentence",
    [
        "The Alder Desk Lamp has a warm light and has a warm light on a desk.",
        "The oak base stays steady on a desk, the oak base stays steady.",
    ],
)
def test_a_sentence_that_repeats_itself_is_not_said(sentence):
    assert verifier(OAK).check(sentence).fault == "repeats itself"


def test_a_telling_word_is_not_said_twice_where_no_line_says_it_twice():
    check = verifier(OAK).check
    assert check("The Alder Desk Lamp has an oak base with a base of oak.").fault == "repeats itself"
    assert check("The Alder Desk Lamp is a small lamp, a lamp with a warm light.").fault == ""


def test_another_products_attribute_is_not_lent():
    check = verifier(OAK, STEEL).check
    assert check("The Harbor Steel Lamp has three brightness levels.").ok
    assert not check("The Alder Desk Lamp has three brightness levels.").ok
    assert not check("The Alder Desk Lamp is made of steel.").ok
    assert not check("The Alder Desk Lamp costs $39.").ok


def test_it_is_the_product_last_named():
    sentences = verifier(OAK, STEEL)
    assert sentences.check("The Alder Desk Lamp has an oak base.").about == ("oak",)
    assert sentences.check("It weighs 800 g.").about == ("oak",)
    assert not sentences.check("It weighs 1.4 kg.").ok
    assert sentences.check("The Harbor Steel Lamp turns its shade to any side.").about == ("steel",)
    assert sentences.check("It weighs 1.4 kg.").ok


def test_products_are_known_by_the_words_that_only_their_title_has():
    verdict = verifier(OAK, STEEL).check("The Alder has an oak base.")
    assert verdict.ok, verdict.fault
    assert verdict.about == ("oak",)


def test_the_line_with_the_number_comes_first():
    verdict = verifier(OAK).check("The Alder Desk Lamp with its warm light weighs 800 g.")
    assert verdict.evidence[0].field == "attributes.Weight"


def test_a_sentence_about_nothing_in_particular_rests_on_nothing():
    assert verifier(OAK).check("Here is a good choice for you.").evidence == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "The Alder Desk Lamp has an oak base, see https://oak.example.",
        "The Alder Desk Lamp has an <b>oak</b> base.",
        "The Alder Desk Lamp has an **oak** base.",
    ],
)
def test_links_and_markup_are_not_said(sentence):
    assert not Verifier([Ground(OAK, listing(OAK))], Need()).check(sentence).ok


@pytest.mark.parametrize(
    "sentence",
    [
        "The Harbor Steel Lamp is cheaper than the Alder Desk Lamp.",
        "The Harbor Steel Lamp is $6 cheaper than the Alder Desk Lamp.",
        "The Alder Desk Lamp is lighter than the Harbor Steel Lamp.",
        "The Pebble Night Lamp is the cheapest of these.",
        "Of these, the Alder Desk Lamp has the highest rating.",
        "None of these is cheaper than the Pebble Night Lamp.",
        "All of these cost less than $50.",
        "Only the Pebble Night Lamp costs less than $20.",
        "Only the Harbor Steel Lamp has the material steel.",
        "Two of these cost more than $30.",
        "The Alder Desk Lamp weighs 0.8 kg.",
        "The Alder Desk Lamp costs $45, while the Harbor Steel Lamp costs $39.",
        "There are 7 pieces of the Alder Desk Lamp in stock.",
        "The price of the Harbor Steel Lamp is lower than that of the Alder Desk Lamp.",
        "The price of the Harbor Steel Lamp is $6 below that of the Alder Desk Lamp.",
        "Compared with the Harbor Steel Lamp, the Alder Desk Lamp is the lighter one.",
        "You save $6 if you take the Harbor Steel Lamp instead of the Alder Desk Lamp.",
        "You pay $45 for the Alder Desk Lamp and $39 for the Harbor Steel Lamp.",
        "Of these, you pay the least for the Pebble Night Lamp.",
        "Buyers gave the Alder Desk Lamp a higher rating than the Harbor Steel Lamp.",
        "None of these except the Harbor Steel Lamp has the material steel.",
        "For under $50, you can have any of these.",
        "The number of these that cost more than $30 is two.",
        "There is just one of these for under $20: the Pebble Night Lamp.",
        "We're down to 7 of the Alder Desk Lamp.",
        "None of these reaches $50.",
    ],
)
def test_what_the_fields_prove_of_the_shelf_may_be_said(sentence):
    shelf = verifier(replace(OAK, rating=4.6), STEEL, replace(PLASTIC, rating=4.0))
    assert shelf.check(sentence).ok, verifier(OAK, STEEL, PLASTIC).check(sentence).fault


@pytest.mark.parametrize(
    "sentence",
    [
        "The Alder Desk Lamp is cheaper than the Harbor Steel Lamp.",
        "The Harbor Steel Lamp is $16 cheaper than the Alder Desk Lamp.",
        "The Harbor Steel Lamp is lighter than the Alder Desk Lamp.",
        "The Alder Desk Lamp is the cheapest of these.",
        "The Pebble Night Lamp is the cheapest in the whole shop.",
        "The Pebble Night Lamp is the lightest of these.",
        "All of these cost less than $40.",
        "Only the Pebble Night Lamp costs less than $40.",
        "Only the Alder Desk Lamp has the material steel.",
        "Three of these cost more than $30.",
        "The Alder Desk Lamp weighs 800 kg.",
        "The Alder Desk Lamp costs $39, while the Harbor Steel Lamp costs $45.",
        "The Alder Desk Lamp is sold out.",
        "There are 12 pieces of the Alder Desk Lamp in stock.",
        "The Zephyr Desk Lamp costs $45.",
        "The price of the Alder Desk Lamp is lower than that of the Harbor Steel Lamp.",
        "The price of the Harbor Steel Lamp is $9 below that of the Alder Desk Lamp.",
        "Compared with the Alder Desk Lamp, the Harbor Steel Lamp is the lighter one.",
        "You save $6 if you take the Alder Desk Lamp instead of the Harbor Steel Lamp.",
        "You pay $39 for the Alder Desk Lamp and $45 for the Harbor Steel Lamp.",
        "Of these, you pay the least for the Alder Desk Lamp.",
        "Buyers gave the Harbor Steel Lamp a higher rating than the Alder Desk Lamp.",
        "None of these except the Alder Desk Lamp has the material steel.",
        "For under $40, you can have any of these.",
        "The number of these that cost more than $30 is three.",
        "There is just one of these for under $40: the Pebble Night Lamp.",
        "We're down to 9 of the Alder Desk Lamp.",
        "None of these reaches $40.",
        "The Alder Desk Lamp comes first among these.",
    ],
)
def test_what_the_fields_disprove_or_cannot_prove_of_the_shelf_is_not_said(sentence):
    assert not verifier(OAK, STEEL, PLASTIC).check(sentence).ok


@pytest.mark.parametrize(
    ("sentence", "ok"),
    [
        ("海港钢制台灯比桤木台灯便宜。", True),
        ("桤木台灯比海港钢制台灯便宜。", False),
        ("海港钢制台灯比桤木台灯便宜$6。", True),
        ("海港钢制台灯比桤木台灯便宜$9。", False),
        ("这几款里鹅卵石小夜灯最便宜。", True),
        ("这几款里桤木台灯最便宜。", False),
        ("鹅卵石小夜灯是全店最便宜的。", False),
        ("这几款都低于$50。", True),
        ("这几款都低于$40。", False),
        ("只有鹅卵石小夜灯低于$20。", True),
        ("只有鹅卵石小夜灯低于$40。", False),
        ("桤木台灯重 0.8 千克。", True),
        ("桤木台灯重 800 千克。", False),
        ("桤木台灯已售罄。", False),
        ("和桤木台灯相比，海港钢制台灯更便宜。", True),
        ("和海港钢制台灯相比，桤木台灯更便宜。", False),
        ("海港钢制台灯没有桤木台灯那么贵。", True),
        ("桤木台灯没有海港钢制台灯那么贵。", False),
        ("海港钢制台灯的重量超过桤木台灯。", True),
        ("桤木台灯的重量超过海港钢制台灯。", False),
        ("买海港钢制台灯比买桤木台灯省$6。", True),
        ("买海港钢制台灯比买桤木台灯省$9。", False),
        ("不管选哪一款，都不用$50。", True),
        ("不管选哪一款，都不用$40。", False),
        ("这里没有一款达到$50。", True),
        ("这里没有一款达到$40。", False),
        ("现在能买到的桤木台灯只有7件。", True),
        ("现在能买到的桤木台灯只有9件。", False),
        ("$45就是桤木台灯的价格。", True),
        ("¥45可以买海港钢制台灯。", False),
    ],
)
def test_the_shelf_is_spoken_of_in_chinese_as_the_fields_have_it(sentence, ok):
    assert verifier(zh(OAK), zh(STEEL), zh(PLASTIC)).check(sentence).ok is ok


@pytest.mark.parametrize(
    ("sentence", "ok"),
    [
        ("You may send anything back within 30 days, unused and in its box.", True),
        ("You may send anything back within 60 days, unused and in its box.", False),
        ("You may send anything back within 30 weeks, unused and in its box.", False),
        ("Delivery takes 3 to 5 days.", True),
        ("Delivery is always free.", False),
        ("未使用的商品可在 30 天内退货。", True),
        ("未使用的商品可在 90 天内退货。", False),
        ("所有订单都包邮。", False),
        ("The terms of our shop state: Delivery takes 3 to 5 days.", True),
        ("The terms of our shop state: Delivery takes 9 days.", False),
        ("店里的政策写明：未使用的商品可在 30 天内退货。", True),
    ],
)
def test_what_is_said_of_delivery_and_returns_stands_in_the_rules(sentence, ok):
    rules = [policy(section) for section in POLICIES]
    assert Verifier([], Need(), rules=rules).check(sentence).ok is ok


def test_what_the_listing_denies_is_not_stated():
    kettle = replace(ROBIN, description="A kettle with a wooden handle. It has no thermometer.")
    assert not verifier(kettle).check("The Robin Kettle has a thermometer.").ok

import pytest

from assistant.reading.terms import Found, find_terms, named_terms, person_named
from assistant.reading.vocabulary import learn
from catalog import Constraint, Product
from tests import demo


def found(message: str) -> Found:
    return find_terms(message, demo.vocabulary())


def values(message: str, field: str, op: str) -> list[set[str]]:
    return [
        set(c.value)
        for c in found(message).constraints
        if (c.field, c.op) == (field, op) and isinstance(c.value, tuple)
    ]


@pytest.mark.parametrize(
    "message", ["a red mug", "a mug in red", "RED mug", "红色的马克杯", "有没有红色的马克杯", "红马克杯"]
)
def test_a_colour_is_asked_for_in_either_language(message: str) -> None:
    (colours,) = values(message, "attributes.Color", "contains")
    assert {"red", "红色"} <= colours


def test_two_colours_are_alternatives() -> None:
    (colours,) = values("red or blue mug", "attributes.Color", "contains")
    assert {"red", "blue"} <= colours


def test_two_brands_are_alternatives() -> None:
    (brands,) = values("a Fennick or Oskarby lamp", "brand", "in")
    assert brands == {"Fennick", "Oskarby"}


@pytest.mark.parametrize(
    "message", ["not from Fennick", "anything but Fennick", "不要Fennick的双肩包", "除了Fennick以外的双肩包"]
)
def test_a_refused_brand_is_refused(message: str) -> None:
    assert Constraint("brand", "ne", "Fennick") in found(message).constraints


def test_a_refused_material_may_stand_nowhere_in_the_listing() -> None:
    assert any({"leather", "皮革"} <= refused for refused in values("wallet, no leather", "text", "not_contains"))


def test_a_refused_colour_is_looked_for_where_colours_stand() -> None:
    assert values("wallet, not black", "attributes.Color", "not_contains")


def test_a_refused_kind_is_no_kind_asked_for() -> None:
    heard = found("gift for a coffee lover, not a mug")
    assert heard.kinds == ()
    assert Constraint("type", "not_contains", ("mug",)) in heard.constraints


def test_a_refused_word_of_the_listings_is_refused_though_no_value_has_it() -> None:
    assert Constraint("text", "not_contains", ("buttons",)) in found("a shirt without buttons").constraints


@pytest.mark.parametrize(
    "message",
    [
        "not too expensive headphones",
        "not really sure",
        "no problem",
        "nothing over 40",
        "not the first one",
        "you need not buttons me",
    ],
)
def test_a_turn_of_phrase_refuses_nothing(message: str) -> None:
    assert found(message).constraints == ()


@pytest.mark.parametrize(
    ("message", "size"),
    [
        ("shoes size 42", "42"), ("size 8.5", "8.5"), ("EU 43 shoes", "43"), ("t-shirt in M", "M"), ("an XL sweater", "XL"), ("in large", "L"),
        ("42码的跑鞋", "42"), ("女士跑鞋 38码", "38"), ("L码", "L"), ("M号的T恤", "M"), ("queen size sheets", "Queen"),
    ],
)  # fmt: skip
def test_a_size_is_read(message: str, size: str) -> None:
    (sizes,) = values(message, "attributes.Size", "contains")
    assert size in sizes


@pytest.mark.parametrize("message", ["I'm fine", "a 42 cm lamp", "M&Ms", "in a mood", "$42", "第42号线"])
def test_what_is_no_size_is_none(message: str) -> None:
    assert values(message, "attributes.Size", "contains") == []


@pytest.mark.parametrize(
    ("message", "left_out", "origin"),
    [
        ("women's running shoes", "Men", "said"), ("女士跑鞋", "Men", "said"), ("a gift for my dad", "Women", "inferred"),
        ("送女朋友的礼物", "Men", "inferred"), ("给爸爸买个礼物", "Women", "inferred"), ("not for women", "Women", "said"),
    ],
)  # fmt: skip
def test_whom_it_is_for_leaves_out_the_other(message: str, left_out: str, origin: str) -> None:
    (gender,) = [c for c in found(message).constraints if c.field == "attributes.Gender"]
    assert left_out in gender.value and gender.op == "not_in" and gender.origin == origin  # type: ignore[operator]


def test_a_gift_for_both_leaves_out_nobody() -> None:
    assert found("a gift for my mom and dad").constraints == ()


def test_what_somebody_else_likes_is_not_what_is_asked_for() -> None:
    assert found("a present for my girlfriend, she loves tea").kinds == ()


@pytest.mark.parametrize("message", ["something light for travel", "a soft blanket", "a long dress", "natural look"])
def test_a_plain_word_is_no_attribute_though_some_listing_has_it_as_a_value(message: str) -> None:
    assert found(message).constraints == ()


@pytest.mark.parametrize("message", ["黑胶唱片", "蓝牙耳机", "红酒杯"])
def test_a_character_inside_a_word_is_no_colour(message: str) -> None:
    assert values(message, "attributes.Color", "contains") == []


def test_a_compound_of_the_catalogue_states_no_colour() -> None:
    noise = Product("n", "Hush White Noise Machine", 4_000, attributes={"Color": "Oat"})
    mug = Product("m", "Plain Mug", 1_000, attributes={"Color": "White"})
    vocabulary = learn([noise, mug])
    assert find_terms("a white noise machine", vocabulary).constraints == ()
    assert find_terms("a white mug", vocabulary).constraints


def test_a_material_that_heads_the_phrase_is_a_thing() -> None:
    glass = Product("g", "Vine Wine Glass", 1_500, attributes={"Material": "Crystal"})
    jar = Product("j", "Honey Jar", 900, attributes={"Material": "Glass"})
    vocabulary = learn([glass, jar])
    assert find_terms("a wine glass", vocabulary).constraints == ()
    assert find_terms("a glass jar", vocabulary).constraints


def test_a_brand_that_is_a_plain_word_must_be_written_as_a_name() -> None:
    lamp = Product("l", "Desk Lamp", 4_000, description="It stands in any corner.", brand="Corner")
    vocabulary = learn([lamp])
    assert find_terms("a lamp for the corner", vocabulary).constraints == ()
    assert find_terms("a Corner lamp", vocabulary).constraints == (Constraint("brand", "eq", "Corner"),)


def test_words_without_a_meaning_here_give_nothing() -> None:
    assert find_terms("asdfgh ??? 好", demo.vocabulary()) == Found()


@pytest.mark.parametrize("message", ["we have a red mug already, this time no red", "家里已经有红色的了，这次不要红色"])
def test_what_is_refused_in_the_end_is_not_wanted_before(message: str) -> None:
    assert not values(message, "attributes.Color", "contains")
    assert values(message, "attributes.Color", "not_contains")


@pytest.mark.parametrize(
    ("message", "person"),
    [
        ("gift for mom, no, for my dad", "dad"),
        ("it's my mom's birthday", "mom"),
        ("不是妈妈，是送爸爸的", "爸爸"),
        ("a lamp", None),
    ],
)
def test_the_person_that_is_named_last_is_meant(message: str, person: str | None) -> None:
    named = person_named(message)
    assert named == person


def test_words_of_the_catalogue_are_found_whatever_is_said_of_them() -> None:
    assert named_terms("leather? nah, rather Blue", demo.vocabulary()) == ("leather", "Blue")


@pytest.mark.parametrize("message", ["陶瓷的就算了", "不要陶瓷"])
def test_a_word_at_the_edge_of_a_message_is_no_compound(message: str) -> None:
    assert any("陶瓷" in refused for refused in values(message, "text", "not_contains"))


def test_down_after_a_verb_is_no_goose_down() -> None:
    assert values("narrow it down to black", "attributes.Material", "contains") == []
    assert values("a down pillow", "attributes.Material", "contains") != []


@pytest.mark.parametrize(
    "message",
    [
        "my wife would kill me for red", "my mother-in-law will make a big issue", "my husband says up to $50", "my wife can't stand black",
        "超过20刀我老公要冒火", "我婆婆见不得羊毛的", "老婆只批了300", "我妈妈说不要红色", "贵过60元我爸不让买",
        "all I got is $22 from my nan", "the wife's sent me for a mug", "awright big man", "客服小姐姐在线不",
    ],
)  # fmt: skip
def test_a_person_who_only_has_a_say_is_not_whom_it_is_for(message: str) -> None:
    assert not [c for c in found(message).constraints if c.attribute == "Gender"]


@pytest.mark.parametrize(
    "message",
    [
        "a mug for my wife",
        "my husband needs a mug",
        "my wife will be forty",
        "mug 4 my fathers bday",
        "送婆婆的",
        "a toy for my boy",
        "a scarf for my big sis",
        "my son asked for a lamp",
        "老公要用的杯子",
    ],
)
def test_a_person_whom_it_is_for_leaves_out_what_is_made_for_others(message: str) -> None:
    assert [c.op for c in found(message).constraints if c.attribute == "Gender"] == ["not_in"]

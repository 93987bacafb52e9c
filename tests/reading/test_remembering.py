"""What is said of the shopper and to the memory, in both languages; the demo shop's vocabulary is in hand."""

import pytest

from assistant.reading.remembering import (
    agrees,
    asked,
    for_another,
    forgets_everything,
    forgotten_kinds,
    is_worn,
    statements,
    without_talk,
)
from tests.demo import vocabulary


def stated(message):
    return {
        (s.kind, s.constraint.op, str(s.constraint.value[0]))
        for s in statements(message, vocabulary())
        if s.kind != "budget"
    }


@pytest.mark.parametrize(
    "message",
    [
        "I always wear M",
        "my size is M",
        "I'm a medium",
        "Remember that I wear size M",
        "我平时穿M",
        "我的尺码是M",
        "记住我穿M码",
        "我是M码",
    ],
)
def test_the_shoppers_own_size_is_read(message):
    assert stated(message) == {("size", "contains", "M")}


@pytest.mark.parametrize(
    "message",
    [
        "a shirt in M",
        "I want size M",
        "I am 42",
        "我是42岁",
        "I'm a small business owner",
        "I take medium roast",
        "我想要M码的T恤",
    ],
)
def test_a_size_that_is_merely_asked_for_is_no_statement(message):
    assert stated(message) == set()


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ("I hate wool", "wool"),
        ("I'm allergic to wool", "wool"),
        ("我对羊毛过敏", "wool"),
        ("I don't like leather", "leather"),
        ("我不喜欢皮的", "leather"),
        ("remember: I never wear leather", "leather"),
    ],
)
def test_a_dislike_that_is_said_as_such_is_read(message, word):
    assert stated(message) == {("dislike", "not_contains", word)}


@pytest.mark.parametrize(
    "message",
    [
        "not leather",
        "a lamp without plastic",
        "I don't like the black one",
        "不喜欢这个黑色的",
        "I hate this wool blanket",
    ],
)
def test_a_refusal_in_one_search_is_no_dislike(message):
    assert stated(message) == set()


@pytest.mark.parametrize("message", ["I love blue", "remember that I like blue", "我最喜欢蓝色", "记住我喜欢蓝色"])
def test_a_like_is_read(message):
    assert stated(message) == {("like", "contains", "blue")}


@pytest.mark.parametrize("message", ["remember that my budget for lamps is $60", "Remember I spend up to $60 on lamps"])
def test_a_budget_is_read_with_the_kind_it_is_for(message):
    (one,) = statements(message, vocabulary())
    assert (one.kind, one.constraint.value, one.of) == ("budget", 6000, "lamp")


@pytest.mark.parametrize(
    "message", ["my dad wears L", "remember my wife hates wool", "我爸爸穿L码", "a gift, I like blue"]
)
def test_what_is_said_of_another_person_is_not_the_shoppers(message):
    assert for_another(message)
    assert statements(message, vocabulary()) == ()


@pytest.mark.parametrize(
    ("message", "what"),
    [
        ("what do you know about me?", "list"),
        ("do you remember my size?", "list"),
        ("你知道我什么", "list"),
        ("你记得我的尺码吗", "list"),
        ("stop remembering me", "stop"),
        ("别再记住我", "stop"),
        ("forget my size", "forget"),
        ("forget that I hate wool", "forget"),
        ("forget everything about me", "forget"),
        ("忘了我的尺码", "forget"),
        ("把我的尺码删了", "forget"),
        ("删除我的数据", "forget"),
        ("remember that I wear size M", "remember"),
        ("I wear size M, please remember that", "remember"),
        ("记住我不喜欢羊毛", "remember"),
        ("forget it", None),
        ("forget everything", None),
        ("forget the price", None),
        ("do you remember the first one?", None),
        ("delete the second one from the cart", None),
        ("清空购物车", None),
        ("a lamp under $60", None),
    ],
)
def test_what_is_asked_of_the_memory(message, what):
    assert asked(message) == what


def test_what_is_to_be_forgotten_is_named():
    assert forgotten_kinds("forget my size and my budget") == ("size", "budget")
    assert forgotten_kinds("忘了我的预算") == ("budget",)
    assert forgets_everything("忘了我")
    assert not forgets_everything("forget my size")


def test_yes_and_no_are_told_from_other_things():
    assert agrees("Yes, remember it") and agrees("好，记住吧")
    assert agrees("No, don't remember") is False and agrees("不用记") is False
    assert agrees("show me lamps") is None


def test_what_is_said_to_the_memory_is_not_searched_for():
    assert without_talk("Up to $60, as last time") == "Up to $60"
    assert without_talk("$60 以内，和上次一样") == "$60 以内"


def test_clothes_are_worn_and_dog_beds_are_not():
    assert is_worn("Clothing") and is_worn("鞋类") and is_worn("t-shirt")
    assert not is_worn("Pets") and not is_worn("dog jacket") and not is_worn("Lighting")

import pytest

from assistant.reading.asked import asked_kinds
from assistant.reading.vocabulary import learn
from catalog import Product
from tests import demo


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("a lamp for my kitchen", "lamp"), ("I need a backpack for my laptop", "backpack"), ("set of 4 plates", "plates"),
        ("I would like a tent", "tent"), ("id like a tent", "tent"), ("a suitcase lighter than that", "suitcase"),
        ("a shirt without buttons", "shirt"), ("wallet not leather", "wallet"), ("dog bed", "bed"), ("phone case", "case"),
        ("recommendations for headphones", "headphones"), ("I have a tent and need a sleeping mat", "mat"), ("a light jacket", "jacket"),
        ("what about boots", "boots"), ("show me cheap kettles", "kettles"), ("night light", "light"),
        ("厨房用的台灯", "台灯"), ("放在卧室的小夜灯", "小夜灯"), ("给猫买的玩具", "玩具"), ("杯子要能放进洗碗机", "杯子"), ("带盖子的杯子", "杯子"),
        ("送男朋友的钱包", "钱包"), ("想要 wireless 耳机", "耳机"), ("我想找个 backpack，不要 leather", "backpack"), ("四个人玩的桌游", "桌游"),
        ("适合露营的灯", "灯"), ("不沾锅", "不沾锅"),
        ("台灯在哪儿看呀", "台灯"), ("把碗摆出来让我挑挑", "碗"), ("来买台灯的", "台灯"), ("请问碗你们有吗", "碗"), ("麻烦把店里的碗拿出来", "碗"), ("我要买锅兜里就五十", "锅"),
        ("I am looking out for a tent", "tent"), ("treating myself to a backpack", "backpack"), ("could really do with a new wallet", "wallet"),
        ("my old tent gave out on me, so I'm after a new one", "tent"), ("kindly show me the mug options available", "mug"),
    ],
)  # fmt: skip
def test_what_heads_the_request_is_the_kind(message: str, kind: str) -> None:
    assert [k.word for k in asked_kinds(message, demo.vocabulary())] == [kind]


@pytest.mark.parametrize(
    "message",
    [
        "something light for travel", "light and waterproof please", "easy to wash", "does it come with a lamp", "lamp shade",
        "a gift for my girlfriend, she loves tea", "something for the kitchen", "what do you have for pets", "茶具", "适合厨房",
        "花多少都行", "不想花太多", "she can't stand black", "saw it the other day", "I saw one with a lid",
    ],
)  # fmt: skip
def test_a_word_that_only_qualifies_or_places_is_no_kind(message: str) -> None:
    assert asked_kinds(message, demo.vocabulary()) == ()


@pytest.mark.parametrize("message", ["shoes or boots", "鞋或者靴子"])
def test_kinds_joined_by_or_are_both_asked_for(message: str) -> None:
    assert len(asked_kinds(message, demo.vocabulary())) == 2


def test_after_a_price_the_thing_it_is_for_is_the_kind() -> None:
    assert asked_kinds("      for a coffee grinder", demo.vocabulary(), priced=True)
    assert not asked_kinds("something for the garden", demo.vocabulary(), priced=True)


def test_a_kind_knows_where_it_was_written() -> None:
    message = "no, a red mug please"
    (kind,) = asked_kinds(message, demo.vocabulary())
    assert message[slice(*kind.span)] == "mug"


def test_a_thing_that_ends_like_a_kind_and_is_nowhere_spoken_of_is_not_that_kind() -> None:
    mirror = Product("m1", "椭圆壁挂镜", 5_900, "CNY", category="镜子", locale="zh")
    vocabulary = learn([mirror])
    assert [k.carried for k in asked_kinds("想买壁挂镜", vocabulary)] == [True]
    assert [k.carried for k in asked_kinds("想买隐形眼镜", vocabulary)] == [False]

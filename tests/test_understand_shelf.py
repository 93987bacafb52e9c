"""What is understood of messages about what is on the shelf, and of those that only seem to be."""

import pytest

from assistant.context import Context
from assistant.types import Need, Utterance
from assistant.understand import understand
from catalog import Product
from tests.demo import Shopper, limit, reads, vocabulary


@pytest.mark.parametrize(
    "question",
    [
        "is the handle removable?", "does it come in red?", "how many people does it sleep?", "what's it made of?", "is it machine washable?",
        "can I wash it at 60?", "would it suit a large dog?", "how long is it?", "do you have it in red?", "tell me more about the second one",
        "how much is the second?", "the cheapest one", "what do people say about it?", "and the price?",
        "能机洗吗", "这个防水吗", "能住几个人？", "第二个多少钱", "重不重", "评价怎么样", "这个有红色的吗", "哪个最便宜", "重量呢",
    ],
)  # fmt: skip
def test_a_question_about_the_shelf_changes_no_need(question: str) -> None:
    shopper = Shopper()
    before = shopper.says("lamp under 200").need
    heard = shopper.says(question)
    assert heard.intent == "question" and heard.need == before and heard.targets


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("why did you pick the first one?", 0),
        ("why this one?", 0),
        ("why the second one?", 1),
        ("为什么推荐第二款？", 1),
        ("why did you show these?", 0),
    ],
)
def test_why_a_product_is_on_the_shelf_is_asked_of_the_product_and_changes_no_need(question: str, place: int) -> None:
    shopper = Shopper()
    before = shopper.says("lamp under 200").need
    heard = shopper.says(question)
    assert (heard.intent, heard.need) == ("why", before)
    assert heard.targets == (shopper.context.shown[place].id,)


@pytest.mark.parametrize(
    "message",
    [
        "how about a black one?", "is there a smaller one?", "what about under $50?", "do you have anything cheaper?", "it must be dimmable",
        "it should be under 50", "what about leather?", "I like the second one, do you have something similar?", "no, not those, taller",
        "有没有大一点的", "有红色的吗", "一百块以内呢", "太贵了", "我要蓝色的",
    ],
)  # fmt: skip
def test_a_wish_about_the_shelf_is_a_search(message: str) -> None:
    assert reads("lamp", message).intent == "search"


@pytest.mark.parametrize(
    ("question", "place"),
    [("is the second one heavy?", 1), ("the last one", 3), ("第三个怎么样", 2), ("option 2", 1)],
)
def test_the_product_meant_is_the_one_counted(question: str, place: int) -> None:
    shopper = Shopper()
    shopper.says("lamp")
    assert shopper.says(question).targets == (shopper.context.shown[place].id,)


def test_it_is_the_product_last_spoken_of() -> None:
    shopper = Shopper()
    shopper.says("lamp", "is the second one heavy?")
    assert shopper.says("what colour is it?").targets == (shopper.context.shown[1].id,)


def test_there_is_no_ninth_product_to_mistake_for_the_first() -> None:
    for message in ("is the ninth one heavy?", "第八个防水吗"):
        heard = reads("lamp", message)
        assert (heard.intent, heard.targets, heard.need) == ("beyond", (), reads("lamp").need)


@pytest.mark.parametrize("message", ["compare the first two", "对比前两个", "the first or the second?"])
def test_two_of_the_shelf_are_compared(message: str) -> None:
    heard = reads("lamp", message)
    assert heard.intent == "compare" and len(heard.targets) == 2


def test_cheaper_is_measured_against_the_first_or_the_one_named() -> None:
    shopper = Shopper()
    shopper.says("lamp")
    shown = shopper.context.shown
    heard = shopper.says("cheaper than the third one")
    assert heard.anchor == shown[2] and limit(heard.need) == {"lt": shown[2].price_minor}


def test_cheaper_than_a_price_needs_no_product() -> None:
    heard = reads("lamp", "cheaper than $50")
    assert heard.anchor is None and limit(heard.need) == {"lt": 5_000}


def test_others_leave_out_what_was_shown() -> None:
    shopper = Shopper()
    shopper.says("lamp")
    shown = {p.id for p in shopper.context.shown}
    assert shopper.says("换一批").exclude == shown
    assert Shopper(shopper.context).says("cheaper").exclude == frozenset()


@pytest.mark.parametrize("message", ["which one would you pick?", "你推荐哪一款？", "help me choose"])
def test_to_ask_for_a_pick_changes_no_need(message: str) -> None:
    heard = reads("lamp under 200", message)
    assert (heard.intent, heard.need) == ("pick", reads("lamp under 200").need)


@pytest.mark.parametrize("message", ["有麦克风吗", "有话筒吗", "带麦克风吗"])
def test_what_listings_of_the_shelf_speak_of_is_a_question_about_it(message: str) -> None:
    heard = reads("耳机", message)
    assert (heard.intent, heard.need) == ("question", reads("耳机").need)


@pytest.mark.parametrize(
    "question", ["how much is the green one?", "what does the one in green cost?", "绿色的那个多少钱"]
)
def test_a_question_about_a_look_that_several_have_is_asked_back(question: str) -> None:
    shelf = tuple(
        Product(id, f"Lamp {id}", 5_000, attributes={"Color": color}, category="Lighting")
        for id, color in (("a", "Green 绿色"), ("b", "Dark green 绿色"), ("c", "White"))
    )
    heard = understand(Utterance(question), Context(Need("lamp"), shelf), vocabulary())
    assert (heard.intent, heard.need, heard.targets) == ("which", Need("lamp"), ("a", "b"))
    about = understand(Utterance("what about the green one?"), Context(Need("lamp"), shelf), vocabulary())
    assert about.intent == "search"


@pytest.mark.parametrize(
    "message",
    [
        "what other options are there?",
        "could I see a few more?",
        "I'm not keen on these",
        "other suggestions?",
        "再来几个",
        "有没有别的款",
        "这些不合适",
    ],
)
def test_others_are_looked_for_under_the_need_as_it_is(message: str) -> None:
    shopper = Shopper()
    before = shopper.says("台灯，80以内" if not message.isascii() else "lamps under 80").need
    shown = {product.id for product in shopper.context.shown}
    heard = shopper.says(message)
    assert (heard.intent, heard.need, heard.exclude) == ("search", before, shown)


@pytest.mark.parametrize("message", ["I can stretch to 90", "raise it to 90", "改到90"])
def test_a_limit_is_moved_in_whatever_words(message: str) -> None:
    assert list(limit(reads("lamps under 80", message).need).values()) == [9_000]


@pytest.mark.parametrize("message", ["60 is my limit", "that is over my budget", "价格太高了", "超预算了"])
def test_what_speaks_of_money_begins_no_new_search(message: str) -> None:
    assert reads("lamps under 80", message).need.constraints[0].field == "type"


@pytest.mark.parametrize(
    "message",
    ["is the first better than the second?", "第一个和第二个差在哪", "第一个第二个怎么选", "比一下第一个和第二个"],
)
def test_two_are_compared_in_whatever_words(message: str) -> None:
    assert reads("lamps", message).intent == "compare"


@pytest.mark.parametrize(
    "message",
    [
        "what makes you recommend the second one?",
        "why was the second one picked?",
        "what's the reason for the second one?",
        "第二个推荐的原因",
    ],
)
def test_reasons_are_asked_in_whatever_words(message: str) -> None:
    assert reads("lamps" if message.isascii() else "台灯", message).intent == "why"


@pytest.mark.parametrize("message", ["can I send it back?", "when will it arrive?", "what if it breaks?"])
def test_a_rule_is_asked_for_though_it_speaks_of_what_is_in_view(message: str) -> None:
    assert reads("lamps", message).intent == "policy"


@pytest.mark.parametrize("message", ["it's too heavy", "something lighter", "更轻的有吗"])
def test_what_is_wanted_more_or_less_of_is_measured_against_what_is_in_view(message: str) -> None:
    shelf = (Product("a", "Big Lamp", 5_000, attributes={"Weight": "2 kg"}),)
    heard = understand(Utterance(message), Context(Need("lamp"), shelf), vocabulary())
    assert heard.intent == "search" and heard.need.query == "lamp"
    assert [(c.field, c.op, c.value) for c in heard.need.constraints] == [("attributes.Weight", "lt", "2 kg")]

"""What a message does with the cart, read in both languages, and what is left to the search."""

import pytest

from assistant.reading.carting import Basket, read
from catalog import Product, Variant
from tests.shop import BLANKET, MUG, OAK, RAVEN, ROBIN, STEEL

SHIRT = Product(
    "shirt",
    "Plain Linen Shirt",
    3_000,
    variants=tuple(
        Variant(f"{colour}-{size}", {"Color": colour, "Size": size}, 3_000, 5)
        for colour in ("Sky blue", "White")
        for size in ("S", "M")
    ),
)
SHELF = (OAK, STEEL, SHIRT)
IN_CART = Basket((ROBIN, MUG), "mug", fresh=True)


def heard(message, shown=SHELF, focus=None, basket=Basket()):
    return read(message, shown, focus, basket)


def zh(*products):
    return tuple(p.localised("zh") for p in products)


@pytest.mark.parametrize(
    ("message", "ids", "count"),
    [
        ("add the second one to my cart", ("steel",), None),
        ("Could you put the Alder Desk Lamp in my basket, please?", ("oak",), None),
        ("I'll take the first one", ("oak",), None),
        ("ok, I'll take two of the second", ("steel",), 2),
        ("add 3 of the steel lamps to the cart", ("steel",), 3),
        ("I'll take the blue one in M", ("shirt",), None),
        ("buy the cheapest one", ("shirt",), None),
        ("把第二个加入购物车", ("steel",), None),
        ("第一个我要了", ("oak",), None),
        ("就要第三个", ("shirt",), None),
        ("加两个第二款到购物车", ("steel",), 2),
        ("第一个来两个", ("oak",), 2),
        ("那就第二个吧，要两个", ("steel",), 2),
        ("便宜的那个也来一个", ("shirt",), 1),
        ("购物车加一个第一款", ("oak",), 1),
    ],
)
def test_what_is_named_or_counted_is_put_in(message, ids, count):
    wish = heard(message)
    assert (wish.act, wish.targets, wish.quantity) == ("add", ids, count)


@pytest.mark.parametrize(
    ("message", "count"),
    [
        ("I'll take it", None),
        ("two of those please", 2),
        ("two, please", 2),
        ("add it to my cart", None),
        ("来两个", 2),
        ("要三个", 3),
        ("就这个吧", None),
        ("加入购物车", None),
    ],
)
def test_it_is_what_was_last_spoken_of(message, count):
    wish = heard(message, focus="steel")
    assert (wish.act, wish.targets, wish.quantity) == ("add", ("steel",), count)


@pytest.mark.parametrize("message", ["I'll take it", "two of those please", "来两个", "add it to my cart"])
def test_where_it_may_be_any_of_several_that_is_asked(message):
    wish = heard(message)
    assert (wish.act, wish.targets, wish.among) == ("add", (), ("oak", "steel", "shirt"))


def test_of_two_that_bear_the_name_neither_is_taken():
    wish = heard("add the lamp to my cart")
    assert (wish.targets, wish.among) == ((), ("oak", "steel"))


@pytest.mark.parametrize(
    "message",
    [
        "I want a tent",
        "I'd like a lamp under $50",
        "I'll take a tent",
        "add a tent to my cart",
        "I'm buying a gift for my dad",
        "do you have the first one in black?",
        "add a price limit of $40",
        "drop the price limit",
        "remove the colour",
        "(removed: not plastic)",
        "show me the cheaper one",
        "two lamps under $50",
        "under 40 please",
        "can I return it?",
        "will you sell it for $20?",
        "let me talk to a person about the first one",
        "我要买一个帐篷",
        "我想要一盏台灯",
        "来一个便宜点的",
        "我要红色的",
        "不要塑料的",
        "换一个",
        "第二个怎么样？",
        "这款能退货吗",
        "42",
    ],
)
def test_what_is_no_word_of_the_cart_is_left_to_the_search(message):
    assert heard(message) is None


@pytest.mark.parametrize(
    ("message", "act"),
    [
        ("empty my cart", "clear"),
        ("remove everything from my cart", "clear"),
        ("清空购物车", "clear"),
        ("what's in my cart?", "show"),
        ("show me my basket", "show"),
        ("购物车里有什么？", "show"),
        ("看看我的购物车", "show"),
        ("checkout", "checkout"),
        ("Ok, I'm ready to check out", "checkout"),
        ("结账吧", "checkout"),
        ("I accept the changes", "checkout"),
    ],
)
def test_the_whole_cart_is_spoken_of(message, act):
    assert heard(message).act == act
    assert heard(message).accept == ("accept" in message)


@pytest.mark.parametrize(
    ("message", "ids", "count"),
    [
        ("remove the kettle", ("robin",), None),
        ("take the Fern Mug out of my cart", ("mug",), None),
        ("remove the second one from my cart", ("mug",), None),
        ("remove it", ("mug",), None),
        ("remove one of the mugs", ("mug",), 1),
        ("I don't want the kettle any more", ("robin",), None),
    ],
)
def test_what_is_in_the_cart_is_taken_out_though_the_shelf_holds_other_things(message, ids, count):
    wish = heard(message, basket=IN_CART)
    assert (wish.act, wish.targets, wish.quantity) == ("remove", ids, count)


@pytest.mark.parametrize("message", ["把水壶删掉", "水壶不要了", "从购物车移除电水壶"])
def test_what_is_in_the_cart_is_taken_out_in_chinese(message):
    wish = heard(message, zh(OAK, STEEL), basket=Basket(zh(ROBIN, MUG), "mug"))
    assert (wish.act, wish.targets) == ("remove", ("robin",))


def test_only_what_is_in_the_cart_is_taken_out_of_it():
    assert heard("remove the lamp", basket=IN_CART) is None
    assert heard("remove the price limit", basket=IN_CART) is None


@pytest.mark.parametrize("message", ["make it three", "change it to 3", "改成三个", "make that 3 please"])
def test_another_count_is_of_what_was_last_put_in(message):
    wish = heard(message, basket=IN_CART)
    assert (wish.act, wish.targets, wish.quantity) == ("set", ("mug",), 3)


def test_a_bare_count_right_after_is_how_many_there_are_to_be():
    assert heard("two of those please", basket=IN_CART).act == "set"
    assert heard("two more please", basket=IN_CART).act == "add"
    assert heard("再来两个", basket=IN_CART).act == "add"


def test_a_large_number_is_a_count_only_right_after():
    assert heard("make that 80", basket=Basket((MUG,), "mug")) is None
    assert heard("make that 80", basket=IN_CART).quantity == 80


def test_another_size_takes_the_place_of_the_one_just_put_in():
    basket = Basket((SHIRT,), "shirt", fresh=True)
    assert heard("make it S instead", basket=basket).act == "vary"
    assert heard("make it cheaper", basket=basket) is None


def test_a_short_answer_chooses_among_what_was_offered():
    sizes = (
        "Add 2 of the Plain Linen Shirt (White, S) to my cart",
        "Add 2 of the Plain Linen Shirt (White, M) to my cart",
    )
    wish = heard("M please", basket=Basket(asked=sizes))
    assert (wish.act, wish.targets, wish.quantity, wish.words) == ("add", ("shirt",), 2, sizes[1])
    lamps = ("Add the Alder Desk Lamp to my cart", "Add the Harbor Steel Lamp to my cart")
    assert heard("the steel one", basket=Basket(asked=lamps)).targets == ("steel",)
    assert heard("the second", basket=Basket(asked=lamps)).targets == ("steel",)
    assert heard("a red kettle", basket=Basket(asked=lamps)) is None


def test_a_product_in_the_cart_can_be_asked_about_when_it_is_off_the_shelf():
    wish = heard("is the one in my cart waterproof?", basket=Basket((ROBIN,)))
    assert (wish.act, wish.targets) == ("ask", ("robin",))
    assert heard("is the kettle dishwasher safe?", basket=IN_CART).targets == ("robin",)
    assert heard("is the kettle dishwasher safe?", shown=(RAVEN,), basket=IN_CART) is None
    assert heard("is the one in my cart waterproof?", basket=IN_CART).among == ("robin", "mug")
    assert heard("is the one in my cart waterproof?").act == "show"
    assert heard("购物车里的水壶能洗吗？", zh(OAK), basket=Basket(zh(ROBIN, MUG))).targets == ("robin",)


def test_numbers_in_titles_and_sizes_are_no_counts():
    set_of_2 = Product("set", "Set of 2 Cups", 900)
    boots = Product("boots", "Walking Boots", 900, variants=(Variant("b", {"Size": "EU 39"}, 900, 1),) * 2)
    assert heard("add the Set of 2 Cups to my cart", (set_of_2,)).quantity is None
    assert heard("I'll take it in EU 39", (boots,)).quantity is None
    assert heard("I'll take two in 39", (boots,)).quantity == 2


def test_every_quick_reply_about_the_cart_is_read_as_what_it_says():
    from assistant.phrases import say

    basket = Basket((BLANKET, MUG), "mug")
    for locale, name in (("en", "Cove Wool Blanket (Blue)"), ("zh", "海湾羊毛毯（蓝色）")):
        shown = tuple(p.localised(locale) for p in (BLANKET, OAK))
        known = Basket(tuple(p.localised(locale) for p in basket.inside), "mug")
        for act in ("add", "set", "remove"):
            for phrase in (f"q_cart_{act}", f"q_cart_{act}_many"):
                if phrase == "q_cart_set":
                    continue
                wish = read(say(phrase, locale, name=name, count=3), shown, None, known)
                assert (wish.act, wish.targets) == (act, ("blanket",)), phrase
                assert wish.quantity == (3 if phrase.endswith("many") else None)
        acts = {"show": "show", "checkout": "checkout", "accept": "checkout"}
        assert all(read(say(f"q_cart_{one}", locale), shown, None, known).act == act for one, act in acts.items())


def test_what_was_just_put_in_is_not_put_in_again_when_that_is_affirmed():
    assert heard("I'll take it", focus="mug", basket=IN_CART).act == "show"
    assert heard("ok, buy it", focus="mug", basket=IN_CART).act == "checkout"
    assert heard("one more please", focus="mug", basket=IN_CART).act == "add"


def test_an_answer_keeps_what_was_said_before():
    blue = tuple(f"Add the Plain Linen Shirt (Sky blue, {size}) to my cart" for size in ("S", "M"))
    assert "Sky blue" in heard("M", basket=Basket(asked=blue)).words


def test_the_checkout_may_come_at_the_end_of_a_sentence():
    assert heard("nothing else thanks, checkout").act == "checkout"
    assert heard("就这些，结账").act == "checkout"
    assert heard("remove it").act == "show"

"""What of all that shops anywhere sell a message asks for, and what it only speaks of."""

from collections import Counter

import pytest

from assistant.reading.asked import asked_kinds
from assistant.reading.things import Thing, thing_asked, things
from assistant.reading.vocabulary import Vocabulary, learn
from catalog import Product, Translation, has_cjk, thing_rows
from tests import demo, shop

ROWS = thing_rows()
SHOP = learn(shop.PRODUCTS)
ESPRESSO = learn(
    [
        Product("solo", "Solo Espresso Machine", 9_900, description="Steams milk and heats two cups."),
        Product("duo", "Duo Espresso Machine", 19_900, description="Grinds and brews."),
    ]
)
LAUNDRY = learn([Product("nook", "Nook Compact Machine", 29_900, description="Made for washing clothes, five kilos.")])
SHEETS = learn(
    [
        Product(
            "sheets", "Marsh Cotton Sheet Set", 5_900, translations=(Translation("zh", "沼泽纯棉床单套装", "四件。"),)
        )
    ]
)


def asked(message: str, vocabulary: Vocabulary = SHOP) -> Thing:
    found = thing_asked(message, vocabulary)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ("do you sell hats?", "hats"), ("a warm hat for winter", "hat"), ("looking for a sofa", "sofa"), ("sofa", "sofa"), ("any good books?", "books"),
        ("I'd like a sofa", "sofa"), ("is there a bike?", "bike"), ("what about hats", "hats"), ("I need a washing machine", "washing machine"),
        ("do you have shorts", "shorts"), ("a phone for my son", "phone"), ("show me ties please", "ties"), ("DO YOU SELL HATS", "HATS"),
        ("请问贵店有沙发在售吗", "沙发"), ("沙发能在你家买到不", "沙发"), ("弱弱问沙发有木有", "沙发"),
        ("有没有沙发", "沙发"), ("我想买手机壳", "手机壳"), ("沙发", "沙发"), ("有自行车吗", "自行车"), ("卖不卖吉他", "吉他"),
        ("做不做吉他", "吉他"), ("吉他给推几款呗", "吉他"), ("吉他在你们这能下单吗", "吉他"),
        ("有吉他这个品项吗", "吉他"), ("送妈妈的吉他，100以内", "吉他"), ("我想买鞋子", "鞋子"),
        ("a pair of jeans", "jeans"), ("where are the umbrellas?", "umbrellas"), ("I would love a guitar", "guitar"), ("do you sell gloves?", "gloves"),
        ("do you people supply hats also?", "hats"), ("I am in need of a car tyre", "tyre"), ("可以在你这买沙发不", "沙发"),
        ("有沙发的话告诉我", "沙发"), ("倘使沙发也有，我就不用再跑一趟", "沙发"), ("俺还想捎个吉他回去", "吉他"),
        ("any cookies?", "cookies"), ("我想买鞋", "鞋"), ("有鞋吗", "鞋"), ("想买个吉他送朋友", "吉他"), ("推荐一款手机", "手机"),
    ],
)  # fmt: skip
def test_what_is_plainly_asked_for_is_a_thing_though_it_is_not_carried(message: str, word: str) -> None:
    thing = asked(message)
    assert message[slice(*thing.span)] == word
    assert not thing.carried


@pytest.mark.parametrize(
    "message",
    [
        "my phone dies on long trips", "do they have a microphone?", "does it come with a remote?", "breakfast in bed", "something for my sofa",
        "it must go with my sofa", "a gift for a coffee lover", "the hat is too small", "not a sofa", "no sofa please", "something like the sofa",
        "she loves books", "she already has a bike", "I want to read books in bed", "waterproof", "", "?",
        "沙发也有划痕", "我家里有沙发不舒服", "something to keep a phone dry",
        "送给爱喝咖啡的爸爸", "放在沙发上", "适合沙发的", "我的手机坏了", "不要沙发", "除了沙发都行", "像沙发一样软",
    ],
)  # fmt: skip
def test_what_is_only_spoken_of_is_not_asked_for(message: str) -> None:
    assert thing_asked(message, SHOP) is None


def test_of_a_thing_owned_and_a_thing_needed_only_the_second_is_asked_for() -> None:
    for vocabulary, carried in ((demo.vocabulary(), True), (SHOP, False)):
        (kind,) = asked_kinds("I bought a sofa and need cushions", vocabulary)
        assert (kind.word, kind.carried) == ("cushions", carried)


@pytest.mark.parametrize(
    "message",
    ["lamp shade", "a lamp shade please", "do you sell lamp shades?", "coffee lover", "do you have a book holder?"],
)
def test_a_thing_that_only_qualifies_what_follows_is_not_asked_for(message: str) -> None:
    assert thing_asked(message, SHOP) is None


def test_of_two_things_the_one_that_heads_the_request_is_asked_for() -> None:
    assert asked("a rug like the sofa").names[0] == "rug"
    assert asked("need a sofa for my piano room").names[0] == "sofa"


def test_a_longer_name_goes_before_the_shorter_one_in_it() -> None:
    assert asked("phone case").names[:2] == ("phone case", "phone cover")
    assert asked("coffee grinder").names[0] == "coffee grinder"
    assert asked("买个手机支架").names[0] == "手机支架"


def test_a_thing_that_is_carried_goes_by_the_names_of_the_catalogue_alone() -> None:
    assert asked("do you have kettles?") == Thing((12, 19), ("kettle", "水壶"), True)
    assert asked("want a cup").names == ("杯",)
    assert asked("我想买手机壳", demo.vocabulary()).carried
    assert asked("coffee grinder", demo.vocabulary()).carried


def test_a_thing_that_is_not_carried_goes_by_all_its_names_the_one_spoken_first() -> None:
    assert asked("我想买手机壳").names == ("手机壳", "phone case", "phone cover", "手机套")
    row = next(row for row in ROWS if "couch" in row)
    assert asked("a couch").names == ("couch", *(name for name in row if name != "couch"))


@pytest.mark.parametrize("message", ["床单", "想买床单", "有床单吗", "do you sell bed sheets?"])
def test_sheets_are_carried_where_a_title_names_a_set_of_them(message: str) -> None:
    assert asked(message, SHEETS) == Thing(asked(message).span, ("床单",), True)
    assert not asked(message).carried


@pytest.mark.parametrize("message", ["washing machine", "I need a washing machine", "do you sell sewing machines?"])
def test_another_machine_is_not_the_machine_of_a_shop_of_espresso_machines(message: str) -> None:
    (kind,) = asked_kinds(message, ESPRESSO)
    assert (kind.word.removesuffix("s"), kind.carried) == (kind.names[0], False)


@pytest.mark.parametrize("message", ["espresso machine", "an espresso machine please", "a machine"])
def test_the_machine_that_a_shop_carries_is_its_kind(message: str) -> None:
    (kind,) = asked_kinds(message, ESPRESSO)
    assert (kind.word, kind.carried) == ("machine", True)


def test_a_machine_is_the_thing_asked_for_where_its_listings_say_so() -> None:
    (kind,) = asked_kinds("a washing machine", LAUNDRY)
    assert (kind.word, kind.carried) == ("machine", True)


@pytest.mark.parametrize("message", ["do you sell hats?", "有没有沙发"])
def test_a_thing_that_is_not_carried_is_a_kind_that_no_product_is_of(message: str) -> None:
    (kind,) = asked_kinds(message, demo.vocabulary())
    assert not kind.carried
    assert message[slice(*kind.span)] == kind.word


def test_every_row_has_an_english_and_a_chinese_name() -> None:
    assert [row for row in ROWS if all(has_cjk(name) for name in row)] == []
    assert [row for row in ROWS if not any(has_cjk(name) for name in row)] == []


def test_no_name_stands_in_two_rows() -> None:
    counts = Counter(name.casefold() for row in ROWS for name in row)
    assert [name for name, count in counts.items() if count > 1] == []
    assert len(things()) == counts.total()


def test_every_name_of_the_lexicon_is_understood_when_asked_for() -> None:
    missed = []
    for name in things():
        message = f"我想买{name}" if has_cjk(name) else f"do you have any {name}?"
        thing = thing_asked(message, ESPRESSO)
        if thing is None or things()[name] != things()[thing.names[0].casefold()]:
            missed.append(name)
    assert missed == []


def test_every_english_name_is_known_in_the_plural() -> None:
    missed = [
        name for name in things() if not has_cjk(name) and asked(f"any {plural(name)}?").names[0] not in things()[name]
    ]
    assert missed == []


def plural(name: str) -> str:
    if name.endswith(("knife", "leaf", "loaf", "scarf", "shelf")):
        return name.removesuffix("fe").removesuffix("f") + "ves"
    if name.endswith("y") and name[-2] not in "aeiou":
        return name[:-1] + "ies"
    if name.endswith("s"):
        return name
    return name + ("es" if name.endswith(("x", "ch", "sh")) else "s")

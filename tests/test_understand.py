from dataclasses import replace

import pytest

from assistant.context import Context
from assistant.phrases import describe, say
from assistant.types import Need, Utterance
from assistant.understand import detect_locale, understand
from catalog import Constraint
from tests import demo
from tests.demo import Shopper, limit, reads, refused, vocabulary, wanted
from tests.record.conversation import turn


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (("backpack under $100",), {"lt": 10_000}),
        (("backpack under $100", "actually under $60"), {"lt": 6_000}),
        (("backpack under $100", "no, make that 80"), {"lt": 8_000}),
        (("backpack", "my budget is $15"), {"le": 1_500}),
        (("backpack under 60", "forget the budget"), {}),
        (("backpack under 60", "between 80 and 120"), {"ge": 8_000, "le": 12_000}),
        (("backpack between 40 and 60", "under $30"), {"lt": 3_000}),
        (("backpack under $60", "Without “under $60”"), {}),
        (("双肩包100以内", "预算提高到200"), {"le": 20_000}),
        (("双肩包100以内", "改成150以内"), {"le": 15_000}),
        (("双肩包100美元以内", "不考虑预算了"), {}),
        (("双肩包", "一百块以内呢"), {"le": 10_000}),
        (("想买一个两百块以内的双肩包",), {"le": 20_000}),
        (("50 dollars max for a coffee grinder",), {"le": 5_000}),
        (("toys for kids under 5",), {}),
        (("my size is 42",), {}),
    ],
)
def test_the_price_limit_is_the_last_one_stated(messages: tuple[str, ...], expected: dict[str, float]) -> None:
    assert limit(reads(*messages).need) == expected


@pytest.mark.parametrize(
    ("messages", "asked", "ruled_out"),
    [
        (("blue backpack", "not blue"), set(), {"blue"}),
        (("blue backpack", "green instead"), {"green"}, set()),
        (("blue backpack", "or green"), {"blue", "green"}, set()),
        (("backpack in black", "any colour is fine"), set(), set()),
        (("黑色双肩包", "颜色无所谓"), set(), set()),
        (("黑色双肩包", "还是要蓝色吧"), {"blue"}, set()),
        (("yoga mat, not pink, not purple",), set(), {"pink", "purple"}),
        (("yoga mat in any colour except pink",), set(), {"pink"}),
        (("Not black, but navy is okay",), set(), {"black"}),
        (("除了黑色什么颜色都行的双肩包",), set(), {"black"}),
        (("desk chair that's not black, preferably grey",), set(), {"black"}),
        (("not black", "now in black please"), {"black"}, set()),
        (("黑色双肩包", "两个人用，不要太重"), {"black"}, set()),
        (("lamp", "有红色的吗"), {"red"}, set()),
        (("lamp", "how about a black one?"), {"black"}, set()),
        (("双肩包", "那黑色的呢"), {"black"}, set()),
    ],
)
def test_the_colours_are_those_last_asked_for_and_refused(
    messages: tuple[str, ...], asked: set[str], ruled_out: set[str]
) -> None:
    need = reads(*messages).need
    assert {c for c in wanted(need, "attributes.Color") if c.isascii()} == asked
    assert {c for c in refused(need, "attributes.Color") if c.isascii()} == ruled_out


@pytest.mark.parametrize(
    ("messages", "ruled_out"),
    [
        (("headphones, anything but leather",), True),
        (("i dont want leather shoes",), True),
        (("双肩包 不要皮革",), True),
        (("双肩包", "不要皮的"), True),
        (("backpack not leather", "under $80", "in blue", "cheaper"), True),
        (("backpack not leather", "show me others"), True),
        (("backpack not leather", "leather is fine too"), False),
        (("backpack not leather", "actually leather please"), False),
        (("双肩包 不要皮革", "皮的也可以"), False),
        (("backpack not leather", "Without “not leather”"), False),
        (("it doesn't have to be leather",), False),
    ],
)
def test_a_refusal_holds_until_the_shopper_lifts_it(messages: tuple[str, ...], ruled_out: bool) -> None:
    assert ("leather" in refused(reads(*messages).need, "text")) == ruled_out


@pytest.mark.parametrize(
    ("messages", "kind"),
    [
        (("a lamp for my kitchen",), "lamp"),
        (("backpack under $80", "and a wallet"), "wallet"),
        (("backpack under $80", "now show me coffee grinders"), "grinder"),
        (("双肩包", "算了，看看帐篷"), "帐篷"),
        (("ceramic mug", "start over", "lamp"), "lamp"),
        (("lamp under 100", "for reading in bed"), "lamp"),
        (("lamp", "with a dimmer"), "lamp"),
        (("lamp", "lightweight"), "lamp"),
        (("shoes or boots",), "boot"),
    ],
)
def test_the_kind_is_the_last_one_asked_for_and_only_inferred(messages: tuple[str, ...], kind: str) -> None:
    (only,) = [c for c in reads(*messages).need.constraints if c.field == "type"]
    assert kind in only.value and only.origin == "inferred"  # type: ignore[operator]


@pytest.mark.parametrize(
    "messages",
    [
        ("backpack under $80", "do you have chocolate?"),
        ("backpack under $80", "lipstick"),
        ("双肩包", "我想看看毛毯"),
        ("双肩包", "吉他"),
    ],
)
def test_a_thing_that_is_not_carried_begins_a_new_search(messages: tuple[str, str]) -> None:
    need = reads(*messages).need
    (only,) = need.constraints
    assert (only.field, only.op, only.origin) == ("type", "eq", "inferred")
    assert isinstance(only.value, tuple) and any(name in messages[1] for name in only.value)
    assert "backpack" not in need.query and "双肩包" not in need.query


def test_a_budget_said_before_the_kind_is_kept() -> None:
    need = reads("my budget is 50", "headphones").need
    assert limit(need) == {"le": 5_000} and wanted(need, "type") == {"headphones", "headphone"}


def test_piece_by_piece_is_as_good_as_at_once() -> None:
    pieces = reads("mug", "in white", "and under 15", "not ceramic").need
    at_once = reads("a white mug under 15, not ceramic").need
    assert set(pieces.constraints) == set(at_once.constraints)


def test_words_that_were_lifted_or_refused_do_not_steer_the_search() -> None:
    assert "blue" not in reads("blue backpack", "not blue").need.query
    assert "leather" not in reads("wallet, not leather").need.query
    assert reads("backpack in black", "show me others").need.query == "backpack in black"


@pytest.mark.parametrize(
    "message", ["surprise me", "what's new?", "what do you sell?", "随便看看", "有什么推荐的吗", "???"]
)
def test_an_open_wish_is_empty(message: str) -> None:
    assert reads(message).need == Need()


@pytest.mark.parametrize(
    ("message", "category"),
    [
        ("Show me what you have in Kitchen", "Kitchen"), ("Show me what you have in Home office", "Home Office"),
        ("Bags & wallets under $85", "Bags & Wallets"), ("Beauty & care, 4 stars or more", "Beauty & Care"), ("看看厨房用品有什么", "Kitchen"),
        ("4 星以上的床品与卫浴", "Bedding & Bath"), ("a lamp for my kitchen", None), ("kitchen lamp", None), ("shoes", None),
    ],
)  # fmt: skip
def test_a_category_is_asked_for_by_its_name_alone(message: str, category: str | None) -> None:
    assert reads(message).need.category == category


def test_every_chip_can_be_dropped_by_its_quick_reply() -> None:
    for locale, message in (
        ("en", "a red mug under $20, not leather, not Fennick, 4 stars or more"),
        ("zh", "20美元以内的红色马克杯，不要皮革，4星以上"),
    ):
        shopper = Shopper()
        for constraint in shopper.says(message).need.constraints:
            before = shopper.context
            reply = say("q_without", locale, constraint=describe(constraint, "USD", locale))
            need = shopper.says(reply).need
            assert need.constraints == tuple(c for c in before.need.constraints if c != constraint), reply
            shopper.context = before


def test_an_edited_need_is_taken_as_it_is() -> None:
    need = Need("lamp", None, (Constraint("price", "lt", 100, "edited"),))
    assert understand(Utterance("anything", need=need), Context(), demo.vocabulary()).need is need


@pytest.mark.parametrize(
    ("message", "locale"),
    [
        ("a lamp", "en"), ("台灯", "zh"), ("想要 wireless 耳机", "zh"), ("is the Fennick Metro 通勤双肩包 any good for travelling?", "en"), ("42", "zh"),
    ],
)  # fmt: skip
def test_the_language_is_that_of_the_message(message: str, locale: str) -> None:
    assert detect_locale(message, "zh") == locale


def test_a_foreign_currency_is_passed_on() -> None:
    assert reads("lamp under €50").foreign_currency == "EUR"
    assert reads("lamp under $50").foreign_currency is None


@pytest.mark.parametrize(
    "message", ["", " ", "\n", "？", "a" * 2000, "不要" * 200, "under " * 300, "$" * 50, "0", "🙂", "（）", "no no no"]
)
def test_any_text_is_understood_somehow(message: str) -> None:
    assert reads("lamp", message).locale in ("en", "zh")


@pytest.mark.parametrize("piece", ["1-", "一百到", "not ", "red ", "lamp or ", "不要", "under 5 ", "两三百", " "])
def test_a_message_that_repeats_itself_is_read_only_so_far(piece: str) -> None:
    need = reads("lamp", (piece * 4000)[:4000]).need
    assert len(need.constraints) < 100 and len(need.query) <= 400


@pytest.mark.parametrize(
    ("messages", "phrase"),
    [
        (("toys, no small parts",), "small parts"),
        (("toys for a toddler without small parts",), "small parts"),
        (("white mug", "no small parts"), "small parts"),
        (("backpack without side pockets under $100",), "side pockets"),
        (("玩具，不要有小零件的",), "小零件"),
        (("不要有小零件的玩具",), "小零件"),
        (("玩具", "不要有小零件的"), "小零件"),
    ],
)
def test_a_thing_refused_with_its_quality_is_refused_as_a_phrase(messages: tuple[str, ...], phrase: str) -> None:
    need = reads(*messages).need
    assert refused(need, "text") == {phrase}
    assert "type" in {c.field for c in need.constraints}
    assert phrase not in need.query


@pytest.mark.parametrize(
    "message", ["toys, no parts", "wallet, not too big", "nothing too heavy please", "no more red ones"]
)
def test_a_lone_refusal_is_no_phrase(message: str) -> None:
    assert not any(" " in word for word in refused(reads(message).need, "text"))


@pytest.mark.parametrize(
    ("messages", "leaves_out"),
    [
        (("a gift for my sister", "she has a brother"), "men"),
        (("shoes for my girlfriend", "she has a brother"), "men"),
        (("shoes for my girlfriend", "her brother wears them too"), "men"),
        (("women's jacket", "my brother has one like it"), "men"),
        (("送女朋友的鞋", "她哥哥也喜欢"), "men"),
        (("送女朋友的鞋", "她有个哥哥"), "men"),
        (("shoes for my girlfriend", "for my brother"), "women"),
        (("shoes for my girlfriend", "for her brother"), "women"),
        (("women's shoes", "men's shoes"), "women"),
        (("a gift for my sister", "no, a gift my brother would like"), "women"),
        (("送女朋友的鞋", "送哥哥的"), "women"),
    ],
)
def test_whom_it_is_for_changes_only_where_something_is_for_another(messages: tuple[str, ...], leaves_out: str) -> None:
    assert refused(reads(*messages).need, "attributes.Gender") & {"men", "women"} == {leaves_out}


@pytest.mark.parametrize(
    ("messages", "names"),
    [
        (("do you sell hats?",), {"hats", "hat", "帽子"}),
        (("有没有沙发",), {"沙发", "sofa", "couch"}),
        (("do you sell hats?", "under $20"), {"hat"}),
        (("do you sell hats?", "in red"), {"hat"}),
        (("lamp under 50", "有吉他吗"), {"吉他", "guitar"}),
        (("耳机", "你们有麦克风吗"), {"麦克风"}),
    ],
)
def test_a_thing_that_is_not_carried_is_the_kind_by_all_its_names(messages: tuple[str, ...], names: set[str]) -> None:
    (kind,) = [c for c in reads(*messages).need.constraints if c.field == "type"]
    assert (kind.op, kind.origin) == ("eq", "inferred")
    assert names <= set(kind.value)  # type: ignore[arg-type]


@pytest.mark.parametrize("wish", ["something for hiking", "适合露营的", "anything with a strap"])
def test_what_is_wished_for_after_a_thing_that_is_not_carried_begins_afresh(wish: str) -> None:
    assert reads("do you sell hats under $20?", wish).need == reads(wish).need


@pytest.mark.parametrize(
    "messages", [("do you sell hats?", "lamp"), ("有没有沙发", "看看台灯"), ("hats", "a lamp then")]
)
def test_a_kind_that_is_carried_takes_the_place_of_one_that_is_not(messages: tuple[str, str]) -> None:
    (kind,) = [c for c in reads(*messages).need.constraints if c.field == "type"]
    assert kind.op == "contains"


@pytest.mark.parametrize(
    ("messages", "features"),
    [
        (("headphones with USB charging",), ("usb charging",)),
        (("headphones", "with noise cancelling"), ("noise cancelling",)),
        (("tent", "waterproof"), ("waterproof",)),
        (("帐篷", "防水的"), ("防水",)),
        (("something waterproof",), ()),
        (("headphones under $50",), ()),
        (("headphones in black",), ()),
        (("headphones with USB charging", "under $50"), ()),
    ],
)
def test_a_feature_is_asked_for_of_a_kind_that_is_known(messages: tuple[str, ...], features: tuple[str, ...]) -> None:
    assert reads(*messages).features == features


@pytest.mark.parametrize(
    ("messages", "to_shop"),
    [
        (("are you open on Sundays?",), True),
        (("tent", "are you open on Sundays?"), True),
        (("你们几点开门",), True),
        (("do you have lamps?",), False),
        (("do you have anything under $20?",), False),
        (("do you sell hats?",), False),
        (("a red lamp",), False),
    ],
)
def test_what_names_no_product_and_no_limit_may_be_a_question_to_the_shop(
    messages: tuple[str, ...], to_shop: bool
) -> None:
    heard = reads(*messages)
    assert (heard.intent, heard.to_shop) == ("search", to_shop)


@pytest.mark.parametrize(
    ("wish", "only", "category"),
    [("something under $60", "Only Lighting", "Lighting"), ("60 美元以内的东西", "只看灯具", "Lighting")],
)
def test_only_one_category_narrows_the_search_that_is_under_way(wish, only, category) -> None:
    before, after = reads(wish).need, reads(wish, only).need
    assert (after.category, after.constraints) == (category, before.constraints)


def test_a_category_asked_for_without_only_begins_a_new_search() -> None:
    assert reads("something under $60", "show me what you have in Lighting").need.constraints == ()


@pytest.mark.parametrize(
    "message", ["that's too expensive", "this is too pricey", "有点贵，便宜点的呢", "cheaper的有吗"]
)
def test_a_price_that_is_too_high_asks_for_a_lower_one_even_of_what_was_spoken_of(message: str) -> None:
    shopper = Shopper()
    shopper.says("lamps", "how much is the second one?")
    spoken_of = next(p for p in shopper.context.shown if p.id == shopper.context.focus)
    heard = shopper.says(message)
    assert heard.intent == "search" and limit(heard.need) == {"lt": spoken_of.price_minor}


@pytest.mark.parametrize("message", ["no price limit", "no limit on price"])
def test_a_limit_that_is_released_rules_out_no_words(message: str) -> None:
    heard = reads("lamp under 60", message)
    assert not [c for c in heard.need.constraints if c.field in ("text", "price")]


@pytest.mark.parametrize(
    ("first", "then"),
    [("a gift for my sister under 80", "sorry, it's for my dad"), ("想给姐姐买个礼物，80以内", "说错了，是送爸爸的")],
)
def test_the_person_who_was_named_by_mistake_is_no_longer_searched_for(first: str, then: str) -> None:
    heard = reads(first, then)
    assert "sister" not in heard.need.query and "姐姐" not in heard.need.query
    assert "women" in refused(heard.need, "attributes.Gender") and "men" not in refused(heard.need, "attributes.Gender")


@pytest.mark.parametrize(
    ("first", "other", "back"),
    [
        ("backpacks under 90", "a desk lamp", "ok, back to the backpacks"),
        ("100以内的背包", "台灯", "还是看回背包吧"),
        ("backpacks under 90", "a desk lamp", "let's go back to backpacks"),
        ("backpacks under 90", "a desk lamp", "show me backpacks"),
        ("backpacks under 90, not black", "a desk lamp", "and the backpacks again please"),
    ],
)
def test_going_back_to_a_kind_brings_back_what_was_asked_of_it(first: str, other: str, back: str) -> None:
    asked, between = reads(first).need, reads(first, other).need
    history = tuple(replace(turn(str(n), "s"), need=need) for n, need in enumerate((asked, between)))
    heard = understand(Utterance(back), Context(between, history=history), vocabulary())
    assert heard.need == asked


def test_a_kind_that_is_named_again_with_a_limit_is_searched_afresh() -> None:
    asked, between = reads("backpacks under 90, not black").need, reads("a desk lamp").need
    history = tuple(replace(turn(str(n), "s"), need=need) for n, need in enumerate((asked, between)))
    heard = understand(Utterance("backpacks under 40"), Context(between, history=history), vocabulary())
    assert {(c.op, c.value) for c in heard.need.constraints if c.field == "price"} == {("lt", 4_000)}
    assert not refused(heard.need, "attributes.Color")


def test_a_kind_never_looked_for_is_searched_afresh_whatever_it_goes_back_to() -> None:
    heard = understand(Utterance("back to the tents"), Context(reads("a lamp under 50").need), vocabulary())
    assert wanted(heard.need, "type") >= {"tents"} and not limit(heard.need)


@pytest.mark.parametrize(
    "message",
    [
        "blanket, I have a wool allergy",
        "I'm allergic to wool, any blankets?",
        "想买毯子，我对羊毛过敏",
        "毯子，羊毛会过敏",
    ],
)
def test_what_one_is_allergic_to_is_refused(message: str) -> None:
    need = reads(message).need
    refused = {str(v) for c in need.constraints if c.op in ("not_contains", "ne", "not_in") for v in c.value}
    assert "wool" in refused
    assert not any(c.op == "contains" and "wool" in c.value for c in need.constraints)

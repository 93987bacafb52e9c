import pytest

from assistant.phrases import describe, say
from assistant.types import Need, Utterance
from assistant.understand import Context, detect_locale, understand
from catalog import Constraint
from tests import demo
from tests.demo import Shopper, limit, reads, refused, wanted


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
        assert heard.targets == () and heard.need == reads("lamp").need


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

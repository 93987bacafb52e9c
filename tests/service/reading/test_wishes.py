"""What a message wants: several things at once, conditions, what is left out, what is only asked."""

import pytest

from assistant.service.reading import Bound, hear

SHOP = r"LL-\d{5}"


def wishes(text, **asked):
    return hear(text, "en", order_pattern=SHOP, **asked).wishes


def only(text, **asked):
    found = wishes(text, **asked)
    assert len(found) == 1, found
    return found[0]


def texts(items):
    return [one.text for one in items]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Please cancel LL-10003", "cancel"), ("I want to send the rug back", "return"), ("could I get a refund for the teapot?", "return"),
        ("swap the jacket for a red one", "exchange"), ("change the lantern to a green one", "change_items"),
        ("where is my order?", "status"), ("has it shipped yet", "status"), ("what did I order?", "orders"), ("how much did I pay for LL-10002?", "total"),
        ("where's my refund", "refund_status"), ("what is left on my gift card", "balance"), ("which payment methods do I have", "profile"),
        ("is there a warranty on the lantern", "warranty"), ("the mug arrived broken", "damaged"), ("I never received the skates", "missing"),
        ("let me speak to a real person", "person"), ("this is unacceptable, I want to complain", "complaint"),
        ("what's your return policy?", "how"), ("which colours are available for the jacket?", "options"), ("what's in order LL-10002?", "details"),
        ("please undo the cancellation", "undo"), ("I want a partial refund", "refund"), ("pay LL-10003 with my amex instead", "change_payment"),
        ("取消订单LL-10003", "cancel"), ("我要退茶壶", "return"), ("把夹克换成红色的", "exchange"), ("我的快递到哪了", "status"), ("转人工", "person"),
        ("退款到账了吗", "refund_status"), ("礼品卡余额还有多少", "balance"), ("夹克有哪些颜色", "options"), ("没收到货", "missing"), ("退货政策是什么", "how"),
        ("我要投诉", "complaint"), ("把LL-10003的付款方式改成信用卡", "change_payment"),
    ],
)  # fmt: skip
def test_the_kind_of_wish_is_read(text, kind):
    assert only(text).kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "Hello there",
        "I have a question",
        "Thanks for making the changes",
        "I returned it last week",
        "My name is Odile Marchetti",
        "你好",
        "I'm just in a hurry",
    ],
)
def test_what_wants_nothing_is_no_wish(text):
    assert wishes(text) == ()


def test_several_wishes_keep_their_order_numbers_and_things():
    first, second, third = wishes(
        "Cancel LL-10003, send back the teapot from LL-10002, and how much will I get back in total?"
    )
    assert (first.kind, first.order_ids, first.everything) == ("cancel", ("LL-10003",), True)
    assert (second.kind, second.order_ids, texts(second.items)) == ("return", ("LL-10002",), ["the teapot"])
    assert third.kind == "total"


def test_a_list_is_parted_into_its_things_with_what_describes_them():
    found = only("I'd like to return the blue, enamel mug, the jacket (size M) and a teapot that I got last week")
    assert texts(found.items) == ["the blue enamel mug", "the jacket (size M)", "a teapot"]


def test_pairs_of_an_exchange_keep_what_each_becomes():
    found = only("Exchange the jacket for a large one and the teapot for something bigger, preferably black")
    assert [(one.text, one.wanted) for one in found.items] == [
        ("the jacket", "a large one"),
        ("the teapot", "something bigger, preferably black"),
    ]


@pytest.mark.parametrize(
    ("text", "item", "wanted"),
    [
        ("change the colour of the jacket to red", "the jacket", "colour red"),
        ("make the jacket red", "the jacket", "red"),
        ("I got a jacket that is too tight and need to exchange it for a bigger one", "a jacket", "a bigger one"),
        ("I bought a teapot last week. Can I swap it for the black one?", "a teapot", "the black one"),
        ("the jacket should be large instead of medium", "the jacket", "large instead of medium"),
        ("change the jacket from navy to red", "the jacket navy", "red"),
        ("我想把蓝色的夹克换成红色的", "蓝色的夹克", "红色的"),
        ("我买的鞋子太小了，能换大一码的吗", "鞋子", "大一码的"),
    ],
)
def test_a_thing_and_what_it_shall_become_are_told_apart(text, item, wanted):
    found = only(text)
    assert [(one.text, one.wanted) for one in found.items] == [(item, wanted)]


def test_later_sentences_say_more_of_the_thing_they_name():
    found = only(
        "I want to exchange the jacket and the teapot. The jacket should go up a size. For the teapot, I'd like black."
    )
    wanted = {one.text: one.wanted for one in found.items}
    assert "up a size" in wanted["the jacket"] and "black" in wanted["the teapot"]


def test_what_is_left_out_is_named():
    found = only("Return everything except the teapot and the mugs, the money goes on my gift card")
    assert found.everything and texts(found.but) == ["the teapot", "the mugs"]
    assert found.method.kind == "gift_card"
    chinese = only("除了茶壶，其他都退，退到礼品卡")
    assert chinese.everything and texts(chinese.but) == ["茶壶"]


def test_the_way_out_is_a_wish_within_the_wish():
    found = only("I'd like to exchange the jacket for an XL. If that's not possible, return it to my visa.")
    assert (found.kind, found.conditional.kind) == ("exchange", "return")
    assert found.conditional.method.brand == "visa"
    chain = only("Can you cancel the rug? If not, change it to the small one, otherwise leave it and give me a refund.")
    assert chain.conditional.kind == "change_items"
    chinese = only("把夹克换成红色的，如果没有就退货")
    assert (chinese.kind, chinese.conditional.kind) == ("exchange", "return")


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        (
            "Swap the rug for the large one. If the price difference is over $50, then don't.",
            Bound("difference", at_most=50),
        ),
        ("Exchange the rug for the large one only if it costs less than $30 more", Bound("price", at_most=30)),
        ("Return the rug if the refund is at least $100", Bound("refund", at_least=100)),
    ],
)
def test_an_amount_sets_a_limit(text, bound):
    assert only(text).bound == bound


def test_beyond_the_limit_another_wish_holds():
    found = only("Change the rug to the large one. If the total is more than $400, cancel the order.")
    assert found.bound == Bound("total", at_most=400)
    assert found.conditional.kind == "cancel"


def test_what_is_refused_is_not_wanted():
    assert wishes("Please don't cancel the order") == ()
    found = only("I don't want to return the jacket, exchange it for a red one instead")
    assert (found.kind, texts(found.items)) == ("exchange", ["jacket"])


def test_a_wish_taken_back_in_the_same_message_is_gone():
    assert wishes("Cancel LL-10003. Actually, never mind.") == ()


def test_a_question_names_the_deed_it_is_about():
    found = only("How much would I get back if I returned the jacket and the mugs?")
    assert (found.kind, found.about) == ("total", "return")
    asked = only("How do I return the teapot?")
    assert (asked.kind, asked.about, texts(asked.items)) == ("how", "return", ["the teapot"])


def test_only_asking_is_told():
    assert only("I'm thinking of returning the rug, not sure yet").only_asks


def test_money_that_goes_somewhere_is_no_wish_of_its_own():
    assert wishes("Please put the refund on my visa") == ()
    found = only("Exchange the jacket for a red one and use my amex for the difference")
    assert (found.kind, found.method.brand) == ("exchange", "amex")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cancel my last order", "my last order"),
        ("cancel the order with the rug", "order with the rug"),
        ("取消最近的订单", "最近的订单"),
        ("cancel all my pending orders", "all my pending orders"),
    ],
)
def test_words_that_tell_the_order_are_kept(text, words):
    found = only(text)
    assert (found.order_words, found.everything, found.items) == (words, True, ())


def test_a_yes_does_not_want_the_deed_twice():
    heard = hear("Yes, please proceed with the return.", "en", asked="confirm")
    assert (heard.answer, heard.wishes) == ("yes", ())
    heard = hear("Yes. And please also cancel LL-10003.", "en", asked="confirm", order_pattern=SHOP)
    assert (heard.answer, [one.kind for one in heard.wishes]) == ("yes", ["cancel"])


def test_two_languages_in_one_message_are_both_read():
    found = only("can you 退 the teapot in order LL-10002, 谢谢")
    assert (found.kind, found.order_ids, texts(found.items)) == ("return", ("LL-10002",), ["the teapot"])


@pytest.mark.parametrize(
    "text", ["退" * 3000, "return the rug " * 300, "(" * 4000, "if not " * 800, "1" * 4000, "", "   ", "\n\n"]
)
def test_any_text_is_read_in_bounded_time(text):
    assert len(wishes(text)) <= 12

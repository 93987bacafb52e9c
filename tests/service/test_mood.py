"""How a shopper feels is read from words, repeats and failures; danger goes before everything else."""

import pytest

from assistant.service.mood import DISSATISFIED, Handing, Mood, danger_in, mood, trouble, why_words
from tests.service.beside import turn

SHORT = turn("is it waterproof?", "answer", "The listing does not say.")
NONE = turn("a purple sofa under $5", "no_match", "Nothing fits.")
FINE = turn("a lamp")


@pytest.mark.parametrize(
    "message",
    [
        "This is ridiculous, you are a waste of time", "your service is terrible", "I'm so fed up with this", "worst shop ever", "what a scam",
        "you stupid bot", "this is unacceptable!", "你们这什么破店", "气死我了", "我要投诉", "垃圾客服", "骗子", "再也不来了", "太离谱了吧",
    ],
)  # fmt: skip
def test_anger_is_seen_in_one_message(message):
    assert mood((), message).score <= DISSATISFIED
    assert trouble((), message).reason == "dissatisfied"


@pytest.mark.parametrize(
    "message",
    [
        "a lamp under $50, not plastic", "show me others", "is it heavy?", "no, the blue one", "thanks, that's great", "do you have wrong-way umbrellas?",
        "a joke book for my uncle", "I hate plastic", "without leather please", "有没有便宜一点的", "不要塑料的", "谢谢", "这个会不会太重", "退货怎么退",
    ],
)  # fmt: skip
def test_ordinary_messages_call_nobody(message):
    assert trouble((), message) is None


def test_thanks_lift_the_mood_and_thanks_for_nothing_do_not():
    assert mood((), "thank you, that's perfect").score > 0
    assert mood((), "thanks for nothing, this is useless").score < 0
    assert mood((), "").score == 0


def test_older_anger_counts_less():
    now = mood((FINE,), "this is useless").score
    before = mood((turn("this is useless"), FINE), "a red lamp").score
    assert now < before < 0


def test_the_same_question_again_lowers_the_mood_and_says_why():
    asked = mood((turn("where is my blue lamp order"),), "where is my blue lamp order?")
    assert "repeated" in asked.why and asked.score < 0
    assert "repeated" not in mood((turn("yes please"),), "yes please").why


@pytest.mark.parametrize(
    "row", [(SHORT, NONE), (NONE, turn("a green rug", "no_match")), (NONE, SHORT), (turn("x", failure="no words"),) * 2]
)
def test_two_answers_in_a_row_that_fell_short_are_unsure(row):
    assert trouble((FINE, *row)).reason == "unsure"
    assert trouble((*row, FINE)) is None
    assert trouble((FINE, row[0])) is None


def test_a_step_of_a_service_conversation_falls_short_of_nothing():
    step = turn("return it", "service", "Which order do you mean?", service={"state": {}})
    assert trouble((step, step)) is None
    lost = turn("hm", "service", "I did not understand that. Could you say it in other words?", service={"state": {}})
    assert trouble((lost, lost)).reason == "unsure"


def test_asked_and_policy_go_before_mood_and_danger_before_them():
    angry = "this is ridiculous"
    assert trouble((), angry, Handing(asked=True)).reason == "asked"
    assert trouble((), "hello", Handing(policy="approval_above")).why == ("approval_above",)
    assert trouble((), "the charger caught fire", Handing(asked=True)).reason == "safety"


def test_thumbs_down_with_a_complaint_are_dissatisfaction():
    assert trouble((FINE,), "that does not help", Handing(thumbs_down=1)).reason == "dissatisfied"
    assert trouble((FINE,), "a lamp", Handing(thumbs_down=1)) is None


@pytest.mark.parametrize(
    "message",
    [
        "the power bank caught fire", "The lamp started smoking last night", "there is smoke coming from the toaster", "I got an electric shock from it",
        "my son swallowed a small part of it", "the glass shattered and cut my hand", "she had a severe allergic reaction to the cream", "I was burned by the kettle",
        "we are at the emergency room", "someone used my card", "my account has been hacked", "I can see another customer's address", "there are charges I never made",
        "the battery is swollen and leaking", "can't breathe after using the spray", "there was glass in the coffee", "the baby choked on the button",
        "充电宝着火了", "台灯冒烟", "插上就漏电", "孩子误吞了零件", "手被烫伤了", "用了面霜过敏了", "玻璃炸裂划伤手",
        "我的账号被盗了", "银行卡被盗刷", "我看到了别人的订单", "送医院了", "咖啡里有玻璃渣", "刚打了120",
    ],
)  # fmt: skip
def test_danger_is_seen(message):
    assert danger_in(message)
    assert trouble((), message).reason == "safety"


@pytest.mark.parametrize(
    "message",
    [
        "a fire pit under $100", "hypoallergenic pillow", "I'm allergic to feathers, which pillow is right?", "a child-safe lamp", "is it flame retardant?", "a burn-proof pan",
        "a shock-proof phone case", "smoke grey curtains", "does the kettle get hot?", "a first-aid kit", "do you sell smoke alarms", "is my data safe with you?",
        "a cutting board", "explosion-proof box", "防火毯", "有没有防烫手套", "我对羽绒过敏，有合适的枕头吗", "防漏电插座", "急救箱有吗", "烟灰色窗帘", "不易过敏的枕头",
    ],
)  # fmt: skip
def test_products_against_danger_are_no_danger(message):
    assert danger_in(message) == ""


def test_the_signs_are_told_in_both_languages():
    assert why_words(Mood(-0.5, ("angry", "repeated")), "en") == "angry words, asked the same again"
    assert why_words(Mood(-0.5, ("angry", "repeated")), "zh") == "言辞激烈、重复提问"
    assert why_words(Mood(), "en") == ""

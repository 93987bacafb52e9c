"""Yes, no, which one, and goodbye."""

import pytest

from assistant.service.reading import hear


def heard(text, asked=None):
    return hear(text, "en", asked=asked, order_pattern=r"LL-\d{5}")


@pytest.mark.parametrize(
    "text",
    [
        "Yes please", "yep, go ahead", "Sounds good", "that's correct", "Sure.", "OK, do it", "fine, just do it", "I confirm", "perfect, please proceed",
        "可以", "好的", "确认", "没问题，办吧", "是的", "Make the exchange.", "Can we proceed with that?",
    ],
)  # fmt: skip
def test_agreement_is_heard(text):
    assert heard(text).answer == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "no", "No, thanks", "nope", "never mind", "actually, forget it", "I changed my mind", "don't do it", "I'll keep it after all", "不用了", "算了", "不对",
        "Please don't cancel it", "On second thought, I won't return the rug",
    ],
)  # fmt: skip
def test_refusal_is_heard(text):
    assert heard(text).answer == "no"


@pytest.mark.parametrize(
    "text",
    [
        "I'm not sure", "No problem, here is my number", "is that okay?", "可以吗？", "how do I proceed?", "I no longer need the rug",
        "If that is not possible, cancel it", "where is my parcel", "the rug is not blue", "把地毯换成红色的",
    ],
)  # fmt: skip
def test_other_words_are_no_answer(text):
    assert heard(text).answer is None


def test_a_yes_that_is_taken_back_is_a_no():
    assert heard("Yes. Actually, never mind.").answer == "no"


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("the second one", 2),
        ("option 3 please", 3),
        ("2", 2),
        ("第二个", 2),
        ("the last one", -1),
        ("the first option, the red one", 1),
    ],
)
def test_which_one_is_chosen(text, choice):
    assert heard(text, "offer").choice == choice


@pytest.mark.parametrize(
    "text", ["my last name is Marchetti", "first of all, hello", "on second thought", "my last order", "LL-10002"]
)
def test_other_numbers_choose_nothing(text):
    assert heard(text).choice is None


@pytest.mark.parametrize(
    "text",
    ["That's all, thanks", "Thank you!", "bye", "nothing else", "没有了，谢谢", "就这些", "No, that's everything."],
)
def test_the_end_is_heard(text):
    assert heard(text).done


@pytest.mark.parametrize("text", ["thanks, and where is my order?", "that is all the money I have", "还有一个问题"])
def test_what_goes_on_is_no_end(text):
    assert not heard(text).done


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("I ordered it by accident", "ordered_by_mistake"), ("it is too tight", "does_not_fit"), ("the lid arrived cracked", "damaged"),
        ("you sent the wrong one", "wrong_item"), ("it doesn't look like in the photo, not as described", "not_as_described"),
        ("I don't need it any more", "no_longer_needed"), ("the delivery takes too long", "late"), ("found it cheaper elsewhere", "found_cheaper"),
        ("买错了", "ordered_by_mistake"), ("坏了", "damaged"), ("不需要了", "no_longer_needed"), ("太小了", "does_not_fit"), ("hello", ""),
    ],
)  # fmt: skip
def test_a_reason_is_one_of_few(text, reason):
    assert heard(text).reason == reason

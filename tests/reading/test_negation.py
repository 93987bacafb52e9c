import pytest

from assistant.reading.negation import Named, stances


def stance(message: str, *words: str) -> list[str]:
    places = sorted((message.casefold().index(word.casefold()), word) for word in words)
    return stances(message, [Named(start, start + len(word), "colour") for start, word in places])  # type: ignore[return-value]


@pytest.mark.parametrize(
    "message",
    [
        "anything but leather", "no leather", "not made of leather", "without any leather", "it isn't leather", "shoes that arent leather",
        "i dont want leather shoes", "I do not want anything made in leather", "leather-free", "free of leather", "I hate leather",
        "I'm allergic to leather", "other than leather", "rather than leather", "never leather",
        "steer clear of leather", "filter out leather", "leather? nah", "leather ones, no thanks", "no leather please", "leather is not an option", "any material but leather",
        "remove leather items", "leather I don't want at all",
    ],
)  # fmt: skip
def test_a_refusal_is_heard_in_english(message: str) -> None:
    assert stance(message, "leather") == ["refused"]


@pytest.mark.parametrize(
    "message",
    ["不要皮革的", "不含皮革", "不是皮革的", "皮革的不要", "皮革的就算了", "除了皮革都行", "皮革以外的", "没有皮革的", "非皮革", "不想要皮革", "别给我皮革的", "接受不了皮革的",
     "皮革的请统统拿走", "皮革达咩", "皮革不在考虑范围", "皮革可不兴要", "我婆婆见不得皮革的", "皮革的，莫给我看",
     "除了皮革以外的我都看", "看到皮革的我就头痛", "皮革的，谢绝", "甭给俺弄皮革的", "皮革的俺可相不中", "唯独皮革的不能"],
)  # fmt: skip
def test_a_refusal_is_heard_in_chinese(message: str) -> None:
    assert stance(message, "皮革") == ["refused"]


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ("非红色不买", "红色"), ("没有红色我会死", "红色"), ("没有红色的就不买", "红色"),
        ("if it ain't red I don't want it", "red"), ("除了红色都不要", "红色"), ("除了红色其他都别给我看", "红色"),
        ("有没有红色的", "红色"), ("是不是红色的", "红色"), ("要不要红色", "红色"), ("有没有 红色的", "红色"), ("特别红色", "红色"),
        ("you need not be red", "red"), ("唯独红色的我喜欢", "红色"), ("do you have red", "red"), ("is it red?", "red"), ("nothing fancy, just a red one", "red"),
    ],
)  # fmt: skip
def test_a_question_or_an_emphasis_refuses_nothing(message: str, word: str) -> None:
    assert stance(message, word) == ["wanted"]


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ("leather is fine too", "leather"), ("I don't mind leather", "leather"), ("it doesn't have to be leather", "leather"),
        ("preferably leather", "leather"), ("皮革的也可以", "皮革"), ("不一定要皮革", "皮革"), ("最好是皮革", "皮革"),
    ],
)  # fmt: skip
def test_what_is_only_allowed_is_not_demanded(message: str, word: str) -> None:
    assert stance(message, word) == ["allowed"]


@pytest.mark.parametrize(
    ("message", "words", "expected"),
    [
        ("no pink or purple", ("pink", "purple"), ["refused", "refused"]),
        ("no pink, purple or red", ("pink", "purple", "red"), ["refused"] * 3),
        ("不要白色和黑色", ("白色", "黑色"), ["refused", "refused"]),
        ("not black, but navy", ("black", "navy"), ["refused", "wanted"]),
        ("black, not brown", ("black", "brown"), ["wanted", "refused"]),
        ("red or blue is fine", ("red", "blue"), ["wanted", "wanted"]),
        ("red or blue is fine too", ("red", "blue"), ["allowed", "allowed"]),
        ("红色蓝色都行", ("红色", "蓝色"), ["wanted", "wanted"]),
    ],
)
def test_a_list_shares_one_stance(message: str, words: tuple[str, ...], expected: list[str]) -> None:
    assert stance(message, *words) == expected

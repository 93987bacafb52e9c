"""Products told by where they stand are those at that place of the shelf, and other words stay as they are."""

import pytest

from assistant.reading.standing import from_the_front

ONE, TWO, THREE, FOUR = (f"the {place} one" for place in ("first", "second", "third", "fourth"))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("倒数第二个", "第3个"), ("右边数过来第三个", "第2个"), ("从后往前数第二个", "第3个"), ("右起第一个", "第4个"),
        ("从上往下数第一个", "从上往下数第一个"), ("从左往右数第2样", "从左往右数第2样"),
        ("第一个后面那个", "第2个"), ("最后一个前面那个", "第3个"), ("最左边那个的右边那个", "第2个"), ("第三个前面的多少钱", "第2个多少钱"),
        ("最左边那个", "第1个"), ("最右边的", "第4个"), ("打头的那款", "第1个"), ("压轴的那个", "第4个"), ("四号那件", "第4个"),
        ("夹在二号跟四号中间的", "第3个"), ("第③个", "第3个"), ("弟三个", "第3个"), ("序号2的那件", "第2个"), ("倒数第五个", "第9个"),
        ("①", "第1个"), ("2️⃣那个", "第2个"), ("叁号商品", "第3个"), ("编号为4的那件商品", "第4个"), ("last那个", "第4个"), ("second那件", "第2个"),
        ("第three个", "第3个"), ("二楼那个", "第2个"), ("老三多少钱", "第3个多少钱"), ("第一个的下一个", "第2个"), ("第四个的上一个", "第3个"),
        ("第一个旁边那个", "第2个"), ("最后一个旁边那个", "第3个"), ("第三款左手边那款", "第2个"), ("中间两个里靠左的那个", "第2个"),
        ("从下往上第二条", "第3个"), ("从后往前数头一个", "第4个"), ("殿后的那个", "第4个"), ("你最先列出来的那样", "你第1个"),
        ("the last but one", THREE), ("the second to last", THREE), ("the 2nd from the right", THREE), ("the penultimate one", THREE),
        ("the one below the first", TWO), ("the one before the last", THREE), ("the one to the right of the leftmost", TWO),
        ("the one in between the first and third", TWO), ("the rightmost one", FOUR), ("the one at the end", FOUR), ("the thrid one", THREE),
        ("the one on the far left", ONE), ("the one after the fourth", "the ninth one"), ("the one in position 2", TWO),
        ("the one beside the first", TWO), ("the one next to the last", THREE),
    ],
)  # fmt: skip
def test_a_place_is_counted_from_the_front(said: str, meant: str) -> None:
    assert from_the_front(said, 4) == meant


@pytest.mark.parametrize(
    "said",
    [
        "第二个上面有图案吗", "第一和第三之间有什么区别", "最后一个多少钱", "the second one", "a bag with pockets at the bottom",
        "is there a light at the top of the stairs", "something for my right hand", "最近想买台灯", "后天能到吗", "the difference between the first and the third",
        "at last a lamp", "第二个下面有脚垫吗", "第二个旁边有口袋吗", "三楼的房间用的灯", "老二喜欢的玩具", "第二个旁边那个",
    ],
)  # fmt: skip
def test_what_tells_no_place_stays(said: str) -> None:
    assert from_the_front(said, 4) == said

import pytest

from assistant.reading.price import bounds, moneys, price_constraints, rating_constraints, set_anew


def prices(message: str) -> dict[str, float]:
    found = price_constraints(bounds(message), "USD", lambda noun: noun.rstrip("s") in {"headphone", "tent"})
    return {c.op: c.value / 100 for c in found}  # type: ignore[operator]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("under $60", {"lt": 60}),
        ("价钱嘛，不出60美元就好", {"le": 60}),
        ("50块以下的我都收了", {"le": 50}),
        ("便宜不过30，贵不过80块", {"ge": 30, "le": 80}),
        ("把900块往上的都筛掉", {"lt": 900}),
        ("350块钱以上的莫给我看", {"lt": 350}),
        ("花上150以至360块钱都在情理之中", {"ge": 150, "le": 360}),
        ("anything $40 thru $47", {"ge": 40, "le": 47}),
        ("tent under fifty dollars", {"lt": 50}),
        ("less than fifteen bucks", {"lt": 15}),
        ("max 50 dollers", {"le": 50}),
        ("under 50 dolars", {"lt": 50}),
        ("US$50 max", {"le": 50}),
        ("a hundred dollars or less", {"le": 100}),
        ("under 1k", {"lt": 1000}),
        ("my budget is 80", {"le": 80}),
        ("I can afford 60", {"le": 60}),
        ("spend 50 on a lamp", {"le": 50}),
        ("between 20 and 40", {"ge": 20, "le": 40}),
        ("between 60 and 40", {"ge": 40, "le": 60}),
        ("$10 to $20", {"ge": 10, "le": 20}),
        ("$20-40", {"ge": 20, "le": 40}),
        ("headphones 50 - 120", {"ge": 50, "le": 120}),
        ("headphones 50-120$", {"ge": 50, "le": 120}),
        ("around 50", {"ge": 40, "le": 60}),
        ("not a cent above $70", {"le": 70}),
        ("floor 20 dollars, ceiling 45 dollars", {"ge": 20, "le": 45}),
        ("in the range of $60 till 90 dollars", {"ge": 60, "le": 90}),
        ("介于14与19美元之间", {"ge": 14, "le": 19}),
        ("超过60美元的就不看了", {"le": 60}),
        ("贵过60美元我就舍不得了", {"le": 60}),
        ("下限20美元", {"ge": 20}),
        ("50ish", {"ge": 40, "le": 60}),
        ("from $30", {"ge": 30}),
        ("over $50 but under $120", {"gt": 50, "lt": 120}),
        ("两百块以内", {"le": 200}),
        ("100块左右", {"ge": 80, "le": 120}),
        ("预算五百，想买帐篷", {"le": 500}),
        ("预算大概200左右", {"le": 240}),
        ("一百到两百之间", {"ge": 100, "le": 200}),
        ("八十到一百二的双肩包", {"ge": 80, "le": 120}),
        ("两三百块的耳机", {"ge": 200, "le": 300}),
        ("三百多的耳机", {"ge": 300, "le": 400}),
        ("大概一百来块", {"ge": 80, "le": 120}),
        ("50快以内", {"le": 50}),
        ("五十刀以内", {"le": 50}),
        ("百元以内", {"le": 100}),
        ("1000元以下", {"le": 1000}),
        ("30元起", {"ge": 30}),
        ("500元以上不限颜色", {"ge": 500}),
        ("starting $40, topping out at $47", {"ge": 40, "le": 47}),
        ("45美元往下", {"le": 45}),
        ("can it stay inside 130 bucks?", {"le": 130}),
        ("lets cap it at $35", {"le": 35}),
        ("upto 50 bucks", {"le": 50}),
        ("$4 at least, though $77 would be the most", {"ge": 4, "le": 77}),
        ("30 dollars at the bottom end, 90 bucks at the top", {"ge": 30, "le": 90}),
        ("anything crossing $45 I cannot afford", {"le": 45}),
        ("超过20刀我老公要冒火", {"le": 20}),
        ("低于33我担心不耐用，高于45美元又超支", {"ge": 33, "le": 45}),
        ("below $30 I do not trust it, above $50 is another matter", {"ge": 30, "le": 50}),
        ("74块左右封顶", {"le": 74}),
        ("非玻璃不要 16刀封顶", {"le": 16}),
        ("贵过60元我爸不让买", {"le": 60}),
        ("if I go beyond $46 my husband will have a fit", {"le": 46}),
        ("我准备了360块钱，但也不想买低于150的", {"ge": 150, "le": 360}),
        ("23打底 别过70美元哈", {"ge": 23, "le": 70}),
        ("like $40ish to $47ish", {"ge": 40, "le": 47}),
        ("太便宜的不要，低于40元的不看", {"ge": 40}),
        ("40元以内不要塑料的", {"le": 40}),
        ("大概70美元以里", {"le": 70}),
        ("my wallet taps out at $46", {"le": 46}),
        ("209 跟 700元之间", {"ge": 209, "le": 700}),
        ("anything under $40 is junk", {"ge": 40}),
    ],
)
def test_a_price_limit_is_read(message: str, expected: dict[str, float]) -> None:
    assert prices(message) == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("I don't want to spend more than 50", {"le": 50}),
        ("nothing over $50", {"le": 50}),
        ("not over 50", {"le": 50}),
        ("no more than 30 bucks", {"le": 30}),
        ("it shouldn't cost more than 45", {"le": 45}),
        ("no headphones over 100", {"le": 100}),
        ("not less than 20", {"ge": 20}),
        ("不要超过300", {"le": 300}),
        ("别超过100块", {"le": 100}),
        ("不超过一百五十元", {"le": 150}),
        ("not leather under $50", {"lt": 50}),
        ("不想花超过300元", {"le": 300}),
        ("900块往上的不考虑", {"lt": 900}),
        ("hide everything that costs more than 99 bucks", {"le": 99}),
        ("price should not cross 45 dollars", {"le": 45}),
        ("a pillow that won't set me back more than $33", {"le": 33}),
        ("without going past $50", {"le": 50}),
    ],
)
def test_a_denied_limit_is_the_opposite_limit(message: str, expected: dict[str, float]) -> None:
    assert prices(message) == expected


@pytest.mark.parametrize(
    "message",
    [
        "toys for kids under 5",
        "ages 3-5",
        "at least 2 pockets",
        "at least one pocket",
        "what about one that folds",
        "more than 3 card slots",
        "over 100 reviews",
        "at least 300 thread count",
        "for 4 players",
        "within 3 days",
        "size 40-42",
        "iphone 12-13 case",
        "width under 40",
        "a lamp 40-60 cm tall",
        "set of 4 plates",
        "第二个多少钱",
        "两个人能睡吗",
        "三脚架",
        "一点也不贵",
        "三天内送到",
        "给5岁孩子的玩具",
    ],
)
def test_a_number_that_counts_other_things_is_no_price(message: str) -> None:
    assert prices(message) == {}


def test_a_noun_that_names_products_leaves_the_number_a_price() -> None:
    assert prices("under 50 headphones") == {"lt": 50}


def test_a_bare_amount_of_money_is_an_inferred_upper_limit() -> None:
    (only,) = price_constraints(bounds("a lamp for twenty bucks"), "USD", lambda noun: False)
    assert (only.op, only.value, only.origin) == ("le", 2000, "inferred")


def test_a_stated_limit_is_said() -> None:
    (only,) = price_constraints(bounds("台灯100元以内"), "USD", lambda noun: False)
    assert only.origin == "said"


def test_a_currency_without_minor_units_is_not_multiplied() -> None:
    (only,) = price_constraints(bounds("under 3000"), "JPY", lambda noun: False)
    assert only.value == 3000


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("4 stars or higher", ("ge", 4)),
        ("4+ stars", ("ge", 4)),
        ("rated 4 or more", ("ge", 4)),
        ("no less than four stars", ("ge", 4)),
        ("rating above 4.5", ("ge", 4.5)),
        ("4星以上", ("ge", 4)),
        ("四星以上的耳机", ("ge", 4)),
        ("评分4.5以上", ("ge", 4.5)),
    ],
)
def test_stars_are_a_rating_and_no_price(message: str, expected: tuple[str, float]) -> None:
    (only,) = rating_constraints(bounds(message))
    assert (only.op, only.value) == expected
    assert prices(message) == {}


@pytest.mark.parametrize(
    "message", ["no, make that 80", "change the budget to 80", "改成80", "预算提高到80", "actually 80", "consider $80"]
)
def test_a_limit_set_anew_is_read(message: str) -> None:
    found = set_anew(message)
    assert found and found.number == 80


@pytest.mark.parametrize(
    ("message", "amounts"),
    [
        ("keep me south of 40", (40,)), ("20 to 45 bucks", (20, 45)), ("两百块，最多三百", (200, 300)), ("at most 2 kg", ()), ("boots in size 42", ()), ("a lamp", ()),
    ],
)  # fmt: skip
def test_amounts_of_money_are_found_whatever_is_said_of_them(message: str, amounts: tuple[float, ...]) -> None:
    assert moneys(message, bare=True) == amounts


def test_a_bare_number_is_no_money_unless_that_is_asked_for() -> None:
    assert moneys("boots, 42, at most $60") == (60,)

import pytest

from assistant.reading import change


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("any colour is fine", "attributes.Color"), ("I don't care about the color", "attributes.Color"), ("颜色无所谓", "attributes.Color"),
        ("什么颜色都行", "attributes.Color"), ("不限颜色", "attributes.Color"), ("forget the budget", "price"), ("no limit on price", "price"),
        ("money is no object", "price"), ("价格无所谓", "price"), ("不考虑预算了", "price"), ("预算不限", "price"), ("any brand will do", "brand"),
        ("品牌随便", "brand"), ("the material doesn't matter", "attributes.Material"), ("材质不重要", "attributes.Material"),
        ("any size", "attributes.Size"), ("drop the rating", "rating"), ("贵一点也可以", "price"), ("贵一点的也行", "price"),
    ],
)  # fmt: skip
def test_a_wish_that_no_longer_matters_is_released(message: str, field: str) -> None:
    assert change.released(message) == {field}


@pytest.mark.parametrize(
    "message",
    [
        "any colour but black",
        "in any material except wool",
        "what colour is it?",
        "blue colour",
        "what's the price?",
        "预算200",
        "什么颜色",
    ],
)
def test_naming_a_field_releases_nothing(message: str) -> None:
    assert change.released(message) == frozenset()


@pytest.mark.parametrize(
    "message",
    [
        "cheaper",
        "too expensive",
        "something less expensive",
        "it's out of my budget",
        "便宜一点的",
        "再便宜点",
        "太贵了",
        "有点贵",
    ],
)
def test_cheaper_is_wanted(message: str) -> None:
    assert change.wants_cheaper(message)


@pytest.mark.parametrize("message", ["not too expensive", "cheap lamp", "不要太贵的耳机", "the cheaper one"])
def test_a_modest_wish_is_not_cheaper_than_something(message: str) -> None:
    assert not change.wants_cheaper(message)


def test_dearer_is_wanted_and_not_when_it_is_only_tolerated() -> None:
    assert change.wants_dearer("something more premium") and change.wants_dearer("贵一点的")
    assert not change.wants_dearer("贵一点的也行")


@pytest.mark.parametrize(
    "message",
    [
        "something else",
        "show me others",
        "none of these",
        "I don't like any of them",
        "换一批",
        "还有别的吗",
        "都不喜欢",
        "show more",
    ],
)
def test_others_are_wanted(message: str) -> None:
    assert change.wants_others(message)


@pytest.mark.parametrize("message", ["start over", "forget it", "重新开始", "算了"])
def test_a_fresh_start_is_wanted(message: str) -> None:
    assert change.wants_fresh_start(message)


def test_to_forget_the_budget_is_no_fresh_start() -> None:
    assert not change.wants_fresh_start("forget the budget")


@pytest.mark.parametrize(
    ("wish", "order"),
    [("the cheapest tent", "cheapest"), ("最便宜的耳机", "cheapest"), ("best rated mug", "best rated"), ("评分最高的杯子", "best rated"), ("最贵的", "dearest"), ("a tent", None)],
)  # fmt: skip
def test_a_superlative_is_an_order(wish: str, order: str | None) -> None:
    assert change.order_wanted(wish) == order


def test_a_quick_reply_names_the_wish_it_drops() -> None:
    assert change.dropped_wish("Without “up to $60”") == "up to $60"
    assert change.dropped_wish("不限“$60 以内”") == "$60 以内"
    assert change.dropped_wish("a shirt without buttons") is None


def test_what_steers_the_search_is_no_part_of_the_wish() -> None:
    assert change.without_talk("show me others in oak").split() == ["in", "oak"]


@pytest.mark.parametrize("message", ["cheaper的有吗", "太贵了，有cheaper的吗", "要less expensive的"])
def test_an_english_word_written_against_chinese_ones_is_read(message: str) -> None:
    assert change.wants_cheaper(message)


@pytest.mark.parametrize(
    "message",
    [
        "ok, back to the tents",
        "let's return to the lamps",
        "the kettles again please",
        "回到帐篷",
        "还是看回台灯吧",
        "再看看刚才的水壶",
        "先前给我看的被子，请再显示一遍",
        "内裤再瞅一眼",
    ],
)
def test_a_return_to_what_was_looked_for_before_is_told(message: str) -> None:
    assert change.goes_back(message)


@pytest.mark.parametrize(
    "message",
    [
        "saw it the other day, Mossy was in the title somewhere", "wasnt there one that said Floral", "Fightart something?", "its name had Aurora in it",
        "can't remember the full name, Diamond something", "名字里好像有“极光”", "我记得标题里有个“月”字",
    ],
)  # fmt: skip
def test_a_word_of_a_name_is_remembered(message: str) -> None:
    assert change.recalls_name(message)


@pytest.mark.parametrize(
    "message", ["do you have something in blue?", "something cheaper", "what is its name?", "想买名牌包"]
)
def test_nothing_is_remembered_of_a_name(message: str) -> None:
    assert not change.recalls_name(message)


@pytest.mark.parametrize("message", ["a tent with a backpack", "is there a back pocket?", "想买帐篷", "看看台灯"])
def test_other_wishes_are_no_return(message: str) -> None:
    assert not change.goes_back(message)


@pytest.mark.parametrize(
    ("message", "left"),
    [("sorry, it's for my mom", "it's for my mom"), ("说错了，给爸爸的", "，给爸爸的"), ("I meant blue", "blue")],
)
def test_what_excuses_a_correction_is_not_searched_for(message: str, left: str) -> None:
    assert change.without_talk(message).strip() == left


def test_a_released_wish_leaves_blanks_of_its_length() -> None:
    assert change.blanked("lamp, no price limit") == "lamp, " + " " * 14


@pytest.mark.parametrize(
    "message",
    [
        "what other options are there?", "any alternatives?", "could I see a few more?", "I'm not keen on these", "再推荐几个", "换几款", "有没有别的款",
        "还有其他款式吗", "都不太满意", "这些不合适", "下一批",
    ],
)  # fmt: skip
def test_others_are_wanted_in_whatever_words(message: str) -> None:
    assert change.wants_others(message)


@pytest.mark.parametrize(
    "message",
    [
        "a less pricey one?",
        "that's a lot of money",
        "over my budget",
        "something more budget-friendly",
        "价格太高了",
        "有没有更实惠的",
        "超预算了",
        "价位低一些的",
    ],
)
def test_cheaper_ones_are_wanted_in_whatever_words(message: str) -> None:
    assert change.wants_cheaper(message)


@pytest.mark.parametrize(
    "message", ["price isn't a concern", "I don't mind the price", "贵点没事", "钱不是问题", "多少钱都行"]
)
def test_a_limit_is_released_in_whatever_words(message: str) -> None:
    assert change.released(message) == {"price"}


@pytest.mark.parametrize(
    ("message", "left"),
    [("the dog chewed up my charger", "chewed up my charger"), ("孩子把地毯弄坏了", "把地毯弄坏了")],
)
def test_who_is_to_blame_names_nothing_that_is_wished_for(message: str, left: str) -> None:
    assert change.blanked(message).strip() == left
    assert len(change.blanked(message)) == len(message)


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("钱包哭了 求便宜货", "哭了 求便宜货"),
        ("肉疼 便宜款给看看", "疼 便宜款给看看"),
        ("my wallet is crying", "is crying"),
    ],
)
def test_what_money_does_to_a_purse_names_nothing_that_is_wished_for(message: str, left: str) -> None:
    assert change.blanked(message).strip() == left


@pytest.mark.parametrize("message", ["红色的钱包", "my wallet is too old, show me others", "买点肉"])
def test_a_purse_that_is_asked_for_is_one(message: str) -> None:
    assert change.blanked(message) == message


@pytest.mark.parametrize("message", ["狗咬胶", "宝宝吃饭用的碗", "the dog bed", "给孩子打球穿的鞋"])
def test_whom_a_thing_is_for_is_to_blame_for_nothing(message: str) -> None:
    assert change.blanked(message) == message

import pytest

from assistant.reading.reference import Pointed, resolve
from catalog import Product, Variant

SHELF = (
    Product("a", "Heron Desk Lamp", 6_400, attributes={"Color": "Black"}, rating=4.1, rating_count=90),
    Product(
        "b", "Ledger Brass Lamp", 8_900, attributes={"Color": "Gold"}, description="Looks good beside a blue wall."
    ),
    Product("c", "Stork Floor Lamp", 13_900, attributes={"Color": "Grey"}, rating=4.8, rating_count=12),
    Product("d", "Moth Night Light", 1_900, variants=(Variant("d1", {"Color": "Blue"}, 1_900),)),
)


def sure(message: str, focus: str | None = None) -> tuple[str, ...]:
    pointed = resolve(message, SHELF, focus)
    return pointed.ids if pointed.sure else ()


@pytest.mark.parametrize(
    ("message", "ids"),
    [
        ("the second one", "b"), ("2nd please", "b"), ("number 3", "c"), ("#1", "a"), ("option 4", "d"), ("the last one", "d"),
        ("第二个", "b"), ("第3款怎么样", "c"), ("最后一个", "d"), ("compare the first and the third", "ac"), ("compare the first two", "ab"),
        ("compare 1 and 4", "ad"), ("difference between the last two", "cd"), ("对比前两个", "ab"), ("比较第一个和第三个", "ac"), ("前三款", "abc"),
        ("how much for number four", "d"), ("the top one", "a"), ("what the bottom one weighs", "d"), ("No.2要多少", "b"), ("3号多少钱", "c"),
        ("排第一的多少钱", "a"), ("第三样怎么样", "c"), ("最后那个", "d"), ("your third suggestion", "c"),
        ("第一和第三有什么区别", "ac"), ("both of them", "ab"), ("compare all of them", "abcd"), ("这两款", "ab"),
    ],
)  # fmt: skip
def test_a_product_is_counted_out(message: str, ids: str) -> None:
    assert sure(message) == tuple(ids)


@pytest.mark.parametrize(
    ("message", "id"),
    [
        ("which is the cheapest?", "d"), ("the cheapest one", "d"), ("the cheaper one", "d"), ("the most expensive one", "c"),
        ("the one with the lowest price tag?", "d"), ("the lower priced one", "d"), ("whichever costs the most", "c"),
        ("the most pricey one", "c"), ("最低价那个", "d"), ("价格最高的那款", "c"), ("最平价的那款", "d"),
        ("the best rated one", "c"), ("哪个最便宜", "d"), ("最贵的那个", "c"),
        ("售价最低者多少钱", "d"), ("没那么贵的那个", "d"), ("最便宜的采用的是哪种材质", "d"), ("贵得最凶的那个", "c"), ("价格天花板那个", "c"),
        ("最不便宜的那件", "c"), ("评价最好的那款", "c"),
    ],
)  # fmt: skip
def test_a_product_is_told_by_its_price_or_rating(message: str, id: str) -> None:
    assert sure(message) == (id,)


@pytest.mark.parametrize("message", ["what's the cheapest you have?", "你们最便宜的是什么"])
def test_the_cheapest_of_the_shop_is_not_the_cheapest_of_the_shelf(message: str) -> None:
    assert sure(message) == ()


@pytest.mark.parametrize(
    ("message", "id"),
    [
        ("the black one", "a"),
        ("how tall is the gold one?", "b"),
        ("the blue one", "d"),
        ("is the Stork floor lamp heavy?", "c"),
    ],
)
def test_a_product_is_told_by_its_look_or_name(message: str, id: str) -> None:
    assert sure(message) == (id,)


def test_a_full_title_counts_before_anything_else() -> None:
    assert sure("is the Ledger Brass Lamp better than the first?") == ("b",)


@pytest.mark.parametrize(
    "message",
    [
        "how long does the battery last?", "is there a first aid kit", "how many seconds", "can two people use it", "两个人能睡吗", "the white one",
        "the ninth one", "第六个",
    ],
)  # fmt: skip
def test_what_counts_no_product_of_the_shelf_is_not_sure(message: str) -> None:
    assert sure(message) == ()


def test_it_is_what_was_last_spoken_of_shown_or_not_else_the_first() -> None:
    assert resolve("is it heavy?", SHELF, "c") == Pointed(("c",))
    assert resolve("is it heavy?", SHELF, None) == Pointed(("a",))
    assert resolve("is it heavy?", SHELF, "near miss") == Pointed(("near miss",))
    assert resolve("这个防水吗", SHELF, "b") == Pointed(("b",))


@pytest.mark.parametrize("message", ["for this summer", "something that folds", "a lamp that dims", "其它的"])
def test_this_and_that_do_not_always_point(message: str) -> None:
    assert resolve(message, SHELF, None) == Pointed()


def test_on_an_empty_shelf_nothing_is_pointed_at() -> None:
    assert resolve("the first one", (), None) == Pointed()


@pytest.mark.parametrize(
    ("message", "id"),
    [
        ("what does the cheapest of these cost?", "d"), ("how much is the less expensive of the two", "d"), ("the cheaper of these two", "d"),
        ("便宜的那个多少钱", "d"), ("两款里比较便宜的那款", "d"), ("最便宜的价格是多少", "d"), ("最便宜的那个的重量", "d"), ("贵的那个是什么材质", "c"),
        ("the more expensive one", "c"),
    ],
)  # fmt: skip
def test_the_cheaper_and_the_dearer_are_found_in_whatever_words(message: str, id: str) -> None:
    assert sure(message) == (id,)


def test_the_cheapest_of_a_kind_is_a_wish_and_no_reference() -> None:
    assert sure("最便宜的红色的杯子") == () and sure("the cheapest tent") == ()


ALIKE = (
    Product("a", "Court Sneakers", 6_400, attributes={"Color": "Dark green", "颜色": "绿色"}),
    Product("b", "Dock Sneakers", 5_400, attributes={"Color": "Mint green", "颜色": "绿色"}),
    Product("c", "Tempo Shoes", 4_400, attributes={"Color": "White", "颜色": "白色"}),
)


@pytest.mark.parametrize(
    "message",
    ["how much is the green one?", "what does the one in green cost?", "绿色的那个多少钱", "那款绿色的多少钱"],
)
def test_where_several_look_as_named_none_is_taken_and_all_are_told(message: str) -> None:
    assert resolve(message, ALIKE, "c") == Pointed(among=("a", "b"))


@pytest.mark.parametrize(
    ("message", "ids"), [("what does the one in white cost?", ("c",)), ("那款白色的多少钱", ("c",))]
)
def test_the_only_one_of_a_look_is_meant(message: str, ids: tuple[str, ...]) -> None:
    assert resolve(message, ALIKE, None) == Pointed(ids, sure=True)


@pytest.mark.parametrize(
    ("message", "id"),
    [
        ("I'll take the cheaper of the first two", "a"),
        ("the most expensive of the first three", "c"),
        ("前两个里便宜的那个", "a"),
        ("前三款里最贵的", "c"),
    ],
)
def test_one_of_the_first_few_is_meant(message: str, id: str) -> None:
    assert sure(message) == (id,)


@pytest.mark.parametrize("message", ["第九个呢", "第十个多少钱", "那第十一个呢", "number nine"])
def test_a_place_beyond_the_shelf_is_none_of_it(message: str) -> None:
    assert resolve(message, SHELF, None) == Pointed((), sure=True)


@pytest.mark.parametrize(
    "message",
    ["the gold colored one", "the one that's gold", "the gold option", "the one you showed in gold", "your gold one"],
)
def test_a_look_is_pointed_at_in_many_ways(message: str) -> None:
    assert sure(message) == ("b",)

"""Which variants a message names."""

from assistant.reading.options import spoken, variants_meant
from catalog import Constraint, Product, Translation, Variant

SHIRT = Product(
    "shirt",
    "Linen Shirt",
    3_000,
    variants=tuple(
        Variant(f"{colour[0]}{size}", {"Color": colour, "Size": size}, 3_000, 0 if size == "L" else 5)
        for colour in ("Sky blue", "Navy blue", "White")
        for size in ("S", "M", "L")
    ),
    translations=(
        Translation(
            "zh",
            "亚麻衬衫",
            terms={"Color": "颜色", "Sky blue": "天蓝色", "Navy blue": "藏青色", "White": "白色", "Size": "尺码"},
        ),
    ),
)
BOOTS = Product(
    "boots", "Boots", 9_000, variants=tuple(Variant(f"b{n}", {"Size": f"EU {n}"}, 9_000, 1) for n in (38, 39, 40))
)


def ids(product, message, need=()):
    return [variant.id for variant in variants_meant(product, message, need)]


def test_colour_and_size_together_leave_one():
    assert ids(SHIRT, "I'll take the white one in M") == ["WM"]
    assert ids(SHIRT, "白色的 M 码") == ["WM"]
    assert ids(SHIRT, "medium, in white") == ["WM"]


def test_a_word_that_several_share_leaves_them_all():
    assert ids(SHIRT, "the blue one in S") == ["SS", "NS"]
    assert ids(SHIRT, "navy blue, S") == ["NS"]
    assert ids(SHIRT, "天蓝色 S") == ["SS"]


def test_where_nothing_is_named_all_are_left():
    assert len(ids(SHIRT, "I'll take it")) == 9
    assert ids(BOOTS, "I'm sure: it's these") == ["b38", "b39", "b40"]


def test_a_size_is_known_by_its_number():
    assert ids(BOOTS, "in 39 please") == ["b39"]
    assert ids(BOOTS, "39码") == ["b39"]
    assert spoken(BOOTS, "the EU one") == {}


def test_what_was_asked_for_before_counts_where_the_message_says_nothing_and_there_is_some():
    white = Constraint("attributes.Color", "contains", ("white", "白色"))
    large = Constraint("attributes.Size", "contains", ("L",))
    assert ids(SHIRT, "in M", (white,)) == ["WM"]
    assert ids(SHIRT, "the navy blue one in M", (white,)) == ["NM"]
    assert len(ids(SHIRT, "the white one", (large,))) == 3

import pytest

from catalog.attributes.vocabulary import called, canonical, normalised, same_name


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Color", "Midnight Navy / White", ("blue", "white")), ("colour", "Crimson", ("red",)), ("颜色", "藏青色", ("blue",)),
        ("Color", "Rose Gold", ("pink", "gold")), ("Color", "Cream", ("beige",)), ("Color", "Ice cream", ()), ("颜色", "灰粉色", ("pink",)),
        ("颜色", "黑白", ("black", "white")), ("颜色", "金属灰", ("grey",)), ("Color", "reddish", ()), ("Color", "non-white", ()),
        ("Material", "Faux leather", ("faux leather",)), ("Material", "PU leather, 98% cotton", ("faux leather", "cotton")),
        ("Material", "Stainless-steel", ("steel", "metal")), ("Material", "Suede", ("leather",)), ("材质", "304不锈钢", ("steel", "metal")),
        ("材质", "100%棉", ("cotton",)), ("材质", "聚酯纤维棉", ("polyester",)), ("Material", "wood-effect plastic", ("plastic",)),
        ("Material", "plastic-free paper", ("paper",)), ("Material", "记忆棉", ("foam",)), ("Material", "steel wool", ()),
        ("Gender", "Men’s", ("men",)), ("Gender", "Ladies", ("women",)), ("适用性别", "女士", ("women",)), ("Gender", "Boys", ("boys",)),
        ("Gender", "Unisex", ("unisex",)), ("Age group", "Toddlers", ("toddler",)), ("Age group", "婴幼儿", ("infant", "toddler")),
        ("Size", "Medium", ("M",)), ("Size", "XXL", ("2XL",)), ("Size", "S/M", ("S", "M")), ("尺码", "大号", ("L",)), ("Size", "EU 42.5", ("42.5",)),
        ("Size", "45 x 18 cm", ()), ("Scent", "Orange blossom", ()),
    ],
)  # fmt: skip
def test_a_stated_value_has_the_base_words_of_what_it_means(name: str, value: str, expected: tuple[str, ...]) -> None:
    assert normalised(name, value) == expected


def test_every_base_word_is_normalised_to_itself() -> None:
    for name in ("Color", "Material", "Gender", "Age group", "Size"):
        for word in ("black", "cotton", "faux leather", "men", "newborn", "XS"):
            bases = normalised(name, word)
            assert (
                all(normalised(name, own) and bases[0] in normalised(name, own) for own in called(name, bases[0]))
                if bases
                else True
            )


def test_names_for_the_same_attribute_are_told() -> None:
    assert canonical("Item Weight") == canonical("重量") == "Weight"
    assert "max load" in same_name("Load capacity")
    assert same_name("Loft") == {"loft"}

from dataclasses import replace
from typing import Any

import pytest

from catalog import Constraint, Extracted, field_values, holds, measure, satisfies
from tests.catalog.conftest import product

KETTLE = product(
    "kettle",
    title="Quiet Kettle 1.2 L",
    description="Boils fast. Pairs well with our walnut tray.",
    category="Kitchen > Kettles",
    brand="Fennoway",
    price="49.90",
    quantity=5,
    rating=4.4,
    rating_count=10,
    attributes={"Color": "Matte black", "Material": "Stainless steel", "Capacity": "1.2 L", "Power": "1,500 W"},
    translations={
        "zh": {
            "title": "静音水壶 1.2 升",
            "category": "厨房 > 水壶",
            "terms": {"Color": "颜色", "Matte black": "哑光黑", "Material": "材质", "Stainless steel": "不锈钢"},
        }
    },
)
SHOE = product(
    "shoe",
    title="Trail Shoe",
    price="80.00",
    attributes={"Color": "Blue"},
    variants=[
        {"id": "b41", "options": {"Color": "Blue", "Size": "41"}, "quantity": 2},
        {"id": "b42", "options": {"Color": "Blue", "Size": "42"}, "quantity": 0},
        {"id": "r42", "options": {"Color": "Red", "Size": "42"}, "quantity": 1, "price": "95.00"},
        {"id": "r44", "options": {"Color": "Red", "Size": "44"}, "quantity": 0},
        {"id": "g44", "options": {"Color": "Green", "Size": "44"}, "quantity": 0},
    ],
)


def _holds(field: str, op: Any, value: Any, item: Any = KETTLE) -> bool:
    return holds(item, Constraint(field, op, value))


@pytest.mark.parametrize(
    ("field", "op", "value", "expected"),
    [
        ("price", "le", 4990, True), ("price", "lt", 4990, False), ("price", "ge", 4990, True), ("price", "gt", 4990, False),
        ("price", "eq", 4990, True), ("price", "ne", 4990, False), ("price", "lt", 4991, True), ("price", "gt", 4989, True),
        ("rating", "ge", 4.4, True), ("rating", "gt", 4.4, False), ("rating", "le", 4, False),
        ("in_stock", "eq", True, True), ("in_stock", "eq", False, False), ("in_stock", "ne", True, False),
        ("brand", "eq", "fennoway", True), ("brand", "ne", "Fennoway", False), ("brand", "in", ("Other", "FENNOWAY"), True),
        ("brand", "not_in", ("Other",), True), ("brand", "not_in", ("Other", "Fennoway"), False),
        ("id", "eq", "kettle", True), ("id", "in", ("a", "kettle"), True), ("id", "not_in", ("kettle",), False),
        ("category", "eq", "Kettles", True), ("category", "eq", "Kitchen", True), ("category", "eq", "水壶", True),
        ("category", "eq", "Kitchen > Kettles", True), ("category", "eq", "Kettle", False), ("category", "contains", "kettle", True),
        ("category", "ne", "Kitchen", False), ("category", "ne", "Garden", True),
        ("type", "contains", "kettle", True), ("type", "contains", "kettles", True), ("type", "contains", "teapot", False),
        ("type", "contains", ("teapot", "水壶"), True),
        ("text", "contains", "tray", True), ("text", "contains", "不锈钢", True), ("text", "contains", "oven", False),
        ("text", "not_contains", "tray", False), ("text", "not_contains", ("oven", "walnut"), False),
        ("text", "not_contains", ("oven", "plastic"), True),
        ("attributes.Color", "contains", "black", True), ("attributes.Color", "eq", "matte black", True),
        ("attributes.Color", "eq", "black", False), ("attributes.Color", "contains", "哑光黑", True),
        ("attributes.Color", "not_contains", "black", False), ("attributes.Color", "not_contains", "red", True),
        ("attributes.Material", "in", ("Glass", "Stainless steel"), True), ("attributes.Material", "contains", ("glass", "steel"), True),
        ("attributes.Capacity", "le", "1.2 L", True), ("attributes.Capacity", "lt", "1200 ml", False),
        ("attributes.Capacity", "ge", "1.5 升", False), ("attributes.Capacity", "ge", "1 kg", False),
        ("attributes.Power", "gt", "1.4 kW", True), ("attributes.Power", "lt", "2 W", False),
    ],
)  # fmt: skip
def test_each_op_on_each_field(field: str, op: Any, value: Any, expected: bool) -> None:
    assert _holds(field, op, value) is expected


@pytest.mark.parametrize("op", ["eq", "contains", "in", "lt", "le", "gt", "ge"])
def test_what_a_listing_does_not_state_meets_no_positive_wish(op: Any) -> None:
    assert not _holds("attributes.Noise", op, "60 dB")
    assert not _holds("rating", op, 3, product())


@pytest.mark.parametrize("op", ["ne", "not_in", "not_contains"])
def test_what_a_listing_does_not_state_breaks_no_refusal(op: Any) -> None:
    assert _holds("attributes.Noise", op, "60 dB")


def test_no_constraint_is_met_by_all() -> None:
    assert satisfies(KETTLE, ())


@pytest.mark.parametrize("name", ["Color", "color", "colour", "Colour", "颜色"])
def test_an_attribute_is_found_by_every_word_for_it(name: str) -> None:
    for stated in ("Color", "Colour", "颜色"):
        assert _holds(f"attributes.{name}", "contains", "red", product(attributes={stated: "Red"}))


def test_an_attribute_is_found_by_its_translated_name() -> None:
    item = product(
        attributes={"Loft": "High"}, translations={"zh": {"title": "枕", "terms": {"Loft": "高度", "High": "高"}}}
    )
    assert _holds("attributes.高度", "eq", "高", item)
    assert _holds("attributes.loft", "eq", "high", item)


def test_colour_and_material_are_read_from_prose_only_where_no_attribute_states_them() -> None:
    item = product(title="Oak desk", description="Solid oak, in black.")
    assert _holds("attributes.Material", "contains", "oak", item)
    assert _holds("attributes.Color", "contains", "black", item)
    assert not _holds("attributes.Material", "contains", "walnut")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1.2 L", (1200, "ml")), ("750毫升", (750, "ml")), ("2斤", (1000, "g")), ("1,5 kg", (1500, "g")), ("10,000 mAh", (10000, "mah")),
        ("1,299.5 g", (1299.5, "g")), ("0,125 l", (125, "ml")), ("183 x 66 cm", (1830, "mm")), ("60×45×20 厘米", (600, "mm")),
        ("40-100 °C", (40, "°c")), ("-5 °C", (-5, "°c")), ("5-6 hours", (300, "min")), ("90 min", (90, "min")), ("24", (24, "")),
        ("EU-42", (42, "")), ("plain", None), ("", None), (True, None), (("1 L",), None), (7, (7.0, "")), (2.5, (2.5, "")),
    ],
)  # fmt: skip
def test_a_measure_is_its_first_number_in_a_base_unit(value: Any, expected: Any) -> None:
    assert measure(value) == (pytest.approx(expected[0]), expected[1]) if expected else measure(value) is None


def test_a_number_without_a_unit_is_no_measure_of_anything() -> None:
    assert not _holds("attributes.Length", "le", "2 m", product(attributes={"Length": "150"}))
    assert _holds("attributes.Speeds", "ge", "3", product(attributes={"Speeds": "5"}))


def test_a_sold_out_size_is_not_offered() -> None:
    assert _holds("attributes.Size", "contains", ("42",), SHOE)
    assert not _holds("attributes.Size", "contains", ("44",), SHOE)


def test_a_sold_out_colour_is_not_offered_though_the_listing_names_it() -> None:
    item = product(attributes={"Color": "Plum"}, variants=[
        {"id": "p", "options": {"Color": "Plum"}, "quantity": 0}, {"id": "t", "options": {"Color": "Teal"}, "quantity": 1},
    ])  # fmt: skip
    assert not _holds("attributes.Color", "contains", "plum", item)
    assert _holds("attributes.Color", "contains", "teal", item)


def test_size_and_colour_must_be_those_of_one_variant_in_stock() -> None:
    blue, red = (Constraint("attributes.Color", "contains", colour) for colour in ("blue", "red"))
    size = Constraint("attributes.Size", "contains", ("42",))
    assert satisfies(SHOE, (red, size))
    assert not satisfies(SHOE, (blue, size))
    assert satisfies(SHOE, (blue,))


def test_a_price_limit_holds_for_the_variant_that_is_asked_for() -> None:
    size = Constraint("attributes.Size", "contains", ("42",))
    limit = Constraint("price", "le", 9000)
    assert satisfies(SHOE, (limit,))
    assert not satisfies(SHOE, (size, limit))
    assert satisfies(SHOE, (size, Constraint("price", "le", 9500)))


def test_all_sizes_of_a_sold_out_product_are_told() -> None:
    sold_out = replace(SHOE, in_stock=False)
    assert set(field_values(sold_out, "attributes.Size")) >= {"41", "42", "44"}
    assert satisfies(
        sold_out, [Constraint("attributes.Size", "contains", ("44",)), Constraint("attributes.Color", "eq", "red")]
    )


def test_size_42_is_not_size_42_and_a_half() -> None:
    item = product(attributes={"Size": "42.5"})
    assert not _holds("attributes.Size", "contains", ("42",), item)
    assert _holds("attributes.Size", "contains", ("42.5",), item)


def test_the_style_attribute_tells_the_type() -> None:
    assert _holds("type", "contains", "scarf", product(title="Ember", attributes={"Style": "scarf"}))
    assert _holds("type", "contains", "围巾", product(title="暖阳", attributes={"类型": "围巾"}))
    assert not _holds("type", "contains", "scarf", product(title="Ember", description="Goes with a scarf."))


def test_a_shade_is_found_and_refused_by_its_base_colour() -> None:
    navy = product(attributes={"Color": "Midnight Navy"})
    assert _holds("attributes.Color", "contains", "blue", navy)
    assert _holds("attributes.颜色", "contains", ("蓝色", "蓝"), navy)
    assert not _holds("attributes.Color", "not_contains", "blue", navy)
    assert _holds("attributes.Color", "not_contains", "red", navy)
    assert not _holds("attributes.Color", "eq", "blue", navy)


def test_a_base_colour_of_a_sold_out_option_is_not_offered() -> None:
    item = product(
        variants=[
            {"id": "n", "options": {"Color": "Navy"}, "quantity": 0},
            {"id": "c", "options": {"Color": "Crimson"}, "quantity": 1},
        ]
    )
    assert _holds("attributes.Color", "contains", "red", item)
    assert not _holds("attributes.Color", "contains", "blue", item)


def test_no_leather_refuses_suede_but_not_imitations() -> None:
    assert not _holds("attributes.Material", "not_contains", "leather", product(attributes={"Material": "Suede"}))
    assert _holds("attributes.Material", "not_contains", "leather", product(attributes={"Material": "Faux leather"}))
    assert not _holds(
        "attributes.Material", "not_contains", "metal", product(attributes={"Material": "Stainless steel"})
    )


def test_sizes_in_words_and_letters_are_the_same() -> None:
    assert _holds("attributes.Size", "contains", ("M",), product(attributes={"Size": "Medium"}))
    assert not _holds("attributes.Size", "contains", ("L",), product(attributes={"Size": "Medium"}))


def test_what_prose_says_meets_a_limit_where_the_shop_states_nothing() -> None:
    light = (Extracted("Weight", "1.2 kg", "It weighs 1.2 kg.", "en"),)
    item = replace(product(description="It weighs 1.2 kg."), extracted=light)
    for name in ("Weight", "重量", "item weight"):
        assert _holds(f"attributes.{name}", "le", "1500 g", item)
        assert not _holds(f"attributes.{name}", "le", "1 kg", item)
    assert not _holds("attributes.Capacity", "ge", "1 L", item)


def test_an_extracted_material_does_not_silence_what_prose_says_of_others() -> None:
    canvas = (Extracted("Material", "canvas", "Made of canvas.", "en"),)
    item = replace(product(description="Made of canvas. Leather corners."), extracted=canvas)
    assert not _holds("attributes.Material", "not_contains", "leather", item)
    assert _holds("attributes.Material", "contains", "canvas", item)


def test_a_gender_in_other_words_is_refused_all_the_same() -> None:
    assert not _holds("attributes.Gender", "not_in", ("Men", "Boys"), product(attributes={"Gender": "Gentlemen"}))
    assert _holds("attributes.Gender", "not_in", ("Men", "Boys"), product(attributes={"Gender": "Men, women"}))

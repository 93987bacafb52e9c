"""What a comparison's table holds: what differs, the need's fields first, silence told apart from words."""

from dataclasses import replace

from assistant.differences import differences
from assistant.types import Need
from catalog import Constraint, Extracted, Product
from tests.shop import ARC, BLANKET, OAK, PLASTIC, STEEL

WEIGHED = Need("lamp", None, (Constraint("attributes.Weight", "lt", "1 kg"),))


def rows(*products, locale="en", need=Need()):
    found = differences([product.localised(locale) for product in products], need, locale)
    return {row.name: [cell.text for cell in row.cells] for row in found.rows}


def test_price_rating_and_stock_stand_before_the_attributes():
    assert rows(OAK, STEEL) == {
        "Price": ["$45", "$39"],
        "Rating": ["4.6 of 5 (120)", "4.2 of 5 (40)"],
        "Stock": ["In stock", "In stock"],
        "Material": ["Oak", "Steel"],
        "Weight": ["800 g", "1.4 kg"],
        "Color": ["Brown", "Black"],
    }


def test_the_fields_of_the_need_come_first():
    assert list(rows(OAK, STEEL, need=WEIGHED))[3] == "Weight"


def test_what_a_listing_does_not_state_is_an_empty_cell():
    assert rows(OAK, PLASTIC)["Weight"] == ["800 g", None]
    assert rows(OAK, PLASTIC)["Rating"] == ["4.6 of 5 (120)", None]


def test_equal_amounts_in_other_units_do_not_differ():
    assert "Weight" not in rows(OAK, replace(STEEL, attributes={"Weight": "0.8 kg"}))
    sizes = [Product(id, id, 900, attributes={"Size": size}) for id, size in (("a", "30 x 20 cm"), ("b", "30 x 25 cm"))]
    assert rows(*sizes)["Size"] == ["30 x 20 cm", "30 x 25 cm"]


def test_one_name_for_the_same_thing_is_one_row():
    assert rows(OAK, replace(STEEL, attributes={"Colour": "Black"}))["Color"] == ["Brown", "Black"]


def test_what_variants_offer_is_compared_with_what_is_stated():
    assert rows(BLANKET, STEEL)["Color"] == ["Grey, Blue, Green", "Black"]


def test_what_was_found_in_prose_rests_on_its_sentence():
    sentence = "A tall lamp that reaches over a sofa."
    told = replace(ARC, extracted=(Extracted("Weight", "5 kg", sentence, "en"),))
    found = differences([OAK, told], Need(), "en")
    cell = next(row for row in found.rows if row.name == "Weight").cells[1]
    assert (cell.text, cell.evidence) == ("5 kg", ("arc:description.1",))


def test_every_cell_cites_a_line_that_travels_along():
    found = differences([OAK, STEEL, PLASTIC], Need(), "en")
    sent = {line.id: line for line in found.evidence}
    for row in found.rows:
        for cell in row.cells:
            assert (cell.text is None) == (cell.evidence == ())
            assert all(sent[id].product_id == cell.product_id for id in cell.evidence)


def test_only_a_lower_price_and_a_higher_rating_are_better():
    found = differences([OAK, STEEL], Need(), "en")
    better = {row.field: [cell.product_id for cell in row.cells if cell.better] for row in found.rows}
    assert {field: ids for field, ids in better.items() if ids} == {"price": ["steel"], "rating": ["oak"]}


def test_of_equal_prices_none_is_better_nor_is_a_rating_where_one_has_none():
    found = differences([OAK, replace(PLASTIC, price_minor=4_500)], Need(), "en")
    assert not any(cell.better for row in found.rows for cell in row.cells)


def test_names_and_values_are_in_the_shoppers_language():
    assert rows(OAK, STEEL, locale="zh")["材质"] == ["橡木", "钢"]
    assert "价格" in rows(OAK, STEEL, locale="zh")

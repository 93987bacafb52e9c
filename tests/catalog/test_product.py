from dataclasses import replace

from catalog import Extracted, Product, Review, Translation, Variant, decimals, minor_units

MUG = Product(
    "mug", "Mug", 1250, description="Holds tea.", category="Kitchen", attributes={"Color": "Red", "Lid": "No"},
    reviews=(Review(5, "good"),), variants=(Variant("v", {"Color": "Red"}, 1250, 0),),
    translations=(Translation("zh", "杯子", terms={"Color": "颜色", "Red": "红色"}),),
)  # fmt: skip


def test_a_translated_product_speaks_the_language_where_it_can() -> None:
    view = MUG.localised("zh")
    assert (view.title, view.locale, view.attributes) == ("杯子", "zh", {"颜色": "红色", "Lid": "No"})
    assert view.variants[0].options == {"颜色": "红色"}
    assert (view.description, view.category, view.reviews) == (MUG.description, MUG.category, MUG.reviews)
    assert view.price_minor == MUG.price_minor


def test_a_product_without_the_translation_stays_as_it_is() -> None:
    assert MUG.localised("en") is MUG
    assert Product("a", "T", 1).localised("zh").title == "T"


def test_a_variant_that_is_not_counted_is_in_stock() -> None:
    assert Variant("v", {}, 1).in_stock
    assert not MUG.variants[0].in_stock


def test_some_currencies_have_no_minor_unit() -> None:
    assert [minor_units(currency) for currency in ("USD", "CNY", "JPY", "XOF")] == [100, 100, 1, 1]
    assert Product("a", "T", 1980, "JPY").price == 1980


def test_a_translated_product_keeps_what_was_extracted() -> None:
    heavy = (Extracted("Weight", "310 g", "It weighs 310 g.", "en"),)
    assert replace(MUG, extracted=heavy).localised("zh").extracted == heavy


def test_some_currencies_have_a_thousand_minor_units() -> None:
    assert [minor_units(currency) for currency in "BHD IQD JOD KWD LYD OMR TND".split()] == [1000] * 7
    assert [decimals(currency) for currency in ("JPY", "USD", "KWD")] == [0, 2, 3]
    assert Product("a", "T", 12345, "KWD").price == 12.345

import pytest

from assistant.evidence import attributes, description, fields, listing, policy, reviews
from catalog import Policy, Product, Review, Variant, sentences
from tests import demo, shop


def test_every_line_of_the_demo_shop_has_its_own_id() -> None:
    for product in demo.products():
        for locale in product.locales():
            ids = [line.id for line in (*listing(product.localised(locale)), *reviews(product.localised(locale)))]
            assert len(ids) == len(set(ids)), product.id


def test_no_line_is_empty_or_broken() -> None:
    for product in demo.products():
        assert all(line.quote.strip() and "None" not in line.field for line in (*listing(product), *reviews(product)))


def test_ids_are_the_same_in_both_languages_where_fields_are() -> None:
    english, chinese = (
        {line.id for line in (*fields(p), *description(p))} for p in (shop.OAK, shop.OAK.localised("zh"))
    )
    assert english == chinese


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three?", 3), ("It holds 1.5 L of water.", 1), ("一句。两句！三句？", 3), ("Rated 4.5 of 5. Good.", 2), ("no stop at the end", 1),
        ("", 0), ("...", 0), ("line one\nline two.", 1), ("高 1.5 米。宽 2.5 米。", 2), ("Really?! Yes.", 2),
    ],
)  # fmt: skip
def test_sentences_end_where_they_end(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_sentences_lose_no_word() -> None:
    for product in demo.products():
        assert "".join(sentences(product.description)).replace(" ", "") == product.description.replace(" ", "")


@pytest.mark.parametrize(
    ("quantity", "in_stock", "said"),
    [
        (0, False, "Sold out"),
        (2, True, "Only 2 left"),
        (4, True, "In stock"),
        (None, True, "In stock"),
        (0, True, "In stock"),
    ],
)
def test_stock_is_said_as_it_is(quantity: int | None, in_stock: bool, said: str) -> None:
    product = Product("p", "Mug", 900, quantity=quantity, in_stock=in_stock)
    assert next(line.quote for line in fields(product) if line.field == "in_stock") == said


def test_a_rating_is_said_with_how_many_gave_it() -> None:
    assert "Rated 4.6 of 5 in 120 ratings" in [line.quote for line in fields(shop.OAK)]


def test_options_say_what_is_sold_out() -> None:
    options = [line.quote for line in attributes(shop.BLANKET) if line.field.startswith("options.")]
    assert options == ["Color to choose from: Grey, Blue, Green (sold out)"]


def test_an_option_that_any_variant_has_is_in_stock() -> None:
    variants = (
        Variant("1", {"Color": "Red", "Size": "S"}, 900, 0),
        Variant("2", {"Color": "Red", "Size": "M"}, 900, 3),
    )
    quotes = [line.quote for line in attributes(Product("p", "Shirt", 900, variants=variants))]
    assert quotes == ["Color to choose from: Red", "Size to choose from: S (sold out), M"]


def test_a_review_is_quoted_whole() -> None:
    product = Product(
        "p", "Mug", 900, reviews=(Review(5, "Fine. Warm.", "Lovely"), Review(3, "So so."), Review(4, "", "Nice"))
    )
    assert [line.quote for line in reviews(product)] == ["Lovely: Fine. Warm.", "So so.", "Nice"]


def test_a_policy_belongs_to_no_product() -> None:
    line = policy(Policy("returns.en.1", "en", "Returns", "Within 30 days."))
    assert (line.id, line.product_id, line.kind, line.quote) == (
        "policy:returns.en.1",
        None,
        "policy",
        "Within 30 days.",
    )

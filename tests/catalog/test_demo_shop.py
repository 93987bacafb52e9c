"""The demo shop as data: what a new user meets must be complete in both languages."""

import re
from collections import Counter
from itertools import chain
from xml.etree import ElementTree

import pytest

from catalog import Product, load_policies
from catalog.feeds import read_jsonl
from tests.catalog.conftest import DEMO, demo_rows

PICTURES = sorted((DEMO / "pictures").glob("*.svg"))
_CJK = re.compile(r"[\u4e00-\u9fff]")
_SAME_IN_BOTH = re.compile(r"[\W\d_]*|[A-Za-z0-9.+/ °-]*\d[A-Za-z0-9.+/ °-]*|[A-Z0-9.+/ -]+")


def test_the_feed_is_read_without_a_reject() -> None:
    assert [row for row in read_jsonl(DEMO / "products") if not isinstance(row, Product)] == []


def test_there_is_something_for_everyone(demo_products: tuple[Product, ...]) -> None:
    assert len(demo_products) >= 240
    categories = Counter(p.category for p in demo_products)
    assert len(categories) >= 12
    assert min(categories.values()) >= 10


def test_every_product_is_complete_in_both_languages(demo_products: tuple[Product, ...]) -> None:
    for p in demo_products:
        assert set(p.locales()) == {"en", "zh"}, p.id
        en, zh = p.localised("en"), p.localised("zh")
        for view in (en, zh):
            assert all((view.title, view.description, view.category)), p.id
        assert not _CJK.search(f"{en.title}{en.description}{en.category}{en.attributes}"), p.id
        for text in (zh.description, zh.category):
            assert _CJK.search(text), (p.id, text)
        assert en.title != zh.title, p.id


def test_every_attribute_and_option_is_translated(demo_products: tuple[Product, ...]) -> None:
    for p in demo_products:
        pairs = chain(p.attributes.items(), *(v.options.items() for v in p.variants))
        (translation,) = p.translations
        for term in chain.from_iterable(pairs):
            assert term in translation.terms or _SAME_IN_BOTH.fullmatch(term), (p.id, term)


def test_a_colour_has_one_chinese_word_throughout() -> None:
    said: dict[str, set[str]] = {}
    for row in demo_rows():
        colours = [row["attributes"].get("Color"), *(v["options"].get("Color") for v in row.get("variants", []))]
        terms = row["translations"]["zh"]["terms"]
        for colour in filter(None, colours):
            said.setdefault(colour, set()).add(terms.get(colour, colour))
    assert {colour: words for colour, words in said.items() if len(words) > 1} == {}


@pytest.mark.parametrize("locale", ["en", "zh"])
@pytest.mark.parametrize("field", ["title", "description"])
def test_no_two_products_read_alike(demo_products: tuple[Product, ...], locale: str, field: str) -> None:
    texts = Counter(getattr(p.localised(locale), field) for p in demo_products)  # type: ignore[arg-type]
    assert [text for text, count in texts.items() if count > 1] == []


def test_every_product_has_reviews_that_disagree_in_both_languages(demo_products: tuple[Product, ...]) -> None:
    for p in demo_products:
        assert len(p.reviews) >= 3, p.id
        stars = [review.rating for review in p.reviews]
        assert max(stars) - min(stars) >= 2, p.id
        zh = p.localised("zh").reviews
        assert [review.rating for review in zh] == stars, p.id
        assert all(_CJK.search(review.text) for review in zh), p.id


def test_prices_stock_and_ratings_are_those_of_a_shop(demo_products: tuple[Product, ...]) -> None:
    assert {p.currency for p in demo_products} == {"USD"}
    for p in demo_products:
        assert 100 <= p.price_minor <= 200_000, p.id
        assert p.quantity is not None, p.id
        assert p.in_stock == (p.quantity > 0), p.id
        assert 1 <= (p.rating or 0) <= 5, p.id
        assert p.rating_count, p.id
        assert p.brand, p.id
        if p.variants:
            assert sum(v.quantity or 0 for v in p.variants) == p.quantity, p.id
            assert p.price_minor in {v.price_minor for v in p.variants}, p.id
    sold_out = sum(not p.in_stock for p in demo_products)
    assert 1 <= sold_out <= len(demo_products) // 10
    assert any(not v.in_stock for p in demo_products if p.in_stock for v in p.variants)


def test_variants_of_a_product_differ_and_have_ids_of_their_own(demo_products: tuple[Product, ...]) -> None:
    ids = Counter(v.id for p in demo_products for v in p.variants)
    assert [id for id, count in ids.items() if count > 1] == []
    for p in demo_products:
        options = [tuple(sorted(v.options.items())) for v in p.variants]
        assert len(options) == len(set(options)), p.id
        assert len({tuple(sorted(v.options)) for v in p.variants}) <= 1, p.id


def test_every_product_has_its_picture_and_every_picture_its_product(demo_products: tuple[Product, ...]) -> None:
    assert [p.images for p in demo_products] == [(f"/pictures/{p.id}.svg",) for p in demo_products]
    assert {picture.stem for picture in PICTURES} == {p.id for p in demo_products}


def test_pictures_are_light_and_nothing_but_shapes() -> None:
    for picture in PICTURES:
        source = picture.read_text(encoding="utf-8")
        assert len(source.encode()) < 6_000, picture.name
        root = ElementTree.fromstring(source)
        assert root.tag == "{http://www.w3.org/2000/svg}svg", picture.name
        assert root.get("viewBox"), picture.name
        for element in root.iter():
            tag = element.tag.rpartition("}")[2]
            assert tag not in {"script", "text", "tspan", "image", "foreignObject", "style", "a", "iframe", "use"}, (
                picture.name
            )
            for name, value in element.attrib.items():
                assert not name.rpartition("}")[2].startswith("on"), picture.name
                assert "href" not in name, picture.name
                assert not re.search(r"https?:|data:|javascript:|url\((?!#)", value), (picture.name, value)


def test_no_two_pictures_are_the_same() -> None:
    assert len({picture.read_bytes() for picture in PICTURES}) == len(PICTURES)


def test_policies_say_the_same_in_both_languages() -> None:
    policies = load_policies(DEMO / "policies")
    sections = Counter((p.id.split(".")[0], p.locale) for p in policies)
    names = {name for name, _ in sections}
    assert names == {"delivery", "faq", "payment", "returns", "warranty"}
    for name in names:
        assert sections[name, "en"] == sections[name, "zh"] >= 3, name
    for p in policies:
        assert p.title, p.id
        assert len(p.text) > 20, p.id
        assert bool(_CJK.search(p.text)) == (p.locale == "zh"), p.id


def test_policies_name_the_same_terms_and_amounts_in_both_languages() -> None:
    by_id = {p.id: p for p in load_policies(DEMO / "policies")}
    for id, policy in by_id.items():
        if policy.locale == "en":
            assert _amounts(policy.text) == _amounts(by_id[id.replace(".en.", ".zh.")].text), id


def _amounts(text: str) -> set[float]:
    """Days, dollars and points; what is smaller may be a month or an hour, which the two languages write apart."""
    return {number for number in map(float, re.findall(r"\d+(?:\.\d+)?", text)) if number >= 20}

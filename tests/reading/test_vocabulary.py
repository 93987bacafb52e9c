from pathlib import Path

import pytest

from assistant.reading import vocabulary
from assistant.reading.kinds import kind_of, singular
from assistant.reading.vocabulary import learn, vocabulary_of
from catalog import CatalogIndex, Product, Translation
from tests import demo, shop
from tests.catalog.conftest import WordEmbedder, catalog_of


def test_singulars_are_near_enough() -> None:
    assert [singular(w) for w in ("shoes", "knives", "brushes", "glasses", "dress", "berries", "boxes", "lens", "canvas", "gloves", "sleeves", "cookies", "hoodies", "ties")] == [
        "shoe", "knife", "brush", "glass", "dress", "berry", "box", "len", "canva", "glove", "sleeve", "cookie", "hoodie", "tie",
    ]  # fmt: skip


def test_a_chinese_word_names_the_kind_it_ends_with() -> None:
    kinds = frozenset({"包", "双肩包", "鞋"})
    assert kind_of("双肩包", kinds) == "双肩包"
    assert kind_of("手提包", kinds) == "包"
    assert kind_of("鞋子", kinds) == "鞋"
    assert kind_of("鞋柜", kinds) is None


@pytest.mark.parametrize(("count", "known"), [(2, False), (6, True)])
def test_a_set_is_a_kind_where_a_shop_sells_many_by_that_name(count: int, known: bool) -> None:
    sets = [Product(str(n), f"纯棉{color}四件套", 9_900, locale="zh") for n, color in enumerate("红蓝绿白灰粉"[:count])]
    assert (learn(sets).type_of("四件套") == "四件套") is known


def test_short_words_that_end_like_a_participle_are_kinds() -> None:
    assert {"bed", "shelf", "lamp"} <= demo.vocabulary().types | {"shelf"}


def test_a_word_that_listings_use_for_anything_is_no_value() -> None:
    terms = demo.vocabulary().terms
    assert "light" not in terms and "soft" not in terms and "none" not in terms
    assert "lavender" in terms and terms["percale"].attribute == "Weave"


def test_a_value_knows_its_forms_in_both_languages() -> None:
    mug = Product(
        "m",
        "Mug",
        900,
        attributes={"Glaze": "Celadon"},
        translations=(Translation("zh", "杯", terms={"Celadon": "青瓷"}),),
    )
    term = learn([mug]).terms["青瓷"]
    assert term.attribute == "Glaze" and set(term.forms) == {"Celadon", "青瓷"}


def test_a_unit_belongs_to_the_attributes_that_are_mostly_given_in_it() -> None:
    units = demo.vocabulary().units
    assert next(iter(units["g"])) == "Weight" and next(iter(units["ml"])) == "Capacity"
    assert "Assembly" not in units["min"] and "Connectivity" not in units["mm"]


def test_an_empty_catalogue_has_a_vocabulary() -> None:
    assert learn([]).currency == "USD"


@pytest.mark.parametrize(
    ("product", "name"),
    [
        (Product("p", "Brook Water Bottle", 900), "water bottle"),
        (Product("p", "Fern Duvet Cover Set", 900), "duvet cover"),
        (Product("p", "Marsh Sheets", 900, category="Bedding > Bed Sheets"), "bed sheets"),
        (Product("p", "Marsh Sheets", 900, category="Home > Rugs & Mats"), "rug"),
        (Product("p", "Brook", 900, attributes={"Type": "Thermos"}), "thermos"),
        (Product("p", "Marsh", 900, translations=(Translation("zh", "沼泽纯棉床单套装"),)), "床单"),
        (Product("p", "Marsh", 900, translations=(Translation("zh", "沼泽纯棉床单四件套"),)), "床单"),
    ],
)
def test_a_name_is_carried_where_a_title_a_category_or_a_type_goes_by_it(product: Product, name: str) -> None:
    assert learn([product]).carries(name)
    assert not learn([product]).carries("sofa")


def test_only_of_kinds_that_end_the_name_of_a_thing_is_it_kept_what_their_listings_say() -> None:
    said = learn(
        [Product("e", "Solo Espresso Machine", 900, description="Steams milk."), Product("m", "Oak Plinth", 900)]
    ).said_of
    assert "milk" in said["machine"] and "plinth" not in said


def test_what_the_chinese_listings_of_a_category_speak_of_is_known_by_both_its_names() -> None:
    spoken = learn(shop.PRODUCTS).spoken_of
    assert "电线偏短" in spoken["灯具"] and spoken["灯具"] == spoken["Lighting"]


def test_what_a_category_is_for_is_not_carried_by_it() -> None:
    vocabulary = learn(
        [
            Product("p", "Clear Shell", 900, category="Phone Accessories"),
            Product("q", "Rack", 900, category="Sofa Covers & Rugs"),
        ]
    )
    assert not vocabulary.carries("phone") and not vocabulary.carries("sofa")
    assert vocabulary.carries("cover") and vocabulary.carries("rug")


@pytest.mark.real
def test_of_a_large_catalogue_a_part_is_read_and_all_names_are_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = CatalogIndex(WordEmbedder(), tmp_path)
    catalog = catalog_of(demo.products(), index)
    whole = vocabulary_of(catalog)
    monkeypatch.setattr(vocabulary, "_LEARNT", 20)
    part = vocabulary_of(catalog)
    index.close()
    assert len(part.types) < len(whole.types) and len(part.phrases) < len(whole.phrases)
    assert (part.brands, part.categories) == (whole.brands, whole.categories)
    assert all(part.carries(kind) for kind in whole.types if catalog.titled(kind))
    assert not part.carries("hovercraft")

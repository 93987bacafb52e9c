from dataclasses import replace

import pytest

from assistant.conversation import context_of, openers
from assistant.record import INTERRUPTED
from assistant.types import Evidence, Need, Reply, Slate, SlateItem, Turn, Utterance, Versions
from assistant.understand import Context, understand
from catalog import Catalog, CatalogTables, Constraint, DenseIndex, Product, open_catalog, satisfies
from tests import demo, shop
from tests.fakes import WordEmbedder

NEED = Need("lamp", None, (Constraint("price", "lt", 5_000),))
SHELF = Slate((SlateItem(shop.OAK, 1.0), SlateItem(shop.STEEL, 0.5)), 2)


def turn(kind: str = "recommend", need: Need = NEED, slate: Slate = SHELF, about: str | None = None) -> Turn:
    evidence = (Evidence("e", "field", about, "price", "Price: $45"),) if about else ()
    versions = Versions("m", "q", "p", "i", "r")
    return Turn("t", "s", "words", "zh", need, slate, Reply(kind, "text"), evidence, {}, versions)  # type: ignore[arg-type]


def catalog_of(tmp_path, products) -> Catalog:
    tables, embedder = CatalogTables(f"sqlite:///{tmp_path / 'catalog.db'}"), WordEmbedder()
    tables.store(iter(products), replace=True)
    return open_catalog(tables, DenseIndex(embedder, folder=tmp_path / "chroma"), embedder)


def test_before_the_first_turn_there_is_nothing() -> None:
    assert context_of(()) == Context()


def test_the_need_and_the_language_are_those_of_the_last_turn() -> None:
    context = context_of((turn(), turn(need=Need("mug"))))
    assert context.need == Need("mug") and context.locale == "zh"


def test_the_shelf_is_the_last_that_held_anything() -> None:
    context = context_of((turn(), turn("answer", slate=Slate()), turn("no_match", slate=Slate())))
    assert context.shown == (shop.OAK, shop.STEEL)


def test_the_focus_is_the_product_of_the_last_answer_only() -> None:
    assert context_of((turn(), turn("answer", slate=Slate(), about="steel"))).focus == "steel"
    assert context_of((turn("answer", slate=Slate(), about="steel"), turn())).focus is None
    assert context_of((turn(), turn("service", slate=Slate()))).focus is None


def test_an_interrupted_turn_that_was_not_understood_changes_no_need() -> None:
    interrupted = replace(turn(need=Need(), slate=Slate()), failure=INTERRUPTED)
    assert context_of((turn(), interrupted)).need == NEED
    assert context_of((interrupted,)) == Context()


def test_an_interrupted_turn_that_was_understood_counts() -> None:
    assert context_of((turn(), replace(turn(need=Need("mug")), failure=INTERRUPTED))).need == Need("mug")


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_every_opener_is_a_search_that_something_fits(locale, tmp_path) -> None:
    catalog = catalog_of(tmp_path, demo.products())
    offered = openers(catalog, locale, "USD")
    assert len(offered) == len(set(offered)) == 4
    for message in offered:
        heard = understand(Utterance(message), Context(), demo.vocabulary())
        category = [Constraint("category", "eq", heard.need.category)] if heard.need.category else []
        assert heard.intent == "search" and heard.locale == locale and (heard.need.constraints or category), message
        assert any(p.in_stock and satisfies(p, [*heard.need.constraints, *category]) for p in catalog), message


def test_an_empty_shop_has_no_openers(tmp_path) -> None:
    assert openers(catalog_of(tmp_path, ()), "en", "USD") == ()


def test_a_shop_of_one_category_has_two_openers(tmp_path) -> None:
    products = [Product(f"m{n}", f"Mug {n}", 1_190, category="Home > Mugs") for n in range(3)]
    assert openers(catalog_of(tmp_path, products), "en", "USD") == ("Mugs under $15", "A gift under $15")


def test_a_currency_without_minor_units_has_round_prices_too(tmp_path) -> None:
    products = [Product(f"m{n}", f"Mug {n}", 3_480, "JPY", category="Mugs") for n in range(3)]
    assert openers(catalog_of(tmp_path, products), "en", "JPY")[0] == "Mugs under ¥3,500"

from dataclasses import replace

import pytest

from assistant.context import Context
from assistant.conversation import context_of, openers, with_named
from assistant.evidence import policy
from assistant.record import INTERRUPTED
from assistant.types import Evidence, Need, Reply, Slate, SlateItem, Turn, Utterance, Versions
from assistant.understand import understand
from catalog import Catalog, CatalogIndex, CatalogTables, Constraint, Product, open_catalog, satisfies, store
from tests import demo, shop
from tests.fakes import WordEmbedder

NEED = Need("lamp", None, (Constraint("price", "lt", 5_000),))
SHELF = Slate((SlateItem(shop.OAK, 1.0), SlateItem(shop.STEEL, 0.5)), 2)


def turn(kind: str = "recommend", need: Need = NEED, slate: Slate = SHELF, about: str | None = None) -> Turn:
    evidence = (Evidence("e", "field", about, "price", "Price: $45"),) if about else ()
    versions = Versions("m", "q", "p", "i", "r")
    return Turn("t", "s", "words", "zh", need, slate, Reply(kind, "text"), evidence, {}, versions)  # type: ignore[arg-type]


def answered(message: str, about: str | None = None) -> Turn:
    """A turn that left the shelf alone."""
    return replace(turn("answer", slate=Slate(), about=about), message=message)


def catalog_of(tmp_path, products) -> Catalog:
    tables, embedder = CatalogTables(f"sqlite:///{tmp_path / 'catalog.db'}"), WordEmbedder()
    store(tables, iter(products), replace=True)
    return open_catalog(tables, CatalogIndex(embedder, tmp_path))


def test_before_the_first_turn_there_is_nothing() -> None:
    assert context_of(()) == Context()


def test_the_need_and_the_language_are_those_of_the_last_turn() -> None:
    context = context_of((turn(), turn(need=Need("mug"))))
    assert context.need == Need("mug") and context.locale == "zh"


def test_the_shelf_is_the_last_that_held_anything() -> None:
    context = context_of((turn(), turn("answer", slate=Slate()), turn("no_match", slate=Slate())))
    assert context.shown == (shop.OAK, shop.STEEL)


def test_the_focus_is_the_product_that_the_last_answer_spoke_of() -> None:
    assert context_of((turn(), answered("and in the evening?", about="steel"))).focus == "steel"
    assert context_of((turn(), answered("words"))).focus is None


@pytest.mark.parametrize(
    ("messages", "focus"),
    [
        (("is the second one heavy?",), "steel"),
        (("does the second one have a dimmer?", "how do I return things?"), "steel"),
        (("does the second one have a dimmer?", "thanks"), "steel"),
        (("does the second one have a dimmer?", "how do I pay?", "is it heavy?"), "steel"),
        (("is the second one heavy?", "and the first one?"), "oak"),
        (("is the Harbor Steel Lamp heavy?",), "steel"),
        (("which one is the cheapest?",), "steel"),
        (("is it heavy?",), "oak"),
        (("第二款防水吗？", "怎么退货？"), "steel"),
        (("is the ninth one heavy?",), None),
        (("compare both",), None),
        (("how do I return things?",), None),
    ],
)
def test_the_focus_is_read_from_the_messages_and_survives_answers_that_cite_nothing(
    messages: tuple[str, ...], focus: str | None
) -> None:
    assert context_of((turn(), *(answered(message) for message in messages))).focus == focus


def test_what_the_message_points_at_is_the_focus_whatever_else_the_answer_cites() -> None:
    assert context_of((turn(), answered("is the first one better?", about="steel"))).focus == "oak"


def test_a_rule_of_the_shop_that_is_cited_takes_no_focus_away() -> None:
    rule = replace(answered("how do I return it then"), evidence=(policy(shop.POLICIES[0]),))
    assert context_of((turn(), answered("is the second one heavy?"), rule)).focus == "steel"


def test_the_nearest_miss_is_spoken_of_though_it_is_not_shown() -> None:
    assert context_of((turn("no_match", slate=Slate(), about="arc"),)).focus == "arc"


def test_a_new_shelf_ends_the_focus() -> None:
    assert context_of((turn(), answered("is the second one heavy?"), turn())).focus is None
    assert context_of((answered("words", about="steel"), turn())).focus is None


def test_an_interrupted_turn_that_was_not_understood_changes_no_need() -> None:
    interrupted = replace(turn(need=Need(), slate=Slate()), failure=INTERRUPTED)
    assert context_of((turn(), interrupted)).need == NEED
    assert context_of((interrupted,)) == Context()


def test_an_interrupted_turn_that_was_understood_counts() -> None:
    assert context_of((turn(), replace(turn(need=Need("mug")), failure=INTERRUPTED))).need == Need("mug")


@pytest.mark.parametrize("locale", ["en", "zh"])
@pytest.mark.real
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


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("About the Robin Kettle: is it loud?", "Robin Kettle"),
        ("do you have the marlow glass lamp?", "Marlow Glass Lamp"),
        ("知更鸟电水壶吵吗？", "知更鸟电水壶"),
    ],
)
def test_a_product_named_by_its_whole_title_is_in_view_after_what_is_shown(catalog, message, title) -> None:
    before = Context(shown=(shop.OAK,))
    named = with_named(before, message, catalog).shown
    assert [product.title for product in named] == [shop.OAK.title, title]


@pytest.mark.parametrize("message", ["a kettle", "robin", "is the Alder Desk Lamp heavy?", "hello", ""])
def test_what_names_no_other_product_leaves_the_view_as_it_is(catalog, message) -> None:
    before = Context(shown=(shop.OAK,))
    assert with_named(before, message, catalog) == before


def test_needs_gone_by_are_kept_so_that_the_shopper_can_go_back() -> None:
    context = context_of((turn(), turn(), turn(need=Need("mug")), turn(need=Need("kettle"))))
    assert tuple(one.need for one in context.history[:-1]) == (NEED, NEED, Need("mug"))

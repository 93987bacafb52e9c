"""Quick replies that narrow a search: each is read as one wish more, and leaves what it promises."""

from dataclasses import replace

import pytest

from assistant.context import Context
from assistant.narrow import Narrowing, narrowings, question
from assistant.retrieve import search_constraints
from assistant.trail import Trail
from assistant.types import Need, Utterance
from assistant.understand import understand
from catalog import Catalog, CatalogIndex, CatalogTables, Constraint, Locale, open_catalog, store
from tests import demo
from tests.fakes import WordEmbedder

WISHES: dict[Locale, tuple[str, ...]] = {
    "en": ("a lamp", "shoes", "something in black", "a gift for my dad", "anything not plastic", "bedding in cotton",
           "cups", "toys", "a plant pot"),
    "zh": ("灯", "鞋", "黑色的", "不要塑料的礼物", "杯子", "耳机", "玩具"),
}  # fmt: skip
CASES = [(locale, wish) for locale, wishes in WISHES.items() for wish in wishes]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory) -> Catalog:
    folder, embedder = tmp_path_factory.mktemp("demo"), WordEmbedder()
    tables = CatalogTables(f"sqlite:///{folder / 'catalog.db'}")
    store(tables, iter(demo.products()), replace=True)
    return open_catalog(tables, CatalogIndex(embedder, folder))


def context_after(catalog: Catalog, need: Need, locale: Locale) -> Context:
    hits = catalog.search(need.query, search_constraints(need), 4)
    return Context(need, tuple(hit.product.localised(locale) for hit in hits), None, locale)


def offered(catalog: Catalog, context: Context, limit: int = 2) -> tuple[Narrowing, ...]:
    assert context.locale
    return narrowings(context, catalog, demo.vocabulary(), context.locale, limit)


def wishes_of(need: Need) -> set[Constraint]:
    category = {Constraint("category", "eq", need.category)} if need.category else set()
    return {*need.constraints, *category}


def stated(catalog: Catalog, context: Context, added: Constraint) -> int:
    """How many products the facet of the added wish counts for it."""
    facets = catalog.facets(search_constraints(context.need))
    if added.field == "price":
        return sum(band.count for band in facets.prices if band.high <= float(str(added.value)))
    if added.field in ("brand", "category"):
        counts = facets.brands if added.field == "brand" else facets.categories
        return sum(one.count for one in counts if one.value.split(" > ")[-1] == added.value)
    assert isinstance(added.value, tuple)
    forms = {value.casefold() for value in added.value}
    chinese = catalog.facets(search_constraints(context.need), locale="zh")
    counts = [
        one for told in (facets, chinese) for f in told.attributes if f.name == added.attribute for one in f.counts
    ]
    return max(one.count for one in counts if {one.value.casefold(), one.label.casefold()} & forms)


def check(catalog: Catalog, context: Context, one: Narrowing) -> None:
    heard = understand(Utterance(one.words), context, demo.vocabulary())
    assert (heard.intent, heard.locale) == ("search", context.locale), one.words
    assert wishes_of(heard.need) - wishes_of(context.need) == {one.constraint}, one.words
    assert wishes_of(context.need) <= wishes_of(heard.need), one.words
    count = catalog.count(search_constraints(heard.need))
    assert count == one.count, one.words
    told = stated(catalog, context, one.constraint)
    exact = one.constraint.field in ("price", "brand", "category")
    assert count == told if exact else count >= told, one.words  # "blue" is also what states "navy blue"


@pytest.mark.parametrize(("locale", "wish"), CASES)
def test_every_narrowing_is_understood_as_one_wish_more_with_the_count_of_its_facet(catalog, locale, wish) -> None:
    need = understand(Utterance(wish), Context(), demo.vocabulary()).need
    context = context_after(catalog, need, locale)
    found = offered(catalog, context, 9)
    total = catalog.count(search_constraints(need))
    assert found
    assert len({one.constraint.field for one in found}) == len(found)
    for one in found:
        assert 0.15 * total <= one.count <= 0.6 * total, one.words
        check(catalog, context, one)


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_in_every_category_a_search_can_be_narrowed(catalog, locale) -> None:
    for category in catalog.categories():
        context = context_after(catalog, Need("", category), locale)
        found = offered(catalog, context)
        assert 1 <= len(found) <= 2, category
        for one in found:
            check(catalog, context, one)


def test_what_the_need_says_already_is_not_offered(catalog) -> None:
    under, white = Constraint("price", "lt", 6_000), Constraint("attributes.Color", "contains", ("white", "白色"))
    context = context_after(catalog, Need("", "Lighting", (under, white)), "en")
    fields = {one.constraint.field for one in offered(catalog, context, 9)}
    assert not fields & {"price", "attributes.Color", "category"}


def test_without_any_wish_nothing_is_narrowed(catalog) -> None:
    assert offered(catalog, Context(Need("something nice"), locale="en")) == ()


def test_a_category_is_offered_where_matches_are_of_several(catalog) -> None:
    need = understand(Utterance("cups"), Context(), demo.vocabulary()).need
    words = [one.words for one in offered(catalog, context_after(catalog, need, "en"))]
    assert "Only Coffee & Tea" in words


def test_no_size_is_chosen_for_the_shopper(catalog) -> None:
    need = understand(Utterance("shoes"), Context(), demo.vocabulary()).need
    fields = [one.constraint.field for one in offered(catalog, context_after(catalog, need, "en"), 9)]
    assert "attributes.Size" not in fields


def asked(catalog, message: str, locale: Locale, *, said: frozenset[str] = frozenset()):
    need = understand(Utterance(message), Context(), demo.vocabulary()).need
    context = replace(context_after(catalog, need, locale), trail=Trail(asked=said))
    shown = [catalog.get(product.id) for product in context.shown]
    return question(context, shown, catalog, demo.vocabulary(), locale), context


@pytest.mark.parametrize(
    ("message", "locale"), [("shoes", "en"), ("鞋", "zh"), ("a gift for my dad", "en"), ("toys", "en")]
)
def test_the_answers_to_a_question_each_narrow_by_the_field_asked_about(catalog, message, locale) -> None:
    found, context = asked(catalog, message, locale)
    total = catalog.count(search_constraints(context.need))
    assert found is not None and 3 <= len(found.options) <= 4
    for option in found.options[:-1]:
        need = understand(Utterance(option.meant), context, demo.vocabulary()).need
        assert 0 < catalog.count(search_constraints(need)) < total, option
        assert {c.field for c in wishes_of(need) - wishes_of(context.need)} == {found.field}


def test_what_was_asked_or_said_is_not_asked_again(catalog) -> None:
    first, _ = asked(catalog, "shoes", "en")
    assert first is not None
    second, _ = asked(catalog, "shoes", "en", said=frozenset({first.field}))
    assert second is None or second.field != first.field
    black, _ = asked(catalog, "black shoes", "en")
    assert black is None or black.field != "attributes.Color"


def test_where_no_kind_is_wished_for_only_kind_and_budget_are_asked(catalog) -> None:
    found, _ = asked(catalog, "a gift for my dad", "en")
    assert found is not None and found.field in ("category", "price")

import itertools
import random
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from catalog import (
    Catalog,
    CatalogIndex,
    CatalogTables,
    Constraint,
    Product,
    holds,
    load_policies,
    open_catalog,
    satisfies,
    search,
)
from tests.catalog.conftest import DEMO, WordEmbedder, catalog_of, product

OPS = ("eq", "ne", "lt", "le", "gt", "ge", "in", "not_in", "contains", "not_contains")


@pytest.fixture(scope="module")
def shop(demo_products: tuple[Product, ...], tmp_path_factory: pytest.TempPathFactory) -> Any:
    index = CatalogIndex(WordEmbedder(), tmp_path_factory.mktemp("home"))
    yield catalog_of(demo_products, index)
    index.close()


def _random_constraints(rng: random.Random, products: tuple[Product, ...]) -> tuple[Constraint, ...]:
    """One to four wishes whose values are taken from some product, so that they are met by some and not by all."""
    found = []
    for _ in range(rng.randint(1, 4)):
        item = rng.choice(products)
        pairs = [*item.attributes.items(), *(pair for v in item.variants for pair in v.options.items())]
        name, value = rng.choice(pairs)
        words: dict[str, Any] = {
            "price": item.price_minor, "rating": item.rating, "in_stock": rng.random() < 0.8, "category": item.category,
            "brand": item.brand, "id": item.id, "type": rng.choice(item.title.split()), "text": rng.choice(item.description.split()),
            f"attributes.{name}": value,
        }  # fmt: skip
        field = rng.choice(list(words))
        ops = OPS[:6] if field in ("price", "rating") else OPS[:2] if field == "in_stock" else OPS
        op: Any = rng.choice(ops)
        wanted = words[field]
        if op in ("in", "not_in") or (op.endswith("contains") and rng.random() < 0.5):
            wanted = (str(wanted), str(rng.choice(products).brand))
        found.append(Constraint(field, op, wanted))
    return tuple(found)


@pytest.mark.parametrize("seed", range(6))
def test_search_returns_only_and_all_of_what_satisfies_every_constraint(
    seed: int, shop: Catalog, demo_products: tuple[Product, ...]
) -> None:
    rng = random.Random(seed)
    met = 0
    for _ in range(40):
        constraints = _random_constraints(rng, demo_products)
        expected = [p.id for p in demo_products if satisfies(p, constraints)]
        assert [p.id for p in shop.matching(constraints)] == expected
        assert [hit.product.id for hit in shop.search("", constraints, limit=999)] == expected
        text = rng.choice(("kettle", "a gift for my dad", "不要塑料的水壶", "zzz"))
        ids = [hit.product.id for hit in shop.search(text, constraints, limit=999)]
        assert len(ids) == len(set(ids))
        assert set(ids) <= set(expected)
        if len(expected) <= 200:
            assert set(ids) == set(expected)
        met += bool(expected)
    assert met > 5


def test_hits_are_the_best_first_and_no_more_than_asked(shop: Catalog) -> None:
    hits = shop.search("electric kettle", limit=5)
    assert len(hits) == 5
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert all(0 < hit.score <= 1 for hit in hits)
    assert "kettle" in hits[0].product.title.casefold()
    assert hits[0].lexical > 0
    assert hits[0].dense > 0


def test_a_chinese_query_finds_chinese_titles(shop: Catalog) -> None:
    assert any("壶" in hit.product.localised("zh").title for hit in shop.search("电热水壶", limit=3))


def test_the_same_search_gives_the_same_answer(shop: Catalog) -> None:
    once, twice = (shop.search("warm blanket", [Constraint("price", "le", 8000)]) for _ in range(2))
    assert once == twice


def test_without_words_feed_order_decides(shop: Catalog, demo_products: tuple[Product, ...]) -> None:
    assert [hit.product for hit in shop.search("  ", limit=7)] == list(demo_products[:7])


def test_nothing_is_found_where_nothing_satisfies(shop: Catalog) -> None:
    assert shop.search("kettle", [Constraint("price", "lt", 0)]) == []


def test_a_catalogue_without_products_finds_nothing(index: CatalogIndex) -> None:
    empty = catalog_of([], index)
    assert empty.search("kettle") == empty.search("") == empty.search("kettle", [Constraint("price", "le", 1)]) == []
    assert len(empty) == 0
    assert empty.categories() == ()


def test_a_sold_out_size_is_not_offered(index: CatalogIndex) -> None:
    sizes = [{"id": "m", "options": {"Size": "M"}, "quantity": 0}, {"id": "l", "options": {"Size": "L"}, "quantity": 1}]
    shop = catalog_of([product("tee", title="Tee", variants=sizes)], index)
    assert shop.search("tee", [Constraint("attributes.Size", "contains", ("L",))])
    assert shop.search("tee", [Constraint("attributes.Size", "contains", ("M",))]) == []


def test_a_catalogue_knows_its_products_words_languages_and_categories(index: CatalogIndex) -> None:
    items = [
        product("a", title="Mug", category="Kitchen"),
        product("b", title="Lamp", category="Light"),
        product("c", title="Pan", category="Kitchen"),
    ]
    shop = catalog_of(items, index)
    assert shop.get("b") == items[1]
    assert shop.get("x") is None
    assert list(shop) == items
    assert shop.categories() == ("Kitchen", "Light")
    assert shop.speaks("en")
    assert not shop.speaks("zh")
    assert shop.knows("mug")
    assert shop.rarity("mug") < shop.rarity("zeppelin")


def test_policies_come_with_the_catalogue(tables: CatalogTables, index: CatalogIndex) -> None:
    policies = load_policies(DEMO / "policies")
    assert open_catalog(tables, index, policies=policies).policies == policies


def test_a_part_of_a_catalogue_is_spread_over_it(shop: Catalog, demo_products: tuple[Product, ...]) -> None:
    ids = [p.id for p in demo_products]
    assert [p.id for p in shop.sample(10_000)] == ids
    some = [p.id for p in shop.sample(20)]
    places = [ids.index(id) for id in some]
    assert len(places) == 20 and (places[0], places[-1]) == (0, len(ids) - 1)
    assert max(b - a for a, b in pairwise(places)) <= len(ids) / 19 + 1


def test_names_of_brands_and_categories_come_in_every_language(
    shop: Catalog, demo_products: tuple[Product, ...]
) -> None:
    assert set(shop.brands()) == {p.brand for p in demo_products if p.brand}
    pairs = {(p.localised(locale).category, p.category) for p in demo_products for locale in p.locales()}
    assert set(shop.category_names().items()) == {pair for pair in pairs if pair[0]}


def test_a_title_holds_all_words_of_a_name(shop: Catalog, demo_products: tuple[Product, ...]) -> None:
    title = demo_products[0].title.split()
    assert shop.titled(title[0]) and shop.titled(" ".join(title))
    assert not shop.titled("hovercraft") and not shop.titled("")
    assert not shop.titled(f"{title[0]} hovercraft")


def test_of_many_listings_that_must_be_read_only_some_are_counted(
    shop: Catalog, monkeypatch: pytest.MonkeyPatch, demo_products: tuple[Product, ...]
) -> None:
    wish = (Constraint("text", "contains", "dishwasher safe"),)
    all_of_them = sum(satisfies(p, wish) for p in demo_products)
    with monkeypatch.context() as patched:
        patched.setattr(search, "_EAGER", 1)
        patched.setattr(search, "_READ", 2)
        number, exact = shop.counted(wish)
    assert not exact and 0 < number < all_of_them
    assert shop.counted(wish) == (all_of_them, True)


def test_a_limit_between_two_prices_holds_as_it_is_written(index: CatalogIndex) -> None:
    shop = catalog_of([product(str(cents), price=f"{cents / 100:.2f}") for cents in (1999, 2000, 2001)], index)
    ops: tuple[Any, ...] = ("lt", "le", "gt", "ge")
    for op, limit in itertools.product(ops, (1999, 1999.5, 2000, 2000.5, 1e300, float("inf"), -1)):
        wish = Constraint("price", op, limit)
        assert list(shop.matching((wish,))) == [p for p in shop if holds(p, wish)], wish


def test_a_catalogue_gives_out_products_as_they_are_told_and_searches_the_listings_themselves(catalog):
    told = catalog.told(lambda product: replace(product, title=product.title.upper(), description=""))
    plain, loud = catalog.search("oak base", limit=3), told.search("oak base", limit=3)
    assert [hit.product.id for hit in loud] == [hit.product.id for hit in plain]
    assert loud[0].product.title == plain[0].product.title.upper() and loud[0].product.description == ""
    assert told.get("oak") is told.get("oak")
    assert catalog.get("oak").description and len(told) == len(catalog)


@pytest.mark.parametrize("text", ["water bottle", "leather wallet with a zip", "red ceramic mug for coffee", "保温杯"])
def test_a_product_scores_by_words_alone_as_it_does_beside_its_vector(shop: Catalog, text: str) -> None:
    everywhere = {hit.product.id: hit.lexical for hit in shop.search(text, limit=len(shop))}
    alone = shop.search(text, limit=len(shop), by="lexical")
    assert [hit.lexical for hit in alone] == sorted((hit.lexical for hit in alone), reverse=True)
    assert alone and all(hit.lexical == pytest.approx(everywhere[hit.product.id]) for hit in alone)
    missed = everywhere.keys() - {hit.product.id for hit in alone}
    assert all(everywhere[id] <= alone[-1].lexical for id in missed)

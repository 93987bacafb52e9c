from dataclasses import replace
from pathlib import Path

from catalog import (
    CatalogIndex,
    CatalogTables,
    Constraint,
    Enriched,
    Extracted,
    content_hash,
    import_feed,
    open_catalog,
)
from tests.catalog.conftest import product, write_feed

LAMP = product("lamp", description="Tips the scales at 310 g.")
BOWL = product("bowl")
FOUND = Extracted("Weight", "310 g", "Tips the scales at 310 g.", "en", "model")


def test_what_was_found_joins_the_product_it_was_found_in(tables: CatalogTables) -> None:
    enriched = Enriched(tables.engine)
    enriched.keep("lamp", content_hash(LAMP), [FOUND])
    assert enriched.joined([LAMP, BOWL]) == [replace(LAMP, extracted=(FOUND,)), BOWL]


def test_a_listing_that_changed_is_read_again_and_loses_what_was_found(tables: CatalogTables) -> None:
    enriched = Enriched(tables.engine)
    enriched.keep("lamp", content_hash(LAMP), [FOUND])
    changed = replace(LAMP, description="Now 400 g.")
    assert enriched.joined([changed]) == [changed]
    assert list(enriched.missing([LAMP, changed])) == [changed]


def test_a_listing_in_which_nothing_was_found_is_not_read_again(tables: CatalogTables) -> None:
    enriched = Enriched(tables.engine)
    enriched.keep("bowl", content_hash(BOWL), [])
    assert list(Enriched(tables.engine).missing([LAMP, BOWL])) == [LAMP]


def test_a_later_reading_replaces_the_earlier_one(tables: CatalogTables) -> None:
    enriched = Enriched(tables.engine)
    for found in ([FOUND], []):
        enriched.keep("lamp", content_hash(LAMP), found)
    assert enriched.joined([LAMP]) == [LAMP]


def test_what_a_model_found_is_published_and_stays_when_the_same_feed_comes_again(
    tables: CatalogTables, index: CatalogIndex, tmp_path: Path
) -> None:
    rows = [{"id": "lamp", "title": "Lamp", "price": 1, "description": "Tips the scales at 310 g."}]
    feed = write_feed(tmp_path / "feed.jsonl", rows)
    import_feed(feed, tables, index)
    enriched = Enriched(tables.engine)
    (lamp,) = enriched.missing(tables.products())
    enriched.keep("lamp", content_hash(lamp), [FOUND])
    assert enriched.publish(tables) == 1
    light = [Constraint("attributes.Weight", "le", "500 g")]
    assert [hit.product.id for hit in open_catalog(tables, index).search("lamp", light)] == ["lamp"]
    assert list(enriched.missing(tables.products())) == []
    assert import_feed(feed, tables, index).changed == 0
    assert FOUND in next(tables.products()).extracted

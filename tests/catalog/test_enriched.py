from dataclasses import replace

from catalog import CatalogTables, Enriched, Extracted, content_hash
from tests.catalog.conftest import product

LAMP = product("lamp", description="Tips the scales at 310 g.")
BOWL = product("bowl")
FOUND = Extracted("Weight", "310 g", "Tips the scales at 310 g.", "en", "model")


def test_what_was_found_joins_the_product_it_was_found_in(tables: CatalogTables) -> None:
    enriched = Enriched(tables.engine)
    enriched.keep("lamp", content_hash(LAMP), [FOUND])
    assert list(enriched.joined([LAMP, BOWL])) == [replace(LAMP, extracted=(FOUND,)), BOWL]


def test_a_listing_that_changed_is_read_again_and_loses_what_was_found(tables: CatalogTables) -> None:
    enriched = Enriched(tables.engine)
    enriched.keep("lamp", content_hash(LAMP), [FOUND])
    changed = replace(LAMP, description="Now 400 g.")
    assert list(enriched.joined([changed])) == [changed]
    assert list(enriched.missing([LAMP, changed])) == [changed]


def test_a_listing_in_which_nothing_was_found_is_not_read_again(tables: CatalogTables) -> None:
    enriched = Enriched(tables.engine)
    enriched.keep("bowl", content_hash(BOWL), [])
    assert list(Enriched(tables.engine).missing([LAMP, BOWL])) == [LAMP]


def test_a_later_reading_replaces_the_earlier_one(tables: CatalogTables) -> None:
    enriched = Enriched(tables.engine)
    for found in ([FOUND], []):
        enriched.keep("lamp", content_hash(LAMP), found)
    assert list(enriched.joined([LAMP])) == [LAMP]

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from catalog import CatalogError, CatalogTables, Extracted, Product, content_hash, store, take_over, to_row
from tests.catalog.conftest import product


def _ids(tables: CatalogTables) -> list[str]:
    return [p.id for p in tables.products()]


def _some(*ids: str, **fields: object) -> list[Product]:
    return [product(id, **fields) for id in ids]


def test_products_come_back_as_they_went_in_and_in_order(tables: CatalogTables) -> None:
    products = [product(f"p{n}", brand=f"B{n}", quantity=n) for n in range(1200)]
    assert store(tables, products, replace=False) == 1200
    assert list(tables.products()) == products
    assert len(tables) == 1200


def test_only_what_changed_is_counted(tables: CatalogTables) -> None:
    store(tables, _some("a", "b", "c"), replace=False)
    assert store(tables, _some("a", "b", "c"), replace=False) == 0
    assert store(tables, [*_some("a"), product("b", price="11.00"), *_some("d")], replace=False) == 2
    assert next(p for p in tables.products() if p.id == "b").price_minor == 1100


def test_a_changed_product_keeps_its_place_and_new_ones_come_last(tables: CatalogTables) -> None:
    store(tables, _some("a", "b", "c"), replace=False)
    store(tables, [*_some("new"), product("a", price="11.00")], replace=False)
    assert _ids(tables) == ["a", "b", "c", "new"]


def test_replace_removes_what_is_gone_and_takes_the_new_order(tables: CatalogTables) -> None:
    store(tables, _some("a", "b", "c", "d"), replace=False)
    assert store(tables, [*_some("d", "new"), product("a", price="11.00")], replace=True) == 4
    assert _ids(tables) == ["d", "new", "a"]
    assert store(tables, _some("new", "d"), replace=True) == 1
    assert _ids(tables) == ["new", "d"]


def test_replace_handles_more_than_one_batch(tables: CatalogTables) -> None:
    store(tables, [product(f"p{n}") for n in range(1100)], replace=False)
    store(tables, [product(f"p{n}") for n in reversed(range(1000, 1600))], replace=True)
    assert _ids(tables) == [f"p{n}" for n in reversed(range(1000, 1600))]


def test_a_failure_on_the_way_leaves_everything_as_it_was(tables: CatalogTables) -> None:
    store(tables, _some("a", "b"), replace=False)

    def broken():  # type: ignore[no-untyped-def]
        yield from (product(f"p{n}") for n in range(700))
        raise RuntimeError("the feed broke off")

    with pytest.raises(RuntimeError, match="broke off"):
        store(tables, broken(), replace=True)
    assert _ids(tables) == ["a", "b"]


@pytest.mark.parametrize(
    "url",
    [
        "no url",
        "postgresql+psycopg://shop:secret@127.0.0.1:1/shop",
        "sqlite:////proc/none/catalog.db",
        "oracle://u:secret@h/x",
    ],
)
def test_a_database_that_cannot_be_opened_is_one_line_without_the_password(url: str) -> None:
    with pytest.raises(CatalogError, match="check AISLE_CATALOG_URL") as caught:
        CatalogTables(url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "catalog.db").write_text("not a database " * 100)
    with pytest.raises(CatalogError, match=r"catalog\.db.*not a database"):
        CatalogTables(f"sqlite:///{tmp_path / 'catalog.db'}")


def test_what_the_prose_says_is_found_when_a_listing_is_stored_and_changes_nothing_of_its_digest(
    tables: CatalogTables,
) -> None:
    pan = product("pan", description="It weighs 1.2 kg.")
    store(tables, [pan], replace=True)
    ((digest, stored),) = tables.listings()
    assert stored.extracted == (Extracted("Weight", "1.2 kg", "It weighs 1.2 kg.", "en"),)
    assert digest == content_hash(stored) == content_hash(pan)


def test_a_database_of_before_is_taken_over_with_its_order(tables: CatalogTables) -> None:
    rows = [to_row(product(id)) for id in ("b", "a", "c")]
    with tables.engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE products (id TEXT PRIMARY KEY, position INT, content_hash TEXT, row JSON)")
        )
        for position, row in enumerate(rows):
            values = {"id": row["id"], "position": position, "row": json.dumps(row)}
            connection.execute(text("INSERT INTO products VALUES (:id, :position, '', :row)"), values)
    for _ in range(2):
        take_over(tables)
        assert _ids(tables) == ["b", "a", "c"]
    assert not tables.holds_old_rows()

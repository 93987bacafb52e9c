import threading

import pytest

from catalog import Catalog, CatalogIndex, CatalogTables, Policy, Watch, open_catalog, store
from tests.catalog.conftest import product


def test_a_new_catalogue_is_taken_over_and_the_old_stays_readable(tables: CatalogTables, index: CatalogIndex) -> None:
    store(tables, [product("a", title="Mug")], replace=True)
    old = open_catalog(tables, index)
    taken: list[Catalog] = []
    watch = Watch(tables, index, lambda: open_catalog(tables, index), taken.append)
    assert not watch.look()
    store(tables, [product("b", title="Lamp")], replace=True)
    assert watch.look()
    assert not watch.look()
    (new,) = taken
    assert [p.id for p in new] == ["b"]
    assert [hit.product.title for hit in old.search("mug")] == ["Mug"]
    assert old.search("lamp")[0].product.id == "a"


def test_it_looks_by_itself_until_it_is_stopped(tables: CatalogTables, index: CatalogIndex) -> None:
    store(tables, [product("a")], replace=True)
    open_catalog(tables, index)
    taken = threading.Event()
    watch = Watch(tables, index, lambda: open_catalog(tables, index), lambda catalog: taken.set(), every_s=0.01)
    watch.start()
    store(tables, [product("b")], replace=True)
    assert taken.wait(10)
    watch.stop()
    watch.join(10)
    assert not watch.is_alive()


def test_what_cannot_be_opened_yet_is_tried_again(
    tables: CatalogTables, index: CatalogIndex, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store(tables, [product("a")], replace=True)
    taken = threading.Event()
    failing = [OSError("disk full")]

    def take(catalog: Catalog) -> None:
        if failing:
            raise failing.pop()
        taken.set()

    watch = Watch(tables, index, lambda: open_catalog(tables, index), take, every_s=0.01)
    store(tables, [product("b")], replace=True)
    watch.start()
    assert taken.wait(10)
    watch.stop()
    assert "the new catalogue cannot be opened yet: disk full" in caplog.text


def test_policies_that_are_written_anew_are_taken_over_too(tables: CatalogTables, index: CatalogIndex) -> None:
    store(tables, [product("a", title="Mug")], replace=True)
    old = open_catalog(tables, index, policies=(Policy("faq.en.1", "en", "Engraving", "We do not engrave."),))
    more = (*old.policies, Policy("faq.en.2", "en", "Gift boxes", "A gift box is free."))
    written = [old.ruled(more)]
    taken: list[Catalog] = []
    watch = Watch(
        tables,
        index,
        lambda: open_catalog(tables, index),
        taken.append,
        rewritten=lambda: written.pop() if written else None,
    )
    assert watch.look()
    assert not watch.look()
    (new,) = taken
    assert new.rules("a gift box, please", "en")[0].policy.id == "faq.en.2"
    assert [hit.product.title for hit in new.search("mug")] == ["Mug"]
    assert old.policies == more[:1]
    assert [hit.policy.id for hit in old.rules("a gift box, please", "en")] == ["faq.en.1"]

"""`kill -9` at any moment of an import: the catalogue is the old one or the new one, and the next import goes on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from catalog import CatalogIndex, CatalogTables, Constraint, load_embedder, open_catalog
from catalog.vectors import VectorTable
from tests.catalog.conftest import write_feed

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[2]
OLD, NEW = 20, 400
WORDS = "lamp mug kettle tent chair blanket speaker backpack notebook candle".split()


def _rows(count: int, price: int) -> list[dict[str, object]]:
    return [
        {"id": f"p{n}", "title": f"{WORDS[n % 10]} number {n} for {price} each", "price": price, "quantity": 1}
        for n in range(count)
    ]


def _import(home: Path, feed: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "catalog", "import", str(feed), "--replace"]
    return subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"AISLE_HOME": str(home)}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def _state(home: Path) -> tuple[int, set[int]]:
    """How many products a shop that opens now would serve, and at which prices; search must find exactly these."""
    tables = CatalogTables(f"sqlite:///{home / 'catalog.db'}")
    shop = open_catalog(tables, CatalogIndex(load_embedder("packaged"), home, alone=False))
    products = list(shop)
    prices = {p.price_minor for p in products}
    for price in (100, 200):
        found = shop.search("a lamp", [Constraint("price", "eq", price)], limit=20)
        assert bool(found) == (price in prices)
    return len(products), prices


def test_whenever_an_import_is_killed_the_catalogue_is_whole_and_the_next_goes_on(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert _import(home, write_feed(tmp_path / "old.jsonl", _rows(OLD, 1))).wait(300) == 0
    feed = write_feed(tmp_path / "new.jsonl", _rows(NEW, 2))
    tables = CatalogTables(f"sqlite:///{home / 'catalog.db'}")
    seen: list[tuple[int, set[int]]] = []
    wait_s = 2.0
    while True:
        running = _import(home, feed)
        try:
            running.wait(wait_s)
            break
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            running.wait()
        seen.append(_state(home))
        wait_s = min(1.4 * wait_s, wait_s + 3)
        assert len(seen) < 60, "the import does not get on"
    assert running.returncode == 0, running.stderr and running.stderr.read().decode()
    assert all(state in ((OLD, {100}), (NEW, {200})) for state in seen)
    assert len(seen) >= 2
    assert _state(home) == (NEW, {200})
    assert VectorTable(tables, load_embedder("packaged")).missing() == 0
    checked = subprocess.run(
        [sys.executable, "-m", "catalog", "check"], cwd=ROOT, env=os.environ | {"AISLE_HOME": str(home)},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr


def test_a_shop_opened_while_an_import_runs_serves_the_old_catalogue_until_it_is_done(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert _import(home, write_feed(tmp_path / "old.jsonl", _rows(OLD, 1))).wait(300) == 0
    running = _import(home, write_feed(tmp_path / "new.jsonl", _rows(200, 2)))
    states = []
    while running.poll() is None:
        states.append(_state(home))
        time.sleep(0.2)
    states.append(_state(home))
    assert set(map(str, states)) <= {str((OLD, {100})), str((200, {200}))}
    assert states[0] == (OLD, {100})
    assert states[-1] == (200, {200})

"""The sketch of many vectors finds those that are nearest."""

from pathlib import Path

import numpy as np
import pytest

from catalog.index import sketch as module
from catalog.index.sketch import Sketch, write_sketch
from catalog.index.vectors import Vectors, VectorsWriter

_COUNT = 12_000


def _unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def clustered() -> tuple[np.ndarray, np.ndarray]:
    """Vectors about 100 centres that lie close together, as those of a text model do, and queries near some of them."""
    rng = np.random.default_rng(1)
    centres = 3 * _unit(rng.standard_normal((1, 256))) + _unit(rng.standard_normal((100, 256)))
    rows = centres[rng.integers(0, 100, _COUNT)] + 0.4 * _unit(rng.standard_normal((_COUNT, 256)))
    asked = centres[:20] + 0.4 * _unit(rng.standard_normal((20, 256)))
    return _unit(rows), _unit(asked)


@pytest.fixture
def by_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a million passages: of most only the signs are looked at, and by several threads."""
    monkeypatch.setattr(module, "_LEAST", 900)
    monkeypatch.setattr(module, "_PLENTY", 0)
    monkeypatch.setattr(module, "_BLOCK", 5_000)


@pytest.mark.parametrize("share", [1.0, 0.5, 0.15])
@pytest.mark.usefixtures("by_signs")
def test_the_nearest_are_among_the_first_of_the_sketch(
    tmp_path: Path, clustered: tuple[np.ndarray, np.ndarray], share: float
) -> None:
    rows, asked = clustered
    write_sketch(tmp_path / "s", rows)
    sketch = Sketch(tmp_path / "s")
    allowed = np.random.default_rng(2).random(_COUNT) < share
    found = 0
    for vector in asked:
        places = sketch.nearest(vector, None if share == 1 else allowed, 200)
        assert share == 1 or allowed[places].all()
        near = np.where(allowed, rows @ vector, -1)
        found += len(set(np.argsort(-near)[:10]) & set(places.tolist()))
    assert found >= 0.99 * 10 * len(asked)


@pytest.mark.parametrize(("count", "dimensions"), [(0, 1), (1, 1), (3, 5), (40, 31)])
def test_few_vectors_of_few_dimensions(tmp_path: Path, count: int, dimensions: int) -> None:
    rows = _unit(np.random.default_rng(4).standard_normal((count, dimensions)))
    write_sketch(tmp_path / "s", rows)
    vector = np.ones(dimensions, dtype=np.float32)
    places = Sketch(tmp_path / "s").nearest(vector, None, count)
    assert sorted(places.tolist()) == list(range(count))
    if count > 1:
        assert Sketch(tmp_path / "s").nearest(vector, None, 1).tolist() == [int(np.argmax(rows @ vector))]


def test_equal_vectors_make_no_scale(tmp_path: Path) -> None:
    write_sketch(tmp_path / "s", np.full((9, 4), 0.5, dtype=np.float32))
    sketch = Sketch(tmp_path / "s")
    assert len(set(sketch.nearest(np.full(4, 0.5, dtype=np.float32), None, 3).tolist())) == 3
    assert len(set(sketch.nearest(np.zeros(4, dtype=np.float32), None, 3).tolist())) == 3


@pytest.mark.parametrize("period", [1, 7])
def test_rows_that_repeat_are_not_missed_by_the_sample(period: int) -> None:
    differing = np.full(100_000, 200, dtype=np.uint16)
    differing[::period] = 100
    allowed = np.zeros(100_000, dtype=np.bool_)
    allowed[3::period] = True
    assert len(module._fewest(differing, 500)) >= 500
    assert len(module._fewest(differing, 500, allowed)) >= 500


@pytest.mark.parametrize("share", [1.0, 0.5, 0.02])
def test_rows_with_two_passages_are_found_as_by_comparing_all(
    tmp_path: Path, clustered: tuple[np.ndarray, np.ndarray], share: float
) -> None:
    rows, asked = clustered
    writer = VectorsWriter(tmp_path / "v")
    for row in range(_COUNT // 2):
        writer.add(row, rows[2 * row : 2 * row + 2])
    writer.finish()
    vectors = Vectors(tmp_path / "v")
    allowed = np.random.default_rng(5).random(_COUNT // 2) < share
    for vector in asked[:5]:
        near = np.where(allowed, (rows @ vector).reshape(-1, 2).max(axis=1), -1)
        found, cosines = vectors.nearest(vector, None if share == 1 else allowed, 5)
        assert cosines.tolist() == pytest.approx(np.sort(near)[::-1][:5].tolist(), abs=1e-5)
        assert near[found].tolist() == pytest.approx(cosines.tolist(), abs=1e-5)


def test_bytes_are_multiplied_by_threads_of_the_pool_that_wake_no_others() -> None:
    import torch

    before = torch.get_num_threads()
    assert {module._threads().submit(torch.get_num_threads).result() for _ in range(8)} == {1}
    assert torch.get_num_threads() == before

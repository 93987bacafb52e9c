"""Weight files are read as they are laid out; what is no such file is refused by name."""

import struct
from pathlib import Path

import numpy as np
import pytest

from catalog.embed.weights import read_weights
from catalog.errors import CatalogError

PIECES = {"<s>": 0.0, "<unk>": 0.0, "</s>": 0.0, "\u2581mug": -2.5, "杯": -3.0}


def block(scale: float, weights: list[int]) -> bytes:
    stored = [weight + 8 for weight in weights]
    return struct.pack("<e", scale) + bytes(low | high << 4 for low, high in zip(stored[:16], stored[16:], strict=True))


def weight_file(path: Path, *, version: int = 1, block_size: int = 32) -> Path:
    """Two words of 32 dimensions in blocks and one float32 tensor, behind a vocabulary of five pieces."""
    blob = "".join(PIECES).encode()
    ends = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)])
    replaced = struct.pack("<IB", 9, 1) + struct.pack("<I", 32) + struct.pack("<IB", 7, 0)
    head = b"E5S1" + struct.pack("<I7ifi", version, 32, 12, 4, 128, 2, 512, 2, 1e-12, block_size)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 0, 1, len(blob)) + struct.pack(f"<{len(ends)}I", *ends)
    head += struct.pack(f"<{len(PIECES)}f", *PIECES.values()) + blob + struct.pack("<iI", 2, len(replaced)) + replaced
    tensors = {
        "emb.word": (1, block(0.5, [*range(-8, 8)] * 2) + block(2.0, [1] * 16 + [-1] * 16)),
        "emb.ln.b": (0, struct.pack("<2f", 1.5, -2.0)),
    }
    at = len(head) + 4 + sum(2 + len(name) + 21 for name in tensors)
    directory = struct.pack("<i", len(tensors))
    for name, (kind, data) in tensors.items():
        directory += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, 0, at, len(data))
        at += len(data)
    path.write_bytes(head + directory + b"".join(data for _, data in tensors.values()))
    return path


def test_a_block_is_a_scale_and_thirty_two_halves_of_a_byte(tmp_path: Path) -> None:
    weights = read_weights(weight_file(tmp_path / "w.bin"))
    first, second = weights.matrix("emb.word", rows=2)
    assert first.tolist() == [0.5 * n for n in range(-8, 8)] * 2
    assert second.tolist() == [2.0] * 16 + [-2.0] * 16


def test_words_are_unpacked_for_any_shape_of_ids(tmp_path: Path) -> None:
    weights = read_weights(weight_file(tmp_path / "w.bin"))
    found = weights.word_vectors(np.array([[1, 0, 1], [0, 0, 0]]))
    assert found.shape == (2, 3, 32)
    assert found[0, 2].tolist() == [2.0] * 16 + [-2.0] * 16


def test_sizes_vocabulary_and_plain_tensors_are_read(tmp_path: Path) -> None:
    weights = read_weights(weight_file(tmp_path / "w.bin"))
    assert (weights.hidden, weights.layers, weights.heads, weights.positions) == (32, 12, 4, 512)
    assert weights.vector("emb.ln.b").tolist() == [1.5, -2.0]
    assert list(weights.vocabulary.ids) == list(PIECES)
    assert weights.vocabulary.scores.tolist() == list(PIECES.values())
    assert weights.vocabulary.replaced == {9: " ", 7: ""}
    assert (weights.vocabulary.start, weights.vocabulary.end, weights.vocabulary.unknown) == (0, 2, 1)


def test_another_file_is_refused_by_its_path(tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(CatalogError, match=r"other\.bin is not of the format"):
        read_weights(other)
    with pytest.raises(CatalogError, match="format"):
        read_weights(weight_file(tmp_path / "later.bin", version=2))
    with pytest.raises(CatalogError, match="blocks of 32"):
        read_weights(weight_file(tmp_path / "wide.bin", block_size=64))

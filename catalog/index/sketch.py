"""Vectors in a bit and in a byte a component: which of very many passages may be nearest, to be compared exactly afterwards.

Passages are centred, so that what all of a catalogue have in common tells none of them apart, and turned by a random
rotation, so that all components spread alike (as in Gao & Long 2024, RaBitQ). Of each component its sign is kept, and the
whole in a byte. The fewer signs differ from the query's, the nearer a passage is: these are looked at for all that are
allowed, 48 bytes each of 384 components. Of those that differ least the bytes are multiplied with the query; the order of
cosines is the order of these products, since what centring takes away is the same for every passage.

Signs are kept twice: by word (64 components), which is the quicker to go through, and by passage, the quicker to pick from.
"""

import mmap
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.index.ranking import dots
from catalog.threads import one_thread

Matrix = NDArray[np.float32]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
Bits = NDArray[np.uint64]
Counts = NDArray[np.unsignedinteger[Any]]

_FIT = 20_000  # vectors from which the mean and the step of the scale are computed
_PIECE = 50_000
_MOST = 127
_LEAST, _PLENTY = 4_000, 25  # passages whose bytes are compared: so many at least, and so many times the root of all
_MANY = 0.25  # share of passages from which on the signs of all are compared, which costs less than picking some
_SAMPLE = 16_384  # counts that are looked at to tell how few signs may differ
_BLOCK = 262_144  # passages whose signs one thread compares at a time
_PICKED = 16_384  # the same where they are picked: what is taken stays in the processor's cache
_WORD = 64
# Components up to which counts go into a byte, which is quicker. Half of the signs differ of what is unrelated, 192 of 384; a
# passage of which 256 do is the query's opposite, would be counted as near, and is left out where bytes are compared.
_BYTE = 384


def write_sketch(path: Path, matrix: Matrix) -> None:
    """Sketch the rows of `matrix` into files that begin with `path`."""
    count, dimensions = matrix.shape
    turn, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((dimensions, dimensions)))
    turn = turn.astype(np.float32)
    some = np.asarray(matrix[:: max(1, count // _FIT)], dtype=np.float32)
    mean = some.mean(axis=0) if count else np.zeros(dimensions, dtype=np.float32)
    step = float(np.abs((some - mean) @ turn).max(initial=0)) / _MOST or 1.0
    held = np.lib.format.open_memmap(_file(path, "bytes"), "w+", np.int8, (count, dimensions))
    words = -(-dimensions // _WORD)
    by_word = np.lib.format.open_memmap(_file(path, "signs"), "w+", np.uint64, (words, count))
    by_passage = np.lib.format.open_memmap(_file(path, "picked"), "w+", np.uint64, (count, words))
    for start in range(0, count, _PIECE):
        turned = (matrix[start : start + _PIECE] - mean) @ turn
        held[start : start + _PIECE] = np.clip(np.rint(turned / step), -_MOST, _MOST)
        by_passage[start : start + _PIECE] = signs = _signs(turned)
        by_word[:, start : start + _PIECE] = signs.T
    for written in (held, by_word, by_passage):
        written.flush()
    np.save(_file(path, "mean"), mean)
    np.save(_file(path, "turn"), turn)


class Sketch:
    """The sketch that was written at `path`, mapped into memory."""

    def __init__(self, path: Path) -> None:
        import torch

        self._torch: Any = torch
        self._mean: Matrix = np.load(_file(path, "mean"))
        self._turn: Matrix = np.ascontiguousarray(np.load(_file(path, "turn")).T)
        self._by_word: Bits = _at_hand(np.load(_file(path, "signs"), mmap_mode="r"))
        self._by_passage: Bits = _at_hand(np.load(_file(path, "picked"), mmap_mode="r"))
        held = _at_hand(np.load(_file(path, "bytes"), mmap_mode="c"))  # torch wants what could be written to
        self._bytes = self._torch.from_numpy(held)

    def nearest(self, vector: Matrix, allowed: Mask | None, limit: int) -> Rows:
        """The `limit` allowed passages that seem nearest to `vector`, in no order."""
        passages = self._alike(vector, allowed, limit)
        if limit >= len(passages):
            return passages
        turned = dots(self._turn, vector)
        query = np.rint(turned * (_MOST / max(float(np.abs(turned).max()), 1e-9))).astype(np.int8)
        near = _threads().submit(self._products, passages, query).result()
        return passages[np.argpartition(-near, limit)[:limit]]

    def _products(self, passages: Rows, query: NDArray[np.int8]) -> NDArray[np.int32]:
        """The product of the bytes of each of `passages` with those of a query."""
        held = self._bytes.index_select(0, self._torch.from_numpy(passages))
        near: NDArray[np.int32] = self._torch._int_mm(self._torch.from_numpy(query)[None], held.t())[0].numpy()
        return near

    def _alike(self, vector: Matrix, allowed: Mask | None, limit: int) -> Rows:
        """The allowed passages whose signs are most like those of `vector`: all where they are few."""
        count = len(self._bytes) if allowed is None else int(np.count_nonzero(allowed))
        wanted = max(_LEAST, limit, int(_PLENTY * count**0.5))
        if count <= wanted:
            return np.arange(count) if allowed is None else np.flatnonzero(allowed)
        signs = _signs(dots(self._turn, vector - self._mean)[None])[0]
        if allowed is None or count >= _MANY * len(allowed):
            return _fewest(_differing_of_all(self._by_word, signs), wanted, allowed)
        passages = np.flatnonzero(allowed)
        return passages[_fewest(_differing(self._by_passage, passages, signs), wanted)]


def _at_hand(mapped: NDArray[Any]) -> NDArray[Any]:
    """A mapped file as an array, each page touched once: the first searches would wait for these, here and there."""
    held = mapped.view(np.ndarray)
    held.reshape(-1)[:: max(mmap.PAGESIZE // held.itemsize, 1)].sum()
    return held


def _signs(turned: Matrix) -> Bits:
    """The signs of the components of vectors, shape (vectors, components / 64)."""
    bits = np.packbits(turned > 0, axis=1)
    return np.pad(bits, ((0, 0), (0, -bits.shape[1] % (_WORD // 8)))).view(np.uint64)


def _differing(by_passage: Bits, passages: Rows, signs: Bits) -> Counts:
    """In how many signs each of `passages` differs, shape (len(passages),)."""
    found = _none(len(passages), signs)
    for start in range(0, len(found), _PICKED):
        picked = by_passage.take(passages[start : start + _PICKED], axis=0)
        _count(picked.T, signs, found[start : start + _PICKED])
    return found


def _differing_of_all(by_word: Bits, signs: Bits) -> Counts:
    """In how many signs each passage differs, shape (passages,)."""
    found = _none(by_word.shape[1], signs)

    def count(start: int) -> None:
        _count(by_word[:, start : start + _BLOCK], signs, found[start : start + _BLOCK])

    starts = range(0, len(found), _BLOCK)
    list(_threads().map(count, starts) if len(starts) > 1 else map(count, starts))
    return found


def _none(count: int, signs: Bits) -> Counts:
    return np.zeros(count, dtype=np.uint8 if _WORD * len(signs) <= _BYTE else np.uint16)


def _count(words: Bits, signs: Bits, found: Counts) -> None:
    """Add to `found` in how many signs each column of `words` differs."""
    differing, counts = np.empty(len(found), dtype=np.uint64), np.empty(len(found), dtype=np.uint8)
    for held, sign in zip(words, signs, strict=True):
        np.add(found, np.bitwise_count(np.bitwise_xor(held, sign, out=differing), out=counts), out=found)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count(), "sketch", initializer=one_thread)


def _fewest(differing: Counts, wanted: int, allowed: Mask | None = None) -> Rows:
    """The places of about `wanted` of the least counts, or more where many are equal, as a sample tells."""
    step = max(len(differing) // _SAMPLE, 1)
    sample = differing[::step] if allowed is None else differing[::step][allowed[::step]]
    last = wanted // step
    near = differing <= (np.partition(sample, last)[last] if last < len(sample) else np.iinfo(differing.dtype).max)
    return np.flatnonzero(near if allowed is None else near & allowed)


def _file(path: Path, part: str) -> Path:
    return path.with_name(f"{path.name}.{part}.npy")

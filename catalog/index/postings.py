"""An inverted file: for each token the rows that hold it, with a number each. Written as a stream, read from disk.

Tokens are numbered as they come; the parts on disk are sorted by token once all rows are in, a bounded piece at a time.
"""

import json
from array import array
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_PIECE = 2_000_000  # triples held in memory: 24 MB

Rows = NDArray[np.int32]
Values = NDArray[np.float32]

_TRIPLE = np.dtype([("token", "<i4"), ("row", "<i4"), ("value", "<f4")])


class PostingsWriter:
    """Collects rows in ascending order and writes them to files that begin with `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._numbers: dict[str, int] = {}
        self._tokens, self._rows, self._values = array("i"), array("i"), array("f")
        self._raw = path.with_suffix(".raw").open("wb")

    def add(self, row: int, held: Mapping[str, float]) -> None:
        """Say that `row` holds some tokens, each with its number."""
        numbers = self._numbers
        self._tokens.extend(numbers.setdefault(token, len(numbers)) for token in held)
        self._rows.extend([row] * len(held))
        self._values.extend(held.values())
        if len(self._rows) >= _PIECE:
            self._flush()

    def finish(self, weighed: Callable[[Rows, Values], Values] | None = None) -> None:
        """Sort what was collected by token; afterwards `Postings` can be opened. `weighed` makes other numbers of them."""
        self._flush()
        self._raw.close()
        raw = self._path.with_suffix(".raw")
        counts = np.zeros(len(self._numbers), dtype=np.int64)
        for piece in _pieces(raw):
            counts += np.bincount(piece["token"], minlength=len(counts))
        starts = np.concatenate(([0], np.cumsum(counts)))
        rows = np.lib.format.open_memmap(_file(self._path, "rows"), "w+", np.int32, (int(starts[-1]),))
        values = np.lib.format.open_memmap(_file(self._path, "values"), "w+", np.float32, (int(starts[-1]),))
        free = starts[:-1].copy()
        for piece in _pieces(raw):
            order = np.argsort(piece["token"], kind="stable")
            tokens = piece["token"][order]
            first = np.searchsorted(tokens, tokens, side="left")
            places = free[tokens] + np.arange(len(tokens)) - first
            held, said = piece["row"][order], piece["value"][order]
            rows[places], values[places] = held, weighed(held, said) if weighed else said
            free += np.bincount(tokens, minlength=len(free))
        rows.flush()
        values.flush()
        np.save(_file(self._path, "starts"), starts)
        self._path.with_suffix(".json").write_text(
            json.dumps(list(self._numbers), ensure_ascii=False), encoding="utf-8"
        )
        raw.unlink()

    def _flush(self) -> None:
        piece = np.empty(len(self._rows), dtype=_TRIPLE)
        piece["token"], piece["row"], piece["value"] = self._tokens, self._rows, self._values
        piece.tofile(self._raw)
        self._tokens, self._rows, self._values = array("i"), array("i"), array("f")


class Postings(Mapping[str, int]):
    """Token → how many rows hold it; `rows` tells which. Mapped from the files that a writer left at `path`."""

    def __init__(self, path: Path) -> None:
        tokens = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        self._numbers = {token: number for number, token in enumerate(tokens)}
        self._starts = np.load(_file(path, "starts"))
        # views, without the bookkeeping of memmap, which costs more than most reads
        self._rows: Rows = np.load(_file(path, "rows"), mmap_mode="r").view(np.ndarray)
        self._values: Values = np.load(_file(path, "values"), mmap_mode="r").view(np.ndarray)

    def __getitem__(self, token: str) -> int:
        number = self._numbers[token]
        return int(self._starts[number + 1] - self._starts[number])

    def rows(self, token: str) -> tuple[Rows, Values]:
        """The rows that hold `token`, ascending, and its number in each."""
        number = self._numbers[token]
        place = slice(int(self._starts[number]), int(self._starts[number + 1]))
        return self._rows[place], self._values[place]

    def __contains__(self, token: object) -> bool:
        return token in self._numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


def _file(path: Path, part: str) -> Path:
    return path.with_name(f"{path.name}.{part}.npy")


def _pieces(raw: Path) -> Iterator[NDArray[np.void]]:
    with raw.open("rb") as file:
        while len(piece := np.fromfile(file, dtype=_TRIPLE, count=_PIECE)):
            yield piece

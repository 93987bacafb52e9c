"""What the model has read before, kept so that a prompt that begins alike need not be read again."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Read:
    """Tokens with their keys and values; `keys` may have room for more positions."""

    tokens: NDArray[np.int32]
    keys: Any
    bytes: int
    pinned: bool


class Prefixes:
    """Keeps at most `limit` bytes of what was read, the least recently used given up first, pinned ones never.

    One thread keeps and asks; any may read `pinned`, the bytes that are never given up.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[int, Read] = OrderedDict()
        self._numbers = count()
        self.pinned = 0

    @property
    def bytes(self) -> int:
        """What is kept takes so much."""
        return sum(one.bytes for one in self._kept.values())

    def keep(self, tokens: Sequence[int], keys: Any, bytes: int, *, pinned: bool = False) -> None:
        """Keep what was read; what it contains as its own beginning is given up for it."""
        read = Read(np.asarray(tokens, dtype=np.int32), keys, bytes, pinned)
        for number, other in list(self._kept.items()):
            if not other.pinned and _shared(other.tokens, read.tokens) == len(other.tokens):
                del self._kept[number]
        self._kept[next(self._numbers)] = read
        self.pinned += bytes if pinned else 0
        self.shrink(self._limit)

    def longest(self, tokens: Sequence[int]) -> tuple[int, Any]:
        """How many of the first of `tokens` were read before, and the keys that hold them (None where none were)."""
        wanted = np.asarray(tokens, dtype=np.int32)
        best, found = 0, None
        for number, read in self._kept.items():
            shared = _shared(read.tokens, wanted)
            if shared > best:
                best, found = shared, number
        if found is None:
            return 0, None
        self._kept.move_to_end(found)
        return best, self._kept[found].keys

    def shrink(self, limit: int) -> None:
        """Give up what was not used for longest until at most `limit` bytes are kept, or only pinned ones."""
        total = self.bytes
        for number, read in list(self._kept.items()):
            if total <= limit:
                return
            if not read.pinned:
                del self._kept[number]
                total -= read.bytes


def _shared(one: NDArray[np.int32], other: NDArray[np.int32]) -> int:
    """How many tokens both begin with."""
    length = min(len(one), len(other))
    differ = np.flatnonzero(one[:length] != other[:length])
    return int(differ[0]) if len(differ) else length

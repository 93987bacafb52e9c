"""How near lines of text are in meaning to a question; their vectors are kept for a while, in memory."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np

from catalog.embed import Embedder
from catalog.vectors import Matrix

_KEPT = 4_096  # lines: some 6 MB


class Nearness:
    """Cosines between a question and lines; `query` gives the unit vector of the question. Safe to share between threads."""

    def __init__(self, embedder: Embedder, query: Callable[[str], Matrix]) -> None:
        self._embedder = embedder
        self._query = query
        self._vectors: OrderedDict[str, Matrix] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, question: str, lines: Sequence[str]) -> list[float]:
        """The cosine of each line with `question`, in the order of the lines."""
        if not lines:
            return []
        with self._lock:
            known = {line: self._vectors[line] for line in lines if line in self._vectors}
        new = [line for line in dict.fromkeys(lines) if line not in known]
        if new:
            known |= dict(zip(new, self._embedder.passages(new), strict=True))
        with self._lock:
            for line in lines:
                self._vectors[line] = known[line]
                self._vectors.move_to_end(line)
            while len(self._vectors) > _KEPT:
                self._vectors.popitem(last=False)
        cosines: list[float] = (np.stack([known[line] for line in lines]) @ self._query(question)).tolist()
        return cosines

"""BM25 over the words of all fields and languages of a listing, titles counting most."""

import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.index.postings import Postings, PostingsWriter
from catalog.product import Product
from catalog.query import document_tokens

Scores = NDArray[np.float32]
Rows = NDArray[np.int64]

_FIELD_WEIGHTS = {"title": 3, "category": 2, "brand": 2, "attributes": 1, "description": 1}
_K1, _B = 1.5, 0.75  # Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond"


class LexicalWriter:
    """Counts the words of listings as they come."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._postings = PostingsWriter(path)
        self._lengths: list[int] = []

    def add(self, row: int, product: Product) -> None:
        counts = Counter(_document(product))
        self._postings.add(row, counts)
        self._lengths.append(counts.total())

    def finish(self) -> None:
        """Write for each word of a row what it adds to the row's score, save how rare it is."""
        lengths = np.asarray(self._lengths, dtype=np.float32)
        mean = float(lengths.mean()) if len(lengths) else 1.0
        norm = (_K1 * (1 - _B + _B * lengths / max(mean, 1.0))).astype(np.float32)
        self._postings.finish(lambda rows, counts: counts / (counts + norm[rows]))
        np.save(self._path.with_suffix(".size.npy"), len(lengths))


class LexicalIndex:
    """BM25 scores of all rows for weighted words, from the files that a writer left at `path`."""

    def __init__(self, path: Path) -> None:
        self._postings = Postings(path)
        self._size = int(np.load(path.with_suffix(".size.npy")))

    @property
    def frequency(self) -> Postings:
        """Every word that a listing holds, with how many do."""
        return self._postings

    def scores(self, terms: Iterable[tuple[str, float]], only: Rows | None = None) -> Scores:
        """The score of every row under (stemmed word, weight) pairs, zeros where no word is shared.

        With `only`, ascending, the scores of these rows, shape (len(only),).
        """
        total = np.zeros(self._size if only is None else len(only), dtype=np.float32)
        wanted = None if only is None else only.astype(np.int32)
        for token, weight in terms:
            if token in self._postings:
                rows, shares = self._postings.rows(token)
                places: NDArray[Any] = rows
                if wanted is not None:
                    places, held = _common(wanted, rows)
                    shares = shares[held]
                total[places] += np.float32(weight * self._idf(token)) * shares
        return total

    def _idf(self, token: str) -> float:
        n = self._postings[token]
        return math.log(1 + (self._size - n + 0.5) / (n + 0.5))

    def rarity(self, token: str) -> float:
        """The inverse document frequency of a stemmed word: 0 in every listing, highest for one that none holds."""
        return math.log((1 + self._size) / (1 + self._postings.get(token, 0)))

    def knows(self, token: str) -> bool:
        """Whether any listing holds this stemmed word."""
        return token in self._postings


def _common(some: NDArray[np.int32], many: NDArray[np.int32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The places in `some` and in `many`, both ascending, of what stands in both: looked up, so that many cost little."""
    if len(some) > len(many):
        places, found = _common(many, some)
        return found, places
    found = np.minimum(np.searchsorted(many, some), len(many) - 1)
    places = np.flatnonzero(many[found] == some)
    return places, found[places]


def _document(product: Product) -> list[str]:
    found: list[str] = []
    for view in (product.localised(locale) for locale in product.locales()):
        for name, weight in _FIELD_WEIGHTS.items():
            value = getattr(view, name)
            text = " ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
            found.extend(document_tokens(text) * weight)
    return found

"""The read side of the catalogue: products by id, and the right products for a text under hard constraints."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from catalog.constraint import Constraint, holds, satisfies
from catalog.index import DenseIndex, LexicalIndex
from catalog.policies import PolicyHit, PolicySearch
from catalog.product import Locale, Policy, Product

_POOL = 200
_MASKS = 512  # remembered constraints: one byte a product each
_FEW = 0.25
_RRF_K = 60  # Cormack, Clarke & Buettcher 2009, "Reciprocal rank fusion outperforms Condorcet"


By = Literal["hybrid", "dense", "lexical"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A product that satisfies every constraint. `score` is fused, 0 to 1; `dense` a cosine; `lexical` a BM25 score."""

    product: Product
    score: float
    dense: float
    lexical: float


class Catalog:
    """One catalogue, loaded and ready to search. Immutable: a new import is a new Catalog."""

    def __init__(
        self,
        products: Sequence[Product],
        dense: DenseIndex,
        lexical: LexicalIndex,
        *,
        version: str = "",
        policies: tuple[Policy, ...] = (),
    ) -> None:
        self._products = tuple(products)
        self._by_id = {p.id: p for p in self._products}
        self._row = {p.id: row for row, p in enumerate(self._products)}
        self._locales = {locale for p in self._products for locale in p.locales()}
        self._dense = dense
        self._lexical = lexical
        self._mask = lru_cache(maxsize=_MASKS)(self._holding)
        self.version = version
        self.policies = policies
        self._rules = PolicySearch(policies, dense)

    def __len__(self) -> int:
        return len(self._products)

    def __iter__(self) -> Iterator[Product]:
        return iter(self._products)

    def get(self, id: str) -> Product | None:
        return self._by_id.get(id)

    def knows(self, token: str) -> bool:
        """Whether any listing holds this stemmed word."""
        return self._lexical.knows(token)

    def rarity(self, token: str) -> float:
        """The inverse document frequency of a stemmed word, 0 and up."""
        return self._lexical.rarity(token)

    def speaks(self, locale: Locale) -> bool:
        """Whether any listing is written in `locale`."""
        return locale in self._locales

    def rules(self, question: str, locale: Locale, limit: int = 2) -> list[PolicyHit]:
        """The sections of the shop's policies in `locale` that are nearest to `question`, best first."""
        return self._rules.nearest(question, locale, limit)

    def categories(self) -> tuple[str, ...]:
        """Category names in the base language, the largest first."""
        counts = Counter(p.category for p in self._products if p.category)
        return tuple(name for name, _ in counts.most_common())

    def matching(self, constraints: Iterable[Constraint]) -> tuple[Product, ...]:
        """All products that satisfy `constraints`, in feed order."""
        return tuple(self._products[row] for row in np.flatnonzero(self._allowed(tuple(constraints))))

    def search(
        self, text: str, constraints: Iterable[Constraint] = (), limit: int = 10, *, by: By = "hybrid"
    ) -> list[Hit]:
        """The best `limit` products for `text` among those that satisfy all of `constraints`, best first.

        Dense and lexical rankings are fused by reciprocal rank. With an empty text, feed order decides.
        """
        constraints = tuple(constraints)
        allowed = self._allowed(constraints) if constraints else None
        if allowed is not None and not allowed.any():
            return []
        if not text.strip():
            rows = np.arange(len(self)) if allowed is None else np.flatnonzero(allowed)
            return [Hit(self._products[row], 0.0, 0.0, 0.0) for row in rows[:limit]]
        return self._fused(text, allowed, limit, by)

    def _allowed(self, constraints: tuple[Constraint, ...]) -> NDArray[np.bool_]:
        """Which rows satisfy all of `constraints`: the quick ones first, and once few rows are left, only these."""
        allowed = np.ones(len(self), dtype=np.bool_)
        for constraint in sorted(constraints, key=_effort):
            rows = np.flatnonzero(allowed)
            if len(rows) < _FEW * len(self):
                allowed[rows] = [holds(self._products[row], constraint) for row in rows]
            else:
                allowed &= self._mask(constraint)
        rows = np.flatnonzero(allowed)
        allowed[rows] = [not self._products[r].variants or satisfies(self._products[r], constraints) for r in rows]
        return allowed

    def _holding(self, constraint: Constraint) -> NDArray[np.bool_]:
        return np.fromiter((holds(p, constraint) for p in self._products), dtype=bool, count=len(self))

    def _fused(self, text: str, allowed: NDArray[np.bool_] | None, limit: int, by: By) -> list[Hit]:
        rows, cosines = self._dense.nearest(text, allowed, max(_POOL, limit))
        lexical = self._lexical.scores(text)
        if allowed is not None:
            lexical = np.where(allowed, lexical, 0.0)
        best = np.argsort(-lexical, kind="stable")[: max(_POOL, limit)]
        fused: dict[int, float] = {}
        rankings = {"dense": rows, "lexical": best[lexical[best] > 0]}
        for ranking in rankings.values() if by == "hybrid" else (rankings[by],):
            for rank, row in enumerate(ranking):
                fused[int(row)] = fused.get(int(row), 0.0) + 1 / (_RRF_K + rank + 1)
        cosine = {int(row): float(value) for row, value in zip(rows, cosines, strict=True)}
        top = sorted(fused, key=lambda row: (-fused[row], row))[:limit]
        scale = (_RRF_K + 1) / 2
        return [Hit(self._products[r], fused[r] * scale, cosine.get(r, 0.0), float(lexical[r])) for r in top]


def _effort(constraint: Constraint) -> int:
    """How much text must be read to test it: none, attributes and perhaps prose, the whole listing."""
    return 2 if constraint.field == "text" else 1 if constraint.attribute else 0

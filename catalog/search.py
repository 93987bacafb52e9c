"""The read side of the catalogue: products by id, and the right products for a text under hard constraints."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from catalog.constraint import Constraint
from catalog.facets import Facets, facets
from catalog.index import CatalogIndex, Snapshot
from catalog.index.ranking import highest
from catalog.index.verdicts import Judge
from catalog.nearness import Nearness
from catalog.policies import PolicyHit, PolicySearch
from catalog.product import Locale, Policy, Product
from catalog.query import Expander
from catalog.rerank import Reranker, reranked
from catalog.shelf import KEPT, Shelf, Told
from catalog.tables import CatalogTables
from catalog.vectors import VectorTable

By = Literal["hybrid", "dense", "lexical"]
Order = Literal["cheapest", "dearest", "best rated"]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

_POOL = 200
_EAGER = 5_000  # listings that are read to tell at once which satisfy; of more, only those that would be shown
_READ = 500  # the same where not all listings are at hand
_FOUND = 0.5  # of the best score: what counts as found for a text where facets are counted
_RERANKED = 50  # the best that a cross-encoder puts in order
# What a point of BM25 counts beside a cosine: of 17 ways to fuse tried on the development halves of ten sets of requests
# the best in the mean (evals/LOG.md). It goes with multilingual-e5, whose cosines lie close together.
_WORD = 0.008
_SPARSE = 0.02  # share of rows below which their words are looked up row by row
_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Hit:
    """A product that satisfies every constraint. `score` is fused, 0 to 1; `dense` a cosine; `lexical` a BM25 score."""

    product: Product
    score: float
    dense: float
    lexical: float


class Catalog:
    """One version of the catalogue, ready to search. Immutable: a new import is a new Catalog."""

    def __init__(
        self,
        snapshot: Snapshot,
        index: CatalogIndex,
        tables: CatalogTables,
        *,
        policies: tuple[Policy, ...] = (),
        reranker: Reranker | None = None,
    ) -> None:
        self._snapshot = snapshot
        self._index = index
        self._reranker = reranker
        self._shelf: Shelf | Told = Shelf(snapshot.products)
        self._judge = Judge(snapshot.columns, snapshot.ids, self._products)
        self._expander = Expander(snapshot.lexical.frequency)
        models = "+".join([index.embedder.name, "bm25", *([reranker.name] if reranker else [])])
        self.version = f"{models}:{len(snapshot)}:{snapshot.version[:12]}"
        self.policies = policies
        self._nearness = Nearness(index.embedder, index.query)
        self._rules = PolicySearch(policies, VectorTable(tables, index.embedder), index.query)

    def told(self, by: Callable[[Product], Product]) -> "Catalog":
        """The same catalogue, its products given out as `by` makes them; search and limits read the listings themselves."""
        other = copy(self)
        other._shelf = Told(self._shelf, by)
        return other

    def ruled(self, policies: tuple[Policy, ...]) -> "Catalog":
        """The same catalogue with other sections of the shop's policies."""
        other = copy(self)
        other.policies, other._rules = policies, self._rules.of(policies)
        return other

    def __len__(self) -> int:
        return len(self._snapshot)

    def __iter__(self) -> Iterator[Product]:
        for start in range(0, len(self), _BLOCK):
            yield from self._shelf.get(range(start, min(start + _BLOCK, len(self))))

    def get(self, id: str) -> Product | None:
        row = self._snapshot.row.get(id)
        return None if row is None else self._shelf.get([row])[0]

    def knows(self, token: str) -> bool:
        """Whether any listing holds this stemmed word."""
        return self._snapshot.lexical.knows(token)

    def rarity(self, token: str) -> float:
        """The inverse document frequency of a stemmed word, 0 and up."""
        return self._snapshot.lexical.rarity(token)

    def speaks(self, locale: Locale) -> bool:
        """Whether any listing is written in `locale`."""
        return locale in self._snapshot.columns.locales

    def rules(self, question: str, locale: Locale, limit: int = 2) -> list[PolicyHit]:
        """The sections of the shop's policies in `locale` that are nearest to `question`, best first."""
        return self._rules.nearest(question, locale, limit)

    def nearness(self, question: str, lines: Sequence[str]) -> list[float]:
        """The cosine of each of `lines` with `question`: what is not in the index is embedded when it is first asked for."""
        return self._nearness.of(question, lines)

    def sample(self, limit: int) -> Iterator[Product]:
        """At most `limit` products, evenly spread over the catalogue's order."""
        rows = np.unique(np.linspace(0, len(self) - 1, min(limit, len(self))).astype(np.int64))
        for start in range(0, len(rows), _BLOCK):
            yield from self._products(rows[start : start + _BLOCK])

    def titled(self, name: str) -> bool:
        """Whether the title of any product holds all words of `name`."""
        return self._snapshot.columns.titled(name)

    def brands(self) -> tuple[str, ...]:
        """Every brand as a listing writes it."""
        return tuple(value for value in self._snapshot.columns.words("brand").values if value)

    def category_names(self) -> dict[str, str]:
        """The path of every category in every language, with its path in the base language."""
        columns = self._snapshot.columns
        bases = [value for value in columns.words("home").values if value]
        names = {base: base for base in bases}
        for labels in columns.labels.values():
            names.update((labels[base], base) for base in bases if base in labels)
        return names

    def categories(self) -> tuple[str, ...]:
        """Category names in the base language, the largest first."""
        return self._categories

    @cached_property
    def _categories(self) -> tuple[str, ...]:
        column = self._snapshot.columns.words("home")
        counts = Counter(dict(enumerate(np.bincount(column.codes, minlength=len(column.values)).tolist())))
        return tuple(column.values[code] for code, _ in counts.most_common() if column.values[code])

    def warm(self) -> None:
        """Read what the first search for a mistyped word would wait for: a second where products are a million."""
        self._expander.warm()

    def corrections(self, text: str) -> dict[str, str]:
        """The mistyped words of `text`, each with the word it was taken for."""
        return self._expander.corrections(text)

    def matching(self, constraints: Iterable[Constraint]) -> tuple[Product, ...]:
        """All products that satisfy `constraints`, in feed order; every one of them is read."""
        constraints = tuple(constraints)
        rows = np.flatnonzero(self._judge.possible(constraints))
        return tuple(self._products(rows[self._settled(constraints, rows)]))

    def count(self, constraints: Iterable[Constraint]) -> int:
        """How many products satisfy `constraints`, or how many at least: see `counted`."""
        return self.counted(constraints)[0]

    def counted(self, constraints: Iterable[Constraint]) -> tuple[int, bool]:
        """How many products satisfy `constraints`, and whether these are all: many listings are not read to be counted."""
        constraints = tuple(constraints)
        allowed, exact = self._allowed(constraints)
        if exact:
            return int(np.count_nonzero(allowed)), True
        rows = np.flatnonzero(allowed)
        unsure = self._judge.unsure(constraints, rows)
        return int((~unsure).sum() + self._judge.settled(constraints, rows[unsure][:_READ]).sum()), False

    def first(self, constraints: Iterable[Constraint], order: Order, limit: int) -> list[Product]:
        """The `limit` products that satisfy `constraints` and come first by price or by how they are liked."""
        constraints, columns = tuple(constraints), self._snapshot.columns
        keys: dict[Order, Any] = {"cheapest": columns.price, "dearest": -columns.price, "best rated": -columns.liking}
        allowed, _ = self._allowed(constraints)
        rows = np.flatnonzero(allowed)
        ranked = rows[np.lexsort((np.asarray([self._snapshot.ids[r] for r in rows]), keys[order][rows]))]
        return self._products(self._best(constraints, ranked, limit))

    def search(
        self, text: str, constraints: Iterable[Constraint] = (), limit: int = 10, *, by: By = "hybrid"
    ) -> list[Hit]:
        """The best `limit` products for `text` among those that satisfy all of `constraints`, best first.

        Dense and lexical scores are added, or one of them is taken alone. With an empty text, feed order decides.
        """
        constraints = tuple(constraints)
        allowed: Mask | None = None
        exact = True
        if constraints:
            allowed, exact = self._allowed(constraints)
            if not allowed.any():
                return []
        if not text.strip():
            rows = np.arange(len(self)) if allowed is None else np.flatnonzero(allowed)
            found = rows[:limit] if exact else self._best(constraints, rows, limit)
            return [Hit(product, 0.0, 0.0, 0.0) for product in self._products(found)]
        return self._ranked(text, constraints, allowed, exact, limit, by)

    def similar(self, id: str, constraints: Iterable[Constraint] = (), limit: int = 10) -> list[Hit]:
        """The products most like one of the catalogue among those that satisfy `constraints`, best first."""
        row = self._snapshot.row.get(id)
        if row is None:
            return []
        constraints = tuple(constraints)
        allowed, exact = self._allowed(constraints)
        allowed[row] = False
        vector = self._snapshot.vectors.of_row(row)[0]
        rows, cosines = self._index.nearest(self._snapshot, vector, allowed, limit if exact else _POOL)
        kept = self._best(constraints, rows, limit) if not exact else rows[:limit]
        near = dict(zip(rows.tolist(), cosines.tolist(), strict=True))
        products = self._products(kept)
        return [Hit(product, near[r], near[r], 0.0) for product, r in zip(products, kept.tolist(), strict=True)]

    def cosines(self, ids: Sequence[str]) -> NDArray[np.float32]:
        """The cosine of every two of these products, by their nearest passages in any languages, shape (n, n)."""
        held = [self._snapshot.vectors.of_row(self._snapshot.row[id]) for id in ids]
        if not held:
            return np.zeros((0, 0), dtype=np.float32)
        starts = np.cumsum([0, *(len(vectors) for vectors in held[:-1])])
        every = np.concatenate(held)
        nearest: NDArray[np.float32] = np.maximum.reduceat(
            np.maximum.reduceat(every @ every.T, starts, axis=0), starts, axis=1
        )
        return nearest

    def facets(self, constraints: Iterable[Constraint] = (), *, text: str = "", locale: Locale = "en") -> Facets:
        """Counts by category, brand, price band and attribute over all that satisfies `constraints`.

        With a text they are over the better half, by score, of those that a search for it looks at.
        """
        constraints = tuple(constraints)
        allowed, exact = self._allowed(constraints)
        rows = np.flatnonzero(allowed)
        if text.strip() and len(rows):
            ranking = self._fused(text, allowed, _POOL, "hybrid")
            rows = np.asarray([row for row, (score, *_) in ranking.items() if score >= _FOUND], dtype=np.int64)
            rows = rows if exact else self._best(constraints, rows, _POOL)
        return facets(self._snapshot.columns, rows, locale)

    def _products(self, rows: Rows) -> list[Product]:
        return self._shelf.get(rows.tolist())

    def _allowed(self, constraints: tuple[Constraint, ...]) -> tuple[Mask, bool]:
        """Which rows satisfy all of `constraints`, and True; or which of them may, and False where many must be read."""
        allowed = self._judge.possible(constraints)
        if self._judge.certain(constraints):
            return allowed, True
        rows = np.flatnonzero(allowed)
        unsure = self._judge.unsure(constraints, rows)
        if int(unsure.sum()) > (_EAGER if len(self) <= KEPT else _READ):
            return allowed, False
        doubtful = rows[unsure]
        allowed[doubtful] = self._judge.settled(constraints, doubtful)
        return allowed, True

    def _settled(self, constraints: tuple[Constraint, ...], rows: Rows) -> Mask:
        return np.concatenate(
            [self._judge.settled(constraints, rows[s : s + _BLOCK]) for s in range(0, len(rows), _BLOCK)]
            or [np.zeros(0, dtype=np.bool_)]
        )

    def _best(self, constraints: tuple[Constraint, ...], ranked: Rows, limit: int) -> Rows:
        """The first `limit` of ranked rows that satisfy, reading no further than needed."""
        found: list[int] = []
        size = max(2 * limit, 32)
        for start in range(0, len(ranked), size):
            block = ranked[start : start + size]
            found += block[self._judge.settled(constraints, block)].tolist()
            if len(found) >= limit:
                break
        return np.asarray(found[:limit], dtype=np.int64)

    def _ranked(
        self, text: str, constraints: tuple[Constraint, ...], allowed: Mask | None, exact: bool, limit: int, by: By
    ) -> list[Hit]:
        pool = max(_POOL, limit)
        possible = len(self) if allowed is None else int(np.count_nonzero(allowed))
        reranker = self._reranker if by == "hybrid" else None
        wanted = max(limit, _RERANKED) if reranker else limit
        while True:
            ranking = self._fused(text, allowed, pool, by)
            rows = np.asarray(list(ranking), dtype=np.int64)
            kept = rows[:wanted] if exact else self._best(constraints, rows, wanted)
            if exact or len(kept) == wanted or pool >= possible:
                break
            pool = min(4 * pool, possible)
        hits = [Hit(product, *ranking[row]) for product, row in zip(self._products(kept), kept.tolist(), strict=True)]
        return reranked(reranker, text, hits)[:limit] if reranker else hits

    def _fused(self, text: str, allowed: Mask | None, pool: int, by: By) -> dict[int, tuple[float, float, float]]:
        """Rows with their score, cosine and BM25 score, best first.

        The two are added as they are, so that a product that shares one chance word is not lifted over what is meant
        (Bruch et al. 2023 on convex combination); scores then go from 0 for the last found to 1 for the first.
        """
        rows = np.zeros(0, dtype=np.int64)
        terms = [(t.token, t.weight) for t in self._expander.expand(text)] if by != "dense" else []
        if terms:
            rows = self._speaking(terms, allowed, pool)
        if by == "lexical":
            rows = np.sort(rows)
            cosines = np.zeros(len(rows), dtype=np.float32)
        else:
            vector = self._index.query(text)
            rows = np.union1d(rows, self._index.nearest(self._snapshot, vector, allowed, pool)[0])
            cosines = self._snapshot.vectors.cosines(rows, vector)
        lexical = self._snapshot.lexical.scores(terms, rows)
        raw = cosines + (_WORD if by == "hybrid" else 1) * lexical
        order = np.lexsort((rows, -raw))
        found = np.stack([_between(raw), cosines, lexical], axis=1)[order].tolist()
        return {
            row: (score, cosine, word) for row, (score, cosine, word) in zip(rows[order].tolist(), found, strict=True)
        }

    def _speaking(self, terms: list[tuple[str, float]], allowed: Mask | None, pool: int) -> Rows:
        """The `pool` allowed rows with the highest score by words."""
        if allowed is not None and np.count_nonzero(allowed) < _SPARSE * len(allowed):
            rows = np.flatnonzero(allowed)
            return rows[highest(self._snapshot.lexical.scores(terms, rows), pool, 0)]
        return highest(self._snapshot.lexical.scores(terms), pool, 0, allowed)


def _between(values: NDArray[Any]) -> NDArray[Any]:
    """From 0 for the least to 1 for the most."""
    if not len(values) or values.max() == values.min():
        return np.ones(len(values))
    found: NDArray[Any] = (values - values.min()) / (values.max() - values.min())
    return found

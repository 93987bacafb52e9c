"""A need → the products that satisfy all of it; where none does, the nearest miss and which wish it fails."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from assistant.reading.change import order_wanted
from assistant.reading.vocabulary import table
from assistant.types import Candidate, Need
from catalog import Catalog, Constraint, Hit, Order, Product, has_cjk, holds, stem, tokens, words

IN_STOCK = Constraint("in_stock", "eq", True, "inferred")
_POOL = 40
_OPEN_POOL = 200  # where no kind is asked for, what is near in meaning is told from the rest by its neighbours
_SAYS_IT = 0.2
_KINDRED = 1.5
_NEIGHBOURS = 3
_BM25_MOST = 1.6  # a word's weight in BM25 over its rarity, at most about k1 + 1 less what length takes
_CLOSE = 8  # hits of a wish without a known kind that are still the thing asked for
# Cosines of multilingual-e5 between a query and its nearest listing, from 60 probes over three catalogues: things that
# were carried under another name reached these, things that were not carried stayed below.
_NEAR = {"en": 0.84, "zh": 0.875}
_FEW = 2  # telling words of a wish that may be nothing but the name of a thing
_NOT_THINGS = frozenset(
    "gift present idea birthday christma thing item product stuff 送 送给 送礼 礼物 礼品 生日 商品 东西 产品".split()
)
_GIFT = re.compile(r"\b(?:gifts?|presents?)\b|礼物|礼品|送给?", re.IGNORECASE)
_FETCH = re.compile(
    r"[买挑选找来送给要换看][一]?[个件点些份双条只套款样]?"
)  # a verb with its measure word names no thing
_NEGATIVE = ("ne", "not_in", "not_contains")


@dataclass(frozen=True, slots=True)
class NearMiss:
    """The product that fails only `failed`. `gap_minor` is by how much, where that is a price.

    Where it is only sold out, `in_stock` is the nearest miss that is not.
    """

    product: Product
    failed: Constraint
    gap_minor: int | None = None
    in_stock: "NearMiss | None" = None


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found: `candidates` best first, how many products match in all, and what to say where there are none.

    `nearest` is the highest cosine between the wish and a listing.
    """

    candidates: tuple[Candidate, ...]
    matching: int
    all_counted: bool = True
    near_miss: NearMiss | None = None
    not_carried: str | None = None
    nearest: float = 0.0


def retrieve(need: Need, catalog: Catalog, *, exclude: frozenset[str] = frozenset()) -> Retrieval:
    """Search under the need's constraints. Sold-out products are never candidates."""
    absent = _kind_not_carried(need, catalog)
    if absent:
        need = replace(need, constraints=tuple(c for c in need.constraints if c is not absent))
    constraints = search_constraints(need)
    hits = _hits(need, catalog, constraints, _POOL + len(exclude))
    limited = bool(need.constraints or need.category)
    matching, all_counted = catalog.counted(constraints) if limited else (len(hits), True)
    unknown = _word(absent) if absent else _not_carried(need, catalog, hits)
    candidates = tuple(Candidate(h.product, h.score) for h in hits if h.product.id not in exclude)[:_POOL]
    near_miss = None if hits or unknown else _nearest_miss(need, catalog)
    nearest = max((hit.dense for hit in hits), default=0.0)
    return Retrieval(candidates, 0 if absent else matching, all_counted, near_miss, unknown, nearest)


def _kind_not_carried(need: Need, catalog: Catalog) -> Constraint | None:
    """The kind of product asked for, where no product at all is of it, sold out or not."""
    kind = next((c for c in need.constraints if c.field == "type" and c.op in ("contains", "eq")), None)
    return kind if kind and (kind.op == "eq" or not catalog.count((kind,))) else None


def _word(kind: Constraint) -> str:
    return kind.value[0] if isinstance(kind.value, tuple) else str(kind.value)


def _hits(need: Need, catalog: Catalog, constraints: tuple[Constraint, ...], limit: int) -> list[Hit]:
    """The search; under a superlative, and where the wish names no thing ("a gift for my dad"), code's own order."""
    order = _order(need)
    if order is None and telling(need.query):
        if need.category or asks_kind(need):
            return catalog.search(need.query, constraints, limit)
        return _by_theme(need.query, catalog.search(need.query, constraints, _OPEN_POOL), catalog)[:limit]
    first = catalog.first(constraints, order or "best rated", limit)
    return [Hit(p, 1 - place / (limit + 1), 0.0, 0.0) for place, p in enumerate(first)]


def _by_theme(query: str, hits: list[Hit], catalog: Catalog) -> list[Hit]:
    """Hits of a wish that names no kind of product, scored 0 to 1 by meaning, words and how near their category is.

    A lone word in a long description ("cooking" of a headlamp) must not outweigh a whole category that is near in
    meaning: relevant documents lie together (van Rijsbergen's cluster hypothesis). Words count as a part of the most
    that BM25 could give, meaning between the least and the most found (Bruch et al. 2023, convex combination).
    """
    if not hits:
        return []
    near = _between([hit.dense for hit in hits])
    homes: dict[str, list[float]] = {}
    for hit, cosine in zip(hits, near, strict=True):
        homes.setdefault(hit.product.category, []).append(cosine)
    nearest = {home: sorted(found)[-_NEIGHBOURS:] for home, found in homes.items()}
    most = _BM25_MOST * sum(catalog.rarity(t) for t in telling(query))
    whole = 1 + _SAYS_IT + _KINDRED
    scored = [
        replace(
            hit,
            score=(
                cosine
                + _SAYS_IT * (min(hit.lexical / most, 1.0) if most else 0.0)
                + _KINDRED * sum(nearest[hit.product.category]) / len(nearest[hit.product.category])
            )
            / whole,
        )
        for hit, cosine in zip(hits, near, strict=True)
    ]
    return sorted(scored, key=lambda hit: -hit.score)


def _between(cosines: list[float]) -> list[float]:
    """Cosines from 0 for the least to 1 for the most found; one of 0 was found by its words alone."""
    found = [cosine for cosine in cosines if cosine > 0]
    if not found or max(found) == min(found):
        return [1.0 if cosine > 0 else 0.0 for cosine in cosines]
    low, high = min(found), max(found)
    return [max(cosine - low, 0.0) / (high - low) for cosine in cosines]


def order_of(need: Need) -> Callable[[Product], float] | None:
    """How products are to be ordered where a superlative of a known kind is asked for; the least comes first."""
    orders: dict[Order, Callable[[Product], float]] = {
        "cheapest": lambda p: p.price_minor,
        "dearest": lambda p: -p.price_minor,
        "best rated": lambda p: -p.liking,
    }
    wanted = _order(need)
    return orders[wanted] if wanted else None


def _order(need: Need) -> Order | None:
    return order_wanted(need.query) if need.category or asks_kind(need) else None


def asks_kind(need: Need) -> bool:
    """Whether the need names the kind of product that is wanted."""
    return any(c.field == "type" and c.op == "contains" for c in need.constraints)


def telling(query: str) -> list[str]:
    """The words of a wish that name a thing or a quality: not the occasion, nor whom it is for."""
    people = {stem(word) for row in table("people").values() for word in (*row["named"], *row["meant"])}
    found = (t for t in tokens(query) if t not in _NOT_THINGS | people and not t.isdigit() and "礼物" not in t)
    return [t for t in found if not _FETCH.fullmatch(t)]


def search_constraints(need: Need) -> tuple[Constraint, ...]:
    """All that a product must satisfy to be shown for a need: its wishes, its category, and that it is in stock."""
    return (*need.constraints, *_category(need), IN_STOCK)


def _category(need: Need) -> Iterable[Constraint]:
    return (Constraint("category", "eq", need.category),) if need.category else ()


def _nearest_miss(need: Need, catalog: Catalog) -> NearMiss | None:
    """What would fit but is sold out, before all else; and the nearest that is in stock and fails one wish."""
    constraints = (*need.constraints, *_category(need))
    nearest = _failing_one_wish(need, constraints, catalog)
    sold_out = catalog.search(need.query, constraints, limit=1)
    return NearMiss(sold_out[0].product, IN_STOCK, in_stock=nearest) if sold_out else nearest


def _failing_one_wish(need: Need, constraints: tuple[Constraint, ...], catalog: Catalog) -> NearMiss | None:
    """Drop one wish at a time and take the product that misses by least: a price before anything else.

    A refusal is never dropped, nor is the kind of product unless it is all that was asked for.
    """
    misses: list[tuple[float, NearMiss]] = []
    for failed in constraints:
        if failed.op in _NEGATIVE or (failed.field == "type" and len(constraints) > 1):
            continue
        others = (*(c for c in constraints if c is not failed), IN_STOCK)
        hits = catalog.search(need.query, others, limit=_POOL if need.category or asks_kind(need) else _CLOSE)
        if failed.field == "price" and isinstance(failed.value, int):
            limit = failed.value
            # What meets the price misses it only in the variant asked for; the other wish names that better.
            missing = [h.product for h in hits if not holds(h.product, failed)]
            if not missing:
                continue
            best = min(missing, key=lambda p: abs(p.price_minor - limit))
            gap = abs(best.price_minor - limit)
            misses.append((gap / max(limit, 1), NearMiss(best, failed, gap)))
        elif hits:
            misses.append((1.0, NearMiss(hits[0].product, failed)))
    return min(misses, key=lambda miss: miss[0])[1] if misses else None


def _not_carried(need: Need, catalog: Catalog, hits: list[Hit]) -> str | None:
    """The thing asked for, when no listing knows any word of it and nothing in the catalogue is near it in meaning."""
    chinese = has_cjk(need.query)
    if need.category or asks_kind(need) or _GIFT.search(need.query) or not catalog.speaks("zh" if chinese else "en"):
        return None
    told = telling(need.query)
    nearest = max((hit.dense for hit in hits), default=0.0)
    if not 0 < len(told) <= _FEW or any(catalog.knows(t) for t in told) or nearest >= _NEAR["zh" if chinese else "en"]:
        return None
    found = [word for word in words(need.query) if stem(word) in told]
    return max(found, key=len) if chinese else " ".join(found)

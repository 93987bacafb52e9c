"""Candidates → the slate: what fits best, not four times the same, each with its reasons and an honest drawback."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.evidence import attributes, description, field, fields, reviews
from assistant.explore import Drawn
from assistant.phrases import describe, joined, money
from assistant.rankers import STANDARD, Weights
from assistant.retrieve import Retrieval, asks_kind, order_of
from assistant.types import Candidate, Evidence, Need, Reason, Slate, SlateItem
from assistant.variety import Likeness, diversified
from catalog import Constraint, Locale, Product, asserts, canonical, has_cjk, holds, sentences, stem, tokens, words

VERSION = "added-coverage-theme-mmr-4"

_IN_PROSE = 0.5  # of what a word counts for in the listing's head
_TWIN = 0.75
_POOL = 3  # times as many as are shown are drawn from
_MAX_REASONS = 3
_LIKED = 0.01


Draw = Callable[[Sequence[float], int], Sequence[Drawn]]
"""From scores, best first, to the places of so many of them in the order they are shown."""


@dataclass(frozen=True, slots=True)
class Variety:
    """How unlike each other the products shown are to be, 0 to 1, and how alike any are."""

    degree: float
    likeness: Callable[[Sequence[Product]], Likeness]


def rank(
    retrieval: Retrieval,
    need: Need,
    locale: Locale,
    size: int,
    variety: Variety | None = None,
    likes: Sequence[Constraint] = (),
    weights: Weights = STANDARD,
    draw: Draw | None = None,
) -> Slate:
    """The best `size` candidates in the shopper's language, with reasons whose evidence travels with the slate.

    With `variety` they are also unlike each other, unless the shopper asked for an order. `likes` are what the shopper
    is known to like: they decide only between products that are as good as equal. With `draw` chance decides between
    products that are nearly as good, and each item tells how probable its place was; an order asked for is kept.
    """
    scored, by_order = ordered(retrieval, need, likes, weights), order_of(need) is not None
    if variety and variety.degree and scored and not by_order:
        scored = _varied(scored, need, size, variety, weights)
    evidence: dict[str, Evidence] = {}
    if draw and not by_order:
        pool = _without_twins(scored, _POOL * size)
        drawn = draw([_score(candidate, need, weights) for candidate in pool], size)
        items = tuple(
            replace(_item(pool[one.place], need, locale, evidence), propensity=one.propensity) for one in drawn
        )
    else:
        items = tuple(_item(candidate, need, locale, evidence) for candidate in _without_twins(scored, size))
    return Slate(items, retrieval.matching, tuple(evidence.values()), retrieval.all_counted)


def _varied(scored: list[Candidate], need: Need, size: int, variety: Variety, weights: Weights) -> list[Candidate]:
    """Candidates with those first that are chosen by relevance and variety, then the others as they were."""
    by_id = {candidate.product.id: candidate for candidate in scored}
    alike = variety.likeness([candidate.product for candidate in scored])
    scores = [_score(candidate, need, weights) for candidate in scored]
    chosen = diversified(list(by_id), scores, size, variety.degree, alike)
    return [by_id[id] for id in dict.fromkeys((*chosen, *by_id))]


def ordered(
    retrieval: Retrieval, need: Need, likes: Sequence[Constraint] = (), weights: Weights = STANDARD
) -> list[Candidate]:
    """All candidates, the best first; under a superlative in its own order."""
    order = order_of(need)

    def place(candidate: Candidate) -> float:
        if order:
            return order(candidate.product)
        return -_score(candidate, need, weights) - _LIKED * any(holds(candidate.product, like) for like in likes)

    return sorted(retrieval.candidates, key=place)


def shelf(products: Sequence[Product], locale: Locale, need: Need | None = None) -> Slate:
    """A slate of given products for answers about them, with what speaks for each under `need`."""
    evidence: dict[str, Evidence] = {}
    items = tuple(_item(Candidate(product, 0.0), need or Need(), locale, evidence) for product in products)
    return Slate(items, len(items), tuple(evidence.values()))


def _score(candidate: Candidate, need: Need, weights: Weights) -> float:
    """Retrieval score, plus a little for its rating; among products of the kind asked for, also how much of the wish
    the listing's head says.
    """
    rating = (candidate.product.rating or 3.5) / 5
    if not (need.category or asks_kind(need)):
        return candidate.score + weights.rating_open * rating
    wish = set(tokens(need.query))
    head, prose = _spoken(candidate.product, wish)
    covered = (len(head) + _IN_PROSE * len(prose)) / len(wish) if wish else 0.0
    return candidate.score + weights.coverage * covered + weights.rating * rating


def said_of(product: Product, need: Need) -> frozenset[str]:
    """The stemmed words of the wish that a listing says, in whichever language."""
    return frozenset().union(*_spoken(product, set(tokens(need.query))))


def spoken_as(stems: Collection[str], need: Need) -> str:
    """Words of the wish as the shopper said them, in order."""
    found = dict.fromkeys(word for word in words(need.query) if stem(word) in stems)
    return ("、" if any(has_cjk(word) for word in found) else ", ").join(found)


def _spoken(product: Product, wish: set[str]) -> tuple[set[str], set[str]]:
    """The words of a wish that the head of a listing says, and those that only its description does."""
    views = [product.localised(locale) for locale in product.locales()]
    head = wish & {t for view in views for t in _head(view)}
    rest = wish - head
    return head, (rest & {t for view in views for t in tokens(view.description)} if rest else set())


def _head(product: Product) -> list[str]:
    first = sentences(product.description)[:1]
    return tokens(" ".join((product.title, product.category, product.brand, *product.attributes.values(), *first)))


def _without_twins(scored: list[Candidate], size: int) -> list[Candidate]:
    """Best first, leaving out what is nearly the same title as one chosen, unless the shelf would stay empty."""
    chosen: list[Candidate] = []
    for candidate in scored:
        if not any(_alike(candidate.product, other.product) for other in chosen):
            chosen.append(candidate)
        if len(chosen) == size:
            break
    rest = (c for c in scored if c not in chosen)
    return chosen + [c for c, _ in zip(rest, range(size - len(chosen)), strict=False)]


def _alike(a: Product, b: Product) -> bool:
    one, other = set(tokens(a.title)), set(tokens(b.title))
    return bool(one and other) and len(one & other) / len(one | other) >= _TWIN


def _item(candidate: Candidate, need: Need, locale: Locale, evidence: dict[str, Evidence]) -> SlateItem:
    product = candidate.product.localised(locale)
    reasons: list[Reason] = []
    names = {
        name: tuple(t.terms.get(name, name) for t in candidate.product.translations)
        for name in candidate.product.attributes
    }
    for text, line in _reasons(product, need, locale, names):
        if len(reasons) < _MAX_REASONS and all(line.id not in reason.evidence for reason in reasons):
            evidence.setdefault(line.id, line)
            reasons.append(Reason(text, (line.id,)))
    drawback = _drawback(product)
    if drawback:
        evidence.setdefault(drawback.id, drawback)
    against = Reason(drawback.quote, (drawback.id,)) if drawback else None
    return SlateItem(product, candidate.score, tuple(reasons), against, category=candidate.product.category)


def _reasons(
    product: Product, need: Need, locale: Locale, names: Mapping[str, tuple[str, ...]]
) -> list[tuple[str, Evidence]]:
    """What speaks for a product, best first; `names` are the translations of its attributes' names."""
    found: list[tuple[str, Evidence]] = []
    limits: list[str] = []
    by_field = {line.field: line for line in fields(product)}
    for constraint in need.constraints:
        if constraint.field == "price":
            limits.append(describe(constraint, product.currency, locale))
        elif constraint.op == "contains" and constraint.field != "type":
            found.extend((line.quote, line) for line in _mentioning(product, constraint)[:1])
        elif constraint.op in ("lt", "le", "gt", "ge") and constraint.attribute:
            fields_named = {
                f"attributes.{name}" for name in (constraint.attribute, *names.get(constraint.attribute, ()))
            }
            found.extend((line.quote, line) for line in attributes(product) if line.field in fields_named)
            told = {one.sentence for one in product.extracted if one.name == canonical(constraint.attribute)}
            found.extend((line.quote, line) for line in description(product) if line.quote in told)
    found.extend((line.quote, line) for line in _telling(product, need))
    if limits:
        price = money(product.price_minor, product.currency, locale)
        found.append((f"{price} – {joined(limits, locale)}", by_field["price"]))
    if "rating" in by_field and (product.rating or 0) >= 4:
        found.append((by_field["rating"].quote, by_field["rating"]))
    return found or [(by_field["price"].quote, by_field["price"])]


def _mentioning(product: Product, constraint: Constraint) -> list[Evidence]:
    forms = constraint.value if isinstance(constraint.value, tuple) else (str(constraint.value),)
    return [
        line
        for line in (*attributes(product), *description(product))
        if any(asserts(line.quote, form) for form in forms)
    ]


def _telling(product: Product, need: Need) -> list[Evidence]:
    """The line of the description that says most of the wish; where none does, its first one, which says what it is."""
    said = description(product)
    wish = set(tokens(need.query))
    best = sorted(said, key=lambda line: -len(wish & set(tokens(line.quote))))
    return [*best[:1]]


def _drawback(product: Product) -> Evidence | None:
    """The least happy review, if it is unhappy, else that few are left."""
    rated = sorted(zip(product.reviews, reviews(product), strict=True), key=lambda pair: pair[0].rating)
    if rated and rated[0][0].rating <= 3 and has_cjk(rated[0][1].quote) == (product.locale == "zh"):
        return rated[0][1]
    if product.quantity is not None and 0 < product.quantity <= 3:
        return field(product, "in_stock")
    return None

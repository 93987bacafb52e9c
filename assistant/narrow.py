"""Wishes that would narrow a search with many matches, as quick replies made from facets.

Each is read back as the shopper's next message before it is offered: what the reading would take for anything but the
one added wish, or what would leave too little or nearly all, is left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.phrases import money, say
from assistant.reading.vocabulary import Vocabulary
from assistant.retrieve import search_constraints
from assistant.types import Need, Utterance
from assistant.understand import Context, understand
from catalog import Catalog, Constraint, Facets, Locale

_LEAST, _MOST = 0.15, 0.6  # of what matches
_TRIED = 3  # values of one facet, those that split best
_OWN = frozenset({"attributes.size"})  # which one is a matter of the shopper's own, and no way to narrow
_WORDED = {"Color": "n_colour", "Material": "n_material"}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What to say for one more wish, the wish, and how many products would be left."""

    words: str
    constraint: Constraint
    count: int


@dataclass(frozen=True, slots=True)
class _Offer:
    """A wording not read back yet. `field` is what it should constrain; `share` of the matches say so."""

    words: str
    field: str
    share: float


def narrowings(
    context: Context, catalog: Catalog, vocabulary: Vocabulary, locale: Locale, limit: int = 2
) -> tuple[Narrowing, ...]:
    """Up to `limit` wishes about different fields that split what satisfies the need of `context`, the best first."""
    need = context.need
    if not need.constraints and not need.category:
        return ()
    facets = catalog.facets(search_constraints(need), locale=locale)
    found: dict[str, Narrowing] = {}
    for offer in _best_first(_offers(facets, need, vocabulary.currency, locale)):
        if len(found) == limit:
            break
        if offer.field not in found:
            narrowing = _read_back(offer, context, catalog, vocabulary, facets.total)
            found |= {offer.field: narrowing} if narrowing else {}
    return tuple(found.values())


def _offers(facets: Facets, need: Need, currency: str, locale: Locale) -> Iterator[_Offer]:
    """Every wording for a field that the need says nothing of yet."""
    constrained = {c.field.casefold() for c in need.constraints}
    total = max(facets.total, 1)
    if not need.category and "category" not in constrained:
        for one in facets.categories:
            yield _Offer(say("n_category", locale, value=one.label), "category", one.count / total)
    if "brand" not in constrained:
        for one in facets.brands:
            yield _Offer(say("n_brand", locale, value=one.label), "brand", one.count / total)
    if "price" not in constrained:
        below = 0
        for band in facets.prices[:-1]:
            below += band.count
            yield _Offer(say("n_price", locale, value=money(band.high, currency, locale)), "price", below / total)
    for facet in facets.attributes:
        field = f"attributes.{facet.name}"
        if field.casefold() not in constrained | _OWN:
            for one in facet.counts:
                value = one.label.lower() if locale == "en" and one.label.istitle() else one.label
                worded = say(_WORDED.get(facet.name, "n_other"), locale, name=facet.label, value=value)
                yield _Offer(worded, field, one.count / total)


def _best_first(offers: Iterable[_Offer]) -> list[_Offer]:
    """Those that leave neither too little nor nearly all: of each field the few nearest to a half, then all by that."""
    by_field: dict[str, list[_Offer]] = {}
    for offer in sorted(offers, key=lambda one: abs(one.share - 0.5)):
        tried = by_field.setdefault(offer.field, [])
        if _LEAST <= offer.share <= _MOST and len(tried) < _TRIED:
            tried.append(offer)
    return sorted((one for tried in by_field.values() for one in tried), key=lambda one: abs(one.share - 0.5))


def _read_back(
    offer: _Offer, context: Context, catalog: Catalog, vocabulary: Vocabulary, total: int
) -> Narrowing | None:
    """The offer as the assistant would understand it, where that is the same need and one wish more."""
    before = context.need
    heard = understand(Utterance(offer.words), context, vocabulary)
    after = heard.need
    if after.category != before.category and before.category is None:
        added = [Constraint("category", "eq", after.category or "")]
        kept = after.constraints == before.constraints
    else:
        added = [c for c in after.constraints if c not in before.constraints]
        kept = len(after.constraints) == len(before.constraints) + 1 and after.category == before.category
    if heard.intent != "search" or heard.exclude or not kept or [c.field for c in added] != [offer.field]:
        return None
    count = catalog.count(search_constraints(after))
    return Narrowing(offer.words, added[0], count) if _LEAST <= count / max(total, 1) <= _MOST else None

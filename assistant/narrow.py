"""Wishes that would narrow a search with many matches, made from facets: as quick replies, or as answers to a question.

Each is read back as the shopper's next message before it is offered: what the reading would take for anything but the
one added wish, or what would leave too little or nearly all, is left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.context import Context
from assistant.phrases import money, say
from assistant.reading.vocabulary import Vocabulary
from assistant.retrieve import asks_kind, search_constraints, telling
from assistant.types import Need, Option, Question, Utterance
from assistant.understand import understand
from catalog import Catalog, Constraint, Facets, Locale, Product, holds

_LEAST, _MOST = 0.15, 0.6  # of what matches
_RARE, _COMMON = 0.05, 0.9  # the same for the answers to a question
_ASKED, _OPTIONS, _TWO = 5, 3, 2  # values that are tried as answers, those that are offered, and how few will not do
_TRIED = 3  # values of one facet, those that split best
_OWN = frozenset({"attributes.size"})  # which one is a matter of the shopper's own, and no way to narrow
_OPEN = frozenset({"category", "price"})  # what is asked where no kind of product is: "a gift" has no colour yet
_ASKING = {"Color": "ask_colour", "Material": "ask_material"}
_WORDED = {"Color": "n_colour", "Material": "n_material"}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What to say for one more wish, the wish, and how many products would be left."""

    words: str
    constraint: Constraint
    count: int


@dataclass(frozen=True, slots=True)
class _Offer:
    """A wording not read back yet. `field` is what it should constrain; `share` of the matches say so, which is `label`."""

    words: str
    field: str
    share: float
    label: str


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


def question(
    context: Context, shown: Sequence[Product], catalog: Catalog, vocabulary: Vocabulary, locale: Locale
) -> Question | None:
    """The one question whose answers split best what satisfies the need of `context`, its likeliest answers as options.

    Never about what the need says or what was asked before, and only where the answers would change what is `shown`.
    """
    need = context.need
    if not need.constraints and not need.category:
        return None
    of_a_kind = bool(need.category) or asks_kind(need)
    theme = need.query if not of_a_kind and telling(need.query) else ""
    facets = catalog.facets(search_constraints(need), text=theme, locale=locale)
    by_field: dict[str, list[_Offer]] = {}
    for offer in _offers(facets, need, vocabulary.currency, locale):
        if offer.field not in context.trail.asked and (offer.field in _OPEN or of_a_kind):
            by_field.setdefault(offer.field, []).append(offer)
    for field in sorted(by_field, key=lambda field: -_splitting(by_field[field])):
        offers = sorted(by_field[field], key=lambda one: -one.share)
        if field == "price":
            offers = sorted(_best_first(offers), key=lambda one: one.share)
        found = _answers(offers, context, shown, catalog, vocabulary, facets.total)
        if len(found) >= _TWO:
            name = next((one.label for one in facets.attributes if field == f"attributes.{one.name}"), "")
            options = (*(found[:_OPTIONS]), Option(say("q_indifferent", locale), ""))
            return Question(_asking(field, name, locale), field, options)
    return None


def _splitting(offers: Sequence[_Offer]) -> float:
    """How much of the matches an answer rules out on average: one less the sum of the squared shares (Gini 1912).

    Bands of price lie within each other; only the best of them counts, as if it split in two.
    """
    if offers[0].field == "price":
        return max(2 * one.share * (1 - one.share) for one in offers)
    stated = sum(one.share for one in offers)
    return (
        stated - sum(one.share**2 for one in offers)
        if stated <= 1
        else 1 - sum((o.share / stated) ** 2 for o in offers)
    )


def _answers(
    offers: Sequence[_Offer], context: Context, shown: Sequence[Product], catalog: Catalog, vocabulary: Vocabulary,
    total: int,
) -> list[Option]:  # fmt: skip
    """Offers that are understood as their one wish, leave some of the matches, and would change what is shown."""
    found: list[Option] = []
    for offer in offers[:_ASKED]:
        narrowing = _read_back(offer, context, catalog, vocabulary, total, least=_RARE, most=_COMMON)
        if narrowing and not all(holds(product, narrowing.constraint) for product in shown):
            found.append(Option(offer.label, offer.words))
    return found


def _asking(field: str, name: str, locale: Locale) -> str:
    phrase = {"category": "ask_category", "brand": "ask_brand", "price": "ask_price"}.get(field)
    phrase = phrase or _ASKING.get(field.partition(".")[2], "ask_other")
    return say(phrase, locale, name=name.lower() if locale == "en" else name)


def _offers(facets: Facets, need: Need, currency: str, locale: Locale) -> Iterator[_Offer]:
    """Every wording for a field that the need says nothing of yet."""
    constrained = {c.field.casefold() for c in need.constraints}
    total = max(facets.total, 1)
    if not need.category and "category" not in constrained:
        for one in facets.categories:
            yield _Offer(say("n_category", locale, value=one.label), "category", one.count / total, one.label)
    if "brand" not in constrained:
        for one in facets.brands:
            yield _Offer(say("n_brand", locale, value=one.label), "brand", one.count / total, one.label)
    if "price" not in constrained:
        below = 0
        for band in facets.prices[:-1]:
            below += band.count
            worded = say("n_price", locale, value=money(band.high, currency, locale))
            yield _Offer(worded, "price", below / total, worded)
    for facet in facets.attributes:
        field = f"attributes.{facet.name}"
        if field.casefold() not in constrained | _OWN:
            for one in facet.counts:
                value = one.label.lower() if locale == "en" and one.label.istitle() else one.label
                worded = say(_WORDED.get(facet.name, "n_other"), locale, name=facet.label, value=value)
                yield _Offer(worded, field, one.count / total, value)


def _best_first(offers: Iterable[_Offer]) -> list[_Offer]:
    """Those that leave neither too little nor nearly all: of each field the few nearest to a half, then all by that."""
    by_field: dict[str, list[_Offer]] = {}
    for offer in sorted(offers, key=lambda one: abs(one.share - 0.5)):
        tried = by_field.setdefault(offer.field, [])
        if _LEAST <= offer.share <= _MOST and len(tried) < _TRIED:
            tried.append(offer)
    return sorted((one for tried in by_field.values() for one in tried), key=lambda one: abs(one.share - 0.5))


def _read_back(
    offer: _Offer, context: Context, catalog: Catalog, vocabulary: Vocabulary, total: int,
    *, least: float = _LEAST, most: float = _MOST,
) -> Narrowing | None:  # fmt: skip
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
    return Narrowing(offer.words, added[0], count) if least <= count / max(total, 1) <= most else None

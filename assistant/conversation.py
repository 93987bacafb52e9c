"""What a conversation holds so far, read from its turns, and how one may begin."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.context import Context
from assistant.phrases import money, say
from assistant.reading.heard import hear
from assistant.reading.reference import resolve
from assistant.record import INTERRUPTED
from assistant.retrieve import IN_STOCK
from assistant.trail import trail_of
from assistant.types import Need, Turn
from catalog import Catalog, Constraint, Locale, Product, minor_units, words

_TITLE_WORDS = 2  # that a title must have to be taken for a name
_NAMED = 12  # listings that are looked at for those that are named
_SEVERAL = 3


def context_of(history: Sequence[Turn]) -> Context:
    """The need of the last turn, the last shelf that held anything, the product of it last spoken of, earlier needs.

    Of a turn that was interrupted before it was understood nothing but the words is known: it changes no need.
    """
    history = [turn for turn in history if turn.failure != INTERRUPTED or turn.need != Need()]
    if not history:
        return Context()
    shown: tuple[Product, ...] = ()
    focus = None
    for turn in history:
        if turn.slate.items:
            shown, focus = tuple(item.product for item in turn.slate.items), None
        else:
            pointed = resolve(hear(turn.message).message, shown, focus).ids
            told = next((line.product_id for line in turn.evidence if line.product_id), focus)
            focus = pointed[0] if len(pointed) == 1 else told
    last = history[-1]
    return Context(last.need, shown, focus, last.locale, tuple(history), trail_of(history))


def with_named(context: Context, message: str, catalog: Catalog) -> Context:
    """`context` with, beside what is in view, the products that a message names by their whole titles."""
    if len(words(message)) < _TITLE_WORDS:
        return context
    folded, found = message.casefold(), {product.id: product for product in context.shown}
    for hit in catalog.search(message, (), _NAMED, by="lexical"):
        for locale in hit.product.locales():
            named = hit.product.localised(locale)
            is_name = len(words(named.title)) >= _TITLE_WORDS and named.title.casefold() in folded
            if is_name:
                found.setdefault(named.id, named)
    return replace(context, shown=tuple(found.values()))


@lru_cache(maxsize=2)
def openers(catalog: Catalog, locale: Locale, currency: str) -> tuple[str, ...]:
    """Four requests made from the catalogue's own largest categories and prices."""
    categories = catalog.categories()[:3]
    if not categories:
        return ()
    homes = [Constraint("category", "eq", category) for category in categories]
    names = [_name(catalog, home, locale) for home in homes]
    everything = _middle_price(catalog, ())
    under = _round_price(_middle_price(catalog, (homes[0], IN_STOCK)) or everything, currency, locale)
    found = [
        say("opener_under", locale, category=names[0], price=under),
        say("opener_gift", locale, price=_round_price(everything, currency, locale)),
    ]
    if len(categories) > 1:
        liked = catalog.count((homes[1], Constraint("rating", "ge", 4)))
        found.append(say("opener_best" if liked >= _SEVERAL else "opener_kind", locale, category=names[1]))
    if len(categories) > 2:
        found.append(say("opener_kind", locale, category=names[2]))
    return tuple(found)


def _name(catalog: Catalog, home: Constraint, locale: Locale) -> str:
    product = catalog.search("", (home,), 1)[0].product
    name = product.localised(locale).category.split(" > ")[-1]
    return name if locale == "zh" else name[:1].upper() + name[1:]


def _middle_price(catalog: Catalog, constraints: tuple[Constraint, ...]) -> int:
    """About the median price, in minor units: the end of the price band that the middle product is in; 0 for none."""
    facets = catalog.facets(constraints)
    seen = 0
    for band in facets.prices:
        seen += band.count
        if 2 * seen >= facets.total:
            return band.high
    return next((product.price_minor for product in catalog.first(constraints, "cheapest", 1)), 0)


def _round_price(minor: int, currency: str, locale: Locale) -> str:
    """A price as people name limits: two leading digits at most, the second a 0 or a 5."""
    whole = max(minor // minor_units(currency), 1)
    step = 5 if whole < 100 else 10 ** (len(str(whole)) - 1) // 2
    return money((whole // step + 1) * step * minor_units(currency), currency, locale)

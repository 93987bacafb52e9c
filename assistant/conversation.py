"""What a conversation holds so far, read from its turns, and how one may begin."""

from collections import Counter
from collections.abc import Sequence

from assistant.phrases import money, say
from assistant.reading.reference import resolve
from assistant.record import INTERRUPTED
from assistant.types import Need, Turn
from assistant.understand import Context
from catalog import Catalog, Locale, Product, minor_units


def context_of(history: Sequence[Turn]) -> Context:
    """The need of the last turn, the last shelf that held anything, and the product of it that was last spoken of.

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
            pointed = resolve(turn.message, shown, focus).ids
            told = next((line.product_id for line in turn.evidence if line.product_id), focus)
            focus = pointed[0] if len(pointed) == 1 else told
    last = history[-1]
    return Context(last.need, shown, focus, last.locale)


def openers(catalog: Catalog, locale: Locale, currency: str) -> tuple[str, ...]:
    """Four requests made from the catalogue's own largest categories and prices."""
    categories = catalog.categories()[:3]
    if not categories:
        return ()
    names = [_name(catalog, category, locale) for category in categories]
    prices = [
        sorted(p.price_minor for p in catalog if p.category == category and p.in_stock) for category in categories
    ]
    everything = sorted(p.price_minor for p in catalog)
    rated = Counter(p.category for p in catalog if (p.rating or 0) >= 4)
    found = [
        say(
            "opener_under",
            locale,
            category=names[0],
            price=_round_price(_middle(prices[0] or everything), currency, locale),
        ),
        say("opener_gift", locale, price=_round_price(_middle(everything), currency, locale)),
    ]
    if len(categories) > 1:
        best = "opener_best" if rated[categories[1]] >= 3 else "opener_kind"
        found.append(say(best, locale, category=names[1]))
    if len(categories) > 2:
        found.append(say("opener_kind", locale, category=names[2]))
    return tuple(found)


def _name(catalog: Catalog, category: str, locale: Locale) -> str:
    product: Product = next(p for p in catalog if p.category == category)
    name = product.localised(locale).category.split(" > ")[-1]
    return name if locale == "zh" else name[:1].upper() + name[1:]


def _middle(prices: Sequence[int]) -> int:
    return prices[len(prices) // 2]


def _round_price(minor: int, currency: str, locale: Locale) -> str:
    """A price as people name limits: two leading digits at most, the second a 0 or a 5."""
    whole = max(minor // minor_units(currency), 1)
    step = 5 if whole < 100 else 10 ** (len(str(whole)) - 1) // 2
    return money((whole // step + 1) * step * minor_units(currency), currency, locale)

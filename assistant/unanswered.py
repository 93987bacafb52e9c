"""When nothing was found or the listing does not say: what can be done instead. Twice in a row, something concrete."""

from collections.abc import Sequence

from assistant.phrases import joined, say
from assistant.respond import Said, said
from assistant.types import Claim, Kind, Turn
from catalog import Catalog, Constraint, Locale

_ASKED = ("answer", "service")
_CATEGORIES = 3


def fell_short(turn: Turn) -> bool:
    """Whether a turn found nothing, or began with a sentence that no line stands behind: "the listing does not say"."""
    return _short(turn.reply.kind, turn.reply.claims)


def falls_short(kind: Kind, spoken: Sequence[Said]) -> bool:
    """The same of a turn of which all has been said."""
    return _short(kind, [one.claim for one in spoken])


def _short(kind: Kind, claims: Sequence[Claim]) -> bool:
    shown = [claim for claim in claims if claim.status != "dropped"]
    return kind == "no_match" or (kind in _ASKED and not (shown and shown[0].evidence))


def asks_shop(locale: Locale) -> str:
    """The quick reply that asks the shop."""
    return say("q_ask_shop", locale)


def ways_out(catalog: Catalog, locale: Locale) -> tuple[str, ...]:
    """What can be said next: the largest categories, in the shopper's language, and that the shop be asked."""
    homes = (Constraint("category", "eq", name) for name in catalog.categories()[:_CATEGORIES])
    firsts = [product for home in homes for product in catalog.first((home,), "best rated", 1)]
    names = (product.localised(locale).category.split(" > ")[-1] for product in firsts)
    return (*dict.fromkeys(names), asks_shop(locale))


def way_out(catalog: Catalog, locale: Locale) -> Said:
    """What the shop has, by name, and that its people can be asked."""
    *names, _ = ways_out(catalog, locale)
    return said(say("way_out", locale, categories=joined(names, locale)) if names else say("way_out_bare", locale))

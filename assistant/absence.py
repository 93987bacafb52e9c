"""Why a product is not on the shelf: the wish it fails and by how much, that it is sold out, or what stands before it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.evidence import attributes, description, field, fields
from assistant.lacking import silent_on, sold_out
from assistant.phrases import describe, joined, money, say
from assistant.rank import ordered, said_of, spoken_as
from assistant.respond import Said, said
from assistant.retrieve import asks_kind, retrieve, search_constraints
from assistant.types import Evidence, Need
from catalog import Catalog, Constraint, Locale, Product, asserts, canonical, holds, satisfies, tokens

_LOOKED_AT = 12
_NAMED = 0.7  # of the words of a name that a title and brand must hold
_NEGATIVE = ("ne", "not_in", "not_contains")


def meant(name: str, pointed: Product | None, catalog: Catalog) -> Product | None:
    """The product that a question names: of all whose title and brand hold nearly all of `name`, the one that holds most.

    What was `pointed` at stays, unless it was for a part of its name and another holds more of it.
    """
    wanted = set(tokens(name))
    held = _held(wanted, pointed) if pointed else (0.0, 0.0)
    if pointed and not held[0]:
        return pointed
    best, chosen = held, pointed
    for hit in catalog.search(name, (), _LOOKED_AT, by="lexical") if wanted else ():
        found = _held(wanted, hit.product)
        if found[0] >= _NAMED and found > best:
            best, chosen = found, hit.product
    return chosen


def _held(wanted: set[str], product: Product) -> tuple[float, float]:
    """Which part of some words a title and brand hold, and how much of the title they are, in the language that suits."""
    titles = [set(tokens(f"{view.title} {view.brand}")) for view in map(product.localised, product.locales())]
    return max((len(wanted & t) / max(len(wanted), 1), len(wanted & t) / max(len(t), 1)) for t in titles)


@dataclass(frozen=True, slots=True)
class Absence:
    """What is said of a product that is not shown. `failed` are the wishes it does not meet; it `fits` where it could
    be shown.
    """

    said: tuple[Said, ...]
    failed: tuple[Constraint, ...] = ()
    fits: bool = False


def absence(product: Product, need: Need, shown: Sequence[Product], catalog: Catalog, locale: Locale) -> Absence:
    """Why `product` is not among the `shown` ones, told from the need's constraints and the ranking."""
    failed = tuple(c for c in search_constraints(need) if not holds(product, c))
    view = product.localised(locale)
    if failed:
        return Absence(tuple(_fails(view, product, c, locale) for c in failed), failed)
    if not satisfies(product, search_constraints(need)):
        return Absence((said(say("absent_variant", locale, title=view.title)),))
    if not need.query and not need.constraints and not need.category:
        line = field(view, "price")
        price = money(view.price_minor, view.currency, locale)
        return Absence((said(say("absent_unasked", locale, title=view.title, price=price), [line]),), fits=True)
    return Absence(tuple(_outranked(product, need, shown, catalog, locale)), fits=True)


def _fails(view: Product, product: Product, failed: Constraint, locale: Locale) -> Said:
    """One sentence on one wish that is not met: by how much, against what the listing states, or that it states nothing."""
    wish = describe(failed, product.currency, locale)
    values: dict[str, object] = {"title": view.title, "wish": wish}
    if failed.field == "in_stock":
        return said(say("sold_out", locale, title=view.title), [field(view, "in_stock")], gaps=[sold_out(product)])
    if failed.field == "price" and isinstance(failed.value, int | float):
        values |= {"price": money(product.price_minor, product.currency, locale)}
        values |= {"gap": money(abs(product.price_minor - round(failed.value)), product.currency, locale)}
        values |= {"side": say("over" if failed.op in ("lt", "le") else "below", locale)}
        return said(say("absent_price", locale, **values), [field(view, "price")])
    line = _line(view, product, failed)
    if line is None and failed.field in ("type", "category"):
        return said(say("absent_kind", locale, **values, category=view.category.split(" > ")[-1]))
    if line is None:
        gaps = [silent_on(failed.attribute, product)] if failed.attribute else []
        return said(say("absent_unsaid", locale, **values), gaps=gaps)
    return said(say("absent_states", locale, **values, line=line.quote.rstrip(".。")), [line])


def _line(view: Product, product: Product, failed: Constraint) -> Evidence | None:
    """The line of a listing that speaks against a wish: its field, or for what was refused the words themselves."""
    if failed.field in ("rating", "brand"):
        return next((line for line in fields(view) if line.field == failed.field), None)
    known = canonical(failed.attribute or "") or (failed.attribute or "").casefold()
    for line in attributes(view):
        name = line.field.partition(".")[2]
        if known and (canonical(name) or name.casefold()) == known:
            return line
    if failed.op in _NEGATIVE:
        forms = failed.value if isinstance(failed.value, tuple) else (str(failed.value),)
        spoken = (*attributes(view), *description(view))
        return next((line for line in spoken if any(asserts(line.quote, form) for form in forms)), None)
    return None


def _outranked(
    product: Product, need: Need, shown: Sequence[Product], catalog: Catalog, locale: Locale
) -> Iterator[Said]:
    """It fits: at which place it stands, and what those before it have more of."""
    title = product.localised(locale).title
    found = retrieve(need, catalog)
    places = [candidate.product.id for candidate in ordered(found, need)]
    fits = say("absent_place", locale, title=title, place=places.index(product.id) + 1, count=found.matching) if (
        product.id in places and found.all_counted
    ) else say("absent_further", locale, title=title, count=len(places))  # fmt: skip
    yield said(fits)
    if not shown:
        return
    yield from _ahead(product, need, shown, locale)


def _ahead(product: Product, need: Need, shown: Sequence[Product], locale: Locale) -> Iterator[Said]:
    """What the shown products have more: words of the wish, else a better rating, else only nearness in meaning."""
    own = said_of(product, need)
    more = {one.id: said_of(one, need) - own for one in shown}
    missing = spoken_as(set().union(*more.values()), need) if need.category or asks_kind(need) else ""
    if missing:
        speaking = [one.localised(locale).title for one in shown if more[one.id]]
        yield said(say("ahead_words", locale, words=missing, titles=joined(speaking, locale)))
    elif product.rating is not None and all((one.rating or 0) > product.rating for one in shown):
        low = min(one.rating or 0 for one in shown)
        rated = field(product.localised(locale), "rating")
        yield said(say("ahead_rating", locale, rating=f"{product.rating:.1f}", least=f"{low:.1f}"), [rated])
    else:
        yield said(say("ahead_meaning", locale))

"""What is remembered, in words: the fact, what it was learnt from, and the question whether to remember at all."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from assistant.phrases import describe, joined, money, say
from assistant.record.memory import Fact
from assistant.types import Reply
from catalog import Constraint, Locale, Order, Product

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class Knows(Protocol):
    """The catalogue as names are looked up in it."""

    def get(self, id: str) -> Product | None: ...
    def first(self, constraints: Iterable[Constraint], order: Order, limit: int) -> list[Product]: ...


def day(on: date, locale: Locale) -> str:
    """A day as people write it: 12 Nov 2026, 2026年11月12日."""
    return say("m_day", locale, year=on.year, month=_MONTHS[on.month - 1] if locale == "en" else on.month, day=on.day)


def named(fact: Fact, catalog: Knows, currency: str, locale: Locale) -> str:
    """A fact in a few words: size M, not wool, up to $60 for lighting."""
    product = catalog.get(str(fact.constraint.value)) if fact.kind == "bought" else None
    if fact.kind == "bought":
        return (
            say("m_bought", locale, title=product.localised(locale).title) if product else say("m_bought_gone", locale)
        )
    what = say(f"m_{fact.kind}", locale, value=describe(fact.constraint, currency, locale))
    return say("m_about", locale, what=what, about=_category(fact.about, catalog, locale)) if fact.about else what


def learnt(fact: Fact, locale: Locale) -> str:
    """What a fact was learnt from, and when."""
    return say(f"m_{fact.source}", locale, day=day(fact.at, locale) if fact.at else "")


def because(wish: Constraint, locale: Locale) -> str:
    """Where a remembered wish comes from, said of a chip: you chose size M on 12 Nov 2026."""
    assert wish.remembered is not None  # noqa: S101  (only of such wishes is it asked)
    phrase = "m_because_size" if wish.field == "attributes.Size" else "m_because_not"
    return say(phrase, locale, value=describe(wish, "", locale), day=day(wish.remembered, locale))


def joining(fact: Fact, locale: Locale) -> str:
    """The sentence that tells that a remembered wish has joined the search."""
    value = describe(fact.constraint, "", locale)
    return say(f"m_joins_{fact.kind}", locale, value=value, source=learnt(fact, locale))


def bought_before(fact: Fact, title: str, locale: Locale) -> str:
    """The sentence that tells that a product on the shelf was bought before."""
    return say("m_bought_before", locale, title=title, day=day(fact.at, locale) if fact.at else "")


def all_of(facts: Iterable[Fact], catalog: Knows, currency: str, locale: Locale) -> str:
    """Facts in one list, each with what it was learnt from."""
    told = [say("m_told", locale, what=named(f, catalog, currency, locale), source=learnt(f, locale)) for f in facts]
    return say("m_semicolon", locale).join(told)


def offered(limit: Constraint, currency: str, locale: Locale) -> str:
    """The quick reply that sets the usual limit again."""
    return say("q_budget", locale, value=money(int(str(limit.value)), currency, locale))


def list_of(facts: Iterable[Fact], catalog: Knows, currency: str, locale: Locale) -> str:
    """Facts in one list, without more."""
    return joined([named(fact, catalog, currency, locale) for fact in facts], locale)


def asks_consent(reply: Reply, locale: Locale) -> bool:
    """Whether a reply asks the shopper to agree to be remembered."""
    return say("q_agree", locale) in reply.quick_replies


def _category(about: str, catalog: Knows, locale: Locale) -> str:
    found: list[Product] = catalog.first((Constraint("category", "eq", about),), "best rated", 1)
    return (found[0].localised(locale).category if found else about).split(" > ")[-1]

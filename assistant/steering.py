"""Answers to a shopper who steers: back a step, which one was meant, why one is not here, and showing it after all."""

from collections.abc import Iterator
from dataclasses import replace

from assistant import comparing
from assistant.absence import absence, meant
from assistant.context import Context, Understanding
from assistant.evidence import field
from assistant.phrases import describe, money, say
from assistant.rank import shelf
from assistant.reading.answering import PRODUCT
from assistant.reading.whynot import name_in
from assistant.replies import Answer
from assistant.respond import Moment, Said, said, wishes
from assistant.retrieve import search_constraints
from assistant.types import Kind, Need, Option, Question, Slate
from catalog import Catalog, Product, satisfies

STEERED = frozenset({"undo", "which", "why_not", "show"})


def steered(understood: Understanding, context: Context, catalog: Catalog, size: int) -> Answer:
    """The answer to one of the intents that are `STEERED`; at most `size` products come on the shelf."""
    if understood.intent == "undo":
        return _undone(understood, context, catalog)
    targets = [product for id in understood.targets if (product := catalog.get(id)) is not None]
    if understood.intent == "which":
        return _which(understood, targets)
    product = meant(name_in(understood.message), targets[0] if targets else None, catalog)
    if product is None:
        phrase = "absent_named" if name_in(understood.message) else "absent_which"
        return _said("answer", understood, [said(say(phrase, understood.locale))])
    shown = _on_shelf(context, catalog)
    if understood.intent == "show" and satisfies(product, search_constraints(understood.need)):
        return _shown(understood, product, shown, size)
    if product.id in [one.id for one in shown]:
        return _why(understood, product)
    return _why_not(understood, product, shown, catalog)


def _undone(understood: Understanding, context: Context, catalog: Catalog) -> Answer:
    """The need and the shelf as they were before the last change, without what can no longer be had."""
    locale, before = understood.locale, context.trail.before()
    if before is None:
        return _said("chat", understood, [said(say("undo_none", locale))])
    products = [product for id in before.slate.ids() if (product := catalog.get(id)) is not None and product.in_stock]
    slate = shelf(products, locale, before.need)
    slate = replace(slate, matching=before.slate.matching, all_counted=before.slate.all_counted)

    def speak(moment: Moment) -> Iterator[Said]:
        if before.need == Need() and not products:
            yield said(say("undone_start", locale))
        elif before.need.constraints:
            yield said(say("undone", locale, constraints=wishes(moment)))
        else:
            yield said(say("undone_free", locale))

    kind: Kind = "recommend" if products else "chat"
    ways = (say("q_compare", locale), say("q_other", locale)) if len(products) > 1 else ()
    if len(context.trail.steps) > 2:
        ways = (say("q_undo", locale), *ways)
    return Answer(kind, before.need, slate, speak, speak, ways)


def _which(understood: Understanding, among: list[Product]) -> Answer:
    """Several look like the one that was pointed at: ask which, each a quick reply."""
    locale = understood.locale
    titles = [product.localised(locale).title for product in among]
    text = say("which_one", locale, titles=say("or_else", locale).join(titles))
    options = tuple(Option(title, product.id) for title, product in zip(titles, among, strict=True))
    asked = Question(text, PRODUCT, options, understood.message)
    return replace(_said("clarify", understood, [said(text)]), question=asked)


def _shown(understood: Understanding, product: Product, shown: list[Product], size: int) -> Answer:
    """A product that fits and was asked for by its name, before what is on the shelf."""
    locale = understood.locale
    view = product.localised(locale)
    others = [one for one in shown if one.id != product.id and satisfies(one, search_constraints(understood.need))]
    price = money(view.price_minor, view.currency, locale)
    slate = shelf([product, *others][:size], locale, understood.need)
    line = field(view, "price")
    answer = _said("recommend", understood, [said(say("shown_too", locale, title=view.title, price=price), [line])])
    return replace(answer, slate=slate, quick_replies=(say("q_compare", locale),) if others else ())


def _why(understood: Understanding, product: Product) -> Answer:
    """It is on the shelf: why it is."""
    item = shelf([product], understood.locale, understood.need).items[0]

    def speak(moment: Moment) -> Iterator[Said]:
        yield from comparing.why(item, moment)

    return Answer("answer", understood.need, Slate(), speak, speak, (say("q_more", understood.locale),))


def _why_not(understood: Understanding, product: Product, shown: list[Product], catalog: Catalog) -> Answer:
    """Which wish keeps a product off the shelf, or what stands before it; and the way to see it."""
    locale, need = understood.locale, understood.need
    found = absence(product, need, shown, catalog, locale)
    title = product.localised(locale).title
    ways = [say("q_show", locale, title=title)] if found.fits else []
    spoken = [c for c in found.failed if c in need.constraints and c.field != "in_stock"]
    if len(spoken) == len(found.failed) == 1:
        ways.append(say("q_without", locale, constraint=describe(spoken[0], product.currency, locale)))
    ways.append(say("q_more_of", locale, title=title))
    return replace(_said("answer", understood, list(found.said)), quick_replies=tuple(ways))


def _on_shelf(context: Context, catalog: Catalog) -> list[Product]:
    ids = context.trail.steps[-1].slate.ids()
    return [product for id in ids if (product := catalog.get(id)) is not None]


def _said(kind: Kind, understood: Understanding, sentences: list[Said]) -> Answer:
    def speak(moment: Moment) -> Iterator[Said]:
        yield from sentences

    return Answer(kind, understood.need, Slate(), speak, speak)

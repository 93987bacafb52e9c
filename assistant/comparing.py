"""Products set against each other: which to take, why one is there, which is cheapest, two side by side. Code compares."""

from collections.abc import Iterator, Sequence

from assistant.evidence import attributes, description, ended, field, reviews
from assistant.phrases import money, say
from assistant.respond import Moment, Said, said, wishes
from assistant.types import SlateItem
from catalog import Locale, Order, Product


def pick(shown: Sequence[SlateItem], moment: Moment) -> Iterator[Said]:
    """Which of the shown products to begin with, first being best: why, how they are rated, and what speaks against it."""
    locale, top = moment.locale, shown[0]
    price = money(top.product.price_minor, top.product.currency, locale)
    name = "pick" if len(shown) > 1 else "pick_only"
    yield said(say(name, locale, title=top.product.title, price=price), [field(top.product, "price")])
    yield from _speaking_for(top)
    rated = [item.product for item in shown if item.product.rating is not None]
    best = max(rated, key=lambda product: product.rating or 0.0) if rated else None
    if best and sum(product.rating == best.rating for product in rated) == 1 < len(rated):
        name = "pick_best_rated" if best.id == top.product.id else "pick_other_rated"
        yield _rated(name, best, locale)
    yield from _speaking_against(top, locale)


def _rated(phrase: str, product: Product, locale: Locale) -> Said:
    values = {"title": product.title, "rating": f"{product.rating:.1f}", "count": product.rating_count or 0}
    return said(say(phrase, locale, **values), [field(product, "rating")])


def why(item: SlateItem, moment: Moment) -> Iterator[Said]:
    """Why a product is on the shelf: what was asked for that it meets, its own words, and what speaks against it."""
    locale, product = moment.locale, item.product
    name = "why_meets" if moment.need.constraints else "why_free"
    text = say(name, locale, title=product.title, constraints=wishes(moment))
    yield said(text, [field(product, "price")] if any(c.field == "price" for c in moment.need.constraints) else [])
    yield from _speaking_for(item)
    yield from _speaking_against(item, locale)


def _speaking_for(item: SlateItem) -> Iterator[Said]:
    """The lines of a product's own listing among its reasons, as they stand."""
    own = {line.id: line for line in description(item.product)}
    cited = [id for reason in item.reasons for id in reason.evidence if id in own]
    yield from (said(ended(own[id].quote, item.product.locale), [own[id]]) for id in cited[:1])


def _speaking_against(item: SlateItem, locale: Locale) -> Iterator[Said]:
    spoken = {line.id: line for line in reviews(item.product)}
    for id in item.drawback.evidence if item.drawback else ():
        if id in spoken:
            yield said(say("mind_this", locale, quote=spoken[id].quote), [spoken[id]])


def superlative(order: Order, shown: Sequence[Product], moment: Moment) -> Iterator[Said]:
    """Which of the shown products is the cheapest, the dearest or the best rated: code compares."""
    if order == "best rated":
        rated = [product for product in shown if product.rating is not None]
        if not rated:
            yield said(say("none_rated", moment.locale))
            return
        best = max(rated, key=lambda product: (product.rating or 0.0, product.rating_count or 0))
        yield _rated("pick_other_rated", best, moment.locale)
        return
    product = (min if order == "cheapest" else max)(shown, key=lambda p: p.price_minor)
    price = money(product.price_minor, product.currency, moment.locale)
    tie = "_tie" if sum(p.price_minor == product.price_minor for p in shown) > 1 else ""
    text = say(f"superlative_{order}{tie}", moment.locale, title=product.title, price=price)
    yield said(text, [field(product, "price")])


def compare(a: Product, b: Product, moment: Moment) -> Iterator[Said]:
    """Two products side by side: price, rating and the attributes that both state and that differ."""
    locale = moment.locale
    price_lines = [field(product, "price") for product in (a, b)]
    values: dict[str, object] = {"a": a.title, "b": b.title}
    values |= {f"price_{k}": money(p.price_minor, p.currency, locale) for k, p in (("a", a), ("b", b))}
    gap = b.price_minor - a.price_minor
    values["gap"] = money(abs(gap), a.currency, locale)
    values["cheaper"] = say("the_first" if gap > 0 else "the_second", locale)
    yield said(say("compare_price" if gap else "compare_same_price", locale, **values), price_lines)
    if a.rating is not None and b.rating is not None:
        rated = [field(product, "rating") for product in (a, b)]
        yield said(
            say("compare_rating", locale, rating_a=f"{a.rating:.1f}", rating_b=f"{b.rating:.1f}"),
            rated,
        )
    differing = [name for name, value in a.attributes.items() if b.attributes.get(name, value) != value]
    for name in differing:
        evidence = [line for product in (a, b) for line in attributes(product) if line.field == f"attributes.{name}"]
        text = say("compare_attribute", locale, name=name, value_a=a.attributes[name], value_b=b.attributes[name])
        yield said(text, evidence)
    if not differing:
        for product in (a, b):
            for line in description(product)[:1]:
                quote = line.quote.rstrip(".。")
                yield said(say("of_product", locale, title=product.title, line=quote), [line])

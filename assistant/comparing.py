"""Products set against each other: which to take, why one is there, which is cheapest, two side by side. Code compares."""

from collections.abc import Iterator, Sequence

from assistant.evidence import attributes, description, ended, field, listing, reviews
from assistant.lacking import silent_on
from assistant.phrases import describe, joined, money, say
from assistant.rank import said_of, spoken_as
from assistant.respond import Moment, Said, said, wishes
from assistant.retrieve import search_constraints
from assistant.types import Need, Row, SlateItem
from assistant.verify import stated_measure
from catalog import Constraint, Locale, Order, Product, satisfies, tokens


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


def extreme(field: str, side: str, shown: Sequence[Product], moment: Moment) -> Iterator[Said]:
    """Which of the shown products has the least or the most of a measure, by what the listings state."""
    locale = moment.locale
    told = {product.id: found for product in shown if (found := stated_measure(field, product)) is not None}
    if not told:
        yield said(say("extreme_none", locale), gaps=[silent_on(field, product) for product in shown])
        return
    best = (min if side == "less" else max)(amount for _, amount in told.values())
    first = [product for product in shown if product.id in told and told[product.id][1] == best]
    lines = [line for p in first for line in attributes(p) if line.field == f"attributes.{told[p.id][0]}"]
    titles = joined([product.title for product in first], locale)
    yield said(say("extreme", locale, titles=titles, line=lines[0].quote.rstrip(".。")), lines)
    silent = [product for product in shown if product.id not in told]
    if silent:
        titles = joined([product.title for product in silent], locale)
        gaps = [silent_on(field, product) for product in silent]
        yield said(say("extreme_silent", locale, titles=titles), gaps=gaps)


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


def compare(products: Sequence[Product], rows: Sequence[Row], moment: Moment) -> Iterator[Said]:
    """Two to four products, in the shopper's language: price, rating, and in what else they differ by the table's `rows`."""
    locale = moment.locale
    yield _prices(products, locale)
    yield from _ratings(products, locale)
    names = [row.name for row in rows if row.field.startswith("attributes.")]
    if names:
        yield said(say("compare_differ", locale, names=joined(names, locale)))
    else:
        yield from _first_lines(products, locale)


def _prices(products: Sequence[Product], locale: Locale) -> Said:
    lines = [field(product, "price") for product in products]
    ordered = sorted(products, key=lambda p: p.price_minor)
    low, high = ordered[0], ordered[-1]
    values: dict[str, object] = {"a": products[0].title, "b": products[1].title}
    values |= {f"price_{k}": money(p.price_minor, p.currency, locale) for k, p in zip("ab", products, strict=False)}
    if len(products) > 2:
        values = {"a": low.title, "b": high.title}
        values |= {f"price_{k}": money(p.price_minor, p.currency, locale) for k, p in (("a", low), ("b", high))}
        return said(
            say("compare_range" if low.price_minor < high.price_minor else "compare_all_same", locale, **values), lines
        )
    if low.price_minor == high.price_minor:
        return said(say("compare_same_price", locale, **values), lines)
    values["gap"] = money(high.price_minor - low.price_minor, low.currency, locale)
    values["cheaper"] = say("the_first" if low is products[0] else "the_second", locale)
    return said(say("compare_price", locale, **values), lines)


def _ratings(products: Sequence[Product], locale: Locale) -> Iterator[Said]:
    rated = [product for product in products if product.rating is not None]
    if len(rated) < len(products):
        return
    if len(products) == 2:
        a, b = (f"{product.rating:.1f}" for product in products)
        lines = [field(product, "rating") for product in products]
        yield said(say("compare_rating", locale, rating_a=a, rating_b=b), lines)
        return
    best = max(rated, key=lambda product: product.rating or 0.0)
    if sum(product.rating == best.rating for product in rated) == 1:
        yield _rated("pick_other_rated", best, locale)


def _first_lines(products: Sequence[Product], locale: Locale) -> Iterator[Said]:
    for product in products:
        for line in description(product)[:1]:
            yield said(say("of_product", locale, title=product.title, line=line.quote.rstrip(".。")), [line])


def advise(products: Sequence[Product], need: Need, locale: Locale) -> Said:
    """One sentence on which of several to take for `need`, from what differs; `products` are in their base language."""
    fit = [product for product in products if satisfies(product, search_constraints(need))]
    if len(fit) < 2:
        return _only(products, fit, need, locale)
    told = _asked_for(fit, need, locale)
    return told or _by_price_and_rating([product.localised(locale) for product in fit], locale)


def _only(products: Sequence[Product], fit: Sequence[Product], need: Need, locale: Locale) -> Said:
    """That one product alone is in stock and meets the need, or that none is and does."""
    currency = products[0].currency
    spoken = list(dict.fromkeys(describe(c, currency, locale) for c in search_constraints(need)))
    if not fit:
        return said(say("advice_none", locale, constraints=joined(spoken, locale)))
    one = fit[0].localised(locale)
    priced = any(c.field == "price" for c in need.constraints)
    lines = [field(one, "price"), field(one, "in_stock")] if priced else [field(one, "in_stock")]
    return said(say("advice_only", locale, title=one.title, constraints=joined(spoken, locale)), lines)


def _asked_for(products: Sequence[Product], need: Need, locale: Locale) -> Said | None:
    """That one listing alone speaks of something that was asked for."""
    settled = {token for c in need.constraints for value in _values(c) for token in tokens(value)}  # all meet these
    told = {product.id: said_of(product, need) - settled for product in products}
    own = {
        id: own
        for id, heard in told.items()
        if (own := heard.difference(*(told[other] for other in told if other != id)))
    }
    if len(products) < 2 or len(own) != 1:
        return None
    ((id, tokens_of),) = own.items()
    product = next(product for product in products if product.id == id).localised(locale)
    spoken = spoken_as(tokens_of, need)
    lines = [line for line in listing(product) if tokens_of & set(tokens(line.quote))][:1]
    if not lines or not spoken:
        return None
    return said(say("advice_asked", locale, title=product.title, words=spoken), lines)


def _values(constraint: Constraint) -> tuple[str, ...]:
    return constraint.value if isinstance(constraint.value, tuple) else (str(constraint.value),)


def _by_price_and_rating(products: Sequence[Product], locale: Locale) -> Said:
    """What price and rating decide, where each is lowest or highest of one product alone."""
    low = min(product.price_minor for product in products)
    cheap = [product for product in products if product.price_minor == low]
    rated = [product for product in products if product.rating is not None] if len(products) > 1 else []
    high = max((product.rating or 0.0 for product in rated), default=0.0)
    liked = [product for product in rated if product.rating == high] if len(rated) == len(products) else []
    cheapest = cheap[0] if len(cheap) == 1 < len(products) else None
    best = liked[0] if len(liked) == 1 else None
    values: dict[str, object] = {"rating": f"{high:.1f}", "price": money(low, products[0].currency, locale)}
    if cheapest and best:
        lines = [field(cheapest, "price"), field(best, "rating")]
        name = "advice_both" if cheapest is best else "advice_either"
        return said(say(name, locale, title=cheapest.title, other=best.title, **values), lines)
    one = cheapest or best
    if one is None:
        return said(say("advice_equal", locale))
    name, line = ("advice_price", "price") if cheapest else ("advice_rating", "rating")
    return said(say(name, locale, title=one.title, **values), [field(one, line)])

"""Every quotable line of a listing, with a stable id: what a reason, an answer or a sentence may rest on."""

from assistant.phrases import money, say
from assistant.types import Evidence
from catalog import Locale, Policy, Product, sentences


def listing(product: Product) -> tuple[Evidence, ...]:
    """What the shop itself says: fields, attributes, sizes and colours, description."""
    return (*fields(product), *attributes(product), *description(product))


def field(product: Product, name: str) -> Evidence:
    """The line of one field: price, in_stock, brand or rating. Raises KeyError where the listing has none."""
    return {line.field: line for line in fields(product)}[name]


def fields(product: Product) -> tuple[Evidence, ...]:
    """Price, stock, brand and rating as lines."""
    locale = product.locale
    found = [
        _line(product, "price", say("field_price", locale, price=money(product.price_minor, product.currency, locale)))
    ]
    found.append(_line(product, "in_stock", _stock(product, locale)))
    if product.brand:
        found.append(_line(product, "brand", say("field_brand", locale, brand=product.brand)))
    if product.rating is not None:
        found.append(_line(product, "rating", _rating(product, locale)))
    return tuple(found)


def attributes(product: Product) -> tuple[Evidence, ...]:
    """One line per attribute, and one per option that variants offer, with what is in stock."""
    found = [
        _line(product, f"attributes.{name}", f"{name}{_colon(product.locale)}{value}")
        for name, value in product.attributes.items()
    ]
    options: dict[str, dict[str, bool]] = {}
    for variant in product.variants:
        for name, value in variant.options.items():
            options.setdefault(name, {})[value] = options.get(name, {}).get(value, False) or variant.in_stock
    for name, values in options.items():
        listed = [v if stocked else say("option_sold_out", product.locale, value=v) for v, stocked in values.items()]
        comma = "、" if product.locale == "zh" else ", "
        text = say("options", product.locale, name=name, values=comma.join(listed))
        found.append(_line(product, f"options.{name}", text))
    return tuple(found)


def description(product: Product) -> tuple[Evidence, ...]:
    """One line per sentence of the description."""
    return tuple(
        Evidence(f"{product.id}:description.{number}", "description", product.id, "description", sentence)
        for number, sentence in enumerate(sentences(product.description), start=1)
    )


def reviews(product: Product) -> tuple[Evidence, ...]:
    """One line per review, the whole of it."""
    return tuple(
        Evidence(
            f"{product.id}:review.{number}",
            "review",
            product.id,
            f"review.{number}",
            f"{r.title}: {r.text}" if r.title and r.text else r.text or r.title,
        )
        for number, r in enumerate(product.reviews, start=1)
    )


def policy(section: Policy) -> Evidence:
    """A section of the shop's rules as evidence."""
    return Evidence(f"policy:{section.id}", "policy", None, section.title, section.text)


def ended(quote: str, locale: Locale) -> str:
    """A line as a sentence of its own: with a full stop where it has no end."""
    return quote if quote[-1:] in '.!?。！？”"' else quote + ("。" if locale == "zh" else ".")


def _line(product: Product, field: str, quote: str) -> Evidence:
    return Evidence(f"{product.id}:{field}", "field", product.id, field, quote)


def _stock(product: Product, locale: Locale) -> str:
    if not product.in_stock:
        return say("stock_none", locale)
    if product.quantity is not None and 0 < product.quantity <= 3:
        return say("stock_few", locale, count=product.quantity)
    return say("stock_some", locale)


def _rating(product: Product, locale: Locale) -> str:
    if product.rating_count:
        return say("field_rating", locale, rating=f"{product.rating:.1f}", count=product.rating_count)
    return say("field_rating_bare", locale, rating=f"{product.rating:.1f}")


def _colon(locale: Locale) -> str:
    return "：" if locale == "zh" else ": "

"""What can be bought in place of a product that is sold out."""

from collections.abc import Iterator, Sequence

from assistant.evidence import field
from assistant.lacking import sold_out
from assistant.phrases import joined, money, say
from assistant.respond import Moment, Said, said
from assistant.retrieve import search_constraints
from assistant.types import Need
from catalog import Catalog, Constraint, Product


def substitutes(product: Product, need: Need, catalog: Catalog, limit: int) -> list[Product]:
    """Products of the same category that are in stock and satisfy all of the need, the most alike first."""
    if not product.category:
        return []
    wanted = (*search_constraints(need), Constraint("category", "eq", product.category))
    return [hit.product for hit in catalog.similar(product.id, wanted, limit)]


def instead(product: Product, close: Sequence[Product], moment: Moment) -> Iterator[Said]:
    """That a product is sold out, and which close ones are not; they are all in the shopper's language."""
    locale = moment.locale
    if not close:
        text = say("sold_out", locale, title=product.title)
        yield said(text, [field(product, "in_stock")], gaps=[sold_out(product)])
        return
    named = [
        say("priced", locale, title=one.title, price=money(one.price_minor, one.currency, locale)) for one in close
    ]
    evidence = [field(product, "in_stock"), *(field(one, "price") for one in close)]
    text = say("sold_out_instead", locale, title=product.title, titles=joined(named, locale))
    yield said(text, evidence, gaps=[sold_out(product)])

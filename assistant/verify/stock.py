"""What is said of availability against the catalogue: in stock, sold out, so many left."""

import re

from catalog import Product, mentions

_OUT = re.compile(
    r"\b(?:sold out|out of stock|not (?:currently |presently )?(?:in stock|available)|isn't (?:in stock|available)|unavailable"
    r"|\b(?:no longer (?:available|in stock)|none left|not be bought)\b)"
    r"|售罄|缺货|没有?货|无货|卖完|断货|无库存|没有库存|卖光",
    re.IGNORECASE,
)
_IN = re.compile(
    r"\b(?:in stock|available(?! (?:in|as|for|to|with|on|at)\b)|still (?:have|there)|on hand|can (?:be )?(?:order(?:ed)?|buy|bought)|we have (?:them all|it|both))\b"
    r"|(?<![没无])有(?:现)?货|现货|有库存|还有库存|可以?购买|能买到|可以买到|有得买",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"(?:\b(?:only|just|there are|has|have)\s+)?(?P<a>\d[\d,]*)\s(?:(?:pieces?|units?|items?|more|copies|of them)\s?)?(?:of\s+(?:the\s+)?(?:[\ue000-\uf8ff]\s?)?)?"
    r"(?:(?:are|is|remain|remains)\s)?(?:left|remaining|remain(?:s)?(?: in stock)?|in stock|available)\b"
    r"|\b(?:down to|still have) (?P<d>\d[\d,]*)(?: (?:pieces?|units?|copies))?(?: of)?|\bnumber (?:left|remaining|in stock)(?: in stock)? is (?P<e>\d[\d,]*)"
    r"|能买到的\s?[\ue000-\uf8ff]?\s?(?:还|仅|只)?有\s?(?P<f>\d[\d,]*)\s?[件个台只双套]?"
    r"|(?:仅剩|只剩下?|还剩|剩下?|剩余|库存(?:还|仅|只)?[有是为]?)\s?(?P<b>\d[\d,]*)\s?[件个台只双套]?|(?:有)?(?P<c>\d[\d,]*)\s?[件个台只双套](?:现货|库存|在售)",
    re.IGNORECASE,
)


def wrong_stock(text: str, product: Product) -> tuple[str, str]:
    """What a text with numbers in digits gets wrong of a product's stock ("" if nothing), and the rest of the text."""
    stocked, quantity = _stock_of(text, product)
    for match in _LEFT.finditer(text):
        number = next(group for group in match.groups() if group)
        if quantity is None or int(number.replace(",", "")) != quantity:
            return f"stock {number}", text
    rest = _LEFT.sub(" ", text)
    gone = _OUT.search(rest)
    if gone:
        return ("" if not stocked else f"stock {gone[0]}"), _OUT.sub(" ", rest)
    there = _IN.search(rest)
    return ("" if stocked or not there else f"stock {there[0]}"), _IN.sub(" ", rest)


def _stock_of(text: str, product: Product) -> tuple[bool, int | None]:
    """Whether there is any and how many: of the product, or of the colour or size that the text names."""
    named = [v for v in product.variants if any(mentions(text, value) for value in v.options.values())]
    if not named or len(named) == len(product.variants):
        return product.in_stock, product.quantity
    counted = [variant.quantity for variant in named if variant.quantity is not None]
    return any(variant.in_stock for variant in named), sum(counted) if len(counted) == len(named) else None

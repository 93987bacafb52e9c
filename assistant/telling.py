"""Which lines of a listing speak of what a question asks: by its words, by the aspect it names, by their meaning.

A tally weighs what the words share, whether the aspect is named, and how far the best line is ahead of the next. Its
weights and bounds were set on the development half of public product questions (evals/LOG.md).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence import attributes, description, fields, reviews
from assistant.reading.reference import without_pointing
from assistant.reading.vocabulary import table
from assistant.types import Evidence
from catalog import Catalog, Product, has_cjk, mentions, tokens

_OFFERED = 3
_CONSIDERED = 40  # lines that are compared in meaning, those that share most words first
_SURE = 0.85  # a tally from which the best line is quoted as it is
_MAYBE = 0.6  # below it nothing is said to answer
_AHEAD = 12.0  # what a lead in cosine counts
_AHEAD_AT_MOST = 0.3
_I = re.IGNORECASE
_PRICE = re.compile(
    r"\b(?:price|costs?|how (?:much|expensive) (?:is|are|for)|going for|set (?:me|us) back)\b|多少钱|卖多少|[个款件双条只]多少\W*$|几块钱?"
    r"|贵吗|怎么卖|[啥什]么?价|价格|价钱|售价|贵不贵",
    _I,
)
_STOCK = re.compile(
    r"\b(?:in stock|available(?! in\b(?! stock))|availability|sold out|how many\b.{0,24}\bleft|still have)\b|有货|现货|库存|还有吗|缺货|还剩|还有多少",
    _I,
)
_BRAND = re.compile(r"\b(?:brand|who makes|made by|manufacturer)\b|什么牌子|品牌|哪个牌子|厂家", _I)
_MEASURE_WORDS = frozenset({"big", "large", "long", "high", "deep", "多大", "多长", "多高", "多宽", "大小"})
_ASKING = (
    "how much many come tell more about kind type sort have made there know give exactly please say state list what which"
    " first second third fourth last one product item thing"
)
_PARCEL = re.compile(r"\bpackag|\bshipping\b|包装", _I)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question names: the fields of the listing that state it, and the words it goes by.

    Price, stock and brand are asked for `exactly`: the field answers them, however the question is put. `rest` are the
    stemmed words that say more than the aspect and the product: of which part, or compared with what. Of Chinese,
    which sets no spaces between words, there are none.
    """

    lines: tuple[Evidence, ...]
    words: tuple[str, ...]
    exactly: bool = False
    rest: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Telling:
    """Lines that may answer, the likeliest first; `sure` where the first of them does."""

    lines: tuple[Evidence, ...] = ()
    sure: bool = False


def asked_of(question: str, product: Product) -> Asked:
    """What `question` names of `product`."""
    by_field = {line.field: line for line in (*fields(product), *attributes(product))}
    for pattern, name in ((_PRICE, "price"), (_STOCK, "in_stock"), (_BRAND, "brand")):
        if pattern.search(question) and name in by_field:
            return Asked((by_field[name],), (name,), exactly=True)
    named: list[Evidence] = []
    spoken: list[str] = []
    for aspect in _aspects(question):
        spoken += [*aspect["asked"], *aspect["names"]]
        exact = [by_field[f] for n in aspect["names"] for f in (f"options.{n}", f"attributes.{n}") if f in by_field]
        named += exact or _named_alike(aspect["names"], by_field)
    for name in product.attributes:
        if len(name) > 1 and mentions(question, name):
            spoken.append(name)
            named.append(by_field[f"attributes.{name}"])
    known = {token for text in (*spoken, _ASKING, product.title, product.category) for token in tokens(text)}
    rest = frozenset(token for token in tokens(without_pointing(question)) if token not in known and not has_cjk(token))
    return Asked(tuple(dict.fromkeys(named))[:2], tuple(spoken), rest=rest)


def aspects_named(question: str) -> tuple[str, ...]:
    """The aspects that `question` names, by the first of their names; the brand too, price and stock not."""
    brand = ("Brand",) if _BRAND.search(question) else ()
    return (*brand, *(aspect["names"][0] for aspect in _aspects(question)))


def names_aspect(question: str, name: str) -> bool:
    """Whether `question` names the price, or the aspect of this name, in words that are read here."""
    if name == "price":
        return _PRICE.search(question) is not None
    return any(name in aspect["names"] for aspect in _aspects(question))


def plainly_asked(asked: Asked) -> bool:
    """Whether the fields that are asked for say it all: "how big is it", and not "how big is the screen"."""
    said = {token for line in asked.lines for token in tokens(line.quote)}
    return bool(asked.lines) and (asked.exactly or not asked.rest - said)


def telling(question: str, product: Product, asked: Asked, catalog: Catalog) -> Telling:
    """The lines that may answer `question`, none where no line speaks of it.

    What no line speaks of is not in the listing: the model is not tempted with lines about something else.
    """
    stated = [line for line in attributes(product) if _PARCEL.search(question) or not _PARCEL.search(line.field)]
    lines = [*stated, *description(product), *reviews(product)]
    title = set(tokens(product.title))
    wish = {token: catalog.rarity(token) for token in tokens(question) if token not in title}
    shared = {line.id: _shared(line.quote, wish) for line in lines}
    if len(lines) > _CONSIDERED:
        lines = sorted(lines, key=lambda line: -shared[line.id])[:_CONSIDERED]
    near = dict(zip((line.id for line in lines), catalog.nearness(question, [one.quote for one in lines]), strict=True))
    named = {line.id: line in asked.lines or any(mentions(line.quote, word) for word in asked.words) for line in lines}
    ranked = sorted(lines, key=lambda line: -(near[line.id] + 0.1 * shared[line.id] + 0.05 * named[line.id]))
    if not ranked:
        return Telling()
    best = ranked[0]
    second = max((near[line.id] for line in ranked[1:]), default=near[best.id])
    named_by = named[best.id] * (0.6 if asked.rest - set(tokens(best.quote)) else 1.0)
    tally = 1.5 * shared[best.id] + named_by + min(_AHEAD * (near[best.id] - second), _AHEAD_AT_MOST)
    tally += _shared(best.quote.partition(":")[0].partition("：")[0], wish) if best.kind == "field" else 0.0
    tally -= 0.5 if asked.words else 0.0
    return Telling(tuple(ranked[:_OFFERED]), tally >= _SURE) if tally >= _MAYBE else Telling()


def _shared(text: str, wish: dict[str, float]) -> float:
    """How much of what is wished for a text holds, rare words weighing most: 0 to 1."""
    own, whole = set(tokens(text)), sum(wish.values())
    return sum(rarity for token, rarity in wish.items() if token in own) / whole if whole else 0.0


def _aspects(question: str) -> list[dict[str, list[str]]]:
    """The aspects a question names. A bare measure word ("how long") counts only where nothing says of what."""
    heard = [
        (aspect, [word for word in aspect["asked"] if mentions(question, word)]) for aspect in table("aspects").values()
    ]
    certain = [aspect for aspect, words in heard if set(words) - _MEASURE_WORDS]
    return certain or [aspect for aspect, words in heard if words]


def _named_alike(names: Sequence[str], by_field: dict[str, Evidence]) -> list[Evidence]:
    """The attribute whose name holds one of `names` and least beside: "Item weight" for weight, but no parcel's."""
    alike = [
        (len(field), line)
        for field, line in by_field.items()
        if field.startswith("attributes.") and any(mentions(field[11:], name) for name in names)
    ]
    own = [pair for pair in alike if not _PARCEL.search(pair[1].field)]
    return [line for _, line in sorted(own, key=lambda pair: pair[0])[:1]]

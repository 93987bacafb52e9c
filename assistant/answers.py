"""Questions about a product or the shop's rules, and two products side by side.

All are answered from quotable lines or not at all.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.evidence import attributes, description, field, fields, policy, reviews
from assistant.phrases import money, say
from assistant.prompts import prompt
from assistant.reading.intent import is_courtesy
from assistant.reading.vocabulary import table
from assistant.respond import Moment, Said, said, wishes
from assistant.types import Evidence, QueuedEvent, SlateItem
from assistant.writer import Writer
from catalog import Catalog, Locale, Order, Policy, Product, mentions, tokens

_OFFERED = 5
_COVERED = 0.5
_MAX_TOKENS = 12
_RULES = 2
_SENTENCES = 3
_DETAILS = 6
_DETAIL_CHARS = 80
_AS_NEAR = 0.015
_QUOTE_CHARS = 240
_PRICE = re.compile(
    r"\b(?:price|costs?|how (?:much|expensive) (?:is|are|for)|going for|set (?:me|us) back)\b|多少钱|卖多少|[个款件双条只]多少\W*$|几块钱?"
    r"|贵吗|怎么卖|[啥什]么?价|价格|价钱|售价|贵不贵",
    re.IGNORECASE,
)
_STOCK = re.compile(
    r"\b(?:in stock|available(?! in\b(?! stock))|availability|sold out|how many\b.{0,24}\bleft|still have)\b|有货|现货|库存|还有吗|缺货|还剩|还有多少",
    re.IGNORECASE,
)
_REVIEWS = re.compile(
    r"\b(?:reviews?|reviewers?|ratings?|rated|(?:people|customers) (?:say|think)|opinions?|complain)\b"
    r"|\bany good\b|\bis (?:it|this|that) good(?=\W*$)|\bworth (?:it|the money|buying)\b|评价|口碑|评分|差评|好评|大家怎么说|反馈|怎么样\W*$|好不好|值得买|值不值",
    re.IGNORECASE,
)
_TELL = re.compile(
    r"\b(?:tell me|more (?:about|info|information|details?)|details?|describe|explain)\b|\bwhat(?:'s| is) (?:it|this|that|the \w+ one)\W*$"
    r"|介绍|详细|说说|讲讲|了解一下|是什么(?:东西)?\W*$",
    re.IGNORECASE,
)
_MEASURE_WORDS = frozenset({"big", "large", "long", "high", "deep", "多大", "多长", "多高", "多宽", "大小"})
_YES_OR_NO = re.compile(
    r"^\s*(?:(?:and|but|so|ok),? )?(?:is|are|does|do|did|can|could|will|would|has|have)\b(?! you know)"
    r"|吗|是不是|能不能|可不可以|会不会|可以",
    re.IGNORECASE,
)
_TWO_QUESTIONS = re.compile(
    r"[?？!！。;；]\s*|,?\s+(?:and|or)\s+(?=(?:also |then )?(?:can|could|how|do|does|is|are|what|where|when|will|would)\b)|(?<=[吗呢])[，,]",
    re.IGNORECASE,
)
_BRAND = re.compile(r"\b(?:brand|who makes|made by|manufacturer)\b|什么牌子|品牌|哪个牌子|厂家", re.IGNORECASE)


def answer(
    question: str, product: Product, catalog: Catalog, moment: Moment, writer: Writer
) -> Iterator[Said | QueuedEvent]:
    """One question about one product, from its listing and reviews, or "the listing does not say".

    Fields that the question names are stated by code; among lines that say most of what is asked the model chooses, and
    the line is quoted: an opinion stays an opinion, and a no cannot turn into a yes.
    """
    if asks_reviews(question):
        yield from review_summary(product, moment)
        return
    asked = _asked(question, product)
    if asks_more(question) and not asked.lines:
        yield from about(product, moment)
        return
    if asked.lines and (asked.exactly or not _YES_OR_NO.search(question)):
        yield from (state(line, product, moment) for line in asked.lines)
        return
    offered = _telling(question, product, asked, catalog)
    if offered:
        yield from moment.wait()
    chosen = choose(question, offered, moment, writer) if offered else None
    yield state(chosen, product, moment) if chosen else said(say("not_said", moment.locale, title=product.title))


def asks_reviews(question: str) -> bool:
    """Whether `question` asks what reviewers say."""
    return _REVIEWS.search(question) is not None


def asks_more(question: str) -> bool:
    """Whether `question` asks for all that there is to tell."""
    return _TELL.search(question) is not None


def about(product: Product, moment: Moment) -> Iterator[Said]:
    """What a listing says, whole: price and stock, its description in its own words, its attributes, how it is rated."""
    locale = moment.locale
    known = {line.field: line for line in fields(product)}
    price = money(product.price_minor, product.currency, locale)
    stock = known["in_stock"].quote
    yield said(say("about", locale, title=product.title, price=price, stock=stock), [known["price"], known["in_stock"]])
    yield from (said(_ended(line.quote, locale), [line]) for line in description(product)[:_SENTENCES])
    details = [line for line in attributes(product) if len(line.quote) <= _DETAIL_CHARS][:_DETAILS]
    if details:
        listed = ("；" if locale == "zh" else "; ").join(" ".join(line.quote.split()).rstrip(".。") for line in details)
        yield said(say("details", locale, lines=listed), details)
    if "rating" in known:
        yield said(_ended(known["rating"].quote, locale), [known["rating"]])


def _ended(quote: str, locale: Locale) -> str:
    """A line as a sentence of its own: with a full stop where it has no end."""
    return quote if quote[-1:] in '.!?。！？”"' else quote + ("。" if locale == "zh" else ".")


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
    yield from (said(_ended(own[id].quote, item.product.locale), [own[id]]) for id in cited[:1])


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


def choose(question: str, offered: Sequence[Evidence], moment: Moment, writer: Writer) -> Evidence | None:
    """The offered line that the model finds to answer the question, None where it finds none."""
    asked = prompt("answer", moment.locale)
    numbered = "\n".join(f"{n}. {_spoken(line, moment)}" for n, line in enumerate(offered, start=1))
    schema = {
        "type": "object",
        "properties": {"line": {"type": "integer", "enum": list(range(len(offered) + 1))}},
        "required": ["line"],
        "additionalProperties": False,
    }
    found = writer.fields(
        asked.system,
        asked.fill(lines=numbered, question=question),
        schema,
        max_tokens=_MAX_TOKENS,
        deadline=moment.deadline,
        cancelled=moment.cancelled,
        purpose=asked.name,
        measured=moment.measured,
    )
    number = found.get("line")
    return offered[number - 1] if isinstance(number, int) and 1 <= number <= len(offered) else None


def state(line: Evidence, product: Product, moment: Moment) -> Said:
    """A line as the answer: a field stated, prose and opinions quoted with where they come from."""
    if line.kind == "field":
        text = say("field_is", moment.locale, title=product.title, line=line.quote.rstrip(".。"))
        return said(text, [line])
    return said(quoted(line, moment), [line])


def quoted(line: Evidence, moment: Moment) -> str:
    """A line in its own words, with where it comes from."""
    name = "review_says" if line.kind == "review" else "listing_says"
    return say(name, moment.locale, quote=line.quote)


def review_summary(product: Product, moment: Moment) -> Iterator[Said]:
    """What reviewers say: how many are content, and the happiest and the least happy in their own words."""
    written = list(zip(product.reviews, reviews(product), strict=True))
    if product.rating is not None:
        line = field(product, "rating")
        yield said(say("of_product", moment.locale, title=product.title, line=line.quote), [line])
    if not written:
        yield said(say("reviews_none", moment.locale, title=product.title))
        return
    good = sum(review.rating >= 4 for review, _ in written)
    evidence = [line for _, line in written][:6]
    count = say("reviews_count", moment.locale, count=len(written), good=good, bad=len(written) - good)
    yield said(count, evidence)
    best = max(written, key=lambda pair: pair[0].rating)
    worst = min(written, key=lambda pair: pair[0].rating)
    if best[0].rating >= 4:
        yield said(say("reviews_best", moment.locale, quote=best[1].quote), [best[1]])
    if worst[0].rating <= 3:
        yield said(say("reviews_worst", moment.locale, quote=worst[1].quote), [worst[1]])


def shop_rule(question: str, catalog: Catalog, moment: Moment) -> Iterator[Said]:
    """A question about delivery, returns, warranty or payment: the sections of the shop's rules that answer, quoted.

    A message that asks two things gets sections for each, and the second nearest too where it is as near as the first.
    """
    spoken = [clause for clause in _TWO_QUESTIONS.split(question) if tokens(clause)]
    clauses = [clause for clause in spoken if not is_courtesy(clause)] or [question]
    chosen: dict[str, Policy] = {}
    for clause in clauses[:_RULES]:
        hits = catalog.rules(clause, moment.locale, _RULES)
        chosen |= {hit.policy.id: hit.policy for hit in hits if hits[0].score - hit.score < _AS_NEAR}
    if not chosen:
        yield said(say("policy_none", moment.locale))
    for section in list(chosen.values())[: _RULES + len(clauses) - 1]:
        line = policy(section)
        yield said(say("policy_says", moment.locale, title=section.title.rstrip("?？"), quote=line.quote), [line])


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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question names: the fields of the listing that state it, and the words it goes by.

    Price, stock and brand are asked for `exactly`: the field answers them, however the question is put.
    """

    lines: tuple[Evidence, ...]
    words: tuple[str, ...]
    exactly: bool = False


def _aspects(question: str) -> list[dict[str, list[str]]]:
    """The aspects a question names. A bare measure word ("how long") counts only where nothing says of what."""
    heard = [
        (aspect, [word for word in aspect["asked"] if mentions(question, word)]) for aspect in table("aspects").values()
    ]
    certain = [aspect for aspect, words in heard if set(words) - _MEASURE_WORDS]
    return certain or [aspect for aspect, words in heard if words]


def _asked(question: str, product: Product) -> _Asked:
    by_field = {line.field: line for line in (*fields(product), *attributes(product))}
    for pattern, name in ((_PRICE, "price"), (_STOCK, "in_stock"), (_BRAND, "brand")):
        if pattern.search(question) and name in by_field:
            return _Asked((by_field[name],), (name,), exactly=True)
    named: list[Evidence] = []
    spoken: list[str] = []
    for aspect in _aspects(question):
        spoken += [*aspect["asked"], *aspect["names"]]
        named += [by_field[f] for n in aspect["names"] for f in (f"options.{n}", f"attributes.{n}") if f in by_field]
    for name in product.attributes:
        if len(name) > 1 and mentions(question, name):
            spoken.append(name)
            named.append(by_field[f"attributes.{name}"])
    return _Asked(tuple(dict.fromkeys(named))[:2], tuple(spoken))


def _telling(question: str, product: Product, asked: _Asked, catalog: Catalog) -> list[Evidence]:
    """The lines that say most of what is asked, weighing rare words most, and those that name the asked aspect.

    What no line speaks of is not in the listing: the model is not tempted with lines about something else.
    """
    title = set(tokens(product.title))
    wish = {token: catalog.rarity(token) for token in tokens(question) if token not in title}
    weight = sum(wish.values())
    scored: list[tuple[float, Evidence]] = []
    for line in (*attributes(product), *description(product), *reviews(product)):
        own = set(tokens(line.quote))
        covered = sum(rarity for token, rarity in wish.items() if token in own) / weight if weight else 0.0
        named = line in asked.lines or any(mentions(line.quote, word) for word in asked.words)
        if named or covered >= _COVERED:
            scored.append((covered + named, line))
    return [line for _, line in sorted(scored, key=lambda pair: -pair[0])[:_OFFERED]]


def _spoken(line: Evidence, moment: Moment) -> str:
    """A line as the model reads it: an opinion is marked as one."""
    text = line.quote[:_QUOTE_CHARS]
    return say("a_reviewer", moment.locale, text=text) if line.kind == "review" else text


def outline(product: Product, moment: Moment) -> Iterator[Said]:
    """The first lines of a listing, quoted: what is said of a product when the question could not be worked on."""
    for line in [*description(product)[:1], *attributes(product)[:2]]:
        yield said(quoted(line, moment), [line], "mended")

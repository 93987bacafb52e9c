"""What reviewers say, counted in code: how many are content, how many mention an aspect, who praises and who complains."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.evidence import field, reviews
from assistant.phrases import say
from assistant.reading.vocabulary import table
from assistant.respond import Moment, Said, said
from assistant.types import Evidence
from catalog import Locale, Product, Review, mentions, tokens

_SPOKEN_OF = 3  # aspects that a summary names, the most spoken of
_MENTIONS = 2  # reviews that must speak of an aspect for a summary to name it
_CITED = 6
_ANY = "any"  # the row of words that praise or complain whatever they are said of
_I = re.IGNORECASE
_REVIEWS = re.compile(
    r"\b(?:reviews?|reviewers?|ratings?|rated|(?:people|customers|buyers|others) (?:say|think|write)|opinions?|complain)\b"
    r"|\bany good\b|\bis (?:it|this|that) good(?=\W*$)|\bworth (?:it|the money|buying)\b|评价|口碑|评分|差评|好评|大家怎么说|反馈|怎么样\W*$|好不好|值得买|值不值",
    _I,
)
_ABOUT = re.compile(
    r"\b(?:say|think|write|said|complain|mention|reviews?|opinions?|anything)s?\b(?: \w+)? (?:about|of|on|regarding) (?:the |its |their |his |her )?(?P<en>[a-z][a-z -]{1,40}?)"
    r"(?: (?:of|on|for|with) (?:it|this|that|the)\b.*)?\W*$"
    r"|(?:评价|评论|大家|买家|反馈)(?:里|中)?(?:都|是)?(?:怎么|如何)(?:说|评价|看待?)(?:它的|这款的)?(?P<zh>[\u4e00-\u9fff]{1,8}?)(?:的|呢|吗|啊)?\W*$",
    _I,
)
_CLAUSES = re.compile(
    r"[.!?;,:。！？；，、：\n]+|\b(?:but|however|although|though|yet)\b|但是?|不过|可是|然而|就是", _I
)
_NOT = re.compile(
    r"(?:\b(?:not|no|never|hardly|without|isn'?t|wasn'?t|aren'?t|don'?t|doesn'?t|didn'?t|can'?t|won'?t)(?: \w+){0,2}|[不没无](?:有|太|是|够|怎么|那么)?)\s*$",
    _I,
)
_IT_ITSELF = frozenset({"it", "this", "that", "them", "product", "item", "one", "first one", "second one"})


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something reviews may speak of, with its name in both languages and its words."""

    en: str
    zh: str
    words: tuple[str, ...]
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()

    def name(self, locale: Locale) -> str:
        return self.zh if locale == "zh" else self.en

    def all_words(self) -> tuple[str, ...]:
        return (*self.words, *self.good, *self.bad)


@dataclass(frozen=True, slots=True)
class Count:
    """The lines of the reviews that mention an aspect: those that praise it, those that complain, and the others."""

    aspect: Aspect
    good: tuple[Evidence, ...]
    bad: tuple[Evidence, ...]
    neither: tuple[Evidence, ...]

    @property
    def lines(self) -> tuple[Evidence, ...]:
        return (*self.good, *self.bad, *self.neither)


def asks_reviews(question: str) -> bool:
    """Whether `question` asks what reviewers say."""
    return _REVIEWS.search(question) is not None


def aspect_asked(question: str) -> Aspect | None:
    """The aspect that a question about reviews asks for: a known one, or whatever stands after "about"."""
    found = _ABOUT.search(question)
    named = (found["en"] or found["zh"]).strip() if found else None
    known = [aspect for aspect in _aspects() if any(mentions(named or question, word) for word in aspect.all_words())]
    if known:
        return known[0]
    if named is None or named.casefold() in _IT_ITSELF or not tokens(named) or re.match("[它这那]", named):
        return None
    return Aspect(f"“{named}”", f"“{named}”", (named,))


def counted(aspect: Aspect, product: Product) -> Count:
    """The reviews of `product` that mention `aspect`, by what they say of it."""
    spoken: dict[int, list[Evidence]] = {1: [], -1: [], 0: []}
    for review, line in zip(product.reviews, reviews(product), strict=True):
        clauses = [one for one in _CLAUSES.split(line.quote) if any(mentions(one, word) for word in aspect.all_words())]
        if clauses:
            spoken[_stance(clauses, aspect, review)].append(line)
    return Count(aspect, tuple(spoken[1]), tuple(spoken[-1]), tuple(spoken[0]))


def about_aspect(aspect: Aspect, product: Product, moment: Moment) -> Iterator[Said]:
    """How many reviews mention an aspect, how many praise it and how many complain, with one of each in its own words."""
    count, locale = counted(aspect, product), moment.locale
    if not product.reviews:
        yield said(say("reviews_none", locale, title=product.title))
    elif not count.lines:
        yield said(say("aspect_none", locale, aspect=aspect.name(locale), total=len(product.reviews)))
    else:
        yield _told(count, product, locale)
        yield from _both_sides(count.good, count.bad, locale)


def review_summary(product: Product, moment: Moment) -> Iterator[Said]:
    """What reviewers say: how many are content, what they speak of most, the happiest and the least happy of them."""
    locale = moment.locale
    written = list(zip(product.reviews, reviews(product), strict=True))
    if product.rating is not None:
        line = field(product, "rating")
        yield said(say("of_product", locale, title=product.title, line=line.quote), [line])
    if not written:
        yield said(say("reviews_none", locale, title=product.title))
        return
    good = sum(review.rating >= 4 for review, _ in written)
    evidence = [line for _, line in written][:_CITED]
    yield said(say("reviews_count", locale, count=len(written), good=good, bad=len(written) - good), evidence)
    yield from (_told(count, product, locale) for count in most_spoken_of(product))
    best = max(written, key=lambda pair: pair[0].rating)
    worst = min(written, key=lambda pair: pair[0].rating)
    if best[0].rating >= 4:
        yield said(say("reviews_best", locale, quote=best[1].quote), [best[1]])
    if worst[0].rating <= 3:
        yield said(say("reviews_worst", locale, quote=worst[1].quote), [worst[1]])


def most_spoken_of(product: Product) -> list[Count]:
    """The aspects that several reviews mention, the most mentioned first."""
    found = [counted(aspect, product) for aspect in _aspects()]
    several = [count for count in found if len(count.lines) >= _MENTIONS]
    return sorted(several, key=lambda count: -len(count.lines))[:_SPOKEN_OF]


def _told(count: Count, product: Product, locale: Locale) -> Said:
    numbers = {"count": len(count.lines), "total": len(product.reviews), "good": len(count.good), "bad": len(count.bad)}
    name = "aspect_one" if numbers["count"] == 1 else "aspect_count"
    return said(say(name, locale, aspect=count.aspect.name(locale), **numbers), count.lines[:_CITED])


def _both_sides(good: Sequence[Evidence], bad: Sequence[Evidence], locale: Locale) -> Iterator[Said]:
    for phrase, lines in (("aspect_good", good), ("aspect_bad", bad)):
        yield from (said(say(phrase, locale, quote=line.quote), [line]) for line in lines[:1])


def _stance(clauses: Sequence[str], aspect: Aspect, review: Review) -> int:
    """1 for praise, -1 for a complaint: by the words of the clauses that speak of the aspect, else by the stars."""
    general = _row(_ANY)
    good, bad = (*aspect.good, *general.good), (*aspect.bad, *general.bad)
    told = sum(_weigh(clause, good) - _weigh(clause, bad) for clause in clauses)
    if told:
        return 1 if told > 0 else -1
    return 1 if review.rating >= 4 else -1 if review.rating <= 2 else 0


def _weigh(clause: str, words: Sequence[str]) -> int:
    """How many of `words` a clause says, each that it denies counted against; words at the same place are one."""
    folded = clause.casefold()
    places = {_place(folded, word.casefold()) for word in words if mentions(clause, word)}
    return sum(-1 if _NOT.search(folded[:place]) else 1 for place in places)


def _place(clause: str, word: str) -> int:
    """Where a word stands in a clause that says it in some form."""
    found = (clause.find(word[:end]) for end in range(len(word), 0, -1))
    return next((place for place in found if place >= 0), 0)


def _aspects() -> list[Aspect]:
    return [_row(name) for name in table("opinions") if name != _ANY]


def _row(name: str) -> Aspect:
    row = table("opinions")[name]
    return Aspect(row["en"], row["zh"], tuple(row["words"]), tuple(row["good"]), tuple(row["bad"]))

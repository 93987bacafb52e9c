"""What reviewers say: code counts."""

import re
from collections.abc import Iterator

from assistant.evidence import field, reviews
from assistant.phrases import say
from assistant.respond import Moment, Said, said
from catalog import Product

_REVIEWS = re.compile(
    r"\b(?:reviews?|reviewers?|ratings?|rated|(?:people|customers) (?:say|think)|opinions?|complain)\b"
    r"|\bany good\b|\bis (?:it|this|that) good(?=\W*$)|\bworth (?:it|the money|buying)\b|评价|口碑|评分|差评|好评|大家怎么说|反馈|怎么样\W*$|好不好|值得买|值不值",
    re.IGNORECASE,
)


def asks_reviews(question: str) -> bool:
    """Whether `question` asks what reviewers say."""
    return _REVIEWS.search(question) is not None


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

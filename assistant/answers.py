"""A question about a product, answered from the quotable lines of its listing and reviews or not at all."""

import re
from collections.abc import Iterator, Sequence

from assistant.evidence import attributes, description, ended, fields
from assistant.lacking import unanswered
from assistant.opinions import about_aspect, asks_reviews, aspect_asked, review_summary
from assistant.phrases import money, say
from assistant.prompts import prompt
from assistant.reading.seen import one_line
from assistant.respond import Moment, Said, said
from assistant.telling import asked_of, plainly_asked, telling
from assistant.types import Evidence, QueuedEvent
from assistant.writer import Writer
from catalog import Catalog, Product

_MAX_TOKENS = 12
_SENTENCES = 3
_DETAILS = 6
_DETAIL_CHARS = 80
_QUOTE_CHARS = 240
_TELL = re.compile(
    r"\b(?:tell me|more (?:about|info|information|details?)|details?|describe|explain)\b|\bwhat(?:'s| is) (?:it|this|that|the \w+ one)\W*$"
    r"|介绍|详细|说说|讲讲|了解一下|是什么(?:东西)?\W*$",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(
    r"^\s*(?:(?:and|but|so|ok),? )?(?:is|are|does|do|did|can|could|will|would|has|have)\b(?! you know)"
    r"|吗|是不是|能不能|可不可以|会不会|可以",
    re.IGNORECASE,
)


def answer(
    question: str, product: Product, catalog: Catalog, moment: Moment, writer: Writer
) -> Iterator[Said | QueuedEvent]:
    """One question about one product, from its listing and reviews, or "the listing does not say".

    Fields that the question names are stated by code, and a line that clearly answers is quoted. Among lines that may
    answer the model chooses. What is quoted stays what it is: an opinion an opinion, and a no cannot turn into a yes.
    """
    if asks_reviews(question):
        aspect = aspect_asked(question)
        yield from about_aspect(aspect, product, moment) if aspect else review_summary(product, moment)
        return
    asked = asked_of(question, product)
    if asks_more(question) and not asked.lines:
        yield from about(product, moment)
        return
    if plainly_asked(asked) and (asked.exactly or not _YES_OR_NO.search(question)):
        yield from (state(line, product, moment) for line in asked.lines)
        return
    told = telling(question, product, asked, catalog)
    chosen = told.lines[0] if told.sure else None
    if told.lines and not told.sure:
        yield from moment.wait()
        chosen = choose(question, told.lines, moment, writer)
    if chosen:
        yield state(chosen, product, moment)
    else:
        yield said(say("not_said", moment.locale, title=product.title), gaps=[unanswered(question, product)])


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
    yield from (said(ended(line.quote, locale), [line]) for line in description(product)[:_SENTENCES])
    details = [line for line in attributes(product) if len(line.quote) <= _DETAIL_CHARS][:_DETAILS]
    if details:
        listed = ("；" if locale == "zh" else "; ").join(" ".join(line.quote.split()).rstrip(".。") for line in details)
        yield said(say("details", locale, lines=listed), details)
    if "rating" in known:
        yield said(ended(known["rating"].quote, locale), [known["rating"]])


def choose(question: str, offered: Sequence[Evidence], moment: Moment, writer: Writer) -> Evidence | None:
    """The offered line that the model finds to answer the question, None where it finds none."""
    asked = prompt("answer", moment.locale, moment.variant)
    numbered = "\n".join(f"{n}. {one_line(_spoken(line, moment))}" for n, line in enumerate(offered, start=1))
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


def _spoken(line: Evidence, moment: Moment) -> str:
    """A line as the model reads it: an opinion is marked as one."""
    text = line.quote[:_QUOTE_CHARS]
    return say("a_reviewer", moment.locale, text=text) if line.kind == "review" else text


def outline(product: Product, moment: Moment) -> Iterator[Said]:
    """The first lines of a listing, quoted: what is said of a product when the question could not be worked on."""
    for line in [*description(product)[:1], *attributes(product)[:2]]:
        yield said(quoted(line, moment), [line], "mended")

"""The slate → sentences: first what code knows exactly, then the model's own, each one verified, mended or dropped."""

import math
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.evidence import description, field, listing
from assistant.lacking import not_carried, nothing_fits, unstated
from assistant.phrases import describe, joined, money, say
from assistant.prompts import prompt
from assistant.retrieve import NearMiss, Retrieval
from assistant.types import Claim, ClaimStatus, Evidence, Gap, Need, QueuedEvent, Slate, SlateItem
from assistant.verify import Ground, Verifier, denies
from assistant.writer import Measured, Writer
from catalog import Locale, tokens

_PHRASED = 2
_FACTS_EACH = 2
_CODES_OWN = frozenset({"price", "in_stock", "rating"})
_FACT_CHARS = 160
_SENTENCES = 1  # a small model fills a second one with what it read elsewhere
_MAX_TOKENS = 60
_ATTEMPTS = 2
_TEMPERATURES = (0.0, 0.7)


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence after verification with the lines it rests on, and what it admits that the shop lacks."""

    claim: Claim
    evidence: tuple[Evidence, ...] = ()
    by_model: bool = False
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """What every stage of one reply needs: the words, the need, the language and how long there is.

    Both times are on the writer's clock: past `patience` the model is asked nothing new, past `deadline` it is cut off.
    `wait` is what passes before the model may be asked, again at no cost; `measured` is told what each generation took;
    `variant` names the prompts that are tried instead of the usual ones, `writer` asks the model that is.
    """

    message: str
    need: Need
    locale: Locale
    currency: str
    deadline: float
    cancelled: threading.Event
    patience: float = math.inf
    wait: Callable[[], Iterable[QueuedEvent]] = tuple
    measured: Measured | None = None
    variant: str = ""
    writer: Writer | None = None


def lead(slate: Slate, retrieval: Retrieval, moment: Moment) -> Iterator[Said]:
    """What code knows about the search: how many fit, under which limits, or what comes nearest."""
    constraints = wishes(moment)
    if retrieval.not_carried:
        gap = not_carried(retrieval.not_carried)
        yield said(say("not_carried", moment.locale, what=retrieval.not_carried), gaps=[gap])
        if slate.items:
            yield said(say("nearest_instead", moment.locale))
        return
    count, shown = slate.matching, len(slate.items)
    if not constraints:
        yield said(say("lead_free", moment.locale))
        return
    if tokens(moment.need.query) and not any(c.field == "type" for c in moment.need.constraints):
        yield said(say("lead_free_with", moment.locale, constraints=constraints))
        return
    some = "lead_some" if slate.all_counted else "lead_more"
    name = "lead_one" if count == 1 else some if count > shown else "lead_all"
    yield said(say(name, moment.locale, count=count, shown=shown, constraints=constraints))


def mentioning(features: Sequence[str], slate: Slate, moment: Moment) -> Iterator[Said]:
    """Which of the shown listings speak of a feature that no field states: said rather than silently passed over."""
    for feature in features:
        wanted = _parts(feature)
        found = {item.product.title: _line_on(wanted, item) for item in slate.items}
        speaking = [title for title, line in found.items() if line or wanted <= _parts(title)]
        name = "mention_some" if speaking else "mention_none"
        if 1 < len(speaking) == len(slate.items):
            name = "mention_all"
        text = say(name, moment.locale, feature=feature, titles=joined(speaking, moment.locale))
        gaps = () if speaking else [unstated(feature, slate.items[0].product.category if slate.items else "")]
        yield said(text, [line for line in found.values() if line], gaps=gaps)


def _line_on(wanted: set[str], item: SlateItem) -> Evidence | None:
    """The line of a listing that holds all the words of a feature and denies nothing; reviewers' words are none."""
    spoken = (line for line in listing(item.product) if not denies(line.quote))
    return next((line for line in spoken if wanted <= _parts(line.quote)), None)


def _parts(text: str) -> set[str]:
    return set(tokens(text.replace("-", " ")))


def nothing(near: NearMiss | None, moment: Moment) -> Iterator[Said]:
    """That nothing fits, and the nearest miss with the wish it fails and by how much."""
    gap = nothing_fits(near, moment.need, wishes(moment))
    yield said(say("nothing_fits", moment.locale, constraints=wishes(moment)), gaps=[gap])
    if near:
        yield _near(near, moment)
    if near and near.in_stock:
        yield _near(near.in_stock, moment, "_else")


def _near(near: NearMiss, moment: Moment, apart: str = "") -> Said:
    product = near.product.localised(moment.locale)
    price = money(product.price_minor, product.currency, moment.locale)
    values: dict[str, object] = {"title": product.title, "price": price}
    if near.failed.field == "in_stock":
        text = say("near_miss_stock", moment.locale, **values)
    elif near.gap_minor is not None:
        values["gap"] = money(near.gap_minor, product.currency, moment.locale)
        values["side"] = say("over" if near.failed.op in ("lt", "le") else "below", moment.locale)
        text = say(f"near_miss_price{apart}", moment.locale, **values)
    else:
        values["constraint"] = describe(near.failed, product.currency, moment.locale)
        text = say(f"near_miss_other{apart}", moment.locale, **values)
    gone = [] if product.in_stock else [field(product, "in_stock")]
    return said(text, [field(product, "price"), *gone])


def explain(slate: Slate, moment: Moment, writer: Writer) -> Iterator[Said | QueuedEvent]:
    """A sentence on each of the best products, the model's where it holds; else, after a second try, the plain one.

    Where many wait for the model, no shopper waits long for all of it: past the moment's patience it is not asked again.
    Nor is it asked to put a listing into another language, which nothing here could check.
    """
    for place, item in enumerate(slate.items[:_PHRASED]):
        held = False
        for attempt in range(_ATTEMPTS if item.product.locale == moment.locale else 0):
            if (place or attempt) and writer.now() > moment.patience:
                break
            yield from moment.wait()
            for one in _phrased(item, slate, moment, writer, attempt):
                held = held or one.claim.status != "dropped"
                yield one
            if held:
                break
        if not held:
            yield plain(item, moment.locale, slate)


def _phrased(item: SlateItem, slate: Slate, moment: Moment, writer: Writer, attempt: int) -> Iterator[Said]:
    """The model's sentences on one product, each verified; a second attempt is worded differently."""
    shelf = [Ground(one.product, listing(one.product)) for one in slate.items]
    grounds = [ground for ground in shelf if ground.product.id == item.product.id]
    verifier = Verifier(grounds, moment.need, shelf=shelf)
    asked = prompt("recommend", moment.locale, moment.variant)
    user = asked.fill(message=moment.message, title=item.product.title, facts=_facts(item))
    spoken = writer.sentences(
        asked.system, user, max_tokens=_MAX_TOKENS, temperature=_TEMPERATURES[attempt], deadline=moment.deadline,
        cancelled=moment.cancelled, purpose=asked.name, measured=moment.measured,
    )  # fmt: skip
    named = False
    for sentence, _ in zip(spoken, range(_SENTENCES), strict=False):
        verdict = verifier.check(sentence)
        named = named or (verdict.ok and verdict.named)
        if verdict.ok and verdict.evidence and named and not sentence[0].islower():
            yield said(sentence, verdict.evidence, by_model=True)
        else:
            yield Said(Claim(sentence, "dropped"))


def plain(item: SlateItem, locale: Locale, slate: Slate) -> Said:
    """A sentence about a product made from its fields: what is said when the model cannot say it."""
    product = item.product
    price = money(product.price_minor, product.currency, locale)
    cited = [id for reason in item.reasons for id in reason.evidence]
    evidence = tuple(line for line in slate.evidence if line.id in cited and line.field not in _CODES_OWN)[:2]
    if not evidence:
        return said(say("plain_bare", locale, title=product.title, price=price), evidence, "mended")
    end = "。" if product.locale == "zh" else ". "
    reasons = end.join(line.quote.rstrip(".。") for line in evidence) + end.strip()
    return said(say("plain", locale, title=product.title, price=price, reasons=reasons), evidence, "mended")


def cheapest(slate: Slate, locale: Locale) -> Iterator[Said]:
    """Which of several is the cheapest: a comparison, so code's to say."""
    if len(slate.items) < 2:
        return
    product = min((item.product for item in slate.items), key=lambda p: p.price_minor)
    if sum(item.product.price_minor == product.price_minor for item in slate.items) == 1:
        price = money(product.price_minor, product.currency, locale)
        yield said(say("cheapest", locale, title=product.title, price=price), [field(product, "price")])


def said(
    text: str,
    evidence: Sequence[Evidence] = (),
    status: ClaimStatus = "supported",
    *,
    by_model: bool = False,
    gaps: Sequence[Gap] = (),
) -> Said:
    """A sentence that holds, since code made it or verified it, with the lines it rests on."""
    return Said(Claim(text, status, tuple(line.id for line in evidence)), tuple(evidence), by_model, tuple(gaps))


def gaps_in(spoken: Iterable[Said]) -> tuple[Gap, ...]:
    """What sentences admit that the shop lacks, each once."""
    return tuple(dict.fromkeys(gap for one in spoken for gap in one.gaps))


def _facts(item: SlateItem) -> str:
    """A product's facts as short sentences, which small models read best; prices and ratings are code's to say."""
    product = item.product
    cited = [id for reason in item.reasons for id in reason.evidence]
    quotes = [line.quote for line in listing(product) if line.id in cited and line.field not in _CODES_OWN]
    quotes += [line.quote for line in description(product)[:2] if line.quote not in quotes]
    end = "。" if product.locale == "zh" else ". "
    facts = end.join(quote[:_FACT_CHARS].rstrip(".。 ") for quote in quotes[:_FACTS_EACH])
    return f"{facts}{end.strip()}"


def wishes(moment: Moment) -> str:
    """The constraints of the need in words, each once."""
    spoken = (describe(c, moment.currency, moment.locale) for c in moment.need.constraints)
    return joined(list(dict.fromkeys(spoken)), moment.locale)

"""Which kind of reply a message gets, what is on the shelf beside it, and who says its sentences."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from assistant import answers, comparing, opinions, respond, rules
from assistant.context import Context, Understanding
from assistant.differences import differences
from assistant.lacking import nothing_beyond, nothing_more, sold_out
from assistant.narrow import narrowings, question
from assistant.phrases import currency_name, describe, money, say
from assistant.rank import rank, shelf
from assistant.reading.change import order_wanted
from assistant.reading.intent import asks_which
from assistant.reading.steering import is_indifferent, means_all
from assistant.reading.vocabulary import Vocabulary
from assistant.respond import Moment, Said, said
from assistant.retrieve import IN_STOCK, Retrieval, retrieve
from assistant.substitutes import instead, substitutes
from assistant.tickets import left
from assistant.types import Comparison, Gap, Kind, Need, Question, QueuedEvent, Slate, TicketDraft
from assistant.unanswered import asks_shop, falls_short, fell_short, way_out, ways_out
from assistant.verify import most_asked
from assistant.writer import Writer
from catalog import Catalog, Constraint, Locale, Product, tokens

_NEARER = 0.02  # cosine
_MANY = 8  # matches: two slates, more than anybody looks through
_CLARIFYING = 4
_COMPARED = 4
_ASKED_OF = 12  # matches: three slates, beyond which one more wish helps more than another look
_QUESTIONS = 2  # a conversation: more is an interrogation
_INSTEAD = 4
Speech = Callable[[Moment], Iterator[Said | QueuedEvent]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply about to be spoken: `say` with the model's help, `plainly` from the fields alone should that fail.

    `narrowing` finds quick replies that go before the others, `asking` what to ask at the end; they take their time, so
    they are asked once all else is said. `ticket` is opened before anything is said of it. `service` is where a service
    conversation stands afterwards, as it is kept with the turn.
    """

    kind: Kind
    need: Need
    slate: Slate
    say: Speech
    plainly: Callable[[Moment], Iterator[Said]]
    quick_replies: tuple[str, ...] = ()
    narrowing: Callable[[], tuple[str, ...]] = tuple
    ticket: TicketDraft | None = None
    comparison: Comparison | None = None
    question: Question | None = None
    asking: Callable[[], Question | None] = lambda: None
    service: Mapping[str, Any] | None = None


class Replies:
    """Decides replies over one catalogue and its vocabulary; the writer puts them into words."""

    def __init__(self, catalog: Catalog, vocabulary: Vocabulary, writer: Writer) -> None:
        self._catalog = catalog
        self._vocabulary = vocabulary
        self._writer = writer

    def prepare(self, understood: Understanding, context: Context, retrieval: Retrieval | None, slate: Slate) -> Answer:
        """The answer to a message that was understood; for a search with what was retrieved and ranked."""
        answer = self._answer(understood, context, retrieval, slate)
        return self._with_ways_out(answer, understood, context)

    def _answer(self, understood: Understanding, context: Context, retrieval: Retrieval | None, slate: Slate) -> Answer:
        if retrieval is not None:
            return self._searched(understood, context, retrieval, slate)
        targets = [p for id in understood.targets if (p := self._catalog.get(id)) is not None]
        shown = [p for one in context.shown if (p := self._catalog.get(one.id)) is not None]
        if understood.intent == "compare":
            return self._extreme(understood, shown) or self._compared(understood, shown, targets)
        if understood.intent in ("pick", "why", "beyond") and shown:
            return self._about_the_shelf(understood, shown, targets or shown)
        if understood.intent == "question" and targets:
            return self._questioned(understood, shown, targets[0])
        if understood.intent == "policy":
            return self._ruled(understood)
        if understood.intent in ("ask_shop", "notify", "mail"):
            return self._left(understood, context)
        kinds: dict[str, Kind] = {
            "person": "service",
            "bargain": "refuse",
            "orders": "refuse",
            "greeting": "chat",
            "thanks": "chat",
        }
        kind = kinds.get(understood.intent, "chat")
        phrase = understood.intent if understood.intent in kinds else "greeting"
        return self._phrase(kind, phrase, understood)

    def _with_ways_out(self, answer: Answer, understood: Understanding, context: Context) -> Answer:
        """`answer` with what can be done where it turns out to be none; where the turn before was none, with more."""
        catalog, locale = self._catalog, understood.locale
        again = bool(context.history) and fell_short(context.history[-1])
        spoken: list[Said] = []

        def speak(moment: Moment) -> Iterator[Said | QueuedEvent]:
            for one in answer.say(moment):
                spoken.extend([one] if isinstance(one, Said) else [])
                yield one
            if again and falls_short(answer.kind, spoken):
                yield way_out(catalog, locale)

        def narrow() -> tuple[str, ...]:
            if not falls_short(answer.kind, spoken):
                return answer.narrowing()
            asked = () if answer.kind == "no_match" else (asks_shop(locale),)
            return (*answer.narrowing(), *(ways_out(catalog, locale) if again else asked))

        return replace(answer, say=speak, narrowing=narrow)

    def _left(self, understood: Understanding, context: Context) -> Answer:
        """A message that leaves something to the people of the shop."""
        found = left(understood, context, self._catalog)

        def speak(moment: Moment) -> Iterator[Said]:
            waits = (
                self._catalog.get(found.draft.product_id or "") if found.draft and found.draft.kind == "stock" else None
            )
            gaps = [sold_out(waits)] if waits else []
            yield from (said(sentence, gaps=gaps) for sentence in found.sentences)

        return Answer(found.kind, understood.need, Slate(), speak, speak, ticket=found.draft)

    def _searched(self, understood: Understanding, context: Context, retrieval: Retrieval, slate: Slate) -> Answer:
        need = understood.need
        targets = (self._catalog.get(id) for id in understood.targets if understood.anchor is None)
        gone = next((p for p in targets if p is not None and not p.in_stock), None)
        if gone is not None:
            return self._sold_out(replace(understood, need=context.need), gone)
        if understood.to_shop and self._is_rule(understood, retrieval):
            return self._ruled(replace(understood, need=context.need))
        if not tokens(need.query) and not need.constraints and not need.category:
            return self._clarified(understood)
        if understood.anchor is not None and not slate.items:
            return self._at_the_end(understood, context)
        if retrieval.matching and not slate.items:
            return _fixed("no_match", say("no_others", understood.locale), understood, [nothing_more(need)])
        if not slate.items and not retrieval.not_carried:
            return self._nothing(understood, retrieval)
        return self._recommended(understood, context, retrieval, slate)

    def _recommended(self, understood: Understanding, context: Context, retrieval: Retrieval, slate: Slate) -> Answer:
        locale = understood.locale
        asking = (lambda: None) if retrieval.not_carried else self._asking(understood, context, slate)

        def known(moment: Moment) -> Iterator[Said]:
            yield from _notes(understood, moment)
            yield from respond.lead(slate, retrieval, moment)
            if not retrieval.not_carried:
                yield from respond.mentioning(understood.features, slate, moment)

        def speak(moment: Moment) -> Iterator[Said | QueuedEvent]:
            yield from known(moment)
            if not retrieval.not_carried:
                yield from respond.explain(slate, moment, moment.writer or self._writer)
                yield from respond.cheapest(slate, locale)

        def plainly(moment: Moment) -> Iterator[Said]:
            yield from known(moment)
            yield from (respond.plain(item, locale, slate) for item in slate.items[:2])

        replies = [say("q_cheaper", locale)] if slate.items else []
        if len(slate.items) > 1:
            replies += [say("q_compare", locale), say("q_pick", locale)]
        if slate.items and slate.items[0].product.reviews:
            replies.append(say("q_about", locale))
        if slate.matching > len(slate.items):
            replies.append(say("q_other", locale))
        kind: Kind = "no_match" if retrieval.not_carried else "recommend"
        narrow = self._narrowing(understood, slate) if kind == "recommend" and slate.matching > _MANY else tuple
        return Answer(kind, understood.need, slate, speak, plainly, tuple(replies), narrow, asking=asking)

    def _asking(self, understood: Understanding, context: Context, slate: Slate) -> Callable[[], Question | None]:
        """The question that would narrow a broad search best; none where the shopper was asked enough or has no say."""
        asked, many = context.trail.asked, slate.matching > _ASKED_OF
        if not many or len(asked) >= _QUESTIONS or is_indifferent(understood.message) or understood.different:
            return lambda: None
        view = replace(context, need=understood.need, shown=tuple(item.product for item in slate.items), focus=None)

        @cache
        def ask() -> Question | None:
            shown = [product for id in slate.ids() if (product := self._catalog.get(id)) is not None]
            return question(view, shown, self._catalog, self._vocabulary, understood.locale)

        return ask

    def _narrowing(self, understood: Understanding, slate: Slate) -> Callable[[], tuple[str, ...]]:
        shown = tuple(item.product for item in slate.items)
        context = Context(understood.need, shown, None, understood.locale)

        def narrow() -> tuple[str, ...]:
            found = narrowings(context, self._catalog, self._vocabulary, understood.locale)
            return tuple(one.words for one in found)

        return narrow

    def _nothing(self, understood: Understanding, retrieval: Retrieval) -> Answer:
        def speak(moment: Moment) -> Iterator[Said]:
            yield from _notes(understood, moment)
            yield from respond.nothing(retrieval.near_miss, moment)

        replies: tuple[str, ...] = ()
        near = retrieval.near_miss and (retrieval.near_miss.in_stock or retrieval.near_miss)
        if near and near.failed.field != "in_stock":
            failed = describe(near.failed, near.product.currency, understood.locale)
            replies = (say("q_without", understood.locale, constraint=failed),)
        waits = _waits(retrieval.near_miss.product, understood.locale) if retrieval.near_miss else ()
        return Answer("no_match", understood.need, Slate(), speak, speak, (*replies, *waits))

    def _at_the_end(self, understood: Understanding, context: Context) -> Answer:
        """Nothing is cheaper (or dearer): say which one ends the range, and keep the need as it was."""
        found = retrieve(context.need, self._catalog).candidates
        cheaper = any(
            c.field == "price" and c.op == "lt"
            for c in understood.need.constraints
            if c not in context.need.constraints
        )
        pick = min if cheaper else max
        product = pick((c.product for c in found), key=lambda p: p.price_minor) if found else understood.anchor
        locale = understood.locale
        assert product is not None  # noqa: S101  (the anchor is what brought us here)
        shown = product.localised(locale)
        phrase = "cheapest_already" if cheaper else "dearest_already"
        text = say(phrase, locale, title=shown.title, price=money(shown.price_minor, shown.currency, locale))
        gap = nothing_beyond(product, understood.need, context.need)
        answer = _fixed("no_match", text, replace(understood, need=context.need), [gap] if gap else ())
        return replace(answer, slate=shelf([product], locale))

    def _clarified(self, understood: Understanding) -> Answer:
        """Nothing to go by: ask, with the best liked of the largest categories beside the question."""
        locale = understood.locale
        homes = [Constraint("category", "eq", name) for name in self._catalog.categories()[: 2 * _CLARIFYING]]
        firsts = (self._catalog.first((home, IN_STOCK), "best rated", 1) for home in homes)
        liked = [product for found in firsts for product in found]
        liked = sorted(liked, key=lambda p: -p.liking) or self._catalog.first((IN_STOCK,), "best rated", _CLARIFYING)
        slate = shelf(liked[:_CLARIFYING], locale)
        leaves = (item.product.category.split(" > ")[-1] for item in slate.items)
        replies = tuple(dict.fromkeys(leaf for leaf in leaves if leaf))
        return replace(_fixed("clarify", say("clarify", locale), understood), slate=slate, quick_replies=replies)

    def _questioned(self, understood: Understanding, shown: list[Product], product: Product) -> Answer:
        """A question about a product; which of the shown ones is the cheapest, code compares."""
        locale = understood.locale
        order = order_wanted(understood.message) if shown and asks_which(understood.message) else None
        about, others = product.localised(locale), [one.localised(locale) for one in shown]
        close = [] if product.in_stock else substitutes(product, understood.need, self._catalog, _INSTEAD)
        slate = shelf(close, locale, understood.need)

        def speak(moment: Moment) -> Iterator[Said | QueuedEvent]:
            if order:
                yield from comparing.superlative(order, others, moment)
            else:
                yield from answers.answer(moment.message, about, self._catalog, moment, moment.writer or self._writer)
            if close:
                yield from instead(about, [item.product for item in slate.items], moment)

        def plainly(moment: Moment) -> Iterator[Said]:
            yield said(say("trouble", moment.locale))
            yield from answers.outline(about, moment)

        ways = _ways_among(slate, locale) if close else _ways_on(understood, product, len(shown) > 1)
        return Answer("answer", understood.need, slate, speak, plainly, (*_waits(product, locale), *ways))

    def _sold_out(self, understood: Understanding, product: Product) -> Answer:
        """A product that was named and is not in stock: what is, of the same category and within the need."""
        locale = understood.locale
        slate = shelf(substitutes(product, understood.need, self._catalog, _INSTEAD), locale, understood.need)

        def speak(moment: Moment) -> Iterator[Said]:
            yield from _notes(understood, moment)
            yield from instead(product.localised(locale), [item.product for item in slate.items], moment)

        ways = (*_waits(product, locale), *_ways_among(slate, locale))
        return Answer("answer", understood.need, slate, speak, speak, ways)

    def _extreme(self, understood: Understanding, shown: list[Product]) -> Answer | None:
        """The answer to "which is the lightest?", where that is what is asked of more than one product in view."""
        asked = most_asked(understood.message) if len(shown) > 1 and asks_which(understood.message) else None
        if asked is None:
            return None
        views = [product.localised(understood.locale) for product in shown]

        def speak(moment: Moment) -> Iterator[Said]:
            yield from comparing.extreme(*asked, views, moment)

        return Answer("answer", understood.need, Slate(), speak, speak, (say("q_compare", understood.locale),))

    def _compared(self, understood: Understanding, shown: list[Product], targets: list[Product]) -> Answer:
        if len(targets) < 2:
            several = _COMPARED if means_all(understood.message) else 2
            targets = [*targets, *(p for p in shown if p not in targets)][:several]
        if len(targets) < 2:
            return self._phrase("compare", "compare_two", understood)
        targets, locale, need = targets[:_COMPARED], understood.locale, understood.need
        products = [product.localised(locale) for product in targets]
        found = differences(products, need, locale)
        advice = comparing.advise(targets, need, locale)
        slate = shelf(targets, locale)
        evidence = {line.id: line for line in (*slate.evidence, *found.evidence, *advice.evidence)}

        def speak(moment: Moment) -> Iterator[Said]:
            yield from comparing.compare(products, found.rows, moment)
            yield advice

        return Answer(
            "compare", need, replace(slate, evidence=tuple(evidence.values())), speak, speak, (say("q_pick", locale),),
            comparison=Comparison(slate.ids(), found.rows, advice.claim.text),
        )  # fmt: skip

    def _about_the_shelf(self, understood: Understanding, shown: list[Product], targets: list[Product]) -> Answer:
        """Which one to take, why one is there, or that there is no such place: the shelf stays as it is."""
        locale = understood.locale
        if understood.intent == "beyond" and len(shown) == 1:
            return _fixed("clarify", say("beyond_one", locale, title=shown[0].localised(locale).title), understood)
        if understood.intent == "beyond":
            return _fixed("clarify", say("beyond", locale, count=len(shown)), understood)
        chosen = targets[:1] if understood.intent == "why" else self._best_first(shown, understood.need)
        items = shelf(chosen, locale, understood.need).items

        def speak(moment: Moment) -> Iterator[Said]:
            yield from comparing.why(items[0], moment) if understood.intent == "why" else comparing.pick(items, moment)

        return Answer(
            "answer", understood.need, Slate(), speak, speak, _ways_on(understood, items[0].product, len(shown) > 1)
        )

    def _best_first(self, products: list[Product], need: Need) -> list[Product]:
        """Products in the order in which the search for the need finds them."""
        found = rank(retrieve(need, self._catalog), need, "en", len(self._catalog)).ids()
        return sorted(products, key=lambda product: found.index(product.id) if product.id in found else len(found))

    def _is_rule(self, understood: Understanding, retrieval: Retrieval) -> bool:
        """Whether the shop's rules are nearer to a message than any product."""
        rules = self._catalog.rules(understood.message, understood.locale, 1)
        return bool(rules) and rules[0].cosine > retrieval.nearest + _NEARER

    def _ruled(self, understood: Understanding) -> Answer:
        def speak(moment: Moment) -> Iterator[Said]:
            yield from rules.shop_rule(moment.message, self._catalog, moment)

        return Answer("service", understood.need, Slate(), speak, speak)

    def _phrase(self, kind: Kind, phrase: str, understood: Understanding) -> Answer:
        return _fixed(kind, say(phrase, understood.locale), understood)


def _ways_on(understood: Understanding, product: Product, several: bool) -> tuple[str, ...]:
    """What may be asked next about a product: two questions that were not just asked and that have an answer."""
    message = understood.message
    offered = {
        "q_more": not answers.asks_more(message),
        "q_reviews": bool(product.reviews) and not opinions.asks_reviews(message),
        "q_pick": several and understood.intent != "pick",
    }
    return tuple(say(name, understood.locale) for name, fits in offered.items() if fits)[:2]


def _waits(product: Product, locale: Locale) -> tuple[str, ...]:
    """That one may be told when a product is back, where it is sold out."""
    return () if product.in_stock else (say("q_notify", locale),)


def _ways_among(slate: Slate, locale: Locale) -> tuple[str, ...]:
    """What may be asked next of products that have come on the shelf in the place of another."""
    return (say("q_compare", locale), say("q_pick", locale)) if len(slate.items) > 1 else ()


def _fixed(kind: Kind, text: str, understood: Understanding, gaps: Sequence[Gap] = ()) -> Answer:
    def speak(moment: Moment) -> Iterator[Said]:
        yield said(text, gaps=gaps)

    return Answer(kind, understood.need, Slate(), speak, speak)


def _notes(understood: Understanding, moment: Moment) -> Iterator[Said]:
    """How the message was taken where that is not as it stands: a mistyped word, another currency."""
    for typed, meant in understood.corrected:
        yield said(say("corrected", moment.locale, typed=typed, meant=meant))
    if understood.foreign_currency:
        currency = currency_name(moment.currency, moment.locale)
        yield said(say("foreign_currency", moment.locale, currency=currency))

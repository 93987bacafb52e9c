"""A reply as an agent could send it: made from the shop's rules, past answers, the listing and what the books say.

Code makes it; a language model may put it into better words. Either way every sentence stands on a source, and none says
that something was or will be done which no deed backs. Where nothing is sure there is no draft.
"""

import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import uuid4

import structlog

from assistant.errors import ModelError
from assistant.evidence import listing
from assistant.phrases import say
from assistant.prompts import prompt
from assistant.reading.seen import one_line
from assistant.service.past import Past, PastAnswers
from assistant.service.private import without_private
from assistant.service.promises import Says, unkept
from assistant.service.translate import translate
from assistant.service.types import Proposal
from assistant.telling import asked_of, plainly_asked, telling
from assistant.types import Evidence, Need, Turn
from assistant.verify import Ground, Verifier
from assistant.writer import Writer
from catalog import Catalog, Locale, Product, sentences

SHOWN = 0.6  # from here on a past answer is drafted: on the development half eight in ten are right
_LISTING = 0.9
_BOOKS = 0.7
_SENTENCES = 3
_TRANSLATED = 0.9  # as sure as of the answer itself
_LEAST = 0.5  # of the model's sentences that must stand, or code's own words do
_MAX_TOKENS = 160
_DEADLINE_S = 20.0
_NUMBER = re.compile(r"\d[\d,.]*")
_log = structlog.get_logger()

Facts = Callable[[str, str, Locale], Sequence[str]]
"""What the books say that bears on a question: from a session's id, the question and the shopper's language."""


class Ticket(Protocol):
    """What a draft needs of a ticket: whose conversation it is, and what is wanted in a line."""

    @property
    def session_id(self) -> str: ...
    @property
    def line(self) -> str: ...


class Message(Protocol):
    """A message of the desk: by "shopper" or "agent", its words under `text` in `data`."""

    @property
    def author(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Source:
    """A text that a draft rests on, and where it stands."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply in the shopper's language. `confidence` is how likely it answers, 0 to 1."""

    id: str
    text: str
    sources: tuple[Source, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class _Found:
    """What may be said: sentences, what they rest on, and the product they speak of.

    `standing` are lines that are so by themselves, as an answer to another shopper is not.
    """

    sentences: tuple[str, ...]
    sources: tuple[Source, ...]
    confidence: float
    standing: tuple[str, ...] = ()
    product: Product | None = None


class Drafts:
    """Drafts replies. Safe to share between threads. Without a writer the words are code's own."""

    def __init__(
        self,
        past: PastAnswers,
        catalog: Callable[[], Catalog],
        *,
        writer: Writer | None = None,
        proposals: Callable[[str], Iterable[Proposal]] = lambda _: (),
        facts: Facts = lambda *_: (),
        says: Says | None = None,
    ) -> None:
        """`proposals` and `facts` are of a session; `says` as in `unkept`."""
        self._past = past
        self._catalog = catalog
        self._writer = writer
        self._proposals = proposals
        self._facts = facts
        self._says = says

    def draft(self, ticket: Ticket, turns: Sequence[Turn], messages: Sequence[Message], locale: Locale) -> Draft | None:
        """A reply to what the shopper asked last; None where nothing sure can be said."""
        question = asked_last(ticket, turns, messages)
        if not question:
            return None
        found = [self._of_books(ticket.session_id, question, locale), self._of_past(question, locale)]
        parts = [part for part in found if part is not None]
        if not any(part.confidence >= SHOWN for part in parts[-1:]) and (
            told := self._of_listing(question, turns, locale)
        ):
            parts.append(told)
        kept = [part for part in (self._kept(one, ticket.session_id, locale) for one in parts) if part.sentences]
        if not kept:
            return None
        text = self._worded(question, kept, ticket.session_id, locale) or _joined(kept, locale)
        sources = tuple(dict.fromkeys(source for part in kept for source in part.sources))
        return Draft(uuid4().hex, text, sources, max(part.confidence for part in kept))

    def _of_books(self, session_id: str, question: str, locale: Locale) -> _Found | None:
        facts = tuple(self._facts(session_id, question, locale))
        where = say("sum_from_books", locale)
        return _Found(facts, tuple(Source(one, where) for one in facts), _BOOKS, facts) if facts else None

    def _of_past(self, question: str, locale: Locale) -> _Found | None:
        """The best past answer, where it is likely right; one in the other language only as the model translates it."""
        best = self._past.best(question, locale, 1)
        one = self._in_language(best[0], locale) if best and best[0].score >= SHOWN else None
        if one is None:
            return None
        if one.ticket_id is None:
            told = self._past.telling(question, one, _SENTENCES)
            where = say("sum_from_rule", locale, title=one.question.rstrip("?？"))
            return _Found(told, (Source(one.answer, where),), one.score, tuple(sentences(one.answer)))
        told = tuple(line for line in sentences(without_private(one.answer)) if self._general(line, locale))
        where = say("sum_from_ticket", locale)
        return _Found(told[:_SENTENCES], (Source(one.answer, where),), one.score) if told else None

    def _in_language(self, past: Past, locale: Locale) -> Past | None:
        if past.locale == locale:
            return past
        words = translate(past.answer, locale, self._writer) if self._writer else None
        return replace(past, answer=words, locale=locale, score=past.score * _TRANSLATED) if words else None

    def _general(self, line: str, locale: Locale) -> bool:
        """Whether a sentence of another shopper's answer holds no number that is not the shop's own."""
        ours = {
            number for one in self._catalog().policies if one.locale == locale for number in _NUMBER.findall(one.text)
        }
        return {number.rstrip(".,") for number in _NUMBER.findall(line)} <= {number.rstrip(".,") for number in ours}

    def _of_listing(self, question: str, turns: Sequence[Turn], locale: Locale) -> _Found | None:
        """The line of the listing spoken of last that answers, where one clearly does."""
        product = self._spoken_of(turns, locale)
        if product is None:
            return None
        asked = asked_of(question, product)
        if plainly_asked(asked):
            lines = asked.lines
        else:
            told = telling(question, product, asked, self._catalog())
            lines = told.lines[:1] if told.sure else ()
        if not lines:
            return None
        where = say("sum_from_listing", locale, title=product.title)
        quotes = tuple(_stated(line, product, locale) for line in lines)
        sources = tuple(Source(line.quote, where) for line in lines)
        return _Found(quotes, sources, _LISTING, quotes, product)

    def _spoken_of(self, turns: Sequence[Turn], locale: Locale) -> Product | None:
        """The product that was last spoken of: the one an answer rested on, or the only one shown."""
        for turn in reversed(turns):
            spoken = dict.fromkeys(line.product_id for line in turn.evidence if line.product_id)
            ids = list(spoken) or list(turn.slate.ids())
            if ids:
                found = self._catalog().get(ids[0]) if len(ids) == 1 else None
                return found.localised(locale) if found else None
        return None

    def _kept(self, part: _Found, session_id: str, locale: Locale) -> _Found:
        """A part without what it promises in vain."""
        proposals = tuple(self._proposals(session_id))
        broken = unkept(" ".join(part.sentences), proposals, locale, facts=part.standing, says=self._says)
        told = tuple(
            one for one in part.sentences if one not in broken and not any(b in one or one in b for b in broken)
        )
        return _Found(told, part.sources, part.confidence, part.standing, part.product)

    def _worded(self, question: str, parts: Sequence[_Found], session_id: str, locale: Locale) -> str:
        """The model's words, sentence by sentence as far as they stand; "" where too few of them do."""
        if self._writer is None:
            return ""
        lines = [one for part in parts for one in part.sentences]
        asked = prompt("draft", locale)
        numbered = "\n".join(f"{number}. {one_line(one)}" for number, one in enumerate(lines, start=1))
        try:
            spoken = list(
                self._writer.sentences(
                    asked.system, asked.fill(question=question, lines=numbered), max_tokens=_MAX_TOKENS,
                    deadline=self._writer.now() + _DEADLINE_S, cancelled=threading.Event(), purpose=asked.name,
                )
            )  # fmt: skip
        except ModelError as error:
            _log.warning("a draft was not put into other words", failure=str(error))
            return ""
        verifiers = _verifiers(parts)
        proposals = tuple(self._proposals(session_id))
        stand = [one for one in dict.fromkeys(spoken) if self._stands(one, verifiers, lines, proposals, locale)]
        enough = bool(stand) and len(stand) >= _LEAST * len(spoken) and len(stand) <= 2 * _SENTENCES
        return _spaced(stand, locale) if enough else ""

    def _stands(
        self,
        sentence: str,
        verifiers: Sequence[Verifier],
        lines: Sequence[str],
        proposals: Sequence[Proposal],
        locale: Locale,
    ) -> bool:
        """Whether a sentence of the model's rests on the lines and promises nothing in vain."""
        if unkept(sentence, proposals, locale, facts=lines, says=self._says):
            return False
        return sentence in lines or any(verifier.check(sentence).ok for verifier in verifiers)


def asked_last(ticket: Ticket, turns: Sequence[Turn], messages: Sequence[Message]) -> str:
    """What the shopper wrote last and nobody of the shop has answered, else what the ticket is about."""
    waiting: list[str] = []
    for message in messages:
        text = str(message.data.get("text", "")).strip()
        if message.author == "agent":
            waiting = []
        elif message.author == "shopper" and text:
            waiting.append(text)
    if waiting:
        return " ".join(waiting[-2:])
    if any(message.author == "agent" for message in messages):
        return ""
    said = next((turn.message.strip() for turn in reversed(turns) if _asks(turn)), "")
    return ticket.line.strip() or said


def _asks(turn: Turn) -> bool:
    return bool(turn.message.strip()) and turn.reply.kind not in ("chat", "refuse")


def _verifiers(parts: Sequence[_Found]) -> tuple[Verifier, ...]:
    """What holds the model's sentences to the parts: to lines of rules and books, and to a listing."""
    rules = [
        Evidence(f"draft:{number}", "policy", None, "", line)
        for number, line in enumerate(line for part in parts if part.product is None for line in part.sentences)
    ]
    found = [Verifier((), Need(), rules=rules)] if rules else []
    product = next((part.product for part in parts if part.product is not None), None)
    if product is not None:
        found.append(Verifier([Ground(product, listing(product))], Need()))
    return tuple(found)


def _stated(line: Evidence, product: Product, locale: Locale) -> str:
    """A line of a listing as a sentence, quoted with where it comes from unless it is a field."""
    if line.kind == "field":
        return say("field_is", locale, title=product.title, line=line.quote.rstrip(".。"))
    return say("review_says" if line.kind == "review" else "listing_says", locale, quote=line.quote)


def _joined(parts: Sequence[_Found], locale: Locale) -> str:
    return _spaced([one for part in parts for one in part.sentences], locale)


def _spaced(told: Sequence[str], locale: Locale) -> str:
    return ("" if locale == "zh" else " ").join(dict.fromkeys(told))

"""The turn: understand → retrieve → rank → respond → verify → record. The slate goes out before any word is written."""

import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import partial

import structlog

from assistant import prompts
from assistant.acts import reread
from assistant.cart_replies import CartReplies, basket_of
from assistant.context import Context, Understanding
from assistant.conversation import context_of, openers, with_named
from assistant.heed import heeded, refusing
from assistant.listings import spoken_listing
from assistant.memory import Recall, Recalled
from assistant.model import Generation
from assistant.model.measure import taken
from assistant.need import QUERY_CHARS
from assistant.places import Place, Places
from assistant.rank import VERSION as RANKER
from assistant.reading.heard import Ordering, hear
from assistant.reading.orders import addresses_assistant
from assistant.reading.spelling import spelt
from assistant.reading.vocabulary import Vocabulary, vocabulary_of
from assistant.record import OpenTurn, Record
from assistant.replies import Answer, Replies
from assistant.respond import Moment, Said, gaps_in, said
from assistant.retrieve import Retrieval, retrieve
from assistant.sense import Sense
from assistant.service.replies import ServiceReplies
from assistant.settings import Settings
from assistant.shelving import Shelving, shelving_of
from assistant.steering import STEERED, steered
from assistant.treatment import Arms, NoArms
from assistant.trials import Trial, spoken_by
from assistant.types import (
    DoneEvent,
    Event,
    Evidence,
    Handoff,
    Need,
    NeedEvent,
    QueuedEvent,
    Reply,
    SentenceEvent,
    Slate,
    SlateEvent,
    Turn,
    Utterance,
    Versions,
)
from assistant.understand import locale_of, understand
from assistant.writer import Writer
from catalog import Catalog, Locale

_log = structlog.get_logger()
_REMEMBERED = 24  # turns: a shelf is asked about for long, and what is further back is no longer in view
_QUICK_REPLIES = 6
_NEVER_SERVED = ("orders", "bargain", "cart", "memory", "person")


@dataclass
class _Running:
    """One turn under way: what has been measured and said so far."""

    started: float
    message: str
    timings_ms: dict[str, float] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    generations: list[Generation] = field(default_factory=list)
    failure: str | None = None
    handoff: Handoff | None = None
    shelving: Shelving | None = None
    trial: Trial | None = None


class Assistant:
    """One shop's assistant. Safe to call from many threads; each turn is one generator of events.

    Without a `sense` of acts messages are read by rules alone, and without `ordering` orders are told by their wording
    alone; without `service` nobody looks after orders; without `arms` nothing is tried. `trials` are the models that may
    be, by the names of their arms.
    """

    def __init__(
        self,
        catalog: Catalog,
        record: Record,
        writer: Writer,
        settings: Settings,
        *,
        model: str,
        quantisation: str,
        sense: Sense | None = None,
        ordering: Ordering | None = None,
        service: ServiceReplies | None = None,
        arms: Arms | None = None,
        trials: Mapping[str, Trial] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._record = record
        self._writer = writer
        self._settings = settings
        self._sense = sense
        self._ordering = ordering
        self._service = service
        self._arms: Arms = arms or NoArms()
        self._trials = trials or {}
        self._clock = clock
        self._places = Places(settings.chats, settings.queue, clock=clock)
        self._versions = Versions(model, quantisation, prompts.version(), catalog.version, RANKER)
        self._know(catalog)

    def over(self, catalog: Catalog) -> "Assistant":
        """The same assistant over another catalogue, with the same places for turns; this one goes on over its own."""
        other = copy(self)
        other._know(catalog)
        return other

    def _know(self, catalog: Catalog) -> None:
        catalog = catalog.told(spoken_listing)
        self._catalog = catalog
        self._vocabulary: Vocabulary = vocabulary_of(catalog)
        self._replies = Replies(catalog, self._vocabulary, self._writer)
        self._cart_replies = CartReplies(catalog, self._record, self._settings.checkout_url)
        self._memory = Recall(self._record.memory, catalog, self._vocabulary)
        self._versions = replace(self._versions, index=catalog.version)

    def reply(self, utterance: Utterance) -> Iterator[Event]:
        """Answer one utterance as it happens: the need, the slate, verified sentences, the finished and recorded turn.

        What needs no model is said at once; a turn that has to wait for the model tells its place in the queue. Raises
        Busy or UnknownId before the first event; afterwards a failing model only makes the words plainer. Closing the
        generator stops the model and records what was said until then.
        """
        with self._places.taken() as place:
            yield from self._turn(utterance, place)

    def turns(self, session_id: str) -> tuple[Turn, ...]:
        """All turns of a session, oldest first. Raises UnknownId."""
        return self._record.turns(session_id, self._catalog.get)

    def openers(self, locale: Locale) -> tuple[str, ...]:
        """Four requests that this catalogue can answer, for a first visit."""
        return openers(self._catalog, locale, self._vocabulary.currency)

    def _turn(self, utterance: Utterance, place: Place) -> Iterator[Event]:
        running = _Running(self._clock(), utterance.message)
        context = self._context(utterance.session_id)
        heard = hear(utterance.message, self._ordering)
        read = replace(utterance, message=heard.message)
        locale = locale_of(utterance, context)
        opened = self._record.open_turn(utterance, locale, session_id=utterance.session_id)
        if opened.live is not None:
            yield from self._passed_on(utterance, opened, locale, context.need, running, place)
            return
        understood, context = self._understood(read, context, locale, opened)
        understood = self._served(read, heeded(heard, understood, context.need, locale), context, opened)
        treatment = self._arms.of(opened.session_id, utterance.shopper_id)
        running.shelving = shelving_of(treatment, self._settings, utterance, understood, context, opened.turn_id)
        recalled = self._recalled(read, context.history, understood, context, opened)
        understood = recalled.understood
        self._lap(running, "understand")
        yield NeedEvent(opened.session_id, opened.turn_id, understood.locale, understood.need, len(self._catalog))

        answer = self._prepared(recalled, context, opened, running, running.shelving)
        asked = understood.message if context.trail.question and understood.message else read.message
        asked = understood.plain or asked
        running.trial = self._trials.get(treatment.model)
        moment = replace(
            self._moment(asked, answer.need, understood.locale, running, place),
            variant=treatment.prompt, writer=running.trial.writer if running.trial else None,
        )  # fmt: skip
        sentences = self._sentences(answer, moment, running)
        try:
            yield SlateEvent(answer.slate)
            for event in sentences:  # noqa: UP028  (they are closed below, once `cancelled` is set)
                yield event
            answer = self._with_ways_on(answer, opened)
            yield from self._asked(answer, running)
        except GeneratorExit:
            running.failure = "cancelled by the shopper"
            raise
        finally:
            moment.cancelled.set()
            sentences.close()  # what the model was saying is counted, as cancelled, before the turn is written
            if running.generations:
                self._arms.met(treatment, ("prompt", "model"), opened.session_id, opened.turn_id)
            turn = self._finished(utterance, opened, understood.locale, answer, running, place)
            self._record.close_turn(turn)
        yield DoneEvent(turn)

    def _passed_on(
        self, utterance: Utterance, opened: OpenTurn, locale: Locale, need: Need, running: _Running, place: Place
    ) -> Iterator[Event]:
        """A message that a person of the shop answers: recorded, and nothing said."""
        running.handoff = opened.live
        yield NeedEvent(opened.session_id, opened.turn_id, locale, need, len(self._catalog))
        yield SlateEvent(Slate())
        silent = Answer("handoff", need, Slate(), lambda _: iter(()), lambda _: iter(()))
        turn = self._finished(utterance, opened, locale, silent, running, place)
        self._record.close_turn(turn)
        yield DoneEvent(turn)

    def _context(self, session_id: str | None) -> Context:
        """What the conversation holds so far, its cart included."""
        if session_id is None:
            return Context()
        history = self._record.recent(session_id, _REMEMBERED, self._catalog.get)
        changes = self._record.cart_changes(session_id)
        return replace(context_of(history), basket=basket_of(history, changes, self._catalog))

    def _moment(self, message: str, need: Need, locale: Locale, running: _Running, place: Place) -> Moment:
        deadline = running.started + self._settings.turn_timeout_s
        return Moment(
            message, need, locale, self._vocabulary.currency, deadline, threading.Event(),
            patience=running.started + self._settings.patience_s, wait=partial(self._places.wait, place, deadline),
            measured=running.generations.append,
        )  # fmt: skip

    def _understood(
        self, utterance: Utterance, context: Context, locale: Locale, opened: OpenTurn
    ) -> tuple[Understanding, Context]:
        """The message, read in its context; one that cannot be read is searched for as it stands, the failure kept."""
        try:
            if utterance.need is not None:
                return understand(utterance, context, self._vocabulary), context
            context = with_named(context, utterance.message, self._catalog)
            meant = spelt(utterance.message, self._catalog.corrections(utterance.message), self._vocabulary)
            understood = understand(replace(utterance, message=meant.message), context, self._vocabulary)
            if self._sense is not None:

                def again(text: str) -> Understanding:
                    return understand(replace(utterance, message=text), context, self._vocabulary)

                understood = reread(understood, utterance.message, context, self._sense, self._vocabulary, again)
            return replace(understood, corrected=meant.corrected), context
        except Exception as error:
            self._record.fail(opened.turn_id, "understand", f"{type(error).__name__}: {error}")
            _log.warning("a message could not be read", turn=opened.turn_id, failure=str(error))
            need = replace(context.need, query=utterance.message[:QUERY_CHARS])
            return Understanding("search", need, locale), context

    def _served(
        self, utterance: Utterance, understood: Understanding, context: Context, opened: OpenTurn
    ) -> Understanding:
        """What was understood, or that the message is for the service of orders."""
        if self._service is None or utterance.need is not None or understood.intent in _NEVER_SERVED:
            return understood
        try:
            sensed = self._sense.of(utterance.message) if self._sense else None
            intent = self._service.intent(utterance.message, context, understood, sensed)
            if intent is not None:
                return Understanding(intent, context.need, understood.locale, message=utterance.message)
        except Exception as error:
            self._record.fail(opened.turn_id, "service", f"{type(error).__name__}: {error}")
            _log.warning("a message was not read for service", turn=opened.turn_id, failure=str(error))
        return understood

    def _recalled(
        self,
        utterance: Utterance,
        history: Sequence[Turn],
        understood: Understanding,
        context: Context,
        opened: OpenTurn,
    ) -> Recalled:
        """The message with what is remembered of the shopper; without it where the memory fails."""
        try:
            return self._memory.recall(utterance, history, understood, context, opened)
        except Exception as error:
            self._record.fail(opened.turn_id, "memory", f"{type(error).__name__}: {error}")
            _log.warning("nothing is remembered in a turn", turn=opened.turn_id, failure=str(error))
            return Recalled(understood)

    def _prepared(
        self, recalled: Recalled, context: Context, opened: OpenTurn, running: _Running, shelving: Shelving
    ) -> Answer:
        """What to answer, its shelf recorded as shown. A failure ends the turn: nothing is plainer than a shelf."""
        understood = recalled.understood
        try:
            searches = understood.intent == "search"
            found = retrieve(understood.need, self._catalog, exclude=understood.exclude) if searches else None
            self._lap(running, "retrieve")
            shelf = partial(shelving.shelf, understood=understood, context=context, catalog=self._catalog)
            slate = shelf(found, likes=recalled.likes) if found else Slate()
            self._lap(running, "rank")
            answer = refusing(self._answer(recalled, context, found, slate, opened, running.message), understood)
            if self._service:
                answer = self._service.cared(answer, understood, context, opened.session_id, running.message)
            met = shelving.met(found, answer.slate)
            self._arms.met(shelving.treatment, met, opened.session_id, opened.turn_id)
            self._record.show(opened.turn_id, answer.slate)
            if answer.ticket is not None:
                running.handoff = self._record.open_ticket(opened.turn_id, answer.ticket)
        except Exception as error:
            self._record.fail(opened.turn_id, "slate", f"{type(error).__name__}: {error}")
            raise
        self._lap(running, "slate")
        return answer

    def _answer(
        self, recalled: Recalled, context: Context, found: Retrieval | None, slate: Slate, opened: OpenTurn, words: str
    ) -> Answer:
        """The reply of whoever a message is for: the memory, the way through the shelf, the cart, or all the rest."""
        understood = recalled.understood
        if recalled.answer:
            return recalled.answer
        if understood.intent in STEERED:
            return steered(understood, context, self._catalog, self._settings.slate_size)
        if understood.intent == "cart":
            return self._cart_replies.prepare(understood, opened.session_id, opened.turn_id)
        if self._service and understood.intent == "service":
            return self._service.prepare(understood, context, opened.session_id, understood.message)
        if self._service and understood.intent == "complaint":
            return self._service.sorry(understood, context)
        if self._service and understood.intent == "person":
            return self._service.person("person", understood, context, opened.session_id, words)
        return recalled.beside(self._replies.prepare(understood, context, found, slate))

    def _sentences(
        self, answer: Answer, moment: Moment, running: _Running
    ) -> Generator[SentenceEvent | QueuedEvent, None, None]:
        """The reply's sentences that may be shown; if its words fail, the plain ones, and the failure is kept."""
        try:
            for one in answer.say(moment):
                if isinstance(one, QueuedEvent):
                    yield one
                    continue
                running.said.append(one)
                if one.claim.status != "dropped":
                    yield self._spoken(one, running)
            return
        except Exception as error:  # the turn boundary: whatever breaks, the shopper is answered, the failure recorded
            running.failure = f"{type(error).__name__}: {error}"
            _log.warning("words failed", failure=running.failure)
        spoken = " ".join(one.claim.text for one in running.said if one.claim.status != "dropped")
        for one in answer.plainly(moment):
            if one.claim.text not in spoken:
                running.said.append(one)
                yield self._spoken(one, running)

    def _with_ways_on(self, answer: Answer, opened: OpenTurn) -> Answer:
        """What may be said next: answers to what was asked or wishes that narrow the search first; without these where
        finding them fails.
        """
        try:
            question = answer.question or answer.asking()
            first = tuple(one.label for one in question.options) if question else answer.narrowing()
            ways = dict.fromkeys((*first, *answer.quick_replies))
            replies = tuple(way for way in ways if not addresses_assistant(way))[:_QUICK_REPLIES]
            return replace(answer, quick_replies=replies, question=question)
        except Exception as error:
            self._record.fail(opened.turn_id, "narrow", f"{type(error).__name__}: {error}")
            _log.warning("no narrowing replies", turn=opened.turn_id, failure=str(error))
            return answer

    def _asked(self, answer: Answer, running: _Running) -> Iterator[SentenceEvent]:
        """The question that the turn ends with, unless its words were the question."""
        if answer.question and all(answer.question.text != one.claim.text for one in running.said):
            running.said.append(said(answer.question.text))
            yield self._spoken(running.said[-1], running)

    def _finished(
        self, utterance: Utterance, opened: OpenTurn, locale: Locale, answer: Answer, running: _Running, place: Place
    ) -> Turn:
        self._lap(running, "total")
        running.timings_ms.setdefault("first_sentence", running.timings_ms["total"])
        queue = {} if place.waited_s is None else {"queue": round(place.waited_s * 1000, 1)}
        shown = [one for one in running.said if one.claim.status != "dropped"]
        gap = "" if locale == "zh" else " "
        text = gap.join(one.claim.text for one in shown)
        reply = Reply(answer.kind, text, tuple(one.claim for one in running.said), answer.quick_replies)
        evidence: dict[str, Evidence] = {line.id: line for line in answer.slate.evidence}
        evidence |= {line.id: line for one in shown for line in one.evidence}
        return Turn(
            opened.turn_id, opened.session_id, utterance.message, locale, answer.need, answer.slate, reply,
            tuple(evidence.values()), running.timings_ms | queue | taken(running.generations),
            self._versions_of(running), running.failure, running.handoff, answer.comparison,
            answer.question, running.shelving.variety if running.shelving else 0.0, answer.service, gaps_in(shown),
        )  # fmt: skip

    def _versions_of(self, running: _Running) -> Versions:
        """What produced this reply."""
        versions = running.shelving.tried(self._versions) if running.shelving else self._versions
        return spoken_by(versions, running.trial, running.generations)

    def _spoken(self, one: Said, running: _Running) -> SentenceEvent:
        if "first_sentence" not in running.timings_ms:
            self._lap(running, "first_sentence")
        return SentenceEvent(one.claim, one.evidence, one.by_model)

    def _lap(self, running: _Running, name: str) -> None:
        """Milliseconds since the message came in, under `name`."""
        running.timings_ms[name] = round((self._clock() - running.started) * 1000, 1)

"""Service within the conversation: which messages are for it, and the answer that carries a step or calls a person."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from assistant.context import Context, Understanding
from assistant.phrases import say
from assistant.read import kinds_of
from assistant.reading.intent import Intent, asks_to_see
from assistant.replies import Answer
from assistant.respond import Moment, Said, said
from assistant.sense import Sensed
from assistant.service.flow import ServiceFlow
from assistant.service.handing import Waiting, told
from assistant.service.hours import Hours
from assistant.service.mood import trouble
from assistant.service.reading import Heard
from assistant.service.sensing import Senses
from assistant.service.service import Service
from assistant.service.state import YES_OR_NO, Asked, FlowState, from_json, to_json
from assistant.service.taking import FOR_PEOPLE, WRITES
from assistant.service.talk import Step
from assistant.service.types import Claimed
from assistant.types import Kind, QueuedEvent, Slate, TicketDraft, TicketKind, Turn
from catalog import Locale

Summarise = Callable[[tuple[Turn, ...], Locale], dict[str, Any]]
"""What a person who takes over has to know of the turns before, as plain data."""
_OF_ORDERS: frozenset[str] = frozenset(
    {*WRITES, *FOR_PEOPLE, "damaged", "undo", "status", "refund_status", "balance", "orders"}
)
_OWN = re.compile(r"\b(?:i|i'm|i've|i'd|my|me|mine|we|our)\b|[我俺咱]|订单|包裹|快递", re.IGNORECASE)
_BOUGHT = re.compile(
    r"\b(?:i|we)(?:'ve| have)? (?:just |already |recently )?(?:ordered|bought|received|purchased|got)\b|\bmy (?:last |recent )?(?:order|parcel|package|purchase)\b"
    r"|下的?单|买的|收到的?|订单|包裹|快递",
    re.IGNORECASE,
)
_OF_AN_ORDER = re.compile(
    r"\b(?:order(?:s|ed)?|bought|purchased?|receipts?|refund(?:s|ed)?|return(?:s|ed|ing)?|exchanged?|cancel(?:led)?|parcels?|packages?|deliver(?:y|ed)?"
    r"|arrived?|shipp(?:ed|ing)|track(?:ing)?|address|invoice|warranty|received|account|payment|charged)\b"
    r"|订单|下单|买的|退|换货|调换|取消|包裹|快递|物流|发货|收到|收货|地址|发票|保修|付款|扣款|账号",
    re.IGNORECASE,
)
_SENSED = 0.5  # of the act, from which a message without any wish that was read is for service
_DOUBT = 0.15  # of a wish, from which it may as well be one: "I've been looking all week. Show me lamps"
_PLAIN = 0.75  # of a kind of service, from which an act that may be shopping gives way
_CERTAIN = 0.8  # of an act of shopping, from which it holds though the shopper speaks of a purchase
_ASKS = re.compile(
    r"[?？]|^\W*(?:how|what|when|can|could|do|does|is|are)\b|[吗么呢]\W*$|怎么|如何|多久|几天", re.IGNORECASE
)
_SHOPPING = 0.6  # from which another act leaves an open service question
_SERVICE_ACTS = ("service", "complaint", "person", "thanks", "smalltalk", "policy", "undo")
_PASSING = ("more", "person")  # questions that are over once something else was spoken of
_RECENT = 3  # turns in which a person was called or offered already
_PRIORITY: dict[TicketKind, int] = {"safety": 3, "complaint": 2, "approval": 2, "person": 1, "service": 1}


def _wishes(message: str, context: Context, understood: Understanding) -> bool:
    """Whether a message was read to ask for products, in so many words or by naming another kind of them."""
    anew = not set(kinds_of(understood.need)) <= set(kinds_of(context.need))
    return understood.intent == "search" and (anew or asks_to_see(message))


def _is_service(message: str, sensed: Sensed | None, wishes: bool) -> bool:
    """Whether the meaning of a message is one of service, and hardly one of shopping; one that `wishes` speaks of an order."""
    if sensed is None or sensed.act != "service" or sensed.probability < _SENSED:
        return False
    if wishes and not (sensed.probability >= _CERTAIN and _OF_AN_ORDER.search(message)):
        return False
    return sensed.second in _SERVICE_ACTS or sensed.second_probability < _DOUBT


@dataclass(frozen=True)
class ServiceReplies:
    """Answers of one shop's service; without a flow every service request goes to a person."""

    flow: ServiceFlow | None
    service: Service | None
    hours: Hours
    waiting: Waiting
    summarise: Summarise
    clock: Callable[[], datetime]
    kinds: Senses | None = None

    def intent(self, message: str, context: Context, understood: Understanding, sensed: Sensed | None) -> Intent | None:
        """What of service a message wants, if anything: something of orders, or only to say that it goes badly.

        `understood` is what it was read as where there is no service.
        """
        if self.concerns(message, context, understood.locale, sensed, wishes=_wishes(message, context, understood)):
            return "service"
        angry = sensed is not None and sensed.act == "complaint" and sensed.probability >= _SHOPPING
        return "complaint" if angry else None

    def concerns(
        self, message: str, context: Context, locale: Locale, sensed: Sensed | None, *, wishes: bool = False
    ) -> bool:
        """Whether a message is for service: it goes on with an open question, or speaks of the shopper's own orders."""
        act, sure = (sensed.act, sensed.probability) if sensed else ("", 0.0)
        if self.flow is None:
            return _is_service(message, sensed, wishes)
        state = state_of(context)
        heard = self.flow.heard(message, state, locale, by_rules=True)
        wanted = {wish.kind for wish in heard.wishes} & _OF_ORDERS
        at_work = bool(context.history) and context.history[-1].service is not None
        shopping = act not in _SERVICE_ACTS and sure >= _SHOPPING
        asks_rules = act == "policy" and sure >= _SENSED and _ASKS.search(message) is not None
        if asks_rules and not heard.order_ids:
            return False
        passing = state.asked is not None and state.asked.slot in _PASSING
        if state.asked and _answers(heard, state.asked, message, locale) and not (passing and shopping):
            return not passing or (at_work and (act != "thanks" or state.asked.slot == "more"))
        unclear = (
            (sure < _SENSED or act in ("thanks", "smalltalk"))
            and state.asked is not None
            and state.asked.slot != "identity"
        )
        if state.active and not shopping and (unclear or act in ("service", "complaint") or wanted):
            return True
        if _is_service(message, sensed, wishes) or (wanted and heard.order_ids):
            return True
        meant, bought = self._of_orders(message), _BOUGHT.search(message) is not None
        if (at_work or bought) and not (shopping and sure >= _CERTAIN and act != "cart"):
            return (bool(wanted) and not shopping) or (meant >= _SENSED and (bool(wanted) or bought or not shopping))
        own = _OWN.search(message) is not None and not shopping
        return bool(wanted) and own and (act in _SERVICE_ACTS or meant >= _PLAIN)

    def _of_orders(self, message: str) -> float:
        """How likely the meaning of a message is one of orders; 0 where another one is likelier."""
        if self.kinds is None:
            return 1.0
        found = self.kinds(message)
        return found.probability if found.act in _OF_ORDERS else 0.0

    def prepare(self, understood: Understanding, context: Context, session_id: str, message: str) -> Answer:
        """The answer to a message for service, its step done before a word is said of it."""
        if self.flow is None:
            return self.person("service", understood, context, session_id, message)
        talked = [(turn.message, turn.reply.text) for turn in context.history]
        step = self.flow.step(session_id, state_of(context), message, understood.locale, talked)
        return self._answer(step, understood, context, session_id, message)

    def person(
        self, kind: TicketKind, understood: Understanding, context: Context, session_id: str, message: str
    ) -> Answer:
        """A person is called: the ticket with all that they need, and the truth about when somebody answers."""
        lines, draft = self._called(kind, understood, context, session_id, message)
        return _spoken("handoff", lines, understood, ticket=draft)

    def cared(
        self, answer: Answer, understood: Understanding, context: Context, session_id: str, message: str
    ) -> Answer:
        """`answer`, or a person at once where somebody may come to harm; one is offered where the shopper is not served."""
        found = None if answer.ticket else trouble(context.history, message)
        if found is None or any(turn.handoff for turn in context.history[-_RECENT:]):
            return answer
        if found.reason == "safety":
            return self.person("safety", understood, context, session_id, message)
        offer = say("s_offer_person", understood.locale)
        if understood.intent in ("service", "complaint") or any(
            offer in turn.reply.text for turn in context.history[-_RECENT:]
        ):
            return answer
        asked = replace(state_of(context), asked=Asked("person"))
        kept = {"state": to_json(asked), "form": None} if self.flow else None
        return replace(_ending(answer, offer, say("s_q_person", understood.locale)), service=kept)

    def sorry(self, understood: Understanding, context: Context) -> Answer:
        """A word of regret, and the offer of a person."""
        locale = understood.locale
        kept = {"state": to_json(replace(state_of(context), asked=Asked("person"))), "form": None}
        lines = (say("s_sorry", locale), say("s_offer_person", locale))
        return _spoken("service", lines, understood, (say("s_q_person", locale),), service=kept)

    def _called(
        self, kind: TicketKind, understood: Understanding, context: Context, session_id: str, message: str
    ) -> tuple[list[str], TicketDraft]:
        """What the shopper is told, and the ticket."""
        locale = understood.locale
        customer = self.service.customer(session_id) if self.service else None
        email = customer.email if customer else None
        lines = told(self.hours, self.clock(), self.waiting(), locale, email=email)
        summary = self.summarise(context.history, locale)
        return lines, TicketDraft(kind, message, None, email, summary=summary, priority=_PRIORITY.get(kind, 1))

    def _answer(self, step: Step, understood: Understanding, context: Context, session_id: str, message: str) -> Answer:
        kept = {"state": to_json(step.state), "form": _form(step)}
        if step.handing is None:
            return _spoken("service", step.sentences, understood, step.quick_replies, service=kept)
        kind: TicketKind = "approval" if step.handing == "approval" else "person"
        lines, draft = self._called(kind, understood, context, session_id, message)
        return _spoken("handoff", (*step.sentences, *lines), understood, service=kept, ticket=draft)


def state_of(context: Context) -> FlowState:
    """Where the service conversation stands after the last turn that moved it."""
    kept = next((turn.service for turn in reversed(context.history) if turn.service), None)
    return from_json(dict(kept["state"]) if kept and "state" in kept else None)


def _ending(answer: Answer, sentence: str, reply: str) -> Answer:
    """`answer` with a sentence at its end and a reply to it."""

    def speak(moment: Moment) -> Iterator[Said | QueuedEvent]:
        yield from answer.say(moment)
        yield said(sentence)

    def plainly(moment: Moment) -> Iterator[Said]:
        yield from answer.plainly(moment)
        yield said(sentence)

    return replace(answer, say=speak, plainly=plainly, quick_replies=(reply, *answer.quick_replies))


def _form(step: Step) -> dict[str, Any] | None:
    """What the page may put beside the words: fields that say who it is, or two answers that cannot be missed."""
    if step.form:
        return {"kind": "identify", "fields": list(step.form)}
    asked = step.state.asked
    return {"kind": "confirm"} if asked and asked.slot in YES_OR_NO else None


def _answers(heard: Heard, asked: Asked, message: str, locale: Locale) -> bool:
    """Whether a message answers the last question of a service conversation, whatever else it could mean."""
    if heard.claimed != Claimed() or heard.order_ids or message.strip() == say("s_q_person", locale):
        return True
    if asked.slot in (*YES_OR_NO, *_PASSING):
        return heard.answer is not None or (asked.slot == "more" and heard.done)
    said = heard.choice is not None or heard.methods or heard.address or heard.answer or heard.done
    return bool(said) if asked.slot != "identity" else heard.answer == "no" or heard.done


def _spoken(
    kind: Kind,
    lines: Sequence[str],
    understood: Understanding,
    replies: tuple[str, ...] = (),
    *,
    ticket: TicketDraft | None = None,
    service: dict[str, Any] | None = None,
) -> Answer:
    def speak(moment: Moment) -> Iterator[Said]:
        yield from (said(line) for line in lines)

    return Answer(kind, understood.need, Slate(), speak, speak, replies, ticket=ticket, service=service)

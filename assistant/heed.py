"""Orders in a message are refused in a friendly word; the wish or the question beside them is served."""

from collections.abc import Iterator
from dataclasses import replace

from assistant.context import Understanding
from assistant.phrases import say
from assistant.reading.heard import Heard, asks_for_products
from assistant.replies import Answer
from assistant.respond import Moment, Said, said
from assistant.types import Need, QueuedEvent
from catalog import Locale

_ABOUT = ("question", "compare", "pick", "why", "policy", "person")


def heeded(heard: Heard, understood: Understanding, before: Need, locale: Locale) -> Understanding:
    """What was understood of the rest, where that is a wish or a question; else the refusal, with the need as it was."""
    if heard.refused is None:
        return understood
    if heard.message and _wishes(heard, understood, before):
        return replace(understood, refused=heard.refused)
    return Understanding(heard.refused, before, locale, message=heard.message)


def _wishes(heard: Heard, understood: Understanding, before: Need) -> bool:
    need = understood.need
    if understood.intent == "search":
        anew = (need.constraints, need.category) != (before.constraints, before.category)
        return anew or asks_for_products(heard.message)
    return heard.refused == "orders" and understood.intent in _ABOUT


def refusing(answer: Answer, understood: Understanding) -> Answer:
    """`answer`, after the word that the orders beside the wish are not followed."""
    if understood.refused is None:
        return answer
    phrase = "orders_aside" if understood.refused == "orders" else "bargain"

    def speak(moment: Moment) -> Iterator[Said | QueuedEvent]:
        yield said(say(phrase, moment.locale))
        yield from answer.say(moment)

    def plainly(moment: Moment) -> Iterator[Said]:
        yield said(say(phrase, moment.locale))
        yield from answer.plainly(moment)

    return replace(answer, say=speak, plainly=plainly)

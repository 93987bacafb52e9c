"""A bare answer ("blue", "the second", "doesn't matter") read in the light of the question that was asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.reading.reference import resolve
from assistant.reading.steering import is_indifferent
from assistant.types import Question
from catalog import Product, words

PRODUCT = "product"  # the field of a question for which product was meant
_BARE = 8  # words: what is longer says more than an answer
_POLITE = re.compile(
    r"^(?:i(?:'d| would) (?:like|prefer)|i (?:want|prefer|mean(?:t)?)|maybe|just|only|the|in|of|from|made of|我?(?:想要|喜欢|要|选|是)|就)\s*"
    r"|\s*(?:please|thanks|ones?|吧|的|呢|就行|就好)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a bare answer stands for: a whole message, said of `product` where that was asked; None for no preference."""

    message: str | None
    product: str | None = None


def answer_to(question: Question | None, message: str, shown: Sequence[Product]) -> Answered | None:
    """What `message` answers to `question`; None where it is no bare answer to it."""
    if question is None or len(words(message)) > _BARE:
        return None
    if question.field == PRODUCT:
        chosen = _chosen(question, message, shown)
        return Answered(question.about, chosen) if chosen else None
    if is_indifferent(message):
        return Answered(None)
    said = _bare(message)
    meant = next((one.meant for one in question.options if said in (_bare(one.label), _bare(one.meant))), None)
    return Answered(meant) if meant else None


def _chosen(question: Question, message: str, shown: Sequence[Product]) -> str | None:
    """The product that is named or counted among those that were asked about; the first where it does not matter."""
    offered = [one.meant for one in question.options]
    if is_indifferent(message):
        return offered[0]
    among = sorted((p for p in shown if p.id in offered), key=lambda product: offered.index(product.id))
    pointed = resolve(message, among, None)
    return pointed.ids[0] if len(pointed.ids) == 1 and pointed.ids[0] in offered else None


def _bare(message: str) -> str:
    said = message.casefold().strip(" .,!?。，！？“”\"'")
    before = ""
    while before != said:
        before, said = said, _POLITE.sub("", said).strip()
    return said

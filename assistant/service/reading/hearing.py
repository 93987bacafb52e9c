"""What one message of a customer says: who they are, what they want, and what they answer. No model, no database."""

import re
from dataclasses import replace

from assistant.service.reading.addresses import address_in
from assistant.service.reading.answers import answer_in, choice_in, is_done
from assistant.service.reading.identity import claimed_in
from assistant.service.reading.masking import Masked, masked
from assistant.service.reading.methods import methods_in
from assistant.service.reading.questions import says_nothing
from assistant.service.reading.reasons import reason_in
from assistant.service.reading.said import Heard, Wish
from assistant.service.reading.telling import told_by
from assistant.service.reading.wishes import Sentence, read_sentence
from assistant.service.reading.words import plain
from assistant.service.types import Claimed
from catalog import Locale

_SENTENCE = re.compile(r"(?<=[.!?])(?:\s+|(?=[A-Z]))|(?<=[。！？])|\n+")
_READ = 4000  # characters of a message
_SENTENCES = 40
_EARLIER = 300  # characters of the sentence before, in which "it" is looked for
_TURNS = re.compile(r"\binstead\b|\b(?:entire|whole) order\b|整单|整个订单|改为", re.IGNORECASE)
_WITHOUT_DETAILS = ("return", "exchange", "cancel", "change_items", "change_payment", "change_address")


def hear(message: str, locale: Locale, *, asked: str | None = None, order_pattern: str | None = None) -> Heard:
    """Everything that `message` says of service; `asked` names what the last turn asked for, `order_pattern` is the shop's."""
    text = plain(message[:_READ]).strip()
    marked = masked(text, order_pattern, number_asked=asked == "order")
    ids = marked.order_ids(marked.text)
    answer = answer_in(text)
    return Heard(
        claimed=_claimed(marked, asked == "identity", ids[0] if ids else ""),
        order_ids=ids,
        wishes=tuple(_wishes(marked, answer == "yes")),
        answer=answer,
        choice=choice_in(text, asked=asked in ("order", "items", "offer", "method", "reason")),
        methods=tuple(dict.fromkeys(said for said, _, _ in methods_in(text))),
        address=address_in(text),
        reason=reason_in(text),
        done=is_done(text),
    )


def _wishes(message: Masked, agreed: bool) -> list[Wish]:
    """What is wanted; a deed without any detail in a message that agrees is the one agreed to and no other."""
    sentences: list[Sentence] = []
    earlier = ""
    for text in [one for one in _SENTENCE.split(message.text) if one and one.strip()][:_SENTENCES]:
        sentences.append(read_sentence(text, message, earlier))
        earlier = text[-_EARLIER:]
    wishes = told_by(sentences, message)
    if any(wish.kind in ("return", "exchange", "cancel", "change_items") for wish in wishes):
        wishes = [wish for wish in wishes if wish.kind != "damaged"]
    if agreed:
        wishes = [
            wish
            for wish in wishes
            if wish.kind not in _WITHOUT_DETAILS or _TURNS.search(wish.said) or not says_nothing(wish)
        ]
    return wishes


def _claimed(message: Masked, asked: bool, order_id: str) -> Claimed:
    """Who somebody says they are; the postcode of an address that is told counts only where who it is was asked."""
    bare = re.sub(r"‹[aob]\d+›", " ", message.text)
    found = claimed_in(message.shown(bare), asked=asked, order_id=order_id)
    if asked and not found.postcode and message.addresses:
        return replace(found, postcode=next(reversed(message.addresses.values())).postcode)
    return found

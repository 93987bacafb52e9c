"""What a customer of the retail shop hears: a reply's text, the choices under it, and whether a yes is waited for.

The customer reads what anybody would read on the page; of what the shop knows or keeps they see nothing else.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Topic = Literal["identity", "order", "items", "offer", "method", "reason", "address", "more", "person"]
_TOPICS: Mapping[Topic, re.Pattern[str]] = {
    "more": re.compile(r"\b(?:anything|something|what) else\b|\belse i can\b|\bhow (?:can|may) i help\b|\bwhat can i do\b", re.I),
    "person": re.compile(r"\b(?:person|colleague|human|somebody|someone|staff|our team|an? agent)\b", re.I),
    "identity": re.compile(r"\b(?:e-?mail|zip|post(?:al )?code|who you are|your (?:full |last |first )?name|identi\w+|verify)\b", re.I),
    "reason": re.compile(r"\b(?:reason|why|because)\b", re.I),
    "address": re.compile(r"\b(?:address|where to|street)\b", re.I),
    "method": re.compile(r"\b(?:payment|pay|card|paypal|method|money (?:go|back)|refund(?:ed)? to|where .*refund)\b", re.I),
    "offer": re.compile(r"\b(?:instead|variant|version|options?|exchange .*for|change .*(?:for|to)|which (?:colou?r|size|material))\b", re.I),
    "order": re.compile(r"\b(?:which|what|the|your) order\b(?! status)|\border number\b", re.I),
    "items": re.compile(r"\b(?:which|what) (?:item|article|product|of (?:these|them)|one)|\bitems?\b", re.I),
}  # fmt: skip
_WHO = re.compile(r"\be-?mail|\bname\b|\bwho you are\b", re.I)
_CHOICES: Mapping[Topic, re.Pattern[str]] = {
    "order": re.compile(r"#W\d+"),
    "method": re.compile(r"\bcard ending\b|\bgift card\b|paypal", re.I),
    "reason": re.compile(r"\b(?:needed|mistake)\b", re.I),
    "offer": re.compile(r"[$€¥]\s?\d"),
    "items": re.compile(r"\w \("),
}
_ASKS = re.compile(r"\?|^(?:please|tell me|choose|say|name|i need|which|what|could you|can you)\b", re.I)
_LEAVE = re.compile(r"\b(?:shall i|should i|do you want me to|would you like me to|is that (?:right|correct))\b", re.I)
_CANNOT = r"cannot|can't|can not|could not|couldn't|unable|not (?:possible|allowed|enough|available|find|found|yours?)"
_IS_NOT = r"no longer|already|only (?:if|when|once|while)|does not|is not|none of|no such|no other|sold out|too little"
_REFUSES = re.compile(rf"\b(?:{_CANNOT}|{_IS_NOT}|sorry|unfortunately|excluded?)\b", re.I)
_YES = re.compile(
    r"\b(?:yes|yep|yeah|yup|confirm(?:ed)?|go ahead|please do(?: so)?|do it|that's right|correct)\b|是的|确认|好的|办理|同意",
    re.I,
)
_NO = re.compile(
    r"^\W*(?:no|nope|not|wrong|don't|do not|stop)\b|\b(?:don't|do not) (?:do|confirm|go)\b|^不|不要|取消办理", re.I
)


@dataclass(frozen=True, slots=True)
class Offered:
    """What a yes would do, as it stands on the page: the deed's kind, the order, and the titles of its items."""

    id: str
    kind: str
    order_id: str = ""
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """One reply. `handed` names why a person takes over."""

    sentences: tuple[str, ...]
    choices: tuple[str, ...] = ()
    offered: Offered | None = None
    handed: str = ""

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class Said:
    """What the customer says."""

    text: str


class Customer(Protocol):
    """Somebody with a task."""

    def speak(self, heard: Heard | None) -> Said | None:
        """The next message, the first for None; None ends the conversation."""


def topics(heard: Heard) -> tuple[Topic, ...]:
    """What a reply asks for: read from its last questions, or from its last sentence where it neither asks nor refuses."""
    asked = [one for one in heard.sentences if _ASKS.search(one)]
    text = " ".join(asked[-2:]) if asked else "" if refuses(heard) else "".join(heard.sentences[-1:])
    found = tuple(topic for topic, words in _TOPICS.items() if words.search(text))
    if "address" in found and not _WHO.search(text):  # an address has a postcode too
        found = tuple(topic for topic in found if topic != "identity")
    told = _of_choices(heard.choices)
    return (*told, *(topic for topic in found if topic in ("more", "person", "identity"))) if told else found


def _of_choices(choices: Sequence[str]) -> tuple[Topic, ...]:
    """What a question is about of which only the choices tell."""
    shown = " ".join(choices)
    return next(((topic,) for topic, words in _CHOICES.items() if words.search(shown)), ())


def question(heard: Heard) -> str:
    """The words of the last question."""
    return next((one for one in reversed(heard.sentences) if _ASKS.search(one)), "".join(heard.sentences[-1:]))


def points(heard: Heard) -> str:
    """What of a reply asks or refuses something."""
    return " ".join(one for one in heard.sentences if _ASKS.search(one) or _REFUSES.search(one))


def asks_leave(heard: Heard) -> bool:
    """Whether a reply asks for a yes though nothing is proposed yet."""
    return bool(_LEAVE.search(question(heard)))


def refuses(heard: Heard) -> bool:
    """Whether a reply says that something cannot be."""
    return bool(_REFUSES.search(heard.text))


def consents(text: str) -> bool:
    """Whether a message is an explicit yes."""
    return bool(_YES.search(text)) and not _NO.search(text)


def fitting(choices: Sequence[str], words: Sequence[str]) -> str | None:
    """The one choice that holds all `words`; None if none or several do."""
    held = [one for one in choices if all(_holds(one, word) for word in words)]
    return held[0] if len(held) == 1 else None


def _holds(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", text.casefold()) is not None

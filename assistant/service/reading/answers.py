"""What a message answers: yes or no, which of what was shown, that nothing else is wanted. Knows not what was asked."""

import re
from functools import cache
from typing import Literal

from assistant.service.reading.conditions import conditions_in, hidden
from assistant.service.reading.words import pattern, table

_I = re.IGNORECASE
_PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "last": -1}
_SENTENCE = re.compile(r"[.!?。！？;；\n]+")
_CLAUSE = re.compile(r"[,，:：]|\bbut\b|但是?")
_LEAD = re.compile(
    r"^\W*(?:(?:oh|um|uh|hmm|well|actually|sorry|so|and|thanks?|thank you|great|please|then|ah|hey|just|那|哦|嗯|那就|就)\b\W*)*",
    _I,
)
_BARE = re.compile(r"^\W*(\d{1,2})\W*$")


def answer_in(text: str) -> Literal["yes", "no"] | None:
    """Whether a message agrees or declines; where it does both, what it says last ("yes ... actually, never mind")."""
    found: Literal["yes", "no"] | None = None
    for sentence in (one for one in _SENTENCE.split(text) if one.strip()):
        clause = hidden(sentence, conditions_in(sentence))
        declined = _place(clause, "decline")
        agreed = _place(clause, "agree")
        if declined and agreed:
            found = "yes" if agreed < declined and not _turns(clause) else "no"
            continue
        found = "no" if declined else ("yes" if agreed and found != "no" else found)
    return found


def choice_in(text: str, *, asked: bool = False) -> int | None:
    """Which of several that were shown is chosen, from 1; -1 is the last. A bare number counts where one was `asked` for."""
    bare = _BARE.match(text)
    if bare:
        return int(bare[1]) if asked or len(bare[1]) == 1 else None
    hidden = pattern("answers", "not_choice").sub(" ", text)
    found = {place for name, place in _PLACES.items() if _choices()[name].search(hidden)}
    return found.pop() if len(found) == 1 else None


def is_done(text: str) -> bool:
    """Whether a message ends the conversation."""
    return pattern("answers", "done").search(text) is not None


def _place(sentence: str, answer: str) -> int:
    """The place after a yes or a no in a sentence, 0 where there is none: a single word at the head of a clause only."""
    shown = pattern("answers", f"not_{answer}").sub(lambda match: " " * len(match[0]), sentence)
    match = pattern("answers", answer).search(shown)
    places = [match.end()] if match and not _negated(shown[: match.start()]) else []
    start = 0
    for clause in _CLAUSE.split(shown):
        lead = _LEAD.match(clause)
        head = pattern("answers", f"{answer}_first").match(clause, lead.end() if lead else 0)
        if head:
            places.append(start + head.end())
        start += len(clause) + 1
    return min(places, default=0)


def _negated(before: str) -> bool:
    return re.search(r"(?:\bnot|n't|\bcannot|不)\s*(?:\w+\s+)?$", before, _I) is not None


def _turns(clause: str) -> bool:
    """Whether a clause turns from what it began with."""
    return (
        re.search(
            r"\b(?:actually|but|however|never ?mind|changed my mind|on second thought)\b|但|不过|算了", clause, _I
        )
        is not None
    )


@cache
def _choices() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(way, _I) for name, way in table("answers")["choice"].items()}

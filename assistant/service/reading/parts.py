"""The parts of a sentence: every word that asks for something, with the clause around it. Knows neither items nor orders."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.service.reading.conditions import Condition
from assistant.service.reading.cues import Cue, cues_in

_I = re.IGNORECASE
_EARLIER = 300  # characters in which "it" is looked for
_SEPARATOR = re.compile(
    r"[,;:，；、。：]\s*(?:(?:and|then|but|or)\b)?|\b(?:and|then|but|or|so)\b|然后|另外|并且?|同时|(?<!还)再|和", _I
)
_TRAILING = re.compile(r"[\s,;，；]+(?:and|then|but|or|so|also|please|i|然后|并且?|再)?\s*$", _I)
_ORDER_LEAD = re.compile(
    r"(?:^|[\s,;，；])(?:for|in|from|on|with|as for|regarding|about|对于?|关于)?\s*(?:my |the |订单)?(?:orders? )?‹o\d+›\s*[,，:：]?\s*(?:i |please |把|请)?\s*$", _I
)  # fmt: skip
_ORDERS = re.compile(r"[\s,]*(?:orders?\s*)?(?:‹o\d+›[\s,]*(?:and|or)?\s*)+", _I)
_COURTESY = re.compile(r"\b(?:please|pls|thanks|thank you|now|then|asap|instead)\b", _I)
_CONNECTED = re.compile(r"^\W*(?:and|or|and/or|/|&|或者?|和)?\W*$", _I)


@dataclass(frozen=True, slots=True)
class Part:
    """A cue with its clause: `before` and `after` it, with what conditions say; `earlier` is all that was said before that."""

    cue: Cue
    word: str
    before: str
    after: str
    earlier: str
    condition: Condition | None = None

    @property
    def noun(self) -> bool:
        """Whether the cue stands as a noun: "proceed with the exchange"."""
        return _NOUN.search(self.before) is not None

    @property
    def pointing(self) -> bool:
        """Whether the clause has only "it", "them" and the like for what it is about, or nothing."""
        head = _OBJECT_END.split(self.after, maxsplit=1)[0]
        return _POINTS.search(f"{self.word} {head}") is not None or not _COURTESY.sub("", self.after).strip(" .,!?")


_NOUN = re.compile(
    r"\b(?:the|this|that|both|your|an?|of|for|with|those|these|any|some|few|several|my)\s+(?:(?!to\b)\w+\s+)?$", _I
)
_OBJECT_END = re.compile(r"[,;.，。；]|\b(?:because|since|for|to|into|with|in|from)\b", _I)
_POINTS = re.compile(r"\b(?:it|them|that|this|those|these|one|ones|both|mine)\b|它|这|那", _I)


def parts_in(sentence: str, shown: str, conditions: list[Condition], earlier: str) -> Iterator[Part]:
    """The cues of `sentence`, whose conditions are blank; `shown` is the same sentence with those that only describe."""
    cues = cues_in(sentence)
    starts = [_start(sentence, cues, place) for place in range(len(cues))]
    found: list[Part] = []
    for place, cue in enumerate(cues):
        end = max(starts[place + 1] if place + 1 < len(cues) else len(sentence), cue.end)
        condition = next((one for one in reversed(conditions) if one.end <= cue.start and one.kind == "fails"), None)
        after = _TRAILING.sub("", shown[cue.end : end])
        before = sentence[starts[place] : cue.start]
        found.append(
            Part(
                cue,
                sentence[cue.start : cue.end],
                before,
                after,
                f"{earlier} {sentence[: starts[place]]}"[-_EARLIER:],
                condition,
            )
        )
    yield from _shared(found, sentence)


def _shared(parts: list[Part], sentence: str) -> Iterator[Part]:
    """Parts where "cancel or return the hat" gives both verbs their object."""
    for place, part in enumerate(parts):
        following = parts[place + 1] if place + 1 < len(parts) else None
        if following and part.cue.deed and following.cue.deed and not part.noun:
            gap = sentence[part.cue.end : following.cue.start]
            if _CONNECTED.match(gap) and gap.strip():
                yield replace(part, after=following.after)
                continue
        yield part


def _start(sentence: str, cues: list[Cue], place: int) -> int:
    """Where the clause of a cue begins: behind the last separator between it and the cue before."""
    cue = cues[place]
    if place == 0:
        return 0
    before = cues[place - 1].end
    gap = sentence[before : cue.start]
    lead = _ORDER_LEAD.search(gap)
    if lead and gap[: lead.start()].strip() and not _ORDERS.fullmatch(gap[: lead.start()]):
        return before + lead.start()
    separators = list(_SEPARATOR.finditer(gap))
    return before + separators[-1].end() if separators else cue.start

"""The words of a sentence that tell what is wanted, with their places. Knows neither items nor orders."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import islice

from assistant.service.reading.words import any_of, table

_I = re.IGNORECASE
_REFUSED = re.compile(
    r"(?:\b(?:don't|do not|didn't|did not|won't|will not|wouldn't|never|not|no|no longer|rather than|instead of|without|no need to|stop|isn't|aren't|cannot|can't)\s+"
    r"(?:(?:any|want|wish|need|like|going|really|actually|be|have|plan|planning|mean|ask(?:ed|ing)?|looking|trying|able|it|to|for|you|me|the|a|an)\s+){0,4})$"
    r"|(?:不|不想|不用|不要|别|不是要?|不打算|没说要|没想)(?:再)?$",
    _I,
)
_PAST = re.compile(
    r"\b(?:i|we|you|they|she|he|already|was|were|been|has|have|had|just|having)(?:'ve| have| had| has)?\s+(?:already |just |recently |previously )?$",
    _I,
)
_WILL_LOOK = re.compile(r"\b(?:i'll|i will|let me|i can)\s+(?:\w+\s+)?$", _I)
_NO_DEED = re.compile(r"\b(?:without|reasons? (?:for|of)(?: the| my)?|in|many happy)\s+$", _I)
_IS_DONE = re.compile(r"\s*(?:is|was|be) (?:complete|done|processed)", _I)
_WANTED = ("be ", "get ", "have ", "want", "need", "it ", "them ")
_DEEDS = frozenset(
    ("cancel", "return", "exchange", "change", "instead", "ship_to", "default_address", "pay_with", "undo")
)
_LEAD = 80  # characters before a cue that may refuse it
_MOST = 12  # in one sentence; who writes more is not read further


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that asks for a deed or for knowledge. `refused` is said not to be wanted."""

    kind: str
    start: int
    end: int
    refused: bool = False

    @property
    def deed(self) -> bool:
        return self.kind in _DEEDS


def cues_in(sentence: str) -> list[Cue]:
    """Every cue of a sentence in order; of those that overlap the longest."""
    found: list[Cue] = []
    for kind, way in _ways().items():
        for match in islice(way.finditer(sentence), _MOST):
            before = sentence[max(0, match.start() - _LEAD) : match.start()]
            if match.end() > match.start() and not _told_of(kind, match, before, sentence):
                refused = kind in _DEEDS and _REFUSED.search(before) is not None
                found.append(Cue(kind, match.start(), match.end(), refused))
    kept: list[Cue] = []
    for one in sorted(found, key=lambda cue: (cue.start - cue.end, cue.start)):
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda cue: cue.start)[:_MOST]


def _told_of(kind: str, match: re.Match[str], before: str, sentence: str) -> bool:
    """Whether a deed is only told of: what was done in the past, or a noun beside it ("the return e-mail")."""
    if kind == "status":
        return _WILL_LOOK.search(before) is not None or re.search(r"\b(?:that|which)\s+$", before, _I) is not None
    if kind not in _DEEDS:
        return False
    if _NO_DEED.search(before) or (kind == "return" and _IS_DONE.match(sentence, match.end())):
        return True
    word = match[0].casefold()
    return word.endswith("ed") and not word.startswith(_WANTED) and _PAST.search(before) is not None


@cache
def _ways() -> dict[str, re.Pattern[str]]:
    return {kind: any_of(rows) for kind, rows in table("cues").items()}

"""Things that shops anywhere sell, known by a general lexicon: so "hats" are asked for even where none are carried.

A catalogue's own kinds are read first (`asked`); here only what is plainly asked for counts, not all that is spoken of.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice

from assistant.reading.kinds import NO_HEAD, singular
from assistant.reading.vocabulary import Vocabulary
from catalog import STOPWORDS, has_cjk, thing_rows, words

_LONGEST = 3  # words of a name
_PLURAL_ONLY = frozenset(
    "shorts tights jeans pants scissors sunglasses eyeglasses joggers leggings goggles pliers".split()
)
_ASKING = re.compile(
    r"\b(?:have|got|sell|carry|stock|supply|offer|deal in|need|want|like|buy|get|getting|find|order|purchase"
    r"|(?:you|shop|store|guys)(?: also| even)? do|show me|see|look(?:ing)? (?:for|at)|search(?:ing)? for|shopping for|after"
    r"|prefer|recommend|suggest|any|some|what about|how about|interested in|a good|a nice|a new|another|would (?:really )?love|'d (?:really )?love)\b[^,.;!?]*$",
    re.IGNORECASE,
)
_OWNED = re.compile(r"\b(?:my|our|his|her|their|your|this|that|these|those|it|the)\b(?: \w+)?\s*$", re.IGNORECASE)
_GOVERNED = re.compile(
    r"\b(?:for|in|on|with|from|to|at|into|by|using|than|of|near|against|inside|like|likes|love|loves|enjoys?|own|owns|bought|use|uses"
    r"|(?:i|we|he|she|they|who|already) (?:have|has|got)|without|no|not)"
    r"(?: (?:a|an|the|my|our|his|her|their|any|some))?(?: [a-z-]+)?\s*$",
    re.IGNORECASE,
)
_SOUGHT = re.compile(
    r"\b(?:(?:look|looking|search|searching|shop|shopping|market|ask|asking|hunting|hunt|need|wish) (?:for|at)"
    r"|in (?:need|want|search) of|to (?:stock|sell|carry|supply|have|buy|get|order|purchase|find|see)|(?:pair|set|pack|box|couple|kind|sort|type|piece|bunch|lot)s? of)\b"
    r"(?: (?:a|an|the|some|any|my))?(?: [a-z-]+)?\s*$|\b(?:would|'d|i'd) (?:really )?(?:like|love)\b(?: (?:a|an|some))?(?: [a-z-]+)?\s*$",
    re.IGNORECASE,
)
_HAS_IT = re.compile(
    r"\b(?:it|they|this|that|these|those|ones?)\s+(?:also |all )?(?:have|has|got|come|comes|include|includes|need|needs|takes?)\b[^,.;!?]*$",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"\bwhere(?:'s| is| are| can i find)(?: (?:a|an|the|your|some|any))?(?: [a-z-]+)?\s*$", re.IGNORECASE
)
_FEW_WORDS = 4
_REACH = 120  # characters before a name in which it is looked for whether it is asked for
_MOST = 16  # names that are looked at in one message
_ASKING_ZH = re.compile(
    r"(?:想买|想要|想看|想找|有没有|做不做|卖不卖|还有|有|卖|买|找|来|要|看看|推荐|换|捎)[^，。！？,.!?；;]*$|[送给][^，。！？,.!?；;的]{1,6}的$"
)
_BOUGHT_ZH = re.compile(r"(?:买|卖|找|要|有)(?:一?[个双只件条张束])?$")
_USED_ZH = re.compile(r"(?:适合|配|搭配|用|放|给|在(?![你您])|像|比|不要|除了|喜欢|爱|送)[^，。！？,.!?；;的]{0,4}$")
_SOLD_ZH = re.compile(
    r"^[^，。！？,.!?]{0,6}?(?:有[木没冇]|有吗|[也都]有(?=\W|$|[吗么的卖])|卖|在售|有货|[买淘]得?到|(?:能|可以)(?:下单|买|订)|[给帮](?:我|咱|俺)?(?:推荐?|挑|找|选|介绍))"
)
_ENDS_ZH = re.compile(
    r"^(?:[吗呢吧啊嘛么呀]|[不没](?=\W*$)|的话|[也都]有(?=\W|$|[吗么的卖])|回[去来家]|这[个种类款]|有吗|有[木没冇]|在[售卖你您贵]|能|可以|[你您贵]|[，。！？,.!?；;\s]|$|推荐|卖|或|和|送|给)"
)


@cache
def things() -> Mapping[str, tuple[str, ...]]:
    """Every name of the lexicon with all the names of its row."""
    return {name.casefold(): row for row in thing_rows() for name in row}


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing asked for, at `span`: the names under which the catalogue carries it, or all there are where it does not."""

    span: tuple[int, int]
    names: tuple[str, ...]
    carried: bool


def thing_asked(message: str, vocabulary: Vocabulary) -> Thing | None:
    """The thing that a message plainly asks for, if any."""
    named = _chinese(message) if has_cjk(message) else _english(message, vocabulary)
    found = next(named, None)
    if found is None:
        return None
    name, span = found
    carried = tuple(other for other in things()[name] if vocabulary.carries(other))
    return Thing(span, carried or (name, *(other for other in things()[name] if other != name)), bool(carried))


def _english(message: str, vocabulary: Vocabulary) -> Iterator[tuple[str, tuple[int, int]]]:
    folded = message.casefold()
    for name, span in islice(_named(folded), _MOST):
        if _is_asked(folded, span) and not _goes_on(folded[span[1] : span[1] + _REACH], vocabulary):
            yield name, span


def _named(folded: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Every name of the lexicon and where it stands, at each place the longest."""
    pieces = list(re.finditer(r"[a-z0-9]+(?:['-][a-z0-9]+)*", folded))
    for first in range(len(pieces)):
        for count in range(min(_LONGEST, len(pieces) - first), 0, -1):
            run = pieces[first : first + count]
            name = _known(" ".join(piece[0] for piece in run))
            if name is not None:
                yield name, (run[0].start(), run[-1].end())
                break


def _known(phrase: str) -> str | None:
    """The lexicon's name for a phrase, in the singular."""
    if phrase in things():
        return phrase
    head, _, last = phrase.rpartition(" ")
    forms = () if last in _PLURAL_ONLY else (singular(last), last.removesuffix("s"), last.removesuffix("es"))
    return next((name for form in forms if (name := f"{head} {form}".strip()) in things()), None)


def _is_asked(folded: str, span: tuple[int, int]) -> bool:
    before = folded[max(0, span[0] - _REACH) : span[0]]
    if _WHERE.search(before):
        return True
    if _OWNED.search(before) or _HAS_IT.search(before) or (_GOVERNED.search(before) and not _SOUGHT.search(before)):
        return False
    spoken, after = before.split(), folded[span[1] : span[1] + _REACH].split()
    opens = span[0] < _REACH and len(spoken) < _FEW_WORDS and all(w in STOPWORDS or w.isalpha() for w in spoken)
    return _ASKING.search(before) is not None or (opens and len(after) <= _FEW_WORDS + 2)


def _goes_on(after: str, vocabulary: Vocabulary) -> bool:
    """Whether a noun follows that the thing only qualifies: "coffee grinder", "lamp shade"."""
    following = re.match(r"\s+([a-z]+)", after)
    if following is None:
        return False
    word = following[1]
    plain = word not in STOPWORDS and word not in NO_HEAD and not word.endswith(("ly", "ing"))
    return plain and (
        _known(word) is not None
        or word in _HEADS
        or (len(word) > 3 and not vocabulary.prose.isdisjoint({word, singular(word)}))
    )


_HEADS = frozenset(
    "lover fan owner set kit case cover holder stand bag box rack accessories accessory parts stuff things".split()
)


def _chinese(message: str) -> Iterator[tuple[str, tuple[int, int]]]:
    folded = message.casefold()
    spoken = frozenset(words(folded))
    for name in _names_zh():
        place = folded.rfind(name)
        if place < 0 or (len(name) == 1 and name not in spoken and not _BOUGHT_ZH.search(folded[:place])):
            continue
        end = place + len(name)
        before = folded[max(0, place - _REACH) : place]
        asked = (
            _ASKING_ZH.search(before) or _SOLD_ZH.match(folded[end:]) or (len(folded) <= len(name) + 3 and not before)
        )
        if asked and not _USED_ZH.search(before) and _ENDS_ZH.match(folded[end:]):
            yield name, (place, end)


def asks_for_one(message: str) -> bool:
    """Whether an English message has words with which things are asked for."""
    return _ASKING.search(message.rstrip(" .,;!?")) is not None


def things_named(message: str) -> tuple[str, ...]:
    """The things of the lexicon that a message names, asked for or not."""
    folded = message.casefold()
    return (*(name for name, _ in _named(folded)), *islice((name for name in _names_zh() if name in folded), 1))


@cache
def _names_zh() -> tuple[str, ...]:
    """The Chinese names, longest first."""
    return tuple(sorted((name for name in things() if has_cjk(name)), key=lambda name: (-len(name), name)))

"""Opinions out of texts: sentence by sentence, each clause judged by itself, for each aspect that it speaks of.

Of a chat only what judges is read: questions, wishes and orders ("a quiet fan, not too expensive") are no opinions.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assistant.insight.opinions.aspects import OVERALL, aspects_in
from assistant.insight.opinions.lexicon import tally
from assistant.insight.opinions.sentiment import Judged, Sentiment, side_of
from catalog import sentences

Source = Literal["comment", "chat", "review"]

_CLAUSES = re.compile(
    r"[;；，、:：~～…]+|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])|\s[-–—]+\s|(?<!\w)(?:but|however|although|though|yet|except)(?!\w)"
    r"|但是?|不过|可是|然而|只是|就是(?!这|那|我)|可惜",
    re.I,
)
_ASKS = re.compile(
    r"[?？]|(?<!\w)(?:i(?:'d| would)? (?:want|need|like to|prefer|am looking|wish)|i'm looking|looking for|show me|find me|give me|do you|are there|is there"
    r"|can i|could you|please|what|which|how|where|something|anything|recommend (?:me|a|an|some)|add|remove|compare|under \$?\d|no more than|cheaper|instead)(?!\w)"
    r"|想要|想买|想找|有没有|有吗|请|帮我|给我|推荐(?:一|个|几|下|些)|来[个条件双]|我要|不要|别太|能不能|可以吗|吗$|呢$|多少|哪[个款些]|怎么|什么|以内|以下|预算",
    re.I,
)
_LONGEST_QUOTE = 300
_SURE = 0.45  # how far a clause of a chat must lean to be an opinion
_SURE_OVERALL = 0.6  # the same where it names no aspect
_WISH = 0.3
_SHORTEST = 2
_STARS = 0.3  # what the stars of a review count beside its words


@dataclass(frozen=True, slots=True)
class Text:
    """Something that was written, by whom and when. `lean` is -1 to 1 where its stars say what it thinks.

    `settled` is false as long as what tells its product, the answer to it, is not there.
    """

    source: Source
    id: str
    words: str
    at: datetime
    locale: str
    who: str
    session_id: str | None = None
    product_id: str | None = None
    lean: float = 0.0
    settled: bool = True


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a sentence, the nth of its text, says of an aspect; the quote is masked."""

    aspect: str
    polarity: float
    sentence: int
    quote: str


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause, the places of its text and its sentence."""

    text: int
    sentence: int
    words: str


class Reader:
    """Reads opinions; `mask` takes what is private out of what is quoted."""

    def __init__(self, sentiment: Sentiment, mask: Callable[[str], str]) -> None:
        self._sentiment = sentiment
        self._mask = mask

    @property
    def version(self) -> str:
        """What the reading rests on: another version reads all texts anew."""
        return self._sentiment.version

    def read(self, texts: Sequence[Text]) -> list[list[Opinion]]:
        """The opinions of each text."""
        split = [sentences(text.words) for text in texts]
        clauses = [
            _Clause(place, number, clause)
            for place, parts in enumerate(split)
            for number, part in enumerate(parts)
            for clause in clauses_of(part)
            if texts[place].source != "chat" or may_judge(clause, part)
        ]
        found: list[dict[tuple[int, str], list[float]]] = [{} for _ in texts]
        for clause, judged in zip(clauses, self._sentiment.of([one.words for one in clauses]), strict=True):
            text = texts[clause.text]
            polarity = max(-1.0, min(1.0, judged.polarity + _STARS * text.lean))
            for aspect in _spoken_of(clause.words, Judged(polarity, judged.wish), text.source):
                found[clause.text].setdefault((clause.sentence, aspect), []).append(polarity)
        return [self._opinions(split[place], told) for place, told in enumerate(found)]

    def _opinions(self, parts: Sequence[str], told: dict[tuple[int, str], list[float]]) -> list[Opinion]:
        named = {number for number, aspect in told if aspect != OVERALL}
        return [
            Opinion(aspect, round(combined(polarities), 4), number, self._quote(parts[number]))
            for (number, aspect), polarities in told.items()
            if aspect != OVERALL or number not in named
        ]

    def _quote(self, sentence: str) -> str:
        masked = self._mask(sentence)
        return masked if len(masked) <= _LONGEST_QUOTE else masked[: _LONGEST_QUOTE - 1].rstrip() + "…"


def clauses_of(sentence: str) -> list[str]:
    """The clauses of a sentence: what stands on either side of "but", of commas and of gaps between Chinese words."""
    parts = [part.strip() for part in _CLAUSES.split(sentence)]
    return [part for part in parts if len(part) >= _SHORTEST] or [sentence]


def may_judge(clause: str, sentence: str) -> bool:
    """Whether a clause of a chat may be an opinion at all: it has a word that judges, and its sentence asks for nothing."""
    told = tally(clause)
    return bool(told.good or told.bad) and _ASKS.search(sentence.casefold().replace("’", "'")) is None


def combined(polarities: Sequence[float]) -> float:
    """The polarity of several clauses as one; those that lean count more than those that do not."""
    weight = sum(abs(one) for one in polarities)
    return sum(one * abs(one) for one in polarities) / weight if weight else 0.0


def _spoken_of(clause: str, judged: Judged, source: Source) -> tuple[str, ...]:
    """The aspects that count as spoken of in a judged clause."""
    named = aspects_in(clause)
    if source == "chat":
        sure = _SURE if named else _SURE_OVERALL
        return (named or (OVERALL,)) if abs(judged.polarity) >= sure and judged.wish <= _WISH else ()
    return named or ((OVERALL,) if side_of(judged.polarity) else ())

"""The word that a mistyped English one stands for, sought among the words of a catalogue and of the lexicons."""

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog.query.english import english, is_english
from catalog.query.lexicon import lexicon_words
from catalog.tokens import STOPWORDS, stem

_SHORTEST = 4  # letters of a word that may be mistyped
_SURE = 6  # letters from which on the word meant may be an unfamiliar one, or the slip an odd one
_LONG = 8  # letters from which on two slips may be made
_FAMILIAR = 10  # listings that hold a word
_LEAST_PART = 3
_ODD_COST = 2.0  # of a slip that is seldom made, in natural logarithms of frequency
_VOWELS = frozenset("aeiouy")
_ROWS = "qwertyuiop asdfghjkl zxcvbnm qaz wsx edc rfv tgb yhn ujm ik ol".split()
_NEAR = frozenset(frozenset(pair) for row in _ROWS for pair in pairwise(row))


class _Shelf:
    """Words by their first letter and length."""

    def __init__(self, words: Iterable[str]) -> None:
        self._at: dict[tuple[str, int], list[str]] = {}
        for word in words:
            if len(word) >= _LEAST_PART and word.isascii() and word.isalpha():
                self._at.setdefault((word[0], len(word)), []).append(word)

    def alike(self, typed: str, slips: int) -> list[str]:
        """The words of about the same length that begin with one of the first two letters."""
        lengths = range(len(typed) - slips, len(typed) + slips + 1)
        return [word for first in set(typed[:2]) for length in lengths for word in self._at.get((first, length), ())]


class Speller:
    """Corrects words that no listing holds and that are no words of English or of the lexicons.

    `frequency` gives the number of listings for each stemmed token; its tokens are read at the first unknown word.
    """

    def __init__(self, frequency: Mapping[str, int]) -> None:
        self._frequency = frequency
        self.correction = lru_cache(maxsize=4096)(self._correction)

    def warm(self) -> None:
        """Read all words now, so that the first who mistypes one need not wait for it."""
        _ = self._shelves

    def _correction(self, word: str) -> tuple[str, ...]:
        """The words that `word` stands for, in plain spelling: none, one, or two where a space is missing."""
        if not self._is_unknown(word):
            return ()
        near = self._nearest(word, 1) or self._parts(word)
        return near or self._nearest(word, 2)

    def _is_unknown(self, word: str) -> bool:
        plain = len(word) >= _SHORTEST and word.isascii() and word.isalpha() and word not in STOPWORDS
        return plain and stem(word) not in self._frequency and not is_english(word)

    def _nearest(self, word: str, slips: int) -> tuple[str, ...]:
        """The likeliest word within so many slips: one of English, or the stem of one that is not with its ending."""
        likely = [
            (odds, meant + word[len(typed) :])
            for typed, shelf in zip((word, stem(word)), self._shelves, strict=True)
            for meant, cost, _ in process.extract(
                typed, shelf.alike(typed, slips), scorer=OSA.distance, score_cutoff=slips, limit=None
            )
            if (odds := self._likelihood(typed, meant, int(cost))) is not None
        ]
        return (max(likely)[1],) if likely else ()

    def _likelihood(self, typed: str, meant: str, slips: int) -> float | None:
        """The logarithm of how likely `meant` was mistyped so, or None where that is not to be believed."""
        if typed[0] != meant[0] and typed[:2] != meant[1::-1]:
            return None
        held = self._frequency.get(english().get(meant, meant), 0)
        length = max(len(typed), len(meant))
        bold = slips > 1 or length < _SURE
        if slips > 1 and length < _LONG or bold and held < _FAMILIAR and meant not in lexicon_words():
            return None
        odd = slips == 1 and not _is_usual(typed, meant)
        return None if odd and length < _SURE else math.log1p(held) - _ODD_COST * odd

    @cached_property
    def _shelves(self) -> tuple[_Shelf, _Shelf]:
        """The words of English that listings hold or the lexicons know, and the tokens that are none: brands and such."""
        held, known, stems = set(self._frequency), lexicon_words(), set(english().values())
        return (
            _Shelf(word for word, token in english().items() if token in held or word in known),
            _Shelf(token for token in held if token not in stems),
        )

    def _parts(self, word: str) -> tuple[str, ...]:
        """The two words that listings hold and that `word` is made of, the commonest such pair."""
        return max(self._pairs(word), key=lambda pair: min(map(self._held, pair)), default=())

    def _pairs(self, word: str) -> Iterator[tuple[str, str]]:
        for place in range(_LEAST_PART, len(word) - _LEAST_PART + 1):
            pair = word[:place], word[place:]
            if pair[1] in lexicon_words() and is_english(pair[0]) and all(map(self._held, pair)):
                yield pair

    def _held(self, word: str) -> int:
        return 0 if word in STOPWORDS else self._frequency.get(stem(word), 0)


def _is_usual(typed: str, token: str) -> bool:
    """Whether the one slip between two words is often made: letters swapped, a vowel, a doubled letter, the next key."""
    if len(typed) == len(token):
        differ = [(a, b) for a, b in zip(typed, token, strict=True) if a != b]
        return len(differ) == 2 or all({a, b} <= _VOWELS or frozenset((a, b)) in _NEAR for a, b in differ)
    longer, shorter = (typed, token) if len(typed) > len(token) else (token, typed)
    place = next((i for i, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), len(shorter))
    letter = longer[place]
    return letter in _VOWELS or letter in longer[max(0, place - 1) : place] + longer[place + 1 : place + 2]

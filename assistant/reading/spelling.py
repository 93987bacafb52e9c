"""Mistyped words put right before a message is read, where neither a limit nor a word that the shop knows is changed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.reading import limits
from assistant.reading.vocabulary import Vocabulary

_WORD = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Spelt:
    """A message as it was meant, and each word that was put right with what it was taken for."""

    message: str
    corrected: tuple[tuple[str, str], ...] = ()


def spelt(message: str, corrections: Mapping[str, str], vocabulary: Vocabulary) -> Spelt:
    """`message` with the words of `corrections`, in lower case, put right."""
    if not corrections:
        return Spelt(message)
    taken = limits.read(message, vocabulary).spans
    made: dict[str, str] = {}

    def right(word: re.Match[str]) -> str:
        meant = corrections.get(word[0].casefold())
        in_limit = any(start < word.end() and word.start() < end for start, end in taken)
        if meant is None or in_limit or _is_known(word[0].casefold(), vocabulary):
            return word[0]
        made[word[0]] = meant
        return meant

    return Spelt(_WORD.sub(right, message), tuple(made.items()))


def _is_known(word: str, vocabulary: Vocabulary) -> bool:
    named = word in vocabulary.terms or word in vocabulary.brands or word in vocabulary.categories
    return named or word in vocabulary.prose or vocabulary.type_of(word) is not None

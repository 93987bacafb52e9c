"""The words of English that people use, from the word list that symspellpy ships and from the lexicons."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from catalog.query.lexicon import lexicon_words
from catalog.tokens import stem

_LONG = 6  # letters from which on a rare word is no slip of another
_COMMON = 200_000  # times that a shorter one must stand in the books counted


@cache
def english() -> Mapping[str, str]:
    """The stem of every word of English, short ones only where they are common, and every word of the lexicons."""
    return {word: stem(word) for word in lexicon_words().union(_listed())}


def is_english(word: str) -> bool:
    """Whether `word`, in singular or plural, is one that people use."""
    return word in english() or (word.endswith("s") and word[:-1] in english())


def _listed() -> list[str]:
    text = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig")
    counts = (line.partition(" ") for line in text.splitlines())
    return [word for word, _, count in counts if len(word) >= _LONG or int(count) >= _COMMON]

"""The words of a sentence against the words of what it rests on, and sentences that go round in circles."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.reading.numerals import is_number
from assistant.reading.vocabulary import table
from assistant.verify.denial import NEGATION
from catalog import STOPWORDS, has_cjk, stem, thing_rows, tokens, words

if TYPE_CHECKING:
    from assistant.verify.ground import Ground, Support

_RUN = 3
_RUN_ZH = re.compile(r"[\u3400-\u9fff]+")


def unsupported(text: str, support: "Support") -> list[str]:
    """The words of a text that no line supports, by themselves or by a word that means the same."""
    found = []
    for word in words(text):
        if word in STOPWORDS or any(char.isdigit() for char in word) or len(word) < 2 or is_number(word):
            continue
        if has_cjk(word):
            plain = word in support.folded or word in harmless("zh") or _made_of(word, support.folded)
            if not plain and not _meant(word, support):
                found.append(word)
        elif not _known_word(word, support) and not _meant(word, support):
            found.append(word)
    return found + _loose_characters(text, support)


def denies(text: str) -> bool:
    """Whether a text holds a word that denies something."""
    return NEGATION.search(text) is not None


@cache
def harmless(locale: str) -> frozenset[str]:
    """The words that state nothing about a product, English ones stemmed."""
    import yaml

    found = yaml.safe_load((Path(__file__).parent / "harmless.yaml").read_text(encoding="utf-8"))[locale].split()
    return frozenset(found) | frozenset(stem(word) for word in found)


def repeats(sentence: str, grounds: Sequence["Ground"]) -> bool:
    """Whether three words in a row stand twice, or a telling word more often than in any one line of the listing.

    That is what a small model writes when it has nothing to add, or mixes up what lets go of what.
    """
    spoken = words(sentence)
    runs = [tuple(spoken[i : i + _RUN]) for i in range(len(spoken) - _RUN + 1)]
    quoted = "\n".join(line.quote for ground in grounds for line in ground.lines) if len(set(runs)) < len(runs) else ""
    if quoted and sentence.strip().casefold() not in quoted.casefold():
        if any(count > 1 and not _stands(run, grounds, count) for run, count in Counter(runs).items()):
            return True
    twice = {token: count for token, count in Counter(tokens(sentence)).items() if count > 1}
    named = {token for ground in grounds for token in tokens(ground.product.title)}
    twice = {
        t: n
        for t, n in twice.items()
        if t not in named and not t[0].isdigit() and t not in harmless("en") | harmless("zh")
    }
    lines = [Counter(tokens(line.quote)) for ground in grounds for line in ground.lines] if twice else []
    return any(all(line[token] < count for line in lines) for token, count in twice.items())


def _stands(run: tuple[str, ...], grounds: Sequence["Ground"], count: int) -> bool:
    """Whether a line itself has a run of words that often."""
    for ground in grounds:
        for line in ground.lines:
            spoken = words(line.quote)
            if sum(tuple(spoken[i : i + _RUN]) == run for i in range(len(spoken))) >= count:
                return True
    return False


def _known_word(word: str, support: "Support") -> bool:
    parts = [word, *word.split("-")] if "-" in word else [word]
    if word.endswith("'s"):
        parts.append(word[:-2])
    stems = [stem(part) for part in parts if part]
    known = [one in support.known or one in harmless("en") for one in stems]
    if known[0] or (len(known) > 1 and all(known[1:])):
        return True
    return len(word) > 3 and word in support.folded


def _meant(word: str, support: "Support") -> bool:
    """Whether the support has another word for the same colour, material or thing."""
    for form in _meanings().get(stem(word), ()):
        known = form in support.folded if has_cjk(form) else set(tokens(form)) <= support.known
        if known and has_cjk(form) == has_cjk(word):
            return True
    return False


@cache
def _meanings() -> dict[str, tuple[str, ...]]:
    """By the stem of a word: the words that mean the same."""
    rows: Iterable[Sequence[str]] = [*(row for rows in table("lexicon").values() for row in rows), *thing_rows()]
    forms = [tuple(form.removeprefix("~").casefold() for form in row) for row in rows]
    return {stem(form): row for row in forms for form in row if " " not in form and len(form) > 1}


def _made_of(word: str, folded: str) -> bool:
    """A Chinese word whose every character pair stands in the support, or is cut wrongly: a character with a particle."""
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    known = harmless("zh")
    return all(
        pair in folded
        or pair in known
        or (pair[0] in known and pair[1] in folded)
        or (pair[1] in known and pair[0] in folded)
        for pair in pairs
    )


def _loose_characters(text: str, support: "Support") -> list[str]:
    """Chinese characters that make no word, side by side, and nowhere in the support: an invented name, mostly."""
    found = []
    plain = harmless("zh") | STOPWORDS
    for run in _RUN_ZH.findall(text):
        covered = [False] * len(run)
        for word in words(run):
            at = run.find(word)
            while len(word) > 1 and at >= 0:
                covered[at : at + len(word)] = [True] * len(word)
                at = run.find(word, at + 1)
        loose = "".join(c if not covered[i] and c not in plain and not is_number(c) else " " for i, c in enumerate(run))
        found += [piece for piece in loose.split() if len(piece) > 1 and not all(c in support.folded for c in piece)]
    return found

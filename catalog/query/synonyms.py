"""Other names for what a query names, in its own language and in the other, from the two lexicons."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from catalog.query.lexicon import named_rows, spaced
from catalog.tokens import folded, has_cjk, segments, tokens

_LATIN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_LONGEST = 4  # words of a name
_OWN_LANGUAGE, _BRIDGE, _FURTHER_BRIDGE = 0.5, 1.0, 0.5  # of a whole name; the first name of a row is the commonest


def synonyms(text: str, frequency: Mapping[str, int]) -> dict[str, float]:
    """The tokens of the other names that listings hold in each row that `text` names, with weights up to 1.

    A name counts the more, the commoner it is in the catalogue beside the name that was said; the words of a name share
    its weight, so that "coffee maker" does not bring all coffee for "coffee machine".
    """
    found: dict[str, float] = {}
    for said in _names(folded(text)):
        own, seen = _held(said, frequency), {False: 0, True: 0}
        for name in named_rows()[said]:
            held = _held(name, frequency)
            if not held or spaced(name) == said:
                continue
            chinese = has_cjk(name)
            whole = _OWN_LANGUAGE if chinese == has_cjk(said) else _FURTHER_BRIDGE if seen[chinese] else _BRIDGE
            seen[chinese] += 1
            share = whole * held / (held + own) / len(_tokens(name))
            for token in _tokens(name):
                found[token] = max(share, found.get(token, 0.0))
    return found


def _names(plain: str) -> Iterator[str]:
    yield from _longest(_LATIN.findall(plain), " ")
    for run in _CHINESE.findall(plain):
        yield from _longest(segments(run), "")


def _longest(spoken: Sequence[str], space: str) -> Iterator[str]:
    """The names in a row of words, at each place the longest; of a Chinese word that is no name, those it is made of."""
    place = 0
    while place < len(spoken):
        ends = range(min(len(spoken), place + _LONGEST), place, -1)
        end = next((end for end in ends if space.join(spoken[place:end]) in named_rows()), None)
        if end:
            yield space.join(spoken[place:end])
        elif not space:
            yield from _halves(spoken[place])
        place = end or place + 1


def _halves(word: str) -> tuple[str, ...]:
    """A word's longest ending that is a name, and what stands before it where that is one: 大衣柜 is a 衣柜, 玻璃碗 both."""
    for place in range(1, len(word)):
        before, ending = word[:place], word[place:]
        if ending in named_rows() and (before in named_rows() or len(ending) > 1):
            return (before, ending) if before in named_rows() else (ending,)
    return ()


def _held(name: str, frequency: Mapping[str, int]) -> int:
    """In how many listings a name can stand at most."""
    return min((frequency.get(token, 0) for token in _tokens(name)), default=0)


@lru_cache(maxsize=16384)
def _tokens(name: str) -> tuple[str, ...]:
    return tuple(tokens(name))

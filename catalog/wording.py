"""Whether a text speaks of a thing, and whether it says that the thing is there: "plastic-free" only mentions plastic."""

import re
from collections.abc import Iterator
from functools import lru_cache

from catalog.tokens import has_cjk, stem

_LETTER = r"[^\W_\u3400-\u9fff]"  # Chinese beside a Latin word does not lengthen it
WORD = re.compile(rf"\d+(?:[.,]\d+)+|{_LETTER}+(?:['’]{_LETTER}+)*")
CHARACTER = re.compile(r"[\u3400-\u9fff]+")  # Chinese runs, which have no words of their own
_DENIED = re.compile(
    r"(?:\b(?:no|not|non|without|zero|never|unlike|instead of|rather than|free (?:of|from)|(?:is|are|does|do)n't"
    r"|faux|vegan|fake|imitation|artificial)"
    r"(?:[\s-]+(?:any|a|an|the|added|real|contain|made|of|from|use|with))*[\s-]+"
    r"|不含|不是|不用|不使用|没有|无|非|零|仿|人造|假)$"
)
_FREE = re.compile(r"[\s-]*free\b")
_REACH = 40  # characters before a word in which its denial is looked for


def mentions(text: str, term: str) -> bool:
    """Whether `term` stands in `text` as whole words, in singular or plural (Chinese, without spaces, anywhere)."""
    return next(_places(text.casefold(), term.casefold()), None) is not None


def asserts(text: str, term: str) -> bool:
    """Whether `text` mentions `term` at least once without denying it ("no leather", "plastic-free", "faux leather")."""
    folded = text.casefold()
    return any(not denied(folded, start, end) for start, end in _places(folded, term.casefold()))


def denied(folded: str, start: int, end: int) -> bool:
    """Whether a case-folded text denies the word that stands from `start` to `end`: "no leather", "plastic-free"."""
    return bool(_DENIED.search(folded[max(0, start - _REACH) : start]) or _FREE.match(folded, end))


def _places(folded: str, term: str) -> Iterator[tuple[int, int]]:
    """Where `term` stands; both are case-folded."""
    start, pattern, wanted = _sought(term)
    if start not in folded:
        return
    for match in pattern.finditer(folded):
        end = match.end()
        for place, wanted_stem in enumerate(wanted):
            word = WORD.search(folded, end) if place else WORD.match(folded, match.start())
            if word is None or stemmed(word[0]) != wanted_stem:
                break
            end = word.end()
        else:
            yield match.start(), end


@lru_cache(maxsize=4096)
def _sought(term: str) -> tuple[str, re.Pattern[str], tuple[str, ...]]:
    """How a place for `term` begins, and the stems of the words that must stand from there on (none for Chinese)."""
    if has_cjk(term):
        return term, re.compile(re.escape(term)), ()
    wanted = tuple(stemmed(word) for word in WORD.findall(term))
    if not wanted:
        return "", re.compile(r"(?!)"), ()
    start = wanted[0][: 3 if len(wanted[0]) > 4 else 2]  # stems differ from their words at the end only
    return start, re.compile(rf"(?<!{_LETTER})(?<!{_LETTER}['’])(?<!\d[.,]){re.escape(start)}"), wanted


def stemmed(word: str) -> str:
    """The stem of one of the `WORD`s of a case-folded text."""
    return stem(word.replace("’", "'"))

"""What the lexical index is asked for a query: the words said, and what they stand for in this catalogue."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from catalog.query.codes import boundaries, codes, compounds, joined, telling_parts
from catalog.query.spelling import Speller
from catalog.query.synonyms import synonyms
from catalog.tokens import STOPWORDS, folded, stem, tokens, words

Origin = Literal["said", "spelling", "synonym", "code"]

_SPELLING, _PART, _CODE = 0.8, 0.5, 2.0
_RUN = 3  # pieces that a code may be written in


@dataclass(frozen=True, slots=True)
class Term:
    """A token of the lexical index that a query looks for; `weight` is 1 for what was said as it stands."""

    token: str
    weight: float
    origin: Origin


class Expander:
    """Expands queries against one catalogue; `frequency` gives the number of listings for each token of its index.

    The index holds the `document_tokens` of its texts. Only the tokens asked for are looked up in `frequency`, until
    the first unknown word: then all its tokens are read, once, unless `warm` has done so.
    """

    def __init__(self, frequency: Mapping[str, int]) -> None:
        self._frequency = frequency
        self._speller = Speller(frequency)

    def warm(self) -> None:
        """Read all tokens now."""
        self._speller.warm()

    def expand(self, text: str) -> tuple[Term, ...]:
        """Each token of `text` once, known or not, and the tokens that listings hold for what it means, weighted."""
        found = {token: Term(token, 1.0, "said") for token in tokens(text)}
        for term in self._meant(text):
            known = found.get(term.token)
            if term.token in self._frequency and (known is None or term.weight > known.weight):
                found[term.token] = term
        return tuple(found.values())

    def corrections(self, text: str) -> dict[str, str]:
        """The mistyped words of `text`, in lower case, each with what it was taken for: {"ketle": "kettle"}."""
        found = {word: " ".join(self._speller.correction(word)) for word in words(text)}
        return {word: correct for word, correct in found.items() if correct}

    def _meant(self, text: str) -> Iterator[Term]:
        corrections = self.corrections(text)
        for correct in corrections.values():
            yield from (Term(token, _SPELLING, "spelling") for token in tokens(correct))
        yield from self._coded(text)
        yield from self._joined(words(text))
        yield from self._apart(text)
        correct = re.sub(r"[a-z]+", lambda word: corrections.get(word[0], word[0]), folded(text))
        yield from (Term(token, weight, "synonym") for token, weight in synonyms(correct, self._frequency).items())

    def _coded(self, text: str) -> Iterator[Term]:
        """The codes of a query; where no listing holds one, its two parts: "iphone13" is iphone and 13."""
        for code in codes(text):
            yield Term(code, _CODE, "code")
            if code not in self._frequency:
                halves = ((stem(code[:place]), stem(code[place:])) for place in boundaries(code))
                held = next((pair for pair in halves if all(half in self._frequency for half in pair)), ())
                yield from (Term(half, 1.0, "code") for half in held)

    def _joined(self, spoken: list[str]) -> Iterator[Term]:
        """What stands apart and may be one word or code in listings: "head phones", "wh 1000 xm4"."""
        for count in range(2, _RUN + 1):
            for run in zip(*(spoken[first:] for first in range(count)), strict=False):
                whole = "".join(run)
                if not whole.isascii() or whole.isdigit() or not STOPWORDS.isdisjoint(run):
                    continue
                if any(char.isdigit() for char in whole):
                    yield Term(whole, _CODE, "code")
                elif count == 2:
                    yield Term(joined(run), _SPELLING, "spelling")

    def _apart(self, text: str) -> Iterator[Term]:
        """Compounds as one word, and their parts: "water-resistant" is waterresist, water and resist."""
        for parts in compounds(text):
            yield Term(joined(parts), 1.0, "said")
            held = joined(parts) in self._frequency
            yield from (Term(part, _PART if held else 1.0, "said") for part in telling_parts(parts))

"""Each sentence against the catalogue before it is shown: a name, number, quality or comparison that no line supports is not said."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.types import Evidence, Need
from catalog import STOPWORDS, Product, has_cjk, stem, tokens, words

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|without|isn't|aren't|doesn't|don't|can't|cannot|won't|lacks?|free of)\b|不|没|无|未|非",
    re.IGNORECASE,
)
_COMPARISON = re.compile(
    r"\b(?:cheap(?:er|est)|(?:most|least|less|more) [a-z]+|lowest|highest|better|best|lighter|heavier|lightest|heaviest|larger|largest"
    r"|smaller|smallest|bigger|biggest|faster|longer|longest|stronger|than)\b|最|更|比.{1,12}(?:便宜|贵|轻|重|大|小|好|长|高)",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"\b(?:discount|coupon|free (?:shipping|delivery|returns?)|guarantee[ds]?|refund|warranty|deliver(?:ed|y)?|i(?:'ll| will) (?:order|add|send|ship))\b"
    r"|折扣|优惠|包邮|免运费|退款|保修|送货上门|我会帮您下单",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][a-zA-Z'-]+")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a sentence about one product may rest on: its lines in the shopper's language."""

    product: Product
    lines: tuple[Evidence, ...]

    def text(self) -> str:
        return " ".join(
            (self.product.title, self.product.brand, self.product.category, *(line.quote for line in self.lines))
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence may be shown, on which lines it rests, whom it speaks of, and what was wrong with it."""

    ok: bool
    evidence: tuple[Evidence, ...] = ()
    about: tuple[str, ...] = ()
    fault: str = ""


class Verifier:
    """Holds the grounds of one turn and checks sentences against them, in order: "it" is the product last named."""

    def __init__(self, grounds: Sequence[Ground], need: Need) -> None:
        self._grounds = {ground.product.id: ground for ground in grounds}
        self._said = _held(need)
        self._last: tuple[str, ...] = tuple(self._grounds) if len(self._grounds) == 1 else ()

    def check(self, sentence: str) -> Verdict:
        """The verdict on one sentence, about 1 ms."""
        named = self._named(sentence)
        about = named or self._last
        grounds = [self._grounds[id] for id in about] or list(self._grounds.values())
        support = " ".join(ground.text() for ground in grounds)
        fault = self._fault(sentence, support, bool(about))
        if named:
            self._last = named
        if fault:
            return Verdict(False, about=about, fault=fault)
        return Verdict(True, _resting_on(sentence, grounds), about)

    def _fault(self, sentence: str, support: str, about: bool) -> str:
        for number in _NUMBER.findall(sentence):
            if not _states(support, number) and not _states(self._said, number):
                return f"number {number}"
        if _PROMISE.search(sentence) and not _PROMISE.search(support):
            return "promise"
        for match in _COMPARISON.finditer(sentence):
            if match[0].casefold() not in support.casefold():
                return f"comparison {match[0]}"
        if _NEGATION.search(sentence) and not _NEGATION.search(f"{support} {self._said}"):
            return "negation"
        unsupported = self._unsupported(sentence, support)
        if unsupported:
            return f"unsupported {', '.join(unsupported)}"
        return "" if about or not _CAPITALISED.search(sentence) or _all_known(sentence, support) else "unknown name"

    def _unsupported(self, sentence: str, support: str) -> list[str]:
        known = set(tokens(f"{support} {self._said}"))
        folded = f"{support} {self._said}".casefold()
        found = []
        for word in words(sentence):
            if word in STOPWORDS or any(char.isdigit() for char in word) or len(word) < 2:
                continue
            if has_cjk(word):
                if word not in folded and word not in harmless("zh") and not _made_of(word, folded):
                    found.append(word)
            elif not _known_word(word, known, folded):
                found.append(word)
        return found

    def _named(self, sentence: str) -> tuple[str, ...]:
        """The products that a sentence names, by full title or by words of a title that no other one has."""
        folded, spoken = sentence.casefold(), set(tokens(sentence))
        found = []
        for id, ground in self._grounds.items():
            if ground.product.title.casefold() in folded:
                found.append((folded.find(ground.product.title.casefold()), id))
                continue
            own = self._own_words(id)
            if own and len(own & spoken) >= max(1, (len(own) + 1) // 2):
                found.append((len(folded), id))
        return tuple(id for _, id in sorted(found))

    def _own_words(self, id: str) -> set[str]:
        others = {t for other, g in self._grounds.items() if other != id for t in tokens(g.product.title)}
        return set(tokens(self._grounds[id].product.title)) - others


@cache
def harmless(locale: str) -> frozenset[str]:
    """The words that state nothing about a product, English ones stemmed."""
    import yaml

    found = yaml.safe_load((Path(__file__).parent / "harmless.yaml").read_text(encoding="utf-8"))[locale].split()
    return frozenset(found) | frozenset(stem(word) for word in found)


def _known_word(word: str, known: set[str], folded: str) -> bool:
    parts = [word, *word.split("-")] if "-" in word else [word]
    if word.endswith("'s"):
        parts.append(word[:-2])
    if any(
        stem(part) in known or part in harmless("en") or stem(part) in harmless("en")
        for part in parts[:1] + parts[-1:]
        if part
    ):
        return True
    return len(word) > 3 and word in folded


def _made_of(word: str, folded: str) -> bool:
    """A Chinese word whose every character pair, or for short words every character, stands in the support."""
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    return all(pair in folded or pair in harmless("zh") for pair in pairs)


def _all_known(sentence: str, support: str) -> bool:
    return all(name.casefold() in support.casefold() for name in _CAPITALISED.findall(sentence))


def _states(text: str, number: str) -> bool:
    value = _value(number)
    return any(_value(other) == value for other in _NUMBER.findall(text))


def _value(number: str) -> float:
    return float(number.replace(",", "").rstrip("."))


def _resting_on(sentence: str, grounds: list[Ground]) -> tuple[Evidence, ...]:
    """The lines that share a number or most words with the sentence, the best two."""
    spoken = set(tokens(sentence))
    numbers = {_value(number) for number in _NUMBER.findall(sentence)}
    scored: list[tuple[float, int, Evidence]] = []
    for ground in grounds:
        title = set(tokens(ground.product.title))
        for place, line in enumerate(ground.lines):
            own = set(tokens(line.quote)) - title
            shared = len((spoken - title) & own)
            stated = len(numbers & {_value(number) for number in _NUMBER.findall(line.quote)})
            if shared + stated:
                scored.append((shared + 2 * stated, place, line))
    best = sorted(scored, key=lambda entry: (-entry[0], entry[1]))[:2]
    return tuple(line for _, _, line in best)


def _held(need: Need) -> str:
    """The words of the constraints: every product on the slate satisfies them, so they may be said of any.

    The rest of what the shopper wrote supports nothing: "is it removable?" does not make it so.
    """
    words = []
    for constraint in need.constraints:
        value = constraint.value
        words += [str(one) for one in value] if isinstance(value, tuple) else [str(value)]
        if constraint.field == "price" and isinstance(value, int):
            words.append(f"{value / 100:g}")
        if constraint.op in ("ne", "not_in", "not_contains"):
            words.append("not 不")
    return " ".join(words)

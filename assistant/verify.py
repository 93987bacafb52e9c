"""Each sentence against the catalogue before it is shown.

A name, number, quality, denial, comparison or promise that no line of the listing supports is not said.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.markup import markup
from assistant.reading.numerals import is_number, mentioned, stated
from assistant.types import Evidence, Need
from catalog import STOPWORDS, Product, has_cjk, minor_units, stem, tokens, words

_NEGATION = re.compile(
    r"\b(?:not|no|never|none|without|isn't|aren't|doesn't|don't|can't|cannot|won't|lacks?|free of)\b"
    r"|不(?![锈仅但错过])|没有?|无(?![线论])|未(?!来)|非(?!常)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"\n|[.;:!?,](?:\s|$)|[。；：！？，]|\s–\s")
_COMPARISON = re.compile(
    r"\b(?:cheap(?:er|est)|(?:most|least|less|more) [a-z]+|lowest|highest|better|best|lighter|heavier|lightest|heaviest"
    r"|larger|largest|smaller|smallest|bigger|biggest|faster|longer|longest|stronger|than)\b"
    r"|[最更][\u3400-\u9fff]{1,2}|比.{1,12}(?:便宜|贵|轻|重|大|小|好|长|高)",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"\b(?:discount|coupon|free (?:shipping|delivery|returns?)|guarantee[ds]?|refund|warranty|deliver(?:ed|y)?"
    r"|i(?:'ll| will) (?:order|add|send|ship))\b|折扣|优惠|包邮|免运费|退款|保修|送货上门|我会帮您下单",
    re.IGNORECASE,
)
_RATED = re.compile(r"\brat(?:ed|ings?)\b|\bstars?\b|评分|评价|分|星", re.IGNORECASE)
_RUN = 3
_HAVING = frozenset("contain have includ use need requir come made".split())
_CAPITALISED = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][a-zA-Z'-]+")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a sentence about one product may rest on: its lines in the shopper's language."""

    product: Product
    lines: tuple[Evidence, ...]

    def text(self) -> str:
        head = (self.product.title, self.product.brand, self.product.category)
        return "\n".join((*head, *(line.quote for line in self.lines)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence may be shown, on which lines it rests, whom it speaks of, and what was wrong with it."""

    ok: bool
    evidence: tuple[Evidence, ...] = ()
    about: tuple[str, ...] = ()
    fault: str = ""
    named: bool = False


class Verifier:
    """Holds the grounds of one turn and checks sentences against them, in order: "it" is the product last named."""

    def __init__(self, grounds: Sequence[Ground], need: Need) -> None:
        self._grounds = {ground.product.id: ground for ground in grounds}
        self._said = _held(need, next((ground.product.currency for ground in grounds), "USD"))
        self._last: tuple[str, ...] = tuple(self._grounds) if len(self._grounds) == 1 else ()

    def check(self, sentence: str) -> Verdict:
        """The verdict on one sentence, about 1 ms."""
        named = self._named(sentence)
        about = named or self._last
        grounds = [self._grounds[id] for id in about] or list(self._grounds.values())
        support = "\n".join(ground.text() for ground in grounds)
        bare = sentence
        for ground in grounds:
            bare = bare.replace(ground.product.title, "")
        fault = markup(bare) or self._wrong_number(sentence, grounds) or self._fault(sentence, support, bool(about))
        fault = fault or ("repeats itself" if _repeats(bare, grounds) else "")
        if named:
            self._last = named
        if fault:
            return Verdict(False, about=about, fault=fault)
        return Verdict(True, _resting_on(sentence, grounds), about, named=bool(named))

    def _wrong_number(self, sentence: str, grounds: Sequence[Ground]) -> str:
        """A number that no listing has. A reviewer's numbers state nothing, and "of 5" is said of ratings only."""
        rated = _RATED.search(sentence) is not None
        allowed = mentioned(self._said)
        for ground in grounds:
            allowed |= mentioned(ground.product.title)
            for line in ground.lines:
                if line.kind != "review" and (rated or line.field != "rating"):
                    allowed |= mentioned(line.quote)
        return next((f"number {number}" for number, value in stated(sentence).items() if value not in allowed), "")

    def _fault(self, sentence: str, support: str, about: bool) -> str:
        for kind, pattern in (("promise", _PROMISE), ("comparison", _COMPARISON)):
            for match in pattern.finditer(sentence):
                if match[0].casefold() not in support.casefold():
                    return f"{kind} {match[0]}"
        if not _denied(sentence, f"{support}\n{self._said}"):
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
            if word in STOPWORDS or any(char.isdigit() for char in word) or len(word) < 2 or is_number(word):
                continue
            if has_cjk(word):
                if word not in folded and word not in harmless("zh") and not _made_of(word, folded):
                    found.append(word)
            elif not _known_word(word, known, folded):
                found.append(word)
        return found

    def _named(self, sentence: str) -> tuple[str, ...]:
        """The products that a sentence names by full title, else by words of a title that no other one has."""
        folded, spoken = sentence.casefold(), set(tokens(sentence))
        titles = {id: ground.product.title.casefold() for id, ground in self._grounds.items()}
        whole = sorted((folded.find(title), id) for id, title in titles.items() if title in folded)
        if whole:
            return tuple(id for _, id in whole)
        own = {id: self._own_words(id) for id in self._grounds}
        return tuple(id for id, one in own.items() if one and len(one & spoken) >= max(1, (len(one) + 1) // 2))

    def _own_words(self, id: str) -> set[str]:
        others = {t for other, g in self._grounds.items() if other != id for t in tokens(g.product.title)}
        return set(tokens(self._grounds[id].product.title)) - others


def _repeats(sentence: str, grounds: Sequence[Ground]) -> bool:
    """Whether three words in a row stand twice, or a telling word more often than in any one line of the listing.

    That is what a small model writes when it has nothing to add, or mixes up what lets go of what.
    """
    spoken = words(sentence)
    runs = [tuple(spoken[i : i + _RUN]) for i in range(len(spoken) - _RUN + 1)]
    if len(set(runs)) < len(runs):
        return True
    twice = {token: count for token, count in Counter(tokens(sentence)).items() if count > 1}
    named = {token for ground in grounds for token in tokens(ground.product.title)}
    twice = {t: count for t, count in twice.items() if t not in named and t not in harmless("en") | harmless("zh")}
    lines = [Counter(tokens(line.quote)) for ground in grounds for line in ground.lines] if twice else []
    return any(all(line[token] < count for line in lines) for token, count in twice.items())


def denies(text: str) -> bool:
    """Whether a text holds a word that denies something."""
    return _NEGATION.search(text) is not None


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
    stems = [stem(part) for part in (parts[0], parts[-1]) if part]
    if any(one in known or one in harmless("en") for one in stems):
        return True
    return len(word) > 3 and word in folded


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


def _all_known(sentence: str, support: str) -> bool:
    return all(name.casefold() in support.casefold() for name in _CAPITALISED.findall(sentence))


def _denied(sentence: str, support: str) -> bool:
    """Whether every denial of the sentence stands in some clause of the support: what is denied there, may be here."""
    denials = [clause.casefold() for clause in _CLAUSE.split(support) if _NEGATION.search(clause)]
    for match in _NEGATION.finditer(sentence):
        rest = sentence[match.end() :].casefold()
        if has_cjk(match[0]):
            supported = any(rest.lstrip()[:2].rstrip("。，！？") in denial for denial in denials)
        else:
            thing = [t for t in tokens(rest) if t not in _HAVING][:1] or tokens(sentence)[-1:]
            supported = any(set(thing) <= set(tokens(denial)) for denial in denials)
        if not supported:
            return False
    return True


def _resting_on(sentence: str, grounds: list[Ground]) -> tuple[Evidence, ...]:
    """The lines that share a number or most words with the sentence, the best two."""
    spoken = set(tokens(sentence))
    numbers = set(stated(sentence).values())
    scored: list[tuple[float, int, Evidence]] = []
    for ground in grounds:
        title = set(tokens(ground.product.title))
        for place, line in enumerate(ground.lines):
            own = set(tokens(line.quote)) - title
            shared = len((spoken - title) & own)
            counted = len(numbers & mentioned(line.quote))
            if shared + counted:
                scored.append((shared + 2 * counted, place, line))
    best = sorted(scored, key=lambda entry: (-entry[0], entry[1]))[:2]
    return tuple(line for _, _, line in best)


def _held(need: Need, currency: str) -> str:
    """The words of the constraints: every product on the slate satisfies them, so they may be said of any.

    Not so what a listing must merely not speak of: that it is silent on plastic does not say there is none. Nor does the
    rest of what the shopper wrote support anything: "is it removable?" does not make it so.
    """
    clauses = []
    for constraint in need.constraints:
        if constraint.field == "text":
            continue
        value = constraint.value
        words = [str(one) for one in value] if isinstance(value, tuple) else [str(value)]
        if constraint.field == "price" and isinstance(value, int):
            words.append(f"{value / minor_units(currency):.12g}")
        if constraint.op in ("ne", "not_in", "not_contains"):
            words = [f"not {word} 不{word}" for word in words]
        clauses.append(" ".join(words))
    return "\n".join(clauses)

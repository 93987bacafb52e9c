"""Which lines of a customer's orders their words mean: by the title, other names for it, options and price."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.reading.kinds import named_head, singular
from assistant.reading.numerals import in_digits
from assistant.service.reading.demands import denied
from assistant.service.reading.said import ItemSaid
from assistant.service.reading.values import Options, mentions, options_of
from assistant.service.reading.words import pattern, plain, table
from assistant.service.types import Line, Order
from catalog import has_cjk, thing_rows, words

_HEAD, _OTHER_NAME, _WORD, _LONE_WORD = 1.0, 0.9, 0.3, 0.45
_OPTION, _OTHER_OPTION = 0.2, 0.25
_WHOLE = 0.15  # more for a title that is said to the last word
_LEAST = 0.4  # of a score, for a line to be meant
_TIE = 0.12  # lines so close to the best are meant as well as it
_MAKES_WORDS = 4  # letters of a name that ends a compound: "watch" of "wristwatch"


@dataclass(frozen=True, slots=True)
class Found:
    """A line that may be meant; the higher the score, the surer."""

    order: Order
    line: Line
    score: float


def lines_meant(said: ItemSaid | str, orders: Sequence[Order]) -> tuple[Found, ...]:
    """The lines that `said` means, the best first; all that fit as well where that is not certain, none where none fits."""
    text = in_digits(plain(said.text if isinstance(said, ItemSaid) else said))
    if isinstance(said, ItemSaid) and said.wanted and not _content(text):
        return _by_wanted(said.wanted, orders)
    lines = [(order, line) for order in orders for line in order.lines]
    options = _options(lines)
    by_title = [_named(text, line.title) for _, line in lines]
    titled = any(by_title)
    found = []
    for (order, line), score in zip(lines, by_title, strict=True):
        by_option = _optioned(text, line, options[line.product_id])
        if score or not titled:
            found.append(Found(order, line, score + by_option))
    if not titled:
        found = _unnamed(text, found)
    return _priced(text, _best(found))


def thing_in(text: str) -> bool:
    """Whether a text names anything that shops sell, by the lexicon of things."""
    return bool(_names(text))


def things_in(text: str) -> tuple[str, ...]:
    """The names of things in an English text, in order, the longest at each place."""
    spelt = re.findall(r"[A-Za-z0-9'-]+", text)
    single = [singular(word.casefold().replace("-", " ")) for word in spelt]
    found: list[str] = []
    at = 0
    while at < len(spelt):
        size = next((n for n in (4, 3, 2, 1) if at + n <= len(spelt) and " ".join(single[at : at + n]) in _things()), 0)
        if size:
            found.append(" ".join(spelt[at : at + size]))
        at += size or 1
    return tuple(found)


def _by_wanted(wanted: str, orders: Sequence[Order]) -> tuple[Found, ...]:
    """Where only "it" is to become something: the lines of what is named there, else all."""
    text = in_digits(plain(wanted))
    every = [Found(order, line, _named(text, line.title)) for order in orders for line in order.lines]
    return _best(every) or tuple(Found(one.order, one.line, _LEAST) for one in every)


def _content(text: str) -> bool:
    """Whether a text says anything of which thing is meant."""
    return bool(pattern("items", "filler").sub(" ", text).strip(" .,!?'\"，。"))


def _best(found: Iterable[Found]) -> tuple[Found, ...]:
    ordered = sorted((one for one in found if one.score >= _LEAST), key=lambda one: -one.score)
    return tuple(one for one in ordered if one.score >= ordered[0].score - _TIE)


def _unnamed(text: str, found: list[Found]) -> list[Found]:
    """Where no title is named: lines by their options alone ("the blue one"), or all of them ("everything", "the item")."""
    if not _content(text):
        return [Found(one.order, one.line, 1.0) for one in found]
    if any(one.score >= _OPTION for one in found) and pattern("items", "stands_for").search(text):
        top = max(one.score for one in found)
        return [Found(one.order, one.line, 1.0) for one in found if one.score == top]
    return [Found(one.order, one.line, one.score + _OPTION) if one.score >= 2 * _OPTION else one for one in found]


def _priced(text: str, found: tuple[Found, ...]) -> tuple[Found, ...]:
    """The dearest or cheapest of those found, where the words say so."""
    if len(found) < 2:
        return found
    for name, way in (("dearer", -1), ("cheaper", 1)):
        if pattern("items", name).search(text):
            return (min(found, key=lambda one: way * one.line.price_minor),)
    return found


@lru_cache(maxsize=4096)
def _named(text: str, title: str) -> float:
    """How surely a text calls something by `title`: by its head, another name for it, or only a word of it."""
    spoken = _spoken(text)
    head = _head(title)
    others = {singular(word) for word in words(title)} - {head}
    score = _HEAD if _said(head, spoken) else 0.0
    if not score and _other_names(title) & _names(text):
        score = _OTHER_NAME
    if not score and not has_cjk(head) and any(_compound(word, head) for word in spoken):
        score = _OTHER_NAME - _OPTION
    held = sum(_said(word, spoken) for word in others if len(word) > 1)
    if score:
        whole = score == _HEAD and held == len([word for word in others if len(word) > 1])
        return score + _WORD * held + (_WHOLE if whole else 0.0)
    return (
        _LONE_WORD * min(held, 2)
        if any(len(word) > 3 or has_cjk(word) for word in others if _said(word, spoken))
        else 0.0
    )


def _head(title: str) -> str:
    head = singular(named_head(title)) or title.casefold()
    if has_cjk(head):
        return words(head)[-1]
    return head


def _said(word: str, spoken: frozenset[str]) -> bool:
    return word in spoken or _squeezed(word) in spoken


def _compound(word: str, head: str) -> bool:
    """Whether one of two nouns is the other with something before it: "watch" and "wristwatch"."""
    shorter, longer = sorted((word, _squeezed(head)), key=len)
    return len(shorter) >= _MAKES_WORDS and longer.endswith(shorter)


@lru_cache(maxsize=1024)
def _spoken(text: str) -> frozenset[str]:
    """The singular words of a text, and pairs of them written as one."""
    found = [singular(word) for word in words(text)]
    pairs = (_squeezed(a + b) for a, b in zip(found, found[1:], strict=False))
    return frozenset([*found, *(_squeezed(word) for word in found), *pairs])


def _squeezed(word: str) -> str:
    return re.sub(r"[\W_]", "", word)


@lru_cache(maxsize=2048)
def _other_names(title: str) -> frozenset[int]:
    """The rows of the lexicon of things that a title ends with."""
    return _rows(title, ending=True)


@lru_cache(maxsize=2048)
def _names(text: str) -> frozenset[int]:
    """The rows of the lexicon of things that a text names anywhere."""
    return _rows(text, ending=False)


def _rows(text: str, *, ending: bool) -> frozenset[int]:
    folded = text.casefold()
    spelt = [singular(word) for word in re.findall(r"[a-z0-9']+", folded.replace("-", " "))]
    found: set[int] = set()
    for size in (4, 3, 2, 1):
        places = [len(spelt) - size] if ending else range(len(spelt) - size + 1)
        for at in places:
            rows = _things().get(" ".join(spelt[at : at + size])) if at >= 0 else None
            found |= rows or set()
    for name, row in _chinese_things():
        if name in folded and not (ending and not folded.endswith(name)):
            found.add(row)
    return frozenset(found)


@cache
def _things() -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for number, row in enumerate(_all_rows()):
        for name in row:
            if not has_cjk(name):
                spelt = " ".join(singular(word) for word in name.casefold().replace("-", " ").split())
                found.setdefault(spelt, set()).add(number)
    return found


@cache
def _chinese_things() -> tuple[tuple[str, int], ...]:
    return tuple(
        (name.casefold(), number)
        for number, row in enumerate(_all_rows())
        for name in row
        if has_cjk(name) and len(name) > 1
    )


@cache
def _all_rows() -> tuple[tuple[str, ...], ...]:
    return (*(tuple(row) for row in table("items")["things"]), *thing_rows())


def _options(lines: Sequence[tuple[Order, Line]]) -> dict[str, Options]:
    pairs: dict[str, list[tuple[str, str]]] = {}
    for _, line in lines:
        pairs.setdefault(line.product_id, []).extend(line.options.items())
    return {product: options_of(sorted(set(held))) for product, held in pairs.items()}


def _optioned(text: str, line: Line, options: Options) -> float:
    """What the options that a text names say for a line, or against it."""
    score = 0.0
    for one in mentions(text, options):
        fits = line.options.get(one.option) == one.value
        score += _OPTION if fits != denied(text, one) else -_OTHER_OPTION
    return score

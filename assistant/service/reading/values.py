"""Which values of a product's options a text names, in either language. Knows nothing of what is wanted of them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.service.reading.forms import bounded, edged, spaced, spelt, synonyms, units
from assistant.service.reading.words import table
from catalog import measure, measures

Options = tuple[tuple[str, tuple[str, ...]], ...]
_YES, _NO = frozenset(("yes", "true", "是", "有")), frozenset(("no", "false", "否", "无"))
_LACKS = re.compile(r"^(?:no|not|none|without|non)\b|^(?:无|不)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LETTER_SIZE = re.compile(r"[smlx]|x{1,3}[sl]|[23]xl", re.IGNORECASE)
_COMMON = frozenset(
    "all and back brand card case color cover extra free full good hair high home level light low mode new no not old on"
    " operation other pack part pet power set side size small style temperature the type up use with work".split()
)
_ABSENT = r"(?:\bno|\bnot|\bnon|\bwithout(?: an?| any)?|n't(?: have| need| want| be)?(?: any| an?)?|\bfree of|无|没有|不带|不要|不)[\s-]*(?:\w+[\s-])?"
_NEAR = 24  # characters between a value and the name of its option


@dataclass(frozen=True, slots=True)
class Mention:
    """A value that a text names, and where. `lacking` tells that its own words deny ("no backlight" for none)."""

    option: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to name a value; `whole` ones win over those that are a part of it."""

    option: str
    value: str
    pattern: re.Pattern[str]
    whole: bool


def mentions(text: str, options: Options) -> list[Mention]:
    """Every naming of a value in order; of those that overlap the longest, and whole values before parts of them."""
    found: list[tuple[bool, Mention]] = []
    for form in _forms(options):
        for match in form.pattern.finditer(text):
            found.append((form.whole, Mention(form.option, form.value, match.start(), match.end())))
    found += [(True, one) for one in _measured(text, options)]
    keys = [match.span() for option, _ in options for match in _key(option).finditer(text)]
    found = [
        (whole, one) for whole, one in found if not any(start <= one.start and one.end <= end for start, end in keys)
    ]
    kept: list[Mention] = []
    for _, one in sorted(found, key=lambda each: (not each[0], each[1].start - each[1].end)):
        rivals = [k for k in kept if k.start < one.end and one.start < k.end]
        if all(k.start == one.start and k.end == one.end and k.option != one.option for k in rivals):
            kept.append(one)
    return sorted(_told_apart(text, kept, options), key=lambda one: one.start)


def options_of(held: Iterable[tuple[str, str]]) -> Options:
    """Option → its values, from pairs of names and values."""
    values: dict[str, dict[str, None]] = {}
    for name, value in held:
        values.setdefault(name, {})[value] = None
    return tuple((name, tuple(of)) for name, of in values.items())


@lru_cache(maxsize=1024)
def named(option: str) -> re.Pattern[str]:
    """The words that call an option by its name or by another name for it."""
    rows = [row for row in table("values")["names"] if spaced(option) in row]
    forms = {spaced(option), *(word for row in rows[:1] for word in row)}
    words = option.casefold().split()
    if len(words) > 1 and not rows:
        forms |= {word for word in words if len(word) > 3 and word not in _COMMON}
    return re.compile("|".join(bounded(form) for form in sorted(forms, key=len, reverse=True)), re.IGNORECASE)


@lru_cache(maxsize=512)
def _forms(options: Options) -> tuple[_Form, ...]:
    found: list[_Form] = []
    for option, values in options:
        tail = _shared_tail(values)
        for value in values:
            whole, parts = _ways(option, value, values, tail)
            found += [_Form(option, value, re.compile(way, re.IGNORECASE), True) for way in whole]
            found += [_Form(option, value, re.compile(way, re.IGNORECASE), False) for way in parts]
            if _LETTER_SIZE.fullmatch(value):
                found.append(
                    _Form(
                        option,
                        value,
                        re.compile(
                            rf"(?<![A-Za-z0-9_'-]){value.upper()}(?![A-Za-z0-9_'])|(?<=['\"]){value.upper()}(?=['\"])"
                        ),
                        True,
                    )
                )
    own = {(word, option, value) for option, values in options for value in values for word in _words(value)}
    for option, values in options:
        for value in values:
            words = _words(value)
            alone = [
                w
                for w in words
                if len(words) > 1
                and len(w) > 2
                and w not in _COMMON
                and not w[0].isdigit()
                and sum(o[0] == w for o in own) == 1
            ]
            found += [_Form(option, value, re.compile(bounded(word), re.IGNORECASE), False) for word in alone]
    return tuple(found)


def _ways(option: str, value: str, values: tuple[str, ...], tail: str) -> tuple[list[str], list[str]]:
    """The patterns of a whole value and those that only partly say it."""
    name = named(option).pattern
    if value.casefold() in _YES | _NO and set(v.casefold() for v in values) <= _YES | _NO:
        said = rf"(?:{name})['\"]?\s*[:=]\s*['\"]?{re.escape(value)}\b"
        return ([rf"(?:{name})", said], []) if value.casefold() in _YES else ([rf"{_ABSENT}(?:{name})", said], [])
    if _LACKS.match(value):
        return [edged(spelt(value))] if value.casefold() not in ("none", "no", "无") else [], [
            rf"{_ABSENT}(?:{name})",
            rf"(?:{name})[\s:'\"]+none",
        ]
    if _NUMBER.fullmatch(value):
        number = rf"(?<![\d.]){re.escape(value)}(?![\d.%])"
        joint = r"[\s:='\"-]*(?:of|is|to|be|at|as|in|from|an?)?[\s-]*(?:an? )?"
        return [rf"(?:{name}){joint}{number}", rf"{number}[\s-]*(?:{name})"], [
            rf"(?:^|\bto (?:an? )?|\ban? |\bfor (?:an? )?|[换改成到])\s*{number}(?![\s-]*\w*(?:%|\"))"
        ]
    if _LETTER_SIZE.fullmatch(value):
        ways = [rf"(?:{name})[\s:=-]*(?:is|to|an?)?\s*{edged(value)}"]
    else:
        ways = [edged(spelt(value))]
    ways += [bounded(word) for word in synonyms(value)]
    short = value.casefold().removesuffix(tail).strip() if tail else ""
    return ways, ([edged(spelt(short))] if short and not short.isdigit() else [])


def _measured(text: str, options: Options) -> Iterator[Mention]:
    """Amounts that equal a value in another unit: "1 litre" for 1000ml."""
    amounts = {(option, value): measure(value) for option, values in options for value in values}
    for one in measures(text):
        for (option, value), amount in amounts.items():
            if amount and amount[1] == one.unit and abs(amount[0] - one.amount) <= 0.01 * one.amount:
                yield Mention(option, value, one.start, one.end)


def _told_apart(text: str, found: list[Mention], options: Options) -> Iterator[Mention]:
    """Each naming once: where two options have the value, the one whose name is nearest, else the first."""
    order = [option for option, _ in options]
    places: dict[tuple[int, int], list[Mention]] = {}
    for one in found:
        places.setdefault((one.start, one.end), []).append(one)
    for (start, end), rivals in places.items():
        if len(rivals) == 1:
            yield rivals[0]
            continue
        yield min(rivals, key=lambda one: (_distance(text, start, end, one.option), order.index(one.option)))


@lru_cache(maxsize=512)
def _key(option: str) -> re.Pattern[str]:
    """An option's name as it stands before its value in a list, where it may hold the word of a value: "bagged/bagless: "."""
    return re.compile(rf"{re.escape(option)}(?=['\"]?\s*[:=])", re.IGNORECASE)


def _distance(text: str, start: int, end: int, option: str) -> int:
    """How far the nearest name of an option stands from a value; one beyond a comma does not count."""
    after = re.split(r"[,.;，。；]", text[end : end + _NEAR])[0]
    before = re.split(r"[,.;，。；]", text[max(0, start - _NEAR) : start])[-1]
    gaps = [match.start() for match in _proper(option).finditer(after)]
    gaps += [len(before) - match.end() for match in _proper(option).finditer(before)]
    return min(gaps, default=_NEAR + 1)


@lru_cache(maxsize=512)
def _proper(option: str) -> re.Pattern[str]:
    """The words of an option's name that tell it from another one of the same kind: "lens" of "lens color"."""
    words = [word for word in option.casefold().split() if word not in ("color", "colour", "type", "material", "size")]
    if not words:
        return named(option)
    return re.compile("|".join(rf"(?<![a-z]){re.escape(word)}(?:s|es)?(?![a-z])" for word in words), re.IGNORECASE)


def _shared_tail(values: tuple[str, ...]) -> str:
    """The last word that most values of an option have in common, which customers leave out: "SSD"."""
    last = [value.casefold().split()[-1] for value in values if len(value.split()) > 1]
    common = len(set(last)) == 1 and len(last) == len(values) > 1
    return last[0] if common and not _NUMBER.match(last[0]) and last[0] not in units() else ""


def _words(value: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z]+|\d+\w*", value.casefold()))

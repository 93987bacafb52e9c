"""A small vocabulary that shops' own words are mapped to: what attributes are called, and base words of their values.

The shop's words stay what they are; a base word stands beside them. The words are data, in words.yaml.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from catalog.wording import denied

_LATIN = r"[^\W_\u3400-\u9fff]"  # as in catalog.wording: Chinese beside a Latin word does not lengthen it
_LIKE = re.compile(r"[\s-]*(?:look|effect|like|style|toned?|grain|finish|print(?:ed)?|pattern(?:ed)?|scent(?:ed)?|色)")
_GAP = re.compile(r"[\s-]+")
_NUMBERED = re.compile(r"\s*(?:(?:eu|us|uk|fr|it|jp)\s*)?(\d{1,3}(?:\.5)?)\s*(?:码|号)?\s*", re.IGNORECASE)
_ALONE = {
    "Material": r"(?<![\u3400-\u9fff]){}",  # 棉 of 聚酯纤维棉 is no cotton
    "Color": r"{}(?![粉灰棕褐绿蓝紫橙黄红铜])",  # a colour before another is a shade of it: 灰粉
}


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one kind of value: their base words, what base words call themselves, and where to look for them."""

    bases: Mapping[str, tuple[str, ...]]
    names: Mapping[str, tuple[str, ...]]
    pattern: re.Pattern[str]


def canonical(name: str) -> str | None:
    """What this project calls the attribute that a shop calls `name`; None where it knows no such attribute."""
    return _canonical().get(name.casefold())


@cache
def same_name(name: str) -> frozenset[str]:
    """All names, case-folded, for the attribute that goes by `name`."""
    known = canonical(name)
    return _named()[known] if known else frozenset({name.casefold()})


@lru_cache(maxsize=65536)
def normalised(name: str, value: str) -> tuple[str, ...]:
    """The base words of `value` under an attribute called `name`; none where the vocabulary knows none or it is denied.

    Of words that overlap the longest counts: "rose gold" is no rose, "faux leather" no leather. Sizes in numbers stay.
    """
    kind = canonical(name)
    if kind not in KINDS:
        return ()
    if kind == "Size" and (number := _NUMBERED.fullmatch(value)):
        return (number[1],)
    return tuple(dict.fromkeys(base for found in base_words(kind, value) for base in found[1]))


def base_words(kind: str, text: str) -> Iterator[tuple[re.Match[str], tuple[str, ...]]]:
    """Where `text` speaks of values of `kind` (Color, Material, Gender, Age group, Size), and their base words."""
    folded = text.casefold().replace("’", "'")
    words = _words(kind)
    for found in words.pattern.finditer(folded):
        word = _key(found[0])
        bases = words.bases.get(word) or words.bases.get(word.removesuffix("s"), ())
        likened = kind == "Material" and _LIKE.match(folded, found.end())
        if bases and not likened and not denied(folded, found.start(), found.end()):
            yield found, bases


def called(name: str, base: str) -> tuple[str, ...]:
    """What the base word `base` of an attribute `name` is called, in both languages."""
    kind = canonical(name)
    return _words(kind).names.get(base, (base,)) if kind in KINDS else (base,)


KINDS = ("Color", "Material", "Gender", "Age group", "Size")


@cache
def _table() -> Any:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"), loader)  # noqa: S506


@cache
def _named() -> Mapping[str, frozenset[str]]:
    return {known: frozenset(name.casefold() for name in names) for known, names in _table()["names"].items()}


@cache
def _canonical() -> Mapping[str, str]:
    return {name: known for known, names in _named().items() for name in names}


@cache
def _words(kind: str) -> _Words:
    bases: dict[str, tuple[str, ...]] = {}
    wider = {one: broad for broad, narrow in _table()["wider"].items() for one in narrow}
    rows = _table()[kind]
    for base, (own, others) in rows.items():
        said = () if base == "none" else (base, wider[base]) if base in wider else (base,)
        for word in (*own, *others):
            bases[_key(word)] = (*bases.get(_key(word), ()), *said)
    return _Words(bases, {base: tuple(own) for base, (own, _) in rows.items() if own}, _pattern(kind, bases))


def _key(word: str) -> str:
    return _GAP.sub(" ", word.casefold())


def _pattern(kind: str, words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words, the longest first: a Latin one by itself, a Chinese character not as part of another word."""
    longest = sorted(words, key=len, reverse=True)
    latin = "|".join(re.escape(word).replace(r"\ ", r"[\s-]+") for word in longest if re.match(_LATIN, word))
    alone = _ALONE.get(kind, "{}")
    chinese = "|".join(alone.format(word) if len(word) == 1 else word for word in longest if not re.match(_LATIN, word))
    return re.compile(rf"(?<!{_LATIN})(?<!{_LATIN}')(?:{latin})s?(?!{_LATIN}|'{_LATIN})|{chinese}")

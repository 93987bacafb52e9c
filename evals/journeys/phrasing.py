"""What a shopper says: phrasings by act, language and split, with kinds, amounts and names put in."""

import random
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from evals.journeys.shops import Item, Kind, Quality, Split

_MONEY = {
    ("USD", "en"): ("${}", "{} dollars", "{} bucks", "${}"),
    ("USD", "zh"): ("{}美元", "{}刀", "{}美元"),
    ("CNY", "en"): ("{} yuan", "¥{}"),
    ("CNY", "zh"): ("{}元", "{}块", "{}块钱"),
}
_PLURAL_ALREADY = re.compile(r"(?:[^s]s|ves)$")
_ARTICLE = re.compile(r"\ban? ((?:[a-z]+ |\{word\} )?\{kind\})")  # plurals have none
_TYPO_LEAST = 5


@cache
def phrases(split: Split) -> dict[str, Any]:
    """The table of phrasings of a split."""
    return dict(yaml.safe_load((Path(__file__).parent / "phrases" / f"{split}.yaml").read_text(encoding="utf-8")))


class Voice:
    """One shopper's way of talking: a language (en, zh or mix), the phrasings of a split, and a seed of his own."""

    def __init__(self, language: str, split: Split, currency: str, rng: random.Random) -> None:
        self.language, self.split, self.currency, self.rng = language, split, currency, rng

    def phrasing(self, *path: str) -> tuple[str, Any]:
        """The locale and one phrasing of an act; a mixed shopper says half of it in one language, half in the other."""
        table = phrases(self.split)
        for name in path[:1]:
            table = table[name]
        locale = self.language
        if locale == "mix":
            locale = "mix" if "mix" in table else self.rng.choice(("en", "zh"))
        table = table[locale]
        for name in path[1:]:
            table = table[name]
        return locale, self.rng.choice(table)

    def say(self, *path: str, kind: Kind | None = None, word: Quality | None = None, **slots: Any) -> str:
        """One message. `limit`, `high` and `low` are amounts of money."""
        locale, text = self.phrasing(*path)
        spoken = "en" if locale == "en" else "zh"
        if kind:
            said = kind.said
            slots |= {"kind": said, "kinds": plural(said), "kind_en": said, "typos": mistyped(plural(said), self.rng)}
            if plural(said) == said:
                text = _ARTICLE.sub(r"\1", text)
        if word:
            slots |= {"word": word.said(spoken), "word_en": word.en}
        if "low" in slots and "high" in slots and spoken == "zh":
            slots["low"] = f"{slots['low']:g}"
        slots |= {
            name: self.money(slots[name], spoken)
            for name in ("limit", "low", "high")
            if isinstance(slots.get(name), int | float)
        }
        return str(text).format(**slots)

    def money(self, amount: float, locale: str) -> str:
        """An amount of the shop's money as it is said."""
        return self.rng.choice(_MONEY[self.currency, locale]).format(f"{amount:g}")

    def nth(self, place: int, locale: str) -> str:
        """The place on the shelf, from 0, in one way of counting."""
        return str(self.rng.choice(phrases(self.split)["nth"][locale])[place])

    def locale(self) -> str:
        """The language of the next reference."""
        return self.rng.choice(("en", "zh")) if self.language == "mix" else self.language


def plural(noun: str) -> str:
    """An English noun of the table in the plural; Chinese as it is."""
    if not noun.isascii() or _PLURAL_ALREADY.search(noun):
        return noun
    return noun + ("es" if noun.endswith(("s", "sh", "ch", "x")) else "s")


def mistyped(noun: str, rng: random.Random) -> str:
    """A noun with two neighbouring letters of its inside exchanged."""
    places = [i for i in range(1, len(noun) - 2) if noun[i] != noun[i + 1] and noun[i : i + 2].isalpha()]
    if len(noun) < _TYPO_LEAST or not places:
        return noun
    place = rng.choice(places)
    return noun[:place] + noun[place + 1] + noun[place] + noun[place + 2 :]


def part_of_name(item: Item, shown: Sequence[Item], locale: str) -> str | None:
    """A part of a title that no other shown title has: two words, or the first characters of a Chinese name."""
    title = item.titles.get(locale) or item.titles.get("en") or next(iter(item.titles.values()))
    others = " ".join(t for one in shown if one.id != item.id for t in one.titles.values()).casefold()
    if title.isascii():
        words = re.findall(r"[A-Za-z][A-Za-z'-]+", title)
        pairs = [f"{a} {b}" for a, b in zip(words, words[1:], strict=False) if f"{a} {b}" in title]
        return next((p for p in pairs if len(p) > 7 and all(w.casefold() not in others for w in p.split())), None)
    runs = re.findall(r"[\u4e00-\u9fff]{4,}", title)
    parts = (run[:length] for run in runs for length in (4, 5, 6) if len(run) >= length)
    return next((part for part in parts if part not in others and not others.count(part[:3])), None)

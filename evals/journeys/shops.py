"""What the feed rows of a catalogue say, read apart from the assistant: kinds, prices, stock, colours, words, measures."""

import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

import yaml

from evals.cases import Row
from evals.converters import CONVERTERS

Split = Literal["dev", "test"]
DEMO = "demo"
SAMPLED = "vespa_toys_music_24k"
SOURCES = ("retail_demo_store", "litemall_zh", SAMPLED, DEMO)
_SAMPLE, _SEED = 2500, 20261125
_DEMO_FEED = Path(__file__).parents[2] / "catalog" / "demo" / "products"
_UNITS = {"kg": 1000, "千克": 1000, "公斤": 1000, "g": 1, "克": 1, "l": 1000, "升": 1000, "ml": 1, "毫升": 1}
_MEASURED = re.compile(r"(\d+(?:\.\d+)?)\s*(kg|千克|公斤|g|克|ml|毫升|l|升)\b", re.IGNORECASE)
_DENIED = re.compile(r"(?:\b(?:no|not|without|never|faux|vegan)\b[^.,;]{0,24}|无|不含|非)$")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of product as shoppers say it; listings that have `sure` are of it, those that have another form may be."""

    said: str
    sure: str
    forms: tuple[str, ...]

    @classmethod
    def read(cls, row: Sequence[str]) -> "Kind":
        """A row of the table."""
        said, _, tells = row[0].partition("=")
        sure = tells or said
        return cls(said, sure, (sure, *row[1:]))


@dataclass(frozen=True, slots=True)
class Quality:
    """A colour or material: how it is said, what of a listing says it, and what `also` may be meant by it."""

    name: str
    en: str
    zh: str
    says: tuple[str, ...]
    also: tuple[str, ...]
    sort: str

    def said(self, locale: str) -> str:
        return self.zh if locale == "zh" else self.en


@dataclass(frozen=True)
class Item:
    """One feed row, folded for looking things up; `offers` are the prices and options of what can be bought of it."""

    row: Row
    titles: Mapping[str, str]
    stated: Mapping[str, str]
    offers: tuple[tuple[float, Mapping[str, str]], ...]
    described: str
    named: str

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def price(self) -> float:
        return float(self.row["price"])

    @property
    def prices(self) -> set[float]:
        return {self.price, *(price for price, _ in self.offers)}

    @property
    def in_stock(self) -> bool:
        return bool(self.row.get("in_stock", True)) and self.row.get("quantity") != 0

    @cached_property
    def facts(self) -> str:
        """Titles, stated attributes and options, folded."""
        options = " ".join(value for _, chosen in self.offers for value in chosen.values())
        return f"{' '.join(self.titles.values())} {' '.join(self.stated.values())} {options}".casefold()

    def is_kind(self, kind: Kind, *, surely: bool = False) -> bool:
        """Whether what it is called says so; `surely` by the word that is said."""
        return any(says(self.named, form) for form in ((kind.sure,) if surely else kind.forms))

    def states(self, quality: Quality) -> bool:
        """Whether title, attributes or an option that can be bought say so."""
        return any(says(self.facts, form) for form in quality.says)

    def may_be(self, quality: Quality) -> bool:
        """Whether anything of the listing says so, or what may be meant by it."""
        return any(says(f"{self.facts} {self.described}", form) for form in (*quality.says, *quality.also))

    def surely_is(self, quality: Quality) -> bool:
        """Whether what is refused cannot be avoided: every colour it comes in, or what it says of itself."""
        if quality.sort == "Color":
            colours = [c for _, chosen in self.offers if (c := _first(chosen, "color", "colour", "颜色"))]
            colours = colours or [c for c in [_first(self.stated, "color", "colour", "颜色")] if c]
            return bool(colours) and all(any(says(c.casefold(), f) for f in quality.says) for c in colours)
        return self.states(quality) or any(_affirms(self.described, form) for form in quality.says)

    def measure(self, name: str) -> float | None:
        """A stated weight in grams or capacity in millilitres."""
        found = _MEASURED.search(_first(self.stated, name.casefold()) or "")
        return float(found[1]) * _UNITS[found[2].casefold()] if found else None

    def sizes(self) -> set[str]:
        found = (_first(chosen, "size") for _, chosen in self.offers)
        return {size.removeprefix("EU ") for size in found if size}

    @property
    def gender(self) -> str:
        return self.stated.get("Gender", "")


@dataclass(frozen=True)
class Shop:
    """One catalogue's rows as items, and the kinds that a split asks it for."""

    source: str
    items: tuple[Item, ...]
    currency: str = "USD"
    by_id: Mapping[str, Item] = field(default_factory=dict)

    def kinds(self, split: Split, locale: str) -> list[Kind]:
        """The kinds of the table that at least three products in stock are of."""
        kinds = [Kind.read(row) for row in tables()[self.source][locale][split]]
        return [kind for kind in kinds if sum(item.is_kind(kind, surely=True) for item in self.of(None)) >= 3]

    def of(self, kind: Kind | None) -> list[Item]:
        """What is in stock of a kind, or at all."""
        return [item for item in self.items if item.in_stock and (kind is None or item.is_kind(kind))]


@cache
def tables() -> dict[str, Any]:
    """The table of kinds, qualities and absent things."""
    return dict(yaml.safe_load(Path(__file__).with_name("kinds.yaml").read_text(encoding="utf-8")))


@cache
def qualities() -> tuple[Quality, ...]:
    """All qualities of the table."""
    rows: dict[str, Any] = tables()["qualities"]
    return tuple(
        Quality(name, q["en"], q["zh"], tuple(q["says"]), tuple(q["also"]), q["sort"]) for name, q in rows.items()
    )


def feed_rows(source: str, data: Path) -> list[Row]:
    """The feed of a source; of the largest one a seeded sample of some thousand."""
    if source == DEMO:
        lines = (line for path in sorted(_DEMO_FEED.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines())
        return [json.loads(line) for line in lines]
    rows = CONVERTERS[source](data / source)
    return random.Random(_SEED).sample(rows, min(_SAMPLE, len(rows))) if source == SAMPLED else rows


def shop_of(source: str, rows: Sequence[Row]) -> Shop:
    """The rows of a source, read."""
    items = tuple(item_of(row) for row in rows)
    return Shop(source, items, str(rows[0].get("currency", "USD")), {item.id: item for item in items})


def item_of(row: Row) -> Item:
    """One row, read."""
    translated = row.get("translations", {})
    titles = {row.get("locale", "en"): row["title"]} | {locale: t["title"] for locale, t in translated.items()}
    stated = {str(name): str(value) for name, value in row.get("attributes", {}).items()}
    terms = " ".join(term for t in translated.values() for term in t.get("terms", {}).values())
    category = row.get("category") or ""
    leaf = str(category[-1] if isinstance(category, list) else category)
    offers = tuple(
        (float(v.get("price", row["price"])), {str(k): str(o) for k, o in v.get("options", {}).items()})
        for v in row.get("variants", ())
        if v.get("quantity") != 0
    )
    described = " ".join(
        [row.get("description") or "", *(t.get("description", "") for t in translated.values()), terms]
    )
    named = " ".join([*titles.values(), stated.get("Style", ""), leaf]).casefold()
    return Item(row, titles, stated, offers or ((float(row["price"]), {}),), described.casefold(), named)


def says(text: str, form: str) -> bool:
    """Whether folded `text` has `form` as a word, its plural too; Chinese anywhere."""
    form = form.casefold()
    return (
        form in text
        if not form.isascii()
        else re.search(rf"(?<![a-z]){re.escape(form)}(?:s|es)?(?![a-z])", text) is not None
    )


def _affirms(text: str, form: str) -> bool:
    """Whether `text` says `form` at least once without denying it."""
    return any(
        not _DENIED.search(text[: m.start()]) and not text[m.end() :].startswith("-free")
        for m in re.finditer(_pattern(form), text)
    )


def _pattern(form: str) -> str:
    return re.escape(form) if not form.isascii() else rf"(?<![a-z]){re.escape(form)}(?![a-z])"


def _first(values: Mapping[str, str], *names: str) -> str | None:
    return next((value for name, value in values.items() if name.casefold() in names), None)


def unique(values: Iterable[str]) -> list[str]:
    """`values` without repeats, in order."""
    return list(dict.fromkeys(values))

"""Wishes in shoppers' own words over a catalogue whose categories tell what answers them, with limits typed or spoken."""

import math
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog import Constraint, Locale
from evals.retrieval_cases import Case

Row = Mapping[str, Any]

_NEAR = 0.5  # the gain of a product of a kind that would do
_FEW = 4  # a wish that fewer products answer gets no limit, which would leave one or none


@dataclass(frozen=True, slots=True)
class Wishes:
    """The wants and phrasings written for one catalogue, and how its shoppers speak of prices and of people."""

    source: str
    wants: tuple[Mapping[str, Any], ...]
    spoken: Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Limit:
    """What must hold besides the kind: a highest price in whole units, for whom it is."""

    price: int | None = None
    gender: str | None = None

    def allows(self, row: Row) -> bool:
        """Whether the feed row states what is asked."""
        if self.price is not None and float(row["price"]) > self.price:
            return False
        return self.gender is None or row["attributes"].get("Gender") == self.gender

    def constraints(self) -> tuple[Constraint, ...]:
        found = [Constraint("price", "le", self.price * 100)] if self.price is not None else []
        return (*found, *([Constraint("attributes.Gender", "eq", self.gender)] if self.gender else []))


@dataclass(frozen=True, slots=True)
class Wish:
    """One phrasing of a want, its limit, and what answers both."""

    id: str
    group: str
    text: str
    limit: Limit
    gains: Mapping[str, float]


def written(source: str) -> Wishes:
    """The wishes in `source`.yaml beside this module."""
    import yaml

    found = yaml.safe_load((Path(__file__).parent / f"{source}.yaml").read_text(encoding="utf-8"))
    return Wishes(source, tuple(found["wants"]), found["spoken"])


def typed(wishes: Wishes, rows: Sequence[Row], locale: Locale) -> list[Case]:
    """Every phrasing as it stands; half of them with a highest price and some with a gender as constraints."""
    return [
        Case(f"{w.id}-typed", w.group, wishes.source, locale, w.text, w.gains, w.limit.constraints())
        for w in _built(wishes, rows, locale)
    ]


def spoken(wishes: Wishes, rows: Sequence[Row], locale: Locale) -> list[Case]:
    """The phrasings that have a limit, with the limit said in the text, so that ranking alone must see to it."""
    cases = []
    for w in _built(wishes, rows, locale):
        if w.limit != Limit():
            text = _said(w, wishes.spoken[locale], locale)
            cases.append(
                Case(f"{w.id}-spoken", w.group, wishes.source, locale, text, w.gains, spoken=w.limit.constraints())
            )
    return cases


def gains_of(want: Mapping[str, Any], rows: Sequence[Row]) -> dict[str, float]:
    """The gain of every row that answers `want`: 1 by the rule itself, less where it is merely near."""
    title = re.compile(want.get("title", ""), re.IGNORECASE)
    gains: dict[str, float] = {}
    for row in rows:
        filed = _filed(row)
        if not filed.isdisjoint(want["styles"]) and title.search(row["title"]):
            gains[str(row["id"])] = 1.0
        elif not filed.isdisjoint(want.get("also", ())):
            gains[str(row["id"])] = _NEAR
    return gains


def _built(wishes: Wishes, rows: Sequence[Row], locale: Locale) -> Iterator[Wish]:
    by_id = {str(row["id"]): row for row in rows}
    for want in wishes.wants:
        gains = gains_of(want, rows)
        right = [by_id[id] for id, gain in gains.items() if gain == 1.0]
        if not right:
            raise ValueError(f"no product of {wishes.source} answers {want['id']}")
        for number, text in enumerate(want.get(locale, ())):
            id = f"{wishes.source}-{want['id']}-{locale}{number}"
            limit = _limit(right, number, random.Random(id))
            allowed = {id: gain for id, gain in gains.items() if limit.allows(by_id[id])}
            yield Wish(id, f"{wishes.source}-{want['id']}", text, limit, allowed)


def _limit(right: Sequence[Row], number: int, rng: random.Random) -> Limit:
    """A limit that some of what is wanted meet: a price for every second phrasing, a gender where there are two."""
    if len(right) < _FEW:
        return Limit()
    genders = sorted({row["attributes"]["Gender"] for row in right if "Gender" in row["attributes"]})
    gender = rng.choice(genders) if len(genders) > 1 and number % 3 != 2 else None
    if number % 2:
        return Limit(gender=gender)
    prices = sorted(float(row["price"]) for row in right if Limit(gender=gender).allows(row))
    return Limit(_round(prices[len(prices) * rng.choice((4, 6, 8)) // 10]), gender)


def _round(price: float) -> int:
    """A price as shoppers name one, not below `price`."""
    step = 5 if price < 100 else 10 if price < 300 else 50
    return math.ceil(price / step) * step


def _filed(row: Row) -> frozenset[str]:
    """What the row is filed under: its category, each part of its path, and category/style."""
    path = row["category"] if isinstance(row["category"], list) else [row["category"]]
    return frozenset((*path, f"{path[-1]}/{row['attributes'].get('Style', '')}"))


def _said(wish: Wish, phrases: Mapping[str, Sequence[str]], locale: Locale) -> str:
    rng = random.Random(wish.id)
    parts = [wish.text]
    if wish.limit.gender:
        parts.append(rng.choice(list(phrases[wish.limit.gender])))
    if wish.limit.price is not None:
        parts.append(rng.choice(list(phrases["price"])).format(limit=wish.limit.price))
    return ("，" if locale == "zh" else " ").join(parts)

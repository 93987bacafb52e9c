"""The one product that a simulated shopper has in mind, and the few facts of it that he knows and cares about."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evals.journeys.checks import Goal, fits
from evals.journeys.shops import Item, Kind, Shop, Split, qualities, says, tables

Fact = Literal["kind", "limit", "want", "exclude", "brand", "word"]
_MORE = (1.02, 1.3)  # the limit, in prices of the product
_LESS = 0.5
_RANGED = 0.2
_FEW = 8  # of a kind: a shelf or two would hold them all, so nobody opens with it
_VAGUE = 0.4  # of the other shoppers open with no more than a department either
_FEWEST = 2  # of the shop's listings must have what is taken for a Chinese word
_BEFORE_KIND = re.compile(r"([\u4e00-\u9fff]{2})$")


@dataclass(frozen=True, slots=True)
class Sought:
    """A product and what is known of it. `goal` are its kind, its price, what it is and is not; brand and word may be empty.

    A shopper who has a `department` opens with it, by the name that the shop has for it, and tells the kind later.
    """

    item: Item
    goal: Goal
    brand: str = ""
    word: str = ""
    department: str = ""

    def facts(self) -> list[Fact]:
        """What can be told beside the kind."""
        known: dict[Fact, object] = {
            "limit": self.goal.high, "want": self.goal.wanted, "exclude": self.goal.refused,
            "brand": self.brand, "word": self.word,
        }  # fmt: skip
        return [fact for fact, value in known.items() if value]

    def lacks(self, item: Item, fact: Fact) -> bool:
        """Whether what is shown of an item is against a fact."""
        if fact == "kind":
            return not (self.goal.kind and item.is_kind(self.goal.kind, surely=True))
        if fact == "limit":
            return not (self.goal.low or 0) <= item.price <= (self.goal.high or float("inf"))
        if fact == "want":
            return not all(item.states(quality) for quality in self.goal.wanted)
        if fact == "exclude":
            return any(item.may_be(quality) for quality in self.goal.refused)
        return self.brand != brand_of(item) if fact == "brand" else self.word.casefold() not in told_of(item)

    def met_by(self, item: Item) -> bool:
        """Whether this is the product, or one that equals it in all that is known."""
        alike = fits(item, self.goal, surely=True) and not any(self.lacks(item, fact) for fact in self.facts())
        return item.in_stock and (item.id == self.item.id or alike)


def sought(shop: Shop, split: Split, language: str, rng: random.Random) -> Sought:
    """A product in stock, of a kind of the split, with one to four facts of it beside its kind; the price is one."""
    kind = rng.choice(shop.kinds(split, language))
    kin = [item for item in shop.of(kind) if item.is_kind(kind, surely=True)]
    item = rng.choice([item for item in kin if not titled_otherwise(item, kind, shop)] or kin)
    wanted = [q for q in qualities() if item.states(q) and not all(other.states(q) for other in kin)]
    refused = [q for q in qualities() if not item.may_be(q) and any(other.surely_is(q) for other in kin)]
    word, brand = telling_word(item, kind, kin, shop, language), brand_of(item)
    known = [
        name for name, value in (("want", wanted), ("exclude", refused), ("brand", brand), ("word", word)) if value
    ]
    known = rng.sample(known, min(rng.choice((0, 1, 2, 2, 3)), len(known)))
    low = int(item.price * _LESS)
    goal = Goal(
        kind,
        low=low if low > 1 and rng.random() < _RANGED else None,
        high=int(max(item.prices) * rng.uniform(*_MORE)) + 1,
        wanted=(rng.choice(wanted),) if "want" in known else (),
        refused=(rng.choice(refused),) if "exclude" in known else (),
    )
    vague = len(kin) < _FEW or rng.random() < _VAGUE
    department = department_of(item, language) if vague else ""
    return Sought(item, goal, brand if "brand" in known else "", word if "word" in known else "", department)


def titled_otherwise(item: Item, kind: Kind, shop: Shop) -> bool:
    """Whether its title calls it another kind of the table: a jacket that is filed under scarves is no scarf to look for."""
    titles = " ".join(item.titles.values()).casefold()
    rows = [row for by_split in tables()[shop.source].values() for split in by_split.values() for row in split]
    return not says(titles, kind.sure) and any(says(titles, Kind.read(row).sure) for row in rows)


def telling_word(item: Item, kind: Kind, kin: Sequence[Item], shop: Shop, language: str) -> str:
    """A word of the title that fewer than half of its kind have anywhere: the Chinese one stands before the kind."""
    title = item.titles.get(language) or next(iter(item.titles.values()))
    if language == "zh":
        before = _BEFORE_KIND.search(title.partition(kind.sure)[0]) if kind.sure in title else None
        words = [before[1]] if before and sum(before[1] in told_of(one) for one in shop.items) >= _FEWEST else []
    else:
        words = re.findall(r"(?<![\w'’-])[A-Za-z]{5,}(?![\w'’-])", title)
    forms = (*kind.forms, *(form for quality in qualities() for form in (*quality.says, *quality.also)))
    for word in words:
        apart = not says(brand_of(item).casefold(), word) and not any(says(word.casefold(), form) for form in forms)
        if apart and 2 * sum(word.casefold() in told_of(one) for one in kin) < len(kin):
            return word
    return ""


def told_of(item: Item) -> str:
    """All that a listing says, folded."""
    return f"{item.named} {item.facts} {item.described}"


def brand_of(item: Item) -> str:
    """The brand of a listing, or nothing."""
    return str(item.row.get("brand") or "")


def department_of(item: Item, language: str) -> str:
    """The last of its categories, in a language."""
    named = item.row.get("translations", {}).get(language, {}).get("category") or item.row.get("category") or ""
    return str(named[-1] if isinstance(named, list) else named).lower()

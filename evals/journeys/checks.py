"""What must hold of a turn, as state and products: the need, the shelf, what the evidence is of, the kind of reply. Never wording."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant import Need, Turn
from evals.journeys.shops import Item, Kind, Quality, Shop

_UPPER, _LOWER = ("lt", "le"), ("gt", "ge")
_REFUSING = ("ne", "not_in", "not_contains")
_MINOR = 100
NO_MODEL = "no model"  # what the model that always fails says; then words are plain, state and products are the same
_PRICE = re.compile(r"(?:[$¥￥]\s?(\d[\d,]*(?:\.\d+)?))|(?:(\d[\d,]*(?:\.\d+)?)\s?(?:元|美元|dollars|USD))")
_OTHER = {"Men": "Women", "Women": "Men"}
Wish = Literal["high", "low", "refused", "wanted", "gender", "size", "measure"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A limit on a stated weight (grams) or capacity (millilitres)."""

    name: str
    at_least: bool
    number: float

    def meets(self, value: float | None) -> bool:
        return value is not None and (value >= self.number if self.at_least else value <= self.number)


@dataclass(frozen=True, slots=True)
class Goal:
    """What the shopper has asked for so far. Prices are in whole units; `below` is what was too dear."""

    kind: Kind | None = None
    low: float | None = None
    high: float | None = None
    below: float | None = None
    refused: tuple[Quality, ...] = ()
    wanted: tuple[Quality, ...] = ()
    gender: str | None = None
    size: str | None = None
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class Expect:
    """What must hold after one message; what is empty is not asked. `about` are the products the evidence must be of."""

    kinds: tuple[str, ...] = ()
    searched: bool = False
    holds: tuple[Wish, ...] = ()
    gone: tuple[Wish, ...] = ()
    about: tuple[str, ...] = ()
    evidence: str = ""
    shelf: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    same_need: bool = False


def fits(item: Item, goal: Goal, *, surely: bool = False) -> bool:
    """Whether an item meets a goal: every hard wish that can be told or, with `surely`, beyond doubt."""
    return (
        item.in_stock
        and not list(faults(item, goal, surely=surely))
        and (goal.kind is None or item.is_kind(goal.kind, surely=surely))
    )


def faults(item: Item, goal: Goal, *, surely: bool = False) -> Iterator[str]:
    """The hard wishes that an item breaks; its kind is judged apart."""
    low, high = goal.low or 0, goal.high if goal.high is not None else float("inf")
    prices = item.prices if surely else {item.price}
    if not all(low <= price <= high for price in prices) or (goal.below and not all(p < goal.below for p in prices)):
        yield f"price {item.price:g}"
    if any(item.may_be(q) if surely else item.surely_is(q) for q in goal.refused):
        yield "refused"
    if not all(item.states(q) if surely else item.may_be(q) for q in goal.wanted):
        yield "not as wanted"
    if goal.gender and item.gender == _OTHER[goal.gender]:
        yield f"for {item.gender}"
    if goal.size and goal.size not in item.sizes():
        yield f"not in size {goal.size}"
    if goal.measure and not goal.measure.meets(item.measure(goal.measure.name)):
        yield f"{goal.measure.name} {item.measure(goal.measure.name)}"
    if not item.in_stock:
        yield "sold out"


def violations(turn: Turn, goal: Goal | None, shop: Shop) -> list[str]:
    """Products of the shelf that are not the catalogue's, at another price, or against what was asked for."""
    found: list[str] = []
    for shown in turn.slate.items:
        item = shop.by_id.get(shown.product.id)
        if item is None:
            found.append(f"{shown.product.id} is not in the catalogue")
            continue
        if shown.product.price_minor / _MINOR not in item.prices:
            found.append(f"{item.id} shown at {shown.product.price_minor}")
        found += [f"{item.id}: {fault}" for fault in (faults(item, goal) if goal else ())]
    return found


def failures(turn: Turn, expect: Expect, goal: Goal, before: Need, shop: Shop) -> list[str]:
    """What of the expectation does not hold, a line each."""
    found: list[str] = []
    if turn.failure and not turn.failure.endswith(NO_MODEL):
        found.append(f"failed: {turn.failure}")
    if expect.kinds and turn.reply.kind not in expect.kinds:
        found.append(f"kind {turn.reply.kind}, not {' or '.join(expect.kinds)}")
    if expect.same_need and (turn.need.constraints, turn.need.category) != (before.constraints, before.category):
        found.append(f"the need has changed: {spelt(turn.need)}")
    found += [f"need lacks {wish}: {spelt(turn.need)}" for wish in expect.holds if not has(turn.need, wish, goal)]
    found += [f"need still has {wish}: {spelt(turn.need)}" for wish in expect.gone if any_of(turn.need, wish)]
    if expect.searched:
        found += list(_shelf(turn, expect, goal, shop))
    if expect.shelf and set(turn.slate.ids()) != set(expect.shelf):
        found.append(f"shelf {turn.slate.ids()}, not {expect.shelf}")
    if expect.about:
        told = {line.product_id for line in turn.evidence if line.product_id}
        if not set(expect.about) <= told or not told - set(expect.about) <= set(turn.slate.ids()):
            found.append(f"evidence is of {sorted(told)}, not of {expect.about}")
    if expect.evidence and not any(expect.evidence in (line.field, line.kind) for line in turn.evidence):
        found.append(f"no evidence of {expect.evidence}")
    return found


def _shelf(turn: Turn, expect: Expect, goal: Goal, shop: Shop) -> Iterator[str]:
    """Not empty where something fits; all of it fits; the kind is there, and alone where enough of it fit."""
    shown = [shop.by_id[id] for id in turn.slate.ids() if id in shop.by_id]
    candidates = [item for item in shop.items if item.id not in expect.unseen]
    sure = [item for item in candidates if fits(item, goal, surely=True)]
    may = [item for item in candidates if fits(item, goal)]
    if sure and turn.reply.kind != "recommend":
        yield f"kind {turn.reply.kind} where {len(sure)} fit"
    if sure and not shown:
        yield f"an empty shelf where {len(sure)} fit"
    if not may and (turn.reply.kind != "no_match" or shown):
        yield f"kind {turn.reply.kind} and {len(shown)} shown where nothing fits"
    again = set(turn.slate.ids()) & set(expect.unseen)
    if again:
        yield f"shown again: {sorted(again)}"
    for item in shown:
        yield from (f"{item.id} {item.row['title']}: {fault}" for fault in faults(item, goal))
    if goal.kind and sure and shown:
        others = [item.row["title"] for item in shown if not item.is_kind(goal.kind)]
        if len(others) == len(shown) or (others and len(sure) >= len(shown)):
            yield f"not {goal.kind.said}: {others}"


def has(need: Need, wish: Wish, goal: Goal) -> bool:
    """Whether the need holds this wish of the goal."""
    if wish == "high":
        limit = goal.high if goal.high is not None else goal.below
        uppers = [c.value for c in need.constraints if c.field == "price" and c.op in _UPPER]
        return len(uppers) == 1 and isinstance(uppers[0], int) and abs(uppers[0] - round((limit or 0) * _MINOR)) <= 1
    if wish == "low":
        lowers = [c.value for c in need.constraints if c.field == "price" and c.op in _LOWER]
        return lowers == [round((goal.low or 0) * _MINOR)]
    if wish == "refused":
        return all(_speaks(need, quality, refusing=True) for quality in goal.refused)
    if wish == "wanted":
        return all(_speaks(need, quality, refusing=False) for quality in goal.wanted)
    if wish == "gender":
        left_out = _values(c.value for c in need.constraints if c.attribute == "Gender" and c.op in _REFUSING)
        return _OTHER[goal.gender or "Men"].casefold() in left_out and (goal.gender or "").casefold() not in left_out
    if wish == "size":
        return (goal.size or "") in _values(c.value for c in need.constraints if c.attribute == "Size")
    return any(c.attribute == goal.measure.name for c in need.constraints) if goal.measure else False


def any_of(need: Need, wish: Wish) -> bool:
    """Whether the need holds any such wish at all."""
    ops = {"high": _UPPER, "low": _LOWER}
    if wish in ops:
        return any(c.field == "price" and c.op in ops[wish] for c in need.constraints)
    if wish == "refused":
        return any(c.op in _REFUSING and c.attribute != "Gender" for c in need.constraints)
    if wish == "wanted":
        return any(c.attribute in ("Color", "Material") and c.op == "contains" for c in need.constraints)
    return any(c.attribute == wish.title() for c in need.constraints)


def _speaks(need: Need, quality: Quality, *, refusing: bool) -> bool:
    ops = _REFUSING if refusing else ("contains", "eq", "in")
    values = _values(c.value for c in need.constraints if c.op in ops)
    return any(form.casefold() in values for form in (quality.en, quality.zh, *quality.says))


def _values(values: Iterable[object]) -> set[str]:
    return {str(v).casefold() for value in values for v in (value if isinstance(value, tuple) else (value,))}


def spelt(need: Need) -> str:
    """A need in one line."""
    return f"{need.query!r} {need.category or ''} " + ", ".join(f"{c.field} {c.op} {c.value}" for c in need.constraints)


def strange_prices(text: str, in_view: Iterable[Item], messages: Sequence[str]) -> list[str]:
    """Prices in a text that no product in view has, no message named, and that are no difference of two of these."""
    known = {price for item in in_view for price in item.prices}
    known |= {float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*(?:\.\d+)?", " ".join(messages))}
    known |= {round(abs(a - b), 2) for a in known for b in known}
    told = [found[0] or found[1] for found in _PRICE.findall(text)]
    return [price for price in told if float(price.replace(",", "")) not in known]

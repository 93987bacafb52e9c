"""Which of the items that a product can be had as a customer wants instead of the one that was ordered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.service.reading.demands import Demand, Demands, demands_in
from assistant.service.reading.values import options_of
from assistant.service.types import Line, Offer
from catalog import Locale

_UNRANKED = 99


@dataclass(frozen=True, slots=True)
class Choice:
    """The offer that is meant, if one is; else the `candidates`, the nearest first.

    `unmet` are demands that no available offer fulfils beside the others, `missed` preferences that the best one does not
    have, `changed` options that change though nothing was said of them. `understood` tells whether the words demand anything.
    """

    offer: Offer | None = None
    candidates: tuple[Offer, ...] = ()
    unmet: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    cheapest: bool = False
    dearest: bool = False
    understood: bool = True


def offer_meant(wanted: str, line: Line, offers: Sequence[Offer], *, locale: Locale) -> Choice:
    """The available offer that `wanted` describes; what is not mentioned stays as it is where that can be had.

    Without any demand the very same item is meant.
    """
    now = line.options
    options = options_of([*now.items(), *(pair for offer in offers for pair in offer.options.items())])
    found = demands_in(wanted, options, now)
    pool = _affordable([offer for offer in offers if offer.available], found, line)
    if found.nothing:
        same = next((offer for offer in pool if offer.item_id == line.item_id), None)
        return Choice(same, (same,) if same else tuple(pool), understood=not wanted.strip(" .{}"))
    if not pool:
        return Choice(unmet=("price",) if found.price or found.limit else (), understood=True)
    keys = {offer.item_id: _key(offer, found, line) for offer in pool}
    best = min(keys.values())
    first = [offer for offer in sorted(pool, key=lambda one: keys[one.item_id]) if keys[offer.item_id] == best]
    unmet, missed = _unmet(first[0], found, now), _lacks(first[0], found, soft=True)
    changed = tuple(name for name in _unsaid(found, now) if first[0].options.get(name) != now[name])
    cheapest, dearest = found.price == "cheapest", found.price == "dearest"
    if unmet or len(first) > 1:
        nearest = tuple(sorted(pool, key=lambda one: keys[one.item_id])) if unmet else tuple(first)
        return Choice(None, nearest, unmet, missed, changed, cheapest, dearest)
    return Choice(first[0], (first[0],), (), missed, changed, cheapest, dearest)


def _affordable(pool: list[Offer], found: Demands, line: Line) -> list[Offer]:
    """Those within what the words allow to pay."""
    if found.limit is not None:
        pool = [offer for offer in pool if offer.price_minor <= found.limit * 100]
    if found.price == "cheaper":
        return [offer for offer in pool if offer.price_minor <= line.price_minor]
    return pool


def _key(offer: Offer, found: Demands, line: Line) -> tuple[float, ...]:
    """How far an offer is from what is wanted: unmet demands, ranks in the order said, price, then what changes unasked."""
    hard = sum(not _met(one, offer) for one in found.of if not one.soft)
    hard += sum(offer.options.get(name) != line.options.get(name) for name in _kept(found, line.options))
    ranks = [
        one.ranks.get(offer.options.get(one.option, ""), _UNRANKED if one.ranks else 0) for one in _by_strength(found)
    ]
    changes = sum(
        offer.options.get(name) != value for name, value in line.options.items() if name in _unsaid(found, line.options)
    )
    price = {"cheapest": offer.price_minor, "dearest": -offer.price_minor}.get(found.price or "", 0)
    if found.price == "same":
        price = abs(offer.price_minor - line.price_minor)
    if found.price in ("cheapest", "dearest") and not found.keep_all:
        changes = 0
    own = int(offer.item_id == line.item_id)
    otherwise = sum(offer.options.get(name) != value for name, value in line.options.items())
    return (hard, *ranks, *((changes, price) if found.keep_all else (price, changes)), otherwise, own)


def _by_strength(found: Demands) -> list[Demand]:
    return sorted(found.of, key=lambda one: one.soft)


def _met(demand: Demand, offer: Offer) -> bool:
    value = offer.options.get(demand.option, "")
    return value not in demand.denied and (not demand.ranks or value in demand.ranks)


def _unmet(offer: Offer, found: Demands, now: Mapping[str, str]) -> tuple[str, ...]:
    stay = (f"{name}: {now[name]}" for name in _kept(found, now) if offer.options.get(name) != now[name])
    return (*_lacks(offer, found, soft=False), *stay)


def _lacks(offer: Offer, found: Demands, *, soft: bool) -> tuple[str, ...]:
    """The demands, or the preferences, that an offer does not fulfil, in words."""
    lacking = [one for one in found.of if one.soft == soft and not _met(one, offer)]
    return tuple(f"{one.option}: {' / '.join(one.ranks) or 'not ' + ' / '.join(sorted(one.denied))}" for one in lacking)


def _kept(found: Demands, now: Mapping[str, str]) -> list[str]:
    """The options that must stay."""
    return _unsaid(found, now) if found.strictly and found.of else sorted(found.kept & set(now))


def _unsaid(found: Demands, now: Mapping[str, str]) -> list[str]:
    said = {one.option for one in found.of}
    return [name for name in now if name not in said and name not in found.free]

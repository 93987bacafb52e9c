"""Sentences about a shelf whose truth is known from the feed rows: right ones, and the same with one error planted.

Built by a seed and never stored; knows nothing of how the assistant checks sentences.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zlib import crc32

from catalog import Product, has_cjk, sentences
from evals.amounts import amount_of, gap_of, money_of, numeral, rescaled, reunited
from evals.flips import flipped

Split = Literal["dev", "test"]
_SHELF = 4
_PROSE_CHARS = 160


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence about a shelf; `error` names what was planted, None where all of it is true. `rules` may back it."""

    id: str
    source: str
    locale: str
    claim: str
    text: str
    shelf: tuple[Product, ...]
    error: str | None = None
    rules: tuple[str, ...] = ()
    origin: str = "template"


@dataclass(frozen=True, slots=True)
class Told:
    """A true sentence and, by kind of error, the false ones made from it."""

    claim: str
    true: str
    false: tuple[tuple[str, str], ...]


def split_of(product: Product) -> Split:
    """Which split a product belongs to, by its id alone."""
    return "test" if crc32(product.id.encode()) % 2 else "dev"


def shelves(products: Sequence[Product], n: int, rng: random.Random) -> list[tuple[Product, ...]]:
    """`n` shelves of four products of one category each, with titles that differ."""
    by_category: defaultdict[str, list[Product]] = defaultdict(list)
    for product in products:
        by_category[product.category].append(product)
    kinds = [found for _, found in sorted(by_category.items()) if len({p.title for p in found}) >= _SHELF]
    drawn: list[tuple[Product, ...]] = []
    while kinds and len(drawn) < n:
        titled = list({product.title: product for product in rng.choice(kinds)}.values())
        if len(shelf := rng.sample(titled, _SHELF)) == _SHELF:
            drawn.append(tuple(shelf))
    return drawn


def planted(source: str, split: Split, products: Sequence[Product], n: int, seed: int) -> Iterator[Sentence]:
    """The sentences about `n` shelves of a source's products of one split and language, each kind of claim on each."""
    rng = random.Random(f"{seed}-{source}-{split}")
    for number, shelf in enumerate(shelves([p for p in products if split_of(p) == split], n, rng)):
        teller = _Teller(shelf, split, rng)
        for place, told in enumerate(teller.told()):
            id = f"{source}-{shelf[0].locale}-{split}-{number}-{place}"
            yield Sentence(id, source, shelf[0].locale, told.claim, told.true, shelf)
            for error, text in told.false:
                yield Sentence(f"{id}-{error}", source, shelf[0].locale, told.claim, text, shelf, error)


def rule_sentences(source: str, split: Split, locale: str, rules: Sequence[str], seed: int) -> Iterator[Sentence]:
    """Sentences on delivery, returns and the like: as the shop's rules have them, and with a number, unit or no turned."""
    rng = random.Random(f"{seed}-{source}-{split}-{locale}")
    texts = [sentence for rule in rules for sentence in sentences(rule) if len(sentence) <= _PROSE_CHARS]
    for number, text in enumerate(texts):
        id = f"{source}-{locale}-rule-{number}"
        true = rng.choice(wording("rule", locale, split)).format(sentence=text)
        yield Sentence(id, source, locale, "policy", true, (), None, tuple(rules))
        for name, wrong in (
            ("number", _other_number(text, rng)),
            ("unit", reunited(text)),
            ("negation", flipped(text)),
        ):
            if wrong and wrong != text:
                false = true.replace(text, wrong)
                yield Sentence(f"{id}-{name}", source, locale, "policy", false, (), "policy", tuple(rules))
    for number, false in enumerate(wording("false_rule", locale, split)):
        yield Sentence(f"{source}-{locale}-false-{number}", source, locale, "policy", false, (), "policy", tuple(rules))


@cache
def _wordings() -> Any:
    import yaml

    return yaml.safe_load((Path(__file__).parent / "planted.yaml").read_text(encoding="utf-8"))


def wording(name: str, locale: str, split: Split) -> list[str]:
    """The wordings of one kind of claim in one language and split."""
    return list(_wordings()[name][locale][split])


def _other_number(text: str, rng: random.Random) -> str | None:
    found = list(re.finditer(r"(?<![\d.,A-Za-z-])\d+(?:\.\d+)?(?![\d,A-Za-z-])", text))
    if not found:
        return None
    match = rng.choice(found)
    value = float(match[0]) * rng.choice((2, 3)) + rng.choice((0, 1))
    return f"{text[: match.start()]}{value:.12g}{text[match.end() :]}"


class _Teller:
    """Tells what is true of one shelf, and plants errors."""

    def __init__(self, shelf: Sequence[Product], split: Split, rng: random.Random) -> None:
        self._shelf, self._split, self._rng = list(shelf), split, rng
        self._locale = shelf[0].locale
        self._one, self._two = rng.sample(self._shelf, 2)

    def told(self) -> Iterator[Told]:
        """One sentence or two of every kind that the shelf allows."""
        kinds: tuple[Callable[[], Iterator[Told]], ...] = (
            self._prices, self._stock, self._attributes, self._measures, self._prose, self._negations,
            self._comparisons, self._superlatives, self._only, self._all, self._counts, self._promises, self._names,
        )  # fmt: skip
        for kind in kinds:
            yield from kind()

    def _say(self, kind: str, /, **values: object) -> str:
        named = {key: _titled(value) if isinstance(value, Product) else value for key, value in values.items()}
        text = self._rng.choice(wording(kind, self._locale, self._split)).format(**named)
        return text[:1].upper() + text[1:]

    def _same(self, name: str, right: dict[str, object], *wrong: tuple[str, dict[str, object]]) -> Told:
        """One wording, filled rightly and, for every error, wrongly."""
        template = self._rng.choice(wording(name, self._locale, self._split))

        def fill(values: dict[str, object]) -> str:
            named = {key: _titled(v) if isinstance(v, Product) else v for key, v in values.items()}
            text = template.format(**named)
            return text[:1].upper() + text[1:]

        return Told(name, fill(right), tuple((error, fill(right | values)) for error, values in wrong))

    def _prices(self) -> Iterator[Told]:
        one, two = self._one, self._two
        factor = self._rng.choice((0.5, 0.8, 1.2, 1.5, 2))
        wrong = [("price", {"price": money_of(one, one.price * factor)})]
        if two.price_minor != one.price_minor:
            wrong.append(("price", {"price": money_of(one, two.price)}))
        yield self._same("price", {"title": one, "price": money_of(one)}, *wrong)
        above, below = (round(one.price * self._rng.choice(factors)) for factors in ((1.2, 1.6), (0.4, 0.7)))
        if 0 < below < one.price < above:
            low = {"price": money_of(one, below)}
            yield self._same("limit", {"title": one, "price": money_of(one, above)}, ("price", low))
        if two.price_minor != one.price_minor:
            right = {"title": one, "price": money_of(one), "other": two, "other_price": money_of(two)}
            swapped = {"price": money_of(two), "other_price": money_of(one)}
            yield self._same("pair", right, ("price", swapped))

    def _stock(self) -> Iterator[Told]:
        one = self._one
        name, opposite = ("stock", "gone") if one.in_stock else ("gone", "stock")
        yield Told("stock", self._say(name, title=one), (("stock", self._say(opposite, title=one)),))
        if one.quantity:
            wrong = one.quantity + self._rng.choice((1, 2, 5, 10))
            yield self._same("left", {"title": one, "count": one.quantity}, ("stock", {"count": wrong}))

    def _attributes(self) -> Iterator[Told]:
        for one in self._rng.sample(self._shelf, 2):
            named = [(n, v) for n, v in one.attributes.items() if _plain(v)]
            for name, value in self._rng.sample(named, min(2, len(named))):
                others = [v for p in self._shelf if (v := p.attributes.get(name)) and _plain(v) and _differs(v, one)]
                kind = "material" if name in ("Material", "材质") else "attribute"
                right = {"title": one, "name": _low(name), "value": _low(value)}
                wrong = [("attribute", {"value": _low(self._rng.choice(others))})] if others else []
                yield self._same(kind, right, *wrong)

    def _measures(self) -> Iterator[Told]:
        for one in self._rng.sample(self._shelf, 2):
            for name, value in one.attributes.items():
                if amount_of(value) is None or "x" in value:
                    continue
                kind = "weight" if name in ("Weight", "重量") else "measure"
                right = {"title": one, "name": _low(name), "value": value}
                wrong = [("number", {"value": rescaled(value, self._rng.choice((0.5, 1.3, 2)))})]
                if unit := reunited(value):
                    wrong.append(("unit", {"value": unit}))
                yield self._same(kind, right, *wrong)
                if converted := rescaled(value, 1, convert=True):
                    yield self._same(kind, right | {"value": converted})

    def _prose(self) -> Iterator[Told]:
        one, two = self._one, self._two
        mine, theirs = ([s for s in sentences(p.description) if self._quotable(s)] for p in (one, two))
        if not mine:
            return
        wrong = [("attribute", {"sentence": self._rng.choice(theirs)})] if theirs and set(mine) != set(theirs) else []
        wrong = [(e, v) for e, v in wrong if v["sentence"] not in one.description]
        right = {"title": one, "sentence": self._rng.choice(mine)}
        yield self._same("prose", right, *wrong)

    def _quotable(self, sentence: str) -> bool:
        titled = any(p.title.casefold() in sentence.casefold() for p in self._shelf)
        return 8 <= len(sentence) <= _PROSE_CHARS and not titled and "##" not in sentence

    def _negations(self) -> Iterator[Told]:
        one = self._one
        spoken = [(s, other) for s in sentences(one.description) if self._quotable(s) and (other := flipped(s))]
        for sentence, other in self._rng.sample(spoken, min(2, len(spoken))):
            yield self._same("prose", {"title": one, "sentence": sentence}, ("negation", {"sentence": other}))
        for name, value in one.attributes.items():
            if name in ("Material", "材质") and _plain(value):
                values = {"title": one, "value": _low(value)}
                yield Told(
                    "material", self._say("material", **values), (("negation", self._say("not_material", **values)),)
                )
            if value in ("Yes", "是", "No", "否"):
                said, denied = ("quality", "not_quality") if value in ("Yes", "是") else ("not_quality", "quality")
                values = {"title": one, "name": _low(name)}
                yield Told("quality", self._say(said, **values), (("negation", self._say(denied, **values)),))

    def _comparisons(self) -> Iterator[Told]:
        measured: dict[str, Callable[[Product], float | None]] = {
            "cheaper": lambda p: p.price, "lighter": lambda p: _weight(p),
            "rated_above": lambda p: -p.rating if p.rating else None,
        }  # fmt: skip
        for name, value in measured.items():
            known = [p for p in self._shelf if value(p) is not None]
            if len({value(p) for p in known}) < 2:
                continue
            low, high = min(known, key=lambda p: value(p) or 0), max(known, key=lambda p: value(p) or 0)
            yield self._same(name, {"title": low, "other": high}, ("comparison", {"title": high, "other": low}))
            if name == "cheaper":
                gap = gap_of(high, low)
                right = {"title": low, "other": high, "gap": gap}
                wrong = {"gap": money_of(low, (high.price - low.price) * self._rng.choice((0.5, 1.5, 2)))}
                turned = {"title": high, "other": low}
                yield self._same("cheaper_by", right, ("comparison", wrong), ("comparison", turned))

    def _superlatives(self) -> Iterator[Told]:
        measured: dict[str, Callable[[Product], float | None]] = {
            "cheapest": lambda p: p.price, "dearest": lambda p: -p.price, "lightest": lambda p: _weight(p),
            "best_rated": lambda p: -p.rating if p.rating else None,
        }  # fmt: skip
        for name, value in measured.items():
            values = [value(p) for p in self._shelf]
            if None in values or values.count(min(v for v in values if v is not None)) > 1:
                continue
            first = min(self._shelf, key=lambda p: value(p) or 0)
            wrong = self._rng.choice([p for p in self._shelf if p is not first])
            yield self._same(name, {"title": first}, ("superlative", {"title": wrong}))
        text = self._say("unproven", title=self._one)
        yield Told("unproven", self._say("price", title=self._one, price=money_of(self._one)), (("superlative", text),))

    def _only(self) -> Iterator[Told]:
        for name, counts in self._shared().items():
            named = {"name": _low(name)}
            alone = [value for value, owners in counts.items() if len(owners) == 1]
            if alone and not _nested(counts):
                value = self._rng.choice(alone)
                owner = counts[value][0]
                other = self._rng.choice([p for p in self._shelf if p is not owner])
                right = named | {"title": owner, "value": _low(value)}
                wrong = [("only", {"title": other})]
                wrong += [("only", {"title": o[0], "value": _low(v)}) for v, o in counts.items() if len(o) > 1]
                yield self._same("only", right, *wrong)
        prices = sorted(self._shelf, key=lambda p: p.price_minor)
        if prices[0].price_minor * 1.1 < prices[1].price_minor and prices[1].price_minor < prices[2].price_minor:
            right = {"title": prices[0], "price": money_of(prices[0], _between(prices[0], prices[1]))}
            too_high = {"price": money_of(prices[0], _between(prices[1], prices[2]))}
            yield self._same("only_below", right, ("only", too_high), ("only", {"title": prices[1]}))

    def _shared(self) -> dict[str, dict[str, list[Product]]]:
        """By attribute that the whole shelf states: its values and whose they are."""
        found: dict[str, dict[str, list[Product]]] = {}
        for name in ("Material", "Style", "Gender", "Color", "材质", "颜色", "产地", "款式"):
            if all(_plain(p.attributes.get(name, "")) for p in self._shelf):
                owners: defaultdict[str, list[Product]] = defaultdict(list)
                for product in self._shelf:
                    owners[product.attributes[name]].append(product)
                found[name] = dict(owners)
        return found

    def _all(self) -> Iterator[Told]:
        prices = sorted(p.price for p in self._shelf)
        one = self._one
        if prices[0] < prices[-1] * 0.9:
            right = {"price": money_of(one, round(prices[-1] * 1.2) + 1)}
            wrong = {"price": money_of(one, (prices[-2] + prices[-1]) / 2 if prices[-2] < prices[-1] else prices[0])}
            yield self._same("all_below", right, ("only", wrong))
        stocked = self._say("all_stock")
        if all(p.in_stock for p in self._shelf):
            yield Told("all_stock", stocked, ())
        else:
            yield Told("stock", self._say("price", title=one, price=money_of(one)), (("only", stocked),))
        for name, counts in self._shared().items():
            values = list(counts)
            if len(values) == 1:
                yield self._same("all_are", {"name": _low(name), "value": _low(values[0])})
            elif not _nested(counts):
                text = self._say("all_are", name=_low(name), value=_low(self._rng.choice(values)))
                yield Told("all_are", self._say("price", title=one, price=money_of(one)), (("only", text),))

    def _counts(self) -> Iterator[Told]:
        prices = sorted(self._shelf, key=lambda p: p.price_minor)
        place = self._rng.choice((2, 3))
        if prices[place - 1].price_minor * 1.1 < prices[place].price_minor:
            price = money_of(self._one, _between(prices[place - 1], prices[place]))
            right: dict[str, object] = {"count": numeral(place, self._locale, self._rng), "price": price}
            wrong = {"count": numeral(self._rng.choice([n for n in (2, 3, 4) if n != place]), self._locale, self._rng)}
            yield self._same("count_below", right, ("count", wrong))
        for name, counts in self._shared().items():
            shared = [(value, len(owners)) for value, owners in counts.items() if len(owners) in (2, 3)]
            if shared and not _nested(counts):
                value, n = self._rng.choice(shared)
                other = numeral(3 if n == 2 else 2, self._locale, self._rng)
                right = {"count": numeral(n, self._locale, self._rng), "name": _low(name), "value": _low(value)}
                yield self._same("count_are", right, ("count", {"count": other}))
        n, other = (
            numeral(_SHELF, self._locale, self._rng),
            numeral(self._rng.choice((3, 5, 6)), self._locale, self._rng),
        )
        yield self._same("count_all", {"count": n}, ("count", {"count": other}))

    def _promises(self) -> Iterator[Told]:
        true = self._say("price", title=self._one, price=money_of(self._one))
        bare = true.rstrip(".。")
        yield Told("promise", true, tuple(("promise", self._say("promise", true=bare)) for _ in range(2)))

    def _names(self) -> Iterator[Told]:
        one = self._one
        invented = self._rng.choice(wording("invented", self._locale, self._split))
        if self._locale == "zh":
            cut = one.title.split()[-1][-4:]
            wholly, partly = f"{invented}{cut}", f"{invented}{one.title[len(one.title) // 2 :]}"
        else:
            words = one.title.split()
            wholly, partly = f"{invented} {words[-1]}", " ".join([invented, *words[1:]])
        right: dict[str, object] = {"title": one, "price": money_of(one)}
        yield self._same("price", right, ("name", {"title": wholly}), ("name", {"title": partly}))


def _titled(product: Product) -> str:
    return product.title


def _low(text: str) -> str:
    """An attribute's name or value within a sentence: without its capital where that is not a name's."""
    return text[:1].lower() + text[1:] if text[:2].istitle() or text[1:2].islower() else text


def _plain(value: str) -> bool:
    """Whether a value is a word or a few, with nothing counted or switched in it."""
    short = len(value) <= (12 if has_cjk(value) else 30)
    return bool(value) and short and not re.search(r"[\d\n]", value) and value not in ("Yes", "No", "是", "否")


def _differs(value: str, product: Product) -> bool:
    """Whether nothing that a product states has any word of `value`."""
    options = " ".join(value for variant in product.variants for value in variant.options.values())
    told = f"{product.title} {product.description} {' '.join(product.attributes.values())} {options}".casefold()
    parts = re.findall(r"[a-z]{3,}|[\u3400-\u9fff]{2}", value.casefold())
    return bool(parts) and not any(part in told for part in parts)


def _nested(counts: dict[str, list[Product]]) -> bool:
    """Whether a value has a word in common with another's or with the texts of a product of another value."""
    return any(not _differs(v, p) for v in counts for other, owners in counts.items() if other != v for p in owners)


def _weight(product: Product) -> float | None:
    stated = product.attributes.get("Weight") or product.attributes.get("重量") or ""
    found = amount_of(stated)
    return found[0] if found and found[1] == "g" else None


def _between(low: Product, high: Product) -> float:
    return round((low.price + high.price) / 2)

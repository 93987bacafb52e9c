"""What a text demands of another variant of a product: values and their order, what stays, what is free, the price."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from assistant.reading.numerals import in_digits
from assistant.reading.vocabulary import lexicon
from assistant.service.reading.reach import amounts_meant, beyond, reached
from assistant.service.reading.scales import comparisons
from assistant.service.reading.values import Mention, Options, mentions, named
from assistant.service.reading.words import any_of, pattern, plain, table
from catalog import measure, measures

Price = Literal["cheapest", "dearest", "cheaper", "same"]
_LIMIT = re.compile(
    r"(?:under|below|less than|up to|at most|no more than|within|cheaper than|max(?:imum)?(?: of)?|不超过|低于)\s*[$€£¥]\s*(\d[\d,]*(?:\.\d+)?)"
    r"|[$€£¥]?\s*(\d[\d,]*(?:\.\d+)?)\s*(?:元|块钱?)?(?:以下|以内)|[$€£¥]\s*(\d[\d,]*(?:\.\d+)?) or (?:less|under|below)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?;。！？；])(?:\s+|(?<=[。！？；]))|\n+")
_CLAUSE = re.compile(r"[,，;；.。!?()]|\b(?:but|and|with|then|while|although)\b|但|而且|并且")
_FROM = re.compile(r"(?:\bfrom|\bcurrently|从)\W*(?:(?:an?|the|my|size|colou?r)\W+)*$", re.IGNORECASE)
_REACH = 30
_NO_NEED = re.compile(r"n.t (?:really )?need[^,.;]*$|不需要[^，。；]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Demand:
    """What is wanted of one option. `ranks` are the values that will do, the best at 0; others are `denied`."""

    option: str
    ranks: Mapping[str, int] = field(default_factory=dict)
    denied: frozenset[str] = frozenset()
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Demands:
    """All that a text demands. `free` options may be anything, `kept` ones stay.

    `keep_all` keeps what is unnamed before it looks at prices, `strictly` so that nothing else will do.
    """

    of: tuple[Demand, ...] = ()
    free: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    keep_all: bool = False
    strictly: bool = False
    price: Price | None = None
    limit: float | None = None

    @property
    def nothing(self) -> bool:
        return not (self.of or self.kept or self.keep_all or self.price or self.limit is not None)


def demands_in(text: str, options: Options, now: Mapping[str, str]) -> Demands:
    """What `text` demands, of options with all their values; `now` are those of the item that is to be changed."""
    said = in_digits(plain(text))
    found: dict[str, Demand] = {}
    free: set[str] = set()
    kept: set[str] = set()
    for sentence in (one for one in _SENTENCE.split(said) if one.strip()):
        _read(sentence, options, now, found)
        loose, same = _loose(sentence, options), _named_after(sentence, pattern("wants", "keep"), options)
        free |= loose
        kept |= same - loose
    free -= {name for name in found if found[name].ranks}
    kept -= {*found, *free}
    cleared = tuple(_without_own(one, now, said) for one in found.values())
    return Demands(
        of=tuple(one for one in cleared if one.ranks or one.denied),
        free=frozenset(free),
        kept=frozenset(kept),
        keep_all=any(pattern("wants", name).search(said) for name in ("keep_all", "alike")),
        strictly=pattern("wants", "keep_all").search(said) is not None,
        price=_price(said),
        limit=_limit(said),
    )


def denied(sentence: str, one: Mention) -> bool:
    """Whether a value is named as one that is not meant."""
    if re.match(r"(?:no|not|non|without|n't|无|没有|不)", sentence[one.start : one.end].casefold()):
        return False
    before = re.split(r"[.;!?。；！？]|,\s*but\b", sentence[: one.start])[-1]
    return (
        _denial().search(before) is not None or pattern("wants", "denied_after").match(sentence[one.end :]) is not None
    )


def _read(sentence: str, options: Options, now: Mapping[str, str], found: dict[str, Demand]) -> None:
    """Add what a sentence names to the demands; what stands behind a condition ranks after what stands before it."""
    conditions = [match.span() for match in pattern("wants", "fallback").finditer(sentence)]
    before: Mention | None = None
    for one in mentions(sentence, options):
        condition = next((span for span in conditions if span[0] <= one.start < span[1]), None)
        later = any(span[1] <= one.start for span in conditions)
        if condition is None or not _named(found, one.option):
            _add(sentence, one, before, later and condition is None, options, now, found)
        before = one
    asked = set(found)
    for compared in comparisons(sentence, options):
        values = dict(options)[compared.option]
        fits = beyond(compared.option, values, now.get(compared.option), compared.way, most=compared.most)
        fits = fits or ({sentence[compared.start : compared.end]: 0} if now.get(compared.option) else {})
        if fits and compared.option not in found:
            found[compared.option] = Demand(compared.option, fits, soft=_soft(sentence, compared.start))
    for name, way in (("size_up", 1), ("size_down", -1)):
        sized = next((option for option, _ in options if "size" in option.casefold()), None)
        if sized and sized not in asked and pattern("wants", name).search(sentence):
            sizes = beyond(sized, dict(options)[sized], now.get(sized), way, most=False)
            found[sized] = Demand(sized, {next(iter(sizes)): 0} if sizes else {name.replace("_", " "): 0})
    for demand in _unknown(sentence, options, found):
        found[demand.option] = demand


def _named(found: Mapping[str, Demand], option: str) -> bool:
    return option in found and bool(found[option].ranks)


def _add(
    sentence: str, one: Mention, before: Mention | None, later: bool, options: Options, now: Mapping[str, str], found: dict[str, Demand]
) -> None:  # fmt: skip
    """Add one naming of a value to the demands."""
    known = found.get(one.option, Demand(one.option))
    between = sentence[before.end : one.start] if before and before.option == one.option else None
    if between is not None and before and (re.fullmatch(r"\s*>+\s*", between) or _better().fullmatch(between)):
        ranks = {**known.ranks, one.value: known.ranks.get(before.value, 0) + 1}
        found[one.option] = replace(known, ranks=ranks, soft=known.soft or _soft(sentence, one.start))
        return
    if denied(sentence, one):
        loosely = not known.ranks and _NO_NEED.search(sentence[: one.start]) is not None
        found[one.option] = replace(known, denied=known.denied | {one.value}, soft=known.soft or loosely)
        return
    if _FROM.search(sentence[: one.start]) or _is_free(sentence, one):
        return
    values = reached(sentence, one.option, one.value, one.start, one.end, dict(options)[one.option])
    first = max(known.ranks.values(), default=-1)
    if later and not known.ranks and now.get(one.option):
        known, first = replace(known, ranks={now[one.option]: 0}), 0
    level = first + 1 if later else max(first, 0)
    ranks = {**known.ranks, **{value: level for value in values if value not in known.ranks}}
    soft = _soft(sentence, one.start) if not known.ranks else known.soft
    found[one.option] = replace(known, ranks=ranks, soft=soft, denied=known.denied - set(values))


def _unknown(sentence: str, options: Options, found: Mapping[str, Demand]) -> Iterator[Demand]:
    """Demands for what the product does not come in: an amount or a colour that no value has."""
    spans = [(one.start, one.end) for one in mentions(sentence, options)]
    for one in measures(sentence):
        for option, values in options:
            amounts = [measure(value) for value in values]
            unit = any(amount and amount[1] == one.unit for amount in amounts)
            if unit and option not in found and not any(start < one.end and one.start < end for start, end in spans):
                yield Demand(option, amounts_meant(sentence, one.amount, one.start, one.end, values))
                break
    colours = next((option for option, _ in options if named("color").search(option)), None)
    if (
        colours
        and colours not in found
        and not any(option == colours for option, _ in [(m.option, 0) for m in mentions(sentence, options)])
    ):
        for word in re.findall(r"[a-z]+|[\u4e00-\u9fff]{1,3}", sentence.casefold()):
            term = lexicon().get(word)
            if term and term.attribute == "Color" and len(word) > 1:
                yield Demand(colours, {word: 0}, soft=_soft(sentence, sentence.casefold().find(word)))
                return


@cache
def _denial() -> re.Pattern[str]:
    words = table("wants")
    lead = any_of(words["denied"]).pattern.replace(r"\b(?:", r"(?:\b|(?=n't))(?:", 1)
    return re.compile(rf"(?:{lead})\W*(?:(?:{words['between']})\b\W*){{0,5}}$", re.IGNORECASE)


@cache
def _better() -> re.Pattern[str]:
    rows = table("wants")["better"]
    words = "|".join((*rows["en"].strip().splitlines(), *rows["zh"].strip().splitlines()))
    return re.compile(rf"[\s,，]*(?:{words})[\s,，]*(?:(?:an?|the|in)\s+)*", re.IGNORECASE)


def _soft(sentence: str, place: int) -> bool:
    """Whether the clause that holds a place is only a preference."""
    ends = [match.start() for match in _CLAUSE.finditer(sentence)]
    start = max((end for end in ends if end < place), default=0)
    stop = min((end for end in ends if end > place), default=len(sentence))
    return pattern("wants", "soft").search(sentence[max(0, start - 14) : stop]) is not None


def _is_free(sentence: str, one: Mention) -> bool:
    """Whether a value is named only to say that it does not matter: "whether it is waterproof or not"."""
    before = sentence[max(0, one.start - 2 * _REACH) : one.start]
    return re.search(rf"(?:{pattern('wants', 'free').pattern}|\bwhether\b)[^,.;]*$", before, re.I) is not None


def _loose(sentence: str, options: Options) -> set[str]:
    return _named_after(sentence, pattern("wants", "free"), options) | _named_before(
        sentence, pattern("wants", "free_after"), options
    )


def _named_after(sentence: str, lead: re.Pattern[str], options: Options) -> set[str]:
    """The options named in the clause behind a word (or, in Chinese, before it): "keep the size and colour"."""
    found: set[str] = set()
    for match in lead.finditer(sentence):
        tail = re.split(r"[.;!?。；！？]|,?\s*\b(?:but|then|with|except|just|only)\b|，|但", sentence[match.end() :])[
            0
        ][: 2 * _REACH]
        found |= {option for option, _ in options if named(option).search(tail)}
        if re.search(r"[\u4e00-\u9fff]", match[0]) or re.match(r"\W*(?:the )?same", tail) or not tail.strip(" .!"):
            found |= _named_before(sentence[: match.end()], re.compile(re.escape(match[0])), options)
    return found


def _named_before(sentence: str, word: re.Pattern[str], options: Options) -> set[str]:
    found: set[str] = set()
    for match in word.finditer(sentence):
        head = re.split(r"[.;!?。；！？，,]|\bbut\b|但", sentence[: match.start()])[-1][-_REACH:]
        found |= {option for option, _ in options if named(option).search(head)}
    return found


def _without_own(demand: Demand, now: Mapping[str, str], said: str) -> Demand:
    """A value that the item has already, named beside another one, tells which item is meant."""
    own = now.get(demand.option)
    level = [value for value, place in demand.ranks.items() if place == 0]
    if own in level and len(level) == 2 and not re.search(r"\bor\b|或|/", said):
        return replace(demand, ranks={value: place for value, place in demand.ranks.items() if value != own})
    return demand


def _price(said: str) -> Price | None:
    for name in ("same_price", "cheapest", "dearest", "cheaper"):
        if pattern("wants", name).search(said):
            return {"same_price": "same", "cheapest": "cheapest", "dearest": "dearest", "cheaper": "cheaper"}[name]  # type: ignore[return-value]
    return None


def _limit(said: str) -> float | None:
    found = _LIMIT.search(said)
    return float(next(group for group in found.groups() if group).replace(",", "")) if found else None

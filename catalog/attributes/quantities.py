"""Amounts that a listing's prose ties to a quantity: "weighs 1.2 kg", "30 hours on a single charge", 容量500毫升.

A number without such a word tells nothing, except where its unit admits one reading (mAh) or a title gives it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from catalog.attributes.clause import Said, goes_on, of_itself
from catalog.attributes.units import Measure, measures

_HEDGE = r"(?:up to|about|around|approximately|approx\.?|roughly|nearly|almost|less than|under|over|more than|at least)"
_HEDGED = re.compile(rf"{_HEDGE}\s+(?:an?\s+)?$|(?:约为?|大约|不到|高达|长达|可达|最大|最高|仅|近)\s*$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:x|×|\*|by|-|–|—|to|~|～|至|到)\s*", re.IGNORECASE)
_FILL = (
    r"(?:[\s:=~≈]|\b(?:is|are|of|at|in at|only|just|an?|the|mere|total|comes to|that|from|between|for|be|as|"
    rf"maximum|max\.?|impressive|incredible|whopping|{_HEDGE})\b)*$"
)
_FILL_ZH = r"(?:[\s:：=]|约为?|大约|仅有?|只有|只|为|是|达到?|可达|高达|长达|不到|有|在|近|超过?|最大|最高|时间|时长)*$"


_ALONE = {"mah": "Battery capacity"}
_IN_TITLE = {"ml": "Capacity", "w": "Power", "mah": "Battery capacity"}
_NOT_ALONE = re.compile(r"\s*-?\s*(?:phone|phones|device|devices|smartphone|手机|tablet)", re.IGNORECASE)
_TITLE_ENDS = re.compile(
    r"\b(?:for|fits|with|makes|treats|yields|covers|compatible|replacement|replaces|includes?|w/|and)\b|适用|适配|兼容|[+＋]",
    re.IGNORECASE,
)
_TIMES, _TIMES_AHEAD = re.compile(r"\d\s*[x×*]\s*$|(?<!\d)0$"), re.compile(r"\s*[x×*]\s*\d", re.IGNORECASE)
_NEAR = 24
_LITRES = re.compile(r"\d\s?[lL]$")
_HOLDER = re.compile(
    r"\b(?:bottles?|flasks?|jugs?|kettles?|pots?|teapots?|pans?|cookers?|ovens?|fryers?|bins?|bags?|backpacks?|daypacks?|rucksacks?"
    r"|duffels?|suitcases?|luggage|tanks?|buckets?|coolers?|box|boxes|containers?|mugs?|cups?|bowls?|carafes?|pitchers?|press"
    r"|mixers?|blenders?|aquariums?|dispensers?|feeders?|fountains?|humidifiers?|baskets?|cans?|jars?|tubs?|vases?)\b"
    r"|[壶瓶杯锅桶箱包罐盆碗缸盒篮]|[煲机器仓]",
    re.IGNORECASE,
)
_EQUIVALENT = re.compile(r"\s*-?\s*(?:equivalent|equal|eq\b|replacement)|等效", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Rule:
    """`before` must end where the amount begins, `after` must begin where it ends; one of them is enough."""

    name: str
    unit: str
    extent: bool
    before: Mapping[str, re.Pattern[str]]
    after: Mapping[str, re.Pattern[str]]


@cache
def _rules() -> tuple[_Rule, ...]:
    import yaml

    rows = yaml.safe_load((Path(__file__).parent / "quantities.yaml").read_text(encoding="utf-8"))
    never = "(?!)"
    return tuple(
        _Rule(
            name,
            row["unit"],
            row.get("extent", False),
            {
                "en": re.compile(rf"\b(?:{row['en']['before']}){_FILL}", re.IGNORECASE),
                "zh": re.compile(rf"(?:{row['zh']['before']}){_FILL_ZH}"),
            },
            {
                "en": re.compile(rf"[\s-]*(?:{row['en'].get('after', never)})", re.IGNORECASE),
                "zh": re.compile(rf"\s*(?:左右)?(?:{row['zh'].get('after', never)})"),
            },
        )
        for name, row in rows.items()
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """Amounts joined to one ("30 x 20 x 10 cm", "5-6 hours"), with how it begins."""

    parts: tuple[Measure, ...]
    start: int
    end: int


def units() -> Mapping[str, str]:
    """The base unit of each attribute that is an amount; water is resisted by rating too."""
    return {rule.name: rule.unit for rule in _rules() if rule.name != "Water resistance"} | {"Battery capacity": "mah"}


def quantities(said: Said) -> Iterator[tuple[str, str]]:
    """The attributes that a sentence gives an amount of, each with the words that give it."""
    for run in _runs(said.text):
        name = _name(said, run)
        if name:
            yield name, _worded(said.text, run)


def _runs(text: str) -> Iterator[_Run]:
    parts: list[Measure] = []
    for found in measures(text):
        joined = parts and parts[-1].unit == found.unit and _BETWEEN.fullmatch(text, parts[-1].end, found.start)
        if parts and not joined:
            yield _Run(tuple(parts), parts[0].start, parts[-1].end)
            parts = []
        parts.append(found)
    if parts:
        yield _Run(tuple(parts), parts[0].start, parts[-1].end)


def _worded(text: str, run: _Run) -> str:
    hedge = _HEDGED.search(text, max(0, run.start - 24), run.start)
    return text[hedge.start() if hedge else run.start : run.end].strip()


def _name(said: Said, run: _Run) -> str | None:
    """What the amount is one of, if its sentence says so plainly."""
    unit, text = run.parts[0].unit, said.text
    if said.title:
        return _in_title(said, run)
    extent, first = _is_extent(text, run), _beginning(text, run)
    for rule in _rules():
        if rule.unit != unit or rule.extent != extent:
            continue
        cue = rule.before[said.locale].search(text, max(0, run.start - 60), run.start)
        follows = rule.after[said.locale].match(text, run.end)
        if cue and of_itself(said, cue.start()) and (follows or goes_on(said, run.end)) and _is_listed(said, cue):
            return rule.name
        if follows and of_itself(said, first) and goes_on(said, follows.end()) and _is_listed(said, follows):
            return rule.name
    if unit in _ALONE and not _NOT_ALONE.match(text, run.end) and of_itself(said, first):
        return _ALONE[unit]
    return None


def _is_listed(said: Said, cue: re.Match[str]) -> bool:
    """Whether a side of a thing told by one Chinese character is told first, or after another one: 灯杆可调，高30厘米 is not."""
    word = cue[0].strip("约为是仅：: 左右")
    if said.locale != "zh" or len(word) > 1:
        return True
    earlier = re.split(r"[，。；,;]", said.text[: cue.start()])[:-1]
    return all(any(measures(clause)) for clause in earlier)


def _beginning(text: str, run: _Run) -> int:
    hedge = _HEDGED.search(text, max(0, run.start - 24), run.start)
    return hedge.start() if hedge else run.start


def _is_extent(text: str, run: _Run) -> bool:
    """Whether a run gives several sides of a thing and not a range."""
    return (
        len(run.parts) > 1
        and re.search(r"[x×*]|\bby\b", text[run.parts[0].end : run.parts[1].start].casefold()) is not None
    )


def _in_title(said: Said, run: _Run) -> str | None:
    text = said.text
    name = _IN_TITLE.get(run.parts[0].unit)
    if (
        not name
        or _is_extent(text, run)
        or _TITLE_ENDS.search(text, 0, run.start)
        or _beginning(text, run) < run.start
        or _EQUIVALENT.match(text, run.end)
    ):
        return None
    if _TIMES.search(text[max(0, run.start - 6) : run.start]) or _TIMES_AHEAD.match(text, run.end):
        return None
    if _LITRES.search(text[run.start : run.end]) and not _HOLDER.search(
        text, 0, run.end + _NEAR
    ):  # "3L 3R", "Strings 350L"
        return None
    return name

"""Comparatives and superlatives: true of the shelf by the fields, or not said.

"Cheaper than B", "$6 cheaper", "the lightest of these" are proven; better, best, or cheapest anywhere cannot be.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.reading.vocabulary import table
from assistant.verify.amounts import money_said
from assistant.verify.ground import Ground
from assistant.verify.naming import ANY, Named
from catalog import Product, measure, measures, minor_units

_NOUNS = {
    "price": ("price", "价格", "售价", "价钱", "价位", "标价"), "rating": ("rating", "评分", "评价"), "Weight": ("weight", "重量"),
    "Capacity": ("capacity", "容量"), "Height": ("height", "高度"), "Width": ("width", "宽度"), "Length": ("length", "长度"),
    "Power": ("power", "功率"), "Brightness": ("brightness", "亮度"), "Noise": ("noise", "噪音"), "Battery life": ("battery life", "续航"),
}  # fmt: skip
_SIDES = (  # which way it goes, of the field that is named before
    ("less", r"低于|小于|少于|[更最]?[低小少]|\b(?:lower|smaller|less)(?= than )|\bbelow(?= that of )"),
    (
        "more",
        r"高于|大于|多于|[更最]?[高大多]|高出|\b(?:higher|greater|bigger|more)(?= than )|\babove(?= that of )|\bahead(?= of )",
    ),
)
_OPPOSITES_ZH = (("贵", "便宜"), ("重", "轻"), ("高", "低"), ("大", "小"), ("长", "短"))
_OPPOSITE_ZH = dict(_OPPOSITES_ZH) | {low: high for high, low in _OPPOSITES_ZH}
_SCOPE = re.compile(
    r"\b(?:of|among|from) (?:these|those|them|the (?:two|three|four|\d|products|options|items|ones)[\w ]{0,12})|\bhere\b|\bon (?:the|this) shelf\b|\bshown\b"
    r"|这[几\d两三四]?款(?:里|中|之中|商品)?|其中|(?:它们|这些)(?:里面?|中|之中)?|这里面|货架上|所展示的",
    re.IGNORECASE,
)
_BEYOND = re.compile(
    r"\b(?:anywhere|in (?:the|our|this)(?: \w+)? (?:shop|store|range|catalogue|catalog|market|world|category)"
    r"|on the market|we (?:sell|have|carry|offer)|ever|of all|you can (?:buy|get|find))\b"
    r"|全店|全网|店里|本店|市面|市场|史上|同类",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:(?:all |any of )?(?:the )?(?:others?|other (?:ones|options|products|two|three)|rest))\b|其他|其它|别的|其余"
)
_NONE = re.compile(
    r"\b(?:none of (?:these|them|the \w+)|nothing here|no other(?: one| product)?(?: here)?)\b|没有(?:一款|哪款)?(?=比)|没有(?=.{0,4}比)",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|isn't|never|no)\b|不", re.IGNORECASE)
_AGAINST = re.compile(
    rf"(?:\bthan|\bcompared (?:with|to)|\bunlike|\bnext to|\binstead of|\babove|\bbelow|\bahead of|\bversus|\bvs\.?|比起|相比于|比|与|和|跟|于)"
    rf"\s*(?:the |that of |for |买|给)*({ANY})",
    re.IGNORECASE,
)
_NOT_AS_ZH = re.compile(rf"没有\s*({ANY})\s*(?:那么|这么|那样|这样)?\s*({'|'.join(_OPPOSITE_ZH)})")
_BEYOND_ZH = re.compile(rf"(?<!不)(?:超过|胜过|高过)了?\s*(?={ANY})")
_GAP_AHEAD = re.compile(
    r"\b(is|are) ((?:[$€£¥￥]\s?)?\d[\d,]*(?:\.\d+)?(?:\s?[a-z]{1,6})?) (below|above) (that of)", re.IGNORECASE
)
_SPLIT = re.compile(
    r"\b(costs?|weighs?|pay) ((?:[$€£¥￥]\s?)?\d[\d,]*(?:\.\d+)?(?:\s?[a-z]{1,6})?) (more|less)\b", re.IGNORECASE
)
_GAP = re.compile(r"\b(?:by|save)\b", re.IGNORECASE)
_BESIDE = re.compile(r"相比(?:之下|起来)?|比起来")
_COMPARISON = re.compile(
    r"\b(?:cheap(?:er|est)|(?:most|least|less|more) [a-z]+|lowest|highest|better|best|lighter|heavier|lightest|heaviest|finest|bestsell(?:er|ing)|best-selling"
    r"|larger|largest|smaller|smallest|bigger|biggest|faster|longer|longest|stronger|strongest|than|lower|higher|unbeatable|unrivall?ed"
    r"|comes? (?:out )?(?:first|top|on top)|ranks?|tops|top choice|number one|no\. 1)\b"
    r"|[最更][\u3400-\u9fff]{1,2}|比.{1,12}(?:便宜|贵|轻|重|大|小|好|长|高|低)|卖得.?好|销量|第一(?![款个件次])|独一无二|无与伦比",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Claim:
    """That a field is lower (`side` less) or higher than another's, or lowest or highest of all."""

    field: str
    side: str
    most: bool
    start: int
    end: int


def wrong_comparison(named: Named, shelf: Mapping[str, Ground], before: Sequence[str]) -> tuple[str, Named]:
    """The first comparison that the fields disprove or cannot prove, and the sentence without those they prove.

    What is not read here (better, best) is left in the sentence, for `unproven` to find.
    """
    text = _plainly(named.text)
    named = Named(text, named.ids)
    for claim in sorted(_claims(text), key=lambda one: -one.start):
        words = text[claim.start : claim.end]
        outcome = _holds(claim, named, shelf, before)
        if outcome is False:
            return f"comparison {words}", named
        if outcome:
            text = f"{text[: claim.start]} \x1f {text[claim.end :]}"
    if text == named.text:
        return "", named
    fault = _wrong_gap(named, shelf) if any(not claim.most for claim in _claims(named.text)) else ""
    return fault, Named(_without_frame(text), named.ids)


def _plainly(text: str) -> str:
    """A comparison in the order that is read: "costs $6 more" as "costs more $6", 没有B那么贵 as 比B便宜."""
    text = _GAP_AHEAD.sub(r"\1 by \2 \3 \4", _SPLIT.sub(r"\1 \3 \2", text))
    text = _NOT_AS_ZH.sub(lambda found: f"比{found[1]}{_OPPOSITE_ZH[found[2]]}", text)
    return _BEYOND_ZH.sub("高于", text)


def unproven(text: str, folded_support: str) -> str:
    """The first word of comparison left that the listing has not itself."""
    found = (match[0] for match in _COMPARISON.finditer(text))
    return next((f"comparison {word}" for word in found if word.casefold() not in folded_support), "")


def _claims(text: str) -> list[_Claim]:
    found: list[_Claim] = []
    for field, side, most, pattern in _patterns():
        for match in pattern.finditer(text):
            if not any(c.start < match.end() and match.start() < c.end for c in found):
                found.append(_Claim(field, side, most, match.start(), match.end()))
    for side, pattern in _sides():
        for match in pattern.finditer(text):
            noun = _noun_before(text[: match.start()])
            if noun and not any(c.start < match.end() and match.start() < c.end for c in found):
                found.append(_Claim(noun, side, match[0].startswith("最"), match.start(), match.end()))
    return found


def more_or_less(wish: str) -> list[tuple[str, str]]:
    """The measures of which a wish asks for more or less, and the side: "a lighter one" is (Weight, less)."""
    return [(one.field, one.side) for one in _claims(wish) if not one.most and one.field not in ("price", "rating")]


@cache
def _patterns() -> tuple[tuple[str, str, bool, re.Pattern[str]], ...]:
    """Superlatives before comparatives, long patterns before short ones."""
    import yaml

    fields: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "comparisons.yaml").read_text(encoding="utf-8"))
    found = []
    for most, prefix in ((True, "most_"), (False, "")):
        for field, sides in fields.items():
            for side, forms in sides.items():
                english, chinese = forms[f"{prefix}en"], [f"更?{form}" for form in forms[f"{prefix}zh"]]
                pattern = "|".join([*(f"\\b(?:the )?(?:{form})\\b" for form in english), *chinese])
                if pattern:
                    found.append((field, side, most, re.compile(pattern, re.IGNORECASE)))
    return tuple(found)


@cache
def _sides() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((side, re.compile(pattern, re.IGNORECASE)) for side, pattern in _SIDES)


def _noun_before(text: str) -> str | None:
    """The field that a 高 or a "higher than" speaks of: the last one named in its clause, or before it."""
    clause = re.split(r"[，。；]", text)[-1]
    for said in (clause, text):
        folded = said.casefold()
        places = [(folded.rfind(noun), field) for field, nouns in _NOUNS.items() for noun in nouns if noun in folded]
        if places:
            return max(places)[1]
    return "price" if re.search(rf"比{ANY}$", clause) or clause.endswith("比") else None


def _holds(claim: _Claim, named: Named, shelf: Mapping[str, Ground], before: Sequence[str]) -> bool | None:
    """Whether the fields prove a claim; None where it is none about the shelf and is left to the listing's own words."""
    text = named.text
    if _BEYOND.search(text):
        return False
    none = _NONE.search(text[: claim.start])
    against = _AGAINST.search(text, claim.end) or _before(text, claim.start)
    other = named.id_of(against[1]) if against else None
    if claim.most:
        subject = _subject(named, claim, None, before)
        if not subject or len(shelf) < 2 or (not _SCOPE.search(text) and not _definite(text, claim)):
            return None
        return _extreme(claim, subject, shelf)
    if none and other:
        return _extreme(claim, other, shelf, ties=True)  # none is cheaper than B: B is the cheapest
    subject = _subject(named, claim, other, before)
    if not subject:
        return None
    others = [other] if other else _opposite(text, named, subject, shelf)
    if not others:
        return None
    denied = _NOT.search(_clause_before(text, claim.start)) is not None
    return (
        _compared(claim, subject, others, shelf) is not denied if not denied else _not_so(claim, subject, others, shelf)
    )


def _definite(text: str, claim: _Claim) -> bool:
    """Whether a superlative is said of the shelf without saying so: "A is the cheapest." at the end."""
    return (
        re.match(r"\s*(?:one|option|choice)?\s*[.。!！]?\s*$", text[claim.end :]) is not None
        and "the" in text.casefold()
    )


def _before(text: str, place: int) -> re.Match[str] | None:
    found = [match for match in _AGAINST.finditer(text) if match.end() <= place]
    return found[-1] if found else None


def _clause_before(text: str, place: int) -> str:
    return re.split(r"[,，;；。.]", text[:place])[-1]


def _subject(named: Named, claim: _Claim, other: str | None, before: Sequence[str]) -> str | None:
    marks = [(m.start(), named.id_of(m[0])) for m in re.finditer(ANY, named.text)]
    own = [(at, id) for at, id in marks if id != other]
    ahead = [id for at, id in own if at < claim.start]
    behind = [id for at, id in own if at > claim.start]
    if ahead:
        return ahead[-1]
    if behind:
        return behind[0]
    return before[0] if len(before) == 1 and before[0] != other else None


def _opposite(text: str, named: Named, subject: str, shelf: Mapping[str, Ground]) -> list[str]:
    """What a comparative without a "than B" compares with: the other of two, or all others where it says so."""
    rest = [id for id in shelf if id != subject]
    if _OTHERS.search(text) or len(rest) == 1:
        return rest
    return [id for id in named.ids if id != subject] if len(named.ids) == 2 else []


def _extreme(claim: _Claim, subject: str, shelf: Mapping[str, Ground], *, ties: bool = False) -> bool:
    values = {id: _value(claim.field, ground.product) for id, ground in shelf.items()}
    known = [value for value in values.values() if value is not None]
    own = values.get(subject)
    if own is None or len(known) < len(values):
        return False
    best = min(known) if claim.side == "less" else max(known)
    return own == best and (ties or known.count(best) == 1)


def _compared(claim: _Claim, subject: str, others: Sequence[str], shelf: Mapping[str, Ground]) -> bool:
    own = _value(claim.field, shelf[subject].product)
    theirs = [_value(claim.field, shelf[id].product) for id in others]
    if own is None:
        return False
    return all(value is not None and (own < value if claim.side == "less" else own > value) for value in theirs)


def _not_so(claim: _Claim, subject: str, others: Sequence[str], shelf: Mapping[str, Ground]) -> bool:
    """Whether the denied comparison is denied rightly, with both values known."""
    known = all(_value(claim.field, shelf[id].product) is not None for id in (subject, *others))
    return known and not _compared(claim, subject, others, shelf)


def _value(field: str, product: Product) -> float | None:
    if field == "price":
        return float(product.price_minor)
    if field == "rating":
        return product.rating
    found = stated_measure(field, product)
    return found[1] if found else None


def stated_measure(field: str, product: Product) -> tuple[str, float] | None:
    """The name under which a listing states a measure ("Weight"), and the amount in its base unit, if it states one."""
    forms = {field.casefold(), *(form for form in table("measures").get(field, ()) if len(form) > 1)}
    name = next((name for name in product.attributes if name.casefold() in forms), None)
    if name is None or len(list(measures(product.attributes[name]))) > 1:
        return None
    found = measure(product.attributes[name])
    return (name, found[0]) if found else None


def most_asked(question: str) -> tuple[str, str] | None:
    """The measure whose least or most a question asks for, and the side: "which is the lightest?" is (Weight, less)."""
    claims = (one for one in _claims(question) if one.most and one.field not in ("price", "rating"))
    return next(((one.field, one.side) for one in claims), None)


def _wrong_gap(named: Named, shelf: Mapping[str, Ground]) -> str:
    """A difference that is said beside a comparison of two: of their prices, or of a measure that both state."""
    if len(named.ids) != 2:
        return ""
    one, two = (shelf[id].product for id in named.ids)
    for match, value, _ in money_said(named.text):
        if not match["bound"] and round(value * minor_units(one.currency)) != abs(one.price_minor - two.price_minor):
            prices = (one.price_minor, two.price_minor)
            if round(value * minor_units(one.currency)) not in prices:
                return f"comparison {match[0].strip()}"
    for found in measures(named.text):
        gaps = [abs(a - b) for a, b in _measured_pairs(one, two, found.unit)]
        if not any(abs(gap - found.amount) <= 0.011 * gap for gap in gaps):
            return f"comparison {named.text[found.start : found.end]}"
    return ""


def _measured_pairs(one: Product, two: Product, unit: str) -> list[tuple[float, float]]:
    found = []
    for name, value in one.attributes.items():
        pair = measure(value), measure(two.attributes.get(name, ""))
        if pair[0] and pair[1] and pair[0][1] == pair[1][1] == unit:
            found.append((pair[0][0], pair[1][0]))
    return found


def _without_frame(text: str) -> str:
    """The sentence without the words that only frame a proven comparison: "than B", "of these", a difference."""
    text = _AGAINST.sub(r" \1", text)
    text = (
        re.sub(r"(?:[$€£¥￥]\s?\d[\d,.]*\d|[$€£¥￥]\s?\d|\d[\d,.]*\s?(?:美元|元))", lambda m: " ", text)
        if len(re.findall(ANY, text)) > 1
        else text
    )
    for found in reversed(list(measures(text))) if len(re.findall(ANY, text)) > 1 else ():
        text = f"{text[: found.start]} {text[found.end :]}"
    for pattern in (_NONE, _SCOPE, _GAP, _OTHERS, _BESIDE):
        text = pattern.sub(" ", text)
    return text.replace("\x1f", " ")

"""Claims about the shelf as a whole: only this one, all of these, none of them, three of these.

Such a claim is read as a quantity and what is said; the rest of the verifier tells of whom that is true.
"""

import re
from dataclasses import dataclass
from typing import Literal

from assistant.verify.naming import ANY, Named

_THESE = (
    r"(?:these|those|them|the (?:products|options|items|ones|choices|two|three|four|\d+)(?: (?:shown|here|above))?)"
)
_THINGS = r"(?:products?|options?|items?|choices?|picks?|models?|ones?|of these|of them)"
_ONLY = re.compile(
    rf"(?:\b(?:only|just|solely)\s+(?:the\s+)?(?={ANY})|(?<={ANY})\s+alone\b|(?:仅有?|只有|唯独|唯有)\s?(?={ANY})"
    rf"|\b(?:only|just) one (?:of {_THESE}|here|on the shelf)?(?=.{{0,60}}[:：]\s*(?:the )?{ANY})"
    rf"|\b(?:is\s+)?(?:the )?(?:only|sole|single)\s+(?:one|product|option|model|item|choice|pick)\b|(?:是)?唯一(?:的|一款)?)",
    re.IGNORECASE,
)
_ALL = re.compile(
    rf"\b(?:all (?:of )?{_THESE}|all \d+(?: of {_THESE})?|they (?:are |have )?(?:all|both)(?: of them)?"
    rf"|(?:each|every)(?: one)? of {_THESE}|(?:each|every) {_THINGS}(?: shown| here)?"
    rf"|both of {_THESE}|^both\b|these (?:all|both)|everything here)(?: (?:are|have|come|is))? ?(?:all|both)?\b"
    r"|(?:这几款|它们|这些(?:商品|产品)?|这\s?\d+款|所展示的商品|所有商品|全部商品|几款)(?P<zh>.{0,8}?)(?:全都|全部|都|均|每一?款都?)"
    rf"|\b(?:any|whichever) of {_THESE}(?: you (?:like|choose|pick|want))?"
    r"|每一?款(?:商品)?都?|(?:不管|无论)[您你]?(?:选|买|要|挑)?哪一?[款个件](?:商品)?[，,]?都",
    re.IGNORECASE,
)
_NONE = re.compile(
    rf"\b(?:none|not one|neither) of {_THESE}|\bno (?:product|option|item|one) (?:here|shown)"
    r"|(?:这几款|它们|这些(?:商品|产品)?)?(?:里|中)?(?:没有一款|没有哪款|一款都不|都没有|都不(?=[是会能]))",
    re.IGNORECASE,
)
_BUT = re.compile(rf"\bnone of {_THESE} (?:except|but|besides|other than) (?:the )?({ANY})", re.IGNORECASE)
_BUT_ZH = re.compile(
    rf"除了\s*({ANY})\s*[，,]?(?:以外|之外)?[，,]?(?:这里|这些里|这几款里)?(?:就)?没有(?:别的|其他|其它)(?:商品|款式|款)?的?"
)
_COUNT = re.compile(
    rf"\bthe number of {_THESE}\b(?P<told>.*?)\bis (?P<d>\d+)\b"
    rf"|(?<![\d.$¥≤≥])(?P<a>\d+) (?:of {_THESE}|{_THINGS})(?: (?:here|shown))?\b|^(?:among|of) {_THESE}(?: shown)?,? (?P<b>\d+)\b"
    r"|(?:其中|这几款(?:里|中)?|一?共|共?有|找到)*\s?(?P<c>\d+)\s?(?:款|个选择|个选项|种商品|件商品)(?:商品|产品)?",
    re.IGNORECASE,
)
_FRAME = re.compile(
    rf"\b(?:of|among|from) {_THESE}(?: shown)?,?|\b(?:here|on the shelf|shown|for you|that|which|with)\b"
    r"|^(?:there (?:are|is)|here (?:are|is)|i (?:found|have|see)|we have|you (?:find|see|have)|\s)+"
    r"|这几款(?:里|中)?|其中|货架上|这里|为[您你]找到|一共|共有|商品",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class GroupClaim:
    """That `told` is true of all, none, only the named, or `count` of the shelf; `told` may keep the marks of names."""

    quantity: Literal["only", "all", "none", "count"]
    told: str
    count: int = 0


def group_claim(named: Named, on_shelf: int) -> GroupClaim | None:
    """The claim that a sentence, with numbers in digits, makes about the shelf as a whole; None where it makes none."""
    text = _BUT.sub(r"only \1", _BUT_ZH.sub(r"只有\1", named.text))
    if named.ids:
        only = _ONLY.search(text)
        if only and on_shelf > 1 and not re.match(r"\s*\d", text[only.end() :]):
            return GroupClaim("only", _framed(text, only))
        return None
    if on_shelf < 2:
        return None
    for quantity, pattern in (("none", _NONE), ("all", _ALL), ("count", _COUNT)):
        match = pattern.search(text)
        if match:
            return _claim(quantity, text, match)
    return None


def _claim(quantity: str, text: str, match: re.Match[str]) -> GroupClaim:
    if quantity == "count":
        number = match["a"] or match["b"] or match["c"] or match["d"]
        return GroupClaim("count", _framed(text, match, match["told"] or ""), int(number))
    kept = match.groupdict().get("zh") or ""
    told = _framed(text, match, kept)
    return GroupClaim("none" if quantity == "none" else "all", told)


def _framed(text: str, match: re.Match[str], kept: str = "") -> str:
    rest = f"{text[: match.start()]} {kept} {text[match.end() :]}"
    return _FRAME.sub(" ", rest).strip()

"""Products told by where they stand – from the end, at an edge, beside another – told by their place from the front instead.

Of four, 倒数第二个 and "the last but one" are the third, 第一个后面那个 and "the one below the first" the second.
"""

import re
from collections.abc import Callable

from assistant.reading.amount import amount

_I = re.IGNORECASE
COUNTER = "(?:个|款|件|种|双|条|只|盏|把|张|套|本|瓶|台|支|样|位)"
_SPOKEN = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
ORDINALS = {word: place for place, word in enumerate(_SPOKEN, 1)} | {
    "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "6th": 6, "7th": 7, "8th": 8,
}  # fmt: skip
_MISTYPED = {
    "frist": 1, "fisrt": 1, "secnd": 2, "secound": 2, "scond": 2, "thrid": 3, "tird": 3, "thrd": 3, "forth": 4, "foruth": 4,
}  # fmt: skip
_BEYOND = 9  # a place that no shelf has
_THAT = f"(?:的?[那这嗰]一?{COUNTER}|的?一?{COUNTER}|的(?=多少|价|怎|要|是|$))"
_N = "[一二两三四五六七八九1-9]"
_ORD = "|".join(ORDINALS)
_EDGE_EN = "(?:left-?most|far left|top(?:most)?|right-?most|far right|bottom(?:most)?|last)"
_NEAR_EN = rf"(?:the )?({_ORD}|{_EDGE_EN})(?: one)?\b"
_AT_EN = r"\b(?:the )?(?:one|thing|item|piece)(?: that'?s)? (?:right |just |directly |immediately |all the way )*"
_NEAR_ZH = rf"(第{_N}{COUNTER}?|最后一?{COUNTER}?|最[左上前右下底后][边面头下手]?的?[那这]?{COUNTER}?)的?"
Place = Callable[[re.Match[str], int], int | None]


def _of(said: str, count: int) -> int:
    """The place from 1 that "third", "3", 三, "rightmost" or 第三个 tells of `count`."""
    folded = said.casefold()
    if folded in ORDINALS:
        return ORDINALS[folded]
    found = re.search(_N, folded)
    if found and not folded.startswith("最"):
        return int(amount(found[0]))
    return 1 if re.search("left|top|[左上前]", folded) else count


def _from_end(match: re.Match[str], count: int) -> int:
    return count + 1 - _of(match[1], count)


def _after(match: re.Match[str], count: int) -> int:
    return _of(match[1], count) + 1


def _before(match: re.Match[str], count: int) -> int:
    return _of(match[1], count) - 1


def _between(match: re.Match[str], count: int) -> int | None:
    low, high = sorted((_of(match[1], count), _of(match[2], count)))
    return low + 1 if high == low + 2 else None


def _at(place: int) -> Place:
    return lambda match, count: place if place > 0 else count + 1 + place


def _told(match: re.Match[str], count: int) -> int:
    return _of(match[1], count)


_WAYS: tuple[tuple[str, Place], ...] = (
    (rf"(?:倒数|倒着数|(?<![往朝向])从?[右后末尾底下][边面头手下]?(?:往[左前上])?(?:开始)?(?:数|起|算)(?:过来|起来)?)的?第?\s*({_N}){COUNTER}?", _from_end),
    (rf"(?:夹在)?第?({_N})[个号款]?[和跟与]第?({_N})[个号款]?的?(?:中间|之间)夹?着?{_THAT}", _between),
    (rf"夹在第?({_N})[个号款]?[和跟与]第?({_N})[个号款]?的?(?:中间|之间)的?", _between),
    (rf"{_NEAR_ZH}(?:后[面边头]|下[面边]|底下|右边|之后){_THAT}", _after),
    (rf"{_NEAR_ZH}(?:前[面边头]|上[面边头]|左边|之前){_THAT}", _before),
    (rf"最(?:左[边面手]?|前头|上头)(?:的[那这]?|[那这])一?{COUNTER}?|(?:打头|开头|领头)的?[那这]?一?{COUNTER}|首个", _at(1)),
    (rf"最(?:右[边面手]?|后头|尾)(?:的[那这]?|[那这嗰])一?{COUNTER}?|(?:压轴|排?在?末位)的?[那这]?一?{COUNTER}?", _at(-1)),
    (rf"序号(?:是)?\s*({_N})的?[那这]?{COUNTER}?|({_N})号的?[那这]{COUNTER}", lambda m, count: _of(m[1] or m[2], count)),
    (rf"[地弟](?=[一二三四]{COUNTER})(.){COUNTER}", _told),
    (rf"\b(?:the )?({_ORD})(?: one| item)?[- ](?:(?:counting |starting )?from the (?:end|right|bottom|back)|(?:to[- ](?:the[- ])?)?last)\b(?: one)?", _from_end),
    (r"\b(?:the )?last but (one|two|three)\b", lambda m, count: count - ("one", "two", "three").index(m[1].casefold()) - 1),
    (r"\b(?:the )?(?:penultimate|next to last)(?: one)?\b", _at(-2)),
    (rf"{_AT_EN}(?:in )?(?:between|btw) (?:the )?({_ORD})(?: one)? and (?:the )?({_ORD})(?: one)?\b", _between),
    (rf"{_AT_EN}(?:after|below|under|beneath|following|(?:to the )?right of) {_NEAR_EN}", _after),
    (rf"{_AT_EN}(?:before|above|over|(?:to the )?left of) {_NEAR_EN}", _before),
    (rf"{_AT_EN}(?:(?:on|at|to) the (?:far left|left-hand end|very (?:start|top|beginning)|start|beginning|top)|leftmost)\b"
     r"|\bthe (?:left-?most|very first)(?: (?:one|thing|item))?\b", _at(1)),
    (rf"{_AT_EN}(?:(?:on|at|to) the (?:far right|right-hand end|very (?:end|bottom)|end|bottom)|bringing up the rear)\b"
     r"|\bthe (?:right-?most|very last|final)(?: (?:one|thing|item))?\b", _at(-1)),
    (rf"\bthe ({'|'.join(_MISTYPED)}) one\b", lambda m, count: _MISTYPED[m[1].casefold()]),
    (r"\b(?:the )?(?:one|item|product) in position ([1-9])\b", _told),
)  # fmt: skip
_COMPILED = tuple((re.compile(way, _I), place) for way, place in _WAYS)
_CIRCLED = {ord("①") + n: str(n + 1) for n in range(9)}


def from_the_front(message: str, count: int) -> str:
    """`message` about `count` products, each that is told by where it stands told by its place: 第三个, "the third one"."""
    message = message.translate(_CIRCLED)
    for pattern, place in _COMPILED:
        message = pattern.sub(lambda match, place=place: _spoken(match, place(match, count), count), message)  # type: ignore[misc]
    return message


def _spoken(match: re.Match[str], place: int | None, count: int) -> str:
    if place is not None and not 1 <= place <= count:
        place = max(_BEYOND, count + 1)
    if place is None or place > len(_SPOKEN):
        return match[0]
    chinese = re.search(r"[\u4e00-\u9fff]", match[0]) is not None
    return f"第{place}个" if chinese else f"the {_SPOKEN[place - 1]} one"

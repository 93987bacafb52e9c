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
_NEXT_TO = rf"(?:紧?挨着|挨到|靠着){_NEAR_ZH}(?:旁边)?{_THAT}|{_NEAR_ZH}(?:旁边|隔壁|边上){_THAT}"
_FIRST_ZH = rf"最(?:左[边面手]?|前头|上头|顶上)(?:的[那这]?|[那这])一?{COUNTER}?|最(?:先|早)(?:列|发|放|给|说)(?:出来)?的[那这]?一?{COUNTER}?"
_FIRST_ZH += rf"|(?:打头|开头|领头|排头|带头|列首|首位|首行)的?(?:[那这嗰]?一?{COUNTER}|产品|商品)|首个|排行老大的?(?:[那这]?{COUNTER})?"
_LAST_ZH = rf"最(?:右[边面手]?|后头|尾|末)(?:的[那这]?|[那这嗰])一?{COUNTER}?|最后(?:列|发|放|给|说)(?:出来)?的[那这]?一?{COUNTER}?"
_LAST_ZH += rf"|(?:压轴|压尾|包尾|殿后|收尾|垫后|尾巴上|排?在?末[位行尾])的?[那这嗰]?一?{COUNTER}?|排行老[幺末]的?(?:[那这]?{COUNTER})?"
_LAST_ZH += rf"|从?[后末尾底下][边面]?往[前上](?:数|算)?(?:头|第)一{COUNTER}"
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
    return _told(match, count) + 1


def _before(match: re.Match[str], count: int) -> int:
    return _told(match, count) - 1


def _between(match: re.Match[str], count: int) -> int | None:
    low, high = sorted((_of(match[1], count), _of(match[2], count)))
    return low + 1 if high == low + 2 else None


def _beside(match: re.Match[str], count: int) -> int | None:
    """What stands beside one at an edge; beside any other stand two."""
    return {1: 2, count: count - 1}.get(_told(match, count))


def _inner(match: re.Match[str], count: int) -> int | None:
    """Of the two in the middle of four the one that stands to the side that is named."""
    return (2 if match[1] in "左前上" else 3) if count == 4 else None


def _at(place: int) -> Place:
    return lambda match, count: place if place > 0 else count + 1 + place


def _told(match: re.Match[str], count: int) -> int:
    """The place that the one group that matched tells."""
    return _of(match[match.lastindex or 1], count)


_WAYS: tuple[tuple[str, Place], ...] = (
    (rf"(?:倒数|倒着数|(?<![往朝向])从?[右后末尾底下][边面头手下]?(?:往[左前上](?:开始)?(?:数|起|算)?|(?:开始)?(?:数|起|算))(?:过来|起来)?)的?第?\s*({_N}){COUNTER}?", _from_end),
    (rf"(?:夹在)?第?({_N})[个号款]?[和跟与]第?({_N})[个号款]?的?(?:中间|之间)夹?着?{_THAT}", _between),
    (rf"夹在第?({_N})[个号款]?[和跟与]第?({_N})[个号款]?的?(?:中间|之间)的?", _between),
    (rf"{_NEAR_ZH}(?:后[面边头]|下[面边头]|底下|右手?边|之后){_THAT}|{_NEAR_ZH}下一?{COUNTER}", _after),
    (rf"{_NEAR_ZH}(?:前[面边头]|上[面边头]|左手?边|之前){_THAT}|{_NEAR_ZH}上一?{COUNTER}", _before),
    (_NEXT_TO, _beside),
    (rf"(?:中间|当中|当间儿?)的?(?:那|这)?[两俩]{COUNTER}?(?:里头?|当?中)?靠([左前上右后下])[边面]?的[那这]?{COUNTER}?", _inner),
    (_LAST_ZH, _at(-1)),
    (_FIRST_ZH, _at(1)),
    (rf"(?:序号|编号|号码)(?:[为是])?\s*({_N})号?的?[那这]?(?:{COUNTER}|商品|产品)*|({_N})号(?:的?[那这]{COUNTER}|商品|产品)"
     rf"|({_N})楼的?[那这嗰]{COUNTER}|老({_N})(?:的?[那这]{COUNTER}|(?=多少|几|怎|什么|是什|贵不|重不))", _told),
    (rf"({_ORD}|last)\s?的?[那这]?一?{COUNTER}", _told),
    (rf"第(one|two|three|four){COUNTER}", lambda m, count: int(amount(m[1]))),
    (rf"[地弟](?=[一二三四]{COUNTER})(.){COUNTER}", _told),
    (rf"\b(?:the )?({_ORD})(?: one| item)?[- ](?:(?:counting |starting )?from the (?:end|right|bottom|back)|(?:to[- ](?:the[- ])?)?last)\b(?: one)?", _from_end),
    (r"\b(?:the )?last but (one|two|three)\b", lambda m, count: count - int(amount(m[1]))),
    (r"\b(?:the )?(?:penultimate|next to last)(?: one)?\b", _at(-2)),
    (rf"{_AT_EN}(?:in )?(?:between|btw) (?:the )?({_ORD})(?: one)? and (?:the )?({_ORD})(?: one)?\b", _between),
    (rf"{_AT_EN}(?:after|below|under|beneath|following|(?:to the )?right of) {_NEAR_EN}", _after),
    (rf"{_AT_EN}(?:beside|next to|alongside) {_NEAR_EN}", _beside),
    (rf"{_AT_EN}(?:before|above|over|(?:to the )?left of) {_NEAR_EN}", _before),
    (rf"{_AT_EN}(?:(?:on|at|to) the (?:far left|left-hand end|very (?:start|top|beginning)|start|beginning|top)|leftmost)\b"
     r"|\bthe (?:left-?most|very first)(?: (?:one|thing|item))?\b", _at(1)),
    (rf"{_AT_EN}(?:(?:on|at|to) the (?:far right|right-hand end|very (?:end|bottom)|end|bottom)|bringing up the rear)\b"
     r"|\bthe (?:right-?most|very last|final)(?: (?:one|thing|item))?\b", _at(-1)),
    (rf"\bthe ({'|'.join(_MISTYPED)}) one\b", lambda m, count: _MISTYPED[m[1].casefold()]),
    (r"\b(?:the )?(?:one|item|product) in position ([1-9])\b", _told),
)  # fmt: skip
_COMPILED = tuple((re.compile(way, _I), place) for way, place in _WAYS)
_SIGNS = re.compile(
    rf"第?(?:([①-⑨])|([1-9])\ufe0f?\u20e3)(?:号)?(?:的?[那这]?{COUNTER})?|([壹贰叁肆])号(?:的?[那这]?{COUNTER}|商品|产品)?"
)


def from_the_front(message: str, count: int) -> str:
    """`message` about `count` products, each that is told by where it stands told by its place: 第三个, "the third one"."""
    message = _SIGNS.sub(_plain, message)
    for pattern, place in _COMPILED:
        message = pattern.sub(lambda match, place=place: _spoken(match, place(match, count), count), message)  # type: ignore[misc]
    return message


def _plain(sign: re.Match[str]) -> str:
    place = ord(sign[1]) - ord("①") + 1 if sign[1] else sign[2] or "壹贰叁肆".index(sign[3]) + 1
    return f"第{place}个"


def _spoken(match: re.Match[str], place: int | None, count: int) -> str:
    if place is not None and not 1 <= place <= count:
        place = max(_BEYOND, count + 1)
    if place is None or place > len(_SPOKEN):
        return match[0]
    chinese = re.search(r"[\u4e00-\u9fff]", match[0]) is not None
    return f"第{place}个" if chinese else f"the {_SPOKEN[place - 1]} one"

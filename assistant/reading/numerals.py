"""Numbers in a text, be they in digits, in English words or in Chinese numerals. Knows nothing of what they count."""

import re

_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_UNITS = (
    "two three four five six seven eight nine ten eleven twelve"
    " thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_EN = {word: value for value, word in enumerate(_UNITS, start=2)}
_EN |= {word: 10 * value for value, word in enumerate(_TENS, start=2)} | {"dozen": 12}
_EN |= {f"{ten}-{one}": 10 * t + u for t, ten in enumerate(_TENS, 2) for u, one in enumerate(["one", *_UNITS[:8]], 1)}
_ZH = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_EN, key=len, reverse=True))})\b", re.IGNORECASE)
_NUMERAL = re.compile(r"[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]")
_MEASURE = (
    r"个|种|款|色|档|件|只|把|条|张|双|套|层|格|段|步|项|颗|片|块|支|枚|组|倍|盏|瓶|年|月|天|日|周|岁"
    r"|小时|分钟|秒|升|毫升|克|千克|公斤|斤|米|厘米|毫米|寸|英寸|人|位|次"
)
_ONE = re.compile(
    r"\bone(?= (?:working |business )?(?:minute|hour|day|week|month|year)s?\b)|一(?=天|小时|分钟|周(?!围)|个月|个工作日|年(?!四季))",
    re.IGNORECASE,
)
_COUNTED = re.compile(rf"((?:{_NUMERAL.pattern}))(?=\s?(?:{_MEASURE}))")


def stated(text: str) -> dict[str, float]:
    """The numbers that `text` states, each as it is written. "One" counts nothing, for it mostly stands for a noun.

    A Chinese numeral counts where a measure word follows: 三种 does, 三明治 does not.
    """
    found = {number: float(number.replace(",", "")) for number in _DIGITS.findall(text)}
    found |= {word: float(_EN[word.casefold()]) for word in _WORD.findall(text)}
    counted = {match[1]: float(_chinese(match[1])) for match in _COUNTED.finditer(text)}
    return found | {numeral: value for numeral, value in counted.items() if value != 1}


def mentioned(text: str) -> set[float]:
    """All numbers that may be meant in `text`, Chinese numerals without a measure word among them."""
    loose = {float(_chinese(numeral)) for numeral in _NUMERAL.findall(text)}
    return {*stated(text).values(), *loose}


def in_digits(text: str) -> str:
    """`text` with its numbers in digits: "three levels", 三档 → "3 levels", 3档. "One" is 1 before a unit of time only."""
    text = _ONE.sub("1", text)
    text = _WORD.sub(lambda match: str(_EN[match[0].casefold()]), text)
    return _COUNTED.sub(lambda match: match[1] if match[1] == "一" else str(_chinese(match[1])), text)


def is_number(word: str) -> bool:
    """Whether `word` is a number in words, in Chinese with or without its measure word."""
    counted = re.fullmatch(rf"(?:{_NUMERAL.pattern})(?:{_MEASURE})?", word)
    return word.casefold() in _EN or counted is not None


def _chinese(numeral: str) -> int:
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return _ZH[numeral]
    return 10 * (_ZH[tens] if tens else 1) + (_ZH[ones] if ones else 0)

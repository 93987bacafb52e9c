"""Amounts as shoppers write them: "1,200", "1.5k", "fifty", "a hundred and twenty", "两百五", "一千", "2万". Knows no units."""

import re

_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {word: value for value, word in enumerate(_ONES, 1)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
_LARGE = {"hundred": 100, "thousand": 1000, "grand": 1000}
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10_000}

_WORD = "|".join(sorted([*_SMALL, *_LARGE], key=len, reverse=True))
NUMBER = (
    r"(?:\d[\d,]{0,14}(?:\.\d+)?(?:\s?k(?![a-z])|\s?[百千万])?"
    rf"|\b(?:an?\s(?=hundred|thousand|grand))?(?:{_WORD})(?:[\s-](?:and\s)?(?:{_WORD})){{0,6}}\b"
    r"|(?<![百千万])(?!万(?:不得已|一|能|分|事|物)|千(?:金|万[别不要记得])|百(?:搭|分之)|十分)[一二两三四五六七八九十百千万][零〇一二两三四五六七八九十百千万]{0,9})"
)


def amount(text: str) -> float:
    """The value of a text that NUMBER matched."""
    text = text.strip().casefold()
    if text[0].isdigit():
        scale = 1000 if text[-1] == "k" else _PLACES.get(text[-1], 1)
        return float(text.rstrip("k百千万 ").replace(",", "")) * scale
    return float(_english(text) if text[0].isascii() else _chinese(text))


def _english(text: str) -> int:
    total = current = 0
    for word in re.split(r"[\s-]+", text):
        if word in _LARGE:
            current = max(current, 1) * _LARGE[word]
            if word != "hundred":
                total, current = total + current, 0
        else:
            current += _SMALL.get(word, 0)
    return total + current


def _chinese(text: str) -> int:
    """A numeral of places; a last digit without its place takes the next lower one: 一百二 is 120."""
    total = section = 0
    digit, place = 0, 10
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
            place = 10 if char in "零〇" else place
        elif char == "万":
            total, section, digit, place = (section + digit or 1) * 10_000, 0, 0, 10_000
        else:
            place = _PLACES[char]
            section, digit = section + (digit or 1) * place, 0
    return total + section + (digit * place // 10 if place > 10 or not section else digit)

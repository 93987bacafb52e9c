"""How many of a product a message asks for, told from ordinals, sizes, prices and the numbers in titles."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.reading.options import option_words
from catalog import Product

_I = re.IGNORECASE
_EN = {
    word: value
    for value, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
} | {"a couple of": 2, "a couple": 2, "a dozen": 12, "a pair of": 1}
_ZH = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "十二": 12}
_NUMBER = "|".join(sorted(_EN, key=len, reverse=True))
_FEW = 12  # a larger number that is also a size is the size
_COUNTER = "(?:个|款|件|双|条|只|盏|把|张|套|本|瓶|台|支|份|对|盒|包)"
_COUNTED_EN = re.compile(
    rf"(?<![\w$€£¥.#])(?<!\bthe )(?<!\bthese )(?<!\bthose )(?<!\bnumber )(?<!\bsize )(?<!\bfirst )(?<!\blast )(?<!\btop )(?<!\boption )(?<!\beu )(?<!\bin )"
    rf"(?<!\bmodel )({_NUMBER}|\d{{1,3}})(?![\w%.°/-])"
    rf"(?! ?(?:cm|mm|m|inch(?:es)?|l|ml|kg|g|w|v|dollars?|bucks|years?)\b)(?:\s*(?:x|×)(?!\w))?(?: (?:of|more|pieces|pairs(?: of)?|units))*",
    _I,
)
_COUNTED_ZH = re.compile(
    rf"(?<![第前后这那末近])(十二|[一二两三四五六七八九十]|\d{{1,3}})\s*{_COUNTER}|(?:改成|改为|数量)\s*(\d{{1,3}})\W*$"
)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many, None where that is not said, and the message without it."""

    number: int | None
    rest: str


def count_in(message: str, products: Sequence[Product], *, one: bool = False) -> Counted:
    """The count that `message` states. Numbers in titles and sizes of `products` are none.

    "One" mostly stands for a noun: it is a count only with `one`, and only where it does not.
    """
    hidden = _masked(message, products)
    sizes = {word for product in products for word in option_words(product) if word.isdigit() and int(word) > _FEW}
    for match in (*_COUNTED_EN.finditer(hidden), *_COUNTED_ZH.finditer(hidden)):
        word = next(group for group in match.groups() if group)
        number = _value(word)
        stands_for_noun = number == 1 and not word.isdigit() and not (one and _counts(hidden, match))
        if (stands_for_noun and word.casefold() == "one") or word in sizes:
            continue
        rest = f"{message[: match.start()]} {message[match.end() :]}"
        return Counted(number, " ".join(rest.split()))
    return Counted(None, message)


def _counts(message: str, match: re.Match[str]) -> bool:
    """Whether this "one" counts: "remove one of them", "make it one"."""
    before = message[: match.start()].rstrip().casefold()
    tail = message[match.end() :].strip(" .!,").casefold()
    return (
        match[0].casefold().endswith((" of", " more"))
        or (tail in ("", "please", "less", "fewer", "off", "out"))
        and (before.endswith(("it", "that", "to", "just", "only", "remove", "take", "off", "out")) or not before)
    )


def _value(word: str) -> int:
    return int(word) if word.isdigit() else _EN.get(word.casefold()) or _ZH[word]


def _masked(message: str, products: Sequence[Product]) -> str:
    """The message, its length kept, with what stands in a title or a variant's option blotted out."""
    options = (value for p in products for v in p.variants for value in v.options.values())
    texts = [*(p.title for p in products), *options]
    for text in sorted({text for text in texts if any(char.isdigit() for char in text)}, key=len, reverse=True):
        message = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", lambda m: "_" * len(m[0]), message, flags=_I)
    return message

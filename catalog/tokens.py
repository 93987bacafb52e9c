"""Words of a text as search and verification compare them: English stemmed, Chinese segmented, codes kept whole."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

_PIECE = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+(?:[-'][a-z0-9]+)*")
_MARKS = re.compile(r"[\u0300-\u036f]+")
_CJK = re.compile(r"[\u3400-\u9fff]")

STOPWORDS = frozenset(
    "a an and any are as at be been but by can could did do does for from get had has have he her his how i if in into"
    " is it its just like me my no not of off on or our out own please she so some something such than that the their"
    " them then there these they this those to too up us very was we were what when where which who why will with would"
    " you your want wants need needs looking look show find give recommend suggest buy under over below above about"
    " good nice best one ones also more most i'm i'd i've it's don't that's what's let's".split()
    + list("的了吗呢吧啊呀是在我你他她它们这那有没也都就和与及或个把给被让很太最更不要想买看一些点什么怎么哪请")
    + "我们 你们 他们 一个 一款 一些 有没有 没有 想要 需要 推荐 帮我 请问 什么 怎么 哪个 哪些 可以".split()
    + "能不能 适合 这个 那个 一下 看看 不要 便宜 元 以内 以下 左右 预算".split()
)


def has_cjk(text: str) -> bool:
    """Whether `text` holds any Chinese character."""
    return _CJK.search(text) is not None


def folded(text: str) -> str:
    """`text` in lower case with plain apostrophes, full-width forms and accents undone: "Pokémon" is "pokemon"."""
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text.replace("’", "'")))
    return text.casefold()


def words(text: str) -> list[str]:
    """The words of `text` in order, lower case, unstemmed; Chinese runs cut by jieba in its search mode."""
    found: list[str] = []
    for piece in _PIECE.findall(folded(text)):
        found.extend(_segment(piece) if _CJK.match(piece) else [piece])
    return found


def tokens(text: str) -> list[str]:
    """The stemmed words of `text` that carry meaning, in order, with repeats."""
    return [stem(word) for word in words(text) if word not in STOPWORDS]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The Snowball stem of an English word; anything else unchanged."""
    return word if _CJK.match(word) else str(_stemmer().stemWord(word.removesuffix("'s")))


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


def segments(text: str) -> tuple[str, ...]:
    """The words that a Chinese text falls into, none within another."""
    return tuple(_jieba().cut(text))


@lru_cache(maxsize=16384)
def _segment(run: str) -> tuple[str, ...]:
    return tuple(_jieba().cut_for_search(run))


@cache
def _jieba() -> Any:
    """Jieba, taught the Chinese names of things, so that each is one word in listings and queries alike."""
    import logging

    import jieba

    from catalog.query.lexicon import thing_rows

    jieba.setLogLevel(logging.WARNING)
    cutter = jieba.Tokenizer()
    cutter.initialize()
    for name in (name for row in thing_rows() for name in row if has_cjk(name) and len(name) > 1):
        cutter.add_word(name)
    return cutter

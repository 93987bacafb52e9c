"""What a product should have or be, where no field of the catalogue states it: "with USB charging", "防水的"."""

import re

from assistant.reading.vocabulary import Vocabulary
from catalog import STOPWORDS, has_cjk, tokens

_WITH = re.compile(
    r"\b(?:with|having|that (?:has|have|is|are)|(?:it|they|must|should|to) (?:has to be|have to be|be|have)|which (?:has|have|is|are))\s+"
    r"(?:(?:a|an|the|good|great|some|built-in|really|very|at least)\s+)*([a-z0-9][a-z0-9 -]*?)"
    r"(?=\s*(?:[,.;!?]|$|\b(?:and|or|but|for|under|below|over|in|on|please|from|to|that|which|with|if|so|because)\b))",
    re.IGNORECASE,
)
_WITH_ZH = re.compile(
    r"(?<![没不别无])(?<!不要)(?<!不用)(?:带|有|要有|能|可以|可)(?!没|不|适合|什么|其他|别|便宜)([\u4e00-\u9fffA-Za-z0-9]{2,6}?)(?:功能)?的"
)
_BARE_ZH = re.compile(r"^\W*(?:要|要求|最好|得|必须)?([\u4e00-\u9fffA-Za-z0-9]{2,6})的\W*$")
_ANY = re.compile(r"^(?:any(?:thing|one)?|some(?:thing)?|one)\s+", re.IGNORECASE)
_MERELY_MORE = re.compile(r"[一有]?[点些]$|^(?:适合)?送")  # "大一点的" is a comparison, "适合送人的" an occasion
_DENYING = re.compile(r"\b(?:no|not|never|without)\b|n't\b|[不没无别非]", re.IGNORECASE)
_MOST_WORDS = 3
_SAYS_NOTHING = frozenset(
    "something anything nothing one ones it them more less kind sort type option options budget money time idea question problem"
    " present gift 便宜 贵 好 大 小 新 别 其他 一样 类似 合适 不错".split()
)


def features(message: str, vocabulary: Vocabulary, *, refines: bool) -> tuple[str, ...]:
    """The features that a message asks for, in its own words. `refines`: it adds to a wish whose kind is known.

    Only what is no value, kind or brand of the catalogue counts: these are constraints.
    """
    found = [match[1] for match in (*_WITH.finditer(message), *_WITH_ZH.finditer(message))]
    if refines and not found:
        bare = _BARE_ZH.match(message)
        found = [bare[1]] if bare else [_ANY.sub("", message.strip(" .!,?"))] if _is_bare(message) else []
    return tuple(dict.fromkeys(one.casefold() for one in found if _is_feature(one, vocabulary)))


def _is_bare(message: str) -> bool:
    spoken = re.findall(r"[a-z0-9-]+", message.casefold())
    return not has_cjk(message) and 0 < len(spoken) <= _MOST_WORDS and not set(spoken) & STOPWORDS


def _is_feature(phrase: str, vocabulary: Vocabulary) -> bool:
    said = [token for token in tokens(phrase) if token not in _SAYS_NOTHING]
    known = any(phrase.casefold() in names for names in (vocabulary.terms, vocabulary.brands, vocabulary.categories))
    kinds = any(vocabulary.type_of(word) for word in phrase.casefold().split()[-1:])
    plain = not _DENYING.search(phrase) and not _MERELY_MORE.search(phrase) and not phrase.strip().isdigit()
    return plain and 0 < len(said) <= _MOST_WORDS and not known and not kinds

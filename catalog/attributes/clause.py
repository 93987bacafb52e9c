"""Whether a place in a sentence of a listing speaks of the product itself, and says it plainly.

A part, another product, a condition or a denial is none of it: "fits bottles up to 500 ml" tells no capacity.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from catalog.product import Locale
from catalog.tokens import STOPWORDS, stem

_BREAK = re.compile(r"[,;:()\[\]|](?:\s|$)|(?<=\s)[(\[]|\s[–—-]+\s|—|\.\s")
_ITSELF = re.compile(
    r"\b(?:it|this|these|they|product|item|set|each set|whole thing)\b(?!\s+(?:includes?|comes)\b)", re.IGNORECASE
)
_WORD = re.compile(r"[a-z][a-z'’-]*")
_PLAIN = (  # words beside a cue that name no part and no other thing
    "weigh weighs weighing weighed weight holds hold holding measures measure measuring measured dimensions dimension"
    " size sizes sized capacity volume length width height depth diameter thickness long wide tall high deep thick"
    " supports support rated power powered wattage battery lasts last runs run charge charged noise quiet quietly"
    " operates operating operation works made crafted constructed built design designed features feature featuring"
    " boasts offers offering provides providing delivers delivering gives giving comes coming stands standing reaches"
    " compact lightweight light lighter small slim thin large big portable foldable folding sturdy durable strong"
    " powerful generous roomy spacious easy perfect ideal great total overall net gross maximum max full fully whole"
    " entire entirely completely single just mere only about around approximately approx roughly nearly almost high-quality"
    " quality premium soft comfortable beautiful elegant stylish classic modern new high low super ultra extra"
    " enough yet still also even well while plus thanks built-in integrated rechargeable electric wireless continuous"
    " waterproof water-resistant water resistant"
    " resistance splash dust rain rating proof inch inches cm mm kg lb lbs oz ml liter litre hours hour minutes pounds grams ounces feet foot approximate"
)
_OTHER = re.compile(
    r"\b(?:not|no|never|without|unlike|cannot|isn't|aren't|doesn't|don't|can't|won't|wasn't|if|would|could|might|may|should"
    r"|compar\w*|than|versus|vs|instead|replac\w*|equivalent|equal|similar to|fits?|fitting|suits?|suitable|compatible|compatibility"
    r"|intended|required?|requires|needs?|needed|recommended|optional|sold separately|not included|separately"
    r"|works with|designed for|made for|ideal for|perfect for|expandable|warranty|guarantee\w*|each|per|when|until|unless"
    r"|(?:other|older|previous|most|many|some|standard|typical|ordinary) \w+s)\b(?!-)",
    re.IGNORECASE,
)
_OTHER_ZH = re.compile(
    r"不(?!锈钢)|没有|无法|勿|非(?!常)|别|未|如果|若|假如|比(?!例)|相比|相当|另购|另售|另配|单独|选购|选配|适配|兼容|适用于|适合|需要?|建议|搭配"
    r"|其他|其它|普通|一般|传统|旧款|每(?:个|只|块|件)|单个|质保|保修|以前|最多可放"
)
_NOT_SOLD = re.compile(
    r"\b(?:sold separately|not included|not supplied|optional|separately|compared (?:to|with))\b|另购|另售|单独购买|选购|需自备|不含(?!双酚|B)",
    re.IGNORECASE,
)
_PARTS_ZH = re.compile(
    r"(?:^|[，。；、,;：:！!？?\s（(【\[])(?:本?产品|本品|商品|整体|整机|整套|机身|主体|采用|总|全|净|自|约|仅|其|它|大|超大)*$"
)


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of a listing; `own` are the stems of the words in the title, which name the product."""

    text: str
    locale: Locale
    own: frozenset[str]
    title: bool = False


@lru_cache(maxsize=1)
def _plain() -> frozenset[str]:
    return frozenset(stem(word) for word in _PLAIN.split())


def own_words(title: str) -> frozenset[str]:
    """The stems of the words of a title."""
    return frozenset(stem(word.strip("-'’")) for word in _WORD.findall(title.casefold()))


def sold_apart(sentence: str) -> bool:
    """Whether a sentence speaks of what does not come with the product, or of another one."""
    return _NOT_SOLD.search(sentence) is not None


def plainly(said: Said, place: int) -> bool:
    """Whether the clause before `place` supposes nothing, denies nothing and compares with nothing."""
    if said.locale == "zh":
        return not _OTHER_ZH.search(re.split(r"[，。；！？,;!?]", said.text[:place])[-1])
    breaks = [found.end() for found in _BREAK.finditer(said.text, 0, place)]
    return not _OTHER.search(said.text, breaks[-1] if breaks else 0, place)


def of_itself(said: Said, cue: int, *, hypothetical: bool = False) -> bool:
    """Whether what stands at `cue` is said of the product: nothing before it denies, supposes, or names another thing.

    Where the clause itself does not begin with what it speaks of, the sentence before it is looked at too.
    """
    if said.locale == "zh":
        before = re.split(r"[，。；！？,;!?\s]", said.text[:cue])[-1]
        return (hypothetical or not _OTHER_ZH.search(before)) and _PARTS_ZH.search(said.text[:cue]) is not None
    breaks = [found.end() for found in _BREAK.finditer(said.text, 0, cue)]
    clause = said.text[breaks[-1] if breaks else 0 : cue]
    heard = clause if _ITSELF.search(clause) or said.title else said.text[:cue]
    if not hypothetical and _OTHER.search(heard):
        return False
    return said.title or all(_names_nothing(word, said.own) for word in _WORD.findall(heard.casefold()))


def _names_nothing(word: str, own: frozenset[str]) -> bool:
    word = word.strip("-'’").replace("’", "'")
    return (
        word in STOPWORDS
        or stem(word) in own
        or stem(word) in _plain()
        or all(stem(part) in own or stem(part) in _plain() or part in STOPWORDS for part in word.split("-"))
    )


_GOES_ON = re.compile(
    r"[\s-]*(?:$|[.,;:!?)\](/|&+–—*\"”]|-\s|(?:and|or|but|so|yet|while|with|without|which|that|when|in|on|at|plus|including|excluding"
    r"|making|for|as|of battery|of power|total|overall|wide|tall|long|high|deep|thick|each way|before|after|even)\b)",
    re.IGNORECASE,
)
_GOES_ON_ZH = re.compile(
    r"\s*(?:$|[^\u4e00-\u9fffA-Za-z0-9]|左右|上下|以内|以上|重|的(?:水|容量|重量|超大|大)|大容量|超大|超长|[，。])"
)
_THIS = re.compile(r"\b(?:this|these)\b", re.IGNORECASE)


def goes_on(said: Said, end: int) -> bool:
    """Whether what ends at `end` is not the measure of a thing named next: "holds 500 ml bottles" is."""
    if said.locale == "zh":
        return _GOES_ON_ZH.match(said.text, end) is not None
    if _GOES_ON.match(said.text, end):
        return True
    word = _WORD.match(said.text[end:].casefold().lstrip(" -"))
    return word is not None and stem(word[0]) in said.own and _THIS.search(said.text, 0, end) is not None

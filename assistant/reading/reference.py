"""Which of the shown products a message points at: by ordinal, by name, by look, by price, or as "it"."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.reading.standing import COUNTER, ORDINALS, from_the_front
from catalog import STOPWORDS, Product, has_cjk, mentions, tokens

_I = re.IGNORECASE
_TELLING = 2  # words of a title that name it as well as an ordinal does
_EN = {word: place - 1 for word, place in ORDINALS.items()} | {"last": -1}
_COUNT = {"two": 2, "2": 2, "three": 3, "3": 3, "four": 4, "4": 4, "两": 2, "二": 2, "三": 3, "四": 4}
_ZH = {char: place for place, char in enumerate("一二三四五六七八九")} | {str(n + 1): n for n in range(9)} | {"两": 1}
_ORDINAL_EN = re.compile(
    r"\b(first|1st|second|2nd|third|3rd|fourth|4th|fifth|5th|sixth|6th|seventh|eighth|ninth|tenth|(?<=\bthe )last)\b"
    r"(?! (?:aid|hand|class|time|floor|birthday|day|week|month|year|look|of all|thing|\d|two|three|four)\b)",
    _I,
)
_NUMBERED = re.compile(
    r"(?:(?<![a-z])(?:number|num|no\.?|option|item|product|choice|pick)\s*|#\s*)([1-9]|one|two|three|four|five|six|seven|eight|nine)(?![a-z\d])"
    r"|(?<![\d.])([1-9])\s*号(?!线|电池|码)",
    _I,
)
_TOP_BOTTOM = re.compile(
    rf"\bthe (?:very )?(top|topmost|bottom|bottommost)(?: (?:one|item|product|option|pick|choice|result|suggestion))\b"
    rf"|(最上面|最前面|排第一|头一)(?:的|那|这|{COUNTER}|位|名)|(最下面|最底下|末尾|最末)(?:的|那|{COUNTER})",
    _I,
)
_WORDED = {word: place for place, word in enumerate("one two three four five six seven eight nine".split())}
_NUMBERS = re.compile(r"\b([1-6])\s*(?:and|&|vs\.?|versus|or|with|和|与|跟)\s*(?:number )?([1-6])\b", _I)
_ORDINAL_ZH = re.compile(
    rf"第\s*(十[一二三四五六七八九]?|1\d|[一二两三四五六七八九1-9])(?!\d){COUNTER}?|(最后)(?:的?那?一?)?{COUNTER}"
)
_GROUP = re.compile(rf"\b(first|top|last) (two|three|four|[2-4])\b|(前|最后|后)([两二三四2-4]){COUNTER}?", _I)
_BOTH = re.compile(
    rf"\b(?:both|the two|these two|those two|two of them)\b|[这那]两{COUNTER}|它们|两{COUNTER}(?=都|哪|相比|比|对比|有什么|之间|的区别)",
    _I,
)
_ALL = re.compile(r"\b(?:all (?:of them|three|four|of these)|them all)\b|全部|都对比|所有", _I)
_COMPARING = re.compile(r"\b(?:compare|versus|vs|difference)\b|对比|比较(?![便贵轻重大小长短高低实划省平])|区别", _I)
_WITH_ZH = re.compile(r"^\W*[和跟与同]")
_ENDS = r"(?=[?？.!,]|$| (?:is|cost|weigh|in stock|made)s?\b)"
_FACT_ZH = "的?(?:价格|价钱|重量|材质|材料|尺寸|颜色|评价|多少|什么|采用|使?用的?是?[什哪啥]|是[用拿由什])"
_NOUN = (
    r"(?: (?:one|ones|option|item|product|thing|piece|choice|model|pick)\b"
    r"| (?:of|out of|among|from) (?:them|these|those|the|all|here|what)\b| (?:here|there|on (?:show|offer|the list))\b)"
)
_LOW = r"(?:(?:lowest|smallest)[- ](?:priced?|cost)|least (?:expensive|costly|pricey)|most (?:affordable|economical|cheap|budget[- ]friendly)|cheapest)"
_HIGH = r"(?:(?:highest|biggest)[- ](?:priced?|cost)|most (?:expensive|costly|pricey)|dearest|priciest|costliest)"
_LOWER = r"(?:cheaper|less (?:expensive|costly|pricey)|more affordable|lower[- ](?:priced?|cost))"
_HIGHER = r"(?:dearer|pricier|costlier|more (?:expensive|costly|pricey)|higher[- ](?:priced?|cost))"
_WHICH = (
    r"\b(?:the one|whichever|which(?:ever)? one|one)(?: (?:of|among|out of) (?:them|these|those|the two|those two|these two))?"
    r" (?:that|which|with)? ?(?:is |has |costs |comes )?(?:the )?"
)
_OF_TWO_ZH = (
    rf"(?:[这那]?(?:两|二|俩){COUNTER}?者?(?:里头?|中|当中|之中|之间|选一里?)|二选一里?)(?:头|面)?(?:比较|较|更)?"
)
_PRICE_ZH = "(?:售价|标价|要价|单价|价[格位钱]?|钱数|花钱)"
_CHEAPEST = re.compile(
    rf"\b{_LOW}(?:{_NOUN}|{_ENDS})|{_WHICH}(?:{_LOW}|lowest price(?: tag)?|costs? (?:the )?least|least)\b"
    rf"|最(?:便宜|省钱|划算|实惠|平价?)(?:、[\u4e00-\u9fff]{{2,6}})?(?:的?[那这](?:一)?{COUNTER}|的?一{COUNTER}|的?(?={_FACT_ZH})|(?:的)?{COUNTER}?(?![\u4e00-\u9fff]*的\S))"
    rf"|{_PRICE_ZH}最[低少小平](?:的|者|那|{COUNTER})|最低价的?(?:[那这]?一?{COUNTER})|价[格钱位]垫底的"
    rf"|便宜第一名|最(?:抵价?|贱乎?)的?|最亲民的|最(?:不贵|白菜价|不烧钱)的|顶便宜的",
    _I,
)
_CHEAPER_ONE = re.compile(
    rf"\b(?:the {_LOWER}(?:{_NOUN}|{_ENDS}|$)|{_WHICH}(?:{_LOWER}|costs? less)\b)"
    rf"|(?<![最更不])(?:比较|较)?便宜(?:一?[点些])?的?[那这](?:一)?{COUNTER}"
    rf"|(?:两{COUNTER}|这些|它们)[里中](?:比较|较)?便宜的|{_OF_TWO_ZH}(?:价[钱格])?(?:便宜|省钱|实惠|划算|低)|(?:价格?|价钱|价位|售价)(?:更|比较|较|偏)?低(?:一?[点些])?(?:的?[那这一](?:一)?{COUNTER}|者)"
    rf"|(?:没(?:有)?那么|不太|不怎么|没)贵的?[那这一]一?{COUNTER}|(?<!最)(?:省钱|实惠|平价|相因|划算|花钱少|钱少|cheaper)(?:一?[点些])?的?[那这一]一?{COUNTER}",
    _I,
)
_DEARER_ONE = re.compile(
    rf"\b(?:the {_HIGHER}(?:{_NOUN}|{_ENDS}|$)|{_WHICH}(?:{_HIGHER}|costs? more)\b)"
    rf"|(?<![最更么不没])(?<!不太)(?:比较|较)?贵(?:一?[点些])?的?[那这](?:一)?{COUNTER}",
    _I,
)
_DEAREST = re.compile(
    rf"\b{_HIGH}(?:{_NOUN}|{_ENDS})|{_WHICH}(?:{_HIGH}|highest price(?: tag)?|biggest price(?: tag)?|costs? (?:the )?most)\b"
    rf"|最贵(?:的)?[那这]?一?{COUNTER}?|{_PRICE_ZH}最[高大多顶贵](?:的|者|那|{COUNTER})|最高价的?(?:[那这]?一?{COUNTER})"
    r"|贵得最[\u4e00-\u9fff]{1,2}的|价格?天花板|贵第一名|最貴的?"
    rf"|最(?:烧钱|费钱|不便宜|掏空钱包)的",
    _I,
)
_BEST = re.compile(
    r"\b(?:best|highest|top)[- ]rated(?: (?:one|of (?:them|these|those)))?(?=[?？.!,]|$| is)|评[分价]最[高好]的?[那这]?(?:个|款|件)?",
    _I,
)
_YOURS = re.compile(r"\b(?:you|your|shop|store|there) (?:have|sell|carry|stock|got)\b|你们|店里", _I)
_IT = re.compile(
    r"\b(?:it|its|it's|they|them|these|those)\b"
    r"|\bthis\b(?! (?:summer|winter|spring|autumn|fall|weekend|year|month|week|season|time|price|budget|christmas))"
    r"|\bthat one\b|^\W*that(?:'s| is)?\b|\b(?:is|does|was|about|of|for|with|take|buy|like|on|to) that\b(?=\W*$|\?)"
    r"|\bthe (?:one|item|thing|product) (?:you|we|u|i) (?:just |were |was )*(?:mentioned|described|describing|talking about|asked about|told me about)"
    rf"|(?<![其吉])它|[这那](?:一)?{COUNTER}|这(?:玩意儿?|东东|宝贝|家伙)|[该此](?:商品|产品|款|件)|上述(?:商品|产品)|这(?:东西|货(?![架柜]))|[這呢](?:個|款|个)|剛[剛才]那個|刚[才刚](?:你|我)?(?:提到|说到|讲|说)的",
    _I,
)
_THING = r"(?:ones?|options?|pieces?|things?|items?|models?|version)"
_ONE = re.compile(
    rf"\b(?:the|that|this|those|these|your) ([a-z]+(?: [a-z]+)??)(?:[- ]colou?r(?:ed)?)? {_THING}\b"
    rf"|\bone (?:that'?s|that is|which is|in|with|(?:that|which) comes in|you (?:have|showed|had)(?: me)? in) (?:the )?([a-z]+)\b"
    rf"|(\S{{1,4}}?)[的嘅]?(?:[那这嗰内勒辣]|哪(?={COUNTER}(?:多少|几|是|$)))(?:一)?(?:{COUNTER}|隻|個|玩意儿?)"
    r"|([\u4e00-\u9fff]{1,4}?)(?:[的嘅]|款)(?=多少|几[多钱]|几?重|有多重|什么[材料]|啥[材料]|是[什啥用]|怎么卖|贵不)"
    rf"|[那这](?:一)?{COUNTER}([\u4e00-\u9fff]{{1,4}}?)的(?=$|\W|多少|怎么|什么|[是有要卖贵])",
    _I,
)

_POINTING = (
    _ORDINAL_EN,
    _NUMBERED,
    _TOP_BOTTOM,
    _ORDINAL_ZH,
    _CHEAPEST,
    _CHEAPER_ONE,
    _DEARER_ONE,
    _DEAREST,
    _BEST,
    _BOTH,
    _ONE,
)


_OF_SOME = re.compile(
    rf"\s*\b(?:of|among|between) the first (two|three|four)\b|前([两二三四]){COUNTER}(?:里面?|中间?|之中|当中)的?", _I
)


_SOME = {"two": 2, "three": 3, "four": 4, "两": 2, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True, slots=True)
class Pointed:
    """Ids of shown products. `sure` when they were named or counted; "it" may be any, and only means what is in view.

    To be sure of none is to count beyond the shelf. `among` are several that look like the one that is pointed at.
    """

    ids: tuple[str, ...] = ()
    sure: bool = False
    among: tuple[str, ...] = ()


def resolve(message: str, shown: Sequence[Product], focus: str | None) -> Pointed:
    """The shown products that `message` points at, in the order of mention.

    `shown` is in shelf order, in the shopper's language; `focus` is the product last spoken of, which need not be shown.
    """
    if not shown:
        return Pointed()
    message = from_the_front(message, len(shown))
    some = _OF_SOME.search(message)
    if some:
        count = _SOME[(some[1] or some[2]).casefold()]
        message, shown = f"{message[: some.start()]}{message[some.end() :]}", shown[:count]
    for read in (_by_title, _by_ordinal, _by_price, _by_look, _together):
        found = read(message, shown)
        if found:
            return Pointed(_beside(found, message, shown, focus), sure=True)
    if _places(message):
        return Pointed((), sure=True)
    alike = _looking(message, shown)
    if alike:
        return Pointed((), among=alike)
    spoken = _telling(message)
    overlap = {product.id: len(spoken & _own_words(product, shown)) for product in shown}
    winners = tuple(id for id, count in overlap.items() if count and count == max(overlap.values()))
    if len(winners) == 1 and overlap[winners[0]] >= _TELLING:
        return Pointed(winners, sure=True)
    if _IT.search(message):
        return Pointed((focus or shown[0].id,))
    return Pointed(winners[:1] if len(winners) < len(shown) else ())


def _beside(found: tuple[str, ...], message: str, shown: Sequence[Product], focus: str | None) -> tuple[str, ...]:
    """The products named, and with one of them the product last spoken of: "compare it with the first one"."""
    if len(found) != 1 or not _COMPARING.search(message) or not (_IT.search(message) or _WITH_ZH.search(message)):
        return found
    other = focus if focus and focus not in found else next((p.id for p in shown if p.id not in found), None)
    return (other, *found) if other else found


def _by_title(message: str, shown: Sequence[Product]) -> tuple[str, ...]:
    folded = message.casefold()
    whole = sorted((folded.find(p.title.casefold()), p.id) for p in shown if p.title.casefold() in folded)
    return tuple(id for _, id in whole)


def _by_ordinal(message: str, shown: Sequence[Product]) -> tuple[str, ...]:
    group = _GROUP.search(message)
    if group:
        count = _COUNT[(group[2] or group[4]).casefold()]
        chosen = shown[-count:] if (group[1] or group[3]).casefold() in ("last", "最后", "后") else shown[:count]
        return tuple(product.id for product in chosen)
    return tuple(dict.fromkeys(shown[place].id for place in _places(message) if place < len(shown)))


def _places(message: str) -> list[int]:
    places = [_EN[m[1].casefold()] for m in _ORDINAL_EN.finditer(message)]
    places += [_number(m[1] or m[2]) for m in _NUMBERED.finditer(message)]
    places += [-1 if (m[1] or "").casefold().startswith("bottom") or m[3] else 0 for m in _TOP_BOTTOM.finditer(message)]
    places += [-1 if m[2] else _place_zh(m[1]) for m in _ORDINAL_ZH.finditer(message)]
    if not places and _COMPARING.search(message):
        places = [int(number) - 1 for m in _NUMBERS.finditer(message) for number in m.groups()]
    return places


def _place_zh(said: str) -> int:
    """The place from 0 that "三", "3" or "十一" counts to."""
    if len(said) == 1 and said != "十":
        return _ZH[said]
    return int(said) - 1 if said.isdigit() else 9 + (_ZH[said[1]] + 1 if said[1:] else 0)


def _number(said: str) -> int:
    """The place from 0 that "4" or "four" counts to."""
    return int(said) - 1 if said.isdigit() else _WORDED[said.casefold()]


def _by_price(message: str, shown: Sequence[Product]) -> tuple[str, ...]:
    if _YOURS.search(message):
        return ()
    found: list[str] = []
    if _CHEAPEST.search(message) or _CHEAPER_ONE.search(message):
        found.append(min(shown, key=lambda p: p.price_minor).id)
    if _DEAREST.search(message) or _DEARER_ONE.search(message):
        found.append(max(shown, key=lambda p: p.price_minor).id)
    if _BEST.search(message):
        found.append(max(shown, key=lambda p: (p.rating or 0, p.rating_count or 0)).id)
    return tuple(dict.fromkeys(found))


def _by_look(message: str, shown: Sequence[Product]) -> tuple[str, ...]:
    """The one shown product whose title or attributes, or else whose description, have the look that is named."""
    found = _looking(message, shown) or _saying(message, {p.id: p.description for p in shown})
    return found if len(found) == 1 else ()


def _looking(message: str, shown: Sequence[Product]) -> tuple[str, ...]:
    """The shown products whose title or attributes, or else whose choices, have the look that is named."""
    facts = {p.id: f"{p.title} {' '.join(p.attributes.values())}" for p in shown}
    options = {p.id: " ".join(value for v in p.variants for value in v.options.values()) for p in shown}
    return _saying(message, facts) or _saying(message, options)


def _saying(message: str, texts: Mapping[str, str]) -> tuple[str, ...]:
    match = _ONE.search(message)
    look = next((group for group in match.groups() if group), "").strip() if match else ""
    if not look or look.casefold() in STOPWORDS or look[-1] in "这那":
        return ()
    names = [look[start:] for start in range(len(look) - 1)] if len(look) > 2 and has_cjk(look) else [look]
    found = (tuple(id for id, text in texts.items() if mentions(text, name)) for name in names)
    return next((ids for ids in found if ids), ())


def without_pointing(message: str) -> str:
    """`message` without the words that only say which product is meant: "option 2", "the dearest one", "第1个"."""
    for pattern in _POINTING:
        message = pattern.sub(" ", message)
    return message


def _together(message: str, shown: Sequence[Product]) -> tuple[str, ...]:
    if len(shown) >= 2 and _BOTH.search(message):
        return tuple(product.id for product in shown[:2])
    return tuple(product.id for product in shown) if _ALL.search(message) and _COMPARING.search(message) else ()


def _telling(text: str) -> set[str]:
    return {token for token in tokens(text) if len(token) > (1 if has_cjk(token) else 2)}


def _own_words(product: Product, shown: Sequence[Product]) -> set[str]:
    """The words of a title and brand that at most half of the shown products share."""
    titles = [set(tokens(f"{p.title} {p.brand}")) for p in shown]
    return {
        word
        for word in tokens(f"{product.title} {product.brand}")
        if 2 * sum(word in t for t in titles) <= max(len(shown), 2)
    }

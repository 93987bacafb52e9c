"""What a message says of the shopper and asks of the memory: remember this, what do you know, forget it.

Only what is said outright is read: "I always wear M", "我不喜欢皮的"; what is said of another person never is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from assistant.reading import limits
from assistant.reading.kinds import singular
from assistant.reading.terms import find_terms
from assistant.reading.vocabulary import Vocabulary, table
from catalog import Constraint, words

Asked = Literal["list", "stop", "forget", "remember"]
FactKind = Literal["size", "like", "dislike", "budget", "bought"]
KINDS: tuple[FactKind, ...] = ("size", "like", "dislike", "budget", "bought")

_I = re.IGNORECASE
_PLEASE = (
    r"^\W*(?:(?:please|ok(?:ay)?|so|and|also|now|hey|can you|could you|will you|would you|请|麻烦|那|帮我|[你您])\W*)*"
)
_LIST = re.compile(
    r"\bwhat (?:all )?(?:do|did|have|can) you (?:know|remember(?:ed)?|stored?|saved?|kept?|learn(?:ed|t)?|got|have)\b.{0,20}\b(?:me|i|my)\b"
    r"|\bwhat you (?:know|remember|have stored|have saved) (?:about|of|on) me\b|\bdo you (?:still )?remember (?:me|my|what i|anything about me)\b"
    r"|\b(?:what(?:'s| is)|show me|tell me) my (?:size|sizes|usual size|preferences|data|memory)\b"
    r"|(?:知道|记得|记住了?|了解|保存了?|存了)(?:关于)?我的?(?:些)?(?:什么|哪些|多少|哪儿|信息)|记得我(?:的.{1,6})?[吗么嘛]|记住了(?:什么|哪些)"
    r"|(?:关于我|我的(?:信息|资料|数据|偏好|喜好)).{0,8}(?:什么|哪些|看看|看一下)|我的(?:尺码|码数)是(?:什么|多少|几)",
    _I,
)
_STOP = re.compile(
    r"\b(?:stop|quit) remembering\b|\b(?:do not|don'?t) remember (?:me|anything(?: about me)?|things about me)\b|(?:别|不要|停止)(?:再)?(?:记住?|记录|保存)(?:关于)?我",
    _I,
)
_FORGET = re.compile(
    _PLEASE
    + r"(?:(?:forget|delete|erase|remove|wipe|clear)\b(?: about)?|(?:把|将)?.{0,14}(?:忘|删|清)(?:了|掉|记|除|空)?)",
    _I,
)
_FORGET_ZH = re.compile(r"^\W*(?:请|麻烦)?(?:[把将])?我.{1,12}(?:忘了|忘掉|忘记|删了|删掉|删除|清除|清空)", _I)
_EVERYTHING = re.compile(
    r"\b(?:everything|all|anything|whatever)\b.{0,24}\b(?:about|of|on) me\b|^\W*(?:please )?forget (?:about )?me\b|\ball my (?:data|information|details|preferences)\b"
    r"|\bmy (?:data|information|memory|profile|preferences)\b|\bwhat you (?:know|remember) (?:about|of) me\b"
    r"|忘[了掉记]?我(?:吧|的?(?:一切|所有|全部|信息|资料|数据))?\W*$|(?:关于)?我的?(?:一切|所有|全部|信息|资料|数据|记忆|个人信息|偏好)",
    _I,
)
_OF_KIND: dict[FactKind, re.Pattern[str]] = {
    "size": re.compile(r"\bmy (?:\w+ )?sizes?\b|(?:我的?|我穿的?)(?:\S{0,4})(?:尺码|码数|尺寸|码)", _I),
    "dislike": re.compile(r"\bmy (?:dislikes|allerg\w+)\b|\bwhat i (?:hate|dislike|don'?t like)\b|我(?:讨厌|不喜欢|过敏)的|我的过敏", _I),
    "like": re.compile(r"\bmy (?:likes|tastes?|favou?rites?)\b|\bwhat i like\b|\bmy favou?rite \w+|我喜欢的|我的(?:喜好|爱好|口味)", _I),
    "budget": re.compile(r"\bmy (?:\w+ )?(?:budgets?|spending|price range)\b|\bwhat i (?:usually )?spend\b|我的预算|我的价位", _I),
    "bought": re.compile(r"\bmy (?:purchases|orders|shopping history)\b|\bwhat i (?:have )?(?:bought|ordered|purchased)\b|我(?:买过|购买)的?|我的(?:购买|订单)(?:记录)?", _I),
}  # fmt: skip
_REMEMBER = re.compile(
    _PLEASE
    + r"(?:(?:remember|keep in mind|note(?: down)?|don'?t forget)\b(?:\W+that\b)?\W*(?=(?:i|i'm|i've|my|size|no|not|never|only)\b)"
    r"|(?:要|一定)?(?:记住|记得|记一下|记下)(?:了|一下|来)?\W*(?=我|尺码|码数|不要|不喜欢|喜欢|预算))"
    r"|[,，.。;；!]\s*(?:and |so )?(?:please )?(?:remember (?:that|this|it)|记住(?:了|哦|吧|这个)?|帮我记住|记一下)\W*$",
    _I,
)
_LAST_TIME = re.compile(r",?\s*\bas last time\b|[，,]?\s*和上次一样", _I)
_LETTERS = (
    r"(?:x{0,3}[sl]|m)\b(?![-'’])|(?:small|medium|large)(?=\s*(?:$|[^\w\s]|(?:in|for|and|so|but|or|size|usually)\b))"
)
_OFTEN = r"(?:always |usually |normally |generally |typically |mostly |only )*"
_MY_SIZE = re.compile(
    rf"\bi(?:'ve)? {_OFTEN}(?:wear|wore|take) {_OFTEN}(?:an? )?(?:size |eu |uk |us )*({_LETTERS})"
    rf"|\bi(?:'ve)? {_OFTEN}(?:wear|wore|take size) {_OFTEN}(?:an? )?(?:size |eu |uk |us )*(\d{{2}}(?:\.5)?)\b(?![-:/])"
    rf"|\bi(?:'m| am) {_OFTEN}(?:an? )?(?:size )?({_LETTERS})"
    rf"|\bmy (?:\w+ )?size(?: (?:in|for) \w+)? is {_OFTEN}(?:an? )?(?:eu |uk |us )?({_LETTERS}|\d{{2}}(?:\.5)?\b)"
    r"|我(?:平时|一般|通常|一直|总是|平常|都|只|的鞋|的衣服)*(?:穿的?|的?(?:尺码|码数)是?)(?:是|鞋)?\s*(\d{2}(?:\.5)?|[xX]{0,3}[sSlL]|[mM])(?![A-Za-z0-9])"
    r"|我是\s*([xX]{0,3}[sSlL]|[mM])(?![A-Za-z0-9])",
    _I,
)
_DISLIKES = re.compile(
    r"\bi(?: really| absolutely| just)? (?:hate|dislike|detest|loathe|can'?t stand|cannot stand)\b|\bi (?:don'?t|do not|never) (?:really )?(?:like|wear)\b"
    r"|\bi(?:'m| am) (?:\w+ )?allergic to\b|\bi (?:react|am sensitive) to\b|我(?:真的|很|特别|最|一直|从来|也)*(?:讨厌|不喜欢|受不了|不穿)|我?对.{1,8}过敏",
    _I,
)
_LIKES = re.compile(
    r"\bi (?:really |always |usually |generally )*(?:love|adore)\b|\bi (?:really |always |usually |generally )+(?:like|prefer)\b|\bmy favou?rite \w+(?: is|:)"
    r"|我(?:最|很|特别|更|一直|平时|一般|就)+(?:喜欢|爱|偏爱)",
    _I,
)
_I_LIKE = re.compile(r"\bi (?:like|prefer)\b|我(?:喜欢|爱)", _I)
_POINTS = re.compile(r"\b(?:this|that|these|those)\b(?! (?:i|my)\b)|\bthe \w+(?: \w+)? ones?\b|\b(?:it|them)\b|[这那][个款件些]|第[一二三四五六]", _I)  # fmt: skip
_PARTS = re.compile(r"[,，.。;；!！?？\n]+(?!\d)|\bbut\b|\band (?=i\b|my\b)|但是?|可是|不过")
_GIFT = re.compile(
    r"\b(?:gifts?|presents?)\b|\bfor (?:my|a|the|our|his|her) (?:friend|partner|kids?|child|children|baby|parents?|boss|colleague|teacher|neighbou?r|family)\b"
    r"|\b(?:my|his|her|their) \w+ (?:wears|takes|hates|likes|loves)\b|送(?:给|人|礼|[我他她])|礼[物品]|给(?:朋友|孩子|同事|老师|宝宝|爸妈|父母|别人)",
    _I,
)
_YES = re.compile(
    r"^\W*(?:yes|yep|yeah|sure|ok(?:ay)?|please do|go ahead|i agree|agreed|好的?|可以|同意|行|嗯|是的?|记住吧)\b.{0,24}$",
    _I,
)
_YES_ZH = re.compile(r"^\W*(?:好|可以|同意|行|嗯|是的|记住吧).{0,8}$")
_NO = re.compile(r"^\W*(?:no|nope|not now|don'?t|rather not|不|别|算了)", _I)
_WORN = re.compile(
    r"cloth|apparel|fashion|wear\b|shirt|\btees?\b|\btops?\b|blouse|sweat|jumper|hoodie|cardigan|jacket|\bcoats?\b|dress|skirt|trouser|\bpants\b|jeans|shorts"
    r"|legging|\bsuits?\b|robe\b|pyjama|pajama|sock|underwear|\bbras?\b|shoe|boot|sandal|sneaker|slipper|glove|\bhats?\b|\bvests?\b|swim"
    r"|[服衣裤裙鞋靴袜帽]|手套|衬衫|T恤|卫衣",
    _I,
)
_ANIMALS = re.compile(r"\b(?:pets?|dogs?|cats?|pupp|kitten|doll)|宠物|[狗猫犬]|娃娃", _I)
_PARTS_MOST = 8  # of one message that are looked into
_WORDS = 160  # characters of what was said that are kept with a fact


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that the shopper says of themselves, in their words; `of` is the kind of product it was said of."""

    kind: FactKind
    constraint: Constraint
    words: str
    of: str = ""


def asked(message: str) -> Asked | None:
    """What the message asks of the memory, if it asks for anything."""
    if _LIST.search(message):
        return "list"
    if _STOP.search(message):
        return "stop"
    forgets = _FORGET.search(message) or _FORGET_ZH.search(message)
    if forgets and (_EVERYTHING.search(message) or any(p.search(message) for p in _OF_KIND.values()) or _says(message)):
        return "forget"
    return "remember" if _REMEMBER.search(message) else None


def forgets_everything(message: str) -> bool:
    """Whether all that is remembered is to be forgotten."""
    return _EVERYTHING.search(message) is not None


def forgotten_kinds(message: str) -> tuple[FactKind, ...]:
    """The kinds of facts that a message names: "forget my size and my budget"."""
    return tuple(kind for kind, pattern in _OF_KIND.items() if pattern.search(message))


def agrees(message: str) -> bool | None:
    """The answer to a question that yes or no answers; None where it is neither."""
    if _NO.search(message):
        return False
    return True if _YES.search(message) or _YES_ZH.search(message) else None


def without_talk(message: str) -> str:
    """The message without what it says to the memory."""
    return _LAST_TIME.sub("", _REMEMBER.sub(" ", message)).strip()


def for_another(message: str) -> bool:
    """Whether something is for another person, or of one: what is said then is not the shopper's own."""
    spoken = {word for word in re.findall(r"[a-z']+", message.casefold())} | set(words(message))
    meant = {word for row in table("people").values() for word in row["meant"]}
    return (
        _GIFT.search(message) is not None
        or bool(spoken & meant)
        or any(w in message for w in meant if len(w) > 1 and not w.isascii())
    )


def is_worn(name: str) -> bool:
    """Whether a kind of product or a category is of things that people wear, which come in their size."""
    return _WORN.search(name) is not None and not is_of_animals(name)


def is_of_animals(name: str) -> bool:
    """Whether a category is of things for animals, which come in sizes of their own."""
    return _ANIMALS.search(name) is not None


def statements(message: str, vocabulary: Vocabulary) -> tuple[Statement, ...]:
    """What the shopper says outright of themselves; to the memory ("remember …") all that a wish could say counts."""
    if for_another(message):
        return ()
    told = _REMEMBER.search(message) is not None
    parts = (part.strip() for part in _PARTS.split(message.replace("’", "'")))
    telling = islice((part for part in parts if part and (told or _says(part))), _PARTS_MOST)
    found = [one for part in telling for one in _stated(part, told, vocabulary)]
    return tuple({(one.kind, one.constraint): one for one in found}.values())


def _says(message: str) -> bool:
    return any(p.search(message) for p in (_MY_SIZE, _DISLIKES, _LIKES, _I_LIKE))


def _stated(part: str, told: bool, vocabulary: Vocabulary) -> Iterator[Statement]:
    named = find_terms(part, vocabulary)
    of = named.kind_forms[0] if named.kind_forms else _kind_in(part, vocabulary)
    size = _own_size(part, vocabulary)
    dislikes = _DISLIKES.search(part) is not None
    if size:
        yield Statement("size", size, part[:_WORDS], of)
    if told:
        yield from (Statement("budget", c, part[:_WORDS], of) for c in _upper_limits(part, vocabulary) if of)
    if _POINTS.search(part):
        return
    likes = _LIKES.search(part) is not None or (told and _I_LIKE.search(part) is not None)
    for one in named.constraints:
        kind = _kind_of(one, dislikes, likes or told)
        if kind and not (kind == "size" and size):
            yield Statement(
                kind, _refusal(one) if kind == "dislike" else one, part[:_WORDS], of if kind == "size" else ""
            )


def _kind_of(wish: Constraint, dislikes: bool, told: bool) -> FactKind | None:
    """Which kind of fact a wish is of a shopper who says that it is so in general."""
    if wish.field == "attributes.Size":
        return "size" if told and not dislikes else None
    if wish.field not in ("attributes.Color", "attributes.Material", "text", "brand"):
        return None
    if dislikes or (told and wish.op in ("ne", "not_contains")):
        return "dislike"
    return "like" if told and wish.op in ("contains", "eq") else None


def _refusal(wish: Constraint) -> Constraint:
    if wish.op in ("ne", "not_contains"):
        return wish
    if wish.field == "brand":
        return replace(wish, op="ne")
    return replace(wish, field="attributes.Color" if wish.field == "attributes.Color" else "text", op="not_contains")


def _own_size(part: str, vocabulary: Vocabulary) -> Constraint | None:
    match = _MY_SIZE.search(part)
    if match is None:
        return None
    size = next(value for value in match.groups() if value)
    found = find_terms(f"in {size.lower()}" if len(size) > 4 else f"size {size}", vocabulary).constraints
    return next((c for c in found if c.field == "attributes.Size"), None)


def _kind_in(part: str, vocabulary: Vocabulary) -> str:
    """A kind of product that is spoken of without being asked for: "my budget for lamps"."""
    return next((kind for word in words(part) if (kind := vocabulary.type_of(singular(word)))), "")


def _upper_limits(part: str, vocabulary: Vocabulary) -> tuple[Constraint, ...]:
    found = limits.read(part, vocabulary).constraints
    return tuple(c for c in found if c.field == "price" and c.op in ("lt", "le"))

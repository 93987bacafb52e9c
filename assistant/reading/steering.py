"""How a shopper steers without naming a wish: back a step, more varied or closer, something different, no preference."""

import re
from typing import Literal

_I = re.IGNORECASE
_UNDO = re.compile(
    r"^\W*(?:(?:please|ok|no|wait|oops|sorry)\W+)*(?:undo(?: (?:that|it|this|the last (?:one|change|step)))?|revert(?: (?:that|it|this))?"
    r"|(?:(?:can (?:we|you|i) )?(?:go|take me|step|switch) )?back(?: (?:a|one) step| to (?:the )?(?:previous|last|earlier|former|old|first)"
    r"(?: (?:one|step|list|search|results|products|selection))?s?| to (?:what|how) (?:it|we|you|i|they) (?:was|were|had|showed)(?: before)?| to before)?"
    r"|(?:the )?previous(?: (?:ones?|results|products|list|step))?)(?: please)?\W*$"
    r"|^\W*(?:请|帮我)?(?:(?:撤销|撤回)(?:一下|上一步|刚才的?(?:修改|操作)?)?|取消(?:上一步|刚才的?(?:修改|操作)?))了?吧?\W*$"
    r"|^\W*(?:请|那)?(?:还是)?(?:回到?|返回到?|退回到?|恢复到?|恢复成?)(?:去|上一步|之前|刚才|前面|上一[次批个步]|原来)?(?:的?那?(?:些|个|几[个款]|一步|一批|步|样子?|状态|结果|商品))?吧?\W*$"
    r"|^\W*上一步\W*$",
    _I,
)
_VARIED = re.compile(
    r"\b(?:(?:a bit |a little |much )?more (?:varied|variety|diverse|diversity|different kinds|mixed)|(?:a )?wider (?:range|choice|selection|variety)"
    r"|mix (?:it|them|things) up)\b|(?:更|再)?多样化?(?:一?[点些])?|(?:更|再)?丰富(?:一?[点些])|(?:多|更多)(?:几|一)?种(?:类|风格|款式)|差别大一?[点些]",
    _I,
)
_CLOSER = re.compile(
    r"\b(?:(?:much |a bit )?closer to (?:what|my|the) (?:i (?:asked|said|want(?:ed)?|described)(?: for)?|request|wish|description)|less (?:varied|variety|diverse)"
    r"|more relevant|(?:closest|best) matches(?: only)?|stick to what i (?:asked|said|want(?:ed)?)(?: for)?)\b"
    r"|(?:更|再)?(?:贴近|接近|符合|贴合)(?:一?[点些]|我(?:说|要|想要)的?(?:要求)?)+|(?:更|再)相关(?:一?[点些])?|只看最(?:贴近|符合|相关)的?",
    _I,
)
_DIFFERENT = re.compile(
    r"\b(?:something|anything) (?:(?:completely|totally|quite|very|really|entirely) )?different\b|(?:完全|很)?不一样的|别的风格|换(?:种|个)风格|不同(?:风格|款式|类型)的",
    _I,
)
_INDIFFERENT = re.compile(
    r"^\W*(?:(?:it )?(?:doesn['’]?t|does not|don['’]?t|do not) (?:really )?(?:matter|mind|care)(?: (?:to me|either way|which))?"
    r"|i (?:don['’]?t|do not) (?:really )?(?:mind|care)|(?:no|not really a?|i have no) (?:particular )?preference"
    r"|any(?: (?:one|of (?:them|these|those)|(?:kind|sort|type|style|brand|colou?r|material|size)s?))?(?: is fine| will do)?"
    r"|either(?: (?:one|is fine))?|whatever|whichever"
    r"|all (?:fine|good)|not important|skip"
    r"|(?:都|怎样都|哪个都)?(?:可以|行|无所谓|随便|不重要|没关系|没所谓|没有?要求|没有?偏好|不限))(?:的|吧|了|啦|都行)?\W*$",
    _I,
)
_ALL = re.compile(r"\b(?:them|these|those)\b(?! two)|这(?:些|几[个款件])|它们", _I)
_SHOW = re.compile(r"^\W*(?:show me|看看)\s*[“\"「].+[”\"」]\W*$", _I)
TALK = (_VARIED, _CLOSER, _DIFFERENT)


def wants_shown(message: str) -> bool:
    """Whether a quick reply asks to see the one product that it names in quotes."""
    return _SHOW.match(message) is not None


def wants_undo(message: str) -> bool:
    """Whether the shopper wants to go back to what was before the last change."""
    return _UNDO.match(message) is not None


def variety_step(message: str) -> Literal[-1, 0, 1]:
    """1 where more variety is wanted on the shelf, -1 where what is closest to the wish is, else 0."""
    return 1 if _VARIED.search(message) else -1 if _CLOSER.search(message) else 0


def wants_different(message: str) -> bool:
    """Whether products unlike those shown are wanted."""
    return _DIFFERENT.search(message) is not None


def is_indifferent(message: str) -> bool:
    """Whether the message says, and says no more, that what was asked does not matter."""
    return _INDIFFERENT.match(message) is not None


def means_all(message: str) -> bool:
    """Whether a comparison is meant of all that is shown: "how do these compare?"."""
    return _ALL.search(message) is not None

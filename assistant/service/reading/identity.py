"""What somebody says of who they are: an e-mail address, a name, a postcode. Knows not whether it is so."""

import re

from assistant.reading.handover import email_of
from assistant.service.types import Claimed
from catalog import has_cjk

_I = re.IGNORECASE
_PART = r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f'-]*"
_CAPITAL = r"[A-Z\u00c0-\u00de](?!'(?:m|s|ll|ve|d)\b)[A-Za-z\u00c0-\u024f'-]+"
_NAME = rf"({_CAPITAL})(?:\s+{_CAPITAL}\.?)?\s+({_CAPITAL})"
_TOLD = re.compile(
    rf"\b(?:my (?:full )?name(?:'s| is)|name\s*[:=]|i am called|(?:under|in) the name(?: of)?)\s*(?:is |are )?"
    rf"(?P<first>{_PART})(?:\s+(?P<last>(?!and\b|with\b|but\b|from\b|in\b|my\b|i\b|at\b|zip\b){_PART}))?",
    _I,
)
_IS = re.compile(
    rf"(?:\b(?:[Ii]'?m|[Ii] am|[Tt]his is|[Ii]t'?s|[Ii]t is|[Nn]ame'?s|using just my name|[Cc]ustomer|[Yy]ou are)[\s,:]+){_NAME}\b"
)
_ALONE = re.compile(rf"^\W*(?:(?i:sure|yes|yeah|ok(?:ay)?|of course|certainly|hi|hello|it'?s|absolutely)\W+)*{_NAME}\b")
_BARE_NAME = re.compile(rf"^\W*({_PART})\s+({_PART})\W*$")
_FIRST = re.compile(rf"\bfirst name(?:'s| is|:)?\s*(?:is )?({_PART})", _I)
_LAST = re.compile(rf"\b(?:last name|surname|family name)(?:'s| is|:)?\s*(?:is )?({_PART})", _I)
_USER = re.compile(
    r"(?:\b[Ii](?:'m| am)|\b[Ii]t'?s|\bis|\b[Uu]ser(?:name| id)?|\b[Aa]ccount|我是|^)\W*\b(?!credit_|gift_|debit_)([a-z]+)_([a-z]+)_(\d+)\b"
)
_ACCOUNT = re.compile(
    r"\b(?:user|customer|account|member(?:ship)?|profile|login)[ -]?(?:id|name|number|no\.?)?(?:'s| is|:|：|=)+\s*([a-z][\w.-]*\d[\w.-]*|\d{4,})"
    r"|(?:用户名|账号|账户|会员号|客户编号)(?:是|为|：|:)?\s*([\w.-]*\d[\w.-]*)", _I)  # fmt: skip
_CODE = r"\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d|\d{6}"
_POSTCODE = re.compile(
    rf"\b(?:zip|post|postal)[ -]?(?:codes?)?\b[^.!?\d]{{0,30}}?({_CODE})(?!\d)|(?:邮编|邮政编码|邮码)(?:是|为|：|:)?\s*(\d{{5,6}})(?!\d)",
    _I,
)
_LIVES = re.compile(rf"\b(?:live|living|reside|based|from|in|at)\b[^.!?\d]{{0,40}}?(?<![\d#$])({_CODE})(?!\d)", _I)
_CORRECTED = re.compile(rf"(?:actually|should (?:be|have been)|it'?s|is|是|correct(?:ed|ion)?)\W+({_CODE})(?!\d)", _I)
_BESIDE = re.compile(
    rf"\b(?:[Nn]ame(?:'s| is)|[Ii]'?m|[Ii] am|[Tt]his is)\s+{_CAPITAL}\s+{_CAPITAL}\W{{1,3}}({_CODE})(?!\d)"
)
_BARE = re.compile(rf"(?<![\w#$./-])({_CODE})(?![\w/-])")
_ZH_NAME = re.compile(
    r"(?:我叫|我是|我的名字(?:是|叫)|姓名(?:是|：|:)?|名字(?:是|：|:))\s*([\u4e00-\u9fff]{2,4}?)(?=[，。,.\s！!；;]|$|邮|我|的)"
)
_NO_NAMES = frozenset(
    "i i'm i'll i'd i've it's its that's my sorry looking interested not just calling trying writing having here done afraid sure so very really going wondering"
    " hoping happy unable still also good fine glad new american english chinese the a an my your order orders item items"
    " mine correct right yes no thanks thank you please all it that this customer member unhappy upset and but or".split()
)
_DOUBLE_SURNAMES = frozenset("欧阳 司马 上官 诸葛 夏侯 皇甫 尉迟 慕容 司徒 令狐 东方 南宫".split())


def claimed_in(text: str, *, asked: bool = False, order_id: str = "") -> Claimed:
    """Who a message says that its writer is; `asked` tells that just that was asked, so that a bare name or code counts."""
    first, last = _name(text, asked)
    return Claimed(email_of(text) or "", order_id, first, last, _postcode(text, asked), _account(text))


def _name(text: str, asked: bool) -> tuple[str, str]:
    if has_cjk(text) and (match := _ZH_NAME.search(text)):
        cut = 2 if match[1][:2] in _DOUBLE_SURNAMES else 1
        return match[1][cut:], match[1][:cut]
    first, last = _FIRST.search(text), _LAST.search(text)
    if first and last:
        return first[1], last[1]
    if (told := _TOLD.search(text)) and told["first"].casefold() not in _NO_NAMES:
        surname = told["last"] or (last[1] if last else "")
        return told["first"], "" if surname.casefold() in _NO_NAMES else surname
    if found := _plain(_IS.search(text)) or (_plain(_ALONE.search(text) or _BARE_NAME.search(text)) if asked else None):
        return found
    user = _USER.search(text) if "@" not in text else None
    return (user[1].capitalize(), user[2].capitalize()) if user else ("", "")


def _account(text: str) -> str:
    """The id of a customer's account, told as such or plainly a user's name: "jane_doe_123"."""
    if found := _ACCOUNT.search(text):
        return found[1] or found[2]
    user = _USER.search(text) if "@" not in text else None
    return f"{user[1]}_{user[2]}_{user[3]}" if user else ""


def _plain(match: re.Match[str] | None) -> tuple[str, str] | None:
    """The two parts of a name, unless one of them is an ordinary word."""
    if match is None or {match[1].casefold(), match[2].casefold()} & _NO_NAMES:
        return None
    return match[1], match[2]


def _postcode(text: str, asked: bool) -> str:
    found = list(_POSTCODE.finditer(text))
    if found:
        fixed = _CORRECTED.search(text[found[-1].end() :])
        return (fixed[1] if fixed else next(group for group in found[-1].groups() if group)).upper()
    for way in (_LIVES, _CORRECTED, _BARE) if asked else (_LIVES, _BESIDE):
        if match := way.search(text):
            return match[1].upper()
    return ""

"""Private data out of texts that are kept for other shoppers: what points at a person or an order becomes a [placeholder].

Found are e-mail addresses, web addresses, order and other long numbers, phone numbers, streets, what the ticket's customer
is known by, and names that a text gives away by how it speaks of them. A name that merely stands there is not known for one.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from assistant.service.types import Customer
from catalog import has_cjk, sentences

PLACEHOLDER = re.compile(r"\[(?:email|link|number|phone|address|name)\]")
_I = re.IGNORECASE
_UPPER = "[A-Z\u00c0-\u00de\u0100-\u017d]"
_WORD = rf"{_UPPER}[^\W\d_A-Z]+(?:['’-]{_UPPER}?[^\W\d_A-Z]+)*"
_CAPITAL = rf"{_WORD}(?:[^\S\n]+[A-Z]\.?(?!\w))?(?:[^\S\n]+{_WORD}){{0,2}}"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(
    r"\b(?:https?://|www\.)[^\s<>\"'，。；）)]+|\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}\b",
    _I,
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?\b")
_CODE = re.compile(r"#?\b(?=[A-Za-z0-9-]*\d{4})[A-Za-z]{1,5}-?[A-Za-z]{0,3}\d[\dA-Za-z-]{3,}\b|#\s?\w*\d\w{2,}")
_ORDER = re.compile(
    r"(?P<lead>\b(?:order|parcel|package|tracking|invoice|ticket|customer|reference|account|card|zip|post|postal)\s*(?:number|no\.?|nr\.?|id|code|#)?\s*(?:is|:|：)?\s*)#?(?=[\w-]*\d)[A-Za-z]*-?\d[\w-]{2,}"
    r"|(?P<lead_zh>(?:订单|快递|物流|运单|发票|工单|客户|账|卡|邮)(?:编号|编|单号|号码|号)?\s*(?:是|为|:|：)?\s*)#?[A-Za-z]*-?\d[\w-]{2,}",
    _I,
)
_PHONE = re.compile(
    r"(?<![\w$€£¥￥.])(?:\+\d{1,3}[\s.-]?)?(?:\(\d{1,4}\)[\s.-]?)?\d{2,4}[\s.-]\d{2,4}(?:[\s.-]\d{2,5}){1,2}(?:\s?(?:x|ext\.?)\s?\d{1,6})?(?![\w%])"
    r"|(?<![\w$€£¥￥.])\d{2}(?:\.\d{2}){4}(?!\w)"
    r"|(?<![\w$€£¥￥.])(?:\+\d{1,3}[\s.-]?)?\(\d{1,4}\)\s?\d{3,4}[\s.-]?\d{3,4}(?:\s?(?:x|ext\.?)\s?\d{1,6})?"
)
_LONG = re.compile(r"(?<![\w$€£¥￥.,])\d(?:[ -]?\d){5,}(?![\w%])")
_CARD = re.compile(r"(?<![\w.,])\d(?:[ -]?\d){11,}(?!\w)")
_STREET = re.compile(
    r"\b(?:P\.?\s?O\.?\s?Box\s+\d+|\d{1,6}[A-Za-z]?\s+(?:[A-Z][\w'.-]*\s+){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Square|Sq|Terrace|Way|Row|Hill|Close|Crescent|Parkway|Pkwy|Highway|Hwy)\b\.?"
    r"|\d{1,6}[A-Za-z]?\s+(?:[A-Z][\w'.-]*\s+){1,4}(?:Apt|Apartment|Unit|Suite|Ste|Flat)\b\.?)"
    r"(?:,?\s*(?:Apt|Apartment|Unit|Suite|Ste|Flat|Floor|#)\.?\s*[\w-]+)?(?:,?\s+[A-Z][\w.'-]+){0,3}(?:,?\s+[A-Z]{2})?(?:,?\s+\d{4,5}(?:-\d{4})?)?"
)
_STREET_ZH = re.compile(
    r"(?:[\u4e00-\u9fff]{2,8}(?:省|自治区))?(?:[\u4e00-\u9fff]{2,8}市)?(?:[\u4e00-\u9fff]{1,8}[区县])?[\u4e00-\u9fff\d]{1,12}[路街道巷弄里]\s?\d[\d-]*\s?号?(?:[\s,，]*\d+\s?(?:号楼|栋|幢|座|单元|楼|层|室)\s?[A-Za-z0-9]*\s?室?)*"
)
_AT = re.compile(
    r"(?P<lead>\b(?:address(?:\s+(?:of|for|in)\s[^.?!\n]{1,40}?)?(?:\s+is|:)|(?:live|lives|living|office is|staying|moved) (?:at|to))\s+)"
    r"(?=[^?!\n]*\d)[^?!\n]{4,80}?(?=[.?!](?:\s|$)|,?\s(?:and|but|please|not)\b|\n\s*\n|\n[^\n]*\n|$)",
    _I,
)
_HOUSE = re.compile(
    rf"\b\d{{1,6}}\s+(?:{_WORD}\s+){{1,4}}\d+\b(?:,?\s*(?:Apt|Suite|Unit)\.?\s*\w+)?|\b(?:Apt|Suite)\.?\s*\d+\b"
)
_ZIP = re.compile(r"\b[A-Z]{2}\s+\d{5}(?:-\d{4})?\b")
_SAID = re.compile(
    rf"(?P<lead>\b(?i:my name is|my name's|name:|i am called|call me|this is|speaking with|signed(?: by)?|attn:?|c/o|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Miss|Mx\.?)\s+)(?P<who>{_CAPITAL})"
    rf"|(?P<lead2>(?:^|[.!?]\s+|\n)(?:Dear|Hi|Hello|Hey|Thanks|Thank you|Sorry)\s*,?\s+(?:(?:Mr|Mrs|Ms|Dr|Miss|Mx)\.?\s+)?)(?P<who2>{_CAPITAL})(?=\s*[,!.\n]|$)"
    rf"|(?P<lead3>(?:(?:Best|Kind|Warm)\s+(?:regards|wishes)|Regards|Sincerely|Cheers|Best|Yours)\s*,\s*)(?P<who3>{_CAPITAL})",
)
_SAID_ZH = re.compile(
    r"(?P<lead>我叫|我是(?=[\u4e00-\u9fff]{2,3}[，,。 ])|姓名[:：]\s*|收[件货]人[:：是]?\s*|名字[叫是])(?P<who>[\u4e00-\u9fff]{2,4}?)(?=[，,。；;、\s]|$)"
    r"|(?P<who2>[\u4e00-\u9fff])(?P<tail>(?:先生|女士|小姐|太太|老师))"
)
_STRANGE = re.compile(
    rf"(?P<open>(?:^|[.!?:]\s+|\n\s*|[\"“]))?(?<![\w\[])(?P<who>{_WORD}(?:[^\S\n]+(?:{_WORD}|[A-Z]\.))*)"
)
_USUAL = frozenset(
    "i i'm i'll i've i'd january february march april may june july august september october november december monday tuesday"
    " wednesday thursday friday saturday sunday christmas easter paypal visa mastercard american express apple google pay english"
    " chinese america united states kingdom us usa uk canada australia eastern time please thanks thank dear hi hello hey the we you"
    " your our my it its this that if for yes no sorry as when what how regards best kind sincerely".split()
)
_COURTESY = re.compile(
    r"\W*(?:(?:dear|hi|hello|hey|good (?:morning|afternoon|evening))\b[^.!?。！？]{0,30}|(?:best|kind|warm)? ?(?:regards|wishes)|sincerely|cheers"
    r"|thank(?:s| you)(?: (?:for|again|so much|very much)[^.!?]{0,60})?|you(?:'re| are) welcome|have a (?:nice|good|great) [a-z]+"
    r"|(?:is there )?anything else[^.!?]{0,40}"
    r"|您好|你好|谢谢(?:您|你)?(?:的[^。！]{0,20})?|感谢(?:您|你)[^。！]{0,20}|祝(?:您|你)[^。！]{0,20}|不客气|还有(?:什么|别的)[^。？！]{0,20})[\s,.!?，。！？~～]*$",
    _I,
)
_NOT_NAMES = frozenset(
    "there all again everyone team you so much very sir madam customer regards for the from in at on and it is a an about what not just"
    " interested still sure sorry afraid happy glad looking shop store monday tuesday wednesday thursday friday saturday sunday".split()
)
_NOT_NAMES_ZH = frozenset("的这那他她哪各位名一两几女男老")


class Masker:
    """Masks texts of one conversation; `known` are names, addresses and numbers that stand for its shopper.

    With `ours`, which tells whether a folded word is one of the shop's own texts, a capitalised word within a sentence
    that is not is taken for a name.
    """

    def __init__(self, known: Iterable[str] = (), ours: Callable[[str], bool] | None = None) -> None:
        self._ours = ours
        forms = sorted({one.strip() for one in known if len(one.strip()) > 1}, key=len, reverse=True)
        self._known = re.compile("|".join(map(_form, forms)), _I) if forms else None

    def mask(self, text: str) -> str:
        """`text` with what is private as placeholders."""
        text = _EMAIL.sub("[email]", text)
        text = _LINK.sub("[link]", text)
        if self._known:
            text = self._known.sub("[name]", text)
        text = _STREET.sub("[address]", text)
        text = _STREET_ZH.sub("[address]", _HOUSE.sub("[address]", text))
        text = _ZIP.sub("[address]", _AT.sub(lambda found: f"{found['lead']}[address]", text))
        text = _CARD.sub("[number]", text)
        text = _ORDER.sub(lambda found: f"{found['lead'] or found['lead_zh'] or ''}[number]", text)
        text = _PHONE.sub("[phone]", _CODE.sub("[number]", _IBAN.sub("[number]", text)))
        text = _LONG.sub("[number]", text)
        text = _SAID_ZH.sub(_named_zh, _SAID.sub(_named, text))
        return _STRANGE.sub(self._strange, text) if self._ours else text

    def _strange(self, found: re.Match[str]) -> str:
        """A run of capitalised words with what in it is not the shop's masked; a lone word that opens a sentence is left."""
        words = found["who"].split()
        foreign = [place for place, word in enumerate(words) if not self._usual(word)]
        if not foreign or (found["open"] is not None and len(words) == 1):
            return found[0]
        return (found["open"] or "") + " ".join([*words[: foreign[0]], "[name]", *words[foreign[-1] + 1 :]])

    def _usual(self, word: str) -> bool:
        folded = word.casefold().strip("'’.").removesuffix("'s").removesuffix("’s")
        return folded in _USUAL or (self._ours is not None and self._ours(folded))


def known_of(customer: Customer | None) -> tuple[str, ...]:
    """What stands for a customer in a text: the names, the lines of the address, the e-mail address."""
    if customer is None:
        return ()
    address = customer.address
    first, last = customer.first_name, customer.last_name
    names = [customer.name, f"{last}{first}", f"{last} {first}", last] + ([first] if len(first) > 1 else [])
    return tuple(one for one in (*names, address.line1, address.line2, address.postcode, customer.email) if one)


def masked(texts: Sequence[str], known: Iterable[str] = ()) -> tuple[str, ...]:
    """Several texts of one conversation, masked."""
    masker = Masker(known)
    return tuple(masker.mask(text) for text in texts)


def _form(known: str) -> str:
    form = r"\s+".join(map(re.escape, known.split()))
    return form if has_cjk(known) else rf"(?<!\w){form}(?!\w)"


def _named(found: re.Match[str]) -> str:
    """A name that was given away; ordinary words that stand where a name could are left."""
    who = found["who"] or found["who2"] or found["who3"] or ""
    lead = found["lead"] or found["lead2"] or found["lead3"] or ""
    words = [word.casefold() for word in re.findall(r"[\w'’-]+", who)]
    return found[0] if words[0] in _NOT_NAMES else f"{lead}[name]"


def _named_zh(found: re.Match[str]) -> str:
    if found["tail"]:
        return found[0] if found["who2"] in _NOT_NAMES_ZH else f"[name]{found['tail']}"
    return f"{found['lead']}[name]"


def without_private(text: str) -> str:
    """The sentences of a masked text that hold no placeholder and are more than a greeting or a signature."""
    kept = [one for one in sentences(text) if not PLACEHOLDER.search(one) and not _COURTESY.match(one)]
    return ("" if has_cjk(text) else " ").join(kept)

"""What one message says by itself: limits, the catalogue's words, what it points at, and the wish that is left."""

import re
from dataclasses import dataclass, replace

from assistant.context import Context
from assistant.reading import change, limits
from assistant.reading.reference import Pointed, resolve
from assistant.reading.terms import Found, find_terms
from assistant.reading.vocabulary import Vocabulary
from assistant.types import Need
from assistant.verify.comparing import more_or_less
from catalog import Constraint, has_cjk


@dataclass(frozen=True, slots=True)
class Read:
    """What one message says by itself: its limits, the catalogue's words in it, what it points at, and the rest."""

    message: str
    limits: limits.Limits
    found: Found
    pointed: Pointed
    category: str | None
    wish: str

    @property
    def stated(self) -> tuple[Constraint, ...]:
        return (*self.found.constraints, *self.limits.constraints)


def read_message(message: str, context: Context, vocabulary: Vocabulary) -> Read:
    """Read one message; of the context only what is in view counts, and for whom it is."""
    limited = limits.read(message, vocabulary)
    rest = limited.cut_from(message)
    found = _in_context(
        find_terms(change.blanked(rest), vocabulary, priced=rest != message), message, context, vocabulary
    )
    only_allows = found.allowed and not found.kinds and not found.constraints and not _PREFERS.search(message)
    wish = "" if only_allows else _wish(rest)
    pointed = resolve(message, context.shown, context.focus)
    return Read(message, limited, found, pointed, _category(wish, vocabulary), wish)


def _in_context(found: Found, message: str, context: Context, vocabulary: Vocabulary) -> Found:
    """What a message names, less what only goes on about what is in view.

    "有麦克风吗" asks whether these have one, where listings of their category speak of it; and once it is known whom it
    is for, another person is only meant where something is for them ("she has a brother").
    """
    about = context.shown[0].category if context.shown else ""
    spoken = vocabulary.spoken_of.get(about, "")
    if has_cjk(message) and spoken and not _TO_SHOP_ZH.search(message):
        kinds = tuple(k for k in found.kinds if k.carried or not any(len(n) > 1 and n in spoken for n in k.forms))
        found = replace(found, kinds=kinds)
    if context.shown:  # "a lighter one" lights no fire
        found = replace(found, kinds=tuple(k for k in found.kinds if k.carried or not more_or_less(k.forms[0])))
    known = any(c.attribute == "Gender" for c in context.need.constraints)
    if known and not _FOR_WHOM.search(message):
        found = replace(found, constraints=tuple(c for c in found.constraints if c.attribute != "Gender"))
    return found


_TO_SHOP_ZH = re.compile("你们|店|卖|想|找|买|推荐|看看|还有")
_FOR_WHOM = re.compile(
    r"\bfor\b|\bgift\b|\b(?:wo)?men'?s?\b|\b(?:wo)?man'?s?\b|ladies|送|给|适合|[男女](?:士|款|式|生|性|的)?",
    re.IGNORECASE,
)


def proposes(read: Read) -> bool:
    """Whether a question proposes a wish: "what about leather?", "黑色的呢"."""
    return bool(read.stated) and re.search(r"\b(?:how|what) about\b|呢\W*$", read.message, re.IGNORECASE) is not None


def kinds_of(need: Need) -> tuple[str, ...]:
    """The forms of the kind of product that a need names."""
    kinds = [c.value for c in need.constraints if c.field == "type" and c.op in ("contains", "eq")]
    return kinds[0] if kinds and isinstance(kinds[0], tuple) else tuple(str(kind) for kind in kinds)


def moves_on(message: str) -> bool:
    """Whether something cheaper, dearer or simply else is wanted than what is in view."""
    others = change.wants_others(message) and not re.search(r"\bit\b|它", message, re.IGNORECASE)
    return others or change.wants_cheaper(message) or change.wants_dearer(message)


_OPEN = re.compile(
    r"^\W*(?:surprise me|(?:what(?:'s| is) |anything )?(?:new|popular|trending|good|on sale)|what do you (?:sell|have|carry|recommend)|(?:any |some )?"
    r"(?:recommendations?|suggestions?|ideas?)|(?:just |only )?(?:browsing|looking(?: around)?)|(?:can you |please )?(?:recommend|suggest)(?: something| me something)?"
    r"|(?:我)?(?:先|就)?随便看看|(?:有[什啥]么?|有没有什么)?推荐(?:一下|的|吗)?|有[什啥]么?(?:好的?|好东西|卖的?|新品|新的?|好推荐的?)|你们(?:这)?(?:都)?[有卖]?[卖有](?:什么|啥)(?:东西)?"
    r"|有新品吗|看看)\W*$",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:than |like )?(?:the )?(?:first|second|third|fourth|fifth|last) (?:one|option|item)s?\b|\b(?:no|yes|actually|please|pls|ok|instead)\b[,\s]*|\b(?:how|what) about\b"
    r"|比?第[一二三四五]个|(?:dollars?|bucks|budget)\b|预算|美元|块钱|^\W*(?:还是|那|改成|就)(?:要)?|[吧呢]\W*$",
    re.IGNORECASE,
)


def _wish(rest: str) -> str:
    """The message without its limits and without what only steers the search: the wish in words."""
    if _OPEN.match(rest):
        return ""
    return " ".join(_POINTING.sub(" ", change.without_talk(rest)).split()).strip(" ,.!?;:-，。！？；：、")


_PREFERS = re.compile(r"\b(?:preferably|ideally|maybe|perhaps)\b|最好|尽量|优先", re.IGNORECASE)
_LEADS_IN = re.compile(
    r"\b(?:only|just|show me|let me see|see|browse|what(?:'s| is| do)? ?(?:you)? ?(?:have|got|there|is)?|look at|all|anything|everything|something|in|the|your|section"
    r"|department|category|do you have|products?|items?|things?)\b|只[看要]|看看|有什么|有哪些|都有|商品|东西|类|的|吗|你们",
    re.IGNORECASE,
)


def _category(wish: str, vocabulary: Vocabulary) -> str | None:
    """The category that a message asks to see and nothing else; a name that is a kind's too is read as the kind."""
    name = " ".join(_LEADS_IN.sub(" ", wish).split()).strip(" ,.!?，。！？").casefold()
    named = vocabulary.categories.get(name)
    return named if named and (vocabulary.type_of(name) is None or wish.casefold() != name) else None

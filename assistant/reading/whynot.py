"""Questions for the reason that a product is not on the shelf, or is: "why not the Lumo lamp?", "为什么没有推荐它"."""

import re

_I = re.IGNORECASE
_WHY_NOT = re.compile(
    r"\bwhy (?:not(?! (?:something|anything|cheaper|any|some|an?|just|try|use|other)\b)|(?:is|are|was|were|did|do|does|would|have|has)n['’]?t)\b"
    r"|\bwhy (?:is|are|was|were|did|do|does|have|has) (?:you|it|this|that|the [\w' -]{1,60}?) not\b"
    r"|\bwhat(?:'s| is) wrong with\b"
    r"|(?:为[什啥]么?|怎么)(?:你们?)?(?:没有?|不|没给我?)(?:会)?(?:推荐|选|显示|出现|看到|列出|给我看|展示|提到|是|要)"
    r"|(?:为[什啥]么?|怎么)(?:没有?|不)(?:被)?(?:推荐|选|显示|出现|在|行|合适|符合|可以)",
    _I,
)
_WHY = re.compile(
    r"^\W*why (?:the|recommend|show|choose|pick|suggest)\b|为[什啥]么?(?:会|要)?(?:推荐|选|给我看|展示)(?!理由)", _I
)
_ABOUT_THE_SHOP = re.compile(r"\bcan['’]?t (?:i|you|we)\b|\b(?:deliver|ship|pay|return|refund)|送货|发货|退|付款", _I)
_TALK = re.compile(
    r"\b(?:why|not|(?:is|are|was|were|did|do|does|would|have|has)n['’]?t|is|are|was|were|did|do|does|have|has|you|it|they|be|been|what(?:'s)?|wrong|with|show(?:n|ing|ed)?|recommend(?:ed|ing)?|suggest(?:ed)?"
    r"|pick(?:ed)?|choose|chosen|list(?:ed)?|offer(?:ed)?|includ(?:e|ed)|mention(?:ed)?|me|us|here|there|on|in|among|the|list|shelf|results?|them|these|those|instead|then|that|this|a|an|and|but|so|ok|one|please)\b"
    r"|为[什啥]么?|怎么|没有?|不|被|会|要|推荐|选择?|显示|出现|看到|列出|给我看?|展示|提到|你们?|在(?:列表|货架|这)?里?上?|行|合适|符合|可以|那(?:款|个|件|盏)|这(?:款|个|件|盏)|呢|吗|啊|它|是|的\W*$",
    _I,
)


def asks_why_not(message: str) -> bool:
    """Whether the shopper asks why something is not shown or recommended."""
    return _WHY_NOT.search(message) is not None and _ABOUT_THE_SHOP.search(message) is None


def asks_why_named(message: str) -> bool:
    """Whether the shopper may ask why a product that the message names is recommended."""
    return _WHY.search(message) is not None


def name_in(message: str) -> str:
    """What such a question names, without the words that ask."""
    return " ".join(_TALK.sub(" ", message).split()).strip(" .,!?。，！？“”\"'「」")

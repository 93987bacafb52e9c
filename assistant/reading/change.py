"""How a message changes the search that is under way: cheaper, others, afresh, or a wish that no longer matters."""

import re

from assistant.reading.remembering import without_talk as without_memory_talk
from assistant.reading.steering import TALK
from catalog import Order

_I = re.IGNORECASE | re.ASCII  # an English word ends where a Chinese one begins: "cheaper的有吗"
_CHEAPER = re.compile(
    r"\b(?:(?<!the )(?:cheaper|more cheap|less (?:expensive|pricey|costly)|lower[- ](?:priced?|cost))|(?:lower|less|down) (?:in|on) (?:the )?price"
    r"|(?:go|get|come|any) lower|reduce the cost|more affordable|(?:pay|spend) less|budget[- ]friendly|a lot of money"
    r"|over (?:my |the )?budget|(?<!not )too (?:expensive|pricey|dear|costly|much money)|out of my (?:budget|price range))\b"
    r"|(?:更|再)(?:cheap|实惠|划算)|(?:cheap|划算)(?:一?[点些])|实惠一?[点些]|价(?:格|位|钱)?(?:再|更)?低(?:一?[点些])|(?:价格|价钱|价位)(?:太|有点|偏)高|超出?(?:了)?(?:我的)?预算"
    r"|(?<!不要)(?<!别)便宜(?:一?[点些])|更便宜|再便宜|(?<!不要)(?<![不别])太贵|有点贵|贵了",
    _I,
)
_DEARER = re.compile(
    r"\b(?:more expensive|pricier|higher[- ]end|more premium|fancier|more upscale)\b|贵(?:一?[点些])|更贵|高档(?:一?点)?",
    _I,
)
_TOLERATES = re.compile(
    r"(?:more expensive|pricier) (?:is|are|one is|ones are) (?:ok(?:ay)?|fine)|贵一?[点些](?:的)?(?:也|都)?(?:行|可以|没关系|没事|无所谓|好)",
    _I,
)
_MODEST = re.compile(r"\bnot too (?:expensive|pricey|dear)\b|(?:不要?|别)太?贵的?", _I)
_OTHERS = re.compile(
    r"\b(?:something (?:else|different)|(?:any |show me |see |the |some )?others?\b(?! than)|another(?: one)?|different ones?|more options|what else|anything else"
    r"|(?:don't|do not) like (?:any of )?(?:them|these|those|it)|none of (?:them|these|those)|not (?:these|those)|show (?:me )?more|alternatives?|(?:a few|some) more"
    r"|not (?:really )?(?:keen on|into|fond of) (?:any of )?(?:them|these|those))\b"
    r"|换[一几点][批个些下款样]?|换个|(?:再|多)(?:来|看|推荐|找|给我看)(?:几|一些|点)[个款样]?|下一[批组页]|还有吗|(?:别|其[他它])的|其[他它](?:款|选择|样式)"
    r"|(?:都|这些|这几[个款]).{0,3}不(?:太)?(?:喜欢|满意|合适|要|想要|行)|不太?喜欢这",
    _I,
)
_FRESH = re.compile(
    r"\b(?:start over|start again|new search|forget (?:it|that|everything|all that)|reset|clear (?:all|everything))\b|重新开始|重新来|从头来|清空|(?<!预)算了",
    _I,
)
_IN_STOCK = re.compile(r"\b(?:in stock|available now|ready to ship)\b|有现?货|现货", _I)

_ORDERS: dict[Order, re.Pattern[str]] = {
    "cheapest": re.compile(r"\b(?:cheapest|least expensive|lowest[- ]priced?)\b|最便宜|价格最低|最低价", _I),
    "dearest": re.compile(r"\b(?:most expensive|dearest|priciest|highest[- ]priced?)\b|最贵|价格最高", _I),
    "best rated": re.compile(
        r"\b(?:best|top|highest)[- ]rat(?:ed|ing)\b|\bbest reviews?\b|评分最高|评价最[好高]|口碑最好", _I
    ),
}
_FIELDS = {
    "price": (r"prices?|budget|cost|money", "价格|价钱|价位|预算|多少钱|钱"),
    "attributes.Color": (r"colou?rs?", "颜色|色"),
    "attributes.Material": (r"materials?|fabrics?", "材质|材料|面料"),
    "brand": (r"brands?|makes?", "品牌|牌子"),
    "attributes.Size": (r"sizes?", "尺码|尺寸|大小|码数"),
    "rating": (r"ratings?|stars|reviews", "评分|星级"),
    "in_stock": (r"stock|availability", "现货|库存"),
    "attributes.Weight": (r"weight", "重量"),
    "attributes.Capacity": (r"capacity", "容量"),
}
_DROPPED_EN = (
    r"\b(?:any|whatever|whichever|no (?:particular )?(?:preference (?:for|on|in)|limit on)|forget(?: about)?|drop|remove|ignore|never ?mind"
    r"|(?:don['’]?t|do not) (?:care|mind|worry)(?: about| what| which)?(?: it)?|not (?:fussy|picky|bothered) about|regardless of|skip|no)"
    r" (?:the |my |any )?(?:{en})\b(?! (?:but|except|other than))(?: (?:limit|filter|requirement|is|will do))*(?: (?:fine|ok(?:ay)?))?"
    r"|\b(?:the |my )?(?:{en}) (?:doesn['’]?t|does not|don['’]?t|do not|isn['’]?t|is not|is no)(?: really)? (?:matter|important|(?:an? )?(?:issue|object|problem|concern|factor))\b"
    r"|\b(?:{en}) (?:is|are) (?:irrelevant|flexible|open|not important)\b"
)
_DROPPED_ZH = (
    r"(?:不限|不考虑|不管|不用管|不在乎|忽略|去掉|取消|别管|随便什么)(?:什么)?(?:{zh})(?:的?(?:限制|要求))?了?|(?:什么|多少)(?:{zh})都(?:可以|行|好)|随便(?:{zh})"
    r"|(?:{zh})(?:都|也)?(?:无所谓|不限|随便|随意|不重要|没关系|没要求|不是问题|都可以|都行|不用考虑)"
)
_DROPPED = {
    field: re.compile(f"{_DROPPED_EN.format(en=en)}|{_DROPPED_ZH.format(zh=zh)}", _I)
    for field, (en, zh) in _FIELDS.items()
}
_CAUSE = re.compile(  # who is to blame that a new one is needed
    r"\b(?:the|my|our) [a-z]+ (?=(?:has |have |just |done |totally )*(?:chewed|ate|eaten|broke|broken|ruined|destroyed|lost|stole|killed|scratched|spilled|smashed|dropped)\b)"
    r"|(?:狗狗?|猫咪?|孩子|娃儿?|宝宝|儿子|女儿)(?=(?:又|刚|昨天|今天)?(?:把|给我|弄|摔|拆|[咬吃打](?:坏|了|烂|破|掉|碎|翻)))",
    _I,
)
_PURSE = re.compile(  # what money is said to do to purses and to what one is made of: nothing is asked for
    r"\b(?:my|the|your) (?:wallet|purse)s?(?: strings)? "
    r"(?=(?:(?:is|are) (?:so |already |really |very )?(?:cry|weep|hurt|bleed|scream|dy)ing"
    r"|(?:is|are) (?:empty|thin|light)|can'?t|cannot|won'?t|says?|hurts?|cries|cry|weeps?|screams?|tightens?|taps? out|gives? out)\b)"
    r"|(?:钱包|荷包|口袋|腰包)(?=(?:都|要|在|快|已经?|有点|真的?)*(?:哭|疼|痛|扁|瘪|空|见底|吃[紧不]|不允许|受不了|顶不住|滴血|缩水|告急))"
    r"|(?:[肉心]|(?<!就)头)(?=[疼痛])|(?:收到|发|抢到?|有)了?个?红包|\bgift (?:card|voucher)s?(?= (?:w/|with|worth|for))",
    _I,
)
_RECALLS = re.compile(  # a word of a name that was seen before
    r"\b(?:in|on|within) (?:the|its|their|his) (?:\w+ )?(?:name|title)s?\b|\b(?:name|title) (?:\w+ )?(?:had|has|was|started|began|contained|included)\b"
    r"|\b(?:had|has|having) the word\b|\bthe word [“\"']?\w+|\bone (?:that|which) said\b|^\W*\w+ something\W*$|, ?\w+ something\W*$"
    r"|\b(?:can'?t|cannot|don'?t|do not) (?:quite )?(?:remember|recall) (?:the|its|what)\b"
    r"|(?:名字?|标题|品名)(?:里|中|上)|(?:记得|好像|似乎|印象)[^，。！？]{0,6}(?:名字?|标题|叫)",
    _I,
)
_WITHOUT = re.compile(r"^\s*(?:without|不限)\s*[“\"「](.+)[”\"」]\W*$", re.IGNORECASE)
_BACK = re.compile(
    r"\b(?:back (?:to|on|onto)|return(?:ing)? to|again|from (?:before|earlier))\b"
    r"|回到|看回|回头看|^\W*回|[返退倒切说聊]回|[回返]去|回退|上一?个?(?:品类|类|种|样)|那一?[页批波]|再(?:给我)?看|再[\u4e00-\u9fff]{1,4}?一?[眼遍次]|(?:刚才|刚刚|之前|先前|早先|前面)(?:给?我?(?:看|说|找|推荐))?过?的|^\W*还是",
    _I,
)
_TALK = re.compile(
    r"\b(?:(?:i'm |so )?sorry|oops|my mistake|i mean(?:t)?|let'?s (?:say|go)|hang on|wait|(?:change|make|set) (?:that|it) to"
    r"|(?:i'?d|i would|we'?d) rather(?: (?:spend|pay|avoid|not|have|it))*|(?:i |we )?(?:don'?t|do not) (?:want to|wish to|like to) (?:pay|spend))\b[,.!]*"
    r"|\b(?:(?:many )?thanks|thank you|thank u|thx|ty|cheers)(?: (?:so much|very much|kindly|a lot|a bunch|again|in advance))?[,.!]*(?=\W|$)"
    r"|(?:我)?(?:说|打|写)错了?|避开|(?<!对)不对|我(?:的意思)?是说|(?:我)?(?:重新说|改一下)(?:一下)?",
    _I,
)


def order_wanted(wish: str) -> Order | None:
    """The superlative that a wish asks for, if it asks for one: "the cheapest tent"."""
    return next((order for order, pattern in _ORDERS.items() if pattern.search(wish)), None)


def wants_cheaper(message: str) -> bool:
    """Whether something cheaper is wanted."""
    return _CHEAPER.search(message) is not None


def wants_dearer(message: str) -> bool:
    """Whether something dearer is wanted, and not merely tolerated."""
    return _DEARER.search(message) is not None and _TOLERATES.search(message) is None


def wants_others(message: str) -> bool:
    """Whether other products than those shown are wanted."""
    return _OTHERS.search(message) is not None


def wants_fresh_start(message: str) -> bool:
    """Whether the shopper starts over."""
    return _FRESH.search(message) is not None and not released(message)


def wants_stock(message: str) -> bool:
    """Whether the shopper insists on stock."""
    return _IN_STOCK.search(message) is not None and "in_stock" not in released(message)


def released(message: str) -> frozenset[str]:
    """The fields that the shopper no longer cares about."""
    found = {field for field, pattern in _DROPPED.items() if pattern.search(message)}
    return frozenset(found | {"price"} if _TOLERATES.search(message) else found)


def recalls_name(message: str) -> bool:
    """Whether a word is told that the shopper remembers of a name."""
    return _RECALLS.search(message) is not None


def goes_back(message: str) -> bool:
    """Whether what was looked for before is to be looked for again, where the message names it."""
    return _BACK.search(message) is not None


def blanked(message: str) -> str:
    """The message with blanks in the place of what names nothing that is wished for: the dog that chewed up the old one."""
    for pattern in (*_DROPPED.values(), _CAUSE, _PURSE):
        message = pattern.sub(lambda found: " " * len(found[0]), message)
    return message


def dropped_wish(message: str) -> str | None:
    """The words of the one wish that a quick reply drops: Without “up to $60”."""
    match = _WITHOUT.match(message)
    return match[1].strip() if match else None


def without_talk(message: str) -> str:
    """The message without the phrases that are read here: they change the search and are not what is searched for."""
    message = without_memory_talk(message)
    for pattern in (
        *_DROPPED.values(),
        _TALK,
        _TOLERATES,
        _MODEST,
        _CHEAPER,
        _DEARER,
        *TALK,
        _OTHERS,
        _FRESH,
        _IN_STOCK,
    ):
        message = pattern.sub(" ", message)
    return message

"""What a message wants of the assistant: products, an answer, a comparison, the shop's rules, a person, or just a word."""

import re
from typing import Literal

Intent = Literal["search", "question", "compare", "policy", "person", "greeting", "thanks", "bargain"]

_I = re.IGNORECASE
_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|good (?:morning|evening|afternoon)|你好|您好|嗨|哈喽|早上好|晚上好)(?: there)?\W*$", _I
)
_THANKS = re.compile(
    r"^\W*(?:ok(?:ay)?,? )?(?:thanks?(?: you)?(?: (?:so|very) much)?|thx|cheers|great|perfect|bye|谢谢你?|多谢|好的谢谢|再见|好的|太好了)\W*$",
    _I,
)
_PERSON = re.compile(
    r"\b(?:(?:speak|talk|chat) (?:to|with) (?:a |an |someone|somebody)(?:real |human )?(?:person|human|agent|representative|staff)?"
    r"|real person|human agent|live agent|customer service)\b|转人工|人工客服|真人|找客服|联系客服",
    _I,
)
_BARGAIN = re.compile(
    r"\b(?:ignore (?:all |your |the )?(?:previous|prior|above)|system prompt|your (?:instructions|prompt)|developer mode"
    r"|give me (?:a |an )?(?:\d+ ?% )?(?:discount|coupon|promo)|(?:sell|let me have) (?:it|this|me).{0,20} for (?:\$|only|just)"
    r"|change the price|lower the price|make it free)\b"
    r"|忽略(?:之前|以上|前面)|系统提示|提示词|打[一二三四五六七八九\d]+折|给我(?:个|点)?(?:折扣|优惠)|便宜点卖|改(?:一下)?价格|免费给我|送给我(?:吧|一个)",
    _I,
)
_POLICY = re.compile(
    r"\b(?:deliver(?:y|ies|ed)?|ship(?:ping|ped|ment|s)?|return(?:s|ed|ing)?|refunds?|exchange|warranty|guarantee|pay(?:ment|ing)?|invoice"
    r"|credit card|paypal|gift wrap(?:ping)?|track(?:ing)?|cancel|opening hours|international)\b"
    r"|配送|发货|快递|物流|运费|包邮|送货|退货|退换|换货|退款|保修|质保|付款|支付|发票|取消订单|礼品包装|海外|信用卡",
    _I,
)
_COMPARE = re.compile(
    r"\b(?:compare|comparison|versus|vs\.?|difference between|which (?:one )?(?:is|of|should|would))\b|对比|比较一下|比较|区别|哪个更|哪款更|哪一个|选哪",
    _I,
)
_ASKING = re.compile(
    r"\?|？|^\s*(?:is|are|does|do|did|can|could|will|would|has|have|how|what|which|when|where|why|who)\b"
    r"|吗|呢|么|多少|多大|多重|多长|多高|几|怎么|如何|什么|哪|是不是|有没有|能不能|可不可以|会不会|可以",
    _I,
)
_SEARCHING = re.compile(
    r"\b(?:do you (?:have|sell|carry|stock)|have you got|got any|show me|find me|i(?:'m| am) (?:looking|searching|shopping)|looking for|search for"
    r"|i(?:'d| would)? (?:need|want|like)|recommend|suggest|any other|another|cheaper|less expensive|what (?:do you have|else)"
    r"|gift for|(?:can|could) you (?:find|show|recommend|suggest))\b"
    r"|有没有.{0,12}(?:卖|推荐)|有没有便宜|想买|想要|推荐|找一|找个|帮我找|来一|买一|买个|送.{0,4}(?:礼物|礼品)|便宜(?:一)?点|更便宜|换一|还有(?:别|其)|有什么",
    _I,
)
_ABOUT_IT = re.compile(
    r"^\s*(?:(?:and|but|ok|so),? )?(?:is|are|does|do|did|can|could|will|would|has|how|what(?:'s| is| are| does)|which|who|why|where)\b(?! you)"
    r"|吗[？?]?\s*$|多少|多大|多重|多长|多高|几|怎么样|如何|是不是|能不能|可不可以|会不会|好不好",
    _I,
)
_RELATIVE_CHEAPER = re.compile(
    r"\b(?:cheaper|less expensive|lower price[ds]?|more affordable)\b|便宜(?:一)?点|更便宜|再便宜", _I
)
_RELATIVE_DEARER = re.compile(
    r"\b(?:more expensive|pricier|higher[- ]end|more premium)\b|贵(?:一)?点|更贵|高档(?:一)?点", _I
)
_OTHERS = re.compile(
    r"\b(?:something (?:else|different)|others?|another|different ones?|more options|what else)\b|换一批|换一个|还有别的|其他的|别的",
    _I,
)
_ANY = {
    "price": re.compile(r"\b(?:any (?:price|budget)|price (?:doesn't|does not) matter|no budget|forget the (?:price|budget))\b|价格无所谓|不限价格|预算不限", _I),
    "attributes.Color": re.compile(r"\b(?:any colou?r|colou?r (?:doesn't|does not) matter)\b|颜色无所谓|什么颜色都", _I),
    "attributes.Material": re.compile(r"\bany material\b|材质无所谓|什么材质都", _I),
    "brand": re.compile(r"\bany brand\b|品牌无所谓|什么牌子都", _I),
}  # fmt: skip
_FRESH = re.compile(r"\b(?:start over|new search|forget (?:it|that|everything)|reset)\b|重新开始|重新来|算了换", _I)
_IN_STOCK = re.compile(r"\b(?:in stock|available now)\b|有货|现货", _I)


def intent_of(message: str, *, targets: int, has_type: bool, shown: bool) -> Intent:
    """The intent of `message`; `targets` counts the shown products it points at, `has_type` whether it names a kind."""
    if _GREETING.match(message):
        return "greeting"
    if _THANKS.match(message):
        return "thanks"
    if _BARGAIN.search(message):
        return "bargain"
    if _PERSON.search(message):
        return "person"
    searching = _SEARCHING.search(message) is not None
    if _COMPARE.search(message) and shown and (targets >= 2 or not (searching or has_type)):
        return "compare"
    if _POLICY.search(message) and not (searching and has_type):
        return "policy"
    if targets and not searching and (_ASKING.search(message) or not has_type):
        return "question"
    return "search"


def goes_on(message: str) -> bool:
    """Whether `message` has the form of a question about what is in view, rather than a new wish."""
    return _ABOUT_IT.search(message) is not None and _SEARCHING.search(message) is None


def wants_cheaper(message: str) -> bool:
    """Whether something cheaper is wanted."""
    return _RELATIVE_CHEAPER.search(message) is not None


def wants_dearer(message: str) -> bool:
    """Whether something dearer is wanted."""
    return _RELATIVE_DEARER.search(message) is not None


def wants_others(message: str) -> bool:
    """Whether other products than those shown are wanted."""
    return _OTHERS.search(message) is not None


def wants_fresh_start(message: str) -> bool:
    """Whether the shopper starts over."""
    return _FRESH.search(message) is not None


def wants_stock(message: str) -> bool:
    """Whether the shopper insists on stock."""
    return _IN_STOCK.search(message) is not None


def released(message: str) -> frozenset[str]:
    """The fields that the shopper no longer cares about."""
    return frozenset(field for field, pattern in _ANY.items() if pattern.search(message))

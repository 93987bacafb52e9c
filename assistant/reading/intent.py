"""What a message wants of the assistant: products, an answer, a comparison, the shop's rules, a person, or just a word."""

import re
from typing import Literal

Intent = Literal[
    "search",
    "question",
    "compare",
    "pick",
    "why",
    "beyond",
    "policy",
    "person",
    "service",
    "complaint",
    "greeting",
    "thanks",
    "bargain",
    "ask_shop",
    "notify",
    "mail",
    "undo",
    "which",
    "why_not",
    "show",
    "cart",
    "memory",
    "orders",
]

_I = re.IGNORECASE
_GREETING = re.compile(
    r"^\W*(?:(?:hi|hiya|hello|hey|good (?:morning|evening|afternoon|day)|你好|您好|嗨|哈喽|哈罗|早上好|晚上好|下午好|在吗|在不在|有人吗"
    r"|there|anyone (?:there|here)|everyone|亲|呀|啊)\W*)+$",
    _I,
)
_THANKS = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|thanks?(?: you)?(?: (?:so|very) much| a lot)?|thank u|thx|ty|cheers|great|perfect|cool|awesome|lovely|nice|got it"
    r"|sounds good|that(?:'s| is) (?:all|great|perfect|it|helpful)|no|bye|goodbye|谢谢[你您啦了]?|多谢|感谢|好的?|嗯+|行|再见|拜拜|太好了|知道了|明白了|不用了)\W*)+$",
    _I,
)
_ALSO_AN_ANSWER = re.compile(r"^\W*(?:no|nice|cool)\W*$", _I)
_PERSON = re.compile(
    r"\b(?:(?:speak|talk|chat) (?:to|with) (?:a |an )?(?:real |live |human )?(?:someone|somebody|person|human|agent|representative|staff)"
    r"|(?:real|live|human) (?:person|agent|human|being)|customer (?:service|support)|call me back)\b"
    r"|^\W*(?:human|agent|representative)(?: please)?\W*$|转人工|人工(?:客服|服务)?\W*$|人工客服|真人|[找联]系?(?:一下)?客服|客服(?:在吗|呢)",
    _I,
)
_BARGAIN = re.compile(
    r"\b(?:ignore (?:all |your |the )?(?:previous|prior|above)(?! (?:limit|budget|price|amount|sum|figure|colou?r|size|filter)s?\b)"
    r"|system prompt|your (?:instructions|prompt)|developer mode"
    r"|(?:give|get|offer|have) (?:me |us )?(?:a |an |any |some )?(?:\d+ ?% )?(?:discount|coupon|promo|money off)"
    r"|(?:sell|let me have|do|give|get|have|take|buy) (?:it|this|that|them|me (?:it|this|that))\b.{0,20}\bfor (?:[$¥€£]|only|just|\d+)"
    r"|(?:change|lower|drop|reduce|cut) the price(?! (?:limit|range|filter|cap))|make it (?:free|cheaper)|(?:your )?best price|haggle|knock .{1,12} off)\b"
    r"|忽略(?:之前|以上|前面)(?!的?(?:预算|价[格位钱]|上限|金额|颜色|尺[码寸]))|系统提示|提示词|打(?:个|点)?[一二三四五六七八九\d]*折|给我(?:个|点)?(?:折扣|优惠)|便宜点?卖|改(?:一下)?价|免费给我|送给我(?:吧|一个)"
    r"|(?:能|可以|可不可以|能不能|可否).{0,3}便宜(?:一?[点些]|多少)?(?:吗|么|嘛|不)?\W*$|(?:能|可以).{0,3}(?:优惠|打折|讲价|砍价)|还价|最低(?:价(?!的?[那这]|格?的)|多少)|抹零",
    _I,
)
_POLICY_ACT = re.compile(
    r"\b(?:return|exchange|refund|cancel|track|send back|sent back) (?:it|this|that|them|these|my|the|an?)\b|money back"
    r"|(?:send|bring|take|give) (?:it|this|that|them|these) back|\bwhen (?:will|would|does|do|can) (?:it|they|my [a-z]+) (?:arrive|come|get here|be delivered)"
    r"|\bwhat (?:if|happens (?:if|when)) (?:it|they|something) (?:breaks?|is (?:broken|damaged|faulty)|arrives? (?:broken|damaged))"
    r"|\bhow (?:do|can|may|should) (?:i|we) (?:pay|return|track|cancel)"
    r"|\b(?:reach|contact|call|phone|email|e-mail|write to|get in touch with) (?:you|the shop|the store|us)\b|\bcontact details\b|\byour (?:phone number|e-?mail|address)\b"
    r"|\bwhere(?:'s| is| are) my (?:order|parcel|package|delivery|stuff|things)\b|\bgift[- ]?wrap(?:ped|ping)?\b(?! paper)|\bwrap (?:it|this|that|them|gifts?|presents?|my)\b"
    r"|退[货款掉换了]|[能可]以?退吗|换货|取消订单|怎么(?:付款|支付|退)|多久(?:才|就)?(?:能|可以|会)?(?:送|到|发|寄)|几天(?:能|可以|会)?(?:送|到|发|寄)|礼品?包装|联系(?:你们|店家|商家|店铺|方式)",
    _I,
)
_POLICY = re.compile(
    r"\b(?:deliver(?:y|ies|ed)?|ship(?:s|ping|ped|ment|ments)?|returns?|returned|returning|returnable|refunds?|refundable|exchanges?"
    r"|warrant(?:y|ies)|guarantees?|payments?|pay (?:with|by|via|in|on)|invoices?|credit cards?|paypal|gift[- ]?wrap(?:ped|ping)?(?! paper)"
    r"|gift cards?(?! (?:w/|with|worth|for) ?[$€£]?\d)|tracking|cancellations?|opening hours|loyalty|sales tax|discount codes?|discounts?|coupons?|price match(?:ing)?)\b"
    r"|配送|发货|快递|物流|运费|包邮|送货|退换|保修|质保|付款|支付|发票|礼品包装|礼品卡|信用卡|多久(?:能|可以)?到|几天(?:能|可以)?到|优惠[码券]|折扣|打折|海外|运到|寄到",
    _I,
)
_COMPARE = re.compile(
    r"\b(?:compare|comparison|versus|vs\.?|differences?|differ|which (?:one |of (?:them|these|those|the (?:two|three|four)) )?(?:is|are|should|would|do you)"
    r"|how do (?:they|these) compare|better than|side by side)\b"
    r"|对比|比一[下比]|差在哪|怎么选|不同|比较一下|比较(?![便贵轻重大小长短高低实划省平])|区别|差别|哪(?:个|款|一个|一款)(?:更|好|比较)|哪(?:一)?[个款件双条]最|哪一个|选哪|买哪",
    _I,
)
_PICK = re.compile(
    r"\bwhich (?:one |of (?:these|them|those) |would |should |do ){0,2}(?:you|i) (?:would |should )?(?:pick|choose|recommend|suggest|buy|get|take|go (?:for|with)|prefer)\b"
    r"|\bwhat (?:would|do|should) (?:you|i) (?:recommend|suggest|pick|choose)\b(?! for| to)|\bhelp me (?:choose|decide|pick)\b"
    r"|\b(?:what(?:'s| is) )?your (?:pick|favou?rite|recommendation)\b|\bwhich (?:one )?is (?:the )?best\b(?! rated)"
    r"|你(?:会|最)?(?:推荐|选|建议)哪|哪(?:一)?[个款件双].{0,3}(?:最好|最适合|最值得|值得买|推荐)|帮我(?:选|挑|决定)|(?:该|应该)?(?:选|买)哪",
    _I,
)
_WHY = re.compile(
    r"\bwhy (?:this|that|these|the [a-z]+ one|(?:did|do|would) you (?:show|recommend|pick|suggest|choose)|(?:is|are) (?:it|this|that|they|these) (?:here|on|first|recommended)"
    r"|(?:was|were|is|are|show)\b.{0,30}\b(?:picked|chosen|recommended|suggested|listed|shown|on the (?:list|shelf)|me))\b"
    r"|\bwhat makes you (?:recommend|pick|suggest|choose|show)\b|\breasons? (?:for|behind) (?:the|this|that)\b"
    r"|(?:为[什啥]么?|凭[什啥]么).{0,4}(?:推荐|选|是这|给我看)|推荐.{0,6}(?:理由|原因)",
    _I,
)
_TO_SHOP = re.compile(
    r"\b(?:do|can|could|will|would|are|have) (?:you|i|we)\b|\bhow (?:do|can|should|long|much)\b|\bwhere (?:is|are) my\b|\bwhat (?:if|happens)\b|\bi (?:want|need|would like) to\b"
    r"|\bmy (?:order|parcel|package|delivery|card)\b|你们|店里|店家|本店|我的(?:订单|包裹|快递)|可以.{0,12}吗|能.{0,10}吗|怎么|如何|多久|几点",
    _I,
)
_ASKING = re.compile(
    r"\?|？|^\s*(?:(?:and|but|ok|so|also),? )?(?:is|are|does|do|did|can|could|will|would|has|have|how|what|what's|which|when|where|why|who)\b"
    r"|[吗呢么嘛]\W*$|多少|多大|多重|多长|多高|多宽|多久|几|怎么|如何|什么|哪|是不是|有没有|能不能|可不可以|会不会|(.)不\1",
    _I,
)
_TELL = re.compile(
    r"\b(?:tell me|more (?:about|info|information|details?)|details?|describe|explain)\b|介绍|详细|说说|讲讲|了解一下",
    _I,
)
_SEARCHING = re.compile(
    r"\b(?:do you (?:have|sell|carry|stock)|have you got|got any|(?:show|find|get|give) me(?! (?:the|its|their) (?:price|cost|weight|size|material|details?|brand|measurements)\b)"
    r"|i(?:'?m| am) (?:looking|searching|shopping|after)"
    r"|looking for|search for|i(?:'?d| would)? (?:also |really |still )?(?:need|want|like|prefer)\b(?! to know)|recommend|suggest|any other|another"
    r"|(?<!the )(?:cheaper|less expensive)|not (?:these|those|that one)|none of (?:them|these|those)|what (?:do you have|else|other)|gift for"
    r"|(?:can|could) you (?:find|show|recommend|suggest)|(?:is|are) there .{0,28}\b(?:ones?|options?|versions?|models?)\b"
    r"|anything (?:in|under|for|cheaper|smaller|bigger|else|similar)|any (?:in|with|that|for|under))\b"
    r"|有没有.{0,12}(?:卖|推荐)|有没有便宜|有没有.{1,8}的\W*$|^\W*(?:那|还)?有.{1,8}的(?:吗|么|嘛|没)?\W*$|想买|想要|想找|想看|我要|推荐|找[一个双款条件]"
    r"|帮我找|来[一个]|买[一个双件]|送.{0,4}(?:礼物|礼品)|有便宜|更便宜的|便宜(?:一?[点些])的?\W*$|换[一个]|还有(?:别|其)|有什么(?!区别|不同|颜色|尺)|看看"
    r"|卖不卖|卖.{1,8}吗|有卖|都不(?:喜欢|要|合适|满意)",
    _I,
)
_OF_IT = re.compile(
    r"\b(?:have|got|sell|get|want) (?:it|this|that|these|them|this one|that one)\b.{0,6}\bin\b|[这那](?:个|款|件|双|种)有",
    _I,
)
_LEFT = re.compile(
    r"\bhow many\b.{0,24}\b(?:left|in stock|available)\b|(?:还|库存)[有剩]?(?:多少|几)[件个双台]?|还剩", _I
)
_ANOTHER = re.compile(
    r"\b(?:(?:how|what) about (?:an?|one|something|the .{1,20} ones)|(?:an?|any|the) \w+ ones?\b|one (?:that|with|for|in)\b)",
    _I,
)
_ABOUT_IT = re.compile(
    r"^\s*(?:(?:and|but|ok|so|also),? )?(?:is|are|does|do|did|can|could|will|would|has|have|how|what(?:'s| is| are| does)?|which|who|why|where)\b"
    r"(?! (?:you|i find)\b)|^\s*(?:and )?(?:the|its) [a-z]+(?: (?!one)[a-z]+)?\?\s*$"
    r"|[吗么嘛][？?]?\s*$|^.{1,5}呢[？?]?\s*$|多少|多大|多重|多长|多高|多宽|多久|几|怎么样|如何|是不是|能不能|可不可以|会不会|(.)不\1",
    _I,
)
_DEMANDS = re.compile(
    r"^\W*(?:it|they|this|that) (?:must|should|has to|have to|needs? to|shouldn'?t|mustn'?t|can'?t)\b", _I
)


def intent_of(
    message: str,
    *,
    targets: int,
    sure: bool,
    goes_on: bool,
    has_kind: bool,
    states: bool,
    shown: bool,
    moves: bool = False,
) -> Intent:
    """The intent of `message`, of which the words are read here and the rest is given.

    `targets` counts the shown products it points at, `sure` if it named or counted them, and `goes_on` tells that it
    asks on about what is in view; `has_kind` and `states` tell whether it names a kind of product and whether it states
    any wish that could be searched for, `moves` whether it finds what is in view too dear or too cheap.
    """
    message = _apart(message)
    word = _mere_word(message, shown)
    if word:
        return word
    searching = _SEARCHING.search(message) is not None and _OF_IT.search(message) is None
    asking = _ASKING.search(message) is not None
    beside = _of_the_shelf(message, targets, searching or has_kind or (moves and not sure)) if shown else None
    if beside:
        return beside
    if _POLICY_ACT.search(message) or (_POLICY.search(message) and not (has_kind and (searching or not asking))):
        return "policy"
    if shown and moves and not _FORMAL.match(message) and not (sure and asking):
        return "search"
    if goes_on:
        return "question"
    if _DEMANDS.search(message):
        return "search"
    if targets and not (searching and not (sure and asks_on(message))):
        if asking or _TELL.search(message):
            return "question"
        return "search" if has_kind or states else "question"
    return "search"


_TOUCHING = re.compile(r"(?<=[a-z]{2})(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[a-z]{2})", _I)
_FORMAL = re.compile(r"^\W*(?:is|are|was|does|did|which|why|how)\b(?! about)", _I)


def _apart(message: str) -> str:
    """The message with a blank between an English word and a Chinese one, which are written together."""
    return _TOUCHING.sub(" ", message)


def _mere_word(message: str, shown: bool) -> Intent | None:
    if _GREETING.match(message):
        return "greeting"
    if _THANKS.match(message) and not (shown and _ALSO_AN_ANSWER.match(message)):
        return "thanks"
    if _BARGAIN.search(message):
        return "bargain"
    return "person" if _PERSON.search(message) else None


def _of_the_shelf(message: str, targets: int, looks_further: bool) -> Intent | None:
    if targets < 2 and _PICK.search(message):
        return "pick"
    if _WHY.search(message):
        return "why"
    return "compare" if _compares(message, targets, looks_further) else None


def _compares(message: str, targets: int, looks_further: bool) -> bool:
    if targets >= 2:
        return _COMPARE.search(message) is not None or re.search(r"\bor\b|还是", message, _I) is not None
    said = _COMPARE.search(message)
    return said is not None and not looks_further and (targets == 0 or _OUTRIGHT.search(said[0]) is not None)


_OUTRIGHT = re.compile(r"compar|versus|vs|differ|对比|比较|区别|差别", _I)


def asks_to_see(message: str) -> bool:
    """Whether `message` asks, in so many words, for something to buy."""
    return _SEARCHING.search(message) is not None


def bargains(message: str) -> bool:
    """Whether `message` haggles or asks to set the shop's rules aside."""
    return _BARGAIN.search(message) is not None


def is_courtesy(message: str) -> bool:
    """Whether `message` greets or thanks and says nothing more."""
    return (_GREETING.match(message) or _THANKS.match(message)) is not None


def outranks_cart(message: str, *, rules: bool = False) -> bool:
    """Whether `message` bargains, asks for a person or about returns and the like, whatever it says of a cart.

    With `rules` also where it only speaks of something that the shop's rules are about.
    """
    return any(words.search(message) for words in (_BARGAIN, _PERSON, _POLICY_ACT, *([_POLICY] if rules else [])))


def asks_shop(message: str) -> bool:
    """Whether `message` may be a question to the shop itself rather than a wish: "do you wrap gifts?"."""
    return _TO_SHOP.search(message) is not None


def asks_on(message: str) -> bool:
    """Whether `message` has the form of a question about what is in view, rather than of a new wish."""
    message = _apart(message)
    looks = _SEARCHING.search(message) is not None or _ANOTHER.search(message) is not None
    if _LEFT.search(message):
        return True
    return _OF_IT.search(message) is not None or (_ABOUT_IT.search(message) is not None and not looks)


def asks_of_one(message: str) -> bool:
    """Whether `message` asks something of one product that it describes: "how much is the green one?"."""
    message = _apart(message)
    wishes = _SEARCHING.search(message) is not None or re.search(r"\b(?:how|what) about\b", message, _I) is not None
    return _ABOUT_IT.search(message) is not None and not wishes


def asks_which(message: str) -> bool:
    """Whether `message` asks which of what is in view it is, and nothing more of it: "which is the cheapest?"."""
    return _WHICH.search(message) is not None


_WHICH = re.compile(
    r"^\W*(?:(?:and|so|ok),? )?(?:which|what)(?:'s| (?:one )?(?:is|has)| of (?:them|these|those) (?:is|has))(?: the)?(?: [a-z-]+){1,3}"
    r"(?: (?:of|among|out of) (?:them|these|those|the [a-z]+|all))?\W*$"
    r"|哪(?:一)?[个款件双条].{0,4}(?:最(?!好\W*$)|评分最高|评价最[好高])|最.{1,4}的?是哪",
    _I,
)

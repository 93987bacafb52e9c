"""Limits in a message: "under $60", "两百块以内", "not more than 1.5 L", "4 stars or more", "50-80". Knows no catalogue."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from assistant.reading.amount import NUMBER, amount
from catalog import Constraint, Op, has_cjk, measure, minor_units


@dataclass(frozen=True, slots=True)
class Bound:
    """One limit found in a message. `currency` is an ISO code or "", `span` is where it stands.

    `unit` is "" where none was said, the noun where things are counted ("at least 2 pockets"), and "?" where the number
    measures something without a unit. `named` is True for a bare amount ("a lamp for $20"), which is a limit by guess.
    """

    op: Op
    number: float
    unit: str
    currency: str
    span: tuple[int, int]
    named: bool = False


_I = re.IGNORECASE
_CURRENCIES = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "buck": "USD", "美元": "USD", "美金": "USD", "刀": "USD",
    "¥": "CNY", "￥": "CNY", "元": "CNY", "块": "CNY", "块钱": "CNY", "人民币": "CNY", "rmb": "CNY", "cny": "CNY", "yuan": "CNY",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "欧元": "EUR", "£": "GBP", "gbp": "GBP", "quid": "GBP", "英镑": "GBP",
}  # fmt: skip
_MISSPELT = {"快": "块", "块前": "块", "圆": "元"}
_SYMBOL = r"(?P<symbol>us\$|[$¥￥€£]|\b(?:usd|rmb|cny|eur|gbp))?\s*"
_UNIT = (
    r"(?:\s*-?\s*(?P<unit>[$¥￥€£]|美元|美金|人民币|欧元|英镑|块[钱前]?|快(?=钱|以|之|左|上|内|的|$)|[元圆刀]"
    r"|d[oa]l{1,2}[aeo]rs?\b|bucks?\b|quid\b|(?:usd|rmb|cny|yuan|eur(?:os?)?|gbp|pounds?)(?![a-z])|stars?\b|[颗]?星|分(?!钟|贝|之)"
    r"|kg(?![a-z])|kilos?\b|kilograms?\b|千克|公斤|grams?\b|克|斤|g(?![a-z])|lbs?\b|fl\.? ?oz\b|oz\b|ounces?\b"
    r"|ml(?![a-z])|毫升|升|(?:lit(?:er|re)s?|l)(?![a-z])|cm(?![a-z])|厘米|公分|mm(?![a-z])|毫米|米|met(?:er|re)s?\b|m(?![a-z])"
    r"|inch(?:es)?\b|英寸|寸|f(?:ee|oo)?t\b|kw(?![a-z])|瓦|watts?\b|w(?![a-z])|db\b|decibels?\b|分贝|(?:hours?|hrs?|h)\b|小时"
    r"|min(?:ute)?s?\b|分钟|mah(?![a-z])|毫安时?|lm\b|lumens?\b|流明|%|个|件|人|岁|天|年|只|把|条|张|双|层|档|支|本|月|次|周))?"
)
_AMOUNT = rf"{_SYMBOL}(?P<number>{NUMBER})(?P<more>\+(?=\s*\w)|[多几]|来(?!自))?{_UNIT}"
_NUMBERS = re.compile(_AMOUNT, _I)
_SPELLING = {
    "kilo": "kg", "kilogram": "kg", "gram": "g", "ounce": "oz", "liter": "l", "litre": "l", "meter": "m", "metre": "m",
    "foot": "ft", "feet": "ft", "hr": "h", "minute": "min", "watt": "w", "decibel": "db", "lumen": "lm", "毫安": "毫安时",
    "公分": "厘米", "寸": "英寸", "星": "star", "颗星": "star", "分": "star", "inche": "inch",
}  # fmt: skip
_MEASURED = "(?:capacity|weight|length|width|height|depth|power|size|volume|rating|price|budget)"
_BEFORE: tuple[tuple[Op, str], ...] = (
    ("le", rf"at (?:the )?most|up ?to|max(?:imum)?(?: {_MEASURED})?(?: of| is|:)?|ceiling(?: of| is)?|within|inside|limit(?: of| is)?|<=|≤"
           r"|taps? out at|cap(?:ped)? (?:(?:it|that|this|things) )?(?:of|at)|(?:topp?|max)(?:ing|s)? out at"
           r"|budget(?: is| of|'s|:)?(?: up to| about| around| roughly| maybe)*|\b(?:spend|pay|afford)(?: up to)?"
           r"|(?:最多|顶多|最高|上限|不超过)?(?:只|我)?(?:能|可以|愿意|想|打算|准备)?(?:接受|承受|花费?|付|掏|出)到?|最多|顶多|最高|上限|别过|不出|[贵多高]不过|(?:准备|带|备)了|手[上里头]有|兜里有|预算(?:是|为|在|有|大概|大约|差不多|最多|:|：)*|控制在"),
    ("ge", rf"(?:便宜|[少低])不过|at least|min(?:imum)?(?: {_MEASURED})?(?: of| is|:)?|starting (?:(?:at|from) |(?=[$¥€£]))|floor(?: of| is)?"
           r"|下限(?:是|为)?|from(?=\s*[$¥￥€£])|(?:place|room|space) for|(?:得|必须)有|>=|≥|(?:最低|最少|最小|至少|起码)(?:也)?(?:需要|得|要|有|能|可以|装)*"),
    ("lt", r"under|below|beneath|(?:less|cheaper|lower|lighter|smaller|shorter|narrower|thinner|quieter|fewer) than|<"
           r"|低于|少于|小于|轻于|短于|不到|不足|便宜过|[小少低轻短]过"),
    ("gt", r"高过|贵过|多过|over|above|beyond|(?:go(?:ing)?|be|get(?:ting)?|cost)s? past|cross(?:es|ing)?(?=\s*[$¥€£\d])"
           r"|exceed(?:s|ing)?|(?:more|higher|greater|heavier|larger|bigger|longer|wider|taller|thicker|deeper|brighter|louder|dearer) than|>"
           r"|高于|超过|超出|大于|多于|重于|长于"),
)  # fmt: skip
_AFTER: tuple[tuple[Op, str], ...] = (
    ("le", r"or (?:less|under|below|cheaper|lower|lighter|smaller|fewer)|max(?:imum)?\b|at (?:the )?most|and (?:under|below|less)"
           r"|at the (?:top|upper|high)(?: end)?\b|(?:is|would be|will be|being) (?:the|my) (?:most|max(?:imum)?|limit|ceiling|top)\b"
           r"|tops\b|budget|(?:及)?以[内里]|之内|(?:及)?以下|往下|以里|内(?![胆衬部置衣裤搭存径])|封顶|到顶|打住|为止|的?预算"),
    ("ge", r"or (?:more|above|over|higher|better|up|larger|bigger|longer)|(?:and|&) (?:up|above|over|higher|more|better)"
           r"|minimum\b|at the (?:bottom|lower|low)(?: end)?\b|at (?:the )?(?:very )?least\b(?!\s*[$¥€£\d])|plus\b|\+|(?:及)?以上|起(?!来)|往上|打底|出头|总要有"),
)  # fmt: skip
_OPPOSITE: dict[Op, Op] = {"lt": "ge", "le": "gt", "gt": "le", "ge": "lt"}
_DENIED = re.compile(
    r"(?:\bnot (?:a|one) (?:single )?(?:cent|penny|dime|dollar|buck|quid)(?: more)? *"
    r"|\b(?:no|not|nothing|never|none|without|cannot|(?:do|does|did|is|should|must|ca|wo|could|would)n'?t|hide|remove|exclude|skip|ditch"
    r"|(?:leave|filter|take) out)(?:\s(?:everything|all|those|set|me|us|back|want|wish|like|care|going|willing|have|able|to|go|spend|spending|pay|paying|cost|costing|costs"
    r"|be|priced|it|anything|any|that|looking|for|a|the|much|really|[a-z]+s))*\s*|[不别没](?:要|能|可以|可|想|愿意?|打算|得|应该?|会|用)?(?:再)?(?:花|付|掏|出|买|看|考虑)?)$",
    _I,
)
_TAKEN_OUT = "[筛剔踢刷去划撤收]掉|剔除|过滤|排除|略过|跳过|屏蔽|拿走"
_SHUNNED = re.compile(
    rf"\s*(?:的)?(?:话|东西)?(?:我)?(?:就|都|也|就都|是|可|请|统统|通通|全部?|一[律概])*(?:{_TAKEN_OUT}|[莫甭](?:给|拿|让|叫)|不(?![贵错差亏限管等少])|别(?!超?过)|甭|免|算了|舍不得|买不起|没办法|肉疼|pass)"
    r"|\s*(?:的)?(?:话)?[，,]?\s*(?:我|咱|俺)?[\u4e00-\u9fff]{0,4}(?:要|会|得|就)?(?:冒火|骂|生气|发火|翻脸|吃土|喝西北风|打死|剁手|心疼|不[让许准批肯]|不同意|不答应)",
    _I,
)  # what is dearer
_SCORNED = re.compile(  # what is too cheap to be trusted
    r"\s*的?(?:就|都)?(?:不要|不看|不考虑|免谈|别来)\W*$|\s*的(?:话|东西|货)?(?:我)?(?:就|都|也|是|可|一律|通通)*(?:不(?:要|看|考虑|行|买|敢|想|可)|别(?:给|推|拿|来)|甭|免谈|算了|质量|pass)"
    rf"|\s*(?:的)?(?:话|东西)?(?:就|都|请|统统|通通|全部?|一[律概])*(?:{_TAKEN_OUT})"
    r"|\s+(?:is|are|would be|will be|looks?|feels?|seems?)(?: usually| always| probably| just| all| mostly| only)*"
    r" (?:rubbish|junk|crap|garbage|trash|tat|flimsy|suspicious|dodgy|no good|too (?:cheap|flimsy)|out)\b",
    _I,
)
_DREADED = re.compile(
    r"\b(?:can(?:no|')?t (?:afford|do|justify|manage|stretch)|cannot (?:afford|do|justify|manage|stretch)|kill me|skin me|murder me|divorce me|in (?:his|her|their|my) grave"
    r"|bankrupt|too (?:much|rich|dear|steep|expensive|pricey)|have a (?:fit|cow|stroke|heart attack)"
    r"|out of (?:reach|my (?:league|range|budget))|a no[- ]go|no way|mad at me|hurts)\b",
    _I,
)  # what becomes of who pays more
_REACH = 48
_SHORT_DENIAL = re.compile(r"(?:no|not|never|nothing|without)?\s*|[^a-z]*", _I)
_AROUND = (
    re.compile(rf"\b(?:around|about|roughly|approximately|approx\.?|circa|~)\s*{_AMOUNT}", _I),
    re.compile(rf"(?:大概|大约|差不多|约|~)(?:在|是)?{_AMOUNT}", _I),
    re.compile(rf"{_AMOUNT}(?:左右|上下|\s?or so\b|\s?ish\b)", _I),
)
_RANGE = re.compile(
    rf"(?:(?P<open>between|in (?:the )?range of|from|starting (?:at|from)|at least|no less than|介于|在|从)\s*)?{_SYMBOL}(?P<low>{NUMBER})"
    rf"(?:\s*{'(?:元|块钱?|美元|dollars?|bucks|[$€£])'})?(?:\s?-?ish)?"
    rf"\s*(?:-|–|—|~|～|到|以?至|直到|与|跟|thru|through|till|until|(?:(?:and|but|or) )?(?:(?:up|all the way) )?to(?: (?:a )?max(?:imum)? of)?"
    rf"|and(?: (?:no more than|at (?:the )?most|under|below|less than))?|&|和)\s*{_AMOUNT.replace('<symbol>', '<symbol2>')}(?:\s*之间)?",
    _I,
)
_OPENING = frozenset(
    {
        "between",
        "in range of",
        "in the range of",
        "from",
        "starting at",
        "starting from",
        "at least",
        "no less than",
        "介于",
        "从",
    }
)
_PAIR = re.compile(rf"(?P<low>[一两二三四五六七八])(?P<high>[二三四五六七八九])(?P<place>[十百千万]){_UNIT}")
_LIMITS = [
    (op, re.compile(rf"(?:(?<=[^a-z])|^)(?:{words})\s*{_AMOUNT}(?:以内|之内|以下)?", _I)) for op, words in _BEFORE
]
_LIMITS += [
    (op, re.compile(rf"{_AMOUNT}\s*(?:的)?\s*(?:{words}){_UNIT.replace('<unit>', '<unit2>')}", _I))
    for op, words in _AFTER
]
_MEANT = (
    (re.compile(r"(?:kids?|child(?:ren)?|toddlers?|bab(?:y|ies)|boys?|girls?|anyone|people|ages?d?|年龄|孩子|宝宝|儿童)\W*(?:of|is|are|在|是)?\s*$", _I), "岁"),
    (re.compile(r"(?:rat(?:ed|ings?)|scor(?:e[ds]?|ing)|评分|评价|打分)\W*(?:(?:is|of|are|at|with|an?|在|为|是)\s*)*$", _I), "star"),
    (re.compile(r"(?:width|height|length|depth|weight|capacity|diameter|sizes?|power|volume|screen|wide|tall|long|宽度?|高度?|长度?|深度|直径"
                r"|重量|容量|功率|尺寸|尺码|大小|码数)\W*(?:is|of|为|是|在|要)?\s*$|(?:lighter|smaller|shorter|narrower|thinner|heavier|larger|bigger"
                r"|longer|wider|taller) than\s*$", _I), "?"),
)  # fmt: skip
_NOUN = re.compile(r"\s*(?:star[- ])?([a-z]{2,}(?:-[a-z]+)?)\b", _I)
_NO_NOUN = frozenset(
    "and but or for in with to if that which please pls max total each is it its this these plus less ideally preferably on at"
    " as has was so no not made from of the any without excluding by would will can per only maybe though because when".split()
)
_BUDGET = re.compile(r"^(?:.*budget|预算)", _I)
_MONEY_END = re.compile(r"\s*(?:$|[,.;:!?，。；！？)的]|(?:please|pls|for|and|but|in|with)\b)", _I)
_SETS_ANEW = re.compile(
    rf"(?:\b(?:make (?:it|that)|(?:change|raise|increase|lower|up|bump|set) (?:it|that|the budget|my budget|the limit) to|consider|(?:stretch|go(?: up)?|push) to|actually|rather)"
    rf"|改成|改为|改到|换成|提高到|加到|放宽到|降到|调到|增加到)\s*{_AMOUNT}",
    _I,
)
_CAPPED = re.compile(r"\s*(?:就|都)?(?:封顶|到顶|打住|以里|以内|之内|以下|max\b|tops\b)", _I)  # about 70 at the most
_TOLERANCE = 0.2
_MOST = 24  # limits of each form that are read in one message


def bounds(message: str) -> tuple[Bound, ...]:
    """All limits that `message` states, in order; "around 50" gives a lower and an upper one, 20 % either side."""
    found: list[Bound] = []
    for read in (_ranges, _abouts, _limits, _named):
        for bound in islice(read(message), _MOST):
            if all(bound.span[1] <= b.span[0] or bound.span[0] >= b.span[1] or bound.span == b.span for b in found):
                if not (bound.named and any(one.currency or not one.unit for one in found)):
                    found.append(bound)
    return tuple(_untwisted(sorted(found, key=lambda bound: bound.span)))


def _untwisted(found: list[Bound]) -> Iterator[Bound]:
    """Of two limits that leave nothing, what lies between: "below 30 I do not trust it, above 50 is too dear"."""
    for bound in found:
        others = (b for b in found if (b.unit, b.op) == (bound.unit, {"lt": "gt", "gt": "lt"}.get(bound.op)))
        twisted = any((b.number > bound.number) == (bound.op == "lt") for b in others)
        yield replace(bound, op=_OPPOSITE[bound.op]) if twisted else bound


def moneys(message: str, *, bare: bool = False) -> tuple[float, ...]:
    """All amounts of money in `message`, in the order they stand; with `bare` also numbers of nothing that is named."""
    found = (_bound("le", match, message) for match in islice(_NUMBERS.finditer(message), _MOST))
    return tuple(bound.number for bound in found if bound.currency or (bare and not bound.unit))


def set_anew(message: str) -> Bound | None:
    """The number that takes the place of a limit stated before: "no, make that 80", "改成150". Its op is not to be used."""
    match = _SETS_ANEW.search(message)
    return _bound("le", match, message) if match else None


def price_constraints(found: tuple[Bound, ...], currency: str, is_kind: Callable[[str], bool]) -> Iterator[Constraint]:
    """The limits that speak of money, or of nothing else, in minor units of the shop's `currency`.

    `is_kind` tells whether a noun names products: "under 50 headphones" is a price, "at least 2 pockets" is not.
    """
    for bound in found:
        if bound.currency or not bound.unit or is_kind(bound.unit):
            price = round(bound.number * minor_units(currency))
            yield Constraint("price", bound.op, price, "inferred" if bound.named else "said")


def rating_constraints(found: tuple[Bound, ...]) -> Iterator[Constraint]:
    """The limits that speak of stars."""
    for bound in found:
        if bound.unit == "star" and bound.number <= 5:
            yield Constraint("rating", "ge" if bound.op == "gt" else bound.op, bound.number)


def measures(found: tuple[Bound, ...]) -> Iterator[tuple[Bound, str]]:
    """The limits that speak of a physical unit, with the base unit they are compared in."""
    for bound in found:
        measured = measure(f"{bound.number} {bound.unit}") if bound.unit and not bound.currency else None
        if measured and measured[1] in {"g", "ml", "mm", "w", "db", "min", "mah", "lm"}:
            yield bound, measured[1]


def _ranges(message: str) -> Iterator[Bound]:
    for match in _RANGE.finditer(message):
        symbol = match["symbol"] or match["symbol2"]
        high = _bound("le", match, message, symbol=symbol)
        low = amount(match["low"])
        if low > high.number and match["open"]:
            low, high = high.number, replace(high, number=low)
        opened = (match["open"] or "").casefold() in _OPENING or re.search("[到至]|till", match[0])
        if re.search("[和与]", match[0]) and not match["open"]:
            continue
        alone = low >= 10 and match[0].strip() == message.strip(" .!?。！？")
        bare = low >= 10 and re.search("[-–—~～]", match[0]) and _MONEY_END.match(message, match.end())
        if low < high.number and (
            high.currency or high.unit or opened or alone or (bare and message[: match.start()][-1:] != "-")
        ):
            yield replace(high, op="ge", number=low)
            yield high
    for match in _PAIR.finditer(message):
        digit = {"low": amount(match["low"] + match["place"]), "high": amount(match["high"] + match["place"])}
        if amount(match["high"]) == amount(match["low"]) + 1:
            for op, number in (("ge", digit["low"]), ("le", digit["high"])):
                yield _bound(op, match, message, number=number)  # type: ignore[arg-type]


def _abouts(message: str) -> Iterator[Bound]:
    for pattern in _AROUND:
        for match in pattern.finditer(message):
            yield from _either_side(match, message)
    for match in _NUMBERS.finditer(message):
        if match["more"] == "来":
            yield from _either_side(match, message)
        elif match["more"] in ("多", "几"):
            low = amount(match["number"])
            yield _bound("ge", match, message)
            yield _bound("le", match, message, number=low + _lowest_place(match["number"]))


def _limits(message: str) -> Iterator[Bound]:
    for op, pattern in _LIMITS:
        for match in pattern.finditer(message):
            denied = _DENIED.search(_before(message, match))
            if denied and match[0][0].isspace() and has_cjk(denied[0]):
                denied = None  # 非玻璃不要 16刀封顶: it is glass that is spoken of
            spent = match[0].casefold().startswith(("spend", "pay", "afford"))
            bound = _bound(_OPPOSITE[op] if denied and not spent else op, match, message)
            if bound.op in ("gt", "ge") and (_SHUNNED.match(message, match.end()) or _DREADED.search(message)):
                bound = replace(bound, op="le" if bound.op == "gt" else "lt")
            elif bound.op in ("lt", "le") and not denied and _SCORNED.match(message, match.end()):
                bound = replace(bound, op=_OPPOSITE[bound.op])
            short = denied and _SHORT_DENIAL.fullmatch(denied[0])
            yield replace(bound, span=(match.start() - len(denied[0]), match.end())) if denied and short else bound


def _named(message: str) -> Iterator[Bound]:
    """Amounts of money without a word of limit: nobody who names a price means to pay more."""
    for match in _NUMBERS.finditer(message):
        bound = _bound("le", match, message)
        if bound.currency:
            yield replace(bound, named=True)


def _either_side(match: re.Match[str], message: str) -> Iterator[Bound]:
    number = amount(match["number"])
    if _CAPPED.match(message, match.end()):
        yield _bound("le", match, message)
        return
    if not re.search(r"(?:budget|预算)\W*(?:is|of|是|在|为)?\s*$", _before(message, match), _I):
        yield _bound("ge", match, message, number=number * (1 - _TOLERANCE))
    yield _bound("le", match, message, number=number * (1 + _TOLERANCE))


def _bound(
    op: Op, match: re.Match[str], message: str, *, number: float | None = None, symbol: str | None = None
) -> Bound:
    groups = match.groupdict()
    symbol = (symbol or groups.get("symbol") or "").casefold()
    unit = _spelt((groups.get("unit") or groups.get("unit2") or "").casefold())
    number = amount(match["number"]) if number is None else number
    currency = _CURRENCIES.get(symbol) or _CURRENCIES.get(unit, "")
    if unit == "pound":
        weighs = re.search(r"weigh|light|heav", message, _I)
        unit, currency = ("lb", "") if weighs else ("", "GBP")
    if not unit and not currency:
        one = match.groupdict().get("number", "").casefold() in ("one", "一")  # "about one that folds" is no price
        unit = "?" if one else _meaning(match, message, op, number)
    return Bound(op, number, "" if currency else unit, currency, match.span())


def _before(message: str, match: re.Match[str]) -> str:
    """The words before a match that may bear on it."""
    return message[max(0, match.start() - _REACH) : match.start()]


def _spelt(unit: str) -> str:
    """One spelling for a unit: "dolars", "litres", "颗星"."""
    single = unit if unit == "lbs" else unit.removesuffix("s")
    single = "dollar" if re.fullmatch("d[oa]l{1,2}[aeo]r", single) else _MISSPELT.get(single, single)
    return _SPELLING.get(single, single)


def _meaning(match: re.Match[str], message: str, op: Op, number: float) -> str:
    """What a number without a unit counts, from the words around it; "" if it can only be money."""
    before = _before(message, match)
    inside = re.split(r"\d", match[0], maxsplit=1)[0]
    for pattern, unit in _MEANT:
        if pattern.search(before + inside) or pattern.search(before):
            return unit
    noun = _NOUN.match(message, match.end())
    if noun is None or noun[1].casefold() in _NO_NOUN:
        return ""
    word = noun[1].casefold()
    if re.match(r"star|rat", word) and number <= 5:
        return "star"
    plural = word.endswith("s") and not word.endswith(("ss", "us"))
    return word if plural or number == 1 or op in ("gt", "ge") else ""


def _lowest_place(number: str) -> int:
    """How much "多" may add to a round number: up to one of its lowest place, 三百多 is less than four hundred."""
    value, place = int(amount(number)), 1
    while value and value % (place * 10) == 0:
        place *= 10
    return place

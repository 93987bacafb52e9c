"""What of the things a message names is refused, and what is merely allowed: "no leather", "塑料的不要", "leather is fine"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Stance = Literal["wanted", "refused", "allowed"]

_I = re.IGNORECASE
_FILLER = (
    r"(?:[\s-]*\b(?:anything|something|any|a|an|the|made in|made of|made from|made with|in|of|with|for|from|by|is|be|made|containing|contain|contains|having|have"
    r"|like|too|very|so|much|that is|that are|brand|color|colour)\b|[是用带有含那种的])*[\s-]*"
)
_REFUSED_BEFORE = re.compile(
    r"(?:\b(?:(?<!need )not|no|without|except(?: for)?|avoid(?:ing)?|excluding|exclude|nothing|non|neither|nor|never|minus|skip"
    r"|(?:is|are|does|do|was|were|would|should|ca|wo|must|has|have)n['’]?t(?: want| like| need| have| be| contain| include| use| get)*"
    r"|do not(?: want| like)|hates?|dislikes?|can['’]?t stand|allergic to|not (?:into|a fan of|fond of)|(?:anything|everything|all) but"
    r"|any\w*(?: \w+){0,2} but|other than|apart from|aside from|rather than|instead of|free (?:of|from)|stay away from"
    r"|(?:steer|keep) (?:well )?(?:clear of|away from)|rule out|weed out|filter out|get rid of|remov(?:e|ing)|ditch|hide|prefer not(?: to)?|leave out|leaving out)\b"
    rf"|(?<!要)(?<!想)(?:不要|不想要|不想买)|不含|(?<!是)不是|(?<!用)不用|不喜欢|(?<!想)不想(?:要|买|看)?|讨厌|[接忍]?受不了|[见看]不得|看不惯|忌讳|最烦|不考虑|除了|(?<![消清扫去解])除(?=$|[^了去])|除开|排除|避开|拒绝"
    rf"|(?:(?<![特分级性类区个])别|甭|莫)(?:再)?(?:给(?:我|俺|咱))?(?:看|推荐|拿|弄|来|上|要|是)?|非(?!常)|(?<!有)没有|无|免){_FILLER}$",
    _I,
)
_REFUSED_AFTER = re.compile(
    r"[\s-]*free\b|(?: (?:ones?|stuff))?\s*[?,;.…]+\s*(?:nah|nope|no(?: thanks?| way)?|not for me|pass|hate it|yuck|不要|算了|不行)\b\W*$"
    r"|\s*(?:的|类|制品)?(?:会|有点|容易|严重)?过敏|\s+allerg(?:y|ies)\b|\s*(?:的|色|制|材质|皮)*(?:以外|之外|除外|都?(?:别|不)(?:要|行|能|考虑|喜欢)(?=了?\s*(?:$|[，,。！!；;]))|外(?=\W|$|都|的)|就算了|就不(?:要|看|考虑)|就别|不可以)"
    r"|\s*(?:的|色)*(?:我|咱|俺)?(?:一)?(?:看(?:了|到)?)?就(?:头[疼痛]|心?烦|恶心|难受|来气|想吐|够了|过敏|膈应|犯晕|来火)"
    r"|\s*(?:的|色)*[，,]?\s*(?:谢绝|达咩|免谈)|\s*(?:的|色)*(?:可不(?:要|兴|行|能)|不在(?:我的?)?考虑(?:的)?(?:范围|之列)|[，,]?\s*[莫别]给我[看推拿]|(?:就|请|麻烦|帮我|给我|统统|通通|全部?|都|一律)*(?:达咩|免谈|退散|敬谢不敏|谢绝|拿走|去掉|踢掉|筛掉|剔掉|剔除|划掉|略过|跳过|撤[了走掉]|屏蔽|pass\b))"
    r"|\s+(?:i|we) (?:really |absolutely |just )?(?:do not|don['’]?t|won['’]?t) (?:want|like|need|take|buy)\b"
    r"|\s*的?[我咱俺](?:可|真|实在)?(?:不(?:要|想要|喜欢|爱|考虑)|[接忍受]受?不了|[相看]不[中上]|敬而远之)"
    r"|\s+(?:won['’]?t|will not|does(?: not|n['’]?t)) (?:do|work)\b|\s+(?:is|are)n['’]?t for (?:me|us)\b|\s+excluded\b"
    r"|\s+(?:is|are)(?: a)? (?:no|not ok(?:ay)?|out|not an option)\b",
    _I,
)
_BESIDES = re.compile(r".{0,4}(?:还|也)(?:要|想|有)")
_ONLY = (  # 非羊毛不买, 除了蓝色都不要, "if it isn't wool I don't want it": nothing but this is wanted
    re.compile(
        rf"(?:(?<![消清扫去解])除[了开]?|非(?!常)|(?<!有)没有|(?<!是)不是){_FILLER}$"
        r"|\b(?:if (?:it|they|that)(?:'s|'re| is| are)? ?(?:not|ai ?n['’]?t|isn['’]?t|aren['’]?t)|unless (?:it|they)(?:'s|'re| is| are)?)(?: (?:in|made (?:of|from|in)))?\s*$",
        _I,
    ),
    re.compile(
        r"[\s的色制款]{0,3}(?:以外|之外)?[，,]?(?:其[他它余]|别)?的?(?:我|咱|都|就|一[律概]|通通|全)*(?:会)?(?:不(?:买|要|看|考虑|选|可|行)|免谈|别(?:给|推|拿)|死|活不|看不[上中]|没兴趣|不感兴趣|瞧不上)"
        r"|.{0,12}\b(?:(?:do not|don['’]?t) (?:want|need|like)|not interested|no deal|forget it|(?:won['’]?t|will not) (?:buy|take|have))\b",
        _I,
    ),
)
_CLOSE_NO = re.compile(r"(?<!要)(?<!防)不$")
_ALLOWED_BEFORE = re.compile(
    rf"(?:(?:n['’]?t|\bnot) (?:have|need) to be|\b(?:don['’]?t|do not|wouldn['’]?t) mind|\b(?:ok|okay|fine) with|\b(?:preferably|ideally|maybe|perhaps)"
    rf"|不一定(?:要|是)?|不必(?:是)?|不介意|可以是|可以接受|最好(?:是|要)?|尽量|优先){_FILLER}$",
    _I,
)
_ALLOWED_AFTER = re.compile(
    r"\s*(?:one|ones|的|色)?\s*(?:(?:is|are|would be|was) (?:also |totally |perfectly |all )?(?:ok(?:ay)?|fine|alright|acceptable|good|possible(?!\W*(?:or not|\?)))\b"
    r"|works?(?: too| as well)|(?:也|都)(?:可以|行|好|能接受|没问题|不错|ok)|没关系|无所谓)",
    _I,
)
_LISTED = re.compile(r"^[\s的]*(?:,|/|、)?\s*(?:or|and|nor|和|或者?|与|及|以及|还有|、|/)\s*(?:any|a|an|the)?\s*$", _I)
_TOO = re.compile(r"\b(?:too|also|as well)\b|^的?也", _I)
_COMMA = re.compile(r"^[\s的]*[,，]\s*$")
_GOES_ON = re.compile(r"^[\s的]*[,，]?\s*(?:or|nor|和|或|、)", _I)
_STRICT = re.compile(r"\b(?:no|without|avoid|except|hate)\b|不要|不含", _I)


@dataclass(frozen=True, slots=True)
class Named:
    """Something of the catalogue that a message names: where, and of which group of alternatives it is."""

    start: int
    end: int
    group: str


def stances(message: str, named: Sequence[Named]) -> list[Stance]:
    """For each thing named, in their order, whether it is wanted, refused or allowed. A list shares its first one's."""
    found: list[Stance] = []
    for place, thing in enumerate(named):
        stance = _stance(message, thing)
        previous = named[place - 1] if place else None
        if previous and stance != "allowed" and found[-1] == "refused":
            following = named[place + 1] if place + 1 < len(named) else None
            if _goes_on(message, previous, thing, following):
                stance = "refused"
        found.append(stance)
    return _either(message, named, found)


def _either(message: str, named: Sequence[Named], found: list[Stance]) -> list[Stance]:
    """In "red or blue is fine" the shopper asks for one of them; with a "too" it allows both."""
    for place in range(len(named) - 2, -1, -1):
        between = message[named[place].end : named[place + 1].start]
        if (
            found[place] == "wanted"
            and found[place + 1] == "allowed"
            and (_LISTED.match(between) or not between.strip())
        ):
            too = _TOO.search(message[named[place + 1].end :])
            found[place : place + 2] = ["allowed", "allowed"] if too else ["wanted", "wanted"]
    return found


def _stance(message: str, thing: Named) -> Stance:
    before, after = message[: thing.start], message[thing.end :]
    if _ALLOWED_BEFORE.search(before):
        return "allowed"
    if _ONLY[0].search(before) and _ONLY[1].match(after):
        return "wanted"
    if _is_denied(before, after) or _REFUSED_AFTER.match(after):
        return "refused"
    return "allowed" if _ALLOWED_AFTER.match(after) else "wanted"


def _is_denied(before: str, after: str) -> bool:
    """Whether the words before refuse; a question ("是不是") and an addition ("除了…还要") do not."""
    if _CLOSE_NO.search(before):
        return re.search(r"(.)不\1?$", before) is None or before[-2:-1] not in after[:1]
    denied = _REFUSED_BEFORE.search(before)
    if denied is None or (denied[0].startswith("除") and _BESIDES.match(after)):
        return False
    return re.search(r"(.)[不没]\1", before[max(0, denied.start() - 1) : denied.end() + 1]) is None


def _goes_on(message: str, previous: Named, thing: Named, following: Named | None) -> bool:
    """Whether `thing` continues the list that `previous` is refused in: "no pink, purple or red"."""
    between = message[previous.end : thing.start]
    if _LISTED.match(between):
        return True
    if not _COMMA.match(between) or previous.group != thing.group:
        return False
    tail = message[thing.end : following.start] if following else message[thing.end :]
    return _GOES_ON.match(tail) is not None or _STRICT.search(message[: previous.start]) is not None

"""Attributes without an amount that a listing's prose states: material, colour, for whom, care, number of pieces.

Each has its own turns of phrase; what merely names a colour or a material is not taken for the product's own.
"""

import re
from collections.abc import Iterator

from catalog.attributes.clause import Said, goes_on, of_itself
from catalog.attributes.vocabulary import base_words
from catalog.tokens import has_cjk
from catalog.wording import denied

_I = re.IGNORECASE
_MADE_OF = re.compile(
    r"\b(?:(?:made|crafted|constructed|built|woven|knitted|carved|forged|sewn|hand-?made|hand-?crafted)"
    r"(?: entirely| completely| primarily| mainly)? (?:of|from|out of|in|with|using)|material:|fabric:)\s+",
    _I,
)
_MADE_OF_ZH = re.compile(r"(?:采用|选用|由|用|以|材质(?:为|是|[:：])|面料(?:为|是|[:：]))\s*")
_MADE_END_ZH = re.compile(
    r"[^，。；、！]{0,4}(?:制成|制作|打造|织成|材质|面料|制造|编织|原料|为原料)|\s*(?=$|[，。；])"
)
_MATERIAL_ENDS = re.compile(
    r"\b(?:with|that|which|for|to|by|on|featuring|while|so|but|in|inspired|shell|lining|trim|accents?)\b|[.;:!?(]", _I
)
_MATERIAL_AHEAD = re.compile(
    r"[\s-]*(?:$|[.,;:!?)(—–]|(?:and|or|that|which|with|for|to|by|on|in|so|but|while|this|it|these|from|material|fabric"
    r"|construction|felt|cloth|alloy|blend|fiber|fibre|leather|plastic|yarn|weave|mesh)\b)",
    _I,
)
_ARTICLE = re.compile(r"^(?:an?|the)\s", _I)
_LEADING = 4  # words that may describe the first material of a phrase
_APART = 3  # words between two materials of one phrase
_SURE_IN_TITLE = frozenset(
    "cotton wool merino cashmere leather suede bamboo wooden silicone ceramic porcelain stoneware polyester nylon velvet"
    " rattan wicker aluminium aluminum titanium".split()
) | {"stainless steel", "carbon steel", "cast iron", "bone china", "faux leather", "vegan leather", "pu leather"}
_PART_AHEAD = re.compile(
    r"[\s-]+(?:strings?|picks?|tips?|tipped|handles?|neck|tops?|bod(?:y|ies)|fingerboard|fretboard|frames?|trim|trimmed|lined|lining|soles?|bases?"
    r"|cleaners?|conditioner|polish|care|glue|paint|cand(?:y|ies)|balls?|swabs?|look|bridge|saddle|nut|ends?|wrapped|bound|backed|coated|shell|inserts?)\b",
    _I,
)  # fmt: skip
_PART_AHEAD_ZH = re.compile(r"(?:清洁|护理|油|胶|柄|扣|盖|底|边|内胆|内衬|里|带|绳|头|架|球|纹|色|感|风|味|套|垫)")
_TITLE_HEAD = re.compile(
    r"\b(?:for|fits|with|w/|without|compatible|includes?|including|inspired|featuring|by)\b|[,(\[|/&+]|\s[–—-]\s|适用|配|带|[（【+，]",
    _I,
)
_COLOR_IS = re.compile(
    r"\b(?:colou?rs?\s*(?:is|are|:)|(?:available|comes?|offered) in(?: (?:the )?colou?rs?)?:?)\s+"
    r"|(?:颜色|配色)(?:有|为|是|[:：])\s*|(?:可选颜色|现有)[:：]?\s*",
    _I,
)
_SHADE = re.compile(
    r"(?:\s|[,/&+、和与及或]|\b(?:and|or|dark|light|deep|pale|bright|soft|matte?|glossy|metallic|midnight|dusty|classic|warm|cool|solid|pastel|two|three|colou?rs?)\b"
    r"|[深浅暗亮哑光亮面淡纯经典哑]|色|两|三|款)*",
    _I,
)
_SEGMENT = re.compile(r"[,(\[)\]|（）【】，]|\s[–—-]\s")
_FOR_WHOM = re.compile(
    r"\b(?P<men>men['’]s|mens|for men)\b|\b(?P<women>women['’]?s|ladies['’]?|for women)\b|\bunisex\b|\b(?P<boys>boys['’]|boy['’]s|for boys)(?!\w)"
    r"|\b(?P<girls>girls['’]|girl['’]s|for girls)(?!\w)|(?P<nan>男士|男款|男式|男装)|(?P<nv>女士|女款|女式|女装)|男女通用|(?P<nant>男童)|(?P<nvt>女童)",
    _I,
)
_YEARS = r"(?:years?|yrs?|months?)"
_UP = r"(?:\s*\+|\s*(?:and|&)\s*(?:up|over|above|older|upwards?)\b|\s+(?:or older|plus)\b)"
_AGE = re.compile(
    rf"\bage[sd]?:?\s+(?:of\s+)?(?P<a>\d+(?:\s*(?:-|–|to)\s*\d+(?:\s*{_YEARS})?(?:{_UP})?|(?:\s*{_YEARS})?{_UP})(?!\s*[-–,]?\s*\d))"
    rf"|\b(?P<b>\d+(?:\s*(?:-|–|to)\s*\d+)?\s*-?{_YEARS}(?:\s+old)?{_UP}|\d+\+\s*{_YEARS})"
    rf"|\b(?P<c>\d+\s*(?:-|–|to)\s*\d+)[\s-]+(?:year|month)[\s-]olds?\b"
    r"|(?P<d>\d+\s*(?:[-~～至到–]\s*\d+)?\s*(?:周?岁|个月)(?:及|或)?以上)|(?P<e>\d+\s*[-~～至到–]\s*\d+\s*(?:周?岁|个月))(?=[^，。]{0,3}(?:儿童|宝宝|孩子|小孩|幼儿|使用|玩))",
    _I,
)
_NOT_AGE = re.compile(
    r"\b(?:not|under|unsuitable|warning|choking|never|experience)\b|不(?!锈钢)|勿|警告|年(?:经验|历史)", _I
)
_CARE = re.compile(
    r"\bmachine[- ]wash(?:able)?(?:[- ](?:cold|warm|at \d+\s*°\s*[CF]))?\b|\bhand[- ]wash(?:able)?(?: only)?\b|\bdishwasher[- ]safe\b"
    r"|\bdry[- ]clean(?: only)?\b|\bspot[- ]clean(?: only)?\b|(?:可以?|支持|能)(?:直接)?(?:机洗|水洗|手洗|用?洗碗机(?:清洗)?)|只可手洗|手洗即可|建议手洗",
    _I,
)
_PIECES = re.compile(
    r"\b\d[\d,]*[\s-]?(?:pieces?|pcs?|count|pack)\b(?!\s*of)|\b(?:set|pack) of \d+\b"
    r"|(?:\d+|[一二两三四五六七八九十])\s*(?:件套|件装|片装|只装|支装|个装|块装|袋装|瓶装|条装|双装)",
    _I,
)  # fmt: skip
_PROOF = re.compile(r"\bIP(?:X\d|\d[\dX])\b")


def qualities(said: Said) -> Iterator[tuple[str, str]]:
    """The attributes without an amount that a sentence states, each with the words that state it."""
    yield from _materials(said)
    yield from _colours(said)
    yield from _ages(said)
    yield from _cared(said)
    for proof in _PROOF.finditer(said.text):
        if said.title or of_itself(said, proof.start()):
            yield "Water resistance", proof[0]
    if said.title:
        yield from _genders(said)
        yield from (("Pieces", found[0]) for found in _PIECES.finditer(said.text))


def _materials(said: Said) -> Iterator[tuple[str, str]]:
    if said.title:
        yield from _title_materials(said)
        return
    for made in (_MADE_OF_ZH if said.locale == "zh" else _MADE_OF).finditer(said.text):
        if said.locale == "zh":
            first = not re.search(r"[，。；]", said.text[: made.start()])
            value = _material_zh(said.text, made.end()) if first and of_itself(said, made.start()) else None
        else:
            value = _material(said.text, made.end()) if of_itself(said, made.start()) else None
        if value:
            yield "Material", value


def _material(text: str, start: int) -> str | None:
    """The words from `start` on that name materials, with what describes the first: "100% organic cotton"."""
    stop = _MATERIAL_ENDS.search(text, start)
    phrase = text[start : stop.start() if stop else len(text)]
    end = 0
    for found, _ in base_words("Material", phrase):
        between = phrase[end : found.start()]
        if len(between.split()) > (_APART if end else _LEADING) or _PART_AHEAD.match(phrase, found.end()):
            break
        end = found.end()
    if (
        not end
        or not _MATERIAL_AHEAD.match(text, start + end)
        or _ARTICLE.match(phrase)
        and "with" in text[:start][-6:]
    ):
        return None
    return _ARTICLE.sub("", phrase[:end].strip(), count=1)


def _material_zh(text: str, start: int) -> str | None:
    phrase = re.split(r"[，。；！]", text[start:])[0]
    end = 0
    for found, _ in base_words("Material", phrase):
        if found.start() - end > 6:
            break
        end = found.end()
    return phrase[:end] if end and _MADE_END_ZH.match(phrase, end) else None


def _title_materials(said: Said) -> Iterator[tuple[str, str]]:
    stop = _TITLE_HEAD.search(said.text)
    head = said.text[: stop.start() if stop else len(said.text)]
    for found, _ in base_words("Material", head):
        ahead = (_PART_AHEAD_ZH if said.locale == "zh" else _PART_AHEAD).match(head, found.end())
        word = " ".join(found[0].split())
        sure = has_cjk(word) and len(word) > 1 if said.locale == "zh" else word in _SURE_IN_TITLE
        if sure and not ahead and head[found.end() :].strip():
            yield "Material", head[found.start() : found.end()]


def _colours(said: Said) -> Iterator[tuple[str, str]]:
    if said.title:
        segments = _SEGMENT.split(said.text)[1:]
        named = {segment.strip() for segment in segments if segment.strip() and _all_colours(segment) == len(segment)}
        yield from (("Color", name) for name in named if len(named) == 1)  # of a bundle each thing has its own
        return
    for stated in _COLOR_IS.finditer(said.text):
        end = _all_colours(said.text[stated.end() :])
        if end and of_itself(said, stated.start()) and goes_on(said, stated.end() + end):
            yield "Color", said.text[stated.end() :][:end].strip(" ,、")


def _all_colours(text: str) -> int:
    """How far `text` consists of colours and nothing else; 0 where it does not begin so."""
    end = 0
    for found, _ in base_words("Color", text):
        if not _SHADE.fullmatch(text, end, found.start()):
            break
        end = found.end()
    shade = _SHADE.match(text, end) if end else None
    return shade.end() if shade and not text[shade.end() :].strip() else end


def _genders(said: Said) -> Iterator[tuple[str, str]]:
    """For whom the title says it is, unless it names several."""
    found = list(_FOR_WHOM.finditer(said.text))
    named = {base for _, bases in base_words("Gender", said.text) for base in bases}
    if found and len({match.lastgroup for match in found}) == 1 and len(named) == 1:
        yield "Gender", found[0][0].removeprefix("for ").removeprefix("For ")


def _ages(said: Said) -> Iterator[tuple[str, str]]:
    for age in _AGE.finditer(said.text):
        if not _NOT_AGE.search(said.text, max(0, age.start() - 60), age.start()):
            yield "Age", next(value for value in age.groups() if value)


def _cared(said: Said) -> Iterator[tuple[str, str]]:
    if said.title:  # "Hand Wash 300 ml" is soap
        return
    for care in _CARE.finditer(said.text):
        if of_itself(said, care.start()) and not denied(said.text.casefold(), care.start(), care.end()):
            yield "Care", care[0]

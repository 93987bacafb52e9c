"""Every number of a sentence, with its unit, against what the lines state: money, measures, ratings, counts.

"Under", "at least" and the like make a bound of a number, which the stated amount must keep.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.reading.numerals import in_digits
from assistant.reading.vocabulary import table
from assistant.verify.ground import Support
from assistant.verify.wording import harmless
from catalog import STOPWORDS, Product, has_cjk, measures, mentions, minor_units, tokens, words

_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_NEXT = rf"(?=\s*(?:[$€£¥￥]\s?)?{_NUMBER})"
_BOUNDS = (
    ("≤", rf"\b(?:(?:costs? |is |are )?(?:no|not) (?:more|over|higher|longer) than|(?:less|lower|cheaper|lighter)"
     rf" than|(?:fewer|shorter|smaller) than|under|below){_NEXT}|\b(?:within|up to|at most|maximum of)(?=\s*[$€£¥￥])"),
    ("≥", rf"\b(?:(?:more|higher|heavier|longer|greater|larger) than|over|above|at least|no less than|starting at){_NEXT}"),
    ("≈", rf"\b(?:about|around|approximately|roughly|nearly|almost|some){_NEXT}"),
    ("≤", rf"(?:不超过|不高于|不到|低于|少于|小于|不足|没有超过|还?没(?:有)?到|用不了|不用|不需要|花不到){_NEXT}|(?:至多|最多)(?=\s*[$€£¥￥])"),
    ("≥", rf"(?:超过|高于|多于|大于|至少|不少于|不低于){_NEXT}|(?:达到|\breach(?:es)?)(?=\s*[$€£¥￥])"),
    ("≈", rf"(?:大约|大概|约|近){_NEXT}"),
)  # fmt: skip
_BOUNDS_BEFORE = tuple((sign, re.compile(pattern, re.IGNORECASE)) for sign, pattern in _BOUNDS)
_AMOUNT_ZH = rf"((?:[$€£¥￥]\s?)?{_NUMBER}\s?[\u3400-\u9fffa-zA-Z]{{0,3}}?)"
_BOUNDS_AFTER = tuple(
    (sign, re.compile(rf"{_AMOUNT_ZH}(?:{after})"))
    for sign, after in (("≤", "以内|以下|之内|之下|内"), ("≥", "以上|起(?!来)"), ("≈", "左右|上下"))
)
_MONEY = re.compile(
    rf"(?P<bound>[≤≥≈])?\s*(?:(?P<sign>US\$|[$€£¥￥])\s?(?P<a>{_NUMBER})"
    rf"|(?P<b>{_NUMBER})\s?(?P<word>dollars?\b|USD\b|yuan\b|CNY\b|RMB\b|euros?\b|EUR\b|美元|美金|欧元|人民币|块钱|块(?=[，。、]|$)|元))"
)
_CURRENCIES = {
    "$": ("USD",), "us$": ("USD",), "€": ("EUR",), "£": ("GBP",), "¥": ("CNY", "JPY"), "￥": ("CNY", "JPY"), "dollar": ("USD",),
    "dollars": ("USD",), "usd": ("USD",), "yuan": ("CNY",), "cny": ("CNY",), "rmb": ("CNY",), "euro": ("EUR",), "euros": ("EUR",),
    "eur": ("EUR",), "美元": ("USD",), "美金": ("USD",), "欧元": ("EUR",), "人民币": ("CNY",), "块钱": ("CNY",), "块": ("CNY",), "元": ("CNY",),
}  # fmt: skip
_RATING = re.compile(
    r"(?P<a>\d(?:\.\d)?)\s*(?:out of|of|/)\s*5\b|(?P<b>\d(?:\.\d)?)[\s-]*stars?\b|rat(?:ed|ing)\s*(?:of|is|at|:)?\s*(?P<c>\d(?:\.\d)?)(?![\d,])"
    r"|(?:评分|平均)[为是有达]?\s*(?P<d>\d(?:\.\d)?)\s*分?|(?P<e>\d(?:\.\d)?)\s*(?:分(?!钟|之)|星)|满分\s*5\s*分?",
    re.IGNORECASE,
)
_RATERS = re.compile(
    rf"({_NUMBER})\s*(?:ratings?|reviews?|shoppers|buyers|customers|people rated|[条个]?(?:评分|评价|评论))",
    re.IGNORECASE,
)
_PLAIN = re.compile(rf"(?<![A-Za-z\d.,-]){_NUMBER}(?P<percent>\s?%)?")
_CODE = re.compile(r"\b[A-Za-z]+[-.]?\d[\w.-]*|\b\d+[A-Za-z]+\d\w*")
_CLOSE, _ROUGH = 0.011, 0.12


@dataclass(frozen=True, slots=True)
class _Said:
    """An amount as it is said: its value in `unit`, how it is bounded, as it was written, and where."""

    value: float
    unit: str
    bound: str
    written: str
    start: int
    end: int


def bounded(text: str) -> str:
    """`text` with numbers in digits and "under 50", "50 以内" as "≤ 50", so that no comparison is read into them."""
    text = in_digits(text)
    for sign, pattern in _BOUNDS_AFTER:
        text = pattern.sub(lambda match, sign=sign: f"{sign} {match[1]}", text)  # type: ignore[misc]
    for sign, pattern in _BOUNDS_BEFORE:
        text = pattern.sub(f"{sign} ", text)
    return text


def wrong_amount(text: str, support: Support) -> tuple[str, str]:
    """The first amount that the support does not have ("" if none), and the text without amounts.

    The numbers of the text are in digits; `bounded` may have marked their bounds.
    """
    rest = text
    for check in (_wrong_money, _wrong_rating, _wrong_measure):
        fault, rest = check(rest, support)
        if fault:
            return fault, text
    return _wrong_count(rest, support), rest


def money_said(text: str) -> Iterator[tuple[re.Match[str], float, str]]:
    """The sums of money in a text: where each stands, how much it is and in what sign or word."""
    for match in _MONEY.finditer(text):
        number = match["a"] or match["b"]
        yield match, float(number.replace(",", "")), (match["sign"] or match["word"]).casefold()


def _wrong_money(text: str, support: Support) -> tuple[str, str]:
    product = support.product
    lines = {(value, sign) for line in support.counted for _, value, sign in money_said(line)}
    for match, value, sign in money_said(text):
        currency = product is not None and product.currency in _CURRENCIES.get(sign, ())
        prices = _prices(product) if product is not None and currency else []
        exact = any(value == other and _same_currency(sign, s) for other, s in lines)
        bound = match["bound"] or ""
        if not exact and not any(_keeps(price, value, bound, 0.0) for price in prices):
            return f"number {match['a'] or match['b']}", text
        if bound and prices and not all(_keeps(price, value, bound, 0.0) for price in prices[:1]):
            return f"number {match['a'] or match['b']}", text
    return "", _MONEY.sub(" ", text)


def _prices(product: Product) -> list[float]:
    variants = (variant.price_minor for variant in product.variants)
    return [price / minor_units(product.currency) for price in dict.fromkeys((product.price_minor, *variants))]


def _same_currency(a: str, b: str) -> bool:
    return bool(set(_CURRENCIES.get(a, ())) & set(_CURRENCIES.get(b, ())))


def _wrong_rating(text: str, support: Support) -> tuple[str, str]:
    product = support.product
    if product is None:
        return "", text
    for match in _RATING.finditer(text):
        value = next((group for group in match.groups() if group), None)
        if value is None or any(match[0].casefold() in line.casefold() for line in support.counted):
            continue
        rating = product.rating
        if rating is None or f"{rating:.{len(value.partition('.')[2])}f}" != value:
            return f"number {value}", text
    for match in _RATERS.finditer(text):
        if float(match[1].replace(",", "")) not in (product.rating_count, len(product.reviews) or None):
            return f"number {match[1]}", text
    return "", _RATERS.sub(" ", _RATING.sub(" ", text))


def _wrong_measure(text: str, support: Support) -> tuple[str, str]:
    """Amounts with a unit: one that a named attribute has must be that attribute's."""
    bound_to = _attributes_named(text, support)
    said = list(_measures_in(text))
    for one in said:
        own = [m for line in bound_to for m in _measures_in(line)]
        same = [m.value for m in own if m.unit == one.unit]
        if not same and (not own or len(said) > 1 or len(bound_to) > 1):
            same = [m.value for line in support.counted for m in _measures_in(line) if m.unit == one.unit]
        if not any(_keeps(value, one.value, one.bound, _CLOSE) for value in same):
            return f"number {one.written}", text
    for one in reversed(said):
        text = f"{text[: one.start]} {text[one.end :]}"
    return "", text


def _measures_in(text: str) -> Iterator[_Said]:
    for found in measures(text):
        before = text[: found.start].rstrip()
        bound = before[-1:] if before[-1:] in ("≤", "≥", "≈") else ""
        written = text[found.start : found.end]
        digits = re.match(r"[\d.,]+", written)
        yield _Said(found.amount, found.unit, bound, digits[0] if digits else written, found.start, found.end)


def _attributes_named(text: str, support: Support) -> list[str]:
    """The lines of the attributes that a text names, by their own name or by a word that tells one ("weighs")."""
    found = []
    for line in support.counted:
        name, colon, _ = line.replace("：", ":").partition(":")
        if (
            colon
            and len(name) <= 24
            and (mentions(text, name) or any(mentions(text, w) for w in _telling(name.casefold())))
        ):
            found.append(line)
    return found


@cache
def _telling(name: str) -> tuple[str, ...]:
    return next(
        (tuple(row) for key, row in table("measures").items() if name in (key.casefold(), *row) and len(name) > 1), ()
    )


def _keeps(stated: float, said: float, bound: str, close: float) -> bool:
    if bound == "≤":
        return stated <= said
    if bound == "≥":
        return stated >= said
    return abs(stated - said) <= (_ROUGH if bound == "≈" else close) * max(abs(stated), 1e-9)


def _wrong_count(text: str, support: Support) -> str:
    """A number of things: some line has it beside the same thing, or with a word of what the sentence is about."""
    spoken = _telling_words(text)
    for match in _PLAIN.finditer(text):
        written = match[0]
        if _in_code(text, match):
            continue
        behind = text[match.end() : match.end() + (6 if has_cjk(text) else 32)]
        things = [t for t in tokens(re.split(r"[,.;，。；、]", behind)[0]) if not t[0].isdigit()][:2]
        if not any(_counts(line, written, things, spoken) for line in support.counted):
            return f"number {written.strip()}"
    return ""


def _in_code(text: str, number: re.Match[str]) -> bool:
    """Whether a number belongs to a code (USB3, E26), which is a word and checked as such."""
    return any(m.start() <= number.start() < m.end() for m in _CODE.finditer(text))


def _counts(line: str, written: str, things: Sequence[str], spoken: Sequence[str]) -> bool:
    squeezed = written.replace(" ", "")
    value = squeezed.rstrip("%").replace(",", "")
    percent = squeezed.endswith("%")
    own = set(tokens(line))
    for match in _PLAIN.finditer(line):
        number = match[0].replace(" ", "")
        if float(number.rstrip("%").replace(",", "")) != float(value) or number.endswith("%") != percent:
            continue
        beside = set(tokens(line[match.end() : match.end() + (10 if has_cjk(line) else 40)]))
        if any(thing in beside for thing in things):
            return True
        alone = not beside - harmless("en") - harmless("zh")
        if (alone or not things) and (not spoken or own & {*spoken, *things}):
            return True
    return False


def _telling_words(text: str) -> list[str]:
    """The tokens of a text that say something, in order."""
    plain = harmless("en") | harmless("zh") | STOPWORDS
    told = [word for word in words(text) if word not in plain]
    return [token for word in told for token in tokens(word) if not token[0].isdigit()]

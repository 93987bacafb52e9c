"""What each gap is called in English and Chinese, for the page and for the list of what there is to do."""

import re

from assistant.insight.gaps.types import Named
from assistant.lacking import MORE, RULES, SEVERAL
from assistant.phrases import money
from assistant.wanted import OTHER, attribute_label, label_of
from catalog import Locale, has_cjk, minor_units

_VALUES = 3
LOCALES: tuple[Locale, ...] = ("en", "zh")
_WISH = re.compile(r"(?P<name>.+?)(?P<side><=|>=|=)(?P<value>.*)", re.DOTALL)
_NUMBER = re.compile(r"(?P<number>\d+(?:\.\d+)?(?:e\+?\d+)?)(?P<unit>\D*)")
_FIXED: dict[str, tuple[str, str]] = {
    SEVERAL: ("several wishes at once", "几个条件同时满足"),
    MORE: ("more choice of the same", "同类商品更多选择"),
    OTHER: ("something else", "其他"),
    RULES: ("the shop's rules", "店铺规则"),
}
_FIELDS: dict[str, tuple[str, str]] = {
    "price": ("price", "价格"),
    "rating": ("rating", "评分"),
    "brand": ("brand", "品牌"),
    "category": ("category", "分类"),
    "type": ("kind", "种类"),
    "text": ("words", "描述"),
    "in_stock": ("in stock", "有货"),
}
_SIDES: dict[str, tuple[str, str]] = {
    "<=": ("{name} up to {value}", "{name}不超过{value}"),
    ">=": ("{name} from {value}", "{name}不低于{value}"),
    "=": ("{name}: {value}", "{name}：{value}"),
}


def fixed(name: str) -> Named | None:
    """The name of what is no thing of the lexicons; None for anything else."""
    found = _FIXED.get(name)
    return dict(zip(LOCALES, found, strict=True)) if found else None


def thing_name(key: str, said: str) -> Named:
    """A kind of thing or a feature; in the words that were used where the lexicons know none."""
    return fixed(key) or {locale: label_of(key, said, locale) for locale in LOCALES}


def attribute_name(key: str, said: str) -> Named:
    """An attribute of listings, or a topic of the shop's rules."""
    if key.startswith(f"{RULES}: "):
        topic = key.removeprefix(f"{RULES}: ").replace("_", " ")
        return {"en": f"the shop's rules: {topic}", "zh": f"店铺规则：{topic}"}
    named = {locale: attribute_label(key, locale) for locale in LOCALES}
    return fixed(key) or (named if named["zh"] != key else thing_name(key, said))


def wish_name(key: str, currency: str) -> Named:
    """A wish that nothing meets: "price up to $20", "颜色：红色"."""
    found = _WISH.fullmatch(key)
    if found is None:
        return thing_name(key, key)
    return {locale: _wish(found["name"], found["side"], found["value"], currency, locale) for locale in LOCALES}


def stated(states: str, locale: Locale) -> str:
    """Of the values that the nearest product has those in `locale`, where it has any."""
    values = [value for value in states.split(", ") if value]
    own = [value for value in values if has_cjk(value) == (locale == "zh")]
    return ("、" if locale == "zh" else ", ").join((own or values)[:_VALUES])


def _wish(name: str, side: str, value: str, currency: str, locale: Locale) -> str:
    place = LOCALES.index(locale)
    called = _FIELDS[name][place] if name in _FIELDS else attribute_label(name.removeprefix("attributes."), locale)
    shown = label_of(value, value, locale)
    number = _NUMBER.fullmatch(value)
    if name == "price" and number:
        shown = money(round(float(number["number"]) * minor_units(currency)), currency, locale)
    elif number:
        shown = f"{float(number['number']):,g} {number['unit']}".strip()
    return _SIDES[side][place].format(name=called, value=shown)

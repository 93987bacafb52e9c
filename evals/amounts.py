"""Amounts as the planted sentences write them, told apart from how the assistant reads them."""

import random
import re

from catalog import Product, has_cjk

_SIGNS = {"USD": "$", "CNY": "¥"}
_VALUE = re.compile(
    r"(\d+(?:\.\d+)?)\s?(kg|g|ml|L|l|cm|mm|m|in|h|min|W|千克|公斤|克|毫升|升|厘米|毫米|米|英寸|小时|分钟|瓦)"
)
_BASE = {
    "g": (1, "g"), "kg": (1000, "g"), "克": (1, "g"), "千克": (1000, "g"), "公斤": (1000, "g"),
    "ml": (1, "ml"), "l": (1000, "ml"), "L": (1000, "ml"), "毫升": (1, "ml"), "升": (1000, "ml"),
    "mm": (1, "mm"), "cm": (10, "mm"), "m": (1000, "mm"), "毫米": (1, "mm"), "厘米": (10, "mm"), "米": (1000, "mm"),
    "in": (25.4, "mm"), "英寸": (25.4, "mm"), "min": (1, "min"), "h": (60, "min"), "分钟": (1, "min"), "小时": (60, "min"),
    "W": (1, "W"), "瓦": (1, "W"),
}  # fmt: skip
_OTHER = {
    "kg": "g", "g": "kg", "ml": "L", "L": "ml", "l": "ml", "cm": "in", "mm": "cm", "m": "cm", "in": "cm", "h": "min", "min": "h", "W": "kW",
    "千克": "克", "公斤": "克", "克": "千克", "毫升": "升", "升": "毫升", "厘米": "英寸", "毫米": "厘米", "米": "厘米", "英寸": "厘米",
    "小时": "分钟", "分钟": "小时", "瓦": "千瓦", "days": "weeks", "day": "week", "hours": "days", "hour": "day", "years": "months",
    "year": "month", "minutes": "hours", "个工作日": "周", "天": "周", "年": "个月",
}  # fmt: skip
_CONVERTED = {
    "g": ("kg", 1000), "ml": ("L", 1000), "cm": ("mm", 0.1), "kg": ("g", 0.001), "L": ("ml", 0.001), "克": ("千克", 1000),
    "毫升": ("升", 1000), "厘米": ("毫米", 0.1), "千克": ("克", 0.001), "升": ("毫升", 0.001), "h": ("min", 1 / 60), "小时": ("分钟", 1 / 60),
}  # fmt: skip
_UNIT = re.compile(
    rf"(?<=\d)(\s?(?:working )?)({'|'.join(sorted(map(re.escape, _OTHER), key=len, reverse=True))})(?![A-Za-z²/])"
)
_WORDS = {2: ("two", "两"), 3: ("three", "三"), 4: ("four", "四"), 5: ("five", "五"), 6: ("six", "六")}


def money_of(product: Product, amount: float | None = None) -> str:
    """A price, or another amount in the product's currency, as a sentence writes it: $1,299.50, ¥39."""
    value = product.price if amount is None else amount
    digits = f"{value:,.2f}"
    sign = _SIGNS.get(product.currency, "")
    return f"{sign}{digits.removesuffix('.00')}" + ("" if sign else f" {product.currency}")


def gap_of(high: Product, low: Product) -> str:
    """How much more one costs than the other."""
    return money_of(high, high.price - low.price)


def amount_of(value: str) -> tuple[float, str] | None:
    """A value that is one amount with its unit, in g, ml, mm, min or W."""
    found = _VALUE.fullmatch(value.strip())
    if not found:
        return None
    factor, base = _BASE[found[2]]
    return float(found[1]) * factor, base


def rescaled(value: str, factor: float, *, convert: bool = False) -> str:
    """A value with its number multiplied; with `convert`, the same amount in another unit ("" where there is none)."""
    found = _VALUE.fullmatch(value.strip())
    if not found:
        return ""
    number, unit = float(found[1]) * factor, found[2]
    if convert:
        if unit not in _CONVERTED:
            return ""
        unit, per = _CONVERTED[unit]
        number /= per
    return f"{number:.6g}{' ' if not has_cjk(unit) or ' ' in value else ''}{unit}"


def reunited(text: str) -> str | None:
    """`text` with the unit of its first amount exchanged for another; None where it has none."""
    found = _UNIT.search(text)
    return f"{text[: found.start(2)]}{_OTHER[found[2]]}{text[found.end(2) :]}" if found else None


def numeral(n: int, locale: str, rng: random.Random) -> str:
    """A small count in words or digits."""
    return rng.choice((str(n), _WORDS[n][locale == "zh"]))

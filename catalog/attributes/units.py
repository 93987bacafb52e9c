"""Numbers with their units, as listings write them in both languages, brought to one base unit per quantity.

Knows no attribute: that 2 kg is a weight and not a load is told from the words around it, elsewhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TABLE: tuple[tuple[str, float, str], ...] = (
    ("g", 0.001, "mg milligram milligrams 毫克"),
    ("g", 1, "g gm gram grams gramme grammes 克"),
    ("g", 1000, "kg kgs kilo kilos kilogram kilograms 千克 公斤"),
    ("g", 28.3495, "oz oz. ounce ounces 盎司"),
    ("g", 453.592, "lb lb. lbs lbs. pound pounds 磅"),
    ("g", 500, "斤 市斤"),
    ("g", 1_000_000, "t tonne tonnes 吨"),
    ("ml", 1, "ml mls millilitre millilitres milliliter milliliters cc 毫升"),
    ("ml", 10, "cl centilitre centilitres centiliter centiliters 厘升"),
    ("ml", 100, "dl decilitre decilitres deciliter deciliters 分升"),
    ("ml", 1000, "l ltr litre litres liter liters 升 公升"),
    ("ml", 29.5735, "fl_oz fl._oz fl._oz. fl_oz. fluid_ounce fluid_ounces 液体盎司 液量盎司"),
    ("ml", 473.176, "pint pints 品脱"),
    ("ml", 946.353, "qt quart quarts 夸脱"),
    ("ml", 3785.41, "gal gallon gallons 加仑"),
    ("mm", 1, "mm millimetre millimetres millimeter millimeters 毫米"),
    ("mm", 10, "cm cms centimetre centimetres centimeter centimeters 厘米 公分"),
    ("mm", 100, "dm 分米"),
    ("mm", 1000, "m metre metres meter meters 米"),
    ("mm", 1_000_000, "km kilometre kilometres kilometer kilometers 公里 千米"),
    ("mm", 25.4, 'in in. inch inches " ″ ” 英寸 英吋 吋 寸'),
    ("mm", 304.8, "ft ft. foot feet ' ′ ’ 英尺"),
    ("mm", 914.4, "yd yds yard yards"),
    ("cm²", 1, "cm² cm2 sq_cm square_centimetre square_centimetres square_centimeter square_centimeters 平方厘米"),
    ("cm²", 10_000, "m² m2 sqm sq_m square_metre square_metres square_meter square_meters 平方米 平米"),
    ("cm²", 6.4516, "in² sq_in square_inch square_inches 平方英寸"),
    ("cm²", 929.03, "ft² sq_ft square_foot square_feet 平方英尺"),
    ("w", 1, "w watt watts 瓦 瓦特"),
    ("w", 1000, "kw kilowatt kilowatts 千瓦"),
    ("v", 1, "v volt volts 伏 伏特"),
    ("v", 1000, "kv 千伏"),
    ("a", 1, "a amp amps ampere amperes 安培"),
    ("a", 0.001, "ma milliamp milliamps"),
    ("mah", 1, "mah 毫安时 毫安"),
    ("mah", 1000, "ah 安时"),
    ("wh", 1, "wh watt-hour watt-hours 瓦时"),
    ("wh", 1000, "kwh 千瓦时"),
    ("hz", 1, "hz hertz 赫兹"),
    ("hz", 1000, "khz 千赫"),
    ("hz", 1_000_000, "mhz 兆赫"),
    ("hz", 1_000_000_000, "ghz 吉赫"),
    ("gb", 0.001, "mb megabyte megabytes"),
    ("gb", 1, "gb gigabyte gigabytes"),
    ("gb", 1000, "tb terabyte terabytes"),
    ("db", 1, "db dba db(a) decibel decibels 分贝"),
    ("lm", 1, "lm lumen lumens 流明"),
    ("°c", 1, "°c º℃ ℃ deg_c degrees_c degrees_celsius 摄氏度"),
    ("°f", 1, "°f ℉ deg_f degrees_f degrees_fahrenheit 华氏度"),
    ("min", 1 / 60, "sec secs second seconds 秒"),
    ("min", 1, "min mins minute minutes 分钟"),
    ("min", 60, "h hr hrs hour hours 小时 个小时 钟头"),
    ("min", 1440, "day days 天"),
    ("min", 10_080, "week weeks 周 星期"),
    ("month", 1, "month months 个月"),
    ("month", 12, "year years yr yrs 年 岁 周岁"),
)
_WORDS = tuple(word.replace("_", " ") for _, _, spelt in _TABLE for word in spelt.split())
_UNITS = {re.sub(r"[_.-]", "", word): (factor, base) for base, factor, spelt in _TABLE for word in spelt.split()}
BASE_UNITS = frozenset(base for base, _, _ in _TABLE)
_NO_UNIT = (  # Chinese words that begin like a unit
    "米色|米白|米黄|米灰|米杏|米奇|米粉|米粒|米饭|克拉|克罗|克力|瓦楞|瓦罐|升级|升降|升温|寸照|年级|年代|年份|天然|周年|周边"
)
_FRACTIONS = {
    "½": 1 / 2,
    "⅓": 1 / 3,
    "⅔": 2 / 3,
    "¼": 1 / 4,
    "¾": 3 / 4,
    "⅛": 1 / 8,
    "⅜": 3 / 8,
    "⅝": 5 / 8,
    "⅞": 7 / 8,
}
_CHAR = "".join(_FRACTIONS)
_PLAIN = r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?|(?<![\d.,])\.\d+"
_BROKEN = rf"\d*[{_CHAR}]|(?:\d+[ -])?\d/(?:2|3|4|8|16|32)(?=\s?-?(?:in\b|inch|[\"″”]|lb|oz|cup|pint|gal|quart|mile))"
_NUMBER = rf"(?:{_BROKEN}|{_PLAIN})"


def _spelt(word: str) -> str:
    """A unit's word as a pattern: a Latin one ends where its letters end, an inch or foot mark stands at its number."""
    pattern = re.escape(word).replace(r"\ ", r"[\s-]?")
    if word in ("in", "in."):  # "2 in 1", "3 in a pack"
        return pattern + r"(?![a-z.])(?!\s*-?\s*\d|\s+(?:an?|one|the|this|each|every|total|all|our|stock)\b)"
    if word in "'′’":
        return rf"(?<=[\d{_CHAR}]){pattern}(?![a-z])"
    if word in '"″”':
        return rf"(?<=[\d{_CHAR}]){pattern}"
    return pattern + r"(?![a-z²³µ])" if word[-1].isascii() and word[-1].isalpha() else pattern


_UNIT = "|".join(_spelt(word) for word in sorted(_WORDS, key=len, reverse=True))
_JOINED = r"(?:x|×|\*|–|—|~|～|-|至|到|by(?=\s)|to(?=\s))"
_MEASURE = re.compile(
    rf"(?P<number>(?:(?<!\S)[-−])?(?<![\d.]){_NUMBER})"
    rf"(?P<more>(?:\s*{_JOINED}\s*{_NUMBER})*)"
    rf"(?:\s*-?(?!{_NO_UNIT})(?P<unit>{_UNIT})|\s*(?P<other>[a-zµ°%\u4e00-\u9fff]*))"
)  # of lower-cased text: that is several times as fast as a search that ignores case
_EACH = re.compile(rf"\d*[{_CHAR}]|(?:\d+[ -])?\d/\d{{1,2}}|{_PLAIN}")
_THOUSANDS = re.compile(r"(?<=[1-9]),(?=\d{3}(?:\D|$))|(?<=\d\d),(?=\d{3}(?:\D|$))")
_PARTS = frozenset({(304.8, 25.4), (453.592, 28.3495), (60, 1), (1000, 10), (1000, 1)})  # 5 ft 11 in, 1 h 30 min
_BETWEEN = re.compile(r"\s*(?:and\s+)?")
_LENGTH_AHEAD = re.compile(
    r"\s*(?:$|[.,;:)\]/x×*。，；、）]|-\s|(?:x|by|and|or|w|h|l|d|wide|tall|long|high|deep|thick|across|in|round)\b|[\u4e00-\u9fff])"
)
_GOES_ON = re.compile(r"/[A-Za-z]|(?<=[A-Za-z])\d")  # km/h, "24 W/B", "6L6"
_IN_NAME = re.compile(r"[A-Za-z]-|.?[A-Za-z]", re.DOTALL)
_DIGIT = re.compile(rf"[\d{_CHAR}]")


@dataclass(frozen=True, slots=True)
class Measure:
    """An amount in a base unit, and where it stands: the number, with its unit where that stands beside it."""

    amount: float
    unit: str
    start: int
    end: int


def measure(value: str | int | float | bool | tuple[str, ...]) -> tuple[float, str] | None:
    """The first number of `value` in a base unit, and that unit ("" where there is none): "1.2 L" is (1200, "ml").

    Numbers joined as in "183 x 66 cm" or "40-100 °C" share the unit behind the last; 5 ft 11 in is one length.
    """
    if isinstance(value, bool) or isinstance(value, tuple):
        return None
    if isinstance(value, int | float):
        return float(value), ""
    folded = _lower(value)
    found = _MEASURE.search(folded)
    if not found:
        return None
    whole = _composite(folded, found)
    if whole:
        return whole.amount, whole.unit
    if not found["unit"]:
        return _number(found["number"]), found["other"]
    return _based(_number(found["number"]), found["unit"])


def measures(text: str) -> Iterator[Measure]:
    """Every number of a running text that has a unit of the table, in order; each of several joined ones by itself.

    Here a letter counts as a unit in its usual case only ("5G" is no weight), "in" where a length can be meant, and a
    number that belongs to a name does not count (JB20L).
    """
    if not _DIGIT.search(text):
        return
    end = 0
    folded = _lower(text)
    for found in _MEASURE.finditer(folded):
        if found.start() < end or not found["unit"] or not _means_unit(text, found):
            continue
        whole = _composite(folded, found)
        if whole:
            end = whole.end
            yield whole
            continue
        numbers = [(found["number"], found.start("number"), found.end("number"))]
        if found["more"]:
            at = found.start("more")
            numbers += [(m[0], at + m.start(), at + m.end()) for m in _EACH.finditer(found["more"])]
        for place, (number, start, stop) in enumerate(numbers, start=1):
            amount, unit = _based(_number(number), found["unit"])
            yield Measure(amount, unit, start, _end(found) if place == len(numbers) else stop)


def _end(found: re.Match[str]) -> int:
    """Where an amount ends; the full stop of "2 oz." is left to the sentence."""
    return found.end() - ((found["unit"] or "")[-1:] == ".")


def _lower(text: str) -> str:
    """`text` in lower case, every character in its place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _based(number: float, unit: str) -> tuple[float, str]:
    factor, base = _unit(unit)
    return ((number - 32) * 5 / 9, "°c") if base == "°f" else (number * factor, base)


def _unit(spelt: str) -> tuple[float, str]:
    known = _UNITS.get(spelt)
    if known:
        return known
    squeezed = re.sub(r"[\s.-]", "", spelt)
    return _UNITS.get(squeezed, (1, squeezed))


def _number(spelt: str) -> float:
    """The value of a number as written: "1,299.5", "1,5", "½", "1 1/2"."""
    sign = -1 if spelt[0] in "-−" else 1
    spelt = spelt.lstrip("-−")
    if spelt[-1] in _FRACTIONS:
        return sign * (int(spelt[:-1] or 0) + _FRACTIONS[spelt[-1]])
    if "/" in spelt:
        *whole, part = re.split(r"[ -]", spelt)
        over, under = part.split("/")
        return sign * (int(whole[0] if whole else 0) + int(over) / int(under))
    return sign * float(_THOUSANDS.sub("", spelt).replace(",", "."))


def _composite(text: str, first: re.Match[str]) -> Measure | None:
    """A length, weight or time given in two units: 5'11, "5 ft 11 in", "1 h 30 min", 1米75."""
    if first["more"] or not first["unit"] or not first["number"].isdigit():
        return None
    factor, base = _unit(first["unit"])
    between = _BETWEEN.match(text, first.end())
    second = _MEASURE.match(text, between.end() if between else first.end())
    if not second or second["more"]:
        return None
    amount = _number(second["number"])
    if second["unit"]:
        smaller, same = _unit(second["unit"])
        if same == base and (factor, smaller) in _PARTS and amount * smaller < factor:
            return Measure(int(first["number"]) * factor + amount * smaller, base, first.start(), _end(second))
    elif second.start() == first.end() and not second["other"] and first["unit"] in ("米", "'", "′", "’"):
        digits = second["number"]
        if first["unit"] == "米" and digits.isdigit() and len(digits) <= 2:
            return Measure(
                (int(first["number"]) + amount / 10 ** len(digits)) * factor, base, first.start(), second.end()
            )
        if first["unit"] != "米" and amount < 12:
            return Measure(int(first["number"]) * factor + amount * 25.4, base, first.start(), _end(second))
    return None


def _means_unit(text: str, found: re.Match[str]) -> bool:
    """Whether in prose the letters behind a number are a unit: "5G", "USB 3 A", "4 in white" have none."""
    if _IN_NAME.fullmatch(text, max(0, found.start() - 2), found.start()):
        return False
    if _GOES_ON.match(text, found.end()) and not _composite(_lower(text), found):
        return False
    unit = text[found.start("unit") : found.end("unit")]
    apart = text[found.start("unit") - 1].isspace()
    if unit in ('"', "”"):
        return not _in_quotes(text, found.start())
    if len(unit) == 1 and unit.isascii() and unit.isalpha():
        return unit in "gmhlLWVA" or (unit in "wv" and not apart)
    if found["unit"] == "in" and apart:
        return _LENGTH_AHEAD.match(text, found.end()) is not None
    return True


def _in_quotes(text: str, place: int) -> bool:
    """Whether a quotation that is open at `place` is closed by the mark behind the number there."""
    opening = max(text.rfind('"', 0, place), text.rfind("“", 0, place))
    return opening >= 0 and text[opening - 1 : opening].strip("([ ") == "" and not text[opening + 1].isspace()

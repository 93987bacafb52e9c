"""Model numbers, sizes, measures and compounds in one form each, however a listing and a shopper write them."""

import re
from itertools import pairwise

from catalog.attributes.units import measure
from catalog.tokens import STOPWORDS, folded, stem, tokens

_NUMBER = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?"
_FRACTION = re.compile(r"(?<![\d./])(?:\d+[ -])?\d+/\d+(?![\d/])")
_HALVES = re.compile(r"(?<=\d)(?=[¼-¾⅐-⅞])")
_DECIMAL = re.compile(r"(?<![\d.])\d+\.\d+(?![.\d])")
_EXTENT = re.compile(rf"(?<![\d.])(?:{_NUMBER})(?:\s?[x×*]\s?(?:{_NUMBER}))+(?!\d)")
_LATIN_UNITS = "kg|g|lbs?|oz|l|ml|cl|m|cm|mm|inch(?:es)?|in|ft|kw|w|db|hours?|h|min|mah|lm|gb|tb|mp|hz|khz|v"
_CHINESE_UNITS = "千克|公斤|克|斤|毫升|升|厘米|毫米|米|英寸|瓦|分贝|小时|分钟|毫安时|流明"
_NO_INCHES = r"(?!(?<=in)\s*(?:\d|an?\b|one\b|the\b|stock\b))"  # "2 in 1", "5 in stock"
_MEASURE = re.compile(
    rf"(?<![\d.,/a-z])({_NUMBER})[\s-]?(?:({_LATIN_UNITS})(?![a-z0-9]){_NO_INCHES}|({_CHINESE_UNITS})|(\"|″|''|′′))"
)
_CODE = re.compile(r"(?<![a-z0-9])(?<!\d[.,/])(?=[a-z]*[\d/_-])[a-z0-9]+(?:[-/_][a-z0-9]+)*")
_JOINT = re.compile(r"[-/_]")
_SEVERAL = re.compile(r"\d/\d")
_COMPOUND = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
_MARK_LETTERS = 3  # "usb-c" is a mark, "multi-tool" is not
_PART_DIGITS = 6  # "2301-7765" is a number of a part, "20-30" two numbers


def codes(text: str) -> tuple[str, ...]:
    """The codes in `text`, each once: "WH-1000XM4" is wh1000xm4, "USB-C" usbc, "0.5 L" 500ml, "90 × 200" 90x200."""
    plain = folded(_HALVES.sub(" ", text)).replace("⁄", "/")
    found = [re.sub(r"[ -]", "+", match) for match in _FRACTION.findall(plain)] if "/" in plain else []
    found += [match.rstrip("0").rstrip(".") for match in _DECIMAL.findall(plain)]
    found += [re.sub(r"[×*]", "x", re.sub(r"[\s,]", "", match)) for match in _EXTENT.findall(plain)]
    found += [_measured(number, latin or chinese or "inch") for number, latin, chinese, _ in _MEASURE.findall(plain)]
    found += [_JOINT.sub("", piece) for piece in _CODE.findall(plain) if _is_code(piece)]
    return tuple(dict.fromkeys(found))


def compounds(text: str) -> tuple[tuple[str, ...], ...]:
    """The parts of every hyphenated word in `text`: "water-resistant" is (water, resistant)."""
    return tuple(tuple(match.split("-")) for match in _COMPOUND.findall(folded(text))) if "-" in text else ()


def joined(parts: tuple[str, ...]) -> str:
    """The token of a compound written as one word."""
    return stem("".join(parts))


def document_tokens(text: str) -> list[str]:
    """What the lexical index holds of a text: its `tokens`, the `codes` in it, and compounds joined and in parts."""
    found = tokens(text)
    for parts in compounds(text):
        found.append(joined(parts))
        found.extend(telling_parts(parts))
    known = set(found)
    found.extend(code for code in codes(text) if code not in known)
    return found


def telling_parts(parts: tuple[str, ...]) -> list[str]:
    """The tokens of a compound's parts, without single letters and words that tell nothing."""
    return [stem(part) for part in parts if len(part) > 1 and part not in STOPWORDS]


def boundaries(code: str) -> list[int]:
    """Where letters and digits meet in a code."""
    return [place for place, (a, b) in enumerate(pairwise(code), 1) if a.isdigit() != b.isdigit()]


def _is_code(piece: str) -> bool:
    pieces = _JOINT.split(piece)
    whole = "".join(pieces)
    if _SEVERAL.search(piece):
        return False  # "1/4in", "5/2024"
    if whole.isdigit():
        return len(pieces) > 1 and len(whole) >= _PART_DIGITS
    if whole.isalpha():
        return len(pieces) > 1 and "/" not in piece and all(len(part) <= _MARK_LETTERS for part in pieces)
    counted = len(pieces) > 1 and pieces[0].isdigit() and pieces[-1].isalpha() and len(pieces[-1]) > _MARK_LETTERS
    return not counted  # "3-piece"


def _measured(number: str, unit: str) -> str:
    value, base = measure(f"{number} {unit}") or (0.0, unit)
    return f"{round(value, 3):f}".rstrip("0").rstrip(".") + base

"""A message in the other language, by the model, held to what must not change: numbers, amounts, names, denials.

Where the model's words do not hold what the message holds there is no translation; the message itself is always shown.
"""

import re
import threading
from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.errors import ModelError
from assistant.prompts import prompt
from assistant.reading.numerals import in_digits, mentioned
from assistant.verify import denies
from assistant.writer import Writer
from catalog import Locale, has_cjk

_MAX_TOKENS = 320
_DEADLINE_S = 30.0
_LINES = 20
_LONGEST = 1_200  # characters of a line
_KEPT = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://[^\s，。；）]+|#?\b[A-Za-z]{1,5}-?\d[\w-]*\b|#\w*\d\w*|\b[A-Z]{2,}[A-Z0-9]*\b"
)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = re.compile(rf"\b({'|'.join(name[:3] for name in _MONTHS)})[a-z]*\b", re.IGNORECASE)
_CURRENCIES = (
    re.compile(r"\$|美元|美金|\bdollars?\b|\bUSD\b", re.IGNORECASE),
    re.compile(r"[¥￥]|人民币|\byuan\b|\bRMB\b|\bCNY\b|(?<![美日欧])元", re.IGNORECASE),
    re.compile(r"€|欧元|\beuros?\b|\bEUR\b", re.IGNORECASE),
    re.compile(r"£|英镑|\bpounds?\b|\bGBP\b", re.IGNORECASE),
)
_LEAST, _MOST = 0.15, 9.0  # of the message's length


def translate(text: str, to: Locale, writer: Writer, *, names: Iterable[str] = ()) -> str | None:
    """`text` in `to`, line by line; None where the model fails or what it wrote is not faithful.

    `names` are titles of products that may stand in it and have to stay as they are.
    """
    if not text.strip() or len(text.splitlines()) > _LINES:
        return None
    kept = [name for name in names if name and name in text]
    lines = []
    for line in text.splitlines():
        if not line.strip() or (has_cjk(line) == (to == "zh")):
            lines.append(line.strip())
            continue
        found = _line(line.strip(), to, writer, kept)
        if found is None:
            return None
        lines.append(found)
    return "\n".join(lines).strip()


def _line(line: str, to: Locale, writer: Writer, kept: Sequence[str]) -> str | None:
    if len(line) > _LONGEST:
        return None
    asked = prompt("translate", to)
    schema = {
        "type": "object", "properties": {"translation": {"type": "string"}}, "required": ["translation"],
        "additionalProperties": False,
    }  # fmt: skip
    try:
        found = writer.fields(
            asked.system, asked.fill(text=line), schema, max_tokens=_MAX_TOKENS, deadline=writer.now() + _DEADLINE_S,
            cancelled=threading.Event(), purpose=asked.name,
        ).get("translation")  # fmt: skip
    except ModelError:
        return None
    words = " ".join(found.split()) if isinstance(found, str) else ""
    return words if faithful(line, words, to, [name for name in kept if name in line]) else None


def faithful(text: str, translation: str, to: Locale, names: Iterable[str] = ()) -> bool:
    """Whether a translation is in the language and holds every number, amount, order number, address and name, no others,
    and denies where the text denies.
    """
    bare = translation
    for name in names:
        if name not in translation:
            return False
        bare, text = bare.replace(name, " "), text.replace(name, " ")
    if not translation or not _LEAST <= len(translation) / max(len(text), 1) <= _MOST:
        return False
    if (re.search(r"[\u3400-\u9fff]", bare) is not None) != (to == "zh"):
        return False
    codes = Counter(_KEPT.findall(text))
    if any(bare.count(code) < count for code, count in codes.items()):
        return False
    return _same_numbers(text, bare) and _currencies(text) == _currencies(bare) and (denies(bare) or not denies(text))


def _same_numbers(text: str, translation: str) -> bool:
    """Whether the numbers in digits of each are all meant in the other: 30 天 is 30 days and "two" 两; May may be 5 月."""
    held, found = _numbers(text), _numbers(translation)
    months = {
        float(1 + [name[:3] for name in _MONTHS].index(one.casefold()))
        for one in _MONTH.findall(f"{text} {translation}")
    }
    return held <= found | _loose(translation) | months and found <= held | _loose(text) | months


def _numbers(text: str) -> set[float]:
    return {float(number.replace(",", "").rstrip(".")) for number in _NUMBER.findall(text)}


def _loose(text: str) -> set[float]:
    return mentioned(text) | _numbers(in_digits(text))


def _currencies(text: str) -> set[int]:
    return {place for place, pattern in enumerate(_CURRENCIES) if pattern.search(text)}

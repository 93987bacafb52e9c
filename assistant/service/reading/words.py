"""The word lists beside this module, read once, and text brought to plain signs. Knows no shop and no customer."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from assistant.reading.seen import seen

_SIGNS = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": " - ", "−": "-", "＃": "#", "\u00a0": " "}
)
_SIGNS |= str.maketrans({"（": "(", "）": ")", "＞": ">", "＝": "=", "【": "[", "】": "]"})
_EMPHASIS = re.compile(r"\*\*|__(?=\w)|(?<=\w)__")


@cache
def table(name: str) -> Any:
    """One of the YAML word lists."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8"), loader)  # noqa: S506


@cache
def pattern(name: str, *path: str) -> re.Pattern[str]:
    """Any of the patterns at a place of a list, ignoring case: English ones begin at a word, Chinese ones anywhere."""
    rows: Any = table(name)
    for step in path:
        rows = rows[step]
    return any_of(rows)


def any_of(rows: Any) -> re.Pattern[str]:
    """Any of the patterns under `en` and `zh`, one a line; those of `whole` must be the whole text."""
    ends = {"en": (r"\b", r"(?:(?<!\w)|(?!\w))"), "zh": ("", "")}
    parts = [rf"{ends[part][0]}(?:{_lines(rows[part])}){ends[part][1]}" for part in ends if part in rows]
    if "whole" in rows:
        parts.append(rf"^\W*(?:{_lines(rows['whole'])})\W*$")
    return re.compile("|".join(parts), re.IGNORECASE)


def plain(text: str) -> str:
    """`text` on one kind of quotation marks, dashes and brackets, without emphasis."""
    return _EMPHASIS.sub("", seen(text).translate(_SIGNS))


def _lines(lines: str) -> str:
    return "|".join(line for line in lines.strip().splitlines() if line)

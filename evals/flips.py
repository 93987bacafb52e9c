"""A sentence turned into its opposite, or out of it: "is not", 没有, "without"."""

import re

_NEGATED = re.compile(r"\b(?:not|no|never|without|cannot)\b|n't\b|不|没|无|未", re.IGNORECASE)
_FLIPS = (
    (re.compile(r"\b(is|are|was|were|can|will|does|do)(?: not|n't)\b"), r"\1"), (re.compile(r"\bcannot\b"), "can"),
    (re.compile(r"\bwithout\b"), "with"), (re.compile(r"\bhas no\b"), "has a"),
    (re.compile(r"\b(is|are|can|will)\b(?! not|n't)"), r"\1 not"), (re.compile(r"\bhas\b"), "has no"), (re.compile(r"\bwith\b"), "without"),
    (re.compile(r"没有"), "有"), (re.compile(r"不能|不可以"), "可以"), (re.compile(r"不是"), "是"), (re.compile(r"不(?=[会含带需易])"), ""),
    (re.compile(r"(?<!没)有(?!限|些|点|所|人)"), "没有"), (re.compile(r"可以"), "不能"), (re.compile(r"(?<![可但还就总只都不于])是"), "不是"),
    (re.compile(r"(?<![许认宁])可(?![爱以能是])"), "不可"), (re.compile(r"(?<![不可功性只智])能(?![量源力])"), "不能"),
)  # fmt: skip


def flipped(text: str) -> str | None:
    """`text` with its first denial undone or its first statement denied; None where neither is plain."""
    denied = _NEGATED.search(text) is not None
    for number, (pattern, other) in enumerate(_FLIPS):
        undoes = number < 4 or 7 <= number < 11
        if undoes == denied and pattern.search(text):
            return pattern.sub(other, text, count=1)
    return None

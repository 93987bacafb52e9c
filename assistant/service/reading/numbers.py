"""The order numbers of a shop in a text, however carelessly they are written."""

import re
from functools import lru_cache

GENERIC = r"#?[A-Z]{0,3}-?\d{4,12}"  # where the shop tells no pattern
_LITERAL = re.compile(r"(?:\\?[#A-Za-z]|\\?-)*(?=\\d|\[0-9\]|\d)")
_SPOKEN_OF = re.compile(
    r"(?:\border|\bnumbers?|\bno\.?|\bids?|#|订单号?|单号|编号)(?:\s+(?:numbers?|no\.?|ids?))*"
    r"(?:\s+for (?:that|it|this|them|those|the \w+))?\s*(?:is|are|:|：|是|为|=)?\s*#?\s*$",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[A-Za-z]")


def order_ids(text: str, shop: str | None, *, asked: bool = False) -> list[tuple[str, int, int]]:
    """Every order number with its place. Case, spaces and a missing "#" do not matter; a number without its letters

    counts where it is spoken of as an order's, or where one was asked for. None means a pattern for any shop.
    """
    found: dict[int, tuple[str, int, int]] = {}
    tolerant, bare, prefix = _patterns(shop or GENERIC)
    capitals = re.search(r"[a-z]", re.sub(r"\\[a-z]", "", shop or "")) is None
    for match in tolerant.finditer(text):
        if shop or _spoken_of(text, match.start(), asked):
            found[match.start()] = (_canonical(match, prefix, upper=capitals), match.start(), match.end())
    for match in bare.finditer(text) if bare else ():
        taken = any(start <= match.start() < end for _, start, end in found.values())
        if not taken and _spoken_of(text, match.start(), asked):
            found[match.start()] = (prefix + match[0], match.start(), match.end())
    return [found[place] for place in sorted(found)]


def _spoken_of(text: str, start: int, asked: bool) -> bool:
    return asked or text[start : start + 1] == "#" or _SPOKEN_OF.search(text[max(0, start - 40) : start]) is not None


def _canonical(match: re.Match[str], prefix: str, *, upper: bool) -> str:
    """The number as the shop writes it."""
    if not prefix:
        return re.sub(r"\s", "", match[0]).upper()
    return prefix + (match["rest"].upper() if upper else match["rest"])


@lru_cache(maxsize=64)
def _patterns(shop: str) -> tuple[re.Pattern[str], re.Pattern[str] | None, str]:
    """A pattern that is tolerant of spelling, one for the digits alone, and what the shop writes before them."""
    literal = _LITERAL.match(shop)
    lead = literal[0] if literal else ""
    if not lead:
        return re.compile(rf"(?<![A-Za-z0-9_#-])(?:{shop})(?![A-Za-z0-9_-])", re.IGNORECASE), None, ""
    rest = shop[len(lead) :]
    prefix = lead.replace("\\", "")
    signs = "".join(rf"{sign}\s?" if _LETTERS.match(sign) else rf"[{re.escape(sign)}\s]?\s?" for sign in prefix)
    tolerant = re.compile(rf"(?<![A-Za-z0-9_]){signs}(?P<rest>{rest})(?![A-Za-z0-9_])", re.IGNORECASE)
    return tolerant, re.compile(rf"(?<![A-Za-z0-9_.$€£¥-])(?:{rest})(?![A-Za-z0-9_])"), prefix

"""The conditions in a sentence: what holds only otherwise, what is limited by an amount, and what is wanted then."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from assistant.service.reading.said import Bound, BoundOf
from assistant.service.reading.words import pattern, table

_I = re.IGNORECASE
_OF: dict[str, BoundOf] = {
    "difference": "difference",
    "差价": "difference",
    "total": "total",
    "总价": "total",
    "amount": "total",
}
_OF |= {"price difference": "difference"}
_OF |= {"refund": "refund", "退款": "refund", "price": "price", "cost": "price", "价格": "price"}


@dataclass(frozen=True, slots=True)
class Condition:
    """An "if" of a sentence, by its place. `fails` tells that it means: where what was said before cannot be."""

    kind: Literal["fails", "amount", "other"]
    start: int
    end: int
    bound: Bound | None = None


def conditions_in(sentence: str) -> list[Condition]:
    """Every condition, in order."""
    found: list[Condition] = []
    for match in pattern("conditions", "if").finditer(sentence):
        limit = _amount().search(match[0])
        if limit:
            end = match.start() + limit.end()
            found.append(Condition("amount", match.start(), end, _bound(sentence, match.start(), end, limit)))
    for kind, name in (("fails", "fails"), ("other", "if")):
        for match in pattern("conditions", name).finditer(sentence):
            taken = any(one.start < match.end() and match.start() < one.end for one in found)
            asks = re.search(table("conditions")["asks"], sentence[: match.start()], _I) is not None
            of_order = kind == "fails" and pattern("conditions", "of_order").search(match[0]) is not None
            if kind == "other" and not taken and _dearer(match[0]) and only_says_no(sentence[match.end() :]):
                found.append(Condition("amount", *match.span(), Bound("difference", at_most=0)))
            elif not taken and not of_order and not asks:
                found.append(Condition(kind, *match.span()))  # type: ignore[arg-type]
    return sorted(found, key=lambda one: one.start)


def _dearer(condition: str) -> bool:
    return re.search(table("conditions")["dearer"], condition, _I) is not None


def hidden(sentence: str, conditions: list[Condition]) -> str:
    """The sentence with blanks in place of its conditions, so that nothing in them is taken for a wish."""
    for one in conditions:
        sentence = sentence[: one.start] + " " * (one.end - one.start) + sentence[one.end :]
    return sentence


def only_says_no(text: str) -> bool:
    """Whether what follows a condition is nothing but that it shall not be done then."""
    return (
        re.match(rf"[\s,，]*(?:then |please |just |就|那就|那)*(?:{table('conditions')['no_then']})", text, _I)
        is not None
    )


def _bound(sentence: str, start: int, end: int, limit: re.Match[str]) -> Bound:
    """What an amount in a condition sets a limit to: by the way it goes and by what is said to follow."""
    before, condition, after = sentence[:start], sentence[start:end], sentence[end:]
    amount = float(limit["amount"].replace(",", ""))
    more = re.fullmatch(table("conditions")["more"], limit["way"], _I) is not None
    follows = after.strip(" ,.!，。")
    refused = only_says_no(after) or (not follows and only_says_no(re.split(r"[,;，；]", before)[-1]))
    upper = more == (refused or re.match(r"\W*unless", condition, _I) is not None)
    if more and not refused and follows and not re.match(r"\W*only", condition, _I):
        upper = True  # "if it is over 3000, cancel": what was wanted holds below
    if re.fullmatch(r"至少|at least", limit["way"], _I):
        upper = False
    word = re.search(table("conditions")["of"], condition, _I)
    of = _OF.get(word[0].casefold(), "price") if word else "price"
    return Bound(of, at_most=amount) if upper or not more and not refused else Bound(of, at_least=amount)


@cache
def _amount() -> re.Pattern[str]:
    return re.compile(table("conditions")["amount"], _I)

"""How a need grows from message to message: what is said now takes the place of what it contradicts."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.reading.terms import Found
from assistant.types import Need
from catalog import Constraint, has_cjk, tokens

_NEGATIVE = frozenset({"ne", "not_in", "not_contains"})
_SIDE = {"lt": "upper", "le": "upper", "gt": "lower", "ge": "lower"}
QUERY_CHARS = 400


def merge(
    before: Need,
    wish: str,
    found: Found,
    stated: Sequence[Constraint],
    released: frozenset[str] = frozenset(),
    *,
    widens: bool = False,
) -> Need:
    """`before` with `stated`, without what is `released`, and with `wish` in its words.

    `widens` makes new values alternatives to the old ones ("or green"). What `found` allows is no longer refused, and
    joins what was asked for of the same attribute.
    """
    news = list(stated)
    if found.kinds:
        news.insert(0, Constraint("type", "contains" if found.carried else "eq", found.kind_forms, "inferred"))
    kept: list[Constraint] = []
    for old in before.constraints:
        left = None if old.field in released else _after(old, news, widens)
        left = _allowing(left, found.allowed) if left else None
        if left:
            kept.append(left)
    if widens:
        news = [_widened(new, before.constraints) for new in news]
    constraints = tuple(dict.fromkeys((*kept, *news)))
    gone = [c for c in before.constraints if c not in constraints and c.field != "price"]
    query = _without(before.query, [*gone, *_refusals(constraints)], keep=constraints)
    said = _without(wish, _refusals(constraints))
    if tokens(said) and said not in query:
        query = f"{query} {said}".strip()
    return replace(before, query=query[-QUERY_CHARS:], constraints=constraints)


def drop(need: Need, dropped: Sequence[Constraint]) -> Need:
    """`need` without some of its constraints, and without their words."""
    kept = tuple(c for c in need.constraints if c not in dropped)
    return replace(need, query=_without(need.query, dropped, keep=kept), constraints=kept)


def _after(old: Constraint, news: Iterable[Constraint], widens: bool) -> Constraint | None:
    """What is left of `old` once `news` are said."""
    left: Constraint | None = old
    for new in news:
        if left is None:
            return None
        left = _against(left, new, widens)
    return left


def _against(old: Constraint, new: Constraint, widens: bool) -> Constraint | None:
    opposed = (new.op in _NEGATIVE) != (old.op in _NEGATIVE)
    if opposed and (new.field == old.field or "text" in (new.field, old.field)):
        return _less(old, new)
    if new.field != old.field:
        return old
    if new.op in _SIDE and old.op in _SIDE:
        return None if _SIDE[new.op] == _SIDE[old.op] or _empty_between(new, old) else old
    if new.op in _NEGATIVE:
        return None if new.op == "not_in" or _values(new) == _values(old) else old
    return None


def _less(old: Constraint, new: Constraint) -> Constraint | None:
    """`old` without the values that `new` says the opposite of: "not blue" takes blue out of "blue or green"."""
    left = tuple(value for value in _values(old) if value.casefold() not in {v.casefold() for v in _values(new)})
    if len(left) == len(_values(old)):
        return old
    return replace(old, value=left) if left and isinstance(old.value, tuple) and old.op == "contains" else None


def _allowing(old: Constraint, allowed: Iterable[Constraint]) -> Constraint | None:
    for welcome in allowed:
        if old.op in _NEGATIVE:
            left = _less(old, welcome)
            if left is None:
                return None
            old = left
        elif old.field == welcome.field:
            old = replace(old, value=tuple(dict.fromkeys((*_values(old), *_values(welcome)))))
    return old


def _widened(new: Constraint, before: Iterable[Constraint]) -> Constraint:
    olds = [old for old in before if old.field == new.field and old.op == new.op == "contains"]
    values = (value for one in (*olds, new) for value in _values(one))
    return replace(new, value=tuple(dict.fromkeys(values))) if olds else new


def _empty_between(new: Constraint, old: Constraint) -> bool:
    """Whether an upper and a lower limit exclude each other, so that the newer alone is meant."""
    if not isinstance(new.value, int | float) or not isinstance(old.value, int | float):
        return False
    return new.value <= old.value if _SIDE[new.op] == "upper" else new.value >= old.value


def _values(constraint: Constraint) -> tuple[str, ...]:
    return constraint.value if isinstance(constraint.value, tuple) else (str(constraint.value),)


def _refusals(constraints: Iterable[Constraint]) -> list[Constraint]:
    return [c for c in constraints if c.op in ("ne", "not_contains")]


def _without(words: str, constraints: Iterable[Constraint], keep: Iterable[Constraint] = ()) -> str:
    """`words` without those of `constraints`, and of the refusing before them: what is refused must not attract."""
    kept = {form.casefold() for constraint in keep if constraint.op not in _NEGATIVE for form in _values(constraint)}
    for form in sorted((f for c in constraints for f in _values(c)), key=len, reverse=True):
        if form.casefold() in kept or len(form) < 2 - has_cjk(form):
            continue
        edge = "" if has_cjk(form) else r"(?![a-z0-9])"
        start = "" if has_cjk(form) else r"(?<![a-z0-9])"
        words = re.sub(
            rf"{_REFUSING}{start}{re.escape(form)}{edge}(?:-free\b|以外的?|之外的?|的(?=[，,]|$))?",
            " ",
            words,
            flags=re.IGNORECASE,
        )
    return " ".join(words.split()).strip(" ,.;，。；、")


_REFUSING = (
    r"(?:(?:\b(?:and|but|or|nor|,)\s+)?\b(?:not|no|without|except|anything but|avoid|nor|or|(?:is|are|do|does)n['’]?t(?: want| like)?|hates?|dislikes?)\s+"
    r"(?:made of |made from |any |a |an |the )*|(?:也)?(?:不要|不含|不是|除了|不喜欢|别要?|非)\s*)?"
)

"""What a text denies: the words in the reach of a "not", a "without" or a 没有, and those it says in no other way."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from catalog import has_cjk, tokens

NEGATION = re.compile(
    r"\b(?:not(?! only| just)|no(?! more than| less than)|never|none|neither|nor|without|isn't|aren't|wasn't|doesn't|don't|didn't"
    r"|can't|cannot|won't|lacks?|free (?:of|from))\b"
    r"|不(?![锈仅但错过同止断少])|没有?|无(?![线论])|未(?!来)|非(?!常)|并非|免(?!费)",
    re.IGNORECASE,
)
_FREE = re.compile(r"\b([a-z]+)-free\b", re.IGNORECASE)
_NO_VALUE = re.compile(r"^([^:：]{1,24})[:：]\s*(?:no|none|false|否|无|不支持|不可以?)$", re.IGNORECASE)
_NAMED = re.compile(r"^([^:：,，.。]{1,24})[:：](?=.{1,40}$)")
_CLAUSE = re.compile(r"\n|[.;:!?,](?:\s|$)|[。；：！？，、]|\s–\s|\bbut\b|\bthough\b|而是")
_HAVING = frozenset("contain have includ use need requir come made make get part any a".split())
_REACH = 3  # tokens
_REACH_ZH = 5  # characters
_THING_ZH = 2


@dataclass(frozen=True, slots=True)
class Denials:
    """The words that a text denies; those it denies wherever it has them; what follows each Chinese denial."""

    denied: frozenset[str]
    only: frozenset[str]
    after: tuple[str, ...]


def denials_of(lines: Iterable[str]) -> Denials:
    """What `lines` deny, clause by clause."""
    denied: set[str] = set()
    asserted: set[str] = set()
    after: list[str] = []
    for line in lines:
        switched_off = _NO_VALUE.match(line.strip())
        spoken = _NAMED.sub(r"\1 ", line)  # an attribute and its value are one clause
        for clause in [f"not {switched_off[1]}"] if switched_off else _CLAUSE.split(spoken):
            inside, outside, behind = _scopes(clause)
            denied |= inside
            asserted |= outside
            after += behind
    return Denials(frozenset(denied), frozenset(denied - asserted), tuple(after))


def wrong_denial(text: str, denials: Denials) -> str:
    """What a text denies that its support does not, or states that its support only denies; "" where nothing is."""
    for clause in _CLAUSE.split(text):
        if not all(_supported(match, clause, denials) for match in NEGATION.finditer(clause)):
            return "negation"
        _, outside, _ = _scopes(clause)
        turned = outside & denials.only - _HAVING
        if turned:
            return f"negation {min(turned)}"
    return ""


def turned(text: str, line: str) -> bool:
    """Whether a text states what the line most like it denies, or denies what that states."""
    said, stated = denials_of((text,)), denials_of((line,))
    spoken = set(tokens(text))
    return bool((stated.denied & spoken) - said.denied - _HAVING) or bool(
        (said.denied - stated.denied - _HAVING) & set(tokens(line))
    )


def _supported(match: re.Match[str], clause: str, denials: Denials) -> bool:
    rest = clause[match.end() :]
    if has_cjk(match[0]):
        thing = re.sub(r"[\s\ue000-\uf8ff]+", "", rest)[:_THING_ZH].casefold()
        return any(thing in behind for behind in denials.after) or (
            bool(thing) and set(tokens(thing)) <= denials.denied and bool(tokens(thing))
        )
    thing_en = [t for t in tokens(rest) if t not in _HAVING][:1] or tokens(clause[: match.start()])
    return bool(thing_en) and set(thing_en) <= denials.denied


def _scopes(clause: str) -> tuple[set[str], set[str], list[str]]:
    """The tokens of a clause that are denied, those that are not, and what stands behind each Chinese denial."""
    inside: set[str] = set()
    behind: list[str] = []
    outside = clause
    for match in _FREE.finditer(clause):
        inside |= set(tokens(match[1]))
        outside = outside.replace(match[0], " ")
    for match in NEGATION.finditer(clause):
        rest = clause[match.end() :]
        if has_cjk(match[0]):
            scope = re.sub(r"\s+", "", rest)[:_REACH_ZH].casefold()
            behind.append(scope)
            inside |= set(tokens(scope))
            outside = outside.replace(rest[: _REACH_ZH + 1], " ")
        else:
            reached = [t for t in tokens(rest) if t not in _HAVING]
            inside |= set(reached[:_REACH]) or set(tokens(clause[: match.start()]))
    spoken = set(tokens(outside))
    return inside, spoken - inside, behind

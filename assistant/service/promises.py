"""What a text says was done or will be done for the shopper, against what the books say: a promise stands on a deed.

Knows how such things are said in both languages (`promises.yaml`), and nothing of what would be right to do.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from assistant.sense import Embed
from assistant.service.learnt import Learnt
from assistant.service.types import DeedKind, Proposal
from catalog import Locale, has_cjk, minor_units, sentences

Tense = Literal["did", "will", "asked"]
Says = Callable[[str], float]
"""How likely a sentence says that something was or will be done for the shopper, 0 to 1."""
_LIKELY = 0.5
_I = re.IGNORECASE
_AMOUNT = re.compile(
    r"(?:[$€£¥￥]|US\$)\s?(\d[\d,]*(?:\.\d+)?)|(\d[\d,]*(?:\.\d+)?)\s?(?:dollars|euros|pounds|yuan|usd|eur|gbp|美元|元|欧元|英镑|块)",
    _I,
)
_ORDER = re.compile(r"#?\b(?=[A-Za-z0-9-]*\d{3})[A-Za-z]{1,4}-?\d[\w-]*\b|#\w*\d{3,}\w*")


@dataclass(frozen=True, slots=True)
class Promise:
    """One thing that a sentence says: which act, done or to come, what it is about, amounts and order numbers."""

    act: str
    tense: Tense
    by: tuple[DeedKind, ...]


_ANY = Promise("", "will", ())


@dataclass(frozen=True, slots=True)
class _Fact:
    """A line that is known to be so: what it says was done, with its amounts and order numbers."""

    promises: frozenset[Promise]
    amounts: set[int]
    orders: set[str]


def unkept(
    text: str,
    proposals: Iterable[Proposal],
    locale: Locale,
    *,
    facts: Sequence[str] = (),
    currency: str = "USD",
    says: Says | None = None,
) -> tuple[str, ...]:
    """The sentences of `text` that say something was or will be done which no proposal that is done or waits backs.

    What is done needs a deed that is done; what will be, or was asked for, one that at least waits. What stands
    in `facts`, word for word or by the deeds that they tell of, is no promise of the one who writes.
    """
    backing = [one for one in proposals if one.state in ("done", "waiting")]
    stated = {_bare(one) for fact in facts for one in (fact, *sentences(fact))}
    known = [_Fact(frozenset(promised(fact)), _amounts(fact, currency), _orders(fact)) for fact in facts]
    found = []
    for sentence in sentences(text):
        if _bare(sentence) in stated:
            continue
        amounts = _amounts(sentence, currency)
        orders = _orders(sentence)
        promises = promised(sentence) or _unnamed(sentence, says)
        held = {one for fact in known if amounts <= fact.amounts and orders <= fact.orders for one in fact.promises}
        if not all(one in held or _backed(one, backing, amounts, orders) for one in promises):
            found.append(sentence)
    return tuple(found)


def promised(sentence: str) -> tuple[Promise, ...]:
    """What one sentence says was done or will be done; nothing where it asks, sets a condition or denies."""
    if _exempt(sentence):
        return ()
    return _in_chinese(sentence) if has_cjk(sentence) else _in_english(sentence)


def _unnamed(sentence: str, says: Says | None) -> tuple[Promise, ...]:
    """A promise whose act is in no list, where one is sensed: any deed may be meant."""
    return (_ANY,) if says is not None and not _exempt(sentence) and says(sentence) >= _LIKELY else ()


def _exempt(sentence: str) -> bool:
    """Whether a sentence asks or sets a condition."""
    condition = _grammar("condition_zh") if has_cjk(sentence) else _grammar("condition")
    return sentence.rstrip().endswith(("?", "？")) or condition.search(sentence) is not None


def _backed(promise: Promise, proposals: Sequence[Proposal], amounts: set[int], orders: set[str]) -> bool:
    """Whether a proposal stands behind a promise, with its amounts and its order."""
    for one in proposals:
        named = one.deed.kind in promise.by or not promise.act
        if not named or (promise.tense == "did" and one.state != "done"):
            continue
        moved = {effect.amount_minor for effect in one.effects if effect.kind in ("refund", "charge", "fee")}
        refunds = any(effect.kind == "refund" for effect in one.effects)
        if promise.act == "refund" and not (refunds or one.deed.kind == "refund"):
            continue
        if promise.act == "refund" and promise.tense == "did" and one.deed.kind in ("return", "exchange"):
            continue  # the money goes back when the goods have come back
        if amounts <= moved | ({one.deed.amount_minor} - {None}) and _is_about(one, orders):
            return True
    return False


def _is_about(proposal: Proposal, orders: set[str]) -> bool:
    return not orders or (proposal.deed.order_id or "").lstrip("#").casefold() in orders


def _in_english(sentence: str) -> tuple[Promise, ...]:
    found: list[Promise] = []
    for clause in _grammar("clause").split(sentence):
        for name, act in _acts().items():
            for tense, verb in (("did", act.did), ("will", act.do), ("doing", act.doing)):
                found += [Promise(name, said, _by(name, act, clause)) for said in _tenses(clause, verb, tense)]
            found += [Promise(name, said, _by(name, act, clause)) for said in _nouns(clause, act)]
    return tuple(dict.fromkeys(found))


def _tenses(clause: str, verb: re.Pattern[str], form: str) -> Iterable[Tense]:
    """How a clause uses a verb: done, to come, or neither, as a rule or an offer does."""
    for match in verb.finditer(clause):
        before = clause[: match.start()].rstrip()
        if _grammar("not").search(before) or (_grammar("may").search(before) and not _grammar("will").search(before)):
            continue
        if form in ("will", "doing"):
            soon = form == "will" and _grammar("soon").search(clause) and _grammar("subject").search(before)
            if soon or (_grammar("now") if form == "doing" else _grammar("will")).search(before):
                yield "will"
        elif re.search(r"\b(?:will|shall|'ll|going to) (?:\w+ )?(?:be|have been|get)$", before, _I):
            yield "will"
        elif _ends(_grammar("did"), before) or _grammar("is").search(before):
            yield "asked" if form == "asked" else "did"


def _ends(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a match of `pattern` reaches the end of a text."""
    return any(match.end() == len(text) for match in pattern.finditer(text))


def _nouns(clause: str, act: "_Act") -> Iterable[Tense]:
    """A deed that goes by a noun: "your refund has been processed", "we will issue a refund", "the refund is on its way"."""
    if not act.noun.search(clause):
        return
    table = _table()
    for form, verb in (("did", table["made"]), ("will", table["make"]), ("asked", table["asked"])):
        yield from _tenses(clause, re.compile(rf"\b(?:{verb})\b", _I), form)
    for match in act.noun.finditer(clause):
        rest = clause[match.end() :]
        if re.match(rf"(?: \w+| of \S+)? (?:has |have )?(?:{table['happened']})\b", rest, _I) and not _grammar(
            "not"
        ).search(clause):
            yield "did"
        if re.search(r"\bexpect (?:the|your|an?)(?: \w+)?\s*$", clause[: match.start()], _I):
            yield "will"
        if re.match(
            r"\s*(?:of \S+ )?(?:is|are|'s)(?: now| already)* (?:on (?:its|the|their) way|under way|in progress|coming)",
            rest,
            _I,
        ) and not _grammar("not").search(clause):
            yield "will"


def _in_chinese(sentence: str) -> tuple[Promise, ...]:
    found: list[Promise] = []
    for clause in re.split(r"[，；：,;]", sentence):
        for name, act in _acts().items():
            match = act.zh.search(clause)
            if name == "gift" and re.search(_table()["given_zh"], clause):
                found.append(Promise(name, "will", act.by))
            if match is None or _grammar("not_zh").search(clause):
                continue
            if _grammar("did_zh").search(clause):
                tense: Tense = "asked" if _grammar("asked_zh").search(clause) and name != "gift" else "did"
                found.append(Promise(name, tense, _by(name, act, clause)))
            elif _grammar("will_zh").search(clause):
                found.append(Promise(name, "will", _by(name, act, clause)))
    return tuple(dict.fromkeys(found))


def _by(name: str, act: "_Act", clause: str) -> tuple[DeedKind, ...]:
    """The deeds that back an act in this clause: what is changed is often said."""
    if name not in ("change", "exchange"):
        return act.by
    for pattern, kinds in _objects():
        if pattern.search(clause):
            return tuple(dict.fromkeys((*kinds, *(act.by if name == "exchange" else ()))))
    return act.by


def _bare(sentence: str) -> str:
    return " ".join(sentence.split()).rstrip(".。!！")


def _orders(sentence: str) -> set[str]:
    return {one.lstrip("#").casefold() for one in _ORDER.findall(sentence)}


def _amounts(sentence: str, currency: str) -> set[int]:
    found = (one or other for one, other in _AMOUNT.findall(sentence))
    return {round(float(amount.replace(",", "")) * minor_units(currency)) for amount in found}


@dataclass(frozen=True, slots=True)
class _Act:
    by: tuple[DeedKind, ...]
    did: re.Pattern[str]
    do: re.Pattern[str]
    doing: re.Pattern[str]
    noun: re.Pattern[str]
    zh: re.Pattern[str]


@cache
def _acts() -> Mapping[str, _Act]:
    return {
        name: _Act(
            tuple(one["by"]), re.compile(rf"\b(?:{one['did']})", _I), re.compile(rf"\b(?:{one['do']})\b", _I),
            re.compile(rf"\b(?:{one['doing']})\b", _I), re.compile(rf"\b(?:{one['noun']})s?\b", _I), re.compile(one["zh"]),
        )
        for name, one in _table()["acts"].items()
    }  # fmt: skip


@cache
def _objects() -> tuple[tuple[re.Pattern[str], tuple[DeedKind, ...]], ...]:
    return tuple((re.compile(rf"\b(?:{one['en']})\b|{one['zh']}", _I), tuple(one["by"])) for one in _table()["objects"])


def sensed(claims: Learnt, embed: Embed) -> Says:
    """What tells promises by their meaning, from the model of claims."""
    place = claims.names.index("claim")
    return lambda sentence: float(claims.shares(embed([sentence]))[0, place])


@cache
def _grammar(name: str) -> re.Pattern[str]:
    return re.compile("|".join(_table()["grammar"][name].splitlines()), _I)


@cache
def _table() -> Any:
    import yaml

    return yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))

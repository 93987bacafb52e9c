"""What a text says was done or will be done for the shopper, against what the books say: a promise stands on a deed.

Knows how such things are said in both languages (`promises.yaml`), and nothing of what would be right to do.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from assistant.service.types import DeedKind, Proposal
from catalog import Locale, has_cjk, minor_units, sentences

Tense = Literal["did", "will", "asked"]
Says = Callable[[str], float]
"""How likely a sentence says that something was or will be done for the shopper, 0 to 1."""
_LIKELY = 0.5
_I = re.IGNORECASE
_CONDITION = re.compile(
    r"\b(?:if|unless|should you|once (?:you|we|i|the|it|your)|when (?:you|we have|the|your)|as soon as|after (?:you|we have)|provided|in case|whether|until (?:you|we)"
    r"|^\W*(?:please |just |simply )*(?:tell|send|give|write|let|choose|confirm|reply|say|name|open|click|sign|log|go|use|ask|contact|call|keep|check|visit|provide)\b(?! (?:you|it|them) )|only (?:if|when|after)|would you|do you want|shall i|may i|can i|could i|let me know|please (?:confirm|tell|say|let)|i would\b|i'd\b|we would\b|we'd\b)",
    _I,
)
_CONDITION_ZH = re.compile(r"如果|若|如需|假如|要是|的话|一旦|是否|需要我|要不要|要我|请(?:先)?(?:确认|告诉|回复)|(?:确认|同意|收到|寄回|审批|批准|核实|检查|验货|通过|答应)[^，。；]{0,8}(?:后|之后|以后)|才(?:能|会|可)|可以(?:为|帮|给)")
_NOT = re.compile(r"\b(?:not|never|no longer|cannot|can't|couldn't|won't|haven't|hasn't|didn't|isn't|wasn't|aren't|weren't|don't|doesn't|wouldn't|unable|nothing|neither|nobody|without)\b|n't\b", _I)
_NOT_ZH = re.compile(r"拒绝|驳回|失败|不了|不通过|没有?|未|不(?:能|会|再|可|予|提供|支持|需|用|是)|无法|无需|尚未|别")
_MAY = re.compile(r"\b(?:can|could|may|might|must|should|need to|needs to|have to|has to|able to|possible to|want to|try to|like to|in order to)\b", _I)
_DID = re.compile(
    r"\b(?:have|has|had|'ve|'s)\b(?: \w+ly| now| just| already| also| then| today| \w+ed and){0,2}(?: been| gone ahead and| gone and)?(?: \w+ly| now| just| already){0,1}"
    r"|\b(?:was|were|got|been)\b(?: \w+ly| now| just| already){0,2}"
    r"|\b(?:i|we|my colleague|our team|the (?:team|warehouse|shop))(?:'ve)?(?: have| just| already| also| now| then| \w+ly| went ahead and| took care and){0,3}$",
    _I,
)
_IS = re.compile(r"\b(?:your (?:\w+ ){0,3}\w+|orders? (?:number )?#?[\w-]*\d[\w-]*|it|everything|that|this|all|the (?:order|refund|return|exchange|address|replacement|cancellation|money|payment|change))(?: \w+){0,3}? (?:is|are|'s)(?: now| already| hereby| all| being){0,2}$", _I)
_WILL = re.compile(
    r"(?:\b(?:will|shall|going to|about to)\b|'ll\b)(?: \w+ly| now| then| also| just| gladly| \w+ and){0,2}(?: be| get| have| have been)?(?: \w+ly){0,1}$"
    r"|\b(?:am|are|is|'m|'re|'s)(?: \w+ly| now| just| currently){0,2}(?: being)?$|(?:\bwill|'ll) (?:have|get|let|ask|make) (?:\w+ ){0,2}\w+$|\bexpect(?: to)?$|\bpromise(?: you)?(?: to| that \w+(?:'ll| will))?$",
    _I,
)
_NOW = re.compile(r"\b(?:am|are|is|'m|'re|'s|be)(?: \w+ly| now| just| currently| already){0,2}$", _I)
_DID_ZH = re.compile(r"已经?|刚(?:刚|才)?|(?:好|完|成功|过)了|了(?=[，。,.!！;；\s]|$)|完成|成功")
_WILL_ZH = re.compile(r"会(?!员|议)|将|马上|立即|立刻|这就|稍后|尽快|今天(?:就|内)|明天(?:就|会)?|保证|承诺|一定")
_ASKED_ZH = re.compile(r"提交|申请|转交|上报")
_AMOUNT = re.compile(r"(?:[$€£¥￥]|US\$)\s?(\d[\d,]*(?:\.\d+)?)|(\d[\d,]*(?:\.\d+)?)\s?(?:dollars|euros|pounds|yuan|usd|eur|gbp|美元|元|欧元|英镑|块)", _I)
_ORDER = re.compile(r"#?\b(?=[A-Za-z0-9-]*\d{3})[A-Za-z]{1,4}-?\d[\w-]*\b|#\w*\d{3,}\w*")
_SOON = re.compile(r"\b(?:today|tomorrow|tonight|this (?:morning|afternoon|evening)|right (?:away|now)|immediately|at once|straight away|shortly|by (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b", _I)
_SUBJECT = re.compile(r"\b(?:i|we|you|your [\w ]{1,30}|it|they|[\w-]+ (?:replacements?|parcels?|plates?|items?|packages?|pieces?))$|\bexpect(?: [\w ]{1,20})?$", _I)
_CLAUSE = re.compile(r"\s+and\s+(?=(?:you|your|i|we|it|they|the)\b)|(?:,|;|:|—|–)\s+|\s+(?:but|and then|so that|so|while|although|though)\s+|[，；：]")


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
    stated = "\n".join(facts)
    known = [_Fact(frozenset(promised(fact)), _amounts(fact, currency), _orders(fact)) for fact in facts]
    found = []
    for sentence in sentences(text):
        if sentence.rstrip(".。!！") in stated:
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
    condition = _CONDITION_ZH if has_cjk(sentence) else _CONDITION
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
    for clause in _CLAUSE.split(sentence):
        for name, act in _acts().items():
            for tense, verb in (("did", act.did), ("will", act.do), ("doing", act.doing)):
                found += [Promise(name, said, _by(name, act, clause)) for said in _tenses(clause, verb, tense)]
            found += [Promise(name, said, _by(name, act, clause)) for said in _nouns(clause, act)]
    return tuple(dict.fromkeys(found))


def _tenses(clause: str, verb: re.Pattern[str], form: str) -> Iterable[Tense]:
    """How a clause uses a verb: done, to come, or neither, as a rule or an offer does."""
    for match in verb.finditer(clause):
        before = clause[: match.start()].rstrip()
        if _NOT.search(before) or (_MAY.search(before) and not _WILL.search(before)):
            continue
        if form in ("will", "doing"):
            soon = form == "will" and _SOON.search(clause) and _SUBJECT.search(before)
            if soon or (_NOW if form == "doing" else _WILL).search(before):
                yield "will"
        elif re.search(r"\b(?:will|shall|'ll|going to) (?:\w+ )?(?:be|have been|get)$", before, _I):
            yield "will"
        elif _ends(_DID, before) or _IS.search(before):
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
        if re.match(rf"(?: \w+| of \S+)? (?:has |have )?(?:{table['happened']})\b", rest, _I) and not _NOT.search(clause):
            yield "did"
        if re.search(r"\bexpect (?:the|your|an?)(?: \w+)?\s*$", clause[: match.start()], _I):
            yield "will"
        if re.match(r"\s*(?:of \S+ )?(?:is|are|'s)(?: now| already)* (?:on (?:its|the|their) way|under way|in progress|coming)", rest, _I) and not _NOT.search(clause):
            yield "will"


def _in_chinese(sentence: str) -> tuple[Promise, ...]:
    found: list[Promise] = []
    for clause in re.split(r"[，；：,;]", sentence):
        for name, act in _acts().items():
            match = act.zh.search(clause)
            if name == "gift" and re.search(_table()["given_zh"], clause):
                found.append(Promise(name, "will", act.by))
            if match is None or _NOT_ZH.search(clause):
                continue
            if _DID_ZH.search(clause):
                tense: Tense = "asked" if _ASKED_ZH.search(clause) and name != "gift" else "did"
                found.append(Promise(name, tense, _by(name, act, clause)))
            elif _WILL_ZH.search(clause):
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
    return tuple(
        (re.compile(rf"\b(?:{one['en']})\b|{one['zh']}", _I), tuple(one["by"])) for one in _table()["objects"]
    )


@cache
def _table() -> Any:
    import yaml

    return yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))

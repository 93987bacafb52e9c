"""Promises, and what is said of delivery, returns, payment and warranty: it stands in the shop's rules or is not said."""

import re
from collections.abc import Sequence

from assistant.reading.numerals import in_digits
from assistant.types import Evidence
from assistant.verify.amounts import wrong_amount
from assistant.verify.denial import turned, wrong_denial
from assistant.verify.ground import Support, support_of_rule
from assistant.verify.wording import unsupported
from catalog import sentences, tokens

_PROMISE = re.compile(
    r"\b(?:discount(?:s|ed)?|coupons?|vouchers?|free (?:shipping|delivery|returns?|gifts?|of charge)|guarantee[ds]?|refund(?:s|ed)?|warrant(?:y|ies)"
    r"|deliver(?:s|ed|y|ies)?|ship(?:s|ped|ping)|returns?(?: policy)?|exchanged?|money back|arrives?|\d+\s?% off|\d+ off|on sale|promotion"
    r"|(?:i|we)(?:'ll| will| can| could) (?:order|add|send|ship|give|offer|reserve|hold|keep|deliver|arrange|throw|refund))\b"
    r"|折扣|打折|[一二三四五六七八九\d.]+折|优惠|包邮|免运费|免邮|运费|退款|退货|退换|换货|保修|质保|三包|送货|送达|送到|到货|发货|赠送|赠品|返现|满减|我(?:会|可以|来)?帮[您你](?:下单|预留|保留|申请)|预留",
    re.IGNORECASE,
)
_WORKDAYS = re.compile(r"\b(?:working|business) days?\b", re.IGNORECASE)
_SAID_BY = re.compile(  # "our terms state: ..."
    r"^[^:：\d]{0,40}?(?:\b(?:polic(?:y|ies)|rules?|terms)\b|政策|规则|规定|条款)[^:：\d]{0,24}[:：]\s*", re.IGNORECASE
)
_FREE = re.compile(r"\bfree\b|\bno charge\b|免费|包邮|免运费|免邮", re.IGNORECASE)
_CONDITION = re.compile(
    r"\b(?:if|when|only|from|over|above|or more|unless|except|within|less than|between|once)\b|[\d]|如果|只有|仅|满|以上|超过|的话|除外|限|首次|须",
    re.IGNORECASE,
)


def promises(text: str) -> list[str]:
    """The words of a text that promise something or state a rule of the shop."""
    return [match[0] for match in _PROMISE.finditer(text)]


def rule_supports(lines: Sequence[Evidence]) -> list[Support]:
    """Each sentence of the rules, and each with the next, as what a sentence may rest on."""
    found = []
    for line in lines:
        told = sentences(_WORKDAYS.sub("workdays", line.quote))
        found += [support_of_rule((line.field, one)) for one in told]
        found += [support_of_rule((line.field, one, two)) for one, two in zip(told, told[1:], strict=False)]
    return found


def wrong_rule(text: str, rules: Sequence[Support]) -> str:
    """Why no sentence of the rules backs a text; "" where one does."""
    text = _WORKDAYS.sub("workdays", _SAID_BY.sub("", text))
    likest = max(rules, key=lambda rule: len(rule.known & set(tokens(text))) / (8 + len(rule.known)), default=None)
    if likest is not None and turned(text, likest.lines[1]) and len(likest.lines) == 2:
        return "negation of a rule"
    faults = [_against(text, rule) for rule in rules]
    return "" if "" in faults else next(iter(faults), "promise")


def _against(text: str, rule: Support) -> str:
    fault, without_units = wrong_amount(in_digits(text), rule)
    fault = fault or wrong_denial(text, rule.denials)
    if fault:
        return fault
    missing = unsupported(without_units, rule)
    if missing:
        return f"promise {', '.join(missing)}"
    free = [line for line in rule.lines if _FREE.search(line)]
    if _FREE.search(text) and not (free and (_CONDITION.search(text) or not all(map(_CONDITION.search, free)))):
        return "promise free"
    if rule.counted and not re.search(r"\d", in_digits(text)) and _bare(text, rule):
        return "promise"
    return ""


def _bare(text: str, rule: Support) -> bool:
    """Whether a text generalises ("always", "everything", 随时) what its rule does not."""
    general = re.findall(
        r"\b(?:always|any(?:thing|time)?|every(?:thing)?|all)\b|随时|一律|所有|全部|任何", text, re.IGNORECASE
    )
    return any(word.casefold() not in rule.folded for word in general)

"""The gates that every deed to an order passes: its state, once only, in time, a reason, and the goods themselves."""

from collections.abc import Sequence

from assistant.service.deeds.case import Case
from assistant.service.types import DeedKind, Line, LineState, Refused

_DONE: dict[DeedKind, tuple[LineState, ...]] = {
    "return": ("return_requested", "returned"),
    "exchange": ("exchange_requested",),
}
_DONE_STATE = {"cancel": "cancelled", "change_items": "items_changed"}


def passed(case: Case, lines: Sequence[Line] = ()) -> tuple[str, ...]:
    """The codes of what a person has to decide on; Refused where the deed is not allowed at all.

    `lines` are those that it is about. What a person of the shop overrules is among the codes.
    """
    _once(case, lines)
    order = case.order
    if order.state not in case.rule.states:
        raise Refused("state", order=order.id, state=order.state)
    found = [*_in_time(case), *_reason(case)]
    for line in lines:
        found += _goods(case, line)
    return tuple(dict.fromkeys(found))


def _once(case: Case, lines: Sequence[Line]) -> None:
    order, kind = case.order, case.deed.kind
    done = _DONE_STATE.get(kind)
    if done and order.state == done and done not in case.rule.states:
        raise Refused("done_before", order=order.id)
    if case.rule.once == "order" and any(line.state in _DONE.get(kind, ()) for line in order.lines):
        raise Refused("done_before", order=order.id)
    for line in lines:
        if line.state != "ordered":
            raise Refused("done_before", order=order.id, title=line.title)


def _in_time(case: Case) -> list[str]:
    rules, rule, order = case.rules, case.rule, case.order
    reason = rule.reason(case.deed.reason)
    windows_hold = not rule.when or any(one.holds(order, case.asked_at, rules.hours) for one in rule.when)
    if not windows_hold:
        days = next((one.days_from_delivery for one in rule.when if one.days_from_delivery), "")
        return _left_to_a_person(case, "too_late", order=order.id, days=str(days))
    if reason and reason.days_from_delivery and order.delivered_at:
        here = rules.hours.here
        if (here(case.asked_at).date() - here(order.delivered_at).date()).days > reason.days_from_delivery:
            return _left_to_a_person(case, "too_late", order=order.id, days=str(reason.days_from_delivery))
    return []


def _reason(case: Case) -> list[str]:
    rule = case.rule
    reason = rule.reason(case.deed.reason)
    if reason is not None:
        return ["reason"] if reason.person else []
    if rule.reasons and rule.needs_reason:
        return _left_to_a_person(case, "reason", order=case.order.id, reasons=", ".join(r.name for r in rule.reasons))
    return []


def _goods(case: Case, line: Line) -> list[str]:
    """What the rules say of the goods of a line that is to come back."""
    if case.deed.kind not in _DONE:
        return []
    category = next((offer.category for offer in case.offers.of(line.product_id)), "")
    only = case.rule.only
    found = ["goods"] if only and not only.hold(line.product_id, category) else []
    reason = case.rule.reason(case.deed.reason)
    if reason and reason.any_goods:
        return found
    for goods in case.rules.not_returnable:
        if goods.hold(line.product_id, category):
            found += _left_to_a_person(case, "not_returnable", title=line.title, source=goods.source)
    for goods in case.rules.only_unopened:
        if goods.hold(line.product_id, category) and not case.deed.unopened:
            code = "not_returnable" if case.deed.unopened is False else "unopened"
            found += _left_to_a_person(case, code, title=line.title, source=goods.source)
    return found


def _left_to_a_person(case: Case, code: str, **about: str) -> list[str]:
    if case.person and code in case.rules.overrule:
        return [code]
    raise Refused(code, **about)

"""What may be done to an order or a customer: checked, with its exact effects, and what both are afterwards."""

from assistant.service.deeds.address import change_address, change_customer_address
from assistant.service.deeds.case import Case, Offers, Outcome
from assistant.service.deeds.items import change_items, exchange, send_back
from assistant.service.deeds.money import cancel, change_payment, refund
from assistant.service.types import Refused

_KINDS = {
    "cancel": cancel,
    "change_address": change_address,
    "change_payment": change_payment,
    "change_items": change_items,
    "return": send_back,
    "exchange": exchange,
    "change_customer_address": change_customer_address,
    "refund": refund,
}


def outcome(case: Case) -> Outcome:
    """What a deed leads to under the rules; Refused where they do not allow it. Changes nothing."""
    if case.deed.kind not in case.rules.deeds:
        raise Refused("forbidden")
    return _KINDS[case.deed.kind](case)


__all__ = ["Case", "Offers", "Outcome", "outcome"]

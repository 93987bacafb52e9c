"""Where goods go: of one order, and of the customer."""

from dataclasses import replace

from assistant.service.deeds.case import Case, Outcome
from assistant.service.deeds.gates import passed
from assistant.service.types import Address, Effect, Refused

_LONGEST = 200


def change_address(case: Case) -> Outcome:
    """Another address for an order that was not sent."""
    waits = passed(case)
    order = case.order
    address = _address(case, order.address)
    effects = (Effect("address", about=address.in_one_line()),)
    return Outcome(case.customer, replace(order, address=address), effects, waits)


def change_customer_address(case: Case) -> Outcome:
    """Another address for the orders to come."""
    if case.found is not None:
        raise Refused("empty")
    address = _address(case, case.customer.address)
    effects = (Effect("customer_address", about=address.in_one_line()),)
    return Outcome(replace(case.customer, address=address), None, effects)


def _address(case: Case, before: Address) -> Address:
    address = case.deed.address
    if address is None:
        raise Refused("empty")
    parts = {name: " ".join(getattr(address, name).split())[:_LONGEST] for name in Address.__slots__}
    found = Address(**parts)
    if not found.line1 or not (found.city or found.postcode):
        raise Refused("empty")
    if found == before:
        raise Refused("same_address")
    return found

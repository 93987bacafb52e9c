"""Customers, orders, deeds and effects as JSON and back, whole: what comes back equals what went in."""

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from assistant.service.types import Customer, Deed, Effect, Order


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_json(value: Customer | Order | Deed | Effect | tuple[Effect, ...]) -> Any:
    """A value as JSON can hold it, moments in ISO format."""
    kind: Any = tuple[Effect, ...] if isinstance(value, tuple) else type(value)
    return _adapter(kind).dump_python(value, mode="json")


def customer_from(raw: object) -> Customer:
    """A customer from its JSON; ValueError names what is wrong."""
    found: Customer = _adapter(Customer).validate_python(raw)
    return found


def order_from(raw: object) -> Order:
    """An order from its JSON; ValueError names what is wrong."""
    found: Order = _adapter(Order).validate_python(raw)
    return found


def deed_from(raw: object) -> Deed:
    """A deed from its JSON."""
    found: Deed = _adapter(Deed).validate_python(raw)
    return found


def effects_from(raw: object) -> tuple[Effect, ...]:
    """Effects from their JSON."""
    found: tuple[Effect, ...] = _adapter(tuple[Effect, ...]).validate_python(raw)
    return found
